//! The command as one uses it: arguments in, files, messages and exit codes
//! out. Page images stand for documents where no library should be needed.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use flatleaf::{Assets, assets};
use tempfile::{TempDir, tempdir};

fn flatleaf() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatleaf"));
    command.stdin(Stdio::null());
    command
}

/// `flatleaf extract` that needs neither models nor, for images, libpdfium.
fn extract(inputs: &[&Path]) -> Command {
    let mut command = flatleaf();
    command.args(["extract", "--ocr", "never", "--layout", "none"]).args(inputs);
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn page_image(path: PathBuf) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    image::RgbImage::from_pixel(20, 30, image::Rgb([255, 255, 255])).save(&path).unwrap();
    path
}

/// Sorted names, hidden ones included.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The prepared models folder; `None`, said aloud, where there is none and none is required.
fn models() -> Option<Assets> {
    let assets = Assets::default_location();
    if assets.missing().is_empty() {
        return Some(assets);
    }
    let required = std::env::var("CI").is_ok_and(|value| value == "true")
        || std::env::var("FLATLEAF_REQUIRE").is_ok_and(|value| value == "1");
    assert!(!required, "no models in {}: run `flatleaf setup`", assets.directory().display());
    eprintln!("SKIPPED: no models in {}", assets.directory().display());
    None
}

// Exit codes

#[test]
fn a_good_page_is_0_a_bad_one_2_and_both_1() {
    let folder = tempdir().unwrap();
    let good = page_image(folder.path().join("good.png"));
    let bad = folder.path().join("bad.png");
    fs::write(&bad, &fs::read(&good).unwrap()[..40]).unwrap();
    let run = |inputs: &[&Path]| extract(inputs).output().unwrap();
    let codes = [run(&[&good]), run(&[&bad]), run(&[&bad, &good])].map(|output| code(&output));
    assert_eq!(codes, [0, 2, 1]);
}

#[test]
fn a_file_that_is_not_there_is_named_in_one_line_and_needs_no_models() {
    let folder = tempdir().unwrap();
    let mut command = flatleaf();
    let output = command.args(["extract", "nowhere.pdf", "--models"]).arg(folder.path()).output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).starts_with("error: nowhere.pdf: cannot be read"), "{}", stderr(&output));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_folder_without_documents_is_an_error() {
    let folder = tempdir().unwrap();
    let output = extract(&[folder.path()]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("holds no PDF and no page image"), "{}", stderr(&output));
}

#[test]
fn a_page_that_the_document_lacks_is_an_error() {
    let folder = tempdir().unwrap();
    let page = page_image(folder.path().join("page.png"));
    let output = extract(&[&page]).args(["--pages", "1,5"]).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("page 5: no such page"), "{}", stderr(&output));
}

#[test]
fn page_lists_that_make_no_sense_are_explained() {
    for (list, message) in [("0", "pages count from 1"), ("3-1", "write 1-3"), ("a", "no page number")] {
        let output = extract(&[Path::new("x.pdf")]).args(["--pages", list]).output().unwrap();
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(message), "{list}: {}", stderr(&output));
    }
}

#[test]
fn frames_want_a_folder() {
    let output = extract(&[Path::new("x.pdf")]).args(["--format", "parquet"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("with -o DIR"), "{}", stderr(&output));
}

// Files

#[test]
fn two_inputs_of_one_stem_do_not_overwrite_each_other() {
    let folder = tempdir().unwrap();
    let pages = ["a/page.png", "b/page.png"].map(|name| page_image(folder.path().join(name)));
    let out = folder.path().join("out");
    let run =
        || extract(&[&pages[0], &pages[1]]).args(["--format", "json", "-o"]).arg(&out).output().unwrap();
    for _ in 0..2 {
        assert_eq!(code(&run()), 0);
        assert_eq!(names(&out), ["page-2.json", "page.json"]);
        for (name, page) in [("page.json", &pages[0]), ("page-2.json", &pages[1])] {
            assert!(fs::read_to_string(out.join(name)).unwrap().contains(page.to_str().unwrap()));
        }
    }
}

#[test]
fn a_run_without_formats_writes_markdown_json_and_parquet() {
    let folder = tempdir().unwrap();
    let page = page_image(folder.path().join("page.png"));
    let out = folder.path().join("out");
    let output = extract(&[&page]).arg("--overlay").arg("-o").arg(&out).output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
    assert_eq!(names(&out), ["page", "page.json", "page.md"]);
    let frames = [
        "blocks",
        "cells",
        "documents",
        "figures",
        "formulas",
        "lines",
        "overlay",
        "pages",
        "tables",
        "timings",
        "words",
    ];
    let stems: Vec<String> =
        names(&out.join("page")).iter().map(|name| name.replace(".parquet", "")).collect();
    assert_eq!(stems, frames);
    assert_eq!(names(&out.join("page/overlay")), ["page-0001.png"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempdir().unwrap();
    let page = page_image(folder.path().join("page.png"));
    let output = extract(&[&page]).arg("-o").arg(page.join("out")).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("page.png/out: cannot be written"), "{}", stderr(&output));
}

#[test]
fn timings_say_what_each_stage_took_and_left_in_memory() {
    let folder = tempdir().unwrap();
    let page = page_image(folder.path().join("page.png"));
    let output = extract(&[&page]).args(["-q", "--timings"]).output().unwrap();
    let said = stderr(&output);
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    let (head, stages) = rows.split_first().unwrap();
    assert_eq!(head.join(" "), "stage s ms a page MiB left MiB most");
    let read = stages.iter().find(|row| row[0] == "read").unwrap_or_else(|| panic!("{said}"));
    let figures: Vec<f64> = read[1..].iter().map(|figure| figure.parse().unwrap()).collect();
    assert_eq!(figures.len(), 4, "{said}");
    assert!(figures[3] > 1.0 || cfg!(not(target_os = "linux")), "a process is larger than a MiB: {said}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = tempdir().unwrap();
    for number in 0..50 {
        page_image(folder.path().join(format!("{number}.png")));
    }
    let mut command = extract(&[folder.path()]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_complete_files_only() {
    let folder = tempdir().unwrap();
    let page = page_image(folder.path().join("in/0.png"));
    for number in 1..5000 {
        fs::hard_link(&page, folder.path().join(format!("in/{number}.png"))).unwrap();
    }
    let out = folder.path().join("out");
    let mut command = extract(&[&folder.path().join("in")]);
    let child = command.args(["--format", "json", "-o"]).arg(&out).stderr(Stdio::piped()).spawn().unwrap();
    while !out.is_dir() || names(&out).len() < 3 {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    for name in names(&out) {
        assert!(name.ends_with(".json"), "{name}");
        assert!(fs::read_to_string(out.join(&name)).unwrap().trim_end().ends_with('}'), "{name}");
    }
}

#[test]
fn a_pdf_gives_markdown_on_standard_output() {
    let Some(assets) = models() else { return };
    let folder = tempdir().unwrap();
    let pdf = folder.path().join("two.pdf");
    fs::write(&pdf, two_pages()).unwrap();
    let run = |pages| {
        let mut command = extract(&[&pdf]);
        command.args(["--pages", pages, "--models"]).arg(assets.directory()).output().unwrap()
    };
    assert_eq!(code(&run("1-")), 0);
    assert_eq!(code(&run("2,3")), 1);
}

#[test]
fn tables_are_written_as_csv_if_asked_for() {
    let Some(assets) = models() else { return };
    let folder = tempdir().unwrap();
    let (pdf, out) = (folder.path().join("ruled.pdf"), folder.path().join("out"));
    fs::write(&pdf, ruled_table(&[["Year", "Sales"], ["1996", "1,234"], ["1997", "(56)"]])).unwrap();
    let run = |flags: &[&str]| {
        let mut command = extract(&[&pdf]);
        command.args(["--format", "parquet", "-o"]).arg(&out).args(flags);
        let output = command.arg("--models").arg(assets.directory()).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    run(&[]);
    assert!(!out.join("ruled/tables").exists());
    run(&["--tables"]);
    assert_eq!(names(&out.join("ruled/tables")), ["page-0001-table-1.csv"]);
    let csv = fs::read_to_string(out.join("ruled/tables/page-0001-table-1.csv")).unwrap();
    assert_eq!(csv, "Year,Sales\n1996,\"1,234\"\n1997,(56)\n");
}

#[test]
fn a_report_is_one_page_that_stands_by_itself() {
    let Some(assets) = models() else { return };
    let folder = tempdir().unwrap();
    let (pdf, bad) = (folder.path().join("<ruled>.pdf"), folder.path().join("bad.png"));
    fs::write(&pdf, ruled_table(&[["Year", "Sales"], ["1996", "1,234"], ["1997", "(56)"]])).unwrap();
    fs::write(&bad, "no picture").unwrap();
    let out = folder.path().join("report");
    let mut command = flatleaf();
    command.args(["report", "--ocr", "never", "--layout", "none", "--models"]).arg(assets.directory());
    let output = command.args([&pdf, &bad]).arg("-o").arg(&out).output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (1, ""), "{}", stderr(&output));
    assert_eq!(names(&out), ["index.html"]);
    let html = fs::read_to_string(out.join("index.html")).unwrap();
    for part in
        ["&lt;ruled&gt;.pdf", "data:image/png;base64,", ">1,234</td>", "Time by stage and page", "</html>"]
    {
        assert!(html.contains(part), "{part} is missing");
    }
    let outside = ["src=\"http", "href=\"http", "url(http", "<script", "<link"];
    assert!(outside.iter().all(|part| !html.contains(part)), "the page needs something else");
}

#[test]
fn a_report_of_nothing_is_not_written() {
    let folder = tempdir().unwrap();
    let page = folder.path().join("bad.png");
    fs::write(&page, "no picture").unwrap();
    let mut command = flatleaf();
    let output = command.args(["report", "--ocr", "never", "--layout", "none"]).arg(&page);
    let output = output.current_dir(folder.path()).output().unwrap();
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(names(&folder.path().join("report")).is_empty());
}

/// Cells of 100 by 20 points, each with a rule around.
fn ruled_table(rows: &[[&str; 2]]) -> Vec<u8> {
    let [catalog, tree, page, content, font] = [1, 2, 3, 4, 5].map(pdf_writer::Ref::new);
    let name = pdf_writer::Name(b"F");
    let mut drawn = pdf_writer::Content::new();
    for (row, texts) in rows.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            let (x, y) = (100.0 * column as f32 + 50.0, 250.0 - 20.0 * row as f32);
            drawn.rect(x, y, 100.0, 20.0).stroke();
            drawn.begin_text().set_font(name, 10.0).next_line(x + 10.0, y + 6.0);
            drawn.show(pdf_writer::Str(text.as_bytes())).end_text();
        }
    }
    let mut pdf = pdf_writer::Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    pdf.type1_font(font).base_font(pdf_writer::Name(b"Helvetica"));
    let sheet = pdf_writer::Rect::new(0.0, 0.0, 300.0, 300.0);
    pdf.page(page).parent(tree).media_box(sheet).contents(content).resources().fonts().pair(name, font);
    pdf.stream(content, &drawn.finish());
    pdf.finish()
}

fn two_pages() -> Vec<u8> {
    let [catalog, tree, first, second] = [1, 2, 3, 4].map(pdf_writer::Ref::new);
    let mut pdf = pdf_writer::Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([first, second]).count(2);
    for page in [first, second] {
        pdf.page(page).parent(tree).media_box(pdf_writer::Rect::new(0.0, 0.0, 200.0, 300.0));
    }
    pdf.finish()
}

// Libraries and models

fn setup(directory: &Path, path: impl AsRef<OsStr>) -> Output {
    flatleaf().arg("setup").arg("--models").arg(directory).env("PATH", path).output().unwrap()
}

#[test]
fn a_prepared_folder_is_set_up_without_python() {
    let Some(assets) = models() else { return };
    let output = setup(assets.directory(), "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("all 6 files are in"), "{}", stderr(&output));
}

#[test]
fn the_variable_names_a_folder_and_the_flag_overrules_it() {
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    let [variable, flag] = [folders[0].path(), folders[1].path()];
    let mut command = flatleaf();
    command.arg("doctor").env(assets::VARIABLE, variable);
    assert!(stdout(&command.output().unwrap()).contains(variable.to_str().unwrap()));
    assert!(stdout(&command.arg("--models").arg(flag).output().unwrap()).contains(flag.to_str().unwrap()));
}

#[test]
fn without_python_setup_says_what_to_install() {
    let folder = tempdir().unwrap();
    let output = setup(folder.path(), "");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("install Python 3 with pip"), "{}", stderr(&output));
    assert_eq!(names(folder.path()), [".lock"]);
}

#[test]
fn a_library_that_is_missing_and_cannot_be_fetched_stops_extract() {
    let (folder, inputs) = (tempdir().unwrap(), tempdir().unwrap());
    let pdf = inputs.path().join("x.pdf");
    fs::write(&pdf, two_pages()).unwrap();
    let mut command = extract(&[&pdf]);
    let output = command.env("PATH", "").arg("--models").arg(folder.path()).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("error: pypdfium2 5.15.2: cannot be fetched"), "{}", stderr(&output));
}

/// A `python3` that is this shell script, which finds the folder it is to fill in `$dest`.
#[cfg(unix)]
fn python(script: &str) -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let file = folder.path().join("python3");
    let find_dest = r#"for word; do test "$last" = --dest && dest=$word; last=$word; done"#;
    fs::write(&file, format!("#!/bin/sh\n{find_dest}\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn what_pip_says_last_is_in_the_message() {
    let (folder, python) = (tempdir().unwrap(), python("echo 'ERROR: nobody answers' >&2; exit 1"));
    let output = setup(folder.path(), python.path());
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("(pip: ERROR: nobody answers)"), "{}", stderr(&output));
    assert_eq!(names(folder.path()), [".lock"]);
}

#[cfg(unix)]
#[test]
fn a_python_without_pip_says_what_to_install() {
    let (folder, python) = (tempdir().unwrap(), python("echo 'python3: No module named pip' >&2; exit 1"));
    let message = stderr(&setup(folder.path(), python.path()));
    assert!(message.contains("`python3` has no pip); install pip"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_truncated_wheel_leaves_nothing_behind() {
    let (folder, python) = (tempdir().unwrap(), python("printf 'PK\\003\\004' > \"$dest/fake.whl\""));
    let output = setup(folder.path(), python.path());
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("truncated or damaged"), "{}", stderr(&output));
    assert_eq!(names(folder.path()), [".lock"]);
}

/// A copy of the prepared folder in which one model has the right size and other content.
#[cfg(unix)]
fn with_a_bad_hash(assets: &Assets) -> TempDir {
    let folder = tempdir().unwrap();
    for asset in assets::required() {
        let path = assets.path(&asset.name).unwrap();
        std::os::unix::fs::symlink(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let bad = folder.path().join("ocr-orientation.onnx");
    let size = fs::metadata(&bad).unwrap().len();
    fs::remove_file(&bad).unwrap();
    fs::File::create(&bad).unwrap().set_len(size).unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn a_bad_hash_is_found_by_doctor_and_mended_by_setup_alone() {
    let Some(assets) = models() else { return };
    let folder = with_a_bad_hash(&assets);
    let output = flatleaf().arg("doctor").arg("--models").arg(folder.path()).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("not the file it should be: its SHA-256 is"), "{}", stdout(&output));
    let message = stderr(&setup(folder.path(), ""));
    assert!(message.starts_with("error: rapidocr 3.10.0: cannot be fetched"), "{message}");
}

#[test]
fn doctor_names_each_missing_file_and_the_next_step() {
    let folder = tempdir().unwrap();
    let output = flatleaf().arg("doctor").arg("--models").arg(folder.path()).output().unwrap();
    assert_eq!(code(&output), 1);
    for asset in assets::required() {
        assert!(
            stdout(&output).contains(&format!("FAIL  {:<17} missing: ", asset.name)),
            "{}",
            stdout(&output)
        );
    }
    assert!(stdout(&output).contains("-> run `flatleaf setup`"));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn doctor_finds_nothing_amiss_in_a_prepared_folder() {
    let Some(assets) = models() else { return };
    let output = flatleaf().arg("doctor").arg("--models").arg(assets.directory()).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("onnxruntime loads yes, version 1.32.0"), "{}", stdout(&output));
}
