//! A QR code drawn by the core, shown as a picture: as an image it can neither run nor load anything.

use yew::prelude::*;

/// Properties of [`QrCode`].
#[derive(Properties, PartialEq)]
pub struct QrCodeProps {
    /// The SVG text from the core.
    pub svg: AttrValue,
    /// What scanning it does.
    pub label: AttrValue,
}

/// A QR code.
#[component]
pub fn QrCode(props: &QrCodeProps) -> Html {
    let src = use_memo(props.svg.clone(), |svg| {
        format!(
            "data:image/svg+xml;charset=utf-8,{}",
            String::from(js_sys::encode_uri_component(svg))
        )
    });
    html! { <img class="h-qr" src={(*src).clone()} alt={props.label.clone()} width="220" height="220" data-test="qr" /> }
}
