//! The part of the benchmark that is about formulas: typesets, reads, scores, prints.

use crate::{
    Arguments, PEERS, chosen, flatleaf,
    formulas::{
        Found, cdm,
        cdm::Printed,
        compile,
        documents::{self, SETUPS},
        lists, of_markdown, prose, report as print,
        score::{self, Score, Task, is_private},
    },
    peers::{Peer, Reading},
    peers_folder, report, target_folder,
    truth::{self, File},
};
use flatleaf::{Assets, document};
use std::{collections::BTreeSet, error::Error, path::Path};

pub fn measure(arguments: &Arguments, corpus: &Path) -> Result<(), Box<dyn Error>> {
    if !compile::is_there("pdflatex") {
        eprintln!(
            "SKIPPED FORMULAS: no pdflatex (benches/README.md says how to install TeX): nothing was measured"
        );
        return Ok(());
    }
    document::bind(&Assets::default_location())?;
    let output = target_folder()?.join("quality");
    let folder = output.join("formulas");
    let sources = truth::sourced(corpus)?;
    let mut tasks = compiled(arguments, corpus, &folder)?;
    tasks.extend(from_source(arguments, &sources));
    let files: Vec<File> =
        tasks.iter().map(|task| File { name: task.file.clone(), pages: task.pages }).collect();

    let truths = tasks.iter().flat_map(Task::as_set).collect();
    let mut printed = cdm::printed(&truths, &folder.join("printed/truth"))?;
    println!("{}", unprinted(&tasks, &printed));
    let mut scores: Vec<Score> = Vec::new();
    let mut false_ones = String::new();
    if !arguments.no_flatleaf {
        let readings = flatleaf(arguments, corpus, &files)?;
        println!("{}", report::outcomes("formulas", &readings));
        scores.extend(of_flatleaf(&tasks, &readings, &mut printed, &folder)?);
        false_ones = in_prose(arguments, corpus, &prose::files(corpus, &sources)?)?;
    }
    for name in PEERS.iter().filter(|_| arguments.peers) {
        match Peer::find(name, &arguments.python, &peers_folder()) {
            Ok(peer) => scores.extend(of_peer(&peer, arguments, corpus, &tasks, &printed, &output)),
            Err(reason) => {
                eprintln!("SKIPPED PEER {name}: {reason} (benches/README.md says how to install it)")
            }
        }
    }
    print::keep(&scores, &folder.join("texts"))?;
    println!("{}\n{}", print::formulas(&scores), print::worst(&scores));
    println!("{}\n{false_ones}", print::counts(&scores, "flatleaf"));
    println!("{}\n", print::parquet(&scores, &output)?.display());
    Ok(())
}

/// Documents of the lists in each set of fonts.
fn compiled(arguments: &Arguments, corpus: &Path, folder: &Path) -> Result<Vec<Task>, Box<dyn Error>> {
    let lists = lists::all(corpus)?;
    for list in &lists {
        let reasons: Vec<String> =
            list.without.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        println!("{}: {} formulas; left out: {}", list.name, list.formulas.len(), reasons.join(", "));
    }
    let mut tasks = Vec::new();
    for setup in SETUPS.iter().take(arguments.limit) {
        if let Some(missing) = setup.missing() {
            eprintln!(
                "SKIPPED FONTS {}: TeX has no {missing} (benches/README.md says how to install it)",
                setup.name
            );
            continue;
        }
        let is_wanted =
            |list: &&lists::List| format!("{}.{}", list.name, setup.name).contains(&arguments.only);
        // The shortest list comes last.
        for list in lists.iter().rev().filter(is_wanted).take(arguments.limit) {
            let document = documents::document(list, setup, folder)?;
            println!(
                "{}: {} formulas placed; TeX rejects {}, {} are ambiguous in these fonts, {} too large for their place",
                document.name,
                document.formulas.len(),
                document.rejected.len(),
                document.ambiguous,
                document.large
            );
            tasks.push(Task::compiled(&document)?);
        }
    }
    Ok(tasks)
}

fn from_source(arguments: &Arguments, sources: &[truth::Sourced]) -> Vec<Task> {
    let files =
        sources.iter().map(|source| File { name: source.file.clone(), pages: source.pages }).collect();
    let files = chosen(files, arguments);
    let is_wanted = |source: &&truth::Sourced| files.iter().any(|file| file.name == source.file);
    sources.iter().filter(is_wanted).filter_map(Task::sourced).collect()
}

/// True formulas that TeX does not take as they stand.
fn unprinted(tasks: &[Task], printed: &Printed) -> String {
    let private = |task: &Task| task.wanted.iter().filter(|wanted| is_private(wanted, printed)).count();
    let sourced: usize = tasks.iter().map(private).sum();
    let rejected =
        tasks.iter().flat_map(Task::as_set).filter(|f| printed[&cdm::key(&f.0, f.1)].is_none()).count();
    format!(
        "{sourced} formulas from source need packages of their documents and count neither way; {} compiled ones cannot \
         be set in plain LaTeX and have no CDM",
        rejected - sourced
    )
}

fn of_flatleaf(
    tasks: &[Task],
    readings: &[Reading],
    printed: &mut Printed,
    folder: &Path,
) -> Result<Vec<Score>, Box<dyn Error>> {
    let nothing = Vec::new();
    let found = |task: &Task| -> &Vec<Found> {
        let reading = readings.iter().find(|reading| reading.file == task.file);
        reading.and_then(|reading| reading.formulas.as_ref()).unwrap_or(&nothing)
    };
    let all = tasks.iter().flat_map(|task| score::to_print(task, found(task)));
    let all = all.filter(|(latex, display)| !printed.contains_key(&cdm::key(latex, *display))).collect();
    printed.extend(cdm::printed(&all, &folder.join("printed/flatleaf"))?);
    let tool = ("flatleaf", env!("CARGO_PKG_VERSION"));
    Ok(tasks.iter().flat_map(|task| score::scores(tool, task, found(task), printed)).collect())
}

/// Display formulas alone: in Markdown, dollars in text are as often money. Not compared as printed.
fn of_peer(
    peer: &Peer,
    arguments: &Arguments,
    corpus: &Path,
    tasks: &[Task],
    printed: &Printed,
    output: &Path,
) -> Vec<Score> {
    let names: Vec<String> = tasks.iter().map(|task| task.file.clone()).collect();
    let readings = peer.read(corpus, &names, &[], &output.join("peers"), arguments.fresh);
    let mut scores = Vec::new();
    for task in tasks {
        let Some(reading) = readings.iter().find(|reading| reading.file == task.file) else { continue };
        let found = of_markdown(reading.markdown.as_deref().unwrap_or_default());
        let tool = (peer.name.as_str(), peer.version.as_str());
        scores.extend(score::scores(tool, &task.displayed(), &found, printed));
    }
    scores
}

/// What is found where there are no formulas.
fn in_prose(arguments: &Arguments, corpus: &Path, files: &[File]) -> Result<String, Box<dyn Error>> {
    let files = chosen(files.to_vec(), arguments);
    let readings = flatleaf(arguments, corpus, &files)?;
    let pages: usize = files.iter().map(|file| file.pages).sum();
    let found = |reading: &Reading| -> Vec<String> {
        let line = |one: &Found| {
            let latex = one.latex.as_deref().unwrap_or("(not read)");
            let kind = if one.display { "display" } else { "inline" };
            format!("  {} page {} {kind}: {latex}\n", reading.file, one.page)
        };
        reading.formulas.iter().flatten().map(line).collect()
    };
    let lines: Vec<String> = readings.iter().flat_map(found).collect();
    Ok(format!(
        "no formulas: {} documents, {pages} pages, {} false formulas, {:.2} per 50 pages\n{}",
        files.len(),
        lines.len(),
        50.0 * lines.len() as f64 / pages.max(1) as f64,
        lines.concat()
    ))
}
