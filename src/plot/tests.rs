//! Charts of small frames: what stands where, and that each can be drawn.

use polars::prelude::*;

use super::{
    chart::{Chart, Mark},
    palette::{ALARM, OTHER},
    *,
};

fn frame(columns: Vec<Column>) -> DataFrame {
    DataFrame::new_infer_height(columns).unwrap()
}

fn texts(name: &str, values: &[&str]) -> Column {
    Column::new(name.into(), values)
}

fn numbers(name: &str, values: &[f64]) -> Column {
    Column::new(name.into(), values)
}

fn bars(chart: &Chart) -> Vec<[(f64, f64); 2]> {
    let bar = |mark: &Mark| match mark {
        Mark::Bar(corners, _) => Some(*corners),
        _ => None,
    };
    chart.marks.iter().filter_map(bar).collect()
}

/// Names in the legend.
fn legend(chart: &Chart) -> Vec<&str> {
    chart.legend.iter().map(|(name, _)| name.as_str()).collect()
}

/// Both kinds of picture come out, and the SVG says what the axes are.
fn assert_drawn(chart: &Chart, axes: [&str; 2]) {
    let svg = chart.svg().unwrap();
    for text in axes.iter().chain([&chart.title()]) {
        assert!(svg.contains(text), "{text} is not in {svg}");
    }
    let picture = chart.picture().unwrap();
    assert_eq!(picture.dimensions(), (2 * chart.size().0, 2 * chart.size().1));
    assert!(picture.pixels().any(|pixel| pixel.0 != [255; 3]));
}

fn stages(count: usize) -> DataFrame {
    let names: Vec<String> = (0..count).map(|n| format!("stage {n}")).collect();
    frame(vec![
        texts("document", &vec!["a"; count]),
        Column::new("page".into(), vec![3_u32; count]),
        Column::new("stage".into(), names),
        Column::new("seconds".into(), (1..=count).map(|n| n as f64 / 1000.0).collect::<Vec<_>>()),
    ])
}

#[test]
fn stages_stand_on_each_other_in_running_order() {
    let chart = stage_times(&stages(2)).unwrap();
    assert_eq!(legend(&chart), ["stage 0", "stage 1"]);
    let heights: Vec<_> = bars(&chart).iter().map(|[a, b]| (a.1, b.1)).collect();
    assert_eq!(heights, [(0.0, 1.0), (1.0, 3.0), (3.0, 3.0)]);
    assert_eq!(chart.x.ticks, [(0.0, "3".to_owned())]);
    assert_drawn(&chart, ["page", "milliseconds"]);
}

#[test]
fn the_smallest_stages_are_summed_up() {
    let chart = stage_times(&stages(10)).unwrap();
    assert_eq!(chart.legend.last(), Some(&("other (3)".to_owned(), OTHER)));
    assert_eq!(bars(&chart).last().map(|[a, b]| b.1 - a.1), Some(6.0));
}

#[test]
fn pages_are_counted_by_the_power_of_their_time() {
    let pages = [(1.0, 0.004), (1.0, 0.006), (2.0, 0.0102), (3.0, 0.25), (4.0, 2.0)];
    let chart = page_times(&frame(vec![
        texts("document", &["a"; 5]),
        numbers("page", &pages.map(|page| page.0)),
        numbers("seconds", &pages.map(|page| page.1)),
    ]))
    .unwrap();
    let counts: Vec<f64> = bars(&chart).iter().map(|[_, corner]| corner.1).collect();
    assert_eq!((counts.len(), counts[0], counts[13], counts[23]), (24, 2.0, 1.0, 1.0));
    assert_eq!(chart.title(), "Time of a page: 250 ms in the median, 95 % below 2 s");
    assert_eq!(chart.x.ticks.first().map(|tick| tick.1.as_str()), Some("10 ms"));
    assert_drawn(&chart, ["time of a page", "pages"]);
    assert!(page_times(&stages(0)).unwrap().is_empty());
}

#[test]
fn the_fastest_tool_stands_at_the_head() {
    let chart = pages_per_second(&frame(vec![
        texts("tool", &["slow", "flatleaf", "unknown"]),
        numbers("pages", &[10.0, 10.0, 10.0]),
        numbers("seconds", &[20.0, 2.0, 0.0]),
    ]))
    .unwrap();
    assert!(chart.marks.contains(&Mark::Beside((5.0, 1.0), "5.00".to_owned())), "{chart:?}");
    assert_eq!(chart.y.ticks.len(), 2);
    assert_drawn(&chart, ["pages a second", "flatleaf"]);
}

#[test]
fn words_stand_by_page_over_all_documents() {
    let chart = words_per_page(&frame(vec![
        texts("document", &["a", "a", "b"]),
        numbers("page", &[1.0, 2.0, 1.0]),
        texts("source", &["text_layer", "ocr", "ocr"]),
        numbers("words", &[10.0, 20.0, 30.0]),
    ]))
    .unwrap();
    assert_eq!(legend(&chart), ["text layer", "ocr"]);
    assert_drawn(&chart, ["page, over 2 documents", "words"]);
}

#[test]
fn confidences_are_counted_in_bins() {
    let chart = confidence_by_kind(&frame(vec![
        texts("kind", &["table", "table", "heading"]),
        numbers("confidence", &[1.0, 0.99, 0.51]),
    ]))
    .unwrap();
    let filled: Vec<_> = bars(&chart).into_iter().filter(|[a, b]| b.1 > a.1).collect();
    assert_eq!(filled.iter().map(|[a, b]| b.1 - a.1).collect::<Vec<_>>(), [1.0, 2.0]);
    assert_eq!(chart.x.ticks.first().map(|tick| tick.1.as_str()), Some("0.5"));
    assert_drawn(&chart, ["confidence", "blocks"]);
}

#[test]
fn labels_are_counted_with_their_mean_score() {
    let chart = regions_by_label(&frame(vec![
        Column::new("label".into(), [Some("text"), Some("text"), Some("figure_caption"), None]),
        Column::new("score".into(), [Some(0.5_f32), Some(1.0), Some(0.25), None]),
    ]))
    .unwrap();
    assert!(chart.marks.contains(&Mark::Beside((2.0, 1.0), "2, mean score 0.75".to_owned())), "{chart:?}");
    assert_drawn(&chart, ["regions", "figure caption"]);
}

#[test]
fn of_very_many_words_some_are_drawn() {
    let count = 10_000;
    let column = |name: &str, value: f32| Column::new(name.into(), vec![value; count]);
    let chart =
        confidence_by_height(&frame(vec![column("y0", 10.0), column("y1", 20.0), column("confidence", 0.9)]))
            .unwrap();
    assert_eq!(chart.marks.len(), 2500);
    assert!(chart.title().contains("one in 4 of 10000"), "{}", chart.title());
    assert_drawn(&chart, ["height (points)", "confidence"]);
}

#[test]
fn text_that_nobody_had_to_recognise_is_left_out() {
    let chart = confidence_by_height(&frame(vec![
        numbers("y0", &[10.0, 10.0]),
        numbers("y1", &[20.0, 30.0]),
        numbers("confidence", &[1.0, 0.5]),
        texts("source", &["text_layer", "ocr"]),
    ]))
    .unwrap();
    assert!(matches!(chart.marks[..], [Mark::Dot((20.0, 0.5), _)]), "{chart:?}");
}

#[test]
fn boxes_are_counted_where_they_lie() {
    let sides = [("x0", 0.0), ("y0", 0.0), ("x1", 40.0), ("y1", 20.0)];
    let chart =
        positions(&frame(sides.map(|(name, value)| numbers(name, &[value, value / 2.0])).to_vec())).unwrap();
    assert_eq!((bars(&chart).len(), legend(&chart)), (800, vec!["1", "2"]));
    assert_drawn(&chart, ["points from the left", "points from the top"]);
}

#[test]
fn deliberate_leaks_are_red_and_growth_begins_at_nothing() {
    let bytes = |mebibytes: Option<f64>| mebibytes.map(|n| n * f64::from(1 << 20));
    let chart = memory(
        &frame(vec![
            texts("scenario", &["open", "leak", "open", "leak", "heap alone"]),
            numbers("iteration", &[0.0, 0.0, 1.0, 1.0, 0.0]),
            Column::new("resident".into(), [Some(1.0), Some(2.0), Some(1.0), Some(5.0), None].map(bytes)),
            Column::new("deliberate".into(), [false, true, false, true, false]),
        ]),
        "resident",
    )
    .unwrap();
    assert!(chart.marks.contains(&Mark::Line(vec![(0.0, 0.0), (1.0, 3.0)], ALARM)), "{chart:?}");
    assert_eq!(legend(&chart), ["open", "leak (leaks on purpose)"]);
    assert_drawn(&chart, ["iteration", "MiB"]);
}

#[test]
fn a_frame_of_no_rows_is_a_chart_of_nothing() {
    let none: [&str; 0] = [];
    let empty = frame(vec![
        texts("document", &none),
        numbers("page", &[]),
        texts("stage", &none),
        numbers("seconds", &[]),
        texts("kind", &none),
        texts("label", &none),
        texts("source", &none),
        texts("scenario", &none),
        numbers("iteration", &[]),
        numbers("resident", &[]),
        numbers("score", &[]),
        numbers("words", &[]),
        numbers("confidence", &[]),
        numbers("x0", &[]),
        numbers("y0", &[]),
        numbers("x1", &[]),
        numbers("y1", &[]),
    ]);
    let charts =
        [stage_times, words_per_page, regions_by_label, confidence_by_kind, confidence_by_height, positions];
    for chart in charts {
        assert_drawn(&chart(&empty).unwrap(), ["", ""]);
    }
    assert_drawn(&memory(&empty, "resident").unwrap(), ["", ""]);
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let error = memory(&frame(vec![texts("scenario", &["a"])]), "resident").unwrap_err();
    assert!(error.to_string().contains("memory"), "{error}");
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("iteration"));
}
