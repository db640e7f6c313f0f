//! Safety words: large, in order, read out one by one.

use yew::prelude::*;

/// Properties of [`SafetyWords`].
#[derive(Properties, PartialEq)]
pub struct SafetyWordsProps {
    /// The words.
    pub words: Vec<String>,
    /// What they are for.
    pub label: AttrValue,
    /// The tag of their language, if that may be another than the window's.
    #[prop_or_default]
    pub language: Option<AttrValue>,
}

/// Words to be read out and compared.
#[component]
pub fn SafetyWords(props: &SafetyWordsProps) -> Html {
    html! {
        <ol class="h-words" aria-label={props.label.clone()} lang={props.language.clone()} data-test="safety-words">
            { for props.words.iter().map(|word| html! { <li class="h-words__word">{ word.clone() }</li> }) }
        </ol>
    }
}
