//! The words that the program is started with. What is none of them may be a link or a file, which [`links`](crate::links) knows.

use std::path::PathBuf;

/// Starts without showing the window, as with the computer.
pub(crate) const HIDDEN: &str = "--hidden";
/// Names the folder of the data.
pub(crate) const DATA_DIR: &str = "--data-dir";

/// What the words ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) hidden: bool,
    pub(crate) data_dir: Option<PathBuf>,
    /// The rest.
    pub(crate) others: Vec<String>,
}

/// Reads the words after the name of the program. Unknown ones are left alone.
pub(crate) fn read(words: impl IntoIterator<Item = String>) -> Asked {
    let mut asked = Asked::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            HIDDEN => asked.hidden = true,
            DATA_DIR => asked.data_dir = words.next().filter(|dir| !dir.is_empty()).map(PathBuf::from),
            _ => asked.others.push(word),
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_taken_and_the_rest_is_left() {
        let words = ["--hidden", "hearth://p/1", "--data-dir", "/a b", "x"].map(str::to_owned);
        let asked = read(words);
        assert!(asked.hidden);
        assert_eq!(asked.data_dir, Some("/a b".into()));
        assert_eq!(asked.others, ["hearth://p/1", "x"]);
        assert_eq!(read(["--data-dir".to_owned()]), Asked::default());
    }
}
