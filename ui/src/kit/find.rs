//! Finding words in what a page shows: where they are, and marking them without touching the page.
//!
//! Words are found within a block (a paragraph, a heading, a button), across the tags inside it, whatever their case.

use crate::kit::dom;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

/// A piece of text and the block that it stands in.
#[derive(Debug, Clone)]
struct Piece {
    block: u32,
    node: Node,
    text: String,
}

/// Where found words begin and end: pieces, and places in them as the page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    from: (usize, u32),
    to: (usize, u32),
}

/// A place in the page (`Range`).
#[derive(Debug, Clone)]
pub struct Spot(JsValue);

/// Tags inside a line of text: words go on across them.
fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "A" | "ABBR"
            | "B"
            | "BDI"
            | "BDO"
            | "CODE"
            | "DEL"
            | "EM"
            | "I"
            | "INS"
            | "KBD"
            | "MARK"
            | "S"
            | "SMALL"
            | "SPAN"
            | "STRONG"
            | "SUB"
            | "SUP"
            | "TIME"
    )
}

/// Text of an element, block by block. What is not meant for eyes is left out.
fn collect(element: &Element, block: &mut u32, into: &mut Vec<Piece>) {
    let children = element.child_nodes();
    for child in (0..children.length()).filter_map(|at| children.get(at)) {
        if child.node_type() == Node::TEXT_NODE {
            let text = child.node_value().unwrap_or_default();
            if !text.is_empty() {
                into.push(Piece {
                    block: *block,
                    node: child,
                    text,
                });
            }
        } else if let Some(inner) = child.dyn_ref::<Element>() {
            let tag = inner.tag_name();
            let skipped = matches!(
                tag.as_str(),
                "SCRIPT" | "STYLE" | "TEXTAREA" | "SELECT" | "svg" | "VIDEO" | "CANVAS"
            ) || inner.class_list().contains("u-hidden-visually");
            if skipped {
                continue;
            }
            let own_block = !is_inline(&tag);
            *block += u32::from(own_block);
            collect(inner, block, into);
            *block += u32::from(own_block);
        }
    }
}

/// One letter as it is compared.
fn fold(letter: char) -> char {
    if letter.is_whitespace() {
        ' '
    } else {
        letter.to_lowercase().next().unwrap_or(letter)
    }
}

/// Where some words stand in pieces of text, in order.
fn places(pieces: &[(u32, &str)], wanted: &str) -> Vec<Place> {
    let wanted: Vec<char> = wanted.trim().chars().map(fold).collect();
    let mut found = Vec::new();
    if wanted.is_empty() {
        return found;
    }
    let mut at = 0;
    while let Some((block, _)) = pieces.get(at) {
        // The letters of a block; blanks in a row count once.
        let mut letters: Vec<(char, (usize, u32), u32)> = Vec::new();
        while let Some((_, text)) = pieces.get(at).filter(|(b, _)| b == block) {
            let mut offset = 0;
            for letter in text.chars() {
                let width = if u32::from(letter) > 0xffff { 2 } else { 1 };
                let folded = fold(letter);
                match letters.last_mut() {
                    Some((' ', _, _)) if folded == ' ' => {}
                    _ => letters.push((folded, (at, offset), offset + width)),
                }
                offset += width;
            }
            at += 1;
        }
        let mut from = 0;
        while let Some(window) = letters.get(from..from + wanted.len()) {
            if window.iter().map(|(c, _, _)| c).eq(wanted.iter()) {
                if let (Some(first), Some(last)) = (window.first(), window.last()) {
                    found.push(Place {
                        from: first.1,
                        to: (last.1.0, last.2),
                    });
                }
                from += wanted.len();
            } else {
                from += 1;
            }
        }
    }
    found
}

/// Every shown place under an element where some words stand.
#[must_use]
pub fn find_in(root: &Element, wanted: &str) -> Vec<Spot> {
    let mut pieces = Vec::new();
    collect(root, &mut 0, &mut pieces);
    let texts: Vec<(u32, &str)> = pieces.iter().map(|p| (p.block, p.text.as_str())).collect();
    places(&texts, wanted)
        .into_iter()
        .filter_map(|place| range(&pieces, place))
        .collect()
}

fn range(pieces: &[Piece], place: Place) -> Option<Spot> {
    let document = dom::document()?;
    let range = dom::call(&document, "createRange", &[])?;
    for (name, (piece, offset)) in [("setStart", place.from), ("setEnd", place.to)] {
        let node = &pieces.get(piece)?.node;
        dom::call(&range, name, &[node.into(), offset.into()])?;
    }
    // What is folded away has no size.
    let rect = dom::call(&range, "getBoundingClientRect", &[])?;
    let size = |side: &str| js_sys::Reflect::get(&rect, &side.into()).ok()?.as_f64();
    (size("width")? > 0.0 && size("height")? > 0.0).then_some(Spot(range))
}

impl Spot {
    /// The element that it stands in.
    #[must_use]
    pub fn element(&self) -> Option<Element> {
        let node = js_sys::Reflect::get(&self.0, &"startContainer".into()).ok()?;
        node.dyn_into::<Node>().ok()?.parent_element()
    }

    /// Brings it into view.
    pub fn show(&self) {
        if let Some(element) = self.element() {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Center);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}

/// All places, and the one that is looked at, by name of their highlight.
const ALL: &str = "h-find";
const NOW: &str = "h-find-now";

/// Marks places, and the one looked at. A browser that cannot mark shows that one as selected.
pub fn mark(spots: &[Spot], now: usize) {
    let here = spots.get(now);
    match highlights() {
        Some(registry) => {
            let of = |spots: &[Spot]| {
                let make = dom::window().and_then(|w| js_sys::Reflect::get(&w, &"Highlight".into()).ok())?;
                let ranges: js_sys::Array = spots.iter().map(|s| s.0.clone()).collect();
                js_sys::Reflect::construct(make.dyn_ref::<js_sys::Function>()?, &ranges).ok()
            };
            let rest: Vec<Spot> = spots
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != now)
                .map(|(_, spot)| spot.clone())
                .collect();
            for (name, spots) in [
                (ALL, rest.as_slice()),
                (NOW, here.map(std::slice::from_ref).unwrap_or_default()),
            ] {
                if let Some(highlight) = of(spots) {
                    dom::call(&registry, "set", &[name.into(), highlight]);
                }
            }
        }
        None => {
            let selection = dom::window().and_then(|w| w.get_selection().ok().flatten());
            if let (Some(selection), Some(here)) = (selection, here) {
                dom::call(&selection, "removeAllRanges", &[]);
                dom::call(&selection, "addRange", std::slice::from_ref(&here.0));
            }
        }
    }
}

/// Marks nothing any more.
pub fn unmark() {
    if let Some(registry) = highlights() {
        for name in [ALL, NOW] {
            dom::call(&registry, "delete", &[name.into()]);
        }
    }
}

fn highlights() -> Option<JsValue> {
    let window = JsValue::from(dom::window()?);
    let css = js_sys::Reflect::get(&window, &"CSS".into()).ok()?;
    let registry = js_sys::Reflect::get(&css, &"highlights".into()).ok()?;
    registry.is_object().then_some(registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(pieces: &[(u32, &str)], wanted: &str) -> Vec<((usize, u32), (usize, u32))> {
        places(pieces, wanted)
            .into_iter()
            .map(|p| (p.from, p.to))
            .collect()
    }

    #[test]
    fn words_are_found_across_tags_and_whatever_their_case() {
        let text = [(1, "The bench is "), (1, "done"), (1, ".")];
        assert_eq!(at(&text, "IS DONE"), [((0, 10), (1, 4))]);
        assert_eq!(at(&text, " done. "), [((1, 0), (2, 1))]);
        assert_eq!(at(&text, "gone"), []);
        assert_eq!(at(&text, "  "), []);
    }

    #[test]
    fn words_do_not_go_on_in_the_next_block_and_blanks_count_once() {
        let text = [(1, "Apple"), (2, "cake"), (3, "apple\n  cake and apple cake")];
        assert_eq!(at(&text, "apple cake"), [((2, 0), (2, 12)), ((2, 17), (2, 27))]);
        assert_eq!(at(&text, "aa"), []);
        assert_eq!(at(&[(1, "aaaa")], "aa").len(), 2, "they do not overlap");
    }

    #[test]
    fn places_are_counted_as_the_page_counts() {
        assert_eq!(at(&[(1, "🎉 Fest")], "fest"), [((0, 3), (0, 7))]);
        assert_eq!(at(&[(1, "Übung")], "ü"), [((0, 0), (0, 1))]);
    }
}
