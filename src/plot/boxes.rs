//! What a step found, drawn over the page.

use image::{Rgb, RgbImage};

use super::overlay::{self, Taken};
use crate::{
    content::{
        Block, Cell, Figure, Formula, Kind, Label, Line, Link, Raster, Region, Rule, Source, Span, Table,
        Word,
    },
    geometry::Rect,
    steps::formula,
};

/// Confidence from which a word needs no tag.
const SURE: f32 = 0.95;

/// A box over a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxed {
    /// Points.
    pub rect: Rect,
    /// Its label and score; empty for a box without a tag.
    pub tag: String,
    /// Of its lines and tag: red, green, blue.
    pub color: [u8; 3],
    /// Drawn in with thinner lines.
    pub inner: Vec<Rect>,
}

impl Boxed {
    fn new(rect: Rect, tag: String, color: Rgb<u8>) -> Self {
        Self { rect, tag, color: color.0, inner: Vec::new() }
    }
}

/// What can be drawn over its page.
pub trait Tagged {
    /// Its box, with what is to be written on it.
    fn boxed(&self) -> Boxed;
}

/// The picture with a box around each of `things`, tagged with its label and score. Pictures pile up:
/// `boxes(&boxes(&raster, &regions), &words)`.
pub fn boxes<T: Tagged>(raster: &Raster, things: &[T]) -> Raster {
    let mut pixels: RgbImage = raster.pixels.clone();
    let boxes: Vec<Boxed> = things.iter().map(Tagged::boxed).collect();
    let rects: Vec<Rect> = boxes.iter().map(|boxed| boxed.rect.scale(raster.scale)).collect();
    for (boxed, rect) in boxes.iter().zip(&rects) {
        let color = Rgb(boxed.color);
        match boxed.tag.as_str() {
            "" => overlay::thin(&mut pixels, rect, color),
            _ => overlay::outline(&mut pixels, rect, color),
        }
        boxed.inner.iter().for_each(|inner| overlay::thin(&mut pixels, &inner.scale(raster.scale), color));
    }
    let mut taken: Vec<Taken> = rects.iter().map(|rect| Taken(*rect, 1.0)).collect();
    for (boxed, rect) in boxes.iter().zip(&rects).filter(|(boxed, _)| !boxed.tag.is_empty()) {
        overlay::put_tag(&mut pixels, &boxed.tag, rect, Rgb(boxed.color), raster.scale, &mut taken);
    }
    Raster { pixels, scale: raster.scale }
}

impl Tagged for Rect {
    fn boxed(&self) -> Boxed {
        Boxed::new(*self, String::new(), overlay::color(Kind::Paragraph))
    }
}

impl Tagged for Region {
    fn boxed(&self) -> Boxed {
        let tag = format!("{} {:.2}", self.label.name(), self.score);
        Boxed::new(self.rect, tag, overlay::color(kind(self.label)))
    }
}

/// Regions have the colours of the blocks that they become.
fn kind(label: Label) -> Kind {
    match label {
        Label::Text => Kind::Paragraph,
        Label::Title => Kind::Heading,
        Label::Figure => Kind::Figure,
        Label::FigureCaption | Label::TableCaption => Kind::Caption,
        Label::Table => Kind::Table,
        Label::Header => Kind::Header,
        Label::Footer => Kind::Footer,
        Label::Reference => Kind::Reference,
        Label::Equation => Kind::Formula,
    }
}

/// Text that is sure has a thin box; what is not has its confidence on it.
fn text(rect: Rect, confidence: f32, source: Source) -> Boxed {
    match confidence < SURE {
        true => Boxed::new(rect, format!("{confidence:.2}"), overlay::color(Kind::Heading)),
        false if source == Source::Ocr => Boxed::new(rect, String::new(), overlay::color(Kind::ListItem)),
        false => Boxed::new(rect, String::new(), overlay::color(Kind::Paragraph)),
    }
}

impl Tagged for Word {
    fn boxed(&self) -> Boxed {
        text(self.rect, self.confidence, Source::TextLayer)
    }
}

impl Tagged for Span {
    fn boxed(&self) -> Boxed {
        text(self.rect, self.confidence, self.source)
    }
}

impl Tagged for Line {
    fn boxed(&self) -> Boxed {
        text(self.rect, self.confidence(), self.source())
    }
}

impl Tagged for Table {
    fn boxed(&self) -> Boxed {
        let tag = format!("{} x {} {:.2}", self.rows, self.columns, self.confidence);
        let inner = self.cells.iter().map(|cell| cell.rect).collect();
        Boxed { inner, ..Boxed::new(self.rect, tag, overlay::color(Kind::Table)) }
    }
}

impl Tagged for Cell {
    fn boxed(&self) -> Boxed {
        Boxed::new(self.rect, String::new(), overlay::color(Kind::Table))
    }
}

impl Tagged for Formula {
    fn boxed(&self) -> Boxed {
        let number = self.number.as_deref().map_or(String::new(), |number| format!(" ({number})"));
        let tag =
            if self.display { format!("formula{number} {:.2}", self.confidence) } else { String::new() };
        Boxed::new(self.rect, tag, overlay::color(Kind::Formula))
    }
}

impl Tagged for formula::Found {
    fn boxed(&self) -> Boxed {
        self.formula.boxed()
    }
}

impl Tagged for Block {
    fn boxed(&self) -> Boxed {
        let tag = format!("{} {} {:.2}", self.kind.name(), self.evidence.name(), self.confidence);
        let cells = self.table.iter().flat_map(|table| &table.cells).map(|cell| cell.rect).collect();
        Boxed { inner: cells, ..Boxed::new(self.rect, tag, overlay::color(self.kind)) }
    }
}

impl Tagged for Figure {
    fn boxed(&self) -> Boxed {
        Boxed::new(self.rect, self.name.clone(), overlay::color(Kind::Figure))
    }
}

impl Tagged for Link {
    fn boxed(&self) -> Boxed {
        Boxed::new(self.rect, String::new(), overlay::color(Kind::Reference))
    }
}

impl Tagged for Rule {
    fn boxed(&self) -> Boxed {
        Boxed::new(self.rect, String::new(), overlay::color(Kind::Figure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Rgb<u8> = Rgb([255; 3]);

    fn blank() -> Raster {
        Raster { pixels: RgbImage::from_pixel(200, 200, WHITE), scale: 2.0 }
    }

    #[test]
    fn a_region_has_its_box_and_tag() {
        let region = Region { rect: Rect::new(20.0, 40.0, 80.0, 60.0), label: Label::Table, score: 0.9 };
        let drawn = boxes(&blank(), &[region]);
        let green = overlay::color(Kind::Table);
        assert_eq!((*drawn.pixels.get_pixel(39, 90), *drawn.pixels.get_pixel(100, 100)), (green, WHITE));
        assert!(drawn.pixels.pixels().filter(|pixel| **pixel == green).count() > 900, "the tag is missing");
    }

    #[test]
    fn a_word_that_is_not_sure_says_so() {
        let word = |confidence| Word { text: "a".into(), rect: Rect::default(), confidence };
        assert_eq!((word(1.0).boxed().tag, word(0.5).boxed().tag), (String::new(), "0.50".to_owned()));
    }

    #[test]
    fn nothing_to_draw_leaves_the_page_as_it_is() {
        assert_eq!(boxes::<Region>(&blank(), &[]), blank());
    }
}
