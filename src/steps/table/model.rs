//! A picture of one table to its rows, columns and spans, by SLANet-plus
//! (SLANet: arXiv:2210.05391). The model writes the table's HTML, tag by tag, and
//! says with each cell where its text stands. What it reads and writes is set
//! down in models/manifest.toml.

use std::collections::HashSet;

use ndarray::{ArrayView1, ArrayViewD, Ix3, s};

use crate::{
    Models, Result,
    content::Raster,
    geometry::{Point, Rect},
    model::{
        Model, TABLE_STRUCTURE,
        input::{self, Normal},
        output,
    },
};

/// Pixels, each way.
const INPUT: u32 = 488;
/// Points. The model was trained on tables with a little paper around.
const AROUND: f32 = 4.0;
/// Rows or columns. No more are in the model's dictionary; a span in another's may not fill the memory.
const WIDEST_SPAN: usize = 20;

/// What the model sees in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// By row, then column; none overlap. Places that the model says nothing of are left out.
    pub slots: Vec<Slot>,
    /// Mean probability of the tags, 0 to 1.
    pub confidence: f32,
}

/// A cell as the model sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0.
    pub column: usize,
    /// Rows covered, at least 1.
    pub row_span: usize,
    /// Columns covered, at least 1.
    pub column_span: usize,
    /// Stands in the head of the table.
    pub header: bool,
    /// Around its text, points; anywhere when it is empty.
    pub rect: Rect,
}

/// The table in `area` (points) of an upright raster; of no rows where nothing of it is on the page.
///
/// # Errors
/// When the model cannot be loaded or run.
pub fn recognise(models: &Models, raster: &Raster, area: &Rect) -> Result<Structure> {
    let area = area.inflate(AROUND);
    let Some(part) = raster.crop(&area) else { return Ok(Structure::default()) };
    if part.pixels.is_empty() {
        return Ok(Structure::default());
    }
    let model = models.get(TABLE_STRUCTURE)?;
    let tensor = input::square(&part.pixels, INPUT, &Normal::TABLE);
    let frame = Frame::of(&part, raster, &area);
    model.run_with(&[tensor], |outputs| structure(&model, outputs, &frame))?
}

/// Where the model's square lies on the page.
struct Frame {
    origin: Point,
    /// Points.
    side: f32,
}

impl Frame {
    fn of(part: &Raster, raster: &Raster, area: &Rect) -> Self {
        Self { origin: raster.crop_corner(area), side: part.width().max(part.height()) }
    }

    /// Around four corners, as shares of the square's side. What is beyond or no number lies on its edge.
    fn rect(&self, corners: ArrayView1<f32>) -> Rect {
        let number = |k: usize| if corners[k].is_nan() { 0.0 } else { corners[k] };
        let share = |k: usize| number(k).clamp(0.0, 1.0) * self.side;
        let corner = |k: usize| Point::new(self.origin.x + share(2 * k), self.origin.y + share(2 * k + 1));
        Rect::around((0..4).map(corner)).unwrap_or_default()
    }
}

/// From the outputs (corners `[1, steps, 8]`, tags `[1, steps, classes]`) to cells.
fn structure(model: &Model, outputs: &[ArrayViewD<f32>], frame: &Frame) -> Result<Structure> {
    let tags = vocabulary(model.labels());
    let wrong = || {
        let shapes: Vec<_> = outputs.iter().map(|o| o.shape().to_vec()).collect();
        model.wrong_shape(&format!("8 corners and {} tags for each step", tags.len() + 2), shapes)
    };
    let [corners, classes] = outputs else { return Err(wrong()) };
    let corners = corners.view().into_dimensionality::<Ix3>().map_err(|_| wrong())?;
    let classes = classes.view().into_dimensionality::<Ix3>().map_err(|_| wrong())?;
    let steps = classes.dim().1;
    if corners.dim() != (1, steps, 8) || classes.dim() != (1, steps, tags.len() + 2) {
        return Err(wrong());
    }
    let found = output::until(tags.len() + 1, classes.slice(s![0, .., ..]));
    let mut writing = Writing::default();
    for (step, &(class, _)) in found.iter().enumerate() {
        // Class 0 is the beginning.
        if let Some(tag) = class.checked_sub(1).and_then(|n| tags.get(n)) {
            writing.read(tag, || frame.rect(corners.slice(s![0, step, ..])));
        }
    }
    let sure: f32 = found.iter().map(|(_, probability)| probability).sum();
    Ok(Structure { confidence: sure / found.len().max(1) as f32, ..laid(writing.rows) })
}

/// The model's tags: its dictionary, in which a cell without spans is always one tag (PaddleOCR's
/// `merge_no_span_structure`).
fn vocabulary(labels: &[String]) -> Vec<&str> {
    const WHOLE: &str = "<td></td>";
    let mut tags: Vec<&str> = labels.iter().map(String::as_str).filter(|tag| *tag != "<td>").collect();
    if !tags.contains(&WHOLE) {
        tags.push(WHOLE);
    }
    tags
}

/// Rows of cells as written, without places.
#[derive(Default)]
struct Writing {
    rows: Vec<Vec<Slot>>,
    header: bool,
}

impl Writing {
    fn read(&mut self, tag: &str, place: impl FnOnce() -> Rect) {
        match tag {
            "<thead>" => self.header = true,
            "</thead>" => self.header = false,
            "<tr>" => self.rows.push(Vec::new()),
            "<td></td>" | "<td" => {
                let slot = Slot {
                    row: 0,
                    column: 0,
                    row_span: 1,
                    column_span: 1,
                    header: self.header,
                    rect: place(),
                };
                self.rows.last_mut().into_iter().for_each(|row| row.push(slot));
            }
            _ => self.span(tag),
        }
    }

    /// An attribute belongs to the last cell.
    fn span(&mut self, tag: &str) {
        let number = |name: &str| {
            let digits = tag.trim().strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"')?;
            digits.parse().ok().map(|n: usize| n.clamp(1, WIDEST_SPAN))
        };
        let Some(slot) = self.rows.last_mut().and_then(|row| row.last_mut()) else { return };
        slot.row_span = number("rowspan").unwrap_or(slot.row_span);
        slot.column_span = number("colspan").unwrap_or(slot.column_span);
    }
}

/// The cells in their places: each in the first of its row that no cell above reaches into, as browsers do it. A span
/// ends where another cell stands, and with the table.
fn laid(rows: Vec<Vec<Slot>>) -> Structure {
    let mut taken = HashSet::new();
    let (count, mut slots) = (rows.len(), Vec::new());
    for (row, cells) in rows.into_iter().enumerate() {
        let mut column = 0;
        for cell in cells {
            while taken.contains(&(row, column)) {
                column += 1;
            }
            let free = (1..cell.column_span).take_while(|n| !taken.contains(&(row, column + n))).count();
            let slot =
                Slot { row, column, row_span: cell.row_span.min(count - row), column_span: free + 1, ..cell };
            taken.extend(
                (row..row + slot.row_span).flat_map(|r| (column..=column + free).map(move |c| (r, c))),
            );
            column += slot.column_span;
            slots.push(slot);
        }
    }
    let columns = taken.iter().map(|(_, column)| column + 1).max().unwrap_or(0);
    Structure { rows: count, columns, slots, confidence: 0.0 }
}

#[cfg(test)]
mod file;

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use ndarray::{Array2, Array3};

    use super::*;
    use crate::Error;

    const TAGS: [&str; 9] =
        ["<thead>", "</thead>", "<tr>", "</tr>", "<td", ">", "</td>", " colspan=\"2\"", "<td></td>"];
    const END: usize = TAGS.len() + 1;

    /// A model of SLANet-plus's signature that always writes these tags, with the box of each as shares of the square.
    fn writes(tags: &[(&str, [f32; 4])]) -> Model {
        let classes: Vec<(usize, [f32; 4])> = tags
            .iter()
            .map(|(tag, b)| (TAGS.iter().position(|t| t == tag).map_or(0, |n| n + 1), *b))
            .chain([(END, [0.0; 4]), (1, [0.0; 4])])
            .collect();
        let answer = move |inputs: &[crate::model::Tensor]| {
            assert_eq!(inputs[0].shape(), [1, 3, 488, 488]);
            let mut corners = Array3::zeros((1, classes.len(), 8));
            let mut steps = Array3::from_elem((1, classes.len(), END + 1), 0.01);
            for (step, (class, [x0, y0, x1, y1])) in classes.iter().enumerate() {
                steps[[0, step, *class]] = 0.9;
                let clockwise = [*x0, *y0, *x1, *y0, *x1, *y1, *x0, *y1];
                corners.slice_mut(s![0, step, ..]).assign(&ndarray::arr1(&clockwise));
            }
            Ok(vec![corners.into_dyn(), steps.into_dyn()])
        };
        Model::from_fn(answer).with_labels(TAGS)
    }

    fn models(model: Model) -> Models {
        Models::with_loader(|name| panic!("{name} is not faked")).with(TABLE_STRUCTURE, model)
    }

    fn raster() -> Raster {
        Raster { pixels: RgbImage::new(400, 200), scale: 2.0 }
    }

    const NOWHERE: [f32; 4] = [0.0; 4];

    #[test]
    fn tags_become_cells_in_points() {
        let model = writes(&[
            ("sos", NOWHERE),
            ("<thead>", NOWHERE),
            ("<tr>", NOWHERE),
            ("<td", [0.1, 0.1, 0.9, 0.2]),
            (" colspan=\"2\"", NOWHERE),
            (">", NOWHERE),
            ("</td>", NOWHERE),
            ("</tr>", NOWHERE),
            ("</thead>", NOWHERE),
            ("<tr>", NOWHERE),
            ("<td></td>", [0.1, 0.3, 0.4, 0.4]),
            ("<td></td>", [0.6, 0.3, 0.9, 0.4]),
            ("</tr>", NOWHERE),
        ]);
        let area = Rect::new(54.0, 24.0, 146.0, 56.0);
        let found = recognise(&models(model), &raster(), &area).unwrap();
        // With the paper around, the area is 100 points wide and begins at 50, 20.
        let slot = |row, column, column_span, header, rect| Slot {
            row,
            column,
            row_span: 1,
            column_span,
            header,
            rect,
        };
        let wanted = [
            slot(0, 0, 2, true, Rect::new(60.0, 30.0, 140.0, 40.0)),
            slot(1, 0, 1, false, Rect::new(60.0, 50.0, 90.0, 60.0)),
            slot(1, 1, 1, false, Rect::new(110.0, 50.0, 140.0, 60.0)),
        ];
        assert_eq!((found.rows, found.columns, found.slots.len()), (2, 2, 3));
        for (found, wanted) in found.slots.iter().zip(wanted) {
            assert!(found.rect.iou(&wanted.rect) > 0.999, "{found:?}");
            assert_eq!(Slot { rect: wanted.rect, ..*found }, wanted);
        }
        assert!((found.confidence - 0.9).abs() < 1e-4);
    }

    fn cell(row_span: usize, column_span: usize) -> Slot {
        Slot { row: 0, column: 0, row_span, column_span, header: false, rect: Rect::default() }
    }

    fn places(structure: &Structure) -> Vec<[usize; 4]> {
        structure.slots.iter().map(|s| [s.row, s.column, s.row_span, s.column_span]).collect()
    }

    #[test]
    fn cells_below_a_row_span_move_right() {
        let found = laid(vec![vec![cell(2, 1), cell(1, 1)], vec![cell(1, 1)]]);
        assert_eq!(places(&found), [[0, 0, 2, 1], [0, 1, 1, 1], [1, 1, 1, 1]]);
    }

    #[test]
    fn spans_end_with_the_table_and_before_another_cell() {
        let found = laid(vec![vec![cell(1, 1), cell(9, 1)], vec![cell(1, 5)]]);
        assert_eq!((found.rows, found.columns), (2, 2));
        assert_eq!(places(&found), [[0, 0, 1, 1], [0, 1, 2, 1], [1, 0, 1, 1]]);
    }

    #[test]
    fn tags_out_of_order_do_no_harm() {
        let tags = ["</tr>", " colspan=\"2\"", "<td></td>", "<tr>", " colspan=\"2\"", "</thead>", "<td"];
        let all: Vec<_> = tags.iter().map(|tag| (*tag, [f32::NAN, 7.0, -3.0, f32::INFINITY])).collect();
        let found = recognise(&models(writes(&all)), &raster(), &Rect::new(0.0, 0.0, 50.0, 50.0)).unwrap();
        assert_eq!((found.rows, found.columns), (1, 1));
        assert!(found.slots[0].rect.x1.is_finite() && found.slots[0].rect.y1.is_finite());
    }

    #[test]
    fn the_dictionary_has_one_tag_for_a_plain_cell() {
        let words = |labels: &[&str]| labels.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(vocabulary(&words(&["<tr>", "<td>", "<td"])), ["<tr>", "<td", "<td></td>"]);
        assert_eq!(vocabulary(&words(&["<td></td>", "<td"])), ["<td></td>", "<td"]);
    }

    #[test]
    fn a_strange_answer_is_an_error_and_an_area_off_the_page_is_no_table() {
        let odd = Model::from_fn(|_| Ok(vec![Array2::<f32>::zeros((1, 8)).into_dyn(); 2]));
        let area = Rect::new(0.0, 0.0, 50.0, 50.0);
        assert!(matches!(recognise(&models(odd), &raster(), &area), Err(Error::ModelShape { .. })));
        let outside = Rect::new(900.0, 900.0, 950.0, 950.0);
        let none = Models::with_loader(|_| panic!("loaded"));
        assert_eq!(recognise(&none, &raster(), &outside).unwrap(), Structure::default());
    }
}
