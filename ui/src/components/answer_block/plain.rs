//! Markdown as plain words, line by line, for copying.

use crate::kit::markdown::{Element, Flavour, Node, parse};

/// The plain words of a Markdown text.
#[must_use]
pub fn plain_text(text: &str) -> String {
    let mut out = String::new();
    blocks(&parse(text, Flavour::Chat), &mut out, "");
    out.trim().to_owned()
}

fn blocks(nodes: &[Node], out: &mut String, indent: &str) {
    for node in nodes {
        match node {
            Node::Text(text) | Node::Code(text) | Node::Math(text, _) => out.push_str(text),
            Node::CodeBlock(_, code) => {
                out.push_str(code);
                out.push_str("\n\n");
            }
            Node::Break => out.push('\n'),
            Node::Rule => out.push_str("\n\n"),
            Node::Mention(_) => {}
            Node::Task(done) => out.push_str(if *done { "[x] " } else { "[ ] " }),
            Node::Element(element, children) => inner(element, children, out, indent),
        }
    }
}

fn inner(element: &Element, children: &[Node], out: &mut String, indent: &str) {
    match element {
        Element::Paragraph | Element::Heading(_) | Element::Quote | Element::Table => {
            blocks(children, out, indent);
            if !out.ends_with("\n\n") {
                out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
            }
        }
        Element::List(first) => {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            for (index, item) in children.iter().enumerate() {
                out.push_str(indent);
                match first {
                    Some(first) => out.push_str(&format!(
                        "{}. ",
                        first.saturating_add(u64::try_from(index).unwrap_or(0))
                    )),
                    None => out.push_str("- "),
                }
                blocks(std::slice::from_ref(item), out, &format!("{indent}  "));
                let end = out.trim_end().len();
                out.truncate(end);
                out.push('\n');
            }
            out.push('\n');
        }
        Element::Row | Element::Head => {
            blocks(children, out, indent);
            let end = out.trim_end().len();
            out.truncate(end);
            out.push('\n');
        }
        Element::Cell(_) => {
            blocks(children, out, indent);
            out.push('\t');
        }
        Element::Link(url) => {
            let from = out.len();
            blocks(children, out, indent);
            if out.get(from..).is_some_and(|words| words != url) {
                out.push_str(&format!(" ({url})"));
            }
        }
        Element::Item | Element::Strong | Element::Emphasis | Element::Strike => {
            blocks(children, out, indent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_lines() {
        let text = "# Plan\n\nDo **this**:\n\n1. a\n2. b\n   - c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n[site](https://a.test)";
        assert_eq!(
            plain_text(text),
            "Plan\n\nDo this:\n\n1. a\n2. b\n  - c\n\nx\ty\n1\t2\n\nsite (https://a.test)"
        );
    }
}
