//! Pages drawn in code, for tests: `draw().text(72.0, 100.0, "left").page()`.

use crate::{
    content::{Axis, Char, Font, Page, Role, Rule, Tag},
    geometry::{Point, Rect},
};

/// Of the font size: how wide every drawn character is.
const ADVANCE: f32 = 0.5;

/// A letter page with two fonts, regular (0) and bold (1), at 10 points.
pub(crate) fn draw() -> Drawing {
    let fonts = vec![
        Font { name: "Serif".into(), weight: 400, ..Default::default() },
        Font { name: "Serif-Bold".into(), weight: 700, ..Default::default() },
    ];
    let page = Page { number: 1, width: 612.0, height: 792.0, fonts, ..Default::default() };
    Drawing { page, size: 10.0, font: 0, angle: 0.0, tag: None }
}

#[derive(Clone)]
pub(crate) struct Drawing {
    page: Page,
    size: f32,
    font: u16,
    angle: f32,
    tag: Option<u16>,
}

impl Drawing {
    /// Points, for all text from here on.
    pub(crate) fn size(mut self, size: f32) -> Self {
        self.size = size;
        self
    }

    /// For all text from here on.
    pub(crate) fn font(mut self, font: u16) -> Self {
        self.font = font;
        self
    }

    /// A font of this name, for all text from here on.
    pub(crate) fn named_font(mut self, name: &str) -> Self {
        let known = self.page.fonts.iter().position(|f| f.name == name);
        let at = known.unwrap_or(self.page.fonts.len());
        if known.is_none() {
            self.page.fonts.push(Font { name: name.into(), weight: 400, ..Default::default() });
        }
        self.font(at as u16)
    }

    /// Degrees clockwise, for all text from here on.
    pub(crate) fn turned(mut self, angle: f32) -> Self {
        self.angle = angle;
        self
    }

    /// For all text from here on: a paragraph of its own in the structure tree, the `tag`th.
    pub(crate) fn tag(mut self, tag: u16) -> Self {
        for element in self.page.tags.len() as u32..=u32::from(tag) {
            self.page.tags.push(Tag { role: Role::Paragraph, element });
        }
        self.tag = Some(tag);
        self
    }

    /// One line of text from a point on its baseline; ideographs are square.
    pub(crate) fn text(mut self, x: f32, y: f32, text: &str) -> Self {
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let mut pen = 0.0;
        for unicode in text.chars() {
            let wide = if crate::steps::text::is_ideograph(unicode) { 2.0 } else { 1.0 };
            let advance = wide * ADVANCE * self.size;
            let at = |along: f32, across: f32| {
                Point::new(x + along * cos - across * sin, y + along * sin + across * cos)
            };
            let corners = [at(pen, -0.8 * self.size), at(pen + advance, 0.2 * self.size)];
            let rect = Rect::around(corners).unwrap_or_default();
            self.page.chars.push(Char {
                unicode,
                font: self.font,
                size: self.size,
                origin: at(pen, 0.0),
                rect,
                ink: rect,
                angle: self.angle,
                generated: false,
                invisible: false,
                unmapped: false,
                soft_hyphen: false,
                tag: self.tag,
            });
            pen += advance;
        }
        self
    }

    /// Text that runs leftwards from a point on its baseline.
    pub(crate) fn leftward(self, x: f32, y: f32, text: &str) -> Self {
        let advance = ADVANCE * self.size;
        text.chars().enumerate().fold(self, |drawing, (n, c)| {
            drawing.text(x - (n + 1) as f32 * advance, y, c.encode_utf8(&mut [0; 4]))
        })
    }

    /// Where the ink of the character drawn last is.
    pub(crate) fn ink(mut self, ink: Rect) -> Self {
        self.page.chars.last_mut().expect("a character was drawn").ink = ink;
        self
    }

    /// A ruling line between two corners.
    pub(crate) fn rule(mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        let rect = Rect::new(x0, y0, x1, y1);
        let axis = if rect.width() > rect.height() { Axis::Horizontal } else { Axis::Vertical };
        self.page.rules.push(Rule { rect, axis });
        if axis == Axis::Horizontal {
            self.page.bars.push(rect);
        }
        self
    }

    pub(crate) fn page(self) -> Page {
        self.page
    }
}
