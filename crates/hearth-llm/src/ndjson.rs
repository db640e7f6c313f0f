//! Newline-delimited JSON, cut into lines as the bytes arrive.
//!
//! Lines may be split over packets or come several at once; blank lines and carriage returns are
//! dropped. The lines are handed out as bytes: decoding JSON is the caller's work. Bounded: a line
//! holds at most the given bytes.

use crate::sse::EventTooLarge;

/// The incremental line splitter.
#[derive(Debug)]
pub struct NdjsonParser {
    limit: usize,
    line: Vec<u8>,
}

impl NdjsonParser {
    /// A parser that refuses lines over `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
        }
    }

    /// Takes the next bytes and appends the lines that they complete.
    ///
    /// # Errors
    /// [`EventTooLarge`] once a line passes the limit; the parser is then of no more use.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Vec<u8>>) -> Result<(), EventTooLarge> {
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            if self.line.len() + piece.len() > self.limit {
                return Err(EventTooLarge);
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                out.extend(self.finish());
            }
        }
        Ok(())
    }

    /// Returns the line collected so far, which has no line end yet.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.line);
        let trimmed = line.trim_ascii();
        (!trimmed.is_empty()).then(|| trimmed.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut parser = NdjsonParser::new(1 << 20);
        let mut out = Vec::new();
        for piece in pieces {
            parser.push(piece, &mut out).expect("within the limit");
        }
        out.extend(parser.finish());
        out
    }

    #[test]
    fn lines_split_and_joined_are_the_same_lines() {
        let lines = parse(&[b"{\"a\"", b":1}\r\n\n{\"b\":2}\n{\"c\"", b":3}"]);
        assert_eq!(
            lines,
            [
                b"{\"a\":1}".to_vec(),
                b"{\"b\":2}".to_vec(),
                b"{\"c\":3}".to_vec()
            ]
        );
    }

    #[test]
    fn a_line_over_the_limit_is_refused() {
        let mut parser = NdjsonParser::new(10);
        let mut out = Vec::new();
        assert_eq!(parser.push(b"12345678901", &mut out), Err(EventTooLarge));
    }

    proptest! {
        #[test]
        fn every_split_gives_the_same_lines(bytes in prop::collection::vec(
            prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), any::<u8>()], 0..200), chunk in 1usize..9) {
            let whole = parse(&[&bytes]);
            let pieces: Vec<&[u8]> = bytes.chunks(chunk).collect();
            prop_assert_eq!(parse(&pieces), whole);
        }
    }
}
