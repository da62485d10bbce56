//! `flatleaf doctor`: each thing that extraction needs, looked at by itself,
//! with the next step where something is amiss. Changes nothing.

use std::{
    env::consts::ARCH,
    ffi::CStr,
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use flatleaf::{
    Assets, Error, Models,
    assets::{self, Asset, AssetKind},
    document,
};

const MIB: u64 = 1 << 20;

/// MiB. What `flatleaf setup` needs at its largest, wheels included.
const SETUP_NEEDS: u64 = 200;

/// pdfium looks for fonts here and nowhere else; in `truetype` too on Linux, which is below.
#[cfg(target_os = "linux")]
const FONTS: [&str; 3] = ["/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts"];
#[cfg(target_os = "macos")]
const FONTS: [&str; 2] = ["/System/Library/Fonts", "/Library/Fonts"];
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
const FONTS: [&str; 1] = ["C:\\Windows\\Fonts"];

/// Parts of file names, without spaces, dashes and case, of fonts with Chinese, Japanese or Korean characters.
const CJK: [&str; 20] = [
    "cjk",
    "wqy",
    "wenquanyi",
    "uming",
    "ukai",
    "droidsansfallback",
    "sourcehan",
    "ipag",
    "ipam",
    "takao",
    "vlgothic",
    "nanum",
    "unifont",
    "pingfang",
    "hiragino",
    "applesdgothic",
    "msyh",
    "simsun",
    "msgothic",
    "malgun",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Fine,
    /// Optional, and not here.
    Absent,
    /// Works, with a drawback.
    Warning,
    Bad,
}

/// What was looked at, and what was found.
#[derive(Debug)]
struct Check {
    name: String,
    grade: Grade,
    detail: String,
    next_step: &'static str,
}

impl Check {
    fn fine(name: &str, detail: impl Into<String>) -> Self {
        Self { name: name.into(), grade: Grade::Fine, detail: detail.into(), next_step: "" }
    }

    fn absent(name: &str, detail: impl Into<String>) -> Self {
        Self { name: name.into(), grade: Grade::Absent, detail: detail.into(), next_step: "" }
    }

    fn warning(name: &str, detail: impl Into<String>, next_step: &'static str) -> Self {
        Self { name: name.into(), grade: Grade::Warning, detail: detail.into(), next_step }
    }

    fn bad(name: &str, detail: impl Into<String>, next_step: &'static str) -> Self {
        Self { name: name.into(), grade: Grade::Bad, detail: detail.into(), next_step }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            Grade::Fine => "ok",
            Grade::Absent => "-",
            Grade::Warning => "warn",
            Grade::Bad => "FAIL",
        };
        writeln!(f, "{grade:<5} {:<17} {}", self.name, self.detail)?;
        match self.next_step {
            "" => Ok(()),
            step => writeln!(f, "{:23} -> {step}", ""),
        }
    }
}

pub fn run(assets: &Assets) -> ExitCode {
    let checks = examine(assets);
    // Who closes standard output does not want to know more.
    let _ = report(&checks, &mut io::stdout().lock());
    if checks.iter().any(|check| check.grade == Grade::Bad) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn report(checks: &[Check], out: &mut impl Write) -> io::Result<()> {
    checks.iter().try_for_each(|check| write!(out, "{check}"))?;
    let bad: Vec<&str> = names_of(checks, Grade::Bad);
    if bad.is_empty() {
        writeln!(out, "\nall that is needed is there")
    } else {
        writeln!(out, "\nto be mended: {}", bad.join(", "))
    }
}

fn names_of(checks: &[Check], grade: Grade) -> Vec<&str> {
    checks.iter().filter(|check| check.grade == grade).map(|check| check.name.as_str()).collect()
}

fn examine(assets: &Assets) -> Vec<Check> {
    let incomplete = !assets.missing().is_empty();
    let mut checks = vec![folder(assets, incomplete)];
    checks.extend(assets::all().iter().map(|asset| file(assets, asset)));
    checks.extend([pdfium(assets), onnxruntime(assets), models(assets)]);
    if incomplete {
        checks.push(pip());
    }
    checks.extend([processor(), fonts(), disk(assets, incomplete)]);
    checks
}

fn folder(assets: &Assets, incomplete: bool) -> Check {
    let (name, directory) = ("models folder", assets.directory());
    let shown = directory.display();
    // The parent it would be made in, if it is not there.
    match tempfile::tempfile_in(existing(directory)) {
        Ok(_) => Check::fine(name, shown.to_string()),
        Err(_) if !incomplete => Check::fine(name, format!("{shown} (read-only)")),
        Err(error) => {
            Check::bad(name, format!("{shown}: {error}"), "name a folder you may write with `--models`")
        }
    }
}

/// `path`, or the nearest folder above it that exists.
fn existing(path: &Path) -> &Path {
    path.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."))
}

fn file(assets: &Assets, asset: &Asset) -> Check {
    if asset.kind == AssetKind::Folder {
        return supplied(assets, asset);
    }
    let detail = match (assets.verify(&asset.name), asset.build()) {
        (Ok(_), Ok(build)) => {
            let size = build.bytes as f64 / MIB as f64;
            return Check::fine(
                &asset.name,
                format!("{} {}, {size:.1} MiB, SHA-256 holds", asset.package, asset.version),
            );
        }
        (Err(Error::AssetMissing { .. }), Ok(_)) if asset.optional => {
            return Check::absent(&asset.name, format!("optional: {}", asset.task));
        }
        (Err(Error::AssetMissing { .. }), Ok(_)) => format!("missing: {}", asset.task),
        (Err(Error::AssetWrong { reason, .. }), Ok(_)) => format!("not the file it should be: {reason}"),
        (Err(error), _) | (_, Err(error)) => crate::explain(&error),
    };
    Check::bad(&asset.name, detail, "run `flatleaf setup`")
}

/// A folder that the user supplies.
fn supplied(assets: &Assets, asset: &Asset) -> Check {
    let place = assets.directory().join(&asset.name);
    match assets.path(&asset.name) {
        Ok(_) => {
            Check::fine(&asset.name, format!("supplied by you, in {}; no hash is known", place.display()))
        }
        Err(_) if assets.is_unsupplied(&asset.name) => {
            let (task, place, files) = (&asset.task, place.display(), asset.files.join(", "));
            Check::absent(&asset.name, format!("optional: {task}; looked for in {place}: {files}"))
        }
        Err(error) => Check::bad(
            &asset.name,
            crate::explain(&error),
            "complete the folder, or delete it: only `--formula-model` needs it",
        ),
    }
}

const NOT_TRIED: &str = "not tried without the right files";

fn pdfium(assets: &Assets) -> Check {
    let name = "pdfium loads";
    if assets.verify("pdfium").is_err() {
        return Check::bad(name, NOT_TRIED, "run `flatleaf setup`");
    }
    match document::bind(assets) {
        Ok(()) => Check::fine(name, "yes"),
        Err(error) => Check::bad(name, why(error), RUNTIME),
    }
}

const RUNTIME: &str = "the wheel is for glibc 2.28 or newer, macOS 14 or newer, or Windows 10; on an older system, use a container";

/// The reason alone: the rest of the message sends people here.
fn why(error: Error) -> String {
    match error {
        Error::Library { reason, .. } => reason,
        other => crate::explain(&other),
    }
}

fn onnxruntime(assets: &Assets) -> Check {
    let name = "onnxruntime loads";
    let Some(listed) = assets::all().iter().find(|asset| asset.name == "onnxruntime") else {
        return Check::bad(name, "not in models/manifest.toml", "report this");
    };
    let Ok(path) = assets.verify(&listed.name) else {
        return Check::bad(name, NOT_TRIED, "run `flatleaf setup`");
    };
    match version(&path) {
        Ok(found) if found == listed.version => Check::fine(name, format!("yes, version {found}")),
        Ok(found) => {
            Check::bad(name, format!("as version {found}, not {}", listed.version), "run `flatleaf setup`")
        }
        Err(error) => Check::bad(name, error.to_string(), RUNTIME),
    }
}

/// What the library calls itself. Its C interface is asked, as `ort` keeps the answer to itself.
fn version(path: &Path) -> Result<String, libloading::Error> {
    type GetBase = unsafe extern "system" fn() -> *const ort::sys::OrtApiBase;
    // SAFETY: the file is ONNX Runtime by its hash, so that it bears this function with this signature, whose
    // answer and its version string are constants of the library; both are read before it is closed.
    unsafe {
        let library = libloading::Library::new(path)?;
        let base = library.get::<GetBase>(b"OrtGetApiBase")?();
        let text = ((*base).GetVersionString)();
        Ok(CStr::from_ptr(text).to_string_lossy().into_owned())
    }
}

/// Whether the runtime takes them: each is loaded and let go.
fn models(assets: &Assets) -> Check {
    let name = "models load";
    let here = |asset: &&Asset| !asset.optional || assets.path(&asset.name).is_ok();
    let listed = || assets::all().iter().filter(here).filter(|asset| asset.kind != AssetKind::Library);
    if assets::all().iter().filter(here).any(|asset| assets.verify(&asset.name).is_err()) {
        return Check::bad(name, NOT_TRIED, "run `flatleaf setup`");
    }
    let load_one = |models: &Models, asset: &Asset| match asset.kind {
        AssetKind::Folder => models.encoder_decoder(&asset.name).map(drop),
        _ => models.get(&asset.name).map(drop),
    };
    let load = |models: Models| listed().try_for_each(|asset| load_one(&models, asset));
    match Models::new(assets).and_then(load) {
        Ok(()) => Check::fine(name, format!("yes, all {}", listed().count())),
        Err(error) => Check::bad(name, crate::explain(&error), "report this, with what stands here"),
    }
}

fn pip() -> Check {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut command = Command::new(python);
    let pip = command.args(["-m", "pip", "--version"]).stdin(Stdio::null()).output();
    match pip {
        Ok(output) if output.status.success() => {
            let version = String::from_utf8_lossy(&output.stdout);
            Check::fine("pip", version.split(" from").next().unwrap_or("yes").to_owned())
        }
        Ok(_) => Check::bad(
            "pip",
            format!("{python} has none"),
            "install it (`apt install python3-pip`), or copy a prepared folder here",
        ),
        Err(_) => Check::bad(
            "pip",
            format!("no {python} on the PATH"),
            "install Python 3 with pip, or copy a prepared folder here and name it with `--models`",
        ),
    }
}

#[cfg(target_arch = "x86_64")]
fn features() -> (Vec<&'static str>, bool) {
    let avx2 = is_x86_feature_detected!("avx2");
    let found = [
        ("AVX2", avx2),
        ("FMA", is_x86_feature_detected!("fma")),
        ("AVX-512", is_x86_feature_detected!("avx512f")),
        ("VNNI", is_x86_feature_detected!("avx512vnni")),
    ];
    (found.into_iter().filter_map(|(name, has)| has.then_some(name)).collect(), avx2)
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> (Vec<&'static str>, bool) {
    (vec!["all that is asked for"], true)
}

fn processor() -> Check {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (features, fast) = features();
    let detail = format!("{ARCH}, {cores} cores, {}", features.join(" "));
    match fast {
        true => Check::fine("processor", detail),
        false => Check::warning(
            "processor",
            detail,
            "without AVX2, models run several times slower; `--layout none --ocr never` needs none",
        ),
    }
}

fn fonts() -> Check {
    let mut found = Vec::new();
    FONTS.iter().for_each(|folder| font_files(Path::new(folder), &mut found));
    let install = "only documents that do not embed their fonts are affected; `apt install fonts-dejavu fonts-noto-cjk` or the like mends it";
    if found.is_empty() {
        Check::warning("fonts", "none: text in fonts that are not embedded is missing from pictures", install)
    } else if !found.iter().any(|path| is_cjk(path)) {
        let lack =
            "none of them Chinese, Japanese or Korean: such text is missing from pictures where not embedded";
        Check::warning("fonts", format!("{}, {lack}", found.len()), install)
    } else {
        Check::fine("fonts", format!("{}, also Chinese, Japanese or Korean", found.len()))
    }
}

fn font_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            font_files(&path, found);
        } else if path.extension().is_some_and(|extension| {
            ["ttf", "otf", "ttc", "pfb"].iter().any(|font| extension.eq_ignore_ascii_case(font))
        }) {
            found.push(path);
        }
    }
}

fn is_cjk(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    CJK.iter().any(|part| name.contains(part))
}

fn disk(assets: &Assets, incomplete: bool) -> Check {
    let free = match fs4::available_space(existing(assets.directory())) {
        Ok(bytes) => bytes / MIB,
        Err(error) => {
            return Check::warning("disk", error.to_string(), "see to it that the disk is not full");
        }
    };
    let detail = format!("{free} MiB free for the models");
    if incomplete && free < SETUP_NEEDS {
        let step = "free some space (setup needs 200 MiB), or name a folder elsewhere with `--models`";
        return Check::bad("disk", detail, step);
    }
    Check::fine("disk", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_folder_lacks_all_files_and_says_how_to_get_them() {
        let folder = tempfile::tempdir().unwrap();
        let checks = examine(&Assets::at(folder.path()));
        let bad = names_of(&checks, Grade::Bad);
        assert!(assets::required().all(|asset| bad.contains(&asset.name.as_str())), "{bad:?}");
        assert!(assets::optional().all(|asset| !bad.contains(&asset.name.as_str())), "{bad:?}");
        assert!(
            checks.iter().filter(|check| check.grade == Grade::Bad).all(|check| !check.next_step.is_empty())
        );
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_made_where_its_parent_is() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(existing(&folder.path().join("a/b")), folder.path());
    }

    #[test]
    fn cjk_fonts_are_known_by_their_names() {
        assert!(is_cjk(Path::new("/x/NotoSansCJK-Regular.ttc")) && is_cjk(Path::new("wqy-microhei.ttc")));
        assert!(!is_cjk(Path::new("DejaVuSans-Bold.ttf")));
    }
}
