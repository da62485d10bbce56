//! TeX over many formulas at once. A document says in its log where each
//! formula begins and ends, so that an error has an owner; what TeX rejects is
//! taken out until the rest compiles without error.

use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Formulas and how to make a document of some of them.
pub struct Source<'a> {
    pub document: &'a dyn Fn(&[usize]) -> String,
    pub formula: &'a dyn Fn(usize) -> &'a str,
}

/// For one run over hundreds of formulas.
const LIMIT: Duration = Duration::from_secs(300);

/// `document.tex` of every folder.
const NAME: &str = "document";

pub fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Those of `formulas` that compile, in the order given; `folder` has the document of just these.
pub fn sound(program: &str, folder: &Path, formulas: &[usize], source: &Source) -> io::Result<Vec<usize>> {
    let (mut good, rejected) = settle(program, folder, formulas.to_vec(), source)?;
    // Some errors may be the fault of a formula before: those that could be are tried alone.
    let mut rescued = 0;
    for (n, _) in rejected.iter().filter(|(_, error)| !is_own(error)) {
        let alone = settle(program, folder, vec![*n], source)?.0;
        rescued += alone.len();
        good.extend(alone);
    }
    if rejected.is_empty() {
        return Ok(good);
    }
    let order = formulas.iter().filter(|n| good.contains(n)).copied().collect();
    let (good, left) = settle(program, folder, order, source)?;
    if rescued > 0 && !left.is_empty() {
        eprintln!("{}: {} formulas compile alone, but not with others", folder.display(), left.len());
    }
    Ok(good)
}

/// Errors that nothing before the formula can have caused.
fn is_own(error: &str) -> bool {
    [
        "Missing character",
        "Undefined control sequence",
        "Unicode character",
        "not set up for use with LaTeX",
        "not found",
    ]
    .iter()
    .any(|own| error.contains(own))
}

/// A formula and the first error in it.
type Rejected = Vec<(usize, String)>;

/// Compiles what is left until there is no error.
fn settle(
    program: &str,
    folder: &Path,
    mut formulas: Vec<usize>,
    source: &Source,
) -> io::Result<(Vec<usize>, Rejected)> {
    let mut rejected = Vec::new();
    loop {
        fs::write(folder.join(NAME).with_extension("tex"), (source.document)(&formulas))?;
        let log = run(program, folder)?;
        let holders =
            |lost: char| formulas.iter().copied().filter(|n| (source.formula)(*n).contains(lost)).collect();
        let Some(faults) = faults(&log, &holders) else {
            return Err(io::Error::other(format!(
                "{program} stops before the first formula: {}",
                folder.display()
            )));
        };
        formulas.retain(|n| !faults.contains_key(n));
        let is_done = faults.is_empty() || formulas.is_empty();
        rejected.extend(faults);
        if is_done {
            return Ok((formulas, rejected));
        }
    }
}

/// The log of one run.
fn run(program: &str, folder: &Path) -> io::Result<String> {
    let mut command = Command::new(program);
    command.args(["-interaction=batchmode", "-no-shell-escape", NAME]).current_dir(folder);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    wait(&mut child)?;
    let log = fs::read(folder.join(NAME).with_extension("log"))?;
    Ok(String::from_utf8_lossy(&log).into_owned())
}

fn wait(child: &mut Child) -> io::Result<()> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Written to the log before each formula, with its number, and once at the end of the document.
pub const MARK: &str = "@formula ";
pub const LAST: &str = "@last";

/// Formulas in which there were errors, with the first, or at which the run broke off. `None` if it came to none. A
/// character that the font does not have is an error, since it is not on the page; LuaTeX tells of it only later, so
/// that its owners are those that `holders` says have it.
fn faults(log: &str, holders: &dyn Fn(char) -> Vec<usize>) -> Option<BTreeMap<usize, String>> {
    let mut faults = BTreeMap::new();
    let (mut current, mut ended) = (None::<usize>, false);
    for line in log.lines() {
        let lost = line.strip_prefix("Missing character: There is no ").and_then(|rest| rest.chars().next());
        if let Some(number) = line.strip_prefix(MARK) {
            current = number.trim().parse().ok();
        } else if line.starts_with('!') || lost.is_some() {
            let owners = lost.filter(|lost| !lost.is_ascii()).map(holders).unwrap_or_default();
            let owners = if owners.is_empty() { current.into_iter().collect() } else { owners };
            for owner in owners {
                faults.entry(owner).or_insert_with(|| line.to_string());
            }
        }
        ended |= line.starts_with(LAST);
    }
    if !ended {
        faults.entry(current?).or_insert_with(|| "breaks off".to_string());
    }
    Some(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_belongs_to_the_formula_before_it() {
        let of = |log: &str| {
            faults(log, &|lost| if lost == '⋮' { vec![7] } else { vec![] })
                .map(|faults| faults.into_keys().collect::<Vec<_>>())
        };
        let log = "@formula 4\n@formula 5\n! Undefined control sequence.\nl.7\n@formula 6\n@last\n";
        assert_eq!(of(log), Some(vec![5]));
        assert_eq!(of("@formula 1\n@formula 2\n"), Some(vec![2]));
        assert_eq!(of("@formula 1\n@last\n"), Some(vec![]));
        assert_eq!(of("! Emergency stop."), None);
        let lost = |character| {
            format!("@formula 8\nMissing character: There is no {character} (U+) in font\n@last\n")
        };
        assert_eq!(of(&lost("⋮")), Some(vec![7]));
        assert_eq!(of(&lost("é")), Some(vec![8]));
    }
}
