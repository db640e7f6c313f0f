//! Where somebody is in the feed: which post is the first that they see, and how much of it is above the edge.

use hearth_tests::webdriver::Page;
use serde_json::{Value, json};

/// The pane that the feed moves in.
const PANE: &str = "[data-test='feed'] [data-scroller]";

/// `[post, how much of it is above the edge]`.
const PLACE: &str = "const [css] = arguments;
    const place = pane => {
        const edge = pane.getBoundingClientRect().top;
        const rows = [...pane.querySelectorAll('.h-virtual__row:not([data-stray])')];
        const row = rows.find(row => row.getBoundingClientRect().bottom > edge + 1);
        const { top, height } = row.getBoundingClientRect();
        return [row.dataset.key, (edge - top) / height];
    };";

/// Goes down the feed as a reader does, until a post that holds `text` is in the middle.
pub(crate) async fn read_to(page: &Page, text: &str) {
    let script = "const [css, text, done] = arguments;
        const pane = document.querySelector(css);
        const step = () => {
            const post = [...pane.querySelectorAll('.h-virtual__row')].find(row => row.innerText.includes(text));
            const middle = pane.getBoundingClientRect().top + pane.clientHeight / 2;
            if (post && post.getBoundingClientRect().top <= middle) return done(true);
            pane.scrollTop += 120;
            requestAnimationFrame(step);
        };
        step();";
    page.run_async(script, json!([PANE, text])).await;
}

/// Where the reader is, once nothing moves.
pub(crate) async fn place(page: &Page) -> Value {
    let script = format!(
        "{PLACE} const done = arguments[1]; const pane = document.querySelector(css);
        let before, still = 0;
        const look = () => {{
            const now = JSON.stringify(place(pane));
            still = now === before ? still + 1 : 0;
            before = now;
            if (still === 10) done(place(pane)); else requestAnimationFrame(look);
        }};
        look();"
    );
    page.run_async(&script, json!([PANE])).await
}

/// How wide the feed's pane is inside.
pub(crate) async fn width(page: &Page) -> i64 {
    let script = "return document.querySelector(arguments[0]).clientWidth";
    page.run(script, json!([PANE])).await.as_i64().unwrap()
}

/// Whether two places are the same but for some hundredths of a post.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    let part = |place: &Value| place[1].as_f64().unwrap();
    one[0] == other[0] && (part(one) - part(other)).abs() < 0.05
}
