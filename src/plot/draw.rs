//! A chart onto plotters' canvases: SVG or pixels.

use std::{fmt::Display, sync::Once};

use image::RgbImage;
use plotters::{
    coord::Shift,
    element::{Circle, PathElement, Rectangle, Text},
    prelude::{BitMapBackend, DrawingArea, DrawingBackend, IntoDrawingArea, RGBColor, SVGBackend},
    style::{
        Color as _, FontStyle, FontTransform, IntoFont, TextStyle, register_font,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{
    chart::{Axis, Chart, Mark},
    palette::{Color, FAINT, GRID, INK},
};

/// What plotters knows the font by; a browser takes its own of that sort for SVG.
const FONT: &str = "sans-serif";
/// Pixels.
const TITLE: i32 = 17;
/// Pixels.
const TEXT: i32 = 13;
/// Pixels. Around everything, and between a tick and its text.
const MARGIN: i32 = 12;
const GAP: i32 = 6;
/// Pixels. A line of the legend.
const LEGEND_LINE: i32 = 20;
/// Pixels. A legend's patch of colour.
const PATCH: i32 = 12;
/// Pixels.
const DOT: i32 = 3;

pub(super) fn svg(chart: &Chart) -> Result<String, String> {
    let mut svg = String::new();
    draw(chart, &SVGBackend::with_string(&mut svg, chart.size).into_drawing_area(), 1)?;
    Ok(svg)
}

pub(super) fn picture(chart: &Chart, zoom: u32) -> Result<RgbImage, String> {
    let (width, height) = (chart.size.0 * zoom, chart.size.1 * zoom);
    let mut pixels = vec![0; (width * height * 3) as usize];
    let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
    draw(chart, &area, zoom as i32)?;
    drop(area);
    RgbImage::from_raw(width, height, pixels).ok_or_else(|| "the picture has no room".to_owned())
}

fn draw<B: DrawingBackend>(chart: &Chart, area: &DrawingArea<B, Shift>, zoom: i32) -> Result<(), String> {
    register_fonts();
    let mut canvas = Canvas { area, zoom, width: chart.size.0 as i32, failed: None };
    canvas.whole(chart);
    canvas.failed.map_or_else(|| area.present().map_err(told), Err)
}

/// So that text is drawn alike on every machine, one without fonts included.
fn register_fonts() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // A font that does not load leaves the error to whoever draws with it.
        let _ = register_font(FONT, FontStyle::Normal, dejavu::sans::regular());
        let _ = register_font(FONT, FontStyle::Bold, dejavu::sans::bold());
    });
}

fn told(error: impl Display) -> String {
    error.to_string()
}

/// In the chart's own pixels. The first thing that fails is kept, and told at the end.
struct Canvas<'a, B: DrawingBackend> {
    area: &'a DrawingArea<B, Shift>,
    zoom: i32,
    width: i32,
    failed: Option<String>,
}

/// Where the data stand, in the chart's pixels.
struct Frame {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Frame {
    fn place(&self, chart: &Chart, (x, y): (f64, f64)) -> (f64, f64) {
        let share = |axis: &Axis, value: f64| (value - axis.ends.0) / (axis.ends.1 - axis.ends.0);
        let (across, up) = (share(&chart.x, x), share(&chart.y, y));
        let (width, height) = (f64::from(self.right - self.left), f64::from(self.bottom - self.top));
        (f64::from(self.left) + across * width, f64::from(self.bottom) - up * height)
    }
}

impl<B: DrawingBackend> Canvas<'_, B> {
    fn whole(&mut self, chart: &Chart) {
        let filled = self.area.fill(&RGBColor(255, 255, 255)).map_err(told);
        self.note(filled);
        self.text(&chart.title, (MARGIN, MARGIN), TITLE, INK, (HPos::Left, VPos::Top), FontStyle::Bold);
        let top = self.legend(chart, MARGIN + TITLE + GAP) + MARGIN;
        let widest = chart.y.ticks.iter().map(|(_, label)| self.text_width(label)).max().unwrap_or(0);
        let frame = Frame {
            left: MARGIN + TEXT + 2 * GAP + widest,
            top,
            right: chart.size.0 as i32 - 2 * MARGIN,
            bottom: chart.size.1 as i32 - MARGIN - 2 * TEXT - 3 * GAP,
        };
        self.axes(chart, &frame);
        chart.marks.iter().for_each(|mark| self.mark(chart, &frame, mark));
    }

    /// In lines below the title; the y at which they end.
    fn legend(&mut self, chart: &Chart, top: i32) -> i32 {
        let (mut x, mut y) = (MARGIN, top);
        for (name, color) in &chart.legend {
            let width = PATCH + GAP + self.text_width(name) + 2 * MARGIN;
            if x > MARGIN && x + width > self.width {
                (x, y) = (MARGIN, y + LEGEND_LINE);
            }
            self.bar((x, y + 4), (x + PATCH, y + 4 + PATCH), *color);
            let at = (x + PATCH + GAP, y + 4 + PATCH / 2);
            self.text(name, at, TEXT, INK, (HPos::Left, VPos::Center), FontStyle::Normal);
            x += width;
        }
        if chart.legend.is_empty() { y } else { y + LEGEND_LINE }
    }

    fn axes(&mut self, chart: &Chart, frame: &Frame) {
        let Frame { left, top, right, bottom } = *frame;
        for (value, label) in &chart.x.ticks {
            let x = frame.place(chart, (*value, chart.y.ends.0)).0.round() as i32;
            if chart.x.grid {
                self.line(&[(x, top), (x, bottom)], GRID, 1);
            }
            let at = (x, bottom + GAP);
            self.text(label, at, TEXT, FAINT, (HPos::Center, VPos::Top), FontStyle::Normal);
        }
        for (value, label) in &chart.y.ticks {
            let y = frame.place(chart, (chart.x.ends.0, *value)).1.round() as i32;
            if chart.y.grid {
                self.line(&[(left, y), (right, y)], GRID, 1);
            }
            let at = (left - GAP, y);
            self.text(label, at, TEXT, FAINT, (HPos::Right, VPos::Center), FontStyle::Normal);
        }
        self.line(&[(left, top), (left, bottom), (right, bottom)], FAINT, 1);
        let foot = (i32::midpoint(left, right), bottom + TEXT + 2 * GAP);
        self.text(&chart.x.label, foot, TEXT, INK, (HPos::Center, VPos::Top), FontStyle::Normal);
        self.upward(&chart.y.label, (MARGIN, i32::midpoint(top, bottom)));
    }

    fn mark(&mut self, chart: &Chart, frame: &Frame, mark: &Mark) {
        let place = |at: (f64, f64)| {
            let (x, y) = frame.place(chart, at);
            (x.round() as i32, y.round() as i32)
        };
        match mark {
            Mark::Bar([a, b], color) => self.bar(place(*a), place(*b), *color),
            Mark::Line(points, color) => {
                self.line(&points.iter().map(|at| place(*at)).collect::<Vec<_>>(), *color, 2);
            }
            Mark::Dot(at, color) => self.dot(place(*at), *color),
            Mark::Beside(at, text) => {
                let (x, y) = place(*at);
                self.text(text, (x + GAP, y), TEXT, INK, (HPos::Left, VPos::Center), FontStyle::Normal);
            }
            Mark::Above(at, text) => {
                let (x, y) = place(*at);
                self.text(text, (x, y - 2), TEXT, INK, (HPos::Center, VPos::Bottom), FontStyle::Normal);
            }
        }
    }

    /// At least a pixel wide, however little it stands for; one of no height is none.
    fn bar(&mut self, a: (i32, i32), b: (i32, i32), color: Color) {
        let (x0, x1, y0, y1) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), a.1.max(b.1));
        if y0 == y1 {
            return;
        }
        let corners = [(x0 * self.zoom, y0 * self.zoom), (x1.max(x0 + 1) * self.zoom, y1 * self.zoom)];
        self.put(&Rectangle::new(corners, rgb(color).filled()));
    }

    fn line(&mut self, points: &[(i32, i32)], color: Color, width: i32) {
        let points: Vec<_> = points.iter().map(|(x, y)| (x * self.zoom, y * self.zoom)).collect();
        self.put(&PathElement::new(points, rgb(color).stroke_width((width * self.zoom) as u32)));
    }

    fn dot(&mut self, (x, y): (i32, i32), color: Color) {
        let at = (x * self.zoom, y * self.zoom);
        self.put(&Circle::new(at, DOT * self.zoom, rgb(color).mix(0.5).filled()));
    }

    fn text(
        &mut self,
        text: &str,
        at: (i32, i32),
        size: i32,
        color: Color,
        anchor: (HPos, VPos),
        style: FontStyle,
    ) {
        let font = (FONT, size * self.zoom).into_font().style(style);
        let color = rgb(color);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(anchor.0, anchor.1));
        self.put(&Text::new(text.to_owned(), (at.0 * self.zoom, at.1 * self.zoom), style));
    }

    /// Turned to be read from the right.
    fn upward(&mut self, text: &str, (x, y): (i32, i32)) {
        let font = (FONT, TEXT * self.zoom).into_font().transform(FontTransform::Rotate270);
        let color = rgb(INK);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(HPos::Center, VPos::Top));
        self.put(&Text::new(text.to_owned(), (x * self.zoom, y * self.zoom), style));
    }

    fn text_width(&mut self, text: &str) -> i32 {
        let size = self.area.estimate_text_size(text, &TextStyle::from((FONT, TEXT).into_font()));
        let size = size.map_err(told);
        let width = size.as_ref().map_or(0, |(width, _)| *width as i32);
        self.note(size.map(drop));
        width
    }

    fn put<E>(&mut self, element: &E)
    where
        for<'b> &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        E: plotters::element::Drawable<B>,
    {
        let drawn = self.area.draw(element).map_err(told);
        self.note(drawn);
    }

    fn note(&mut self, result: Result<(), String>) {
        self.failed = self.failed.take().or(result.err());
    }
}

fn rgb([red, green, blue]: Color) -> RGBColor {
    RGBColor(red, green, blue)
}
