//! Peak memory of a document of a hundred pages against that of its first
//! page, on both paths: a digital document of the corpus, and scans that OCR
//! reads. Each measurement is a process of its own, whose high-water mark
//! (`VmHWM`) the kernel keeps; Linux only.

use flatleaf::{Assets, Document, Models, Ocr, Options, Result, document, extract};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Pages of the long document.
const PAGES: usize = 100;

/// MiB that the long document may need beyond its first page.
const BUDGET: f64 = 60.0;

/// Scans whose pages take turns in the long document: one shape repeated would hide growth with each new one.
const SCANS: [&str; 3] = ["sroie/000.jpg", "sroie/161.jpg", "pytesseract/test-european.jpg"];

/// What cargo passes to ask for a whole run, and what this program passes to itself.
const WHOLE: &str = "--bench";
const CHILD: &str = "--read";

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, file, pages, path] = arguments.as_slice()
        && flag == CHILD
    {
        return read(file, pages.parse()?, path == "scan").map_err(Into::into);
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: no corpus at {}: nothing was measured", corpus.display());
        return Ok(());
    }
    let pages = if arguments.iter().any(|a| a == WHOLE) { PAGES } else { 2 };
    let folder = tempfile::tempdir()?;
    let scans = folder.path().join("scans.pdf");
    fs::write(&scans, scanned(&corpus.join("ocr"), pages)?)?;
    let digital = corpus.join("docs/sample_files/GeoTopo.pdf");

    println!("{:<8} {:>6} {:>10} {:>10} {:>10}", "path", "pages", "first MiB", "all MiB", "above MiB");
    let mut worst = 0.0_f64;
    for (path, file) in [("digital", &digital), ("scan", &scans)] {
        let (first, all) = (peak(file, 1, path)?, peak(file, pages, path)?);
        println!("{path:<8} {pages:>6} {first:>10.1} {all:>10.1} {:>10.1}", all - first);
        worst = worst.max(all - first);
    }
    let verdict = if worst <= BUDGET { "within" } else { "OVER" };
    println!("{verdict} the budget of {BUDGET} MiB above the first page");
    Ok(())
}

/// The child: reads the first `pages` pages, keeps none, and prints its own peak in KiB.
fn read(file: &str, pages: usize, with_ocr: bool) -> Result<()> {
    let assets = Assets::default_location();
    document::bind(&assets)?;
    let models = Models::new(&assets)?;
    let document = Document::open(file)?;
    let ocr = if with_ocr { Ocr::Always } else { Ocr::Auto };
    let options = Options { ocr, pages: Some((1..=pages).collect()), ..Options::default() };
    for page in extract(&document, &models, &options) {
        page?;
    }
    println!("{}", high_water_mark().unwrap_or(0));
    Ok(())
}

/// KiB of this process at its peak.
fn high_water_mark() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// MiB at the peak of a process that reads `pages` pages of `file`.
fn peak(file: &Path, pages: usize, path: &str) -> std::result::Result<f64, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .args([CHILD, &file.to_string_lossy(), &pages.to_string(), path])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("reading {} ended with {}", file.display(), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / 1024.0)
}

/// A PDF of `pages` scans, the JPEGs taking turns.
fn scanned(folder: &Path, pages: usize) -> std::result::Result<Vec<u8>, Box<dyn Error>> {
    let mut next = Ref::new(1);
    let (catalog, tree) = (next.bump(), next.bump());
    let mut pdf = Pdf::new();
    let images = SCANS.map(|name| (folder.join(name), next.bump()));
    let mut sizes = Vec::new();
    for (path, id) in &images {
        sizes.push(embed(&mut pdf, path, *id)?);
    }
    let ids: Vec<Ref> = (0..pages).map(|_| next.bump()).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(ids.iter().copied()).count(pages as i32);
    for (number, id) in ids.iter().enumerate() {
        let which = number % images.len();
        let (width, height) = sizes[which];
        let content = next.bump();
        let mut page = pdf.page(*id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        page.resources().x_objects().pair(Name(b"I"), images[which].1);
        page.finish();
        let mut drawing = Content::new();
        drawing.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"I"));
        pdf.stream(content, &drawing.finish());
    }
    Ok(pdf.finish())
}

/// Resolution that a scan is placed at: that of the reader's default, so that its pixels stay as they are.
const DPI: f32 = 200.0;

/// Puts a JPEG into the file as it is; its size in points.
fn embed(pdf: &mut Pdf, path: &PathBuf, id: Ref) -> std::result::Result<(f32, f32), Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let decoded = image::load_from_memory(&bytes)?;
    let mut image = pdf.image_xobject(id, &bytes);
    image.filter(Filter::DctDecode);
    image.width(decoded.width() as i32).height(decoded.height() as i32);
    match decoded.color().has_color() {
        true => image.color_space().device_rgb(),
        false => image.color_space().device_gray(),
    };
    image.bits_per_component(8);
    image.finish();
    let points = |pixels: u32| pixels as f32 * 72.0 / DPI;
    Ok((points(decoded.width()), points(decoded.height())))
}
