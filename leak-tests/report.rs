//! Turns the series that the leak tests and the workload benchmark left into charts and a table:
//! `cargo run --release --example leak-report`. Deliberate leaks are red.

use std::{
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
};

use flatleaf::plot;
use polars::prelude::{ChunkCompareEq, DataFrame, ParquetReader, SerReader};

/// Figures of the account that Flatleaf answers, MB: after ten papers, and at the peak; before and after its repair.
const ACCOUNT: [(&str, &str, &str); 2] =
    [("the account, as it was", "4700", "-"), ("the account, repaired", "680", "920")];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = target_folder().join("tmp");
    let output = folder.join("leak-report");
    fs::create_dir_all(&output)?;
    let series = all_series(&folder.join("leaks"))?;
    match series {
        Some(series) => charts(&series, &output)?,
        None => eprintln!("no series yet: run `cargo test --release --test 'leak_*'` first"),
    }
    match read(&folder.join("workload/series.parquet")) {
        Ok(workload) => {
            table(&workload)?;
            save(&plot::memory(&workload, "resident")?, &output.join("workload.svg"))?;
        }
        Err(_) => eprintln!("no workload yet: run `cargo bench --bench workload` first"),
    }
    Ok(())
}

/// Where cargo put this program is `TARGET/release/examples`.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(3).unwrap_or(Path::new("target")).to_owned()
}

/// The series of all scenarios; of one that was run in both forms, the full one. `None` if there are none.
fn all_series(folder: &Path) -> Result<Option<DataFrame>, Box<dyn Error>> {
    let Ok(files) = fs::read_dir(folder) else { return Ok(None) };
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    let full = |path: &Path| {
        let name = path.to_string_lossy().replace("-quick.parquet", "-full.parquet");
        PathBuf::from(name)
    };
    let kept = paths.iter().filter(|path| full(path) == **path || !full(path).exists());
    let mut all: Option<DataFrame> = None;
    for path in kept {
        let series = read(path)?;
        all = Some(match all {
            Some(all) => all.vstack(&series)?,
            None => series,
        });
    }
    Ok(all)
}

fn read(path: &Path) -> Result<DataFrame, Box<dyn Error>> {
    Ok(ParquetReader::new(File::open(path)?).finish()?)
}

/// Scenarios that count Rust's heap are judged by it; the others by the whole process.
fn charts(series: &DataFrame, output: &Path) -> Result<(), Box<dyn Error>> {
    let by_rust = series.column("rust_heap")?.is_not_null();
    let (heap, process) = (series.filter(&by_rust)?, series.filter(&!&by_rust)?);
    growth("Rust's heap", &heap, "rust_heap")?;
    growth("resident memory", &process, "resident")?;
    for (series, measure) in [(&heap, "rust_heap"), (&process, "resident"), (&process, "native_heap")] {
        save(&plot::memory(series, measure)?, &output.join(format!("{measure}.svg")))?;
        // Beside the leaks, what is flat has no height.
        let deliberate = series.column("deliberate")?.bool()?;
        let flat = series.filter(&!deliberate)?;
        save(&plot::memory(&flat, measure)?, &output.join(format!("{measure}-flat.svg")))?;
    }
    Ok(())
}

/// Prints by how much each scenario grew through its later half.
fn growth(title: &str, series: &DataFrame, measure: &str) -> Result<(), Box<dyn Error>> {
    println!("\n{title}, growth through the later half of the run");
    println!("{:<40} {:>11} {:>14} {:>10}", "scenario", "iterations", "bytes", "leaks");
    let names = series.column("scenario")?.unique_stable()?;
    for name in names.str()?.iter().flatten() {
        let own = series.filter(&series.column("scenario")?.str()?.equal(name))?;
        let (values, iterations) = (own.column(measure)?.u64()?, own.column("iteration")?.u64()?);
        let (middle, last) = (own.height() / 2, own.height().saturating_sub(1));
        let bytes = |row| values.get(row).unwrap_or(0) as i64;
        let leaks = own.column("deliberate")?.bool()?.get(0).unwrap_or(false);
        println!(
            "{name:<40} {:>11} {:>14} {:>10}",
            iterations.get(last).unwrap_or(0),
            bytes(last) - bytes(middle),
            if leaks { "on purpose" } else { "" }
        );
    }
    Ok(())
}

/// After section 5.2 of the account: start-up, after ten papers, peak.
fn table(workload: &DataFrame) -> Result<(), Box<dyn Error>> {
    println!("\nMB over papers of fifteen pages with formulas and tables");
    println!("{:<40} {:>9} {:>9} {:>9}", "tool", "start-up", "after 10", "peak");
    for (name, ten, peak) in ACCOUNT {
        println!("{name:<40} {:>9} {ten:>9} {peak:>9}", "-");
    }
    let tools = workload.column("scenario")?.unique_stable()?;
    for tool in tools.str()?.iter().flatten() {
        let own = workload.filter(&workload.column("scenario")?.str()?.equal(tool))?;
        let mb = |column: &str, row: usize| -> Result<f64, Box<dyn Error>> {
            Ok(own.column(column)?.u64()?.get(row).unwrap_or(0) as f64 / 1e6)
        };
        let last = own.height().saturating_sub(1);
        let (start, ten, peak) = (mb("resident", 0)?, mb("resident", last.min(10))?, mb("peak", last)?);
        println!("{tool:<40} {start:>9.0} {ten:>9.0} {peak:>9.0}");
    }
    Ok(())
}

fn save(chart: &plot::Chart, path: &Path) -> Result<(), Box<dyn Error>> {
    chart.save(path)?;
    println!("{}", path.display());
    Ok(())
}
