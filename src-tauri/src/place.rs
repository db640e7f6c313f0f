//! Where the window was, for each arrangement of screens, and at which page: what is kept of it, and what of that holds at the next
//! start.

use serde::{Deserialize, Serialize};

/// Arrangements that are remembered: the desk, the sofa, the office. The one that was not seen for longest goes first.
const MOST: usize = 8;
/// Longer than any path of the window.
const MAX_ROUTE: usize = 200;
/// The areas whose pages come back. Not invites and pairing, not what is shown before sign-in, not the composer: they are opened, not
/// stayed at, and some show a secret.
const AREAS: [&str; 8] = [
    "a",
    "activity",
    "friends",
    "health",
    "notifications",
    "p",
    "settings",
    "u",
];

/// Left, top, width and height of a screen, in physical pixels.
pub(crate) type Screen = (i32, i32, u32, u32);

/// Where the window was, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) maximized: bool,
}

/// The places of the window, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Places {
    layouts: Vec<Layout>,
}

/// The place on one arrangement of screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Layout {
    /// In order, so that the same arrangement is the same key.
    screens: Vec<Screen>,
    place: Place,
}

impl Places {
    /// What was kept. Older versions kept one place and not for which screens; what is damaged is as good as nothing.
    pub(crate) fn read(text: &str) -> Self {
        let older = || {
            let place = serde_json::from_str(text).ok()?;
            let screens = Vec::new();
            Some(Self {
                layouts: vec![Layout { screens, place }],
            })
        };
        let kept = serde_json::from_str(text).ok().or_else(older);
        kept.unwrap_or_default()
    }

    /// Takes note of where the window is on these screens.
    pub(crate) fn note(&mut self, screens: &[Screen], place: Place) {
        let screens = in_order(screens);
        self.layouts.retain(|layout| layout.screens != screens);
        self.layouts.insert(0, Layout { screens, place });
        self.layouts.truncate(MOST);
    }

    /// Where the window is to be on these screens: where it was on them, else where it was last, as far as that can be seen.
    pub(crate) fn on(&self, screens: &[Screen]) -> Option<Place> {
        let now = in_order(screens);
        let known = self.layouts.iter().find(|layout| layout.screens == now);
        clamped(known.or(self.layouts.first())?.place, screens)
    }
}

fn in_order(screens: &[Screen]) -> Vec<Screen> {
    let mut screens = screens.to_vec();
    screens.sort_unstable();
    screens
}

/// The place moved and shrunk onto the screen that holds its title; none if no screen does.
fn clamped(place: Place, screens: &[Screen]) -> Option<Place> {
    let title = place
        .x
        .saturating_add(i32::try_from(place.width / 2).unwrap_or(0));
    let within = |at: i32, from: i32, len: u32| at >= from && at < from.saturating_add_unsigned(len);
    let &(left, top, width, height) = screens
        .iter()
        .find(|&&(x, y, width, height)| within(title, x, width) && within(place.y, y, height))?;
    let size = (place.width.min(width), place.height.min(height));
    let last = |from: i32, len: u32, used: u32| from.saturating_add_unsigned(len - used);
    Some(Place {
        x: place.x.clamp(left, last(left, width, size.0)),
        y: place.y.clamp(top, last(top, height, size.1)),
        width: size.0,
        height: size.1,
        maximized: place.maximized,
    })
}

/// The page at this path, if it is one that comes back. Without what follows the path: that names a moment, not a place.
pub(crate) fn comes_back(path: &str) -> Option<&str> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let ours =
        path.len() <= MAX_ROUTE && parts.next().is_some_and(|area| AREAS.contains(&area)) && parts.all(plain);
    ours.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = (0, 0, 1920, 1080);
    const LEFT: Screen = (-1920, 0, 1920, 1080);

    fn place(x: i32, y: i32, width: u32, height: u32) -> Place {
        Place {
            x,
            y,
            width,
            height,
            maximized: false,
        }
    }

    #[test]
    fn a_window_comes_back_where_it_was() {
        let there = place(100, 50, 1200, 800);
        assert_eq!(clamped(there, &[SCREEN]), Some(there));
        let left = place(-1500, 10, 1200, 800);
        assert_eq!(clamped(left, &[SCREEN, LEFT]), Some(left));
    }

    #[test]
    fn a_window_is_never_left_off_the_screen() {
        assert_eq!(
            clamped(place(1500, 700, 800, 600), &[SCREEN]),
            Some(place(1120, 480, 800, 600))
        );
        assert_eq!(
            clamped(place(0, 0, 4000, 3000), &[SCREEN]),
            None,
            "its title would be elsewhere"
        );
        assert_eq!(
            clamped(place(0, 0, 2000, 3000), &[SCREEN]),
            Some(place(0, 0, 1920, 1080))
        );
        assert_eq!(clamped(place(3000, 100, 800, 600), &[SCREEN]), None);
        assert_eq!(clamped(place(0, 0, 800, 600), &[]), None);
    }

    #[test]
    fn each_arrangement_of_screens_has_a_place_of_its_own() {
        let (at_the_desk, alone) = (place(-1500, 10, 1200, 800), place(40, 30, 900, 700));
        let mut places = Places::default();
        assert_eq!(places.on(&[SCREEN]), None);
        places.note(&[SCREEN, LEFT], at_the_desk);
        assert_eq!(places.on(&[SCREEN]), None, "that screen is gone");
        places.note(&[SCREEN], alone);
        let places = Places::read(&serde_json::to_string(&places).unwrap());
        assert_eq!(places.on(&[SCREEN]), Some(alone));
        assert_eq!(
            places.on(&[LEFT, SCREEN]),
            Some(at_the_desk),
            "in whatever order they are named"
        );
        let beside = (1920, 0, 2560, 1440);
        assert_eq!(
            places.on(&[SCREEN, beside]),
            Some(alone),
            "a new one: where it was last"
        );
    }

    #[test]
    fn few_arrangements_are_remembered_and_old_files_are_read() {
        let mut places = Places::default();
        let there = place(0, 0, 800, 600);
        for width in 0..20 {
            places.note(&[(0, 0, 1920 + width, 1080)], there);
        }
        places.note(&[(0, 0, 1930, 1080)], place(5, 5, 800, 600));
        assert_eq!(places.layouts.len(), MOST);
        assert_eq!(places.on(&[(0, 0, 1930, 1080)]), Some(place(5, 5, 800, 600)));
        let older = serde_json::to_string(&place(120, 80, 900, 700)).unwrap();
        assert_eq!(Places::read(&older).on(&[SCREEN]), Some(place(120, 80, 900, 700)));
        for damaged in ["", "{}", "[]", r#"{"layouts":3}"#, older.trim_start_matches('{')] {
            assert_eq!(Places::read(damaged), Places::default(), "{damaged}");
        }
    }

    #[test]
    fn only_pages_that_one_stays_at_come_back() {
        for path in [
            "/a",
            "/a/c/0193-4",
            "/settings/computer",
            "/u/0193/about",
            "/p/0193",
            "/health",
        ] {
            assert_eq!(comes_back(path), Some(path));
        }
        for path in [
            "/",
            "",
            "a",
            "/i/secret",
            "/pair/invite",
            "/join/code",
            "/signin",
            "/welcome/restore",
            "/compose",
            "/dev/gallery",
            "/p/../pair",
            "/p//x",
            "/p/0193?m=2",
            "/p/%69",
            "//example.org",
            &format!("/p/{}", "a".repeat(MAX_ROUTE)),
        ] {
            assert_eq!(comes_back(path), None, "{path}");
        }
    }
}
