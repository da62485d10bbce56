//! Whole documents: how fast the command starts, what workers gain (`--jobs`), whether a long document costs as much a
//! page as a short one, all three on documents drawn here, and where the time goes on real ones. One side after the other
//! in turns, medians of wall seconds, since times on a shared machine mean little and ratios more.
//! `cargo bench --bench pipeline -- start jobs linear stages`.

mod stages;

use cpu_time::ThreadTime;
use flatleaf::{
    Assets, Document, Models, Ocr, Options, document,
    extract::{Layout, extract},
    json,
    markdown::markdown,
    steps::structure::{join_tables, structure},
};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use std::{
    error::Error,
    fs,
    hint::black_box,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// What cargo passes to ask for a whole run, and what this program passes to itself.
const WHOLE: &str = "--bench";
const CHILD: &str = "--read";

/// Lines of text on a page.
const LINES: usize = 42;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, file, pages] = arguments.as_slice()
        && flag == CHILD
    {
        return read(file, pages.parse()?);
    }
    let assets = Assets::default_location();
    if !assets.missing().is_empty() {
        eprintln!("SKIPPED: no models in {}: nothing was measured", assets.directory().display());
        return Ok(());
    }
    let whole = arguments.iter().any(|a| a == WHOLE);
    let asked: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| !a.starts_with("--")).collect();
    let wanted = |part: &str| asked.is_empty() || asked.contains(&part);
    let folder = tempfile::tempdir()?;
    if wanted("start") {
        start(folder.path(), if whole { 11 } else { 1 })?;
    }
    if wanted("jobs") {
        jobs(folder.path(), if whole { 5 } else { 1 }, if whole { (300, 2000) } else { (3, 6) })?;
    }
    if wanted("linear") {
        linear(folder.path(), if whole { &[100, 300, 1000, 3000] } else { &[2, 4] })?;
    }
    if wanted("stages") {
        stages::stages(if whole { usize::MAX } else { 1 })?;
    }
    Ok(())
}

/// From the start of the process to its end.
fn start(folder: &Path, rounds: usize) -> Done {
    let (pdf, blank) = (folder.join("one.pdf"), folder.join("blank.png"));
    fs::write(&pdf, drawn(1, 0))?;
    image::RgbImage::from_pixel(64, 64, image::Rgb([255; 3])).save(&blank)?;
    println!("start-up: wall ms of a run");
    let runs: [(&str, &Path, &[&str]); 3] = [
        ("one page, no models", &pdf, &["--layout", "none"]),
        ("one page, layout", &pdf, &[]),
        ("blank image, layout and OCR", &blank, &["--ocr", "always"]),
    ];
    for (name, file, flags) in runs {
        let mut times = Vec::new();
        for _ in 0..rounds {
            times.push(1000.0 * timed(command(&[file], &folder.join("out")).args(flags))?);
        }
        println!("{name:<32} {:>7.0}", median(&mut times));
    }
    Ok(())
}

/// In this process, with one worker and with two, in turns.
fn jobs(folder: &Path, rounds: usize, (pages, documents): (usize, usize)) -> Done {
    let (two, many) = (folder.join("two"), folder.join("many"));
    for (place, documents, pages) in [(&two, 2, pages), (&many, documents, 1)] {
        fs::create_dir_all(place)?;
        for n in 0..documents {
            fs::write(place.join(format!("{n}.pdf")), drawn(pages, n))?;
        }
    }
    println!("\nworkers: wall seconds");
    println!("{:<32} {:>9} {:>7} {:>7} {:>7}", "documents", "no worker", "1", "2", "1 to 2");
    let names = [format!("2 of {pages} pages"), format!("{documents} of one page")];
    for (name, place) in names.iter().zip([&two, &many]) {
        let sides: [&[&str]; 3] = [&[], &["--jobs", "1"], &["--jobs", "2"]];
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..rounds {
            for (side, times) in sides.iter().zip(&mut times) {
                let out = folder.join("out");
                times.push(timed(command(&[place], &out).args(["--layout", "none"]).args(*side))?);
                fs::remove_dir_all(out)?;
            }
        }
        let [alone, one, two] = times.map(|mut times| median(&mut times));
        println!("{name:<32} {alone:>9.2} {one:>7.2} {two:>7.2} {:>6.2}×", one / two);
    }
    Ok(())
}

fn command(inputs: &[&Path], out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatleaf"));
    command.args(["extract", "--quiet", "--format", "md,json", "-o"]).arg(out).args(inputs);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Wall seconds.
fn timed(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let status = command.status()?;
    if status.success() { Ok(start.elapsed().as_secs_f64()) } else { Err(status.to_string().into()) }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// CPU time and memory of documents of more and more pages, each read in a process of its own.
fn linear(folder: &Path, sizes: &[usize]) -> Done {
    let file = folder.join("long.pdf");
    fs::write(&file, drawn(sizes.iter().copied().max().unwrap_or(1), 0))?;
    println!("\nlong documents: CPU µs a page, MiB at the peak");
    let head =
        ["pages", "extract", "structure", "tables", "markdown", "json", "all", "pages MiB", "peak MiB"];
    println!("{}", head.map(|name| format!("{name:>10}")).concat());
    for pages in sizes {
        let mut child = Command::new(std::env::current_exe()?);
        let output = child.arg(CHILD).arg(&file).arg(pages.to_string()).stderr(Stdio::inherit()).output()?;
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
    Ok(())
}

/// The child: the first `pages` pages, all kept, as the command does; prints a row of the table.
fn read(file: &str, pages: usize) -> Done {
    let assets = Assets::default_location();
    document::bind(&assets)?;
    let models = Models::new(&assets)?;
    let document = Document::open(file)?;
    let numbers = Some((1..=pages).collect());
    let options = Options { ocr: Ocr::Never, layout: Layout::None, pages: numbers, ..Options::default() };
    let mut times = Vec::new();
    let mut clock = ThreadTime::now();
    let mut lap = || {
        times.push(clock.elapsed().as_secs_f64());
        clock = ThreadTime::now();
    };
    let first = extract(&document, &models, &options).next().transpose()?;
    let before = resident();
    lap();
    let mut contents = extract(&document, &models, &options).collect::<flatleaf::Result<Vec<_>>>()?;
    lap();
    let kept = resident().saturating_sub(before);
    structure(&mut contents, &document.outline()?);
    lap();
    join_tables(&mut contents);
    lap();
    black_box(markdown(&contents));
    lap();
    black_box(json::document(document.info(), &contents, &[], |_| None));
    lap();
    drop(first);
    let micros: Vec<f64> = times[1..].iter().map(|seconds| 1e6 * seconds / pages as f64).collect();
    let columns: String = micros.iter().chain([&micros.iter().sum()]).map(|m| format!("{m:>10.1}")).collect();
    println!("{pages:>10}{columns}{:>10.1}{:>10.1}", mib(kept), mib(status("VmHWM:")));
    Ok(())
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

fn resident() -> u64 {
    status("VmRSS:")
}

/// KiB; 0 where there is no /proc.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A report of so many pages: running heads and feet, a heading on every fifth page, paragraphs of words by chance.
fn drawn(pages: usize, seed: usize) -> Vec<u8> {
    let (catalog, tree, font) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let page = |n: usize| Ref::new(10 + 2 * n as i32);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids((0..pages).map(page)).count(pages as i32);
    pdf.type1_font(font).base_font(Name(b"Times-Roman"));
    let mut state = seed as u64 + 1;
    for n in 0..pages {
        let content = Ref::new(page(n).get() + 1);
        let mut writer = pdf.page(page(n));
        writer.parent(tree).media_box(Rect::new(0.0, 0.0, 612.0, 792.0)).contents(content);
        writer.resources().fonts().pair(Name(b"F"), font);
        writer.finish();
        pdf.stream(content, &text(n, &mut state));
    }
    pdf.finish()
}

fn text(number: usize, state: &mut u64) -> Vec<u8> {
    let mut content = Content::new();
    let mut line = |size: f32, y: f32, text: &str| {
        content.begin_text().set_font(Name(b"F"), size).next_line(72.0, y);
        content.show(Str(text.as_bytes())).end_text();
    };
    line(9.0, 756.0, "A report on rivers and trees");
    line(9.0, 36.0, &(number + 1).to_string());
    if number.is_multiple_of(5) {
        line(14.0, 724.0, &format!("{} Of {}", number / 5 + 1, word(state)));
    }
    for n in 0..LINES {
        let words: Vec<String> = (0..12).map(|_| word(state)).collect();
        // A wider gap after every sixth line begins a paragraph.
        line(10.0, 700.0 - 12.0 * n as f32 - 10.0 * (n / 6) as f32, &words.join(" "));
    }
    content.finish().to_vec()
}

/// Two to four syllables by chance: a linear congruential generator (Knuth's MMIX).
fn word(state: &mut u64) -> String {
    let mut chance = |of: usize| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % of
    };
    let syllables = ["ri", "ver", "tree", "oak", "ba", "nk", "wa", "ter", "lo", "mea", "dow", "sto", "ne"];
    (0..2 + chance(3)).map(|_| syllables[chance(syllables.len())]).collect()
}
