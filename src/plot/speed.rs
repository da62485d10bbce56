//! Charts of speed: how long pages take, and who reads how many in a second.

use polars::prelude::DataFrame;

use super::{
    chart::{Axis, Chart, Mark},
    charts::{AROUND, BAR, HEIGHT, ROW, WIDTH},
    data::{numbers, pages, texts},
    palette::{OTHER, SERIES},
};
use crate::Result;

/// Bars from one second to ten.
const BARS: f64 = 10.0;
/// Bars that have room for the number of pages in each.
const COUNTED: usize = 40;

/// How many pages take how long, all stages together: times by powers of ten, each bar a tenth of one. The title gives the
/// median, and what 95 % of the pages stay below.
///
/// # Errors
/// The frame has not the columns of [`timings`](crate::frames::timings).
pub fn page_times(timings: &DataFrame) -> Result<Chart> {
    let chart = "page times";
    let (rows, names, _) = pages(timings, chart)?;
    let mut times = vec![0.0; names.len()];
    for (page, seconds) in rows.into_iter().zip(numbers(timings, "seconds", chart)?) {
        times[page] += seconds.unwrap_or_default();
    }
    times.retain(|seconds| *seconds > 0.0);
    times.sort_by(f64::total_cmp);
    let (first, counts) = by_power(&times);
    let most = counts.iter().copied().max().unwrap_or(0);
    let bar = |(n, &count): (usize, &u32)| {
        let (n, count) = (n as f64, f64::from(count));
        Mark::Bar([(n - BAR, 0.0), (n + BAR, count)], SERIES[0])
    };
    let mut marks: Vec<Mark> = counts.iter().enumerate().map(bar).collect();
    if counts.len() <= COUNTED {
        let filled = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        marks.extend(filled.map(|(n, count)| Mark::Above((n as f64, f64::from(*count)), count.to_string())));
    }
    let title = match times.as_slice() {
        [] => "Time of a page".to_owned(),
        times => format!(
            "Time of a page: {} in the median, 95 % below {}",
            duration(quantile(times, 0.5)),
            duration(quantile(times, 0.95))
        ),
    };
    Ok(Chart {
        title,
        x: times_axis(first, counts.len()),
        y: Axis::numbers("pages", 0.0, f64::from(most)),
        legend: Vec::new(),
        marks,
        size: (WIDTH, HEIGHT),
    })
}

/// Pages a second, a bar for each tool; Flatleaf's in a colour of its own.
///
/// # Errors
/// The frame has no `tool`, `pages` and `seconds`.
pub fn pages_per_second(tools: &DataFrame) -> Result<Chart> {
    let chart = "pages per second";
    let (names, pages) = (texts(tools, "tool", chart)?, numbers(tools, "pages", chart)?);
    let rows = names.into_iter().zip(pages).zip(numbers(tools, "seconds", chart)?);
    let speed = |((name, pages), seconds): ((Option<String>, Option<f64>), Option<f64>)| {
        Some((name?, pages? / seconds.filter(|seconds| *seconds > 0.0)?))
    };
    let mut speeds: Vec<(String, f64)> = rows.filter_map(speed).collect();
    // The axis of names runs upwards: the fastest is at the head.
    speeds.sort_by(|a, b| a.1.total_cmp(&b.1));
    let most = speeds.iter().map(|(_, speed)| *speed).fold(0.0, f64::max);
    let marks = speeds.iter().enumerate().flat_map(|(n, (name, speed))| {
        let n = n as f64;
        let color = if name.starts_with("flatleaf") { SERIES[0] } else { OTHER };
        let note = if *speed < 10.0 { format!("{speed:.2}") } else { format!("{speed:.0}") };
        [Mark::Bar([(0.0, n - BAR), (*speed, n + BAR)], color), Mark::Beside((*speed, n), note)]
    });
    let names: Vec<String> = speeds.iter().map(|(name, _)| name.clone()).collect();
    Ok(Chart {
        title: "Pages a second".to_owned(),
        // Room for the note beside the longest bar.
        x: Axis::numbers("pages a second", 0.0, most * 1.1),
        y: Axis::names("tool", &names, usize::MAX),
        legend: Vec::new(),
        marks: marks.collect(),
        size: (WIDTH, AROUND + ROW * names.len() as u32),
    })
}

/// The power of the first bar, in tenths, and how many of the sorted times each bar has.
fn by_power(times: &[f64]) -> (i32, Vec<u32>) {
    let place = |seconds: &f64| (BARS * seconds.log10()).floor() as i32;
    let (Some(first), Some(last)) = (times.first().map(place), times.last().map(place)) else {
        return (0, Vec::new());
    };
    let mut counts = vec![0; (last - first) as usize + 1];
    times.iter().for_each(|seconds| counts[(place(seconds) - first) as usize] += 1);
    (first, counts)
}

/// A tick at 1, 2 and 5 of each power of ten. The bars stand at 0, 1, 2 …, and begin half a step before.
fn times_axis(first: i32, bars: usize) -> Axis {
    let place = |seconds: f64| BARS * seconds.log10() - f64::from(first) - 0.5;
    let ends = (-0.5, (bars as f64 - 0.5).max(0.5));
    let round = (-6..6).flat_map(|power| [1.0, 2.0, 5.0].map(|n| n * 10_f64.powi(power)));
    let ticks = round
        .map(|seconds| (place(seconds), duration(seconds)))
        .filter(|(at, _)| (ends.0 - 1e-6..=ends.1 + 1e-6).contains(at));
    Axis { label: "time of a page".to_owned(), ends, ticks: ticks.collect(), grid: false }
}

/// Of sorted values, at least one.
fn quantile(values: &[f64], share: f64) -> f64 {
    values[((values.len() as f64 * share) as usize).min(values.len() - 1)]
}

/// With two digits that count, in the unit that suits it.
fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s < 0.9995e-3 => (1e6 * s, "µs"),
        s if s < 0.9995 => (1e3 * s, "ms"),
        s => (s, "s"),
    };
    let text = if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") };
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}
