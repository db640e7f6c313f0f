//! Links that other people or a model wrote: only known schemes, the host shown, opened outside the window.

use crate::backend;
use crate::kit::dom;
use std::borrow::Cow;
use web_sys::MouseEvent;
use yew::prelude::*;

/// A link that may be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeLink {
    /// What to open.
    pub href: String,
    /// Where it leads, for people: the host, or the mail address.
    pub host: String,
}

/// Characters that hide or reorder what is read.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Checks a link: `http`, `https` and `mailto` only, no hidden characters, at most 2000 of them.
#[must_use]
pub fn safe(url: &str) -> Option<SafeLink> {
    let url = url.trim();
    if url.len() > 2000 || url.chars().any(is_deceptive) {
        return None;
    }
    let (scheme, rest) = url.split_once(':')?;
    if scheme.eq_ignore_ascii_case("mailto") {
        let address = rest.split('?').next().unwrap_or_default();
        return address.contains('@').then(|| SafeLink {
            href: url.to_owned(),
            host: address.to_owned(),
        });
    }
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#', '\\']).next()?;
    // What stands before an @ is read as the host by people, and is not.
    let host = authority.rsplit('@').next().unwrap_or(authority).to_lowercase();
    (!host.is_empty() && !host.starts_with(['.', ':'])).then(|| SafeLink {
        href: url.to_owned(),
        host,
    })
}

/// Whether the words of a link already show its host.
#[must_use]
pub fn shows_host(words: &str, host: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches("www.").to_lowercase();
    let words = words.trim().to_lowercase();
    let words = words
        .strip_prefix("https://")
        .or_else(|| words.strip_prefix("http://"))
        .unwrap_or(&words);
    let words = words.split(['/', '?', '#']).next().unwrap_or_default();
    bare(words) == bare(host)
}

/// A piece of plain text, or an address found in it.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// A bare `http://` or `https://` address.
    Url(&'a str),
}

/// Finds bare addresses in text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = next_url(rest) {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
            .unwrap_or(from.len());
        let (candidate, _) = from.split_at(end);
        let url = trim_end(candidate);
        let (url, after) = from.split_at(url.len());
        if safe(url).is_some() {
            if !before.is_empty() {
                found.push(Piece::Text(before));
            }
            found.push(Piece::Url(url));
        } else {
            // Not an address after all: all of it stays text.
            let (whole, _) = rest.split_at(at + url.len().max(1).min(from.len()));
            found.push(Piece::Text(whole));
        }
        rest = after;
        if url.is_empty() {
            break;
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

fn next_url(text: &str) -> Option<usize> {
    text.match_indices("http")
        .find(|(at, _)| {
            let (_, tail) = text.split_at(*at);
            tail.starts_with("http://") || tail.starts_with("https://")
        })
        .map(|(at, _)| at)
}

/// Punctuation at the end belongs to the sentence; a closing bracket too, unless it was opened inside.
fn trim_end(url: &str) -> &str {
    let mut url = url;
    loop {
        let Some(last) = url.chars().next_back() else {
            return url;
        };
        let drop = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' => true,
            ')' => url.matches(')').count() > url.matches('(').count(),
            ']' => url.matches(']').count() > url.matches('[').count(),
            _ => false,
        };
        if !drop {
            return url;
        }
        let (shorter, _) = url.split_at(url.len() - last.len_utf8());
        url = shorter;
    }
}

/// Opens a link outside: the system's browser from the desktop window, a new tab from a browser.
pub fn open_outside(href: &str) {
    if backend::is_desktop() {
        backend::tauri::open_link(href.to_owned());
    } else if let Some(window) = dom::window() {
        let _opened = window.open_with_url_and_target_and_features(href, "_blank", "noopener,noreferrer");
    }
}

/// A link in text, with its host behind it when the words do not show it. An address that is not opened stands there as it was
/// written: nothing that somebody typed is hidden.
pub fn view(url: &str, words: &str, children: Html) -> Html {
    let Some(link) = safe(url) else {
        if url.is_empty() || words.trim() == url {
            return children;
        }
        return html! { <span>{ children }{ format!(" ({url})") }</span> };
    };
    let host: Cow<'_, str> = if shows_host(words, &link.host) {
        "".into()
    } else {
        link.host.as_str().into()
    };
    let href = link.href.clone();
    let onclick = backend::is_desktop().then(|| {
        let href = href.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            open_outside(&href);
        })
    });
    html! {
        <a class="h-md__link" {href} target="_blank" rel="noopener noreferrer nofollow" title={link.host.clone()} {onclick}>
            { children }
            if !host.is_empty() && words.trim() != link.href {
                <span class="h-md__host">{ format!(" ({host})") }</span>
            }
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_and_honest_hosts_pass() {
        assert_eq!(safe("https://Example.org/a").unwrap().host, "example.org");
        assert_eq!(safe("https://bank.example@evil.test/").unwrap().host, "evil.test");
        assert_eq!(
            safe("mailto:oma@example.org?subject=x").unwrap().host,
            "oma@example.org"
        );
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://",
            "//x.test",
            "x",
            "https://a\u{202e}b.test",
            "https:/x",
        ] {
            assert!(safe(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn bare_addresses_are_found_and_sentences_keep_their_full_stop() {
        assert_eq!(
            pieces("See https://a.test/x(1). Then http://b.test!"),
            vec![
                Piece::Text("See "),
                Piece::Url("https://a.test/x(1)"),
                Piece::Text(". Then "),
                Piece::Url("http://b.test"),
                Piece::Text("!")
            ]
        );
        let joined: String = pieces("https:// and http://. é")
            .iter()
            .map(|p| match p {
                Piece::Text(t) | Piece::Url(t) => *t,
            })
            .collect();
        assert_eq!(joined, "https:// and http://. é", "nothing is lost");
    }

    #[test]
    fn words_that_pretend_another_host_do_not_hide_it() {
        assert!(shows_host("https://www.example.org/page", "example.org"));
        assert!(!shows_host("example.org", "evil.test"));
        assert!(!shows_host("click here", "evil.test"));
    }
}
