//! Links and arguments from outside: they open a page of the window, and never do anything by themselves.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read as _;
use std::path::{Path, PathBuf};

const SCHEME: &str = "hearth://";
/// Longer than any link that Hearth makes; an invite is the longest.
const MAX_LEN: usize = 4096;
/// The first part of a link, and so of the route, that may come from outside.
const AREAS: [&str; 4] = ["i", "p", "u", "a"];

/// What an argument asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The page.
    pub(crate) route: String,
    /// The backup that is to be restored there.
    pub(crate) backup: Option<PathBuf>,
}

impl Asked {
    fn page(route: String) -> Self {
        Self { route, backup: None }
    }
}

/// What the first usable argument asks for: a link, or a file of ours; a path counts from `folder`, where the program was called.
pub(crate) fn asked(args: impl IntoIterator<Item = String>, folder: &Path) -> Option<Asked> {
    args.into_iter().find_map(|arg| {
        route(&arg)
            .map(Asked::page)
            .or_else(|| asked_by_file(&arg, folder))
    })
}

/// `.hearth-invite` opens the invite in it, `.hearth-backup` the page where one restores. A desktop hands over a path or a
/// `file://` address.
fn asked_by_file(arg: &str, folder: &Path) -> Option<Asked> {
    let path = match arg.strip_prefix("file://") {
        Some(_) => tauri::Url::parse(arg).ok()?.to_file_path().ok()?,
        None => folder.join(arg),
    };
    match path.extension()?.to_str()? {
        "hearth-invite" => {
            let mut text = String::new();
            // One more than may be, so that what is longer is seen to be.
            let most = u64::try_from(MAX_LEN + 1).unwrap_or(u64::MAX);
            let read = std::fs::File::open(&path).and_then(|file| file.take(most).read_to_string(&mut text));
            if let Err(error) = read {
                tracing::warn!(%error, "An invite cannot be read");
            }
            let route = route(text.trim()).filter(|route| route.starts_with("/i/"));
            route.map(Asked::page)
        }
        "hearth-backup" => Some(Asked {
            route: "/welcome/restore".to_owned(),
            backup: path.is_file().then_some(path),
        }),
        _ => None,
    }
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
    fn a_file_of_ours_opens_its_page() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("to us.hearth-invite", " hearth://i/AbC-_123\n");
        write("sly.hearth-invite", "hearth://p/0193");
        write(
            "long.hearth-invite",
            &format!("hearth://i/{}", "a".repeat(2 * MAX_LEN)),
        );
        let asks = |arg: &str| asked([arg.to_owned()], folder.path());
        let opens = |arg: &str| asks(arg).map(|asked| asked.route);
        assert_eq!(opens("to us.hearth-invite").as_deref(), Some("/i/AbC-_123"));
        let address = tauri::Url::from_file_path(folder.path().join("to us.hearth-invite")).unwrap();
        assert_eq!(opens(address.as_str()).as_deref(), Some("/i/AbC-_123"));
        let missing = asks("x.hearth-backup").unwrap();
        assert_eq!(
            (missing.route.as_str(), missing.backup),
            ("/welcome/restore", None)
        );
        write("x.hearth-backup", "hearth-backup/1");
        let backup = asks("x.hearth-backup").unwrap();
        assert_eq!(backup.backup, Some(folder.path().join("x.hearth-backup")));
        for other in [
            "sly.hearth-invite",
            "long.hearth-invite",
            "missing.hearth-invite",
            "notes.txt",
            "file://x",
        ] {
            assert_eq!(opens(other), None, "{other}");
        }
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
            // Places that the window does not have.
            "hearth://messages/0193",
            "hearth://events/0193",
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
