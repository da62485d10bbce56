//! Points, rectangles and turns, in page points (1/72 inch) with the origin at
//! the top left and y pointing down. A `Rect` cannot be inside out.

use serde::{Deserialize, Serialize};

/// A place on the page, in points from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Points from the left edge.
    pub x: f32,
    /// Points from the top edge.
    pub y: f32,
}

impl Point {
    /// The point `x` points from the left and `y` points from the top.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// An upright rectangle, in points; `x0 <= x1` and `y0 <= y1` by construction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "[f32; 4]", from = "[f32; 4]")]
pub struct Rect {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl From<Rect> for [f32; 4] {
    fn from(r: Rect) -> Self {
        [r.x0, r.y0, r.x1, r.y1]
    }
}

impl From<[f32; 4]> for Rect {
    fn from([x0, y0, x1, y1]: [f32; 4]) -> Self {
        Rect::new(x0, y0, x1, y1)
    }
}

impl Rect {
    /// The rectangle between two opposite corners, in any order.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// The smallest rectangle around `points`; `None` for no points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().map(|p| Rect::new(p.x, p.y, p.x, p.y)).reduce(|a, b| a.union(&b))
    }

    /// The smallest rectangle around `rects`; `None` for no rectangles.
    pub fn around_all<'a>(rects: impl IntoIterator<Item = &'a Rect>) -> Option<Self> {
        rects.into_iter().copied().reduce(|a, b| a.union(&b))
    }

    /// Points from the left edge to the right.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Points from the top edge to the bottom.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Square points.
    pub fn area(&self) -> f32 {
        self.width() * self.height()
    }

    /// The middle.
    pub fn center(&self) -> Point {
        Point::new((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }

    /// Top left, top right, bottom right, bottom left.
    pub fn corners(&self) -> [Point; 4] {
        [
            Point::new(self.x0, self.y0),
            Point::new(self.x1, self.y0),
            Point::new(self.x1, self.y1),
            Point::new(self.x0, self.y1),
        ]
    }

    /// The smallest rectangle around both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// What both cover; `None` where they do not overlap.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let (x0, y0) = (self.x0.max(other.x0), self.y0.max(other.y0));
        let (x1, y1) = (self.x1.min(other.x1), self.y1.min(other.y1));
        (x0 < x1 && y0 < y1).then_some(Rect { x0, y0, x1, y1 })
    }

    /// Square points that both cover.
    pub fn overlap_area(&self, other: &Rect) -> f32 {
        self.intersection(other).map_or(0.0, |r| r.area())
    }

    /// Overlap over union, 0 to 1.
    pub fn iou(&self, other: &Rect) -> f32 {
        let common = self.overlap_area(other);
        let all = self.area() + other.area() - common;
        if all > 0.0 { common / all } else { 0.0 }
    }

    /// The share of `self` that lies in `other`, 0 to 1. A line of no area
    /// counts as inside when its middle is.
    pub fn share_in(&self, other: &Rect) -> f32 {
        if self.area() > 0.0 {
            self.overlap_area(other) / self.area()
        } else {
            f32::from(u8::from(other.contains(self.center())))
        }
    }

    /// Points of common x range; negative is the gap between the two.
    pub fn overlap_x(&self, other: &Rect) -> f32 {
        self.x1.min(other.x1) - self.x0.max(other.x0)
    }

    /// Points of common y range; negative is the gap between the two.
    pub fn overlap_y(&self, other: &Rect) -> f32 {
        self.y1.min(other.y1) - self.y0.max(other.y0)
    }

    /// Whether the two stand on one row: they share more than half of the lower one's height.
    pub fn shares_row(&self, other: &Rect) -> bool {
        self.overlap_y(other) > 0.5 * self.height().min(other.height())
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, p: Point) -> bool {
        self.x0 <= p.x && p.x <= self.x1 && self.y0 <= p.y && p.y <= self.y1
    }

    /// Moved outward by `by` points on every side; inward when negative, but
    /// never past its own middle.
    pub fn inflate(&self, by: f32) -> Rect {
        let dx = by.max(-self.width() / 2.0);
        let dy = by.max(-self.height() / 2.0);
        Rect { x0: self.x0 - dx, y0: self.y0 - dy, x1: self.x1 + dx, y1: self.y1 + dy }
    }

    /// Every coordinate times `by`: points to pixels and back.
    pub fn scale(&self, by: f32) -> Rect {
        Rect::new(self.x0 * by, self.y0 * by, self.x1 * by, self.y1 * by)
    }

    /// Moved by `dx`, `dy`.
    pub fn translate(&self, dx: f32, dy: f32) -> Rect {
        Rect { x0: self.x0 + dx, y0: self.y0 + dy, x1: self.x1 + dx, y1: self.y1 + dy }
    }
}

/// A clockwise turn by quarters, as in a PDF page's `/Rotate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Turn {
    /// Upright.
    #[default]
    None,
    /// 90° clockwise.
    Right,
    /// Upside down.
    Half,
    /// 90° counter-clockwise.
    Left,
}

impl Turn {
    /// The turn nearest to an angle in degrees, clockwise.
    pub fn nearest(degrees: f32) -> Self {
        match (degrees / 90.0).round().rem_euclid(4.0) as u8 {
            1 => Turn::Right,
            2 => Turn::Half,
            3 => Turn::Left,
            _ => Turn::None,
        }
    }

    /// Degrees clockwise: 0, 90, 180 or 270.
    pub fn degrees(self) -> u16 {
        match self {
            Turn::None => 0,
            Turn::Right => 90,
            Turn::Half => 180,
            Turn::Left => 270,
        }
    }

    /// The turn that undoes this one.
    pub fn inverse(self) -> Self {
        match self {
            Turn::Right => Turn::Left,
            Turn::Left => Turn::Right,
            same => same,
        }
    }

    /// Whether width and height change places.
    pub fn is_sideways(self) -> bool {
        matches!(self, Turn::Right | Turn::Left)
    }

    /// `(width, height)` of a page after the turn.
    pub fn size(self, (width, height): (f32, f32)) -> (f32, f32) {
        if self.is_sideways() { (height, width) } else { (width, height) }
    }

    /// Where `p` lands when a page of `(width, height)` is turned.
    pub fn point(self, p: Point, (width, height): (f32, f32)) -> Point {
        match self {
            Turn::None => p,
            Turn::Right => Point::new(height - p.y, p.x),
            Turn::Half => Point::new(width - p.x, height - p.y),
            Turn::Left => Point::new(p.y, width - p.x),
        }
    }

    /// Where `r` lands when a page of `(width, height)` is turned.
    pub fn rect(self, r: &Rect, size: (f32, f32)) -> Rect {
        let a = self.point(Point::new(r.x0, r.y0), size);
        let b = self.point(Point::new(r.x1, r.y1), size);
        Rect::new(a.x, a.y, b.x, b.y)
    }
}

/// How a page lies: as displayed on one side, with its text upright on the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// How far the text is turned as displayed.
    pub turn: Turn,
    /// Degrees clockwise that it then lies askew.
    pub skew: f32,
    /// Points across and down, as displayed.
    pub size: (f32, f32),
}

impl Pose {
    /// Width and height of the upright page. It grows with the skew, so that no
    /// corner is cut off.
    pub fn upright_size(&self) -> (f32, f32) {
        let (width, height) = self.turn.size(self.size);
        let (sin, cos) = self.skew.to_radians().sin_cos();
        (width * cos.abs() + height * sin.abs(), width * sin.abs() + height * cos.abs())
    }

    /// Where a box of the page as displayed lies on the upright page.
    pub fn to_upright(&self, rect: &Rect) -> Rect {
        let turned = self.turn.inverse().rect(rect, self.size);
        rotated(&turned, -self.skew, self.turn.size(self.size), self.upright_size())
    }

    /// Where a box of the upright page lies as displayed.
    pub fn to_displayed(&self, rect: &Rect) -> Rect {
        let turned = self.turn.size(self.size);
        self.turn.rect(&rotated(rect, self.skew, self.upright_size(), turned), turned)
    }
}

/// Around `rect`, turned by `degrees` about the middle of a page of size `from`, which becomes the middle of `to`.
fn rotated(rect: &Rect, degrees: f32, from: (f32, f32), to: (f32, f32)) -> Rect {
    if degrees == 0.0 {
        return *rect;
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    let turn = |p: Point| {
        let (x, y) = (p.x - from.0 / 2.0, p.y - from.1 / 2.0);
        Point::new(x * cos - y * sin + to.0 / 2.0, x * sin + y * cos + to.1 / 2.0)
    };
    Rect::around(rect.corners().map(turn)).unwrap_or(*rect)
}

/// The middle value of `values`, which it reorders; `None` for none.
pub fn median(values: &mut [f32]) -> Option<f32> {
    let middle = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(middle, f32::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rect_is_never_inside_out() {
        assert_eq!(Rect::new(3.0, 4.0, 1.0, 2.0), Rect::new(1.0, 2.0, 3.0, 4.0));
        assert_eq!(Rect::new(0.0, 0.0, 2.0, 2.0).inflate(-5.0).area(), 0.0);
    }

    #[test]
    fn a_turn_and_its_inverse_leave_a_rect_in_place() {
        let (size, rect) = ((600.0, 800.0), Rect::new(10.0, 20.0, 110.0, 40.0));
        for turn in [Turn::None, Turn::Right, Turn::Half, Turn::Left] {
            let turned = turn.rect(&rect, size);
            assert_eq!(turn.inverse().rect(&turned, turn.size(size)), rect, "{turn:?}");
        }
    }

    #[test]
    fn the_top_left_corner_goes_to_the_top_right_on_a_right_turn() {
        assert_eq!(Turn::Right.point(Point::new(0.0, 0.0), (600.0, 800.0)), Point::new(800.0, 0.0));
    }

    #[test]
    fn a_box_on_a_turned_and_skewed_page_finds_its_way_back() {
        let pose = Pose { turn: Turn::Left, skew: 3.0, size: (600.0, 800.0) };
        let rect = Rect::new(100.0, 200.0, 100.0, 200.0);
        let back = pose.to_displayed(&pose.to_upright(&rect));
        assert!((back.x0 - rect.x0).abs() < 0.01 && (back.y0 - rect.y0).abs() < 0.01, "{back:?}");
    }

    #[test]
    fn overlap_over_union_of_halves_is_a_third() {
        let (a, b) = (Rect::new(0.0, 0.0, 2.0, 2.0), Rect::new(1.0, 0.0, 3.0, 2.0));
        assert!((a.iou(&b) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(a.iou(&Rect::new(5.0, 5.0, 6.0, 6.0)), 0.0);
    }
}
