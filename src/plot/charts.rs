//! Frames to charts.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use super::{
    chart::{Axis, Chart, Mark},
    data::{distinct, numbers, pages, texts},
    palette::{ALARM, Color, OTHER, SERIES, heat},
};
use crate::{Result, content::Source};

/// Pixels: what a notebook shows without a scroll bar.
pub(super) const WIDTH: u32 = 900;
pub(super) const HEIGHT: u32 = 380;
/// Names below each other, pixels.
pub(super) const ROW: u32 = 30;
/// What a chart without rows takes for title, legend and axis, pixels.
pub(super) const AROUND: u32 = 130;
/// Page numbers that have room beside each other.
const PAGES: usize = 24;
/// Half the width of a bar, where 1 is from one to the next.
pub(super) const BAR: f64 = 0.4;
/// More dots make the file large and the chart no clearer.
const DOTS: usize = 3000;
/// From 0 to 1.
const BINS: usize = 40;
/// Columns of a heat map; rows as the paper needs them.
const CELLS: usize = 40;

/// Seconds by page, stacked by stage in running order; the stages that take least are summed up.
///
/// # Errors
/// The frame has not the columns of [`timings`](crate::frames::timings).
pub fn stage_times(timings: &DataFrame) -> Result<Chart> {
    let chart = "stage times";
    let (rows, names, documents) = pages(timings, chart)?;
    let (stages, seconds) = (texts(timings, "stage", chart)?, numbers(timings, "seconds", chart)?);
    let entry = |((page, stage), seconds): ((usize, Option<String>), Option<f64>)| Entry {
        place: page,
        series: stage.unwrap_or_default(),
        value: seconds.unwrap_or_default(),
    };
    let mut entries: Vec<Entry> = rows.into_iter().zip(stages).zip(seconds).map(entry).collect();
    let unit = if in_seconds(&entries) { "seconds" } else { "milliseconds" };
    if unit == "milliseconds" {
        entries.iter_mut().for_each(|entry| entry.value *= 1000.0);
    }
    let title = "Time by stage and page".to_owned();
    Ok(stacked(title, page_axis(&names, documents), unit, names.len(), &entries))
}

/// Whether any stage took long.
fn in_seconds(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.value >= 2.0)
}

/// Words by page, coloured by who read most of it.
///
/// # Errors
/// The frame has not the columns of [`pages`](crate::frames::pages()).
pub fn words_per_page(frame: &DataFrame) -> Result<Chart> {
    let chart = "words per page";
    let (rows, names, documents) = pages(frame, chart)?;
    let (sources, words) = (texts(frame, "source", chart)?, numbers(frame, "words", chart)?);
    let entries = rows.into_iter().zip(sources).zip(words).map(|((page, source), words)| Entry {
        place: page,
        series: source.unwrap_or_default(),
        value: words.unwrap_or_default(),
    });
    let entries: Vec<Entry> = entries.collect();
    Ok(stacked("Words by page".to_owned(), page_axis(&names, documents), "words", names.len(), &entries))
}

/// Blocks by their confidence, stacked by kind.
///
/// # Errors
/// The frame has not the columns of [`blocks`](crate::frames::blocks).
pub fn confidence_by_kind(blocks: &DataFrame) -> Result<Chart> {
    let chart = "confidence by kind";
    let (kinds, confidences) = (texts(blocks, "kind", chart)?, numbers(blocks, "confidence", chart)?);
    let known: Vec<(String, f64)> = kinds
        .into_iter()
        .zip(confidences)
        .filter_map(|(kind, confidence)| Some((kind?, confidence?)))
        .collect();
    let bin = |confidence: f64| ((confidence * BINS as f64) as usize).min(BINS - 1);
    let first = known.iter().map(|(_, confidence)| bin(*confidence)).min().unwrap_or(0) / 4 * 4;
    let entries: Vec<Entry> = known
        .into_iter()
        .map(|(kind, confidence)| Entry { place: bin(confidence) - first, series: kind, value: 1.0 })
        .collect();
    let mut chart = stacked(
        "Blocks by confidence and kind".to_owned(),
        page_axis(&[], 1),
        "blocks",
        BINS - first,
        &entries,
    );
    chart.marks.extend(counts(&entries, BINS - first));
    // The bars stand at 0, 1, 2 …; the bins between begin and end half a step beside.
    let from = first as f64 / BINS as f64;
    let place = |confidence: f64| (confidence - from) * BINS as f64 - 0.5;
    let axis = Axis::between("confidence (0 to 1)", from, 1.0);
    let ticks = axis.ticks.into_iter().map(|(at, label)| (place(at), label)).collect();
    chart.x = Axis { ticks, ends: (place(from), place(1.0)), grid: false, ..axis };
    Ok(chart)
}

/// How many there are in each bin: a few beside very many make no bar that one could see.
fn counts(entries: &[Entry], bins: usize) -> impl Iterator<Item = Mark> {
    let mut counts = vec![0_u32; bins];
    entries.iter().for_each(|entry| counts[entry.place] += 1);
    let counts = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
    counts.map(|(bin, count)| Mark::Above((bin as f64, f64::from(count)), count.to_string()))
}

/// How many regions have each label, and their mean score.
///
/// # Errors
/// The frame has no `label` and `score`, as regions and [`blocks`](crate::frames::blocks) have.
pub fn regions_by_label(regions: &DataFrame) -> Result<Chart> {
    let chart = "regions by label";
    let (labels, scores) = (texts(regions, "label", chart)?, numbers(regions, "score", chart)?);
    let mut sums: HashMap<String, (f64, f64)> = HashMap::new();
    for (label, score) in labels.into_iter().zip(scores).filter_map(|(label, score)| Some((label?, score?))) {
        let sum = sums.entry(label).or_default();
        *sum = (sum.0 + 1.0, sum.1 + score);
    }
    let mut sums: Vec<(String, (f64, f64))> = sums.into_iter().collect();
    sums.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then_with(|| b.0.cmp(&a.0)));
    let names: Vec<String> = sums.iter().map(|(label, _)| label.replace('_', " ")).collect();
    let most = sums.iter().map(|(_, (count, _))| *count).fold(0.0, f64::max);
    let bars = sums.iter().enumerate().flat_map(|(n, (_, (count, score)))| {
        let n = n as f64;
        let note = format!("{count}, mean score {:.2}", score / count);
        [Mark::Bar([(0.0, n - BAR), (*count, n + BAR)], SERIES[0]), Mark::Beside((*count, n), note)]
    });
    Ok(Chart {
        title: "Regions by label".to_owned(),
        // Room for the note beside the longest bar.
        x: Axis::numbers("regions", 0.0, most * 1.2),
        y: Axis::names("label", &names, usize::MAX),
        legend: Vec::new(),
        marks: bars.collect(),
        size: (WIDTH, AROUND + ROW * names.len() as u32),
    })
}

/// Confidence of OCR against height, a dot for each row; of very many rows one in so many. Where the frame has no `source`,
/// all rows count as read by OCR.
///
/// # Errors
/// The frame has no `y0`, `y1` and `confidence`, as spans, lines and words have.
pub fn confidence_by_height(words: &DataFrame) -> Result<Chart> {
    let chart = "confidence by height";
    let (tops, feet) = (numbers(words, "y0", chart)?, numbers(words, "y1", chart)?);
    let confidences = numbers(words, "confidence", chart)?;
    let is_ocr: Vec<bool> = match words.column("source") {
        Ok(_) => {
            texts(words, "source", chart)?.iter().map(|s| s.as_deref() == Some(Source::Ocr.name())).collect()
        }
        Err(_) => vec![true; words.height()],
    };
    let place = |row: usize| Some((feet[row]? - tops[row]?, confidences[row]?));
    let all: Vec<(f64, f64)> = (0..words.height()).filter(|row| is_ocr[*row]).filter_map(place).collect();
    let every = all.len().div_ceil(DOTS).max(1);
    let sample = if every > 1 { format!(" (one in {every} of {})", all.len()) } else { String::new() };
    let dots: Vec<(f64, f64)> = all.into_iter().step_by(every).collect();
    let tallest = dots.iter().map(|dot| dot.0).fold(0.0, f64::max);
    let least = dots.iter().map(|dot| dot.1).fold(1.0, f64::min);
    Ok(Chart {
        title: format!("Confidence of OCR by height{sample}"),
        x: Axis::numbers("height (points)", 0.0, tallest),
        y: Axis::between("confidence (0 to 1)", ((least * 20.0 - 0.5).floor() / 20.0).max(0.0), 1.005),
        legend: Vec::new(),
        marks: dots.into_iter().map(|dot| Mark::Dot(dot, SERIES[0])).collect(),
        size: (WIDTH, HEIGHT),
    })
}

/// How often boxes cover each part of a page, over all pages of the frame.
///
/// # Errors
/// The frame has no `x0`, `y0`, `x1`, `y1`, as everything with boxes has.
pub fn positions(boxes: &DataFrame) -> Result<Chart> {
    let chart = "positions";
    let side = |name| numbers(boxes, name, chart);
    let (x0, y0, x1, y1) = (side("x0")?, side("y0")?, side("x1")?, side("y1")?);
    let corners = x0.into_iter().zip(y0).zip(x1).zip(y1);
    let boxes: Vec<[f64; 4]> =
        corners.filter_map(|(((x0, y0), x1), y1)| Some([x0?, y0?, x1?, y1?])).collect();
    let most = |side: usize| boxes.iter().map(|corners| corners[side]).fold(1.0, f64::max);
    let (width, height) = (most(2), most(3));
    let cell = width / CELLS as f64;
    let counts = covered(&boxes, cell, (height / cell).ceil() as usize);
    let peak = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let marks = counts.iter().enumerate().flat_map(|(row, counts)| {
        counts.iter().enumerate().filter(|(_, count)| **count > 0).map(move |(column, count)| {
            let (x, y) = (column as f64 * cell, row as f64 * cell);
            Mark::Bar([(x, y), (x + cell, y + cell)], heat(f64::from(*count) / f64::from(peak)))
        })
    });
    let steps = [0.25, 0.5, 0.75, 1.0];
    let mut legend: Vec<(String, Color)> =
        steps.iter().map(|share| (format!("{}", (share * f64::from(peak)).round()), heat(*share))).collect();
    legend.dedup_by(|a, b| a.0 == b.0);
    let tall = 560.0 * (height / width).clamp(0.3, 2.0);
    Ok(Chart {
        title: "Boxes that cover each part of the page".to_owned(),
        x: Axis { grid: false, ..Axis::between("points from the left", 0.0, width) },
        y: Axis { grid: false, ..Axis::between("points from the top", counts.len() as f64 * cell, 0.0) },
        legend,
        marks: marks.collect(),
        size: (640, AROUND + tall as u32),
    })
}

/// In how many boxes the middle of each square lies.
fn covered(boxes: &[[f64; 4]], cell: f64, rows: usize) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0; CELLS]; rows];
    for [x0, y0, x1, y1] in boxes {
        for (row, counts) in counts.iter_mut().enumerate() {
            for (column, count) in counts.iter_mut().enumerate() {
                let (x, y) = ((column as f64 + 0.5) * cell, (row as f64 + 0.5) * cell);
                *count += u32::from((*x0..=*x1).contains(&x) && (*y0..=*y1).contains(&y));
            }
        }
    }
    counts
}

/// By how much a measure of memory grew from its first value, a line for each scenario; those that are `deliberate` leaks
/// in red. `measure` is a column of bytes, such as `resident`, `native_heap` or `rust_heap`; scenarios that have none of it
/// are left out.
///
/// # Errors
/// The frame has no `scenario`, `iteration` or no such measure.
pub fn memory(series: &DataFrame, measure: &str) -> Result<Chart> {
    let chart = "memory";
    let (scenarios, iterations) = (texts(series, "scenario", chart)?, numbers(series, "iteration", chart)?);
    let bytes = numbers(series, measure, chart)?;
    let deliberate = match series.column("deliberate") {
        Ok(_) => numbers(series, "deliberate", chart)?,
        Err(_) => vec![None; series.height()],
    };
    let names = distinct(scenarios.iter().flatten().map(String::as_str));
    let (mut legend, mut marks, mut calm) = (Vec::new(), Vec::new(), 0);
    let (mut last, mut least, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
    for name in &names {
        let own = || (0..scenarios.len()).filter(|row| scenarios[*row].as_ref() == Some(name));
        let is_deliberate = own().any(|row| deliberate[row].is_some_and(|value| value != 0.0));
        let points: Vec<(f64, f64)> = own().filter_map(|row| Some((iterations[row]?, bytes[row]?))).collect();
        let Some((_, first)) = points.first().copied() else { continue };
        let points: Vec<(f64, f64)> =
            points.into_iter().map(|(n, bytes)| (n, (bytes - first) / f64::from(1 << 20))).collect();
        for (iteration, growth) in &points {
            (last, least, most) = (last.max(*iteration), least.min(*growth), most.max(*growth));
        }
        let color = if is_deliberate { ALARM } else { SERIES[calm % SERIES.len()] };
        calm += usize::from(!is_deliberate);
        let leak = if is_deliberate { " (leaks on purpose)" } else { "" };
        legend.push((format!("{name}{leak}"), color));
        marks.push(Mark::Line(points, color));
    }
    Ok(Chart {
        title: format!("Growth of memory: {}", measure.replace('_', " ")),
        x: Axis::numbers("iteration", 0.0, last),
        y: Axis::numbers("growth since the first iteration (MiB)", least, most),
        legend,
        marks,
        size: (WIDTH, HEIGHT),
    })
}

/// One piece of a stack.
struct Entry {
    /// Which bar, from 0.
    place: usize,
    series: String,
    value: f64,
}

/// Bars of pieces, one for each series. All but the largest series are summed up as "other".
fn stacked(title: String, x: Axis, unit: &str, places: usize, entries: &[Entry]) -> Chart {
    let mut totals: HashMap<&str, f64> = HashMap::new();
    entries.iter().for_each(|entry| *totals.entry(&entry.series).or_default() += entry.value);
    let mut ranked: Vec<&str> = totals.keys().copied().collect();
    ranked.sort_by(|a, b| totals[b].total_cmp(&totals[a]).then_with(|| a.cmp(b)));
    ranked.truncate(SERIES.len());
    // In the order of the data, so that stages stand as they run.
    let named: Vec<String> = distinct(entries.iter().map(|entry| entry.series.as_str()))
        .into_iter()
        .filter(|name| ranked.contains(&name.as_str()))
        .collect();
    let series = |name: &str| named.iter().position(|other| other == name).unwrap_or(named.len());
    let mut heights = vec![vec![0.0; named.len() + 1]; places];
    for entry in entries {
        heights[entry.place][series(&entry.series)] += entry.value;
    }
    let color = |series: usize| SERIES.get(series).filter(|_| series < named.len()).copied().unwrap_or(OTHER);
    let bars = heights.iter().enumerate().flat_map(|(place, heights)| {
        let mut foot = 0.0;
        heights.iter().enumerate().map(move |(series, height)| {
            let (x, from) = (place as f64, foot);
            foot += height;
            Mark::Bar([(x - BAR, from), (x + BAR, foot)], color(series))
        })
    });
    let marks = bars.collect();
    let most = heights.iter().map(|heights| heights.iter().sum()).fold(0.0, f64::max);
    let mut legend: Vec<(String, Color)> =
        named.iter().enumerate().map(|(n, name)| (name.replace('_', " "), color(n))).collect();
    if totals.len() > named.len() {
        legend.push((format!("other ({})", totals.len() - named.len()), OTHER));
    }
    Chart { title, x, y: Axis::numbers(unit, 0.0, most), legend, marks, size: (WIDTH, HEIGHT) }
}

fn page_axis(names: &[String], documents: usize) -> Axis {
    let label = match documents {
        0 | 1 => "page".to_owned(),
        many => format!("page, over {many} documents"),
    };
    Axis::names(label, names, PAGES)
}
