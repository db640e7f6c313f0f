//! The page around everything before sign-in: the picture on one side, the form on the other.

use crate::frame::nav::set_title;
use crate::kit::i18n::{self, Lang};
use crate::prelude::*;
use crate::state::session;

/// Properties of [`StartLayout`].
#[derive(Properties, PartialEq)]
pub struct StartLayoutProps {
    /// The heading.
    pub title: AttrValue,
    /// A sentence under it.
    #[prop_or_default]
    pub text: Option<AttrValue>,
    /// Above the heading: where in the steps one is.
    #[prop_or_default]
    pub above: Html,
    /// Where the arrow leads; without it there is none.
    #[prop_or_default]
    pub back: Option<Route>,
    /// Goes a step back instead of to another place.
    #[prop_or_default]
    pub on_back: Option<Callback<()>>,
    /// The content.
    #[prop_or_default]
    pub children: Html,
}

/// A page of the beginning.
#[component]
pub fn StartLayout(props: &StartLayoutProps) -> Html {
    let go = use_go();
    use_effect_with(props.title.clone(), |title| {
        set_title(title);
        let in_field = focus::active().is_some_and(|e| e.tag_name() == "INPUT");
        if !in_field {
            focus::focus_heading();
        }
    });
    let back = props.on_back.clone().or_else(|| {
        let to = props.back.clone()?;
        Some(Callback::from(move |()| go.replace(&to)))
    });
    html! {
        <div class="h-start">
            <div class="h-start__scene"><Scene /></div>
            <div class="h-start__side" data-scroller="">
                <div class="h-start__top">
                    if let Some(back) = back {
                        <IconButton icon={IconName::ArrowLeft} label={t!("action-back")} on_click={back.reform(|_| ())} test_id="back" />
                    } else {
                        <span class="h-start__mark"><Icon name={IconName::Flame} size={IconSize::L} /><span>{ "Hearth" }</span></span>
                    }
                    <LookMenu />
                </div>
                <div class="h-start__body">
                    { props.above.clone() }
                    <div class="h-start__head">
                        <h1 class="h-start__title" tabindex="-1">{ props.title.clone() }</h1>
                        if let Some(text) = &props.text { <p class="h-start__text">{ text.clone() }</p> }
                    </div>
                    { props.children.clone() }
                </div>
            </div>
        </div>
    }
}

/// Language and theme, before there is an account to keep them.
#[component]
fn LookMenu() -> Html {
    let settings = use_settings();
    let mut items: Vec<MenuItem> = Lang::ALL
        .into_iter()
        .map(|lang| MenuItem::Check {
            label: lang.own_name().into(),
            checked: i18n::lang() == lang,
            run: Callback::from(move |()| session::change_settings(|s| s.language = lang.tag().to_owned())),
        })
        .collect();
    items.push(MenuItem::Line);
    for (value, label) in [
        ("system", t!("theme-system")),
        ("light", t!("theme-light")),
        ("dark", t!("theme-dark")),
    ] {
        items.push(MenuItem::Check {
            label,
            checked: settings.theme == value,
            run: Callback::from(move |()| session::change_settings(|s| s.theme = value.to_owned())),
        });
    }
    html! { <Menu label={t!("start-look")} {items} icon={IconName::Languages} size={Size::M} test_id="look" /> }
}
