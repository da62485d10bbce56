//! A loaded pdfium page to an owned `Page`: characters, ruling lines, images, links.
//!
//! The only place where pdfium's coordinates (origin at the bottom left of the
//! media box, before rotation) become ours.

use std::{
    collections::HashMap,
    ffi::{c_char, c_int, c_ulong, c_void},
    ptr,
};

use pdfium_render::prelude::{
    FPDF_DOCUMENT, FPDF_FONT, FPDF_LINK, FPDF_PAGE, FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH,
    FPDF_PAGEOBJ_SHADING, FPDF_PAGEOBJECT, FPDF_TEXTPAGE, FS_MATRIX, FS_RECTF,
};

use super::{library::Bindings, tags::Tags, underscores};
use crate::{
    content::{Axis, Char, Font, Link, Page, Rule, Target},
    geometry::{Point, Rect, Turn},
};

/// Points. A filled shape thinner than this is a drawn line.
const THIN_FILL: f32 = 3.0;
/// Points. A line shorter than this separates nothing.
const SHORTEST_RULE: f32 = 4.0;
/// Points. No fraction bar is shorter, even in the smallest script.
const SHORTEST_BAR: f32 = 1.5;
/// Points. Below this, two rules are one drawn line, or one line drawn twice.
const SAME_RULE: f32 = 2.0;
/// Of the font's em. What hangs over farther is another glyph than the one that was asked for.
const MOST_OVERHANG: f32 = 0.25;
/// Levels of forms within forms. Damaged files can contain themselves.
const DEEPEST_FORM: u8 = 12;
/// Pixels. Smaller images are drawn in little memory, and are not worth a question.
const LARGE_IMAGE: u32 = 4 << 20;
/// Of an image as pdfium draws it, a byte each.
const CHANNELS: f32 = 3.0;
/// Objects. A map of more strokes is a picture, whose single strokes tell nothing.
const MOST_OBJECTS: usize = 200_000;

/// `FPDF_SEGMENT_*` of fpdfview.h.
const SEGMENT_LINE: c_int = 0;
const SEGMENT_MOVE: c_int = 2;
/// Text render modes 3 and 7 of ISO 32000 paint nothing.
const INVISIBLE_MODES: [c_int; 2] = [3, 7];
/// Bits of `/Flags` in a font descriptor (ISO 32000-1, table 123).
const FLAG_FIXED_PITCH: c_int = 1;
const FLAG_ITALIC: c_int = 1 << 6;
const FLAG_FORCE_BOLD: c_int = 1 << 18;

/// Reads one page of `size` points as displayed. What cannot be read is left out.
pub(super) fn page(
    pdfium: &Bindings,
    document: FPDF_DOCUMENT,
    handle: FPDF_PAGE,
    number: usize,
    size: (f32, f32),
) -> Page {
    let view = View::of(pdfium, handle, size);
    let mut page = Page { number, width: size.0, height: size.1, ..Default::default() };
    read_chars(pdfium, handle, &view, &mut page);
    Shapes { pdfium, handle, view: &view, page: &mut page, seen: 0 }.read_page();
    page.rules = merge_rules(std::mem::take(&mut page.rules));
    underscores::write(&mut page);
    page.links = links(pdfium, document, handle, &view);
    page
}

/// How pdfium's coordinates become ours: shift to the visible box, flip y, turn.
struct View {
    left: f32,
    top: f32,
    turn: Turn,
    /// Of the visible box before the turn.
    size: (f32, f32),
}

impl View {
    fn of(pdfium: &Bindings, page: FPDF_PAGE, displayed: (f32, f32)) -> Self {
        let mut visible = FS_RECTF { left: 0.0, top: displayed.1, right: displayed.0, bottom: 0.0 };
        // SAFETY: the page is open and `visible` is ours.
        let turn = unsafe {
            pdfium.FPDF_GetPageBoundingBox(page, &mut visible);
            Turn::nearest(pdfium.FPDFPage_GetRotation(page) as f32 * 90.0)
        };
        Self { left: visible.left, top: visible.top, turn, size: turn.size(displayed) }
    }

    fn point(&self, x: f32, y: f32) -> Point {
        self.turn.point(Point::new(x - self.left, self.top - y), self.size)
    }

    fn rect(&self, left: f32, bottom: f32, right: f32, top: f32) -> Rect {
        let (a, b) = (self.point(left, bottom), self.point(right, top));
        Rect::new(a.x, a.y, b.x, b.y)
    }
}

/// What all characters of one text object share.
#[derive(Clone, Copy)]
struct TextObject {
    handle: FPDF_PAGEOBJECT,
    face: FPDF_FONT,
    font: u16,
    font_use: FontUse,
    size: f32,
    /// Points across that the font's em takes; `None` where the text does not run rightwards in pdfium's frame, and
    /// in fonts for formulas.
    em: Option<f32>,
    angle: f32,
    invisible: bool,
    tag: Option<u16>,
}

/// A text page, closed on drop.
struct TextPage<'a> {
    pdfium: &'a Bindings,
    handle: FPDF_TEXTPAGE,
}

impl Drop for TextPage<'_> {
    fn drop(&mut self) {
        // SAFETY: loaded in `read_chars`, closed once, here.
        unsafe { self.pdfium.FPDFText_ClosePage(self.handle) };
    }
}

fn read_chars(pdfium: &Bindings, page_handle: FPDF_PAGE, view: &View, page: &mut Page) {
    // SAFETY: the page is open.
    let handle = unsafe { pdfium.FPDFText_LoadPage(page_handle) };
    if handle.is_null() {
        page.warnings.push("the text layer cannot be read".to_owned());
        return;
    }
    let text = TextPage { pdfium, handle };
    let mut tags = Tags::read(pdfium, page_handle);
    // SAFETY: the text page is open.
    let count = unsafe { pdfium.FPDFText_CountChars(handle) }.max(0);
    page.chars.reserve_exact(count as usize);
    let mut fonts: HashMap<FPDF_FONT, (u16, FontUse)> = HashMap::new();
    let mut current: Option<TextObject> = None;
    let mut before = 0;
    for index in 0..count {
        // SAFETY: the index is below the count.
        let unit = unsafe { pdfium.FPDFText_GetUnicode(handle, index) };
        if let (Some(whole), Some(half)) = (surrogates(before, unit), page.chars.last_mut()) {
            (half.unicode, before) = (whole, 0);
            continue;
        }
        before = unit;
        // SAFETY: the index is below the count.
        let object = unsafe { pdfium.FPDFText_GetTextObject(handle, index) };
        if !object.is_null() && current.is_none_or(|c| c.handle != object) {
            let tag = tags.of(pdfium, object);
            current = Some(TextObject { tag, ..text_object(&text, object, index, view, &mut fonts, page) });
        }
        if let Some(current) = current {
            let char = read_char(&text, index, unit, &current, view, page.chars.last());
            match current.font_use {
                FontUse::Picture if !char.generated => push_drawing(&mut page.drawings, char.ink),
                _ => page.chars.push(char),
            }
        }
    }
    page.tags = tags.list;
}

/// pdfium gives a character beyond U+FFFF, such as a mathematical 𝑄, as the two halves of its UTF-16 form.
fn surrogates(high: u32, low: u32) -> Option<char> {
    let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
    char::decode_utf16(pair).next()?.ok().filter(|c| c.len_utf16() == 2)
}

fn text_object(
    text: &TextPage,
    handle: FPDF_PAGEOBJECT,
    index: c_int,
    view: &View,
    fonts: &mut HashMap<FPDF_FONT, (u16, FontUse)>,
    page: &mut Page,
) -> TextObject {
    let pdfium = text.pdfium;
    let mut m = FS_MATRIX { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };
    // SAFETY: object and index belong to the open text page; `m` is ours.
    let (face, size, mode) = unsafe {
        pdfium.FPDFText_GetMatrix(text.handle, index, &mut m);
        let face = pdfium.FPDFTextObj_GetFont(handle);
        let size = pdfium.FPDFText_GetFontSize(text.handle, index) as f32;
        (face, size, pdfium.FPDFTextObj_GetTextRenderMode(handle))
    };
    let (font, font_use) = *fonts.entry(face).or_insert_with(|| {
        let font = read_font(pdfium, face);
        let font_use = FontUse::of(&font.name);
        page.fonts.push(font);
        (u16::try_from(page.fonts.len() - 1).unwrap_or(u16::MAX), font_use)
    });
    // A baseline that rises to the right in pdfium's frame turns counter-clockwise; ours counts clockwise.
    let angle = (-m.b.atan2(m.a).to_degrees() + f32::from(view.turn.degrees())).rem_euclid(360.0);
    let invisible = INVISIBLE_MODES.contains(&(mode as c_int));
    let em = (m.b == 0.0 && m.a > 0.0 && font_use != FontUse::Formulas).then_some(size * m.a);
    let size = (size * m.c.hypot(m.d)).abs();
    TextObject { handle, face, font, font_use, size, em, angle, invisible, tag: None }
}

fn read_char(
    text: &TextPage,
    index: c_int,
    unicode: u32,
    object: &TextObject,
    view: &View,
    last: Option<&Char>,
) -> Char {
    let (pdfium, handle) = (text.pdfium, text.handle);
    let (mut left, mut right, mut bottom, mut top) = (0.0, 0.0, 0.0, 0.0);
    let (mut x, mut y) = (0.0, 0.0);
    let mut loose = FS_RECTF { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
    // SAFETY: the index is below the page's count; all out-pointers are ours.
    let (generated, hyphen, unmapped) = unsafe {
        pdfium.FPDFText_GetCharBox(handle, index, &mut left, &mut right, &mut bottom, &mut top);
        pdfium.FPDFText_GetCharOrigin(handle, index, &mut x, &mut y);
        pdfium.FPDFText_GetLooseCharBox(handle, index, &mut loose);
        (
            pdfium.FPDFText_IsGenerated(handle, index) == 1,
            pdfium.FPDFText_IsHyphen(handle, index) == 1,
            pdfium.FPDFText_HasUnicodeMapError(handle, index) == 1,
        )
    };
    let origin = view.point(x as f32, y as f32);
    // A ligature is one glyph, and pdfium gives it as its letters, each with the glyph's origin and box.
    let letter_of_ligature = last.is_some_and(|last| last.origin == origin);
    if loose.right <= right as f32 && !letter_of_ligature {
        loose.right -= overhang(pdfium, object, unicode, loose.right - x as f32);
    }
    Char {
        unicode: if hyphen { '-' } else { char::from_u32(unicode).unwrap_or(char::REPLACEMENT_CHARACTER) },
        font: object.font,
        size: object.size,
        origin,
        rect: view.rect(loose.left, loose.bottom, loose.right, loose.top),
        ink: view.rect(left as f32, bottom as f32, right as f32, top as f32),
        angle: object.angle,
        generated,
        invisible: object.invisible,
        unmapped: unmapped || unicode == 0,
        soft_hyphen: hyphen,
        tag: object.tag,
    }
}

/// Points by which ink hangs over the advance, as an f's does: pdfium widens the loose box to it, here to `width`, and
/// the space after the letter would look too narrow.
fn overhang(pdfium: &Bindings, object: &TextObject, unicode: u32, width: f32) -> f32 {
    let (Some(em), false) = (object.em, object.face.is_null()) else { return 0.0 };
    let mut advance = 0.0;
    // SAFETY: the font belongs to the open page; `advance` is ours.
    let known = unsafe { pdfium.FPDFFont_GetGlyphWidth(object.face, unicode, em, &mut advance) } != 0;
    let over = width - advance;
    let plausible = known && advance > 0.0 && (0.0..MOST_OVERHANG * em).contains(&over);
    if plausible { over } else { 0.0 }
}

fn read_font(pdfium: &Bindings, font: FPDF_FONT) -> Font {
    if font.is_null() {
        return Font { weight: 400, ..Default::default() };
    }
    let mut bytes = [0_u8; 256];
    let mut slant: c_int = 0;
    // SAFETY: the font belongs to an open page; the buffer is as long as we say; `slant` is ours.
    let (length, flags, weight) = unsafe {
        let length = pdfium.FPDFFont_GetBaseFontName(font, bytes.as_mut_ptr().cast::<c_char>(), bytes.len());
        pdfium.FPDFFont_GetItalicAngle(font, &mut slant);
        (length, pdfium.FPDFFont_GetFlags(font), pdfium.FPDFFont_GetWeight(font))
    };
    let name = String::from_utf8_lossy(&bytes[..length.saturating_sub(1).min(bytes.len())]);
    describe_font(&name, flags, weight, slant)
}

/// A font's look from its descriptor and, since descriptors lie, its name.
fn describe_font(full_name: &str, flags: c_int, weight: c_int, slant: c_int) -> Font {
    let name = match full_name.split_once('+') {
        Some((subset, rest)) if subset.len() == 6 => rest,
        _ => full_name,
    };
    let lower = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let flagged = |bit: c_int| flags > 0 && flags & bit != 0;
    // Computer Modern spells bold "bx", Times New Roman PS "-bd", Nimbus "Medi".
    let bold = says(&[
        "bold",
        "black",
        "heavy",
        "cmbx",
        "cmbsy",
        "cmmib",
        "cmssbx",
        "sfbx",
        "-bd",
        "nimbusromno9l-medi",
    ]) || flagged(FLAG_FORCE_BOLD);
    // The stems of Computer Modern look heavy to pdfium in some sizes, but its names tell every weight.
    let computer_modern = ["cm", "sf", "ec"].iter().any(|start| lower.starts_with(start))
        && lower.ends_with(|c: char| c.is_ascii_digit());
    let light = computer_modern || says(&["light", "thin", "regular", "-roman"]);
    let weight = match (bold, light) {
        (true, _) => 700,
        (_, true) => 400,
        // pdfium derives this from the stem width, which is reliable only at the heavy end.
        _ if weight >= 700 => weight.min(900) as u16,
        _ => 400,
    };
    let italic =
        slant != 0 || flagged(FLAG_ITALIC) || says(&["italic", "oblique", "cmti", "cmmi", "-it", "slanted"]);
    let fixed_pitch = flagged(FLAG_FIXED_PITCH)
        || says(&[
            "mono",
            "courier",
            "nimbusmon",
            "cmtt",
            "cmitt",
            "cmsltt",
            "sftt",
            "ectt",
            "consolas",
            "inconsolata",
            "typewriter",
            "menlo",
        ]);
    let sans = says(&[
        "sans", "helvet", "arial", "roboto", "gothic", "grotesk", "cmss", "sfss", "lmss", "univers",
        "frutiger",
    ]);
    Font { name: name.to_owned(), weight, italic, fixed_pitch, sans }
}

/// What a font is for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FontUse {
    Text,
    /// TeX sets each letter of these as far from the next as its ink hangs over, so that the gap is no space.
    Formulas,
    /// The slanted lines and quarter circles that LaTeX draws with: they have codes, but are no text.
    Picture,
}

impl FontUse {
    fn of(font_name: &str) -> Self {
        let name = font_name.to_lowercase();
        if ["cmmi", "math", "txmi", "pxmi"].iter().any(|part| name.contains(part)) {
            FontUse::Formulas
        } else if ["lcircle", "line10", "linew10"].iter().any(|start| name.starts_with(start)) {
            FontUse::Picture
        } else {
            FontUse::Text
        }
    }
}

/// An affine map, as PDF writes it.
type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `inner`, then `outer`.
fn compose(inner: &Matrix, outer: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *inner;
    let [oa, ob, oc, od, oe, of] = *outer;
    [
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    ]
}

/// Bytes of an image that is in the file as it is; 0 of others.
fn unpacked_bytes(pdfium: &Bindings, image: FPDF_PAGEOBJECT) -> f32 {
    // SAFETY: the image belongs to an open page; without a buffer the length alone is told.
    unsafe {
        match pdfium.FPDFImageObj_GetImageFilterCount(image) {
            0 => pdfium.FPDFImageObj_GetImageDataRaw(image, ptr::null_mut(), 0) as f32,
            _ => 0.0,
        }
    }
}

/// The walk over a page's objects, with the forms nested in it.
struct Shapes<'a> {
    pdfium: &'a Bindings,
    handle: FPDF_PAGE,
    view: &'a View,
    page: &'a mut Page,
    seen: usize,
}

impl Shapes<'_> {
    fn read_page(&mut self) {
        // SAFETY: the page is open.
        let count = unsafe { self.pdfium.FPDFPage_CountObjects(self.handle) };
        for index in 0..count {
            // SAFETY: the index is below the count.
            let object = unsafe { self.pdfium.FPDFPage_GetObject(self.handle, index) };
            self.read_object(object, &IDENTITY, 0);
        }
        if self.seen >= MOST_OBJECTS {
            self.page.warnings.push(format!("only the first {MOST_OBJECTS} drawn objects were read"));
        }
    }

    fn read_object(&mut self, object: FPDF_PAGEOBJECT, outer: &Matrix, depth: u8) {
        self.seen += 1;
        if object.is_null() || self.seen > MOST_OBJECTS {
            return;
        }
        // SAFETY: the object belongs to the open page.
        let kind = unsafe { self.pdfium.FPDFPageObj_GetType(object) } as u32;
        match kind {
            FPDF_PAGEOBJ_PATH => self.read_path(object, outer),
            FPDF_PAGEOBJ_IMAGE => self.read_image(object, outer),
            FPDF_PAGEOBJ_SHADING => self.extend_with_bounds(object, outer, |page| &mut page.boxes),
            FPDF_PAGEOBJ_FORM if depth < DEEPEST_FORM => self.read_form(object, outer, depth),
            _ => {}
        }
    }

    fn read_form(&mut self, form: FPDF_PAGEOBJECT, outer: &Matrix, depth: u8) {
        let matrix = compose(&self.matrix(form), outer);
        // SAFETY: the form belongs to the open page, and the index is below its count.
        let count = unsafe { self.pdfium.FPDFFormObj_CountObjects(form) }.max(0);
        for index in 0..count {
            // SAFETY: as above.
            let object = unsafe { self.pdfium.FPDFFormObj_GetObject(form, index as c_ulong) };
            self.read_object(object, &matrix, depth + 1);
        }
    }

    fn matrix(&self, object: FPDF_PAGEOBJECT) -> Matrix {
        let mut m = FS_MATRIX { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };
        // SAFETY: the object belongs to the open page; `m` is ours.
        unsafe { self.pdfium.FPDFPageObj_GetMatrix(object, &mut m) };
        [m.a, m.b, m.c, m.d, m.e, m.f]
    }

    fn to_page(&self, x: f32, y: f32, m: &Matrix) -> Point {
        self.view.point(x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
    }

    /// The object's bounds on the page, cut to the visible part.
    fn bounds(&self, object: FPDF_PAGEOBJECT, outer: &Matrix) -> Option<Rect> {
        let (mut left, mut bottom, mut right, mut top) = (0.0, 0.0, 0.0, 0.0);
        // SAFETY: the object belongs to the open page; the out-pointers are ours.
        let known = unsafe {
            self.pdfium.FPDFPageObj_GetBounds(object, &mut left, &mut bottom, &mut right, &mut top)
        };
        if known == 0 {
            return None;
        }
        let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
        let all = Rect::around(corners.map(|(x, y)| self.to_page(x, y, outer)))?;
        all.intersection(&self.page.rect())
    }

    fn extend_with_bounds(
        &mut self,
        object: FPDF_PAGEOBJECT,
        outer: &Matrix,
        list: impl Fn(&mut Page) -> &mut Vec<Rect>,
    ) {
        if let Some(rect) = self.bounds(object, outer) {
            list(self.page).push(rect);
        }
    }

    fn read_image(&mut self, image: FPDF_PAGEOBJECT, outer: &Matrix) {
        let Some(rect) = self.bounds(image, outer) else { return };
        let (mut width, mut height) = (0, 0);
        // SAFETY: the image belongs to the open page; the out-pointers are ours.
        unsafe { self.pdfium.FPDFImageObj_GetImagePixelSize(image, &mut width, &mut height) };
        // Ghostscript draws the lines of TeX's dvips as images of one pixel.
        if (width, height) == (1, 1) && is_thin(&rect) {
            self.push_line(rect);
            return;
        }
        self.page.images.push(rect);
        if width.saturating_mul(height) >= LARGE_IMAGE {
            let cost = &mut self.page.drawing_cost;
            // pdfium brings all rows to their drawn length before it makes fewer of them, and copies what is not packed.
            let rows = CHANNELS * width.max(height) as f32;
            cost.by_dpi = cost.by_dpi.max(rows * rect.width().max(rect.height()) / 72.0);
            cost.fixed = cost.fixed.max(unpacked_bytes(self.pdfium, image));
        }
    }

    fn read_path(&mut self, path: FPDF_PAGEOBJECT, outer: &Matrix) {
        let (mut fill, mut stroke) = (0, 0);
        // SAFETY: the path belongs to the open page; the out-pointers are ours.
        unsafe { self.pdfium.FPDFPath_GetDrawMode(path, &mut fill, &mut stroke) };
        if fill == 0 && stroke == 0 {
            return; // A clipping path.
        }
        let Some(bounds) = self.bounds(path, outer).or_else(|| self.flat_bounds(path, outer)) else { return };
        let thin = is_thin(&bounds);
        if thin && self.push_line(bounds) {
            // As long as a ruling line.
        } else if stroke != 0 && self.stroked_rules(path, outer) {
            // All of it was straight lines along the axes.
        } else if !thin && fill != 0 && holds_text(&bounds) && is_box(&self.segments(path, outer)) {
            self.page.boxes.push(bounds);
        } else if !thin {
            push_drawing(&mut self.page.drawings, bounds);
        }
    }

    /// Keeps what is drawn as a line; false if it is too short for a ruling line.
    fn push_line(&mut self, bounds: Rect) -> bool {
        if bounds.height() < bounds.width() && bounds.width() >= SHORTEST_BAR {
            self.page.bars.push(bounds);
        }
        let long = bounds.width().max(bounds.height()) >= SHORTEST_RULE;
        if long {
            self.page.rules.push(rule(bounds));
        }
        long
    }

    /// A straight line without width has bounds of no area.
    fn flat_bounds(&self, path: FPDF_PAGEOBJECT, outer: &Matrix) -> Option<Rect> {
        let points = self.segments(path, outer).into_iter().map(|(p, _, _)| p);
        let rect = Rect::around(points)?.inflate(0.25);
        rect.intersection(&self.page.rect())
    }

    /// End point, kind and whether it closes the figure, for each segment.
    fn segments(&self, path: FPDF_PAGEOBJECT, outer: &Matrix) -> Vec<(Point, c_int, bool)> {
        let matrix = compose(&self.matrix(path), outer);
        // SAFETY: the path belongs to the open page.
        let count = unsafe { self.pdfium.FPDFPath_CountSegments(path) }.max(0);
        let segment = |index| {
            let (mut x, mut y) = (0.0, 0.0);
            // SAFETY: the index is below the count; the out-pointers are ours.
            let (kind, closes) = unsafe {
                let segment = self.pdfium.FPDFPath_GetPathSegment(path, index);
                self.pdfium.FPDFPathSegment_GetPoint(segment, &mut x, &mut y);
                (
                    self.pdfium.FPDFPathSegment_GetType(segment),
                    self.pdfium.FPDFPathSegment_GetClose(segment) != 0,
                )
            };
            (self.to_page(x, y, &matrix), kind, closes)
        };
        (0..count).map(segment).collect()
    }

    /// Adds the straight edges of a stroked path as rules. False, and nothing
    /// added, when it has any other edge: then it is a drawing.
    fn stroked_rules(&mut self, path: FPDF_PAGEOBJECT, outer: &Matrix) -> bool {
        let mut width = 1.0;
        // SAFETY: the path belongs to the open page; `width` is ours.
        unsafe { self.pdfium.FPDFPageObj_GetStrokeWidth(path, &mut width) };
        match edges(&self.segments(path, outer)) {
            Some(edges) => {
                let half = (width / 2.0).clamp(0.1, THIN_FILL / 2.0);
                let long = edges.into_iter().filter(|e| e.width().max(e.height()) >= SHORTEST_RULE);
                self.page.rules.extend(long.map(|e| rule(e.inflate(half))));
                true
            }
            None => false,
        }
    }
}

/// Points. A box of text is no narrower and no lower.
const SMALLEST_BOX: (f32, f32) = (20.0, 6.0);

fn holds_text(bounds: &Rect) -> bool {
    bounds.width() >= SMALLEST_BOX.0 && bounds.height() >= SMALLEST_BOX.1
}

/// Whether a path is one rectangle, its corners rounded or not: two to four straight sides along the axes, and no more
/// curves than corners.
fn is_box(segments: &[(Point, c_int, bool)]) -> bool {
    let (mut sides, mut moves, mut curved) = (0, 0, 0);
    let mut at = Point::default();
    for &(point, kind, _) in segments {
        match kind {
            SEGMENT_MOVE => moves += 1,
            SEGMENT_LINE if edge(at, point).is_some() => sides += 1,
            SEGMENT_LINE => return false,
            _ => curved += 1,
        }
        at = point;
    }
    // A curve counts three points: two that steer it, and its end.
    moves <= 2 && (2..=5).contains(&sides) && curved <= 12
}

/// The edges of a path that is made of nothing but lines along the axes.
fn edges(segments: &[(Point, c_int, bool)]) -> Option<Vec<Rect>> {
    let mut edges = Vec::new();
    let (mut start, mut at) = (Point::default(), Point::default());
    for &(point, kind, closes) in segments {
        match kind {
            SEGMENT_MOVE => start = point,
            SEGMENT_LINE => edges.push(edge(at, point)?),
            _ => return None,
        }
        at = point;
        if closes {
            edges.push(edge(at, start)?);
            at = start;
        }
    }
    Some(edges)
}

/// The line from `a` to `b`, if it runs along an axis.
fn edge(a: Point, b: Point) -> Option<Rect> {
    let straight = (a.x - b.x).abs() < 0.5 || (a.y - b.y).abs() < 0.5;
    straight.then(|| Rect::new(a.x, a.y, b.x, b.y))
}

fn rule(rect: Rect) -> Rule {
    let axis = if rect.width() >= rect.height() { Axis::Horizontal } else { Axis::Vertical };
    Rule { rect, axis }
}

/// Strokes of one figure follow each other; one box around them is enough, and
/// keeps a map of a hundred thousand strokes small.
fn push_drawing(drawings: &mut Vec<Rect>, rect: Rect) {
    match drawings.last_mut() {
        Some(last) if last.inflate(SAME_RULE).intersection(&rect).is_some() => *last = last.union(&rect),
        _ => drawings.push(rect),
    }
}

fn is_thin(bounds: &Rect) -> bool {
    bounds.width().min(bounds.height()) < THIN_FILL
}

/// Joins rules that lie on one line and touch or overlap.
fn merge_rules(mut rules: Vec<Rule>) -> Vec<Rule> {
    let key = |r: &Rule| match r.axis {
        Axis::Horizontal => (0, r.rect.center().y, r.rect.x0),
        Axis::Vertical => (1, r.rect.center().x, r.rect.y0),
    };
    rules.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2))
    });
    let mut merged: Vec<Rule> = Vec::with_capacity(rules.len());
    for rule in rules {
        // Lines within `SAME_RULE` across may stand in any order along, so look back over all of those.
        let near = |m: &Rule| m.axis == rule.axis && key(&rule).1 - key(m).1 <= SAME_RULE;
        let same = merged.iter_mut().rev().take_while(|m| near(m)).find(|m| touch(&m.rect, &rule));
        match same {
            Some(m) => m.rect = m.rect.union(&rule.rect),
            None => merged.push(rule),
        }
    }
    merged
}

fn touch(rect: &Rect, rule: &Rule) -> bool {
    let gap = match rule.axis {
        Axis::Horizontal => rect.overlap_x(&rule.rect),
        Axis::Vertical => rect.overlap_y(&rule.rect),
    };
    gap >= -SAME_RULE
}

fn links(pdfium: &Bindings, document: FPDF_DOCUMENT, page: FPDF_PAGE, view: &View) -> Vec<Link> {
    let mut links = Vec::new();
    let (mut position, mut link): (c_int, FPDF_LINK) = (0, ptr::null_mut());
    // SAFETY: the page is open; pdfium moves `position` forward on each call and answers 0 at the end.
    while unsafe { pdfium.FPDFLink_Enumerate(page, &mut position, &mut link) } != 0 {
        let mut r = FS_RECTF { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
        // SAFETY: the link belongs to the open page; `r` is ours.
        let placed = unsafe { pdfium.FPDFLink_GetAnnotRect(link, &mut r) } != 0;
        if let (true, Some(target)) = (placed, target(pdfium, document, link)) {
            links.push(Link { rect: view.rect(r.left, r.bottom, r.right, r.top), target });
        }
    }
    links
}

fn target(pdfium: &Bindings, document: FPDF_DOCUMENT, link: FPDF_LINK) -> Option<Target> {
    // SAFETY: link, action and destination belong to the open document; each is checked for null before use.
    unsafe {
        let action = pdfium.FPDFLink_GetAction(link);
        if !action.is_null() {
            let length = pdfium.FPDFAction_GetURIPath(document, action, ptr::null_mut(), 0);
            let mut bytes = vec![0_u8; length as usize];
            pdfium.FPDFAction_GetURIPath(document, action, bytes.as_mut_ptr().cast::<c_void>(), length);
            let uri = String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned();
            if !uri.is_empty() {
                return Some(Target::Uri(uri));
            }
        }
        let to = pdfium.FPDFLink_GetDest(document, link);
        if to.is_null() {
            return None;
        }
        let index = pdfium.FPDFDest_GetDestPageIndex(document, to);
        usize::try_from(index).ok().map(|index| Target::Page(index + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_drawn_in_dashes_is_one_rule() {
        let dash = |x: f32| rule(Rect::new(x, 100.0, x + 10.0, 100.5));
        let merged = merge_rules(vec![dash(0.0), dash(22.0), dash(11.0)]);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].rect, Rect::new(0.0, 100.0, 32.0, 100.5));
    }

    #[test]
    fn parallel_rules_apart_stay_apart() {
        let at = |y: f32| rule(Rect::new(0.0, y, 50.0, y + 0.5));
        assert_eq!(merge_rules(vec![at(10.0), at(14.0)]).len(), 2);
    }

    #[test]
    fn a_closed_rectangle_has_four_edges_and_a_triangle_none() {
        let p = Point::new;
        let line = |q, closes| (q, SEGMENT_LINE, closes);
        let square = [
            (p(0.0, 0.0), SEGMENT_MOVE, false),
            line(p(9.0, 0.0), false),
            line(p(9.0, 9.0), false),
            line(p(0.0, 9.0), true),
        ];
        assert_eq!(edges(&square).map(|e| e.len()), Some(4));
        let triangle =
            [(p(0.0, 0.0), SEGMENT_MOVE, false), line(p(9.0, 0.0), false), line(p(4.0, 9.0), true)];
        assert_eq!(edges(&triangle), None);
    }

    #[test]
    fn two_surrogates_are_one_character() {
        assert_eq!(surrogates(0xD835, 0xDC44), Some('𝑄'));
        assert_eq!(
            (surrogates(0x51, 0x52), surrogates(0xD835, 0x52), surrogates(0, 0xDC44)),
            (None, None, None)
        );
    }

    #[test]
    fn a_font_is_bold_by_its_name() {
        assert_eq!(describe_font("ABCDEF+CMBX12", 4, 400, 0).weight, 700);
        assert_eq!(describe_font("NimbusRomNo9L-Regu", 4, 400, 0).weight, 400);
        assert_eq!(describe_font("ABCDEF+CMR10", 4, 744, 0).weight, 400);
        assert!(describe_font("Times-Italic", 0, 400, 0).italic);
        assert_eq!(describe_font("ABCDEF+CMBX12", 4, 400, 0).name, "CMBX12");
    }
}
