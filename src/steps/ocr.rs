//! A raster to spans of text: where the lines are, which way up the page lies,
//! what each line says. Spans come back in the frame of the upright page.

mod detect;
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
    content::{Raster, Source, Span, Style, Word},
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

/// All text in `areas` (points) of the raster; without areas, on all of it. The
/// page may lie on its side, on its head or askew; areas are taken as upright.
///
/// # Errors
/// When a model cannot be loaded or run.
pub fn read(models: &Models, raster: &Raster, areas: &[Rect]) -> Result<Reading> {
    if raster.pixels.is_empty() {
        return Ok(Reading::default());
    }
    if areas.is_empty() { read_page(models, raster) } else { read_areas(models, raster, areas) }
}

fn read_page(models: &Models, raster: &Raster) -> Result<Reading> {
    let pixels = &raster.pixels;
    let cores = detect::cores(models, pixels)?;
    let size = (pixels.width() as f32, pixels.height() as f32);
    let (turn, skew) = orient::lie(models, pixels, &cores)?;
    let frame = Frame::new(turn, skew, size);
    let strips = strips(&cores, frame.angle());
    let pieces = recognise::recognise(models, pixels, &strips)?;
    let spans =
        strips.iter().zip(pieces).filter_map(|(strip, pieces)| span(strip, pieces, &frame, raster.scale));
    Ok(Reading { spans: spans.collect(), turn, skew })
}

fn read_areas(models: &Models, raster: &Raster, areas: &[Rect]) -> Result<Reading> {
    let mut spans = Vec::new();
    for area in areas {
        let Some(part) = raster.crop(area) else { continue };
        let _ = (&part, &mut spans, models);
    }
    Ok(Reading { spans, ..Reading::default() })
}

/// Line boxes around the cores, for text that runs at `angle`.
fn strips(cores: &[Vec<Point>], angle: f32) -> Vec<Strip> {
    cores
        .iter()
        .filter_map(|core| own_angle(core, angle).or_else(|| Strip::around(core, angle)))
        .map(let_out)
        .collect()
}

/// Length over height from which a line that lies otherwise than its page is believed.
const STRAY: f32 = 6.0;
/// Degrees from the page's angle: less is blur, more is not a line of text.
const STRAY_ANGLES: std::ops::Range<f32> = 1.0..30.0;

/// The box of a long line that runs at an angle of its own.
fn own_angle(core: &[Point], angle: f32) -> Option<Strip> {
    use std::f32::consts::{FRAC_PI_2, PI};
    let own = Strip::smallest(core).filter(|s| s.aspect() >= STRAY)?;
    let off = (own.angle - angle + FRAC_PI_2).rem_euclid(PI) - FRAC_PI_2;
    STRAY_ANGLES.contains(&off.to_degrees().abs()).then_some(Strip { angle: angle + off, ..own })
}

/// The detector was taught cores shrunk by their area over their perimeter;
/// letting them out by this much of it gives back the line.
const LET_OUT: f32 = 1.6;

fn let_out(core: Strip) -> Strip {
    let distance = LET_OUT * core.length * core.height / (2.0 * (core.length + core.height)).max(1e-3);
    core.inflate(distance)
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
        style: Style::default(),
        turn: Turn::None,
        glued: false,
        source: Source::Ocr,
        confidence,
    })
}

/// Mean confidence below which a line is noise.
const LEGIBLE: f32 = 0.5;
/// Share of a line's box below its baseline.
const DESCENT: f32 = 0.25;
/// Font size for a line's box of height 1.
const SIZE: f32 = 0.75;

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
    let page = Frame::new(turn, skew, (raster.pixels.width() as f32, raster.pixels.height() as f32)).page();
    let (width, height) = (page.length as u32, page.height as u32);
    let pixels = input::rectify(&turned, page.origin(), page.along(), page.down(), width, height);
    Raster { pixels, scale: raster.scale }
}
