//! What Markdown becomes.

use super::*;

fn words(text: &str) -> Vec<Node> {
    vec![Node::Text(text.to_owned())]
}

fn one(text: &str, flavour: Flavour) -> Node {
    let mut nodes = parse(text, flavour);
    assert_eq!(nodes.len(), 1, "{nodes:?}");
    nodes.remove(0)
}

#[test]
fn html_is_text_and_pictures_are_links() {
    let html = plain(&parse(
        "<script>alert(1)</script>\n\na <b onclick=x>b</b>",
        Flavour::Chat,
    ));
    assert!(
        html.contains("<script>alert(1)</script>") && html.contains("<b onclick=x>"),
        "{html}"
    );
    let Node::Element(Element::Paragraph, inner) = one("![cat](https://x.test/c.png)", Flavour::Chat) else {
        panic!()
    };
    assert_eq!(
        inner,
        vec![Node::Element(
            Element::Link("https://x.test/c.png".into()),
            words("cat")
        )]
    );
}

#[test]
fn posts_keep_line_breaks_and_have_no_headings_or_tables() {
    let Node::Element(Element::Paragraph, inner) = one("a\nb", Flavour::Post) else {
        panic!()
    };
    assert!(inner.contains(&Node::Break));
    assert!(matches!(
        one("# a", Flavour::Post),
        Node::Element(Element::Paragraph, _)
    ));
    assert!(matches!(
        one("# a", Flavour::Chat),
        Node::Element(Element::Heading(1), _)
    ));
    assert!(matches!(
        one("|a|\n|-|\n|b|", Flavour::Chat),
        Node::Element(Element::Table, _)
    ));
    assert!(matches!(
        one("|a|\n|-|\n|b|", Flavour::Post),
        Node::Element(Element::Paragraph, _)
    ));
}

#[test]
fn mentions_and_bare_addresses_are_found_outside_code() {
    let id = "019a2b3c-0000-7000-8000-000000000001";
    let Node::Element(_, inner) = one(&format!("hi @{{{id}}} see https://a.test."), Flavour::Post) else {
        panic!()
    };
    assert_eq!(inner.get(1), Some(&Node::Mention(id.to_owned())));
    assert_eq!(
        inner.get(3),
        Some(&Node::Element(
            Element::Link("https://a.test".into()),
            words("https://a.test")
        ))
    );
    let Node::Element(_, code) = one(&format!("`@{{{id}}}`"), Flavour::Post) else {
        panic!()
    };
    assert_eq!(code, vec![Node::Code(format!("@{{{id}}}"))]);
    assert_eq!(plain(&parse("@{x} @{", Flavour::Post)), "@{x} @{");
}

#[test]
fn half_written_markdown_gives_a_tree() {
    assert_eq!(
        one("```rust\nfn a() {", Flavour::Chat),
        Node::CodeBlock("rust".into(), "fn a() {".into())
    );
    for text in [
        "**bo",
        "[a](http",
        "| a |\n|--",
        "- [ ",
        "> ",
        "$x",
        "~~",
        "<div",
        "1. ",
        "```",
        "\\",
    ] {
        let _tree = parse(text, Flavour::Chat);
        let _tree = parse(text, Flavour::Post);
    }
}

#[test]
fn depth_is_bounded() {
    fn depth(nodes: &[Node]) -> usize {
        nodes
            .iter()
            .map(|n| {
                if let Node::Element(_, inner) = n {
                    1 + depth(inner)
                } else {
                    0
                }
            })
            .max()
            .unwrap_or(0)
    }
    let deep = parse(&format!("{} end", "> ".repeat(3000)), Flavour::Chat);
    assert!(depth(&deep) <= MAX_DEPTH + 1);
    assert_eq!(plain(&deep).trim(), "end");
}

#[test]
fn blocks_cover_the_text_and_keep_their_starts_while_it_grows() {
    let text = "# a\n\nb *c*\n\n- d\n- e\n\n```\nf\n```\n\ng";
    let all = blocks(text, Flavour::Chat);
    assert_eq!(all.len(), 5);
    assert_eq!(all.last().unwrap().end, text.len());
    for cut in (1..text.len()).filter(|i| text.is_char_boundary(*i)) {
        let early = blocks(&text[..cut], Flavour::Chat);
        for (a, b) in early.iter().zip(&all) {
            assert_eq!(a.start, b.start, "at {cut}");
        }
    }
}
