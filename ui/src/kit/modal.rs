//! A native modal `<dialog>` that is shown while it is drawn.

use crate::kit::back;
use crate::kit::dom::use_event;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Shows the dialog over the page while it is drawn, calls `opened` then, and asks its owner to take it away when somebody wants it closed: by
/// Esc, by the way back of a phone or a browser, by a gesture. An owner that leaves it there has it shown on.
///
/// The browser asks first (`cancel`), but closes without asking when it was asked before and nobody has touched the page since, so that no page can
/// keep a person in it (HTML Living Standard, "Close requests and close watchers").
#[hook]
pub fn use_modal(node: &NodeRef, on_close: Callback<()>, opened: impl FnOnce(&HtmlDialogElement) + 'static) {
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog
                && !dialog.open()
            {
                let _shown = dialog.show_modal();
                opened(dialog);
            }
            move || {
                // Closing gives the focus back to where it was.
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    {
        // The history knows what is open as long as it is drawn.
        let way_back = use_mut_ref(|| None);
        let open = way_back.clone();
        use_effect_with((), move |()| move || drop(open.take()));
        use_effect_with(on_close.clone(), move |close| {
            let mut way_back = way_back.borrow_mut();
            match &*way_back {
                Some(opened) => back::renew(opened, close.clone()),
                None => *way_back = Some(back::opened(close.clone())),
            }
        });
    }
    {
        let on_close = on_close.clone();
        let cancel = Callback::from(move |event: Event| {
            // A picker inside (a file, a select) cancels on its own account.
            if event.target() == event.current_target() {
                event.prevent_default();
                on_close.emit(());
            }
        });
        use_event(node, "cancel", cancel);
    }
    let close = Callback::from(move |event: Event| {
        let own = event.target() == event.current_target();
        let Some(dialog) = event.target().filter(|_| own) else {
            return;
        };
        on_close.emit(());
        Timeout::new(0, move || {
            let dialog: HtmlDialogElement = dialog.unchecked_into();
            if dialog.is_connected() && !dialog.open() {
                let _shown = dialog.show_modal();
            }
        })
        .forget();
    });
    use_event(node, "close", close);
}
