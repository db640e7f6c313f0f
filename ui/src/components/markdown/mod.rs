//! Draws Markdown as elements, never as raw HTML; blocks that did not change are not drawn again.

pub mod highlight;

use crate::components::Size;
use crate::components::button::{IconButton, Variant};
use crate::components::icon::IconName;
use crate::components::link::Link;
use crate::kit::dom::copy_text;
use crate::kit::links;
use crate::kit::markdown::{Align, Element, Flavour, Node, blocks, parse, plain};
use crate::routes::Route;
use crate::{kit::announce, t};
use gloo_timers::callback::Timeout;
use hearth_api::feed::Mention;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Markdown`].
#[derive(Properties, PartialEq)]
pub struct MarkdownProps {
    /// The source.
    pub text: AttrValue,
    /// What it may contain.
    #[prop_or_default]
    pub flavour: Flavour,
    /// The people that `@{id}` stands for.
    #[prop_or_default]
    pub mentions: Rc<[Mention]>,
}

/// Text that people or a model wrote. A growing text parses only its last blocks again.
#[component]
pub fn Markdown(props: &MarkdownProps) -> Html {
    let before = use_mut_ref(|| (AttrValue::default(), Vec::<Range<usize>>::new()));
    let ranges = grow(&mut before.borrow_mut(), &props.text, props.flavour);
    html! {
        <div class="h-md" dir="auto" data-flavour={if props.flavour == Flavour::Chat { "chat" } else { "post" }}>
            { for ranges.into_iter().enumerate().map(|(index, range)| {
                let source = AttrValue::from(props.text.get(range).unwrap_or_default().to_owned());
                html! { <Block key={index} {source} flavour={props.flavour} mentions={Rc::clone(&props.mentions)} /> }
            }) }
        </div>
    }
}

/// The blocks of a text, parsed again only from the last two blocks of the text before when that is how it begins: a
/// half-written line may look like a block of its own and then join the one above it.
fn grow(
    before: &mut (AttrValue, Vec<Range<usize>>),
    text: &AttrValue,
    flavour: Flavour,
) -> Vec<Range<usize>> {
    let (old, ranges) = before;
    let grown = !old.is_empty() && text.len() >= old.len() && text.starts_with(old.as_str());
    let from = if grown {
        ranges.iter().rev().nth(1).map_or(0, |r| r.start)
    } else {
        0
    };
    let mut all: Vec<_> = if grown {
        ranges.iter().filter(|r| r.end <= from).cloned().collect()
    } else {
        Vec::new()
    };
    let rest = text.get(from..).unwrap_or_default();
    all.extend(
        blocks(rest, flavour)
            .into_iter()
            .map(|r| r.start + from..r.end + from),
    );
    *before = (text.clone(), all.clone());
    all
}

#[derive(Properties, PartialEq)]
struct BlockProps {
    source: AttrValue,
    flavour: Flavour,
    mentions: Rc<[Mention]>,
}

#[component]
fn Block(props: &BlockProps) -> Html {
    let nodes = parse(&props.source, props.flavour);
    draw_all(&nodes, &props.mentions)
}

fn draw_all(nodes: &[Node], mentions: &[Mention]) -> Html {
    nodes.iter().map(|node| draw(node, mentions)).collect()
}

fn draw(node: &Node, mentions: &[Mention]) -> Html {
    match node {
        Node::Text(text) => html! { { text.clone() } },
        Node::Mention(id) => mention(id, mentions),
        Node::Break => html! { <br /> },
        Node::Rule => html! { <hr /> },
        Node::Code(code) => html! { <code class="h-md__code">{ code.clone() }</code> },
        Node::Math(source, false) => html! { <code class="h-md__math">{ source.clone() }</code> },
        Node::Math(source, true) => html! { <pre class="h-md__math" dir="ltr">{ source.clone() }</pre> },
        Node::CodeBlock(language, code) => {
            html! { <CodeBlock language={language.clone()} code={code.clone()} /> }
        }
        Node::Task(done) => html! {
            <span class="h-md__task" role="img" data-done={done.then_some("true")} aria-label={if *done { t!("task-done") } else { t!("task-open") }} />
        },
        Node::Element(element, children) => draw_element(element, children, mentions),
    }
}

fn draw_element(element: &Element, children: &[Node], mentions: &[Mention]) -> Html {
    let inner = draw_all(children, mentions);
    match element {
        Element::Paragraph => html! { <p dir="auto">{ inner }</p> },
        // The page has h1 and the card h2: what people write begins below.
        Element::Heading(1 | 2) => html! { <h3 dir="auto" class="h-md__h1">{ inner }</h3> },
        Element::Heading(3) => html! { <h4 dir="auto" class="h-md__h2">{ inner }</h4> },
        Element::Heading(_) => html! { <h5 dir="auto" class="h-md__h3">{ inner }</h5> },
        Element::Quote => html! { <blockquote dir="auto">{ inner }</blockquote> },
        Element::List(None) => html! { <ul dir="auto">{ inner }</ul> },
        Element::List(Some(first)) => {
            html! { <ol dir="auto" start={(*first != 1).then(|| first.to_string())}>{ inner }</ol> }
        }
        Element::Item => {
            let task = matches!(children.first(), Some(Node::Task(_)))
                || matches!(children.first(), Some(Node::Element(Element::Paragraph, c)) if matches!(c.first(), Some(Node::Task(_))));
            html! { <li dir="auto" data-task={task.then_some("true")}>{ inner }</li> }
        }
        Element::Strong => html! { <strong>{ inner }</strong> },
        Element::Emphasis => html! { <em>{ inner }</em> },
        Element::Strike => html! { <s>{ inner }</s> },
        Element::Link(url) => links::view(url, &plain(children), inner),
        Element::Table => html! {
            <div class="h-md__table" tabindex="0" role="group" aria-label={t!("markdown-table")}><table>{ table(children, mentions) }</table></div>
        },
        Element::Head | Element::Row | Element::Cell(_) => inner,
    }
}

/// The head and body of a table from its rows.
fn table(rows: &[Node], mentions: &[Mention]) -> Html {
    let row = |cells: &[Node], head: bool| -> Html {
        cells
            .iter()
            .map(|cell| {
                let Node::Element(Element::Cell(align), children) = cell else {
                    return Html::default();
                };
                let align = match align {
                    Align::Start => None,
                    Align::Centre => Some("centre"),
                    Align::End => Some("end"),
                };
                let inner = draw_all(children, mentions);
                if head {
                    html! { <th dir="auto" scope="col" data-align={align}>{ inner }</th> }
                } else {
                    html! { <td dir="auto" data-align={align}>{ inner }</td> }
                }
            })
            .collect()
    };
    let head = rows.iter().filter_map(|node| match node {
        Node::Element(Element::Head, cells) => Some(html! { <tr>{ row(cells, true) }</tr> }),
        _ => None,
    });
    let body = rows.iter().filter_map(|node| match node {
        Node::Element(Element::Row, cells) => Some(html! { <tr>{ row(cells, false) }</tr> }),
        _ => None,
    });
    html! { <><thead>{ for head }</thead><tbody>{ for body }</tbody></> }
}

fn mention(id: &str, mentions: &[Mention]) -> Html {
    match mentions.iter().find(|m| m.person.to_string() == id) {
        Some(mention) if !mention.removed => html! {
            <Link to={Route::Profile { person: mention.person }} class="h-md__mention"><bdi>{ mention.name.clone() }</bdi></Link>
        },
        Some(mention) => html! { <bdi>{ mention.name.clone() }</bdi> },
        None => html! { <span>{ t!("mention-unknown") }</span> },
    }
}

/// Properties of [`CodeBlock`].
#[derive(Properties, PartialEq)]
pub struct CodeBlockProps {
    /// The code.
    pub code: AttrValue,
    /// The language it says it is in.
    #[prop_or_default]
    pub language: AttrValue,
}

/// A block of code: coloured, copied, wrapped or not.
#[component]
pub fn CodeBlock(props: &CodeBlockProps) -> Html {
    let wrap = use_state_eq(|| false);
    let copied = use_state_eq(|| false);
    let timer = use_mut_ref(|| None::<Timeout>);
    let copy = {
        let (code, copied, timer) = (props.code.clone(), copied.setter(), Rc::clone(&timer));
        Callback::from(move |_: MouseEvent| {
            let (code, copied, timer): (_, _, Rc<RefCell<Option<Timeout>>>) =
                (code.clone(), copied.clone(), Rc::clone(&timer));
            wasm_bindgen_futures::spawn_local(async move {
                if copy_text(&code).await {
                    copied.set(true);
                    announce::polite(t!("copied"));
                    timer.replace(Some(Timeout::new(1_800, move || copied.set(false))));
                }
            });
        })
    };
    let toggle = {
        let wrap = wrap.clone();
        Callback::from(move |_: MouseEvent| wrap.set(!*wrap))
    };
    let pieces = use_memo(
        (props.code.clone(), props.language.clone()),
        |(code, language)| {
            highlight::pieces(code, language)
                .into_iter()
                .map(|(kind, text)| match kind {
                    Some(kind) => {
                        html! { <span class={format!("h-code-{}", kind.as_str())}>{ text.to_owned() }</span> }
                    }
                    None => html! { { text.to_owned() } },
                })
                .collect::<Html>()
        },
    );
    html! {
        <figure class="h-code-block" dir="ltr">
            <figcaption class="h-code-block__head">
                <span class="h-code-block__language">{ props.language.clone() }</span>
                <IconButton icon={IconName::Menu} label={t!("code-wrap")} size={Size::S} pressed={*wrap} on_click={toggle} />
                <IconButton
                    icon={if *copied { IconName::Check } else { IconName::Copy }}
                    label={if *copied { t!("copied") } else { t!("action-copy") }}
                    size={Size::S}
                    variant={Variant::Quiet}
                    on_click={copy}
                />
            </figcaption>
            <pre class="h-code-block__text" tabindex="0" data-wrap={wrap.then_some("true")}><code>{ (*pieces).clone() }</code></pre>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growing_answer_has_the_same_blocks_as_the_whole() {
        let text = "# Plan\n\nFirst *this*:\n\n1. a\n2. b\n\n```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nDone.";
        let mut state = (AttrValue::default(), Vec::new());
        let mut last = Vec::new();
        for end in (1..=text.len()).filter(|i| text.is_char_boundary(*i)) {
            last = grow(
                &mut state,
                &AttrValue::from(text[..end].to_owned()),
                Flavour::Chat,
            );
        }
        assert_eq!(last, blocks(text, Flavour::Chat));
        let other = grow(&mut state, &AttrValue::from("other"), Flavour::Chat);
        assert_eq!(other, vec![0..5]);
    }
}
