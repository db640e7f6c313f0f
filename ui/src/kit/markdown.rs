//! Markdown that people and models wrote, as a tree that the `Markdown` component draws.
//!
//! Raw HTML is text, pictures are links, headings start below the page's own. Half-written Markdown always gives a
//! tree. Depth is bounded, so nobody can exhaust the stack with ten thousand quote marks.

use crate::kit::links::{self, Piece};
use pulldown_cmark::{
    Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream,
};
use std::ops::Range;

/// What a text may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flavour {
    /// Posts, comments, profiles: bold, italic, links, lists, quotes, code; each line break counts.
    #[default]
    Post,
    /// Answers of a model: also headings, tables, task lists, strikethrough, mathematics.
    Chat,
}

/// How a table column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// To the start of the line.
    #[default]
    Start,
    /// To the middle.
    Centre,
    /// To the end.
    End,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Words.
    Text(String),
    /// A mention `@{id}`; the id as text.
    Mention(String),
    /// A line break.
    Break,
    /// A thematic break.
    Rule,
    /// Code within a line.
    Code(String),
    /// A formula, as its source; `true` for one on lines of its own.
    Math(String, bool),
    /// A block of code with the language it names.
    CodeBlock(String, String),
    /// The mark of a task, done or not.
    Task(bool),
    /// Something with content.
    Element(Element, Vec<Node>),
}

/// What has content.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A paragraph.
    Paragraph,
    /// A heading, level 1-6 within the text.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A list; with the first number when it is numbered.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// Strong emphasis.
    Strong,
    /// Emphasis.
    Emphasis,
    /// Struck out.
    Strike,
    /// A link to an address that has not been checked yet.
    Link(String),
    /// A table.
    Table,
    /// The head row of a table.
    Head,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell(Align),
}

const MAX_DEPTH: usize = 24;

fn options(flavour: Flavour) -> Options {
    match flavour {
        Flavour::Post => Options::empty(),
        Flavour::Chat => {
            Options::ENABLE_TABLES
                | Options::ENABLE_TASKLISTS
                | Options::ENABLE_STRIKETHROUGH
                | Options::ENABLE_MATH
        }
    }
}

/// Parses a text.
#[must_use]
pub fn parse(text: &str, flavour: Flavour) -> Vec<Node> {
    let mut builder = Builder::new(flavour);
    for event in TextMergeStream::new(Parser::new_ext(text, options(flavour))) {
        builder.take(event);
    }
    builder.finish()
}

/// The top-level blocks of a text as byte ranges that cover it without gaps, so that a growing text is parsed again
/// only from the start of its last block.
#[must_use]
pub fn blocks(text: &str, flavour: Flavour) -> Vec<Range<usize>> {
    let mut starts = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(text, options(flavour)).into_offset_iter() {
        match event {
            Event::Start(_) => {
                if depth == 0 {
                    starts.push(range.start);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => starts.push(range.start),
            _ => {}
        }
    }
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

/// The plain words of a tree.
#[must_use]
pub fn plain(nodes: &[Node]) -> String {
    let mut out = String::new();
    collect(nodes, &mut out);
    out
}

fn collect(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Code(text) | Node::Math(text, _) | Node::CodeBlock(_, text) => {
                out.push_str(text)
            }
            Node::Break => out.push('\n'),
            Node::Mention(_) | Node::Rule | Node::Task(_) => {}
            Node::Element(_, children) => collect(children, out),
        }
    }
}

enum Open {
    Element(Element, Vec<Node>),
    CodeBlock(String, String),
    /// Something drawn as its content only: too deep, or not of this flavour.
    Through,
}

struct Builder {
    flavour: Flavour,
    root: Vec<Node>,
    open: Vec<Open>,
    aligns: Vec<Align>,
    column: usize,
}

impl Builder {
    fn new(flavour: Flavour) -> Self {
        Self {
            flavour,
            root: Vec::new(),
            open: Vec::new(),
            aligns: Vec::new(),
            column: 0,
        }
    }

    fn push(&mut self, node: Node) {
        let target = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Element(_, children) => Some(children),
            Open::CodeBlock(..) | Open::Through => None,
        });
        target.unwrap_or(&mut self.root).push(node);
    }

    fn in_link(&self) -> bool {
        self.open
            .iter()
            .any(|open| matches!(open, Open::Element(Element::Link(_), _)))
    }

    fn text(&mut self, text: &str) {
        if let Some(Open::CodeBlock(_, code)) = self.open.last_mut() {
            code.push_str(text);
            return;
        }
        if self.in_link() {
            self.push(Node::Text(text.to_owned()));
            return;
        }
        for piece in links::pieces(text) {
            match piece {
                Piece::Url(url) => {
                    let words = vec![Node::Text(url.to_owned())];
                    self.push(Node::Element(Element::Link(url.to_owned()), words));
                }
                Piece::Text(words) => self.words(words),
            }
        }
    }

    /// Words with mentions in them.
    fn words(&mut self, mut text: &str) {
        while let Some((before, after)) = text.split_once("@{") {
            let Some((id, rest)) = after.split_once('}') else {
                break;
            };
            let is_id = id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
            if is_id {
                if !before.is_empty() {
                    self.push(Node::Text(before.to_owned()));
                }
                self.push(Node::Mention(id.to_owned()));
            } else {
                self.push(Node::Text(format!("{before}@{{{id}}}")));
            }
            text = rest;
        }
        if !text.is_empty() {
            self.push(Node::Text(text.to_owned()));
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let chat = self.flavour == Flavour::Chat;
        let element = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Element::Paragraph,
            Tag::Heading { level, .. } if chat => Element::Heading(depth_of(*level)),
            Tag::Heading { .. } => Element::Paragraph,
            Tag::BlockQuote(_) => Element::Quote,
            Tag::List(first) => Element::List(*first),
            Tag::Item => Element::Item,
            Tag::Emphasis => Element::Emphasis,
            Tag::Strong => Element::Strong,
            Tag::Strikethrough => Element::Strike,
            Tag::Link {
                dest_url, link_type, ..
            } => {
                let mail = matches!(link_type, pulldown_cmark::LinkType::Email);
                Element::Link(if mail {
                    format!("mailto:{dest_url}")
                } else {
                    dest_url.to_string()
                })
            }
            // A picture elsewhere is never loaded: it stands as a link.
            Tag::Image { dest_url, .. } => Element::Link(dest_url.to_string()),
            Tag::Table(aligns) => {
                self.aligns = aligns.iter().map(|a| align(*a)).collect();
                Element::Table
            }
            Tag::TableHead => {
                self.column = 0;
                Element::Head
            }
            Tag::TableRow => {
                self.column = 0;
                Element::Row
            }
            Tag::TableCell => {
                let align = self.aligns.get(self.column).copied().unwrap_or_default();
                self.column += 1;
                Element::Cell(align)
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.open.push(Open::CodeBlock(language, String::new()));
                return;
            }
            _ => {
                self.open.push(Open::Through);
                return;
            }
        };
        let too_deep = self.open.len() >= MAX_DEPTH;
        let nested_link = matches!(element, Element::Link(_)) && self.in_link();
        self.open.push(if too_deep || nested_link {
            Open::Through
        } else {
            Open::Element(element, Vec::new())
        });
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Element(element, children)) => self.push(Node::Element(element, children)),
            Some(Open::CodeBlock(language, mut code)) => {
                if code.ends_with('\n') {
                    code.pop();
                }
                self.push(Node::CodeBlock(language, code));
            }
            Some(Open::Through) | None => {}
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(TagEnd::HtmlBlock) | Event::End(_) => self.end(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(code) => self.push(Node::Code(code.into_string())),
            Event::InlineMath(formula) => self.push(Node::Math(formula.into_string(), false)),
            Event::DisplayMath(formula) => self.push(Node::Math(formula.into_string(), true)),
            Event::FootnoteReference(name) => self.push(Node::Text(format!("[{name}]"))),
            Event::SoftBreak if self.flavour == Flavour::Chat => self.push(Node::Text(" ".to_owned())),
            Event::SoftBreak | Event::HardBreak => self.push(Node::Break),
            Event::Rule => self.push(Node::Rule),
            Event::TaskListMarker(done) => self.push(Node::Task(done)),
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.end();
        }
        self.root
    }
}

fn depth_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn align(align: Alignment) -> Align {
    match align {
        Alignment::None | Alignment::Left => Align::Start,
        Alignment::Center => Align::Centre,
        Alignment::Right => Align::End,
    }
}

#[cfg(test)]
mod tests;
