//! The pictures and files of a post: one to four pictures as a mosaic, the rest behind the last; files as rows.

use crate::backend;
use crate::components::icon::{Icon, IconName, IconSize};
use crate::kit::{dom::use_vars, time};
use crate::t;
use gloo_timers::callback::Timeout;
use hearth_api::media::{MediaItem, MediaKind, Variant};
use std::rc::Rc;
use yew::prelude::*;

/// How many pictures a mosaic shows.
pub const SHOWN: usize = 4;

/// Whether a file is looked at rather than downloaded.
#[must_use]
pub fn is_visual(item: &MediaItem) -> bool {
    matches!(item.kind, MediaKind::Image | MediaKind::Video)
}

/// The shape of a picture, width by height, kept between a tall phone screen and a wide panorama.
fn ratio(item: &MediaItem, narrowest: f64, widest: f64) -> f64 {
    match (item.width, item.height) {
        (Some(w), Some(h)) if w > 0 && h > 0 => (f64::from(w) / f64::from(h)).clamp(narrowest, widest),
        _ => 1.5,
    }
}

/// One of six colours, the same for a file everywhere: what is seen before any of it has come.
fn hue(item: &MediaItem) -> u32 {
    item.hash.as_str().bytes().take(4).map(u32::from).sum::<u32>() % 6
}

/// Properties of [`PhotoMosaic`].
#[derive(Properties, PartialEq)]
pub struct PhotoMosaicProps {
    /// The pictures and files, in order.
    pub media: Rc<[MediaItem]>,
    /// Whose they are: for pictures without an alternative text.
    pub by: AttrValue,
    /// Opens one, by its place among the pictures.
    pub on_open: Callback<usize>,
    /// Whether the tiles are small, under a comment.
    #[prop_or_default]
    pub compact: bool,
}

/// The pictures and files of a post or comment.
#[component]
pub fn PhotoMosaic(props: &PhotoMosaicProps) -> Html {
    let node = use_node_ref();
    let visual: Vec<&MediaItem> = props.media.iter().filter(|m| is_visual(m)).collect();
    let files: Vec<&MediaItem> = props.media.iter().filter(|m| !is_visual(m)).collect();
    let shape = match visual.as_slice() {
        [one] => ratio(one, 0.8, 2.4),
        [a, b] => (ratio(a, 0.8, 1.6) + ratio(b, 0.8, 1.6)).clamp(1.6, 2.6),
        [_, _, _] => 1.5,
        _ => 4.0 / 3.0,
    };
    use_vars(&node, vec![("--shape", format!("{shape:.4}"))]);
    let count = visual.len();
    let hidden = count.saturating_sub(SHOWN);
    html! {
        <>
            if count > 0 {
                <div
                    class="h-mosaic"
                    ref={node}
                    role="group"
                    aria-label={t!("photos-count", "count" => count)}
                    data-count={count.min(SHOWN).to_string()}
                    data-compact={props.compact.then_some("true")}
                >
                    { for visual.iter().take(SHOWN).enumerate().map(|(index, item)| {
                        let more = if index + 1 == SHOWN { hidden } else { 0 };
                        html! {
                            <Tile
                                key={item.hash.to_string()}
                                item={(*item).clone()}
                                {index}
                                {count}
                                {more}
                                by={props.by.clone()}
                                large={count < 3 && !props.compact}
                                on_open={props.on_open.clone()}
                            />
                        }
                    }) }
                </div>
            }
            if !files.is_empty() {
                <div class="h-files">{ for files.iter().map(|item| html! { <FileRow key={item.hash.to_string()} item={(*item).clone()} /> }) }</div>
            }
        </>
    }
}

/// How long to wait before a picture is tried again that did not come so many times, in milliseconds: longer each time, a minute at most.
fn again_after(times: u32) -> u32 {
    match times {
        0 => 0,
        more => (2_000 << more.min(5)).min(60_000),
    }
}

#[derive(Properties, PartialEq)]
struct TileProps {
    item: MediaItem,
    index: usize,
    count: usize,
    more: usize,
    by: AttrValue,
    large: bool,
    on_open: Callback<usize>,
}

/// One picture of the mosaic.
#[component]
fn Tile(props: &TileProps) -> Html {
    let shown = use_state_eq(|| false);
    // How often it did not come. The preview may be here where the larger one is not; after that it is tried again now and then.
    let failed = use_state_eq(|| 0_u32);
    let attempt = use_state_eq(|| 0_u32);
    let item = &props.item;
    let video = item.kind == MediaKind::Video;
    let what = if item.alt.trim().is_empty() {
        if video {
            t!("video-by", "name" => &props.by)
        } else {
            t!("photo-by", "name" => &props.by)
        }
    } else {
        AttrValue::from(item.alt.clone())
    };
    let label = if props.count > 1 {
        t!("photo-open-of", "number" => props.index + 1, "count" => props.count, "what" => &what)
    } else {
        t!("photo-open", "what" => &what)
    };
    let first = u32::from(props.large);
    let variant = if props.large && attempt.is_multiple_of(2) {
        Variant::Large
    } else {
        Variant::Medium
    };
    let broken = *failed > first && !*shown;
    let onerror = {
        let (failed, count) = (failed.setter(), *failed + 1);
        Callback::from(move |_: Event| failed.set(count))
    };
    use_effect_with((*failed, first), {
        let attempt = attempt.setter();
        move |(failed, first)| {
            let (failed, first) = (*failed, *first);
            let timer = (failed > 0).then(|| {
                let wait = again_after(failed.saturating_sub(first));
                Timeout::new(wait, move || attempt.set(failed))
            });
            move || drop(timer)
        }
    });
    let onload = {
        let shown = shown.setter();
        Callback::from(move |_: Event| shown.set(true))
    };
    let onclick = {
        let (on_open, index) = (props.on_open.clone(), props.index);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            on_open.emit(index);
        })
    };
    html! {
        <button
            type="button"
            class="h-mosaic__tile"
            data-hue={hue(item).to_string()}
            data-shown={shown.then_some("true")}
            aria-label={label}
            data-test="tile"
            {onclick}
        >
            if !item.placeholder.is_empty() && !*shown {
                <img class="h-mosaic__placeholder" src={item.placeholder.clone()} alt="" aria-hidden="true" />
            }
            if video {
                <span class="h-mosaic__video"><Icon name={IconName::Play} size={IconSize::L} /><span class="u-truncate">{ item.name.clone() }</span></span>
            } else {
                if broken {
                    <span class="h-mosaic__waiting"><Icon name={IconName::Clock} /><span>{ t!("photo-on-its-way") }</span></span>
                }
                <img
                    key={*attempt}
                    class="h-mosaic__image"
                    src={backend::media_url(&item.hash, variant)}
                    alt=""
                    width={item.width.map(|w| w.to_string())}
                    height={item.height.map(|h| h.to_string())}
                    loading="lazy"
                    decoding="async"
                    draggable="false"
                    {onerror}
                    {onload}
                />
            }
            if props.more > 0 { <span class="h-mosaic__more" aria-hidden="true">{ format!("+{}", props.more) }</span> }
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct FileRowProps {
    item: MediaItem,
}

/// A file that is heard or downloaded.
#[component]
fn FileRow(props: &FileRowProps) -> Html {
    let item = &props.item;
    let url = backend::media_url(&item.hash, Variant::Original);
    let size = time::bytes(item.bytes);
    let label = t!("file-download", "name" => &item.name, "size" => &size);
    html! {
        <div class="h-files__row">
            <a class="h-files__link" href={url.clone()} download={item.name.clone()} aria-label={label}>
                <span class="h-files__icon"><Icon name={if item.kind == MediaKind::Audio { IconName::Play } else { IconName::FileText }} /></span>
                <span class="h-files__words">
                    <span class="u-truncate"><bdi>{ item.name.clone() }</bdi></span>
                    <span class="u-sm u-text-3">{ size }</span>
                </span>
                <Icon name={IconName::Download} />
            </a>
            if item.kind == MediaKind::Audio { <audio class="h-files__audio" controls=true preload="none" src={url} /> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_stay_within_bounds() {
        let mut item = MediaItem {
            hash: "ab".repeat(32).parse().unwrap(),
            kind: MediaKind::Image,
            mime: "image/png".into(),
            name: "a.png".into(),
            bytes: 1,
            width: Some(100),
            height: Some(1000),
            placeholder: String::new(),
            alt: String::new(),
            caption: String::new(),
        };
        assert!((ratio(&item, 0.8, 2.0) - 0.8).abs() < f64::EPSILON);
        item.height = Some(0);
        assert!((ratio(&item, 0.8, 2.0) - 1.5).abs() < f64::EPSILON);
        assert!(is_visual(&item) && hue(&item) < 6);
    }

    #[test]
    fn a_picture_that_does_not_come_is_tried_again_for_ever_and_not_too_often() {
        assert_eq!([0, 1, 2, 3].map(again_after), [0, 4_000, 8_000, 16_000]);
        assert_eq!(again_after(u32::MAX), 60_000);
    }
}
