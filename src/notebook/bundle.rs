//! What a cell shows, in all the forms that a viewer may choose from.

use std::{
    fmt::{self, Debug, Write as _},
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{RgbImage, imageops::FilterType};

use crate::{html, plot::png};

/// The environment variable that names the folder pictures go to where none can be shown: `flatleaf repl` sets it.
pub const PICTURES: &str = "FLATLEAF_PICTURES";

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
    /// One below the other, and how many more there are.
    Several { shown: Vec<Bundle>, left_out: usize },
}

impl Bundle {
    pub(super) fn html(text: impl Into<String>, html: String) -> Self {
        Self { text: text.into(), rich: Rich::Html(html) }
    }

    pub(super) fn svg(text: impl Into<String>, svg: String) -> Self {
        Self { text: text.into(), rich: Rich::Svg(svg) }
    }

    /// One below the other, and how many of them are left out.
    pub(super) fn several(shown: Vec<Bundle>, left_out: usize) -> Self {
        let texts = shown.iter().map(|bundle| bundle.text.clone()).chain(more(left_out));
        Self { text: texts.collect::<Vec<_>>().join("\n"), rich: Rich::Several { shown, left_out } }
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
            Rich::Several { shown, left_out } => {
                let each =
                    |bundle: &Bundle| format!("<div style=\"margin:8px 0\">{}</div>", bundle.to_html());
                shown.iter().map(each).chain(more(*left_out)).collect::<Vec<_>>().join("\n")
            }
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
            Rich::Several { .. } => parts.push(("text/html", self.to_html())),
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

    /// Writes it to standard output as a notebook wants it; or, where [`PICTURES`] names a folder, as a terminal does.
    pub fn print(&self) {
        let mut out = io::stdout().lock();
        // Whoever closed standard output does not want to see it.
        let _ = match std::env::var_os(PICTURES) {
            Some(folder) => self.for_terminal(Path::new(&folder)).write(&mut out),
            None => self.write(&mut out),
        };
    }

    /// Its text, and below it the paths of its pictures, which are written to `folder`, or why they cannot be.
    pub fn for_terminal(&self, folder: &Path) -> Self {
        let mut lines = vec![self.text.clone()];
        for (extension, picture) in self.pictures() {
            lines.push(match kept(folder, extension, picture) {
                Ok(path) => path.display().to_string(),
                Err(error) => format!("no picture in {}: {error}", folder.display()),
            });
        }
        Self { text: lines.join("\n"), rich: Rich::Nothing }
    }

    /// Each with the extension that files of its kind have.
    fn pictures(&self) -> Vec<(&'static str, &[u8])> {
        match &self.rich {
            Rich::Nothing | Rich::Html(_) | Rich::Formula { .. } => Vec::new(),
            Rich::Svg(svg) => vec![("svg", svg.as_bytes())],
            Rich::Png(bytes) => vec![("png", bytes)],
            Rich::Several { shown, .. } => shown.iter().flat_map(Bundle::pictures).collect(),
        }
    }
}

fn more(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| format!("… and {left_out} more"))
}

/// The path of the first number that is free in `folder`, which now holds `picture`.
fn kept(folder: &Path, extension: &str, picture: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for number in 1_u32.. {
        let path = folder.join(format!("{number}.{extension}"));
        match File::create_new(&path) {
            Ok(mut file) => return file.write_all(picture).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("all numbers are taken"))
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
