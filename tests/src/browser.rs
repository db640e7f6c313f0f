//! A real Chromium, driven over WebDriver (W3C) by its chromedriver, with a fresh profile each.
//!
//! Waiting happens in the page: a script answers as soon as the element is there and shown, by a `MutationObserver`, so nobody
//! polls. `HEARTH_CHROMEDRIVER` and `HEARTH_CHROMIUM` name other programs than those on the `PATH`.

use crate::http::exchange;
use crate::time::{PATIENCE, within};
use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

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

/// A browser window with a profile of its own.
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
    expected: Vec<String>,
    _profile: TempDir,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl Browser {
    /// Opens a browser of this size.
    ///
    /// # Panics
    /// When there is none.
    pub async fn open(width: u32, height: u32) -> Self {
        let opened = within("a browser", Self::try_open(width, height)).await;
        opened.expect("Chromium and chromedriver are needed: `cargo xtask setup`")
    }

    async fn try_open(width: u32, height: u32) -> Result<Self> {
        let program = std::env::var_os("HEARTH_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let mut driver = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("Starting chromedriver")?;
        let mut lines = BufReader::new(driver.stdout.take().context("A pipe")?).lines();
        let port: u16 = loop {
            let line = lines.next_line().await?.context("chromedriver ended")?;
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').parse()?;
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let profile = tempfile::tempdir()?;
        let mut browser = Self {
            driver,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            session: String::new(),
            expected: Vec::new(),
            _profile: profile,
        };
        let answer = browser
            .send(Method::POST, "/session", &browser.capabilities(width, height))
            .await?;
        browser.session = answer["sessionId"].as_str().context("A session")?.to_owned();
        Ok(browser)
    }

    fn capabilities(&self, width: u32, height: u32) -> Value {
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-prefers-reduced-motion",
            "--lang=en-GB",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", self._profile.path().display()));
        args.push(format!("--window-size={width},{height}"));
        let mut options = json!({ "args": args, "prefs": { "intl.accept_languages": "en-GB,en" } });
        if let Ok(binary) = std::env::var("HEARTH_CHROMIUM") {
            options["binary"] = json!(binary);
        }
        let patience = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
        json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "timeouts": { "script": patience, "pageLoad": patience },
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        } } })
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let body = if method == Method::POST {
            body.to_string()
        } else {
            String::new()
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        let answer = exchange(TcpStream::connect(self.address).await?, request).await?;
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

    async fn of_session(&self, method: Method, path: &str, body: Value) -> Result<Value> {
        let path = format!("/session/{}{path}", self.session);
        // Longer than a script may take, so that the browser itself can say what it waited for.
        match tokio::time::timeout(PATIENCE * 2, self.send(method, &path, &body)).await {
            Ok(answer) => answer,
            Err(_elapsed) => bail!("the browser does not answer"),
        }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
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

    /// Sets the size of what the page has, to the pixel; a window cannot be made as narrow as a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Gives an order of the DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": params }))
            .await
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
                Err(error) if is_passing(&error) => self.next_frame().await,
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

    /// Sets a date field; what one types there depends on the language.
    pub async fn set_date(&self, css: &str, date: &str) {
        self.find(css).await;
        let script = "const e = document.querySelector(arguments[0]); e.value = arguments[1];
                      for (const t of ['input', 'change']) e.dispatchEvent(new Event(t, { bubbles: true }));";
        self.run(script, json!([css, date])).await;
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

    /// The text of the first shown element for a selector.
    pub async fn text(&self, css: &str) -> String {
        let found = self.find(css).await;
        let text = self.get(&format!("/element/{}/text", found.0)).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Says that the page will log an error that holds `text`, because the test provokes it.
    pub fn expect_error(&mut self, text: &str) {
        self.expected.push(text.to_owned());
    }

    /// The errors on the console since the last look, but those that were expected.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({ "type": "browser" })).await;
        log.as_array()
            .into_iter()
            .flatten()
            .filter(|line| line["level"] == "SEVERE")
            .filter_map(|line| line["message"].as_str())
            .filter(|message| !self.expected.iter().any(|text| message.contains(text)))
            .map(str::to_owned)
            .collect()
    }

    /// Everything that the page fetched from elsewhere than its home.
    pub async fn foreign_requests(&self) -> Vec<String> {
        let script = "return performance.getEntriesByType('resource').map(e => e.name)
                      .filter(name => !name.startsWith(location.origin) && !/^(data|blob):/.test(name))";
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
        let found = self.find(css).await;
        let text = self.get(&format!("/element/{}/screenshot", found.0)).await;
        data_encoding::BASE64
            .decode(text.as_str().unwrap_or_default().as_bytes())
            .expect("base64")
    }

    /// Fails when the page logged errors or fetched from elsewhere, and closes the browser.
    ///
    /// # Panics
    /// See above.
    pub async fn close(mut self) {
        let errors = self.console_errors().await;
        assert!(
            errors.is_empty(),
            "The page logged errors:\n{}",
            errors.join("\n")
        );
        let foreign = self.foreign_requests().await;
        assert!(foreign.is_empty(), "The page asked elsewhere: {foreign:?}");
        self.quit().await;
        let _ = self.driver.kill().await;
    }

    async fn quit(&self) {
        let path = format!("/session/{}", self.session);
        let _ = self.send(Method::DELETE, &path, &Value::Null).await;
    }
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

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromedriver takes its browser along when it is asked to end; killed, it leaves it behind. Ask without waiting.
        if let Some(pid) = self.driver.id() {
            let _ = std::process::Command::new("kill")
                .args(["-TERM", &pid.to_string()])
                .status();
        }
    }
}
