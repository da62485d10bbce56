//! What a cell shows, in all the forms that a viewer may choose from.

use std::{
    fmt::{self, Debug, Write as _},
    io::{self, Write},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{RgbImage, imageops::FilterType};

use crate::{html, plot::png};

/// Bytes of plain text. More would only make the notebook slow.
const MOST_TEXT: usize = 10_000;
/// Pixels. A picture is drawn smaller to be no wider than this.
const MOST_WIDTH: u32 = 1000;

/// Plain text, and something better for viewers that can show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// For terminals.
    pub text: String,
    /// For notebooks.
    pub rich: Rich,
}

/// What a notebook shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Rich {
    /// Only the text.
    Nothing,
    /// A fragment of HTML.
    Html(String),
    /// HTML, and LaTeX with its delimiters for viewers that show no MathML.
    Formula { html: String, latex: String },
    /// A picture of lines and text.
    Svg(String),
    /// A picture of pixels.
    Png(Vec<u8>),
}

impl Bundle {
    pub(super) fn html(text: impl Into<String>, html: String) -> Self {
        Self { text: text.into(), rich: Rich::Html(html) }
    }

    pub(super) fn svg(text: impl Into<String>, svg: String) -> Self {
        Self { text: text.into(), rich: Rich::Svg(svg) }
    }

    /// As it is, or smaller if it is very wide.
    pub(super) fn picture(text: impl Into<String>, pixels: &RgbImage) -> Self {
        let (width, height) = pixels.dimensions();
        let png = if width > MOST_WIDTH {
            let height = (height * MOST_WIDTH / width).max(1);
            png(&image::imageops::resize(pixels, MOST_WIDTH, height, FilterType::Triangle))
        } else {
            png(pixels)
        };
        Self { text: text.into(), rich: Rich::Png(png) }
    }

    /// `{:?}`, or its beginning.
    pub(super) fn debug(value: &dyn Debug) -> Self {
        let mut text = Beginning(String::new());
        // The only error is that the text is full.
        let _ = write!(text, "{value:?}");
        Self { text: text.0, rich: Rich::Nothing }
    }

    /// All as one fragment of HTML.
    pub fn to_html(&self) -> String {
        match &self.rich {
            Rich::Nothing => format!("<pre>{}</pre>", html::escaped(&self.text)),
            Rich::Html(html) | Rich::Formula { html, .. } => html.clone(),
            Rich::Svg(svg) => svg.clone(),
            Rich::Png(bytes) => html::png(bytes, None, &self.text),
        }
    }

    /// MIME types and contents, as Jupyter has them.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("text/plain", self.text.clone())];
        match &self.rich {
            Rich::Nothing => (),
            Rich::Html(html) => parts.push(("text/html", html.clone())),
            Rich::Formula { html, latex } => {
                parts.extend([("text/html", html.clone()), ("text/latex", latex.clone())])
            }
            Rich::Svg(svg) => parts.push(("image/svg+xml", svg.clone())),
            Rich::Png(bytes) => parts.push(("image/png", STANDARD.encode(bytes))),
        }
        parts
    }

    /// Each part between lines that evcxr knows; the last ends with a newline, without which its kernel waits forever.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (mime, content) in self.parts() {
            writeln!(out, "EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT")?;
        }
        out.flush()
    }

    pub(super) fn print(&self) {
        // Whoever closed standard output does not want to see it.
        let _ = self.write(&mut io::stdout().lock());
    }
}

/// Takes text until it has enough.
struct Beginning(String);

impl fmt::Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MOST_TEXT.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        self.0.push_str(" …");
        Err(fmt::Error)
    }
}
