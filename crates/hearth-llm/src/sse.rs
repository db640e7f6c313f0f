//! Server-sent events, parsed as the bytes arrive.
//!
//! Follows the event stream format of the HTML standard: lines end with LF, CRLF or CR, one space
//! after the colon is dropped, several `data:` lines are joined with LF, comments and `id:` and
//! `retry:` are skipped, a byte order mark at the start is ignored. Two liberties for servers in
//! the field: a line `error: …` is an event of its own, and an event that the end of the stream
//! cut off before its blank line is handed out by [`SseParser::finish`].
//!
//! Bounded: one event, comments and unfinished lines included, holds at most the given bytes.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SseEvent {
    /// The event type; empty if the server named none, `error` for an `error:` line.
    pub event: String,
    /// The joined `data:` lines, as bytes.
    pub data: Vec<u8>,
}

/// An event grew over the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is larger than the limit")]
pub struct EventTooLarge;

/// The incremental parser.
#[derive(Debug)]
pub struct SseParser {
    limit: usize,
    line: Vec<u8>,
    event: SseEvent,
    has_data: bool,
    skip_lf: bool,
    at_start: bool,
}

impl SseParser {
    /// A parser that refuses events over `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            event: SseEvent::default(),
            has_data: false,
            skip_lf: false,
            at_start: true,
        }
    }

    /// Takes the next bytes and appends the events that they complete.
    ///
    /// # Errors
    /// [`EventTooLarge`] once the current event passes the limit; the parser is then of no more use.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<SseEvent>) -> Result<(), EventTooLarge> {
        let mut rest = bytes;
        while let Some((&first, after)) = rest.split_first() {
            if std::mem::take(&mut self.skip_lf) && first == b'\n' {
                rest = after;
                continue;
            }
            let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let (text, tail) = rest
                .split_at_checked(end.unwrap_or(rest.len()))
                .unwrap_or((rest, &[]));
            if self.line.len() + self.event.data.len() + text.len() > self.limit {
                return Err(EventTooLarge);
            }
            self.line.extend_from_slice(text);
            let Some((terminator, tail)) = tail.split_first() else {
                break;
            };
            self.skip_lf = *terminator == b'\r';
            self.end_line(out);
            rest = tail;
        }
        Ok(())
    }

    /// Ends the stream and returns the event that was cut off, if there was one.
    pub fn finish(&mut self) -> Option<SseEvent> {
        let mut out = Vec::new();
        if !self.line.is_empty() {
            self.end_line(&mut out);
        }
        self.dispatch(&mut out);
        out.pop()
    }

    fn end_line(&mut self, out: &mut Vec<SseEvent>) {
        let mut line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.at_start) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        if line.is_empty() {
            self.dispatch(out);
        } else {
            self.field(&line, out);
        }
        line.clear();
        self.line = line; // keeps the allocation
    }

    fn field(&mut self, line: &[u8], out: &mut Vec<SseEvent>) {
        let colon = line.iter().position(|b| *b == b':').unwrap_or(line.len());
        let (name, value) = line.split_at_checked(colon).unwrap_or((line, &[]));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push(b'\n');
                }
                self.event.data.extend_from_slice(value);
            }
            b"event" => self.event.event = String::from_utf8_lossy(value).into_owned(),
            b"error" => out.push(SseEvent {
                event: "error".to_owned(),
                data: value.to_vec(),
            }),
            _ => {}
        }
    }

    fn dispatch(&mut self, out: &mut Vec<SseEvent>) {
        let event = std::mem::take(&mut self.event);
        if std::mem::take(&mut self.has_data) {
            out.push(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(pieces: &[&[u8]]) -> Vec<SseEvent> {
        let mut parser = SseParser::new(1 << 20);
        let mut out = Vec::new();
        for piece in pieces {
            parser.push(piece, &mut out).expect("within the limit");
        }
        out.extend(parser.finish());
        out
    }

    fn data(events: &[SseEvent]) -> Vec<String> {
        events
            .iter()
            .map(|e| String::from_utf8_lossy(&e.data).into_owned())
            .collect()
    }

    #[test]
    fn all_line_endings_and_spellings_are_understood() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\u{FEFF}: hello|data: a|data:b|data:  c||event: ping|id: 7|retry: 9|data|||data: d||"
                .replace('|', end);
            let events = parse(&[text.as_bytes()]);
            assert_eq!(data(&events), ["a\nb\n c", "", "d"], "line ending {end:?}");
            assert_eq!(events[1].event, "ping");
        }
    }

    #[test]
    fn an_error_line_is_an_event() {
        let events = parse(&[b"data: a\n\nerror: {\"code\":500}\n\n"]);
        assert_eq!(
            events[1],
            SseEvent {
                event: "error".into(),
                data: b"{\"code\":500}".to_vec()
            }
        );
    }

    #[test]
    fn an_event_cut_off_by_the_end_is_still_given() {
        assert_eq!(data(&parse(&[b"data: a\n\ndata: [DONE]\n"])), ["a", "[DONE]"]);
        assert_eq!(data(&parse(&[b"data: a\n\ndata: b"])), ["a", "b"]);
    }

    #[test]
    fn an_event_over_the_limit_is_refused() {
        let mut parser = SseParser::new(100);
        let mut out = Vec::new();
        for _ in 0..10 {
            parser
                .push(b"data: 123456789\n\n", &mut out)
                .expect("each event is small");
        }
        assert_eq!(parser.push(&[b':'; 101], &mut out), Err(EventTooLarge));

        let mut parser = SseParser::new(100);
        let result = (0..20).try_for_each(|_| parser.push(b"data: 123456789\n", &mut out));
        assert_eq!(result, Err(EventTooLarge));
    }

    proptest! {
        #[test]
        fn every_split_gives_the_same_events(
            lines in prop::collection::vec(prop_oneof![
                Just("data: x".to_owned()), Just("data:".to_owned()), Just(String::new()), Just(String::new()),
                Just(": c".to_owned()), Just("event: e".to_owned()), Just("error: bad".to_owned()),
                "[ -~é😀]{0,12}",
            ], 0..20),
            ends in prop::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\r")], 20),
            bom in any::<bool>(),
            chunk in 1usize..9,
        ) {
            let mut text = if bom { "\u{FEFF}".to_owned() } else { String::new() };
            for (line, end) in lines.iter().zip(&ends) {
                text.push_str(line);
                text.push_str(end);
            }
            let whole = parse(&[text.as_bytes()]);
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(chunk).collect();
            prop_assert_eq!(parse(&pieces), whole);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&[&bytes]);
        }
    }
}
