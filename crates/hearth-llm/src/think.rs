//! Takes the reasoning out of answers that carry it inline, as `<think>…</think>`.
//!
//! Only a tag at the very start of the answer counts: a model that writes *about* such tags later
//! on is quoted, not split. The tags may be split over deltas; one that is never closed makes the
//! whole answer reasoning. Whitespace just after either tag is dropped.

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Part of the answer.
    Text(String),
    /// Part of the reasoning.
    Reasoning(String),
}

/// The spellings in use.
const TAGS: [(&str, &str); 3] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("[THINK]", "[/THINK]"),
];

/// Leading whitespace that is kept back while an opening tag may still follow.
const MAX_LEAD: usize = 256;

#[derive(Debug)]
enum State {
    /// Nothing but whitespace and perhaps the start of a tag yet.
    Start,
    /// Within the reasoning, which ends with this tag.
    Inside { close: &'static str, trim: bool },
    /// After the reasoning, before the first text.
    Closed,
    /// In the answer.
    Plain,
}

/// The incremental splitter.
#[derive(Debug)]
pub struct ThinkSplitter {
    state: State,
    held: String,
}

impl Default for ThinkSplitter {
    fn default() -> Self {
        Self::new()
    }
}

impl ThinkSplitter {
    /// A splitter at the start of an answer.
    pub fn new() -> Self {
        Self {
            state: State::Start,
            held: String::new(),
        }
    }

    /// Takes the next text and appends the pieces that are certain by now.
    pub fn push(&mut self, text: &str, out: &mut Vec<Piece>) {
        if matches!(self.state, State::Plain) && self.held.is_empty() {
            emit(out, text, Piece::Text);
            return;
        }
        self.held.push_str(text);
        while self.step(out) {}
    }

    /// Ends the answer: what was kept back is what it looked like so far.
    pub fn finish(&mut self, out: &mut Vec<Piece>) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Inside { .. } => emit(out, &held, Piece::Reasoning),
            State::Closed => {}
            State::Start | State::Plain => emit(out, &held, Piece::Text),
        }
        self.state = State::Plain;
    }

    /// Does one step with the held text; false if it needs more.
    fn step(&mut self, out: &mut Vec<Piece>) -> bool {
        match self.state {
            State::Start => {
                let text = self.held.trim_start();
                let may_follow = self.held.len() - text.len() <= MAX_LEAD;
                if let Some((rest, close)) = TAGS
                    .iter()
                    .filter(|_| may_follow)
                    .find_map(|(open, close)| Some((text.strip_prefix(open)?, *close)))
                {
                    self.held = rest.to_owned();
                    self.state = State::Inside { close, trim: true };
                    return true;
                }
                if may_follow && TAGS.iter().any(|(open, _)| open.starts_with(text)) {
                    return false;
                }
                self.state = State::Plain;
                true
            }
            State::Inside { close, trim } => {
                if trim {
                    self.held = self.held.trim_start().to_owned();
                    if self.held.is_empty() {
                        return false;
                    }
                    self.state = State::Inside { close, trim: false };
                }
                if let Some((before, after)) = self.held.split_once(close) {
                    emit(out, before, Piece::Reasoning);
                    self.held = after.to_owned();
                    self.state = State::Closed;
                    return true;
                }
                let certain = self.held.len() - partial_suffix(&self.held, close);
                let rest = self.held.split_off(certain);
                emit(out, &std::mem::replace(&mut self.held, rest), Piece::Reasoning);
                false
            }
            State::Closed => {
                self.held = self.held.trim_start().to_owned();
                if self.held.is_empty() {
                    return false;
                }
                self.state = State::Plain;
                true
            }
            State::Plain => {
                emit(out, &std::mem::take(&mut self.held), Piece::Text);
                false
            }
        }
    }
}

fn emit(out: &mut Vec<Piece>, text: &str, piece: impl FnOnce(String) -> Piece) {
    if !text.is_empty() {
        out.push(piece(text.to_owned()));
    }
}

/// The length of the longest end of `text` that starts `tag` (which is ASCII).
fn partial_suffix(text: &str, tag: &str) -> usize {
    (1..tag.len())
        .rev()
        .find(|n| tag.get(..*n).is_some_and(|start| text.ends_with(start)))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(pieces: &[&str]) -> (String, String) {
        let mut splitter = ThinkSplitter::new();
        let mut out = Vec::new();
        for piece in pieces {
            splitter.push(piece, &mut out);
        }
        splitter.finish(&mut out);
        let (mut text, mut reasoning) = (String::new(), String::new());
        for piece in out {
            match piece {
                Piece::Text(t) => text.push_str(&t),
                Piece::Reasoning(t) => reasoning.push_str(&t),
            }
        }
        (text, reasoning)
    }

    fn pair(text: &str, reasoning: &str) -> (String, String) {
        (text.to_owned(), reasoning.to_owned())
    }

    #[test]
    fn reasoning_is_taken_out() {
        assert_eq!(
            split(&["<think>\nhm, so\n</think>\n\nYes."]),
            pair("Yes.", "hm, so\n")
        );
        assert_eq!(split(&["\n<thi", "nk>a</th", "ink>b"]), pair("b", "a"));
        assert_eq!(split(&["<thinking>a</thinking>b"]), pair("b", "a"));
        assert_eq!(split(&["<think>\n\n</think>\n\nYes"]), pair("Yes", ""));
    }

    #[test]
    fn an_unclosed_tag_makes_it_all_reasoning() {
        assert_eq!(split(&["<think>a</th"]), pair("", "a</th"));
    }

    #[test]
    fn a_tag_later_on_is_text() {
        assert_eq!(
            split(&["Use <think>x</think>."]),
            pair("Use <think>x</think>.", "")
        );
        assert_eq!(split(&["<thin air>"]), pair("<thin air>", ""));
        assert_eq!(split(&["  <th"]), pair("  <th", ""));
        assert_eq!(
            split(&["<think>a</think>b <think>c</think>"]),
            pair("b <think>c</think>", "a")
        );
    }

    proptest! {
        #[test]
        fn every_split_gives_the_same_text(
            parts in prop::collection::vec(prop_oneof![
                Just("<think>"), Just("</think>"), Just("<thinking>"), Just("</thinking>"), Just("<"), Just("\n "),
                Just("</"), Just("é"), Just("word ")], 0..10),
            chunk in 1usize..6,
        ) {
            let text = parts.concat();
            let chars: Vec<char> = text.chars().collect();
            let pieces: Vec<String> = chars.chunks(chunk).map(|c| c.iter().collect()).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            prop_assert_eq!(split(&pieces), split(&[&text]));
        }
    }
}
