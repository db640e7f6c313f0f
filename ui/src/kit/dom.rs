//! Small bridges to the browser that Yew does not have: any event of any target, custom properties, clipboard, storage.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, Storage, Window};
use yew::prelude::*;

/// The window.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// Whether this page has an address that means this computer and no other.
#[must_use]
pub fn at_loopback() -> bool {
    window()
        .and_then(|w| w.location().hostname().ok())
        .is_some_and(|name| is_loopback(&name))
}

fn is_loopback(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The document.
#[must_use]
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _gone = window.location().reload();
    }
}

/// The element with an id.
#[must_use]
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The kept values of this browser, when the person allows any.
#[must_use]
pub fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// A kept value.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value, or drops it with `None`; a browser that refuses is no error.
pub fn store(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _kept = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// Calls a method by its name: for what the bindings used elsewhere do not have. `None` when there is none or it throws.
pub fn call(target: &JsValue, name: &str, args: &[JsValue]) -> Option<JsValue> {
    let method = js_sys::Reflect::get(target, &name.into()).ok()?;
    let args: js_sys::Array = args.iter().collect();
    js_sys::Reflect::apply(method.dyn_ref::<js_sys::Function>()?, target, &args).ok()
}

/// Whether a media query holds now.
#[must_use]
pub fn matches(query: &str) -> bool {
    window()
        .and_then(|w| w.match_media(query).ok().flatten())
        .is_some_and(|m| m.matches())
}

/// Sets a custom property on an element. The content policy forbids `style` attributes, not this.
pub fn set_var(element: &HtmlElement, name: &str, value: &str) {
    let _set = element.style().set_property(name, value);
}

/// Sets custom properties on the element of a reference whenever they change.
#[hook]
pub fn use_vars(node: &NodeRef, vars: Vec<(&'static str, String)>) {
    let node = node.clone();
    use_effect_with(vars, move |vars| {
        if let Some(element) = node.cast::<HtmlElement>() {
            for (name, value) in vars {
                set_var(&element, name, value);
            }
        }
    });
}

/// Listens to an event of the element of a reference that Yew has no attribute for (`paste`, `close`, `toggle`).
#[hook]
pub fn use_event(node: &NodeRef, event: &'static str, handler: Callback<Event>) {
    let node = node.clone();
    use_effect_with((node, handler), move |(node, handler)| {
        let handler = handler.clone();
        let listener = node.cast::<Element>().map(|target| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&target, event, options, move |event| handler.emit(event.clone()))
        });
        move || drop(listener)
    });
}

/// Listens to an event of the window.
#[hook]
pub fn use_window_event(event: &'static str, handler: Callback<Event>) {
    use_effect_with(handler, move |handler| {
        let handler = handler.clone();
        let listener = window().map(|target| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&target, event, options, move |event| handler.emit(event.clone()))
        });
        move || drop(listener)
    });
}

/// Whether a media query holds on the screen, drawn again when that changes.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let state = use_state_eq(|| matches(query));
    let setter = state.setter();
    use_effect_with((), move |()| {
        let listener = window()
            .and_then(|w| w.match_media(query).ok().flatten())
            .map(|list| {
                setter.set(list.matches());
                let watched = list.clone();
                EventListener::new(&list, "change", move |_| {
                    // Paper has another width, and what is open, a code that is shown once among it, must not go for that.
                    if !matches("print") {
                        setter.set(watched.matches());
                    }
                })
            });
        move || drop(listener)
    });
    *state
}

/// Copies text; `false` when the browser refuses.
pub async fn copy_text(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // Without a secure context there is no clipboard at all; calling it would throw.
    let navigator = window.navigator();
    let Ok(clipboard) = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")) else {
        return false;
    };
    if clipboard.is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

/// The element that an event happened in or under, by selector.
#[must_use]
pub fn closest(event: &Event, selector: &str) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(selector)
        .ok()
        .flatten()
}

/// A name unique in this page, for `id` and `aria-*`.
#[must_use]
pub fn unique(prefix: &str) -> AttrValue {
    use std::cell::Cell;
    thread_local! { static NEXT: Cell<u32> = const { Cell::new(0) }; }
    let number = NEXT.get();
    NEXT.set(number.wrapping_add(1));
    AttrValue::from(format!("{prefix}-{number}"))
}

/// A name unique in this page that stays the same while the component lives.
#[hook]
pub fn use_unique(prefix: &'static str) -> AttrValue {
    (*use_memo((), |()| unique(prefix))).clone()
}

/// Starts the download of text as a file.
pub fn save_text(name: &str, mime: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let bag = web_sys::BlobPropertyBag::new();
    bag.set_type(mime);
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &bag) else {
        return;
    };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Some(anchor) = document()
        .and_then(|d| d.create_element("a").ok())
        .and_then(|e| e.dyn_into::<web_sys::HtmlAnchorElement>().ok())
    {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    let _revoked = web_sys::Url::revoke_object_url(&url);
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn an_address_of_this_computer_is_of_no_use_elsewhere() {
        for own in ["localhost", "127.0.0.1", "127.8.0.1", "[::1]"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["192.168.1.5", "hearth.example", "[fd00::7]", ""] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
