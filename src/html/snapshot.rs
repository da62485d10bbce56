//! A snapshot of the memory to an HTML table.

use polars::prelude::DataFrame;

use super::escaped;
use crate::memory::Snapshot;

/// A row for each figure that is known; bytes in MiB.
pub fn snapshot(snapshot: &Snapshot) -> String {
    let rows = snapshot.frame().ok().and_then(|frame| rows(&frame)).unwrap_or_default();
    format!("<table class=\"dataframe\">\n{rows}</table>")
}

fn rows(frame: &DataFrame) -> Option<String> {
    let (measures, units) =
        (frame.column("measure").ok()?.str().ok()?, frame.column("unit").ok()?.str().ok()?);
    let values = frame.column("value").ok()?.u64().ok()?;
    let row = |n: usize| {
        let (measure, value) = (escaped(measures.get(n)?), shown(values.get(n)?, units.get(n)?));
        let style = "white-space:nowrap;text-align";
        Some(format!(
            "<tr><td style=\"{style}:left\">{measure}</td><td style=\"{style}:right\">{value}</td></tr>\n"
        ))
    };
    (0..frame.height()).map(row).collect()
}

fn shown(value: u64, unit: &str) -> String {
    match unit {
        "bytes" => format!("{:.1} MiB", value as f64 / f64::from(1 << 20)),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_mebibytes() {
        let html = snapshot(&Snapshot { resident: Some(3 << 19), threads: Some(4), ..Snapshot::default() });
        assert!(html.contains(">resident</td>") && html.contains(">1.5 MiB</td>"), "{html}");
        assert!(html.contains(">threads</td>") && html.contains(">4</td>"), "{html}");
    }
}
