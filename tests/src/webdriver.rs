//! A client of WebDriver (W3C): a page in a browser or in the desktop app's web view, and what one does in it.
//!
//! Waiting happens in the page: a script answers as soon as the element is there and shown, by a `MutationObserver`, so nobody
//! polls.

use crate::http::exchange;
use crate::time::PATIENCE;
use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpStream;

/// Under which an element is named on the wire (WebDriver §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds the first shown element for a selector whose text or accessible name holds some text, now or later.
const FIND: &str = r"
const [css, text, gone, done] = arguments;
const name = e => [e.getAttribute('aria-label'), e.innerText, e.value,
  ...(e.labels ? [...e.labels].map(l => l.innerText) : []),
  ...(e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.innerText)]
  .filter(Boolean).join('\n');
const shown = e => e.matches('input[type=file]') || e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
const look = () => [...document.querySelectorAll(css)].find(e => shown(e) && (!text || name(e).includes(text)));
const met = () => { const e = look(); return gone ? !e : e; };
const answer = () => done(gone ? null : look());
if (met()) answer(); else {
  const again = () => { if (met()) { watch.disconnect(); clearInterval(timer); answer(); } };
  const watch = new MutationObserver(again);
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  // What only a style or the size of the window shows changes nothing in the tree.
  const timer = setInterval(again, 100);
}";

/// A page, in a session with its driver.
#[derive(Debug)]
pub struct Page {
    address: SocketAddr,
    session: String,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl Page {
    /// Begins a session with the driver that listens there.
    ///
    /// # Errors
    /// When the driver does not answer, or cannot open what the capabilities describe.
    pub async fn begin(address: SocketAddr, capabilities: &Value) -> Result<Self> {
        let answer = send(address, Method::POST, "/session", capabilities).await?;
        let session = answer["sessionId"].as_str().context("A session")?.to_owned();
        Ok(Self { address, session })
    }

    /// Ends the session, and with it what the driver opened.
    pub async fn end(&self) {
        let path = format!("/session/{}", self.session);
        let _ = send(self.address, Method::DELETE, &path, &Value::Null).await;
    }

    async fn of_session(&self, method: Method, path: &str, body: Value) -> Result<Value> {
        let path = format!("/session/{}{path}", self.session);
        // Longer than a script may take, so that the browser itself can say what it waited for.
        match tokio::time::timeout(PATIENCE * 2, send(self.address, method, &path, &body)).await {
            Ok(answer) => answer,
            Err(_elapsed) => bail!("the browser does not answer"),
        }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let sent = self.of_session(Method::POST, path, body).await;
        sent.unwrap_or_else(|error| panic!("The browser refuses {path}: {error:#}"))
    }

    async fn get(&self, path: &str) -> Value {
        let sent = self.of_session(Method::GET, path, Value::Null).await;
        sent.unwrap_or_else(|error| panic!("The browser refuses {path}: {error:#}"))
    }

    /// Goes to a URL.
    pub async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Where it is.
    pub async fn url(&self) -> String {
        self.get("/url").await.as_str().unwrap_or_default().to_owned()
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.post("/refresh", json!({})).await;
    }

    /// Goes back.
    pub async fn back(&self) {
        self.post("/back", json!({})).await;
    }

    /// Puts the window at a place: left, top, width and height.
    pub async fn place(&self, (x, y, width, height): (i64, i64, i64, i64)) {
        let body = json!({ "x": x, "y": y, "width": width, "height": height });
        self.post("/window/rect", body).await;
    }

    /// Where the window is: left, top, width and height.
    pub async fn placed(&self) -> (i64, i64, i64, i64) {
        let rect = self.get("/window/rect").await;
        let of = |name: &str| rect[name].as_i64().unwrap_or_default();
        (of("x"), of("y"), of("width"), of("height"))
    }

    /// Runs a script (the body of a function).
    pub async fn run(&self, script: &str, args: Value) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": args }))
            .await
    }

    /// Runs a script that answers by calling its last argument.
    pub async fn run_async(&self, script: &str, args: Value) -> Value {
        self.post("/execute/async", json!({ "script": script, "args": args }))
            .await
    }

    async fn search(&self, css: &str, text: &str, gone: bool) -> Option<Element> {
        let mut tries = 0;
        loop {
            let body = json!({ "script": FIND, "args": [css, text, gone] });
            match self.of_session(Method::POST, "/execute/async", body).await {
                Ok(found) => return found[ELEMENT].as_str().map(|id| Element(id.to_owned())),
                // The page was left while the script waited in it.
                Err(error) if tries < 5 && !error.to_string().contains("timeout") => tries += 1,
                Err(error) => {
                    let page = self.run("return document.body.innerText", json!([])).await;
                    panic!(
                        "{} {css:?} with {text:?} at {} ({error:#}). The page says:\n{}",
                        if gone { "Still there:" } else { "Not there:" },
                        self.url().await,
                        page.as_str().unwrap_or_default()
                    );
                }
            }
        }
    }

    /// The first shown element for a selector, as soon as it is there.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn find(&self, css: &str) -> Element {
        self.find_with(css, "").await
    }

    /// The first shown element for a selector whose text or name holds `text`.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn find_with(&self, css: &str, text: &str) -> Element {
        self.search(css, text, false).await.expect("an element was found")
    }

    /// Waits until no shown element for a selector holds `text`.
    ///
    /// # Panics
    /// When it stays.
    pub async fn until_gone(&self, css: &str, text: &str) {
        self.search(css, text, true).await;
    }

    /// Waits until these words stand in a field: looks again with every frame, as no home says when they do.
    ///
    /// # Panics
    /// When others stay there.
    pub async fn until_value(&self, css: &str, wanted: &str) {
        const LOOK: &str = "const [css, wanted, done] = arguments; const end = performance.now() + 15000; const look = () => {
            const value = document.querySelector(css)?.value;
            if (value === wanted || performance.now() > end) done(value ?? null); else requestAnimationFrame(look); }; look();";
        let value = self.run_async(LOOK, json!([css, wanted])).await;
        assert_eq!(value, wanted, "in {css}");
    }

    /// Waits for some text anywhere.
    pub async fn sees(&self, text: &str) {
        self.find_with("body", text).await;
    }

    /// Whether an element for a selector is there now.
    pub async fn has(&self, css: &str) -> bool {
        let there = self
            .run("return !!document.querySelector(arguments[0])", json!([css]))
            .await;
        there.as_bool().unwrap_or(false)
    }

    /// Clicks the first shown element for a selector.
    pub async fn click(&self, css: &str) {
        self.click_with(css, "").await;
    }

    /// Clicks the first shown element for a selector whose text or name holds `text`.
    ///
    /// # Panics
    /// When it cannot be clicked.
    pub async fn click_with(&self, css: &str, text: &str) {
        // What is replaced or still moves between finding and clicking is looked for again.
        for _ in 0..20 {
            let found = self.find_with(css, text).await;
            let path = format!("/element/{}/click", found.0);
            match self.of_session(Method::POST, &path, json!({})).await {
                Ok(_) => return,
                Err(error) if is_passing(&error) => {
                    self.next_frame().await;
                    // What is under a bar is scrolled out from under it, as a person would.
                    let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
                    let body = json!({ "script": script, "args": [{ ELEMENT: found.0 }] });
                    let _it_may_be_gone = self.of_session(Method::POST, "/execute/sync", body).await;
                }
                Err(error) => panic!("{css:?} with {text:?} cannot be clicked: {error:#}"),
            }
        }
        panic!("{css:?} with {text:?} is in the way of itself or of something else");
    }

    async fn next_frame(&self) {
        self.run_async(
            "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))",
            json!([]),
        )
        .await;
    }

    /// Types into a field, after what is there.
    ///
    /// # Panics
    /// When it cannot be typed into.
    pub async fn type_into(&self, css: &str, text: &str) {
        for _ in 0..20 {
            let found = self.find(css).await;
            let path = format!("/element/{}/value", found.0);
            match self
                .of_session(Method::POST, &path, json!({ "text": text }))
                .await
            {
                Ok(_) => return,
                Err(error) if is_passing(&error) => self.next_frame().await,
                Err(error) => panic!("{css:?} cannot be typed into: {error:#}"),
            }
        }
        panic!("{css:?} takes no text");
    }

    /// Types a day, such as `1990-05-17`, into the three fields of a date, of which `test` is the name of the year's.
    pub async fn type_date(&self, test: &str, date: &str) {
        let mut parts = date.splitn(3, '-').map(|part| part.trim_start_matches('0'));
        let [year, month, day] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        self.type_into(&format!("[data-test='{test}-day']"), day).await;
        self.type_into(&format!("[data-test='{test}']"), year).await;
        let choose = "const e = document.querySelector(arguments[0]); e.value = arguments[1];
                      e.dispatchEvent(new Event('change', { bubbles: true }));";
        self.run(choose, json!([format!("[data-test='{test}-month']"), month]))
            .await;
    }

    /// Chooses a file in a file field.
    ///
    /// # Panics
    /// When the path is not text.
    pub async fn choose_file(&self, css: &str, path: &Path) {
        self.type_into(css, path.to_str().expect("a path of text")).await;
    }

    /// Presses keys where the focus is: text, or keys of WebDriver such as `\u{E007}` (Enter).
    pub async fn press(&self, keys: &str) {
        let mut actions = Vec::new();
        for key in keys.chars() {
            actions.push(json!({ "type": "keyDown", "value": key.to_string() }));
            actions.push(json!({ "type": "keyUp", "value": key.to_string() }));
        }
        self.post(
            "/actions",
            json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        )
        .await;
    }

    /// Presses keys together: all of them down, then up again in reverse.
    pub async fn press_together(&self, keys: &[&str]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key }));
        let up = keys
            .iter()
            .rev()
            .map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.post(
            "/actions",
            json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        )
        .await;
    }

    /// The text of the first shown element for a selector. The driver's own answer is empty while what it stands in fades in.
    pub async fn text(&self, css: &str) -> String {
        let found = self.find(css).await;
        let text = self.run(
            "return arguments[0].innerText.trim()",
            json!([{ ELEMENT: found.0 }]),
        );
        text.await.as_str().unwrap_or_default().to_owned()
    }

    /// Everything that the page fetched from elsewhere than its home.
    pub async fn foreign_requests(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource').map(e => e.name)
                      .filter(name => !name.startsWith(location.origin) && !/^(data|blob|hearth-media|ipc):/.test(name))";
        let names = self.run(script, json!([])).await;
        names
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// What axe-core finds wrong with the page, in words.
    ///
    /// # Panics
    /// When axe does not run.
    pub async fn axe(&self) -> Vec<String> {
        const AXE: &str = include_str!("../browser/axe.min.js");
        const RUN: &str = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values:
                ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } })
              .then(r => done(r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.help + '\\n' +
                  v.nodes.map(n => '    ' + n.target.join(' ') + '  ' + n.html.slice(0, 160) + '\\n      ' +
                  n.failureSummary.replace(/\\s+/g, ' ')).join('\\n'))))
              .catch(e => done(['axe failed: ' + e]));";
        if !self
            .run("return typeof axe === 'object'", json!([]))
            .await
            .as_bool()
            .unwrap_or(false)
        {
            self.run(AXE, json!([])).await;
        }
        let found = self.run_async(RUN, json!([])).await;
        found
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// A picture of the window, as PNG.
    ///
    /// # Panics
    /// When the browser sends none.
    pub async fn screenshot(&self) -> Vec<u8> {
        let text = self.get("/screenshot").await;
        data_encoding::BASE64
            .decode(text.as_str().unwrap_or_default().as_bytes())
            .expect("base64")
    }

    /// A picture of the first shown element for a selector, as PNG.
    ///
    /// # Panics
    /// When there is none.
    pub async fn picture_of(&self, css: &str) -> Vec<u8> {
        for _ in 0..20 {
            let found = self.find(css).await;
            // What fades or slides in is looked at when it has come.
            self.run_async(
                "const done = arguments[0];
                 const ending = document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 60000);
                 Promise.allSettled(ending.map(a => a.finished)).then(() => done())",
                json!([]),
            )
            .await;
            let path = format!("/element/{}/screenshot", found.0);
            match self.of_session(Method::GET, &path, Value::Null).await {
                Ok(text) => {
                    return data_encoding::BASE64
                        .decode(text.as_str().unwrap_or_default().as_bytes())
                        .expect("base64");
                }
                Err(error) if is_passing(&error) => self.next_frame().await,
                Err(error) => panic!("{css:?} cannot be looked at: {error:#}"),
            }
        }
        panic!("{css:?} does not stay");
    }
}

/// How long a script may take and a page may load, as a capability.
#[must_use]
pub fn timeouts() -> Value {
    let patience = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
    json!({ "script": patience, "pageLoad": patience })
}

async fn send(address: SocketAddr, method: Method, path: &str, body: &Value) -> Result<Value> {
    let body = if method == Method::POST {
        body.to_string()
    } else {
        String::new()
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", address.to_string())
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))?;
    let answer = exchange(TcpStream::connect(address).await?, request).await?;
    let value = answer.json()["value"].clone();
    if !answer.status.is_success() {
        bail!(
            "{}: {}",
            value["error"].as_str().unwrap_or("error"),
            value["message"]
                .as_str()
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or_default()
        );
    }
    Ok(value)
}

/// Errors that pass when the page has settled.
fn is_passing(error: &anyhow::Error) -> bool {
    let text = error.to_string();
    [
        "stale element",
        "click intercepted",
        "not interactable",
        "no such element",
        "not clickable",
    ]
    .iter()
    .any(|passing| text.contains(passing))
}
