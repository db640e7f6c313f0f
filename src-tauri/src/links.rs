//! Links and arguments from outside: they open a page of the window, and never do anything by themselves.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

const SCHEME: &str = "hearth://";
/// Longer than any link that Hearth makes; an invite is the longest.
const MAX_LEN: usize = 4096;
/// The first part of a link, and so of the route, that may come from outside.
const AREAS: [&str; 6] = ["i", "p", "u", "messages", "events", "a"];

/// The route that the first usable argument asks for.
pub(crate) fn route_of_args(args: impl IntoIterator<Item = String>) -> Option<String> {
    args.into_iter().find_map(|arg| route(&arg))
}

/// `hearth://p/<id>` becomes `/p/<id>`; anything that is not one of our areas, or not plain, is nothing.
pub(crate) fn route(link: &str) -> Option<String> {
    let rest = link.strip_prefix(SCHEME)?.trim_end_matches('/');
    let (area, item) = rest.split_once('/')?;
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '/' | '?' | '=' | '&' | '+')
    };
    let usable = link.len() <= MAX_LEN
        && AREAS.contains(&area)
        && (area != "a" || item.starts_with("c/"))
        && !item.is_empty()
        && item.chars().all(plain)
        && !item.split(['/', '?']).any(|part| part == ".." || part.is_empty());
    usable.then(|| format!("/{area}/{item}"))
}

/// Whether a page may have this address opened by the system: web and mail only.
pub(crate) fn may_open(url: &str) -> bool {
    let lower = url.trim_start().to_ascii_lowercase();
    url.len() <= MAX_LEN
        && ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
        && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// A name for a folder that may be part of a bus name: letters and digits only.
pub(crate) fn name_of_folder(folder: &Path) -> String {
    let folder = std::path::absolute(folder).unwrap_or_else(|_unresolved| folder.to_owned());
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_areas_become_routes() {
        assert_eq!(route("hearth://i/AbC-_123").as_deref(), Some("/i/AbC-_123"));
        assert_eq!(route("hearth://p/0193?c=0194").as_deref(), Some("/p/0193?c=0194"));
        assert_eq!(route("hearth://a/c/0193/").as_deref(), Some("/a/c/0193"));
    }

    #[test]
    fn everything_else_is_nothing() {
        for link in [
            "https://p/1",
            "hearth://settings/account",
            "hearth://p",
            "hearth://p/",
            "hearth://p/../admin/people",
            "hearth://p//x",
            "hearth://a/models",
            "hearth://p/<script>",
            "hearth://p/%2e%2e",
            "--help",
        ] {
            assert_eq!(route(link), None, "{link}");
        }
        assert_eq!(route(&format!("hearth://i/{}", "a".repeat(MAX_LEN))), None);
    }

    #[test]
    fn only_web_and_mail_are_opened() {
        assert!(may_open("https://example.org/a?b=c"));
        assert!(may_open("mailto:anna@example.org"));
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "hearth://p/1",
            "https://a b",
            "smb://x",
        ] {
            assert!(!may_open(url), "{url}");
        }
    }

    #[test]
    fn a_folder_has_one_name_however_it_is_written() {
        let here = std::path::absolute("x").unwrap();
        assert_eq!(name_of_folder(Path::new("x")), name_of_folder(&here));
        assert_ne!(name_of_folder(Path::new("x")), name_of_folder(Path::new("y")));
    }
}
