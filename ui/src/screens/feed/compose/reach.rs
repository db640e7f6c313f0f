//! What a choice of audience means for the people in it: who cannot see a post that names them, who gains and who loses.

use crate::components::Written;
use crate::prelude::*;
use hearth_api::PersonId;
use hearth_api::feed::{Audience, AudiencePreview, PreviewAudience};
use std::collections::HashSet;

const NAMES: usize = 4;

/// Whether the preview names everybody.
fn is_whole(preview: &AudiencePreview) -> bool {
    preview.names.len() >= preview.people as usize
}

/// The people who are mentioned and could not see it.
pub(super) fn left_out(written: &Written, preview: &AudiencePreview, me: Option<PersonId>) -> Vec<String> {
    if !is_whole(preview) {
        return Vec::new();
    }
    let inside: HashSet<PersonId> = preview.names.iter().map(|p| p.id).chain(me).collect();
    written
        .people()
        .into_iter()
        .filter(|n| !inside.contains(&n.person))
        .map(|n| n.label.clone())
        .collect()
}

/// Names in a sentence.
pub(super) fn names(all: &[String]) -> AttrValue {
    let shown: Vec<&str> = all.iter().take(NAMES).map(String::as_str).collect();
    let more = all.len().saturating_sub(shown.len());
    if more > 0 {
        t!("people-and-more", "names" => shown.join(", "), "count" => more)
    } else {
        shown.join(", ").into()
    }
}

/// Properties of [`AudienceChange`].
#[derive(Properties, PartialEq)]
pub(super) struct AudienceChangeProps {
    /// Who could see the post so far.
    pub(super) from: Audience,
    /// Who could see it now.
    pub(super) to: Rc<AudiencePreview>,
}

/// Names who gains and who loses when the audience of a post changes.
#[component]
pub(super) fn AudienceChange(props: &AudienceChangeProps) -> Html {
    let before = use_query(PreviewAudience { audience: props.from }, vec![Topic::Friends]);
    let Some(before) = before.data else {
        return Html::default();
    };
    let missing = |from: &AudiencePreview, to: &AudiencePreview| -> Vec<String> {
        let there: HashSet<PersonId> = to.names.iter().map(|p| p.id).collect();
        from.names
            .iter()
            .filter(|p| !there.contains(&p.id))
            .map(|p| p.name.clone())
            .collect()
    };
    let loses = if is_whole(&props.to) {
        missing(&before, &props.to)
    } else {
        Vec::new()
    };
    let gains = if is_whole(&before) {
        missing(&props.to, &before)
    } else {
        Vec::new()
    };
    if loses.is_empty() && gains.is_empty() {
        return Html::default();
    }
    html! {
        <Banner tone={Tone::Warn} icon={IconName::Eye}>
            if !loses.is_empty() { <p>{ t!("audience-loses", "names" => names(&loses)) }</p> }
            if !gains.is_empty() { <p>{ t!("audience-gains", "names" => names(&gains)) }</p> }
        </Banner>
    }
}
