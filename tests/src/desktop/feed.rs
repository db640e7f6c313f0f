//! A place where new versions lie, on this machine, and a key that signs them as the makers of the app would.

use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Where the list of the newest version is.
const LIST: &str = "/latest.json";
/// Where the version itself is.
const FILE: &str = "/hearth.bin";

/// By whom and as what a version is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed<'a> {
    /// By the makers, as the version that it is offered as.
    Rightly,
    /// By the makers, as another version.
    As(&'a str),
    /// By somebody else.
    BySomebody,
}

/// A place where new versions lie.
pub struct Feed {
    address: SocketAddr,
    key: SigningKey,
    lies: Arc<Mutex<Lies>>,
}

#[derive(Default)]
struct Lies {
    list: Value,
    file: Vec<u8>,
    asked: Vec<String>,
    claimed: Option<u64>,
}

impl Feed {
    /// Opens one with nothing in it.
    ///
    /// # Panics
    /// When this machine gives no port.
    pub async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let feed = Self {
            address: listener.local_addr().unwrap(),
            key: SigningKey::from_bytes(&[7; 32]),
            lies: Arc::default(),
        };
        let lies = Arc::clone(&feed.lies);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let lies = Arc::clone(&lies);
                tokio::spawn(async move { answer(stream, &lies).await });
            }
        });
        feed
    }

    /// The address that the app is to ask.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{LIST}", self.address)
    }

    /// The makers' public key, as a build is given it.
    #[must_use]
    pub fn public_key(&self) -> String {
        let key = [b"Ed", &KEY_ID[..], self.key.verifying_key().as_bytes()].concat();
        let file = format!(
            "untrusted comment: minisign public key\n{}\n",
            BASE64.encode(&key)
        );
        BASE64.encode(file.as_bytes())
    }

    /// Has a version lie there.
    ///
    /// # Panics
    /// Never: nobody holds the lock while panicking.
    pub fn put(&self, version: &str, notes: &str, file: &[u8], signed: Signed<'_>) {
        let signature = match signed {
            Signed::Rightly => sign(&self.key, file, version),
            Signed::As(other) => sign(&self.key, file, other),
            Signed::BySomebody => sign(&SigningKey::from_bytes(&[8; 32]), file, version),
        };
        let platform = format!("linux-{}", std::env::consts::ARCH);
        let url = format!("http://{}{FILE}", self.address);
        let list = json!({
            "version": version,
            "notes": notes,
            "platforms": { platform: { "url": url, "signature": signature } },
        });
        let mut lies = self.lies.lock().unwrap();
        lies.list = list;
        lies.file = file.to_vec();
    }

    /// How often it was asked which version is the newest.
    ///
    /// # Panics
    /// Never: nobody holds the lock while panicking.
    #[must_use]
    pub fn looks(&self) -> usize {
        self.asked_for(LIST)
    }

    /// How often the version itself was fetched, or begun to be.
    ///
    /// # Panics
    /// Never: nobody holds the lock while panicking.
    #[must_use]
    pub fn fetches(&self) -> usize {
        self.asked_for(FILE)
    }

    fn asked_for(&self, path: &str) -> usize {
        let lies = self.lies.lock().unwrap();
        lies.asked.iter().filter(|asked| *asked == path).count()
    }

    /// Has the place say of every file that it is so long, however long it is.
    ///
    /// # Panics
    /// Never: nobody holds the lock while panicking.
    pub fn claim(&self, bytes: Option<u64>) {
        self.lies.lock().unwrap().claimed = bytes;
    }
}

/// The name of the key in minisign's files.
const KEY_ID: [u8; 8] = *b"hearthit";

/// A signature as minisign writes it, in Base64 as Tauri wants it.
fn sign(key: &SigningKey, file: &[u8], version: &str) -> String {
    let signature = key.sign(file).to_bytes();
    let comment = format!("timestamp:1795305600\tfile:hearth.bin\tversion:{version}");
    let global = key.sign(&[&signature[..], comment.as_bytes()].concat());
    let line = BASE64.encode(&[b"Ed", &KEY_ID[..], &signature].concat());
    let text = format!(
        "untrusted comment: signature\n{line}\ntrusted comment: {comment}\n{}\n",
        BASE64.encode(&global.to_bytes())
    );
    BASE64.encode(text.as_bytes())
}

async fn answer(stream: TcpStream, lies: &Mutex<Lies>) {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    if stream.read_line(&mut first).await.is_err() {
        return;
    }
    // The rest of the request tells nothing that matters here.
    let mut line = String::new();
    while matches!(stream.read_line(&mut line).await, Ok(read) if read > 2) {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (body, claimed) = {
        let mut lies = lies.lock().unwrap();
        lies.asked.push(path.clone());
        match path.as_str() {
            LIST if !lies.list.is_null() => (Some(lies.list.to_string().into_bytes()), None),
            FILE => (Some(lies.file.clone()), lies.claimed),
            _ => (None, None),
        }
    };
    let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
    let body = body.unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        claimed.unwrap_or(body.len() as u64)
    );
    // Whoever went away before the end wanted no answer.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
    let _ = stream.shutdown().await;
}
