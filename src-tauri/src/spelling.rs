//! Checking the spelling of what is typed. The web views of macOS and Windows do it by themselves; the one of Linux has to be told
//! to, and in which languages, and needs their dictionaries.

/// How long the web view may take to answer.
#[cfg(target_os = "linux")]
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);

/// Checks in this language from now on; returns whether the web view does: there must be a dictionary for it.
#[cfg(target_os = "linux")]
pub(crate) fn check(window: &tauri::WebviewWindow, language: &str) -> bool {
    use webkit2gtk::{WebContextExt as _, WebViewExt as _};
    let names = dictionaries(&folders(), language);
    let found = !names.is_empty();
    let (does, answer) = std::sync::mpsc::channel();
    let set = window.with_webview(move |view| {
        if let Some(context) = view.inner().context() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            context.set_spell_checking_languages(&names);
            context.set_spell_checking_enabled(!names.is_empty());
            // Nobody waits any more: nobody need be told.
            let _ = does.send(context.is_spell_checking_enabled());
        }
    });
    if let Err(error) = set {
        tracing::debug!(%error, "Spelling is not checked");
        return false;
    }
    answer.recv_timeout(ANSWER_WITHIN).unwrap_or(found)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn check(_window: &tauri::WebviewWindow, _language: &str) -> bool {
    true
}

/// Where dictionaries lie, the account's own first.
#[cfg(target_os = "linux")]
fn folders() -> Vec<std::path::PathBuf> {
    use std::path::PathBuf;
    let own = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))
        .map(|config| config.join("enchant/hunspell"));
    let system = std::env::var("XDG_DATA_DIRS")
        .ok()
        .filter(|dirs| !dirs.is_empty())
        .unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    let mut folders: Vec<PathBuf> = own.into_iter().collect();
    for base in system.split(':') {
        for name in ["hunspell", "myspell", "myspell/dicts", "enchant/hunspell"] {
            folders.push(PathBuf::from(base).join(name));
        }
    }
    folders
}

/// The dictionaries of a language, by name, such as `de_AT` and `de_DE`: the country that is asked for or else the largest first.
#[cfg(target_os = "linux")]
fn dictionaries(folders: &[std::path::PathBuf], language: &str) -> Vec<String> {
    use std::collections::BTreeSet;
    let wanted = language.replace('-', "_");
    let base = wanted.split('_').next().unwrap_or_default().to_lowercase();
    let found: BTreeSet<String> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".dic")?.to_owned()))
        .filter(|name| !name.starts_with("hyph_") && name.split('_').next() == Some(base.as_str()))
        .collect();
    let usual = match base.as_str() {
        "en" => "en_US",
        "de" => "de_DE",
        _ => "",
    };
    let first = [wanted.as_str(), usual, base.as_str()]
        .into_iter()
        .find(|name| found.contains(*name))
        .map(str::to_owned)
        .or_else(|| found.first().cloned());
    first.into_iter().collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::dictionaries;

    #[test]
    fn the_dictionary_of_the_country_comes_first_then_the_usual_one() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().join("missing"), folder.path().to_owned()];
        let names = |language: &str| dictionaries(&folders, language).join(",");
        assert_eq!(names("de"), "", "there is none");
        for name in [
            "de_AT.dic",
            "de_DE.dic",
            "de_DE.aff",
            "hyph_de_DE.dic",
            "en_GB.dic",
            "deu.dic",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(names("de"), "de_DE");
        assert_eq!(names("de-AT"), "de_AT");
        assert_eq!(names("en"), "en_GB", "better another country's than none");
        assert_eq!(names("fr"), "");
    }
}
