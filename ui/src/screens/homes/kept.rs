//! What is kept of homes that were removed, and letting go of it.

use crate::prelude::*;
use hearth_api::homes::{EraseKept, Kept, ListKept};

/// What is kept of removed homes; nothing while nothing is.
#[component]
pub(super) fn KeptCopies() -> Html {
    let kept = use_query(ListKept {}, vec![Topic::Homes]);
    let asked = use_state_eq(|| None::<Kept>);
    let Some(rows) = kept.data.as_ref().filter(|rows| !rows.is_empty()) else {
        return Html::default();
    };
    let close = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <Section title={t!("health-kept")} hint={t!("health-kept-hint")}>
            <Card>
                <ul class="h-parts" data-test="kept-homes">{ for rows.iter().map(|row| {
                    let ask = {
                        let (asked, row) = (asked.setter(), row.clone());
                        Callback::from(move |_: MouseEvent| asked.set(Some(row.clone())))
                    };
                    html! {
                        <li key={row.home.id.to_string()} class="h-parts__row" data-test="kept-home">
                            <div class="h-parts__words">
                                <strong>{ row.home.name.clone() }</strong>
                                <p class="u-sm u-text-2">{ amount(row) }</p>
                            </div>
                            <Button start={IconName::Trash2} on_click={ask} label={t!("health-kept-erase-of", "name" => &row.home.name)} test_id="kept-erase">{ t!("health-kept-erase") }</Button>
                        </li>
                    }
                }) }</ul>
            </Card>
            if let Some(row) = &*asked {
                <Erase row={row.clone()} on_close={close} on_done={kept.refetch.clone()} />
            }
        </Section>
    }
}

/// How much is kept of a home.
fn amount(row: &Kept) -> AttrValue {
    if row.files == 0 {
        t!("health-kept-posts", "count" => row.posts)
    } else {
        let posts = t!("health-kept-posts", "count" => row.posts);
        t!("health-kept-files", "posts" => posts, "count" => row.files, "size" => when::bytes(row.file_bytes))
    }
}

#[derive(Properties, PartialEq)]
struct EraseProps {
    row: Kept,
    on_close: Callback<()>,
    on_done: Callback<()>,
}

/// Asks before it is erased for good.
#[component]
fn Erase(props: &EraseProps) -> Html {
    let erase = use_mutation::<EraseKept>();
    let name = AttrValue::from(props.row.home.name.clone());
    let run = {
        let (erase, home, name) = (erase.clone(), props.row.home.id.clone(), name.clone());
        let (on_close, on_done) = (props.on_close.clone(), props.on_done.clone());
        Callback::from(move |_: MouseEvent| {
            let (on_close, on_done, name) = (on_close.clone(), on_done.clone(), name.clone());
            erase.run_or_toast(EraseKept { home: home.clone() }, move |_| {
                on_close.emit(());
                on_done.emit(());
                toasts::done(t!("health-kept-erased", "name" => name));
            });
        })
    };
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t!("health-kept-erase-title", "name" => &name)} on_close={props.on_close.clone()} footer={html! {
            <>
                <Button variant={Variant::Quiet} on_click={cancel}>{ t!("action-cancel") }</Button>
                <Button variant={Variant::Danger} pending={erase.pending()} on_click={run} test_id="kept-erase-do">{ t!("health-kept-erase") }</Button>
            </>
        }}>
            <p>{ t!("health-kept-erase-text", "name" => &name) }</p>
        </Dialog>
    }
}
