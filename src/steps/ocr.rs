//! A raster to spans of text: where the lines are, which way up the page lies,
//! what each line says. Spans come back in the frame of the upright page.

mod detect;
mod lines;
mod orient;
mod recognise;
mod strip;
mod words;

use std::borrow::Cow;

use image::{RgbImage, imageops};

use self::{
    strip::{Frame, Strip},
    words::Piece,
};
use crate::{
    Models, Result,
    content::{Raster, Source, Span, Word},
    geometry::{Point, Rect, Turn},
    model::input,
};

/// What was read on a page, and how the page lay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In points of the upright page, the frame of [`upright`]; in no particular order.
    pub spans: Vec<Span>,
    /// How far the text is turned on the raster, clockwise.
    pub turn: Turn,
    /// Degrees clockwise that it then lies askew.
    pub skew: f32,
}

/// How closely to look. The models' memory grows with it, and what small print comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Pixels that the detector works on at most. It looks from afar first, and closer only where lines turn out low.
    pub look: f32,
    /// Pixels of width that the recogniser takes in one run, unless one line alone is longer.
    pub run: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { look: detect::CLOSER_LOOK, run: recognise::RUN }
    }
}

/// All text in `areas` (points) of the raster; without areas, on all of it. The
/// page may lie on its side, on its head or askew; areas are taken as upright.
///
/// # Errors
/// When a model cannot be loaded or run.
pub fn read(models: &Models, raster: &Raster, areas: &[Rect]) -> Result<Reading> {
    read_with(models, raster, areas, &Effort::default())
}

/// As [`read`], looking as closely as `effort` says.
///
/// # Errors
/// As [`read`].
pub fn read_with(models: &Models, raster: &Raster, areas: &[Rect], effort: &Effort) -> Result<Reading> {
    if raster.pixels.is_empty() {
        return Ok(Reading::default());
    }
    let reader = Reader { models, raster, effort };
    if areas.is_empty() { reader.page() } else { reader.areas(areas) }
}

/// One raster, and what it is read with.
struct Reader<'a> {
    models: &'a Models,
    raster: &'a Raster,
    effort: &'a Effort,
}

impl Reader<'_> {
    fn page(&self) -> Result<Reading> {
        let pixels = &self.raster.pixels;
        let cores = detect::cores(self.models, pixels, self.effort.look)?;
        let (turn, skew) = orient::axis(&cores);
        let strips = self.strips(&cores, turn, skew);
        let pieces = self.pieces(&strips)?;
        // Letters on their heads are hardly legible; only where these are not either is the classifier asked. Where the
        // detector saw no line, there is none to turn.
        let settled = cores.is_empty() || orient::is_legible(&pieces);
        if settled || !orient::is_reversed(self.models, pixels, &strips)? {
            return Ok(Reading { spans: self.spans(&strips, pieces, turn, skew), turn, skew });
        }
        let turn = orient::reverse(turn);
        let strips = self.strips(&cores, turn, skew);
        let pieces = self.pieces(&strips)?;
        Ok(Reading { spans: self.spans(&strips, pieces, turn, skew), turn, skew })
    }

    /// The lines around `cores` on a page that lies so.
    fn strips(&self, cores: &[Vec<Point>], turn: Turn, skew: f32) -> Vec<Strip> {
        let pixels = &self.raster.pixels;
        let frame = Frame::new(turn, skew, size(pixels));
        let mut strips = lines::separated(pixels, lines::around(cores, frame.angle()));
        if strips.is_empty() {
            strips.extend(whole_as_line(pixels));
        }
        strips
    }

    fn areas(&self, areas: &[Rect]) -> Result<Reading> {
        let mut strips = Vec::new();
        for area in areas {
            strips.extend(self.strips_in(area)?);
        }
        let pieces = self.pieces(&strips)?;
        Ok(Reading { spans: self.spans(&strips, pieces, Turn::None, 0.0), ..Reading::default() })
    }

    /// The lines in one area, in pixels of the raster.
    fn strips_in(&self, area: &Rect) -> Result<Vec<Strip>> {
        let raster = self.raster;
        let Some(part) = raster.crop(area) else { return Ok(Vec::new()) };
        let cores = detect::cores(self.models, &part.pixels, self.effort.look)?;
        let mut found = lines::separated(&part.pixels, lines::around(&cores, 0.0));
        if found.is_empty() {
            found.extend(whole_as_line(&part.pixels));
        }
        // `Raster::crop` begins at whole pixels.
        let corner = [area.x0, area.y0].map(|p| (p * raster.scale).max(0.0).floor());
        Ok(found.into_iter().map(|strip| strip.translate(corner[0], corner[1])).collect())
    }

    /// What each of the strips says.
    fn pieces(&self, strips: &[Strip]) -> Result<Vec<Vec<Piece>>> {
        recognise::recognise(self.models, &self.raster.pixels, strips, self.effort.run)
    }

    /// The same as spans of the upright page.
    fn spans(&self, strips: &[Strip], pieces: Vec<Vec<Piece>>, turn: Turn, skew: f32) -> Vec<Span> {
        let frame = Frame::new(turn, skew, size(&self.raster.pixels));
        let span = |(strip, pieces)| span(strip, pieces, &frame, self.raster.scale);
        strips.iter().zip(pieces).filter_map(span).collect()
    }
}

/// Pixels. An image no higher than this, and longer than high, may be one line of
/// text, which the detector overlooks without paper around it.
const LINE_IMAGE: u32 = 128;

fn whole_as_line(pixels: &RgbImage) -> Option<Strip> {
    let (length, height) = size(pixels);
    let strip = Strip { center: Point::new(length / 2.0, height / 2.0), angle: 0.0, length, height };
    (pixels.height() <= LINE_IMAGE && length > height).then_some(strip)
}

fn size(pixels: &RgbImage) -> (f32, f32) {
    (pixels.width() as f32, pixels.height() as f32)
}

fn span(strip: &Strip, pieces: Vec<Piece>, frame: &Frame, scale: f32) -> Option<Span> {
    let letters: usize = pieces.iter().map(|p| p.text.chars().count()).sum();
    let sure: f32 = pieces.iter().map(|p| p.confidence * p.text.chars().count() as f32).sum();
    let confidence = sure / letters.max(1) as f32;
    if letters == 0 || confidence < LEGIBLE {
        return None;
    }
    let place = |s: &Strip| frame.rect(s).scale(1.0 / scale);
    let words = pieces.iter().map(|p| Word {
        text: p.text.clone(),
        rect: place(&strip.part(p.from, p.to)),
        confidence: p.confidence,
    });
    let rect = place(strip);
    Some(Span {
        text: pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" "),
        rect,
        words: words.collect(),
        baseline: rect.y1 - DESCENT * rect.height(),
        size: SIZE * rect.height(),
        source: Source::Ocr,
        confidence,
        ..Span::default()
    })
}

/// Mean confidence below which a line is noise.
const LEGIBLE: f32 = 0.5;
/// Share of a line's box below its baseline: the median over the first pages of six born-digital papers.
const DESCENT: f32 = 0.26;
/// Font size for a line's box of height 1, measured on the same pages (0.74 to 0.83).
const SIZE: f32 = 0.8;

/// The raster with turn and skew undone: the frame of [`Reading::spans`].
/// Nothing is cut off, so a skewed page grows a little.
pub fn upright(raster: &Raster, turn: Turn, skew: f32) -> Raster {
    let turned: Cow<RgbImage> = match turn {
        Turn::None => Cow::Borrowed(&raster.pixels),
        Turn::Right => Cow::Owned(imageops::rotate270(&raster.pixels)),
        Turn::Half => Cow::Owned(imageops::rotate180(&raster.pixels)),
        Turn::Left => Cow::Owned(imageops::rotate90(&raster.pixels)),
    };
    if skew == 0.0 {
        return Raster { pixels: turned.into_owned(), scale: raster.scale };
    }
    let page = Frame::new(turn, skew, size(&raster.pixels)).page();
    let (width, height) = (page.length as u32, page.height as u32);
    let pixels = input::rectify(&turned, page.origin(), page.along(), page.down(), width, height);
    Raster { pixels, scale: raster.scale }
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use ndarray::{Array2, Array3, Array4};

    use super::*;
    use crate::{
        Error,
        model::{Model, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION, Tensor},
    };

    /// Text where the image is black.
    fn sees_black() -> Model {
        Model::from_fn(|inputs: &[Tensor]| {
            let plane = inputs[0].index_axis(ndarray::Axis(1), 0);
            let map = plane.mapv(|v| if v < 0.0 { 0.9 } else { 0.0 });
            Ok(vec![map.insert_axis(ndarray::Axis(1))])
        })
    }

    /// Two words, whatever is shown.
    fn reads_a_b() -> Model {
        let answer = |inputs: &[Tensor]| {
            let (n, steps) = (inputs[0].shape()[0], inputs[0].shape()[3] / 8);
            let mut classes = Array3::zeros((n, steps, 4));
            classes.slice_mut(ndarray::s![.., .., 0]).fill(1.0);
            for (step, class) in [(0, 1), (steps / 2, 3), (steps - 1, 2)] {
                classes.slice_mut(ndarray::s![.., step, 0]).fill(0.0);
                classes.slice_mut(ndarray::s![.., step, class]).fill(0.9);
            }
            Ok(vec![classes.into_dyn()])
        };
        Model::from_fn(answer).with_labels(["a", "b"])
    }

    fn says_upright() -> Model {
        Model::from_fn(|inputs: &[Tensor]| {
            let mut votes = Array2::zeros((inputs[0].shape()[0], 2));
            votes.column_mut(0).fill(1.0);
            Ok(vec![votes.into_dyn()])
        })
    }

    fn fakes() -> Models {
        Models::with_loader(|name| panic!("{name} is not faked"))
            .with(OCR_DETECTION, sees_black())
            .with(OCR_ORIENTATION, says_upright())
            .with(OCR_RECOGNITION, reads_a_b())
    }

    /// White, with a black bar where the core of a line of text would be.
    fn page(width: u32, height: u32, bars: &[[u32; 4]]) -> Raster {
        let in_bar = |x, y| bars.iter().any(|b| (b[0]..b[2]).contains(&x) && (b[1]..b[3]).contains(&y));
        let pixels = RgbImage::from_fn(width, height, |x, y| Rgb([if in_bar(x, y) { 0 } else { 255 }; 3]));
        Raster { pixels, scale: 2.0 }
    }

    #[test]
    fn a_line_comes_back_as_a_span_of_words_in_points() {
        let reading = read(&fakes(), &page(640, 320, &[[100, 100, 420, 120]]), &[]).unwrap();
        assert_eq!((reading.turn, reading.skew), (Turn::None, 0.0));
        let span = &reading.spans[0];
        assert_eq!((span.text.as_str(), span.words.len(), span.source), ("a b", 2, Source::Ocr));
        let core = Rect::new(50.0, 50.0, 210.0, 60.0);
        assert_eq!(core.share_in(&span.rect), 1.0);
        assert!(span.rect.height() < 3.0 * core.height());
        assert!(span.words[0].rect.x1 <= span.words[1].rect.x0);
    }

    #[test]
    fn a_page_on_its_side_is_read_along_its_lines() {
        let reading = read(&fakes(), &page(320, 640, &[[100, 100, 120, 420]]), &[]).unwrap();
        assert_eq!(reading.turn, Turn::Right);
        let rect = reading.spans[0].rect;
        assert!(rect.width() > 5.0 * rect.height());
        assert_eq!(upright(&page(320, 640, &[]), reading.turn, 0.0).pixels.dimensions(), (640, 320));
    }

    #[test]
    fn a_line_that_the_detector_overlooks_is_not_turned() {
        let sees_nothing = Model::from_fn(|inputs: &[Tensor]| {
            Ok(vec![inputs[0].slice_axis(ndarray::Axis(1), (0..1).into()).mapv(|_| 0.0)])
        });
        let models = Models::with_loader(|name| panic!("{name} is not to be asked"))
            .with(OCR_DETECTION, sees_nothing)
            .with(OCR_RECOGNITION, reads_a_b());
        let reading = read(&models, &page(300, 40, &[]), &[]).unwrap();
        assert_eq!((reading.turn, reading.spans.len()), (Turn::None, 1));
    }

    #[test]
    fn areas_are_read_alone_and_in_place() {
        let raster = page(640, 640, &[[100, 100, 420, 120], [100, 500, 420, 520]]);
        let area = Rect::new(0.0, 200.0, 320.0, 320.0);
        let spans = read(&fakes(), &raster, &[area]).unwrap().spans;
        assert_eq!(spans.len(), 1);
        assert!(Rect::new(50.0, 250.0, 210.0, 260.0).share_in(&spans[0].rect) > 0.99);
    }

    #[test]
    fn tiny_and_empty_rasters_have_no_text() {
        for (width, height) in [(0, 0), (1, 1), (0, 7), (1, 500)] {
            let raster = Raster { pixels: RgbImage::new(width, height), scale: 1.0 };
            assert!(read(&fakes(), &raster, &[]).is_ok(), "{width} by {height}");
            let outside = Rect::new(900.0, 900.0, 950.0, 950.0);
            assert_eq!(read(&fakes(), &raster, &[outside]).unwrap().spans, []);
            upright(&raster, Turn::Left, 3.0);
        }
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error() {
        let odd = Model::from_fn(|_| Ok(vec![Array4::<f32>::zeros((1, 2, 3, 4)).into_dyn()]));
        let models = fakes().with(OCR_DETECTION, odd);
        assert!(matches!(read(&models, &page(64, 64, &[]), &[]), Err(Error::ModelShape { .. })));
    }

    #[test]
    fn undoing_a_turn_gives_back_the_page() {
        let raster = page(60, 40, &[[5, 5, 30, 10]]);
        let turned = Raster { pixels: imageops::rotate90(&raster.pixels), scale: raster.scale };
        assert_eq!(upright(&turned, Turn::Right, 0.0), raster);
    }
}
