//! The arithmetic of long lists: which of ten thousand rows to draw, and where, while their heights become known.
//!
//! Heights are estimated until measured and kept by key; one that was measured at another width is the best guess at this one until it is
//! measured anew. The place of the reader is an item and a fraction of it, never a number of pixels, so nothing jumps when a height above
//! turns out different.

use std::collections::HashMap;
use std::rc::Rc;

/// Heights of rows by key.
#[derive(Debug, Clone, Default)]
pub struct Heights {
    known: HashMap<Rc<str>, f64>,
    estimate: f64,
}

/// Where the reader is: the first visible item and how much of it is above the top edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    /// The item's key.
    pub key: Rc<str>,
    /// 0 at its top, 1 at its bottom.
    pub fraction: f64,
}

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Slice {
    /// The first row drawn.
    pub first: usize,
    /// One past the last row drawn.
    pub end: usize,
    /// Pixels above the first row.
    pub before: f64,
    /// Pixels of all rows.
    pub total: f64,
}

impl Heights {
    /// Heights with a guess for rows that were never measured.
    #[must_use]
    pub fn new(estimate: f64) -> Self {
        Self {
            known: HashMap::new(),
            estimate: estimate.max(1.0),
        }
    }

    /// Keeps a measured height; `true` when it differs from what was assumed.
    pub fn set(&mut self, key: &Rc<str>, height: f64) -> bool {
        let differs = (self.get(key) - height).abs() > 0.5;
        self.known.insert(Rc::clone(key), height);
        differs
    }

    /// The height of a row, measured or guessed.
    #[must_use]
    pub fn get(&self, key: &str) -> f64 {
        self.known.get(key).copied().unwrap_or(self.estimate)
    }

    /// The top of a row.
    #[must_use]
    pub fn top_of(&self, keys: &[Rc<str>], index: usize) -> f64 {
        keys.iter().take(index).map(|k| self.get(k)).sum()
    }

    /// The rows to draw for a scroll position, with `margin` pixels more on both sides.
    #[must_use]
    pub fn slice(&self, keys: &[Rc<str>], scroll: f64, view: f64, margin: f64) -> Slice {
        let (from, to) = (scroll - margin, scroll + view + margin);
        let mut slice = Slice {
            first: keys.len(),
            end: keys.len(),
            before: 0.0,
            total: 0.0,
        };
        let mut found = false;
        for (index, key) in keys.iter().enumerate() {
            let height = self.get(key);
            let top = slice.total;
            if !found && top + height > from {
                found = true;
                slice.first = index;
                slice.before = top;
            }
            if found && top >= to && slice.end == keys.len() {
                slice.end = index;
            }
            slice.total += height;
        }
        if !found {
            slice.before = slice.total;
        }
        slice.end = slice.end.max(slice.first);
        slice
    }

    /// The place of the reader at a scroll position.
    #[must_use]
    pub fn anchor(&self, keys: &[Rc<str>], scroll: f64) -> Option<Anchor> {
        let mut top = 0.0;
        for key in keys {
            let height = self.get(key);
            if top + height > scroll {
                return Some(Anchor {
                    key: Rc::clone(key),
                    fraction: ((scroll - top) / height).clamp(0.0, 1.0),
                });
            }
            top += height;
        }
        None
    }

    /// The scroll position of a place, or `None` when its item is gone.
    #[must_use]
    pub fn scroll_to(&self, keys: &[Rc<str>], anchor: &Anchor) -> Option<f64> {
        let index = keys.iter().position(|k| *k == anchor.key)?;
        Some(self.top_of(keys, index) + self.get(&anchor.key) * anchor.fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(n: usize) -> Vec<Rc<str>> {
        (0..n).map(|i| Rc::from(i.to_string())).collect()
    }

    #[test]
    fn only_rows_near_the_view_are_drawn() {
        let keys = keys(10_000);
        let heights = Heights::new(100.0);
        let slice = heights.slice(&keys, 5_000.0, 800.0, 800.0);
        assert_eq!((slice.first, slice.end), (42, 66));
        assert!((slice.before - 4_200.0).abs() < 1e-9);
        assert!((slice.total - 1_000_000.0).abs() < 1e-6);
        let top = heights.slice(&keys, 0.0, 800.0, 800.0);
        assert_eq!((top.first, top.end), (0, 16));
        assert_eq!(heights.slice(&[], 0.0, 800.0, 0.0), Slice::default());
    }

    #[test]
    fn the_reader_stays_with_the_item_when_heights_above_change() {
        let keys = keys(100);
        let mut heights = Heights::new(100.0);
        let anchor = heights.anchor(&keys, 1_050.0).unwrap();
        assert_eq!(&*anchor.key, "10");
        assert!(heights.set(&keys[3], 400.0));
        assert!(!heights.set(&keys[4], 100.2));
        assert!((heights.scroll_to(&keys, &anchor).unwrap() - 1_350.2).abs() < 1e-6);
        assert!(heights.scroll_to(&keys[..5], &anchor).is_none());
    }

    #[test]
    fn another_width_moves_the_reader_by_what_is_measured_and_not_by_what_is_only_guessed() {
        let keys = keys(100);
        let mut heights = Heights::new(100.0);
        for key in &keys[..20] {
            heights.set(key, 300.0);
        }
        let anchor = heights.anchor(&keys, 3_150.0).unwrap();
        assert_eq!(&*anchor.key, "10");
        // In a narrower window the rows that are drawn are higher; those far above were not measured again.
        for key in &keys[8..13] {
            assert!(heights.set(key, 400.0));
        }
        assert!((heights.scroll_to(&keys, &anchor).unwrap() - 3_400.0).abs() < 1e-6);
        assert!((heights.top_of(&keys, 8) - 2_400.0).abs() < 1e-6);
    }
}
