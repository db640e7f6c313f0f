//! A square within a picture.

/// A square of a picture, in the picture's pixels, always inside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    /// Its left edge.
    pub x: f64,
    /// Its top edge.
    pub y: f64,
    /// Its side.
    pub size: f64,
    width: f64,
    height: f64,
}

impl Square {
    /// How many times a part may be enlarged.
    pub const MOST: f64 = 6.0;

    /// The largest square in the middle of a picture.
    #[must_use]
    pub fn centred(width: f64, height: f64) -> Self {
        let (width, height) = (width.max(1.0), height.max(1.0));
        let size = width.min(height);
        Self {
            x: (width - size) / 2.0,
            y: (height - size) / 2.0,
            size,
            width,
            height,
        }
    }

    /// How many times the largest square is enlarged.
    #[must_use]
    pub fn zoom(self) -> f64 {
        self.width.min(self.height) / self.size
    }

    /// Moved, but inside.
    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Self {
        Self {
            x: self.x + dx,
            y: self.y + dy,
            ..self
        }
        .inside()
    }

    /// Its side times `factor`, around its middle.
    #[must_use]
    pub fn zoomed(self, factor: f64) -> Self {
        let largest = self.width.min(self.height);
        let size = (self.size * factor).clamp(largest / Self::MOST, largest);
        let shift = (self.size - size) / 2.0;
        Self {
            x: self.x + shift,
            y: self.y + shift,
            size,
            ..self
        }
        .inside()
    }

    /// At a given enlargement.
    #[must_use]
    pub fn at_zoom(self, zoom: f64) -> Self {
        self.zoomed(self.zoom() / zoom.max(1.0))
    }

    fn inside(self) -> Self {
        Self {
            x: self.x.clamp(0.0, (self.width - self.size).max(0.0)),
            y: self.y.clamp(0.0, (self.height - self.size).max(0.0)),
            ..self
        }
    }

    /// In whole pixels of the same picture at another width, still inside.
    #[must_use]
    pub fn pixels_at(self, width: u32, height: u32) -> (u32, u32, u32) {
        let scale = f64::from(width) / self.width;
        let whole = |v: f64, most: u32| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "bounded by the picture's size"
            )]
            let v = v.round().clamp(0.0, f64::from(most)) as u32;
            v
        };
        let size = whole(self.size * scale, width.min(height)).max(1);
        let x = whole(self.x * scale, width.saturating_sub(size));
        let y = whole(self.y * scale, height.saturating_sub(size));
        (x, y, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_never_leaves_its_picture() {
        let square = Square::centred(400.0, 300.0);
        assert_eq!(square.pixels_at(400, 300), (50, 0, 300));
        let far = square.zoomed(0.5).moved(9_000.0, -9_000.0);
        assert_eq!(far.pixels_at(400, 300), (250, 0, 150));
        assert_eq!(
            far.pixels_at(200, 150),
            (125, 0, 75),
            "the home may have made it smaller"
        );
        assert!((square.zoomed(0.0).zoom() - Square::MOST).abs() < 1e-9);
        assert_eq!(square.zoomed(99.0), square);
        let odd = Square::centred(333.0, 777.0).zoomed(0.37).moved(1e6, 1e6);
        let (x, y, size) = odd.pixels_at(111, 259);
        assert!(x + size <= 111 && y + size <= 259 && size >= 1);
    }
}
