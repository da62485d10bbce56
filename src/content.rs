//! The nouns: what is on a page, from its characters up to its blocks.
//!
//! All values own their data, so that a notebook can keep them. Every `rect` is
//! in points from the top left of the page as displayed.

use std::sync::Arc;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect, Turn};

/// What the PDF itself says of one page. Scans have few or no characters and
/// one large image.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The document's path, or the name it was opened under.
    pub document: Arc<str>,
    /// Counted from 1.
    pub number: usize,
    /// Points, as displayed.
    pub width: f32,
    /// Points, as displayed.
    pub height: f32,
    /// In content-stream order.
    pub chars: Vec<Char>,
    /// What [`Char::font`] points into.
    pub fonts: Vec<Font>,
    /// Ruling lines: strokes, thin fills and edges of rectangles, merged.
    pub rules: Vec<Rule>,
    /// Horizontal strokes and thin fills as drawn, however short: fraction bars are among them.
    pub bars: Vec<Rect>,
    /// Where images are painted.
    pub images: Vec<Rect>,
    /// What drawing the page takes beside its own pixels.
    pub drawing_cost: DrawingCost,
    /// Filled rectangles, cornered or rounded, and shadings: what text may stand on.
    pub boxes: Vec<Rect>,
    /// Where other shapes are painted: curves, slanted lines, other fills. Neighbours in the content stream that
    /// touch are one.
    pub drawings: Vec<Rect>,
    /// Link annotations.
    pub links: Vec<Link>,
    /// The structure elements that own characters here, in the order of a tagged PDF's structure tree. Empty in
    /// others.
    pub tags: Vec<Tag>,
    /// Oddities that did not stop the reading.
    pub warnings: Vec<String>,
}

impl Page {
    /// The whole page as displayed.
    pub fn rect(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width, self.height)
    }
}

/// Bytes that are taken for as long as a page is drawn, beside its own pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DrawingCost {
    /// At any resolution.
    pub fixed: f32,
    /// For each dot an inch.
    pub by_dpi: f32,
}

impl DrawingCost {
    /// Bytes, drawn at `dpi`.
    pub fn at(&self, dpi: f32) -> f32 {
        self.fixed + self.by_dpi * dpi
    }
}

/// One character of a PDF's text layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Char {
    /// Unicode, as the font maps it.
    pub unicode: char,
    /// Index into [`Page::fonts`].
    pub font: u16,
    /// Points, as displayed.
    pub size: f32,
    /// Where the pen stands, on the baseline.
    pub origin: Point,
    /// Advance width by ascent and descent.
    pub rect: Rect,
    /// Around the ink; empty for a space.
    pub ink: Rect,
    /// Degrees clockwise that the baseline points away from rightwards.
    pub angle: f32,
    /// Put in by the reader (spaces and line ends), not in the file.
    pub generated: bool,
    /// Painted with no ink, as the text layer of a scan is.
    pub invisible: bool,
    /// The font gives no Unicode for it.
    pub unmapped: bool,
    /// A hyphen at a line's end that only breaks a word.
    pub soft_hyphen: bool,
    /// Index into [`Page::tags`]; `None` where the structure tree does not know it.
    pub tag: Option<u16>,
}

/// A structure element of a tagged PDF (ISO 32000-1, 14.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What its text is.
    pub role: Role,
    /// The same for all pieces of one paragraph, heading, list item, cell, caption or note: the links and spans in it,
    /// and the paragraphs of an item, cell, caption or note.
    pub element: u32,
}

/// What a structure element is. The paragraphs of a list item are list items, those of a cell are cells, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// With its level; one without a number has that of the sections around it.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// The bullet or number of an item or note; of one element with it.
    Label,
    /// One cell.
    Table,
    /// Text that names a figure or table.
    Caption,
    /// A picture or what is written in it.
    Figure,
    /// A footnote or endnote.
    Note,
    /// Program text; of one element with the paragraph that it stands in.
    Code,
    /// A formula; of one element with the paragraph that it stands in.
    Formula,
    /// One entry of a table of contents.
    TocItem,
    /// A quotation set apart.
    Quote,
    /// Marked as no part of the text: running heads, decoration. All of a page are one element.
    Artifact,
    /// None of these; its text can be several paragraphs.
    Other,
}

/// A font of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Font {
    /// As in the file, without the subset prefix.
    pub name: String,
    /// 400 is regular, 700 bold.
    pub weight: u16,
    /// Slanted.
    pub italic: bool,
    /// Every character is as wide as the next.
    pub fixed_pitch: bool,
    /// Without serifs, by its name.
    pub sans: bool,
}

/// A straight line that separates: drawn as a stroke, a thin fill or the edge
/// of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// As drawn, stroke width included.
    pub rect: Rect,
    /// Which way it runs.
    pub axis: Axis,
}

/// Which way a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Left to right.
    Horizontal,
    /// Top to bottom.
    Vertical,
}

impl Axis {
    /// As in frames.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Horizontal => "horizontal",
            Axis::Vertical => "vertical",
        }
    }
}

/// A link annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What one clicks on.
    pub rect: Rect,
    /// Where it leads.
    pub target: Target,
}

/// Where a link or an outline entry leads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Target {
    /// Outside the document.
    Uri(String),
    /// A page of this document, counted from 1.
    Page(usize),
}

/// One entry of a document's outline (bookmarks), in reading order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutlineEntry {
    /// As shown in a viewer's side bar.
    pub title: String,
    /// 1 is the outermost level.
    pub level: u8,
    /// Where it leads, when inside the document. Counted from 1.
    pub page: Option<usize>,
}

/// A page's pixels, with what turns them into points.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    /// 8 bits a channel, opaque.
    pub pixels: RgbImage,
    /// Pixels in a point: dpi / 72.
    pub scale: f32,
}

impl Raster {
    /// Points across.
    pub fn width(&self) -> f32 {
        self.pixels.width() as f32 / self.scale
    }

    /// Points down.
    pub fn height(&self) -> f32 {
        self.pixels.height() as f32 / self.scale
    }

    /// Where [`Raster::crop`] begins, points: at a whole pixel.
    pub(crate) fn crop_corner(&self, rect: &Rect) -> Point {
        let whole = |p: f32| (p * self.scale).max(0.0).floor() / self.scale;
        Point::new(whole(rect.x0), whole(rect.y0))
    }

    /// A copy of the part inside `rect` (points); `None` when nothing of it is
    /// on the page.
    pub fn crop(&self, rect: &Rect) -> Option<Raster> {
        let all = Rect::new(0.0, 0.0, self.pixels.width() as f32, self.pixels.height() as f32);
        let part = rect.scale(self.scale).intersection(&all)?;
        let (x, y) = (part.x0.floor() as u32, part.y0.floor() as u32);
        let (width, height) = (part.x1.ceil() as u32 - x, part.y1.ceil() as u32 - y);
        let pixels = image::imageops::crop_imm(&self.pixels, x, y, width, height).to_image();
        Some(Raster { pixels, scale: self.scale })
    }
}

/// What a region of a page is, in the words of the layout model (CDLA).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Running text.
    Text,
    /// A heading of any level.
    Title,
    /// A picture or diagram.
    Figure,
    /// Text that names a figure.
    FigureCaption,
    /// A table.
    Table,
    /// Text that names a table.
    TableCaption,
    /// A running head.
    Header,
    /// A running foot or page number.
    Footer,
    /// Entries of a bibliography.
    Reference,
    /// A displayed formula.
    Equation,
}

impl Label {
    /// As in JSON and frames.
    pub fn name(self) -> &'static str {
        match self {
            Label::Text => "text",
            Label::Title => "title",
            Label::Figure => "figure",
            Label::FigureCaption => "figure_caption",
            Label::Table => "table",
            Label::TableCaption => "table_caption",
            Label::Header => "header",
            Label::Footer => "footer",
            Label::Reference => "reference",
            Label::Equation => "equation",
        }
    }
}

/// A part of the page that the layout step gave a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Where.
    pub rect: Rect,
    /// What.
    pub label: Label,
    /// The model's, 0 to 1.
    pub score: f32,
}

/// Who read the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The PDF's own characters.
    #[default]
    TextLayer,
    /// The recogniser, from pixels.
    Ocr,
}

impl Source {
    /// As in JSON and frames.
    pub fn name(self) -> &'static str {
        match self {
            Source::TextLayer => "text_layer",
            Source::Ocr => "ocr",
        }
    }
}

/// How a span looks. From a scan nothing of this is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Weight 600 or more.
    pub bold: bool,
    /// Slanted.
    pub italic: bool,
    /// Fixed pitch.
    pub monospace: bool,
    /// Without serifs.
    pub sans: bool,
}

/// A word and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Without white space.
    pub text: String,
    /// Where.
    pub rect: Rect,
    /// 0 to 1; 1 from a text layer.
    pub confidence: f32,
}

/// A run of one font on one baseline, or one stretch of text that OCR read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Span {
    /// With single spaces between words.
    pub text: String,
    /// Around all of it.
    pub rect: Rect,
    /// The words of `text`, in order.
    pub words: Vec<Word>,
    /// y of the baseline in the upright frame of the text, points.
    pub baseline: f32,
    /// Font size in points; from a scan, estimated from the line's height.
    pub size: f32,
    /// How it looks.
    pub style: Style,
    /// Which way the text is turned on the page.
    pub turn: Turn,
    /// Ideographs that stand upright, each below the one before. `turn` is `None` then.
    pub vertical: bool,
    /// No space between the span before and this one.
    pub glued: bool,
    /// Index into [`Page::tags`], from a tagged text layer.
    pub tag: Option<u16>,
    /// The id of the formula that it is, all of it.
    pub formula: Option<String>,
    /// Who read it.
    pub source: Source,
    /// 0 to 1; 1 from a text layer.
    pub confidence: f32,
}

/// Spans that one reads in one sweep of the eye.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Around all spans.
    pub rect: Rect,
    /// In reading direction.
    pub spans: Vec<Span>,
}

impl Line {
    /// The spans' text, with spaces where the page has them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for span in &self.spans {
            if !text.is_empty() && !span.glued {
                text.push(' ');
            }
            text.push_str(&span.text);
        }
        text
    }

    /// The words of all spans; one that changes its font half-way is one word.
    pub fn words(&self) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        for span in &self.spans {
            let mut own = span.words.iter();
            if span.glued
                && let (Some(last), Some(first)) = (words.last_mut(), own.next())
            {
                last.text.push_str(&first.text);
                last.rect = last.rect.union(&first.rect);
                last.confidence = last.confidence.min(first.confidence);
            }
            words.extend(own.cloned());
        }
        words
    }

    /// The size of most of the line's characters, points.
    pub fn size(&self) -> f32 {
        self.longest_span().map_or(0.0, |s| s.size)
    }

    /// Which way most of the line is turned.
    pub fn turn(&self) -> Turn {
        self.longest_span().map_or(Turn::None, |s| s.turn)
    }

    /// The structure element that most of the line belongs to: an index into [`Page::tags`].
    pub fn tag(&self) -> Option<u16> {
        self.longest_span().and_then(|s| s.tag)
    }

    /// Who read it; a line has one reader.
    pub fn source(&self) -> Source {
        self.spans.first().map_or(Source::TextLayer, |s| s.source)
    }

    /// Mean over the characters, 0 to 1.
    pub fn confidence(&self) -> f32 {
        let weigh = |s: &Span| s.text.len() as f32;
        let total: f32 = self.spans.iter().map(weigh).sum();
        let sum: f32 = self.spans.iter().map(|s| s.confidence * weigh(s)).sum();
        if total > 0.0 { sum / total } else { 0.0 }
    }

    fn longest_span(&self) -> Option<&Span> {
        self.spans.iter().max_by_key(|s| s.text.len())
    }
}

/// A grid of cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// Around all cells.
    #[serde(rename = "box")]
    pub rect: Rect,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Rows at the top that name the columns.
    pub header_rows: usize,
    /// 0 to 1: how far what speaks for the table agrees.
    pub confidence: f32,
    /// By row, then column; none overlap.
    pub cells: Vec<Cell>,
    /// The table of the page before that it goes on with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// Of a table that was joined over pages: where its rows come from, in order. Empty in others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Table {
    /// Of a joined table: the number of the part that holds a row, counted from 0, and the part.
    pub(crate) fn part_of(&self, row: usize) -> Option<(usize, &Part)> {
        self.parts.iter().enumerate().rfind(|(_, part)| part.first_row <= row)
    }

    /// The cells with text.
    pub(crate) fn filled(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|c| !c.text.is_empty())
    }
}

/// How a table goes on with that of the page before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carried {
    /// Id of the block of the table before.
    pub of: String,
    /// Rows at the top that repeat the header, and are left out where the two are joined.
    pub repeated: usize,
    /// What says that the two are one.
    pub why: Why,
}

/// What says that a table goes on over a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its header is repeated.
    Header,
    /// Its columns stand at the same places.
    Columns,
}

/// The rows of a joined table that stand on one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Counted from 1.
    pub page: usize,
    /// Id of the block that holds them.
    pub block: String,
    /// Counted from 0; they end where the next part begins.
    pub first_row: usize,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0.
    pub column: usize,
    /// Rows covered, at least 1.
    pub row_span: usize,
    /// Columns covered, at least 1.
    pub column_span: usize,
    /// Whether it names a column or a row.
    pub header: bool,
    /// Lines joined by a space.
    pub text: String,
    /// 0 to 1: how far what speaks for its bounds and its text agrees.
    pub confidence: f32,
    /// Where.
    #[serde(rename = "box")]
    pub rect: Rect,
}

/// A formula, in a line of text or set apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Formula {
    /// Unique in the document: `p3-f2`.
    pub id: String,
    /// Around all of it but its number.
    #[serde(rename = "box")]
    pub rect: Rect,
    /// Set apart from the text, on lines of its own.
    pub display: bool,
    /// Without delimiters and number; `None` until a recogniser has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latex: Option<String>,
    /// As plain text: its symbols in reading order.
    pub text: String,
    /// The equation number, without parentheses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it was read from; `None` where nothing read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<FormulaSource>,
    /// 0 to 1: how far the glyphs are known and fit the structure, or what the model says.
    pub confidence: f32,
    /// Why a LaTeX parser does not take it; `None` where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Number of its symbols.
    pub symbols: usize,
}

impl Formula {
    /// Whether it was read, and what was read parses.
    pub fn is_valid(&self) -> bool {
        self.latex.is_some() && self.problem.is_none()
    }
}

/// What a formula was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FormulaSource {
    /// The PDF's own glyphs and rules.
    Glyphs,
    /// A recogniser, from pixels.
    Model,
}

impl FormulaSource {
    /// As in JSON and frames.
    pub fn name(self) -> &'static str {
        match self {
            FormulaSource::Glyphs => "glyphs",
            FormulaSource::Model => "model",
        }
    }
}

/// A picture cut out of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Where on the page.
    pub rect: Rect,
    /// File name for it, unique in the document.
    pub name: String,
    /// The picture, if the options ask for it.
    pub crop: Option<Raster>,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A title or section heading.
    Heading,
    /// Running text.
    Paragraph,
    /// One item of a list, its marker included.
    ListItem,
    /// Text that names a figure or table.
    Caption,
    /// A note at the foot of a column.
    Footnote,
    /// A table.
    Table,
    /// A displayed formula.
    Formula,
    /// A picture.
    Figure,
    /// Program text; line breaks count.
    Code,
    /// A running head.
    Header,
    /// A running foot or page number.
    Footer,
    /// An entry of a bibliography.
    Reference,
    /// Numbers in the margin that count the lines.
    LineNumber,
}

impl Kind {
    /// As in JSON and frames.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Heading => "heading",
            Kind::Paragraph => "paragraph",
            Kind::ListItem => "list_item",
            Kind::Caption => "caption",
            Kind::Footnote => "footnote",
            Kind::Table => "table",
            Kind::Formula => "formula",
            Kind::Figure => "figure",
            Kind::Code => "code",
            Kind::Header => "header",
            Kind::Footer => "footer",
            Kind::Reference => "reference",
            Kind::LineNumber => "line_number",
        }
    }

    /// Running heads, running feet and line numbers belong to the sheet, not to the text.
    pub fn is_furniture(self) -> bool {
        matches!(self, Kind::Header | Kind::Footer | Kind::LineNumber)
    }
}

/// How a part of a block's text looks, or where it leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Byte of [`Block::text`] at which it begins.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
    /// What it says of that part.
    pub kind: MarkKind,
}

/// What a [`Mark`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// Weight 600 or more, in text that is not all bold.
    Bold,
    /// Slanted, in text that is not all slanted.
    Italic,
    /// Fixed pitch.
    Monospace,
    /// Raised and smaller.
    Superscript,
    /// Lowered and smaller.
    Subscript,
    /// A link annotation lies over it.
    Link(Target),
    /// The mark of a footnote, by the id of the footnote's block.
    Note(String),
    /// A formula, by its id.
    Formula(String),
}

impl MarkKind {
    /// As in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            MarkKind::Bold => "bold",
            MarkKind::Italic => "italic",
            MarkKind::Monospace => "monospace",
            MarkKind::Superscript => "superscript",
            MarkKind::Subscript => "subscript",
            MarkKind::Link(_) => "link",
            MarkKind::Note(_) => "note",
            MarkKind::Formula(_) => "formula",
        }
    }
}

/// What decided a block's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Nothing spoke for anything else.
    Default,
    /// The layout step's label.
    Region,
    /// The structure tree of a tagged PDF.
    Tag,
    /// The document's outline has it.
    Outline,
    /// Set larger or smaller than the body.
    Size,
    /// Set in another weight, slant or case than the body.
    Weight,
    /// Its number.
    Numbering,
    /// The words it begins with.
    Words,
    /// The bullet, number or sign it begins with.
    Marker,
    /// It stands alone in the page's margin.
    Margin,
    /// It comes again on other pages.
    Repetition,
    /// Others of its kind stand at its place on other pages.
    Place,
    /// Set apart from the text that goes on in its line.
    RunIn,
    /// Set in fixed pitch.
    Pitch,
    /// Images or drawings lie there.
    Painting,
    /// The grid of its rules and words.
    Grid,
    /// Its glyphs, which only formulas have.
    Glyphs,
}

impl Evidence {
    /// As in JSON and frames.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Default => "default",
            Evidence::Region => "region",
            Evidence::Tag => "tag",
            Evidence::Outline => "outline",
            Evidence::Size => "size",
            Evidence::Weight => "weight",
            Evidence::Numbering => "numbering",
            Evidence::Words => "words",
            Evidence::Marker => "marker",
            Evidence::Margin => "margin",
            Evidence::Place => "place",
            Evidence::Repetition => "repetition",
            Evidence::RunIn => "run_in",
            Evidence::Pitch => "pitch",
            Evidence::Painting => "painting",
            Evidence::Grid => "grid",
            Evidence::Glyphs => "glyphs",
        }
    }
}

/// How a block's text goes on from that of another, over a column or page.
#[derive(Clone, Debug, PartialEq)]
pub struct Continuation {
    /// Id of the block before.
    pub of: String,
    /// What stands between the two texts.
    pub joint: Joint,
}

/// What stands between two texts that are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// A space.
    Space,
    /// Nothing: ideographs, or a hyphen that stays.
    Nothing,
    /// Nothing, and the first text's last character, a hyphen, goes too.
    Hyphen,
}

/// A piece of the document that one would cut out whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Unique in the document: `p3-b12`.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What decided that.
    pub evidence: Evidence,
    /// Of headings and list items; 1 is the outermost.
    pub level: Option<u8>,
    /// Around all of it.
    pub rect: Rect,
    /// Lines joined, words mended at hyphens; code keeps its line ends.
    pub text: String,
    /// By start. Those of one kind do not overlap.
    pub marks: Vec<Mark>,
    /// Of list items and footnotes: what `text` begins with to name the item, as printed.
    pub marker: Option<String>,
    /// Captions only: the id of the figure's or table's block.
    pub caption_of: Option<String>,
    /// The text that this one goes on with.
    pub continues: Option<Continuation>,
    /// The lines it was made of.
    pub lines: Vec<Line>,
    /// 0 to 1: the mean over its characters, or the region's score if it has none.
    pub confidence: f32,
    /// Who read the text.
    pub source: Source,
    /// The layout region it came from.
    pub region: Option<(Label, f32)>,
    /// What it is in the structure tree of a tagged PDF, where the tree is sound.
    pub role: Option<Role>,
    /// Tables only.
    pub table: Option<Table>,
    /// Displayed formulas only: the id of one of [`PageContent::formulas`].
    pub formula: Option<String>,
    /// Figures only: an index into [`PageContent::figures`].
    pub figure: Option<usize>,
}

/// Seconds that one stage took on one page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Stage name, as in the progress bar.
    pub stage: &'static str,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Bytes in memory (RSS) when the stage ended; 0 where the system does not say.
    pub resident: u64,
    /// Bytes by which that grew in the stage; less than 0 where it shrank.
    pub growth: i64,
}

/// Everything that was found on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageContent {
    /// The document's path, or the name it was opened under.
    pub document: Arc<str>,
    /// Counted from 1.
    pub number: usize,
    /// Points, as displayed.
    pub width: f32,
    /// Points, as displayed.
    pub height: f32,
    /// How far most of the text is turned as displayed. Blocks were ordered with it turned back.
    pub turn: Turn,
    /// Degrees clockwise that a scan lies askew.
    pub skew: f32,
    /// Who read most of the text.
    pub source: Source,
    /// In reading order.
    pub blocks: Vec<Block>,
    /// In the order of their blocks.
    pub figures: Vec<Figure>,
    /// In reading order, those in tables and captions too.
    pub formulas: Vec<Formula>,
    /// What the layout step found.
    pub regions: Vec<Region>,
    /// Link annotations.
    pub links: Vec<Link>,
    /// Oddities that did not stop the page.
    pub warnings: Vec<String>,
    /// In running order.
    pub timings: Vec<Timing>,
}

impl PageContent {
    /// Names the blocks anew by their places, after some were put in or taken apart.
    pub(crate) fn number_blocks(&mut self) {
        for (n, block) in self.blocks.iter_mut().enumerate() {
            block.id = block_id(self.number, n);
        }
    }
}

/// The id of the block at `place` (from 0) of a page (from 1).
pub(crate) fn block_id(page: usize, place: usize) -> String {
    format!("p{page}-b{}", place + 1)
}
