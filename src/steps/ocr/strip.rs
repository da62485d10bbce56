//! An oriented box around a stretch of text, in pixels, and the frame in which
//! a turned or skewed page stands upright.

use std::f32::consts::{FRAC_PI_2, PI};

use crate::geometry::{Point, Rect, Turn};

/// A box with a direction: text runs from its left end to its right end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    /// The middle.
    pub center: Point,
    /// Radians clockwise that the text runs away from rightwards.
    pub angle: f32,
    /// Along the text.
    pub length: f32,
    /// Across the text.
    pub height: f32,
}

impl Strip {
    /// The box around `points` whose text runs at `angle`; `None` for no points.
    pub fn around(points: &[Point], angle: f32) -> Option<Strip> {
        let flat = Rect::around(points.iter().map(|&p| rotate(p, -angle)))?;
        let center = rotate(flat.center(), angle);
        Some(Strip { center, angle, length: flat.width(), height: flat.height() })
    }

    /// The box of least area around a convex `hull`, along its longer side; the
    /// angle is within a quarter turn of 0. One side lies on an edge of the hull.
    pub fn smallest(hull: &[Point]) -> Option<Strip> {
        let edges = hull.iter().zip(hull.iter().cycle().skip(1));
        let angles = edges.map(|(a, b)| (b.y - a.y).atan2(b.x - a.x));
        let boxes = angles.filter_map(|angle| Strip::around(hull, angle));
        boxes
            .min_by(|a, b| (a.length * a.height).total_cmp(&(b.length * b.height)))
            .map(Strip::along_longer_side)
    }

    fn along_longer_side(self) -> Strip {
        let lying = if self.length >= self.height {
            self
        } else {
            Strip { angle: self.angle + FRAC_PI_2, length: self.height, height: self.length, ..self }
        };
        Strip { angle: off_axis(lying.angle), ..lying }
    }

    /// How often the height goes into the length.
    pub fn aspect(&self) -> f32 {
        self.length / self.height.max(1e-3)
    }

    /// Moved outward by `by` on every side.
    pub fn inflate(self, by: f32) -> Strip {
        Strip { length: self.length + 2.0 * by, height: self.height + 2.0 * by, ..self }
    }

    /// Moved by `dx`, `dy`.
    pub fn translate(self, dx: f32, dy: f32) -> Strip {
        Strip { center: Point::new(self.center.x + dx, self.center.y + dy), ..self }
    }

    /// The same place, read from the other end.
    pub fn reversed(self) -> Strip {
        Strip { angle: self.angle + PI, ..self }
    }

    /// From the left end to the right end.
    pub fn along(&self) -> Point {
        rotate(Point::new(self.length, 0.0), self.angle)
    }

    /// From the top to the bottom.
    pub fn down(&self) -> Point {
        rotate(Point::new(0.0, self.height), self.angle)
    }

    /// The top left corner.
    pub fn origin(&self) -> Point {
        self.at(0.0, 0.0)
    }

    /// The point `x` of the way along and `y` of the way down.
    pub fn at(&self, x: f32, y: f32) -> Point {
        let from_center = Point::new((x - 0.5) * self.length, (y - 0.5) * self.height);
        let p = rotate(from_center, self.angle);
        Point::new(self.center.x + p.x, self.center.y + p.y)
    }

    /// The part between two shares of the length.
    pub fn part(&self, from: f32, to: f32) -> Strip {
        Strip { center: self.at((from + to) / 2.0, 0.5), length: (to - from).abs() * self.length, ..*self }
    }
}

/// The same axis as an angle within a quarter turn of 0, radians.
pub fn off_axis(angle: f32) -> f32 {
    (angle + FRAC_PI_2).rem_euclid(PI) - FRAC_PI_2
}

fn rotate(p: Point, angle: f32) -> Point {
    let (sin, cos) = angle.sin_cos();
    Point::new(p.x * cos - p.y * sin, p.x * sin + p.y * cos)
}

/// How a page lies: a raster's pixels on one side, the same page upright on the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    turn: Turn,
    /// Radians, clockwise.
    skew: f32,
    /// Pixels of the raster.
    size: (f32, f32),
}

impl Frame {
    /// A raster of `size` pixels whose text is turned by `turn` and then lies
    /// `skew` degrees askew, clockwise.
    pub fn new(turn: Turn, skew: f32, size: (f32, f32)) -> Self {
        Self { turn, skew: skew.to_radians(), size }
    }

    /// Radians clockwise that text runs away from rightwards in the raster.
    pub fn angle(&self) -> f32 {
        f32::from(self.turn.degrees()).to_radians() + self.skew
    }

    /// The upright page as a box in the raster with the turn taken back: large
    /// enough that no corner is cut off.
    pub fn page(&self) -> Strip {
        let (width, height) = self.turn.size(self.size);
        let (sin, cos) = (self.skew.sin().abs(), self.skew.cos().abs());
        Strip {
            center: Point::new(width / 2.0, height / 2.0),
            angle: self.skew,
            length: (width * cos + height * sin).round(),
            height: (width * sin + height * cos).round(),
        }
    }

    /// Where a point of the raster lies on the upright page.
    pub fn point(&self, p: Point) -> Point {
        let page = self.page();
        let turned = self.turn.inverse().point(p, self.size);
        let flat = rotate(Point::new(turned.x - page.center.x, turned.y - page.center.y), -self.skew);
        Point::new(flat.x + page.length / 2.0, flat.y + page.height / 2.0)
    }

    /// Around where a box of the raster lies on the upright page.
    pub fn rect(&self, strip: &Strip) -> Rect {
        let [a, b] = [(0.0, 0.0), (1.0, 1.0)].map(|(x, y)| self.point(strip.at(x, y)));
        let [c, d] = [(1.0, 0.0), (0.0, 1.0)].map(|(x, y)| self.point(strip.at(x, y)));
        Rect::new(a.x, a.y, b.x, b.y).union(&Rect::new(c.x, c.y, d.x, d.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 0.01 && (a.y - b.y).abs() < 0.01
    }

    #[test]
    fn the_smallest_box_follows_a_slanted_outline() {
        let slanted = Strip { center: Point::new(50.0, 40.0), angle: 0.3, length: 60.0, height: 10.0 };
        let hull = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| slanted.at(x, y));
        let found = Strip::smallest(&hull).unwrap();
        assert!(near(found.center, slanted.center));
        assert!((found.angle - 0.3).abs() < 1e-3 && (found.length - 60.0).abs() < 0.01);
        assert_eq!(Strip::smallest(&[]), None);
    }

    #[test]
    fn every_turn_brings_the_start_of_the_text_to_the_left() {
        for turn in [Turn::None, Turn::Right, Turn::Half, Turn::Left] {
            let frame = Frame::new(turn, 0.0, (600.0, 800.0));
            let strip =
                Strip { center: Point::new(300.0, 200.0), angle: frame.angle(), length: 100.0, height: 10.0 };
            let (start, end) = (frame.point(strip.at(0.0, 0.5)), frame.point(strip.at(1.0, 0.5)));
            assert!(near(end, Point::new(start.x + 100.0, start.y)), "{turn:?}");
        }
    }

    #[test]
    fn a_skewed_line_is_level_on_the_upright_page() {
        let frame = Frame::new(Turn::Half, 5.0, (600.0, 800.0));
        let strip =
            Strip { center: Point::new(300.0, 400.0), angle: frame.angle(), length: 400.0, height: 20.0 };
        let rect = frame.rect(&strip);
        assert!((rect.width() - 400.0).abs() < 0.01 && (rect.height() - 20.0).abs() < 0.01);
        assert!(near(rect.center(), Point::new(frame.page().length / 2.0, frame.page().height / 2.0)));
    }
}
