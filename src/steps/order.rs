//! Boxes to reading order, by recursive cuts along white space (XY-cut, Nagy and
//! Seth 1984), with one addition: rows that share a gutter are cut as columns,
//! rows that stand in line like a table's are read row by row.

use crate::geometry::{Rect, median};

/// Of the typical line height. White space between two columns is at least this wide; OCR's boxes reach into it.
const GUTTER: f32 = 0.45;
/// Of a line's height. Neighbouring lines' boxes reach into each other by up to this on either side.
const LINE_SLACK: f32 = 0.22;
/// Of the typical line height. White space this high over the whole width ends a column structure.
const BREAK: f32 = 3.0;
/// Of the typical line height. Columns of running text hold lines at least this long.
const PROSE_LINE: f32 = 9.0;
/// Share of the column's width that running text fills on average.
const PROSE_FILL: f32 = 0.6;
/// Of the typical line height. A column narrower than this holds list markers or line numbers.
const MARKER_COLUMN: f32 = 3.0;
/// Share of lines that have a partner at their height, from which two columns are one table.
const ALIGNED: f32 = 0.7;

/// The order in which one reads `boxes` on an upright page: a permutation of
/// their indices.
pub fn reading_order(boxes: &[Rect]) -> Vec<usize> {
    reading_order_of(boxes, &vec![Sort::Text; boxes.len()])
}

/// What a box holds, as far as the order hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A line of text.
    Text,
    /// A line that begins with the bullet or number of a list item.
    ListItem,
    /// A line that names a figure.
    FigureCaption,
    /// A line that names a part of a figure beside it: parts are read row by row.
    PartCaption,
    /// A figure or table.
    Float,
}

/// As [`reading_order`], with what each box holds: lists, and floats with their captions, are read one after the other
/// where they stand beside each other, though their lines stand in rows.
pub fn reading_order_of(boxes: &[Rect], sorts: &[Sort]) -> Vec<usize> {
    let mut heights: Vec<f32> = boxes.iter().map(Rect::height).collect();
    let line = median(&mut heights).unwrap_or(0.0).max(1.0);
    let cutter = Cutter { boxes, sorts, line };
    let mut order = Vec::with_capacity(boxes.len());
    cutter.read((0..boxes.len()).collect(), &mut order);
    order
}

/// Of the typical line height. Lines with less between them belong together.
const CLOSE: f32 = 0.8;
/// Times. A text column beside a sidebar has at least this many lines for each of the sidebar's.
const LONGER: f32 = 1.5;

/// Lines of a centred column, at least; of the typical line height: how far their middles may be apart, and by how much
/// their lengths differ.
const FEWEST_CENTRED: usize = 3;
const CENTRED: f32 = 0.5;
const RAGGED: f32 = 2.0;

struct Cutter<'a> {
    boxes: &'a [Rect],
    sorts: &'a [Sort],
    /// Typical height of a line, points.
    line: f32,
}

/// Boxes that overlap in height.
struct Strip {
    members: Vec<usize>,
    y0: f32,
    y1: f32,
}

/// Neighbouring strips with the gutters (x ranges) that run through all of them.
struct Band {
    strips: Vec<Strip>,
    gutters: Vec<(f32, f32)>,
}

impl Cutter<'_> {
    /// Appends the members in reading order.
    fn read(&self, members: Vec<usize>, order: &mut Vec<usize>) {
        if members.len() < 2 {
            order.extend(members);
            return;
        }
        for band in self.bands(self.strips(&members)) {
            self.read_band(band, members.len(), order);
        }
    }

    fn read_band(&self, band: Band, whole: usize, order: &mut Vec<usize>) {
        let members: Vec<usize> = band.strips.iter().flat_map(|s| s.members.iter().copied()).collect();
        let columns = self.split(&members, &band.gutters);
        if columns.len() > 1 && columns.iter().all(|column| self.is_centred(column)) {
            self.groups(&band).into_iter().flatten().for_each(|column| self.read(column, order));
        } else if columns.len() > 1 && self.are_columns(&columns) {
            columns.into_iter().for_each(|column| self.read(column, order));
        } else if band.strips.len() > 1 {
            self.rows(band.strips).into_iter().for_each(|row| self.read(row, order));
        } else if columns.len() > 1 {
            columns.into_iter().for_each(|column| self.read(column, order));
        } else if members.len() < whole {
            self.read(members, order);
        } else {
            self.read_rows(members, order);
        }
    }

    /// The columns of each group of rows that white space parts from the next.
    fn groups(&self, band: &Band) -> Vec<Vec<Vec<usize>>> {
        let close = |a: &Strip, b: &Strip| b.y0 - a.y1 < CLOSE * self.line;
        let members = |strips: &[Strip]| strips.iter().flat_map(|s| s.members.clone()).collect::<Vec<_>>();
        band.strips.chunk_by(close).map(|strips| self.split(&members(strips), &band.gutters)).collect()
    }

    /// The members of each strip, the captions of a figure's parts together with their further lines.
    fn rows(&self, strips: Vec<Strip>) -> Vec<Vec<usize>> {
        let is = |strip: &Strip, sort| strip.members.iter().any(|&i| self.sorts[i] == sort);
        let only_text = |strip: &Strip| strip.members.iter().all(|&i| self.sorts[i] == Sort::Text);
        let mut rows: Vec<Vec<usize>> = Vec::new();
        // Where the captions above end, if they are above.
        let mut captions: Option<f32> = None;
        let whole = strips.len();
        for (n, strip) in strips.into_iter().enumerate() {
            let goes_on = captions.is_some_and(|y1| strip.y0 - y1 < CLOSE * self.line) && only_text(&strip);
            let named = is(&strip, Sort::PartCaption) && !is(&strip, Sort::Float);
            captions = (named || goes_on).then_some(strip.y1);
            // Not all in one: then nothing would be cut.
            let may_be_all = n + 1 == whole && rows.len() == 1;
            match rows.last_mut() {
                Some(row) if goes_on && !may_be_all => row.extend(strip.members),
                _ => rows.push(strip.members),
            }
        }
        rows
    }

    /// Where no cut is possible: by rows of similar height on the page.
    fn read_rows(&self, mut members: Vec<usize>, order: &mut Vec<usize>) {
        members.sort_by(|&a, &b| self.middle(a).total_cmp(&self.middle(b)));
        let mut row: Vec<usize> = Vec::new();
        for i in members {
            let same_row = row.first().is_none_or(|&first| self.boxes[first].shares_row(&self.boxes[i]));
            if !same_row {
                self.flush_row(&mut row, order);
            }
            row.push(i);
        }
        self.flush_row(&mut row, order);
    }

    fn flush_row(&self, row: &mut Vec<usize>, order: &mut Vec<usize>) {
        row.sort_by(|&a, &b| self.boxes[a].x0.total_cmp(&self.boxes[b].x0));
        order.append(row);
    }

    fn middle(&self, i: usize) -> f32 {
        self.boxes[i].center().y
    }

    /// Cuts along horizontal white space, from the top.
    fn strips(&self, members: &[usize]) -> Vec<Strip> {
        let core = |i: usize| {
            let b = &self.boxes[i];
            let slack = LINE_SLACK * b.height().min(self.line);
            (b.y0 + slack, b.y1 - slack)
        };
        let mut sorted = members.to_vec();
        sorted.sort_by(|&a, &b| core(a).0.total_cmp(&core(b).0));
        let mut strips: Vec<Strip> = Vec::new();
        for i in sorted {
            let (y0, y1) = core(i);
            match strips.last_mut() {
                Some(strip) if y0 < strip.y1 => {
                    strip.members.push(i);
                    strip.y1 = strip.y1.max(y1);
                }
                _ => strips.push(Strip { members: vec![i], y0, y1 }),
            }
        }
        strips
    }

    /// Puts neighbouring strips together as long as a gutter runs through all.
    fn bands(&self, strips: Vec<Strip>) -> Vec<Band> {
        let all = strips.iter().flat_map(|s| &s.members).map(|&i| &self.boxes[i]);
        let Some(extent) = Rect::around_all(all) else { return Vec::new() };
        let mut bands: Vec<Band> = Vec::new();
        let mut left = strips.into_iter();
        while let Some(strip) = left.next() {
            let free = self.free(&strip.members, (extent.x0, extent.x1));
            if let Some(band) = bands.last_mut()
                && let Some(last) = band.strips.last()
                && !self.names_float_above(last)
                && !(band.strips.len() == 1 && self.is_over(last, &strip))
            {
                let common = self.common(&band.gutters, &free);
                let near = strip.y0 - last.y1 < BREAK * self.line;
                if self.has_inner(&common, &extent)
                    && (near || self.ends_first_column(&strip, left.as_slice(), &common, &extent))
                {
                    band.gutters = common;
                    band.strips.push(strip);
                    continue;
                }
            }
            bands.push(Band { strips: vec![strip], gutters: free });
        }
        bands
    }

    /// Whether a strip is one title over several blocks: it reaches over the middle one on both sides.
    fn is_over(&self, title: &Strip, strip: &Strip) -> bool {
        let &[title] = title.members.as_slice() else { return false };
        let (title, boxes) = (&self.boxes[title], || strip.members.iter().map(|&i| &self.boxes[i]));
        let reaches_over = |b: &Rect| title.x0 < b.x0 - self.line && title.x1 > b.x1 + self.line;
        boxes().any(|b| b.x1 < title.x0) && boxes().any(|b| b.x0 > title.x1) && boxes().any(reaches_over)
    }

    /// Whether a strip and all below it are the rest of the first column's text, beside which the others have ended.
    fn ends_first_column(
        &self,
        strip: &Strip,
        below: &[Strip],
        gutters: &[(f32, f32)],
        extent: &Rect,
    ) -> bool {
        let inner = |g: &&(f32, f32)| g.0 > extent.x0 + 0.5 && g.1 < extent.x1 - 0.5;
        let Some(edge) = gutters.iter().filter(inner).map(|g| g.0).reduce(f32::min) else { return false };
        let rest = || strip.members.iter().chain(below.iter().flat_map(|s| &s.members)).copied();
        rest().all(|i| self.boxes[i].x1 <= edge + 0.5) && self.is_prose(&rest().collect::<Vec<_>>())
    }

    /// Whether a strip is the captions of the parts of one figure over them: what is below them is another float.
    fn names_float_above(&self, strip: &Strip) -> bool {
        let captions = strip.members.iter().all(|&i| self.sorts[i] == Sort::FigureCaption);
        let over = |b: &Rect| {
            let gap = strip.y0 - b.y1;
            gap > -self.line
                && gap < BREAK * self.line
                && strip.members.iter().all(|&i| b.overlap_x(&self.boxes[i]) > 0.0)
        };
        let floats = || self.boxes.iter().zip(self.sorts).filter(|(_, sort)| **sort == Sort::Float);
        strip.members.len() > 1 && captions && floats().any(|(b, _)| over(b))
    }

    /// The x ranges inside `within` that no member covers.
    fn free(&self, members: &[usize], within: (f32, f32)) -> Vec<(f32, f32)> {
        let mut spans: Vec<(f32, f32)> =
            members.iter().map(|&i| (self.boxes[i].x0, self.boxes[i].x1)).collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = Vec::new();
        let mut at = within.0;
        for (x0, x1) in spans {
            if x0 > at {
                free.push((at, x0));
            }
            at = at.max(x1);
        }
        if at < within.1 {
            free.push((at, within.1));
        }
        free
    }

    fn common(&self, a: &[(f32, f32)], b: &[(f32, f32)]) -> Vec<(f32, f32)> {
        let wide = |&(x0, x1): &(f32, f32)| x1 - x0 >= GUTTER * self.line;
        let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
        pairs.filter(wide).collect()
    }

    fn has_inner(&self, gutters: &[(f32, f32)], extent: &Rect) -> bool {
        gutters.iter().any(|&(x0, x1)| x0 > extent.x0 + 0.5 && x1 < extent.x1 - 0.5)
    }

    /// Deals the members out to the columns between the gutters, leaving out empty ones.
    fn split(&self, members: &[usize], gutters: &[(f32, f32)]) -> Vec<Vec<usize>> {
        let cuts = gutters.iter().filter(|g| g.1 - g.0 >= GUTTER * self.line).map(|g| (g.0 + g.1) / 2.0);
        let cuts: Vec<f32> = cuts.collect();
        let mut columns = vec![Vec::new(); cuts.len() + 1];
        for &i in members {
            let middle = self.boxes[i].center().x;
            columns[cuts.iter().filter(|&&cut| cut < middle).count()].push(i);
        }
        columns.retain(|column| !column.is_empty());
        columns
    }

    /// Columns are read one after the other; the columns of a table, of a list
    /// with its markers, or of a form are not.
    fn are_columns(&self, columns: &[Vec<usize>]) -> bool {
        // Lines that end before others begin farther down stand under each other, not side by side.
        let side_by_side =
            |(n, a): (usize, &Vec<usize>)| columns[n + 1..].iter().any(|b| self.share_height(a, b));
        if !columns.iter().enumerate().any(side_by_side) {
            return false;
        }
        columns.windows(2).all(|pair| {
            let aligned = self.aligned(&pair[0], &pair[1]);
            let marker = self.width(&pair[0]) < MARKER_COLUMN * self.line;
            let table = aligned >= ALIGNED && !pair.iter().all(|column| self.is_prose(column));
            let sidebar = self.has_sidebar(&pair[0], &pair[1]);
            let stands_alone = |column: &Vec<usize>| {
                self.is_list(column) || self.is_float(column) || self.is_part_caption(column)
            };
            let apart = sidebar || pair.iter().all(stands_alone);
            !(aligned >= ALIGNED && marker || table && !apart)
        })
    }

    fn share_height(&self, a: &[usize], b: &[usize]) -> bool {
        let around = |column: &[usize]| Rect::around_all(column.iter().map(|&i| &self.boxes[i]));
        matches!((around(a), around(b)), (Some(a), Some(b)) if a.overlap_y(&b) > 0.0)
    }

    /// Most of the lines begin items.
    fn is_list(&self, column: &[usize]) -> bool {
        let items = column.iter().filter(|&&i| self.sorts[i] == Sort::ListItem).count();
        column.len() > 1 && 2 * items >= column.len()
    }

    /// One figure or table, with text over or under it.
    fn is_float(&self, column: &[usize]) -> bool {
        column.len() > 1 && column.iter().filter(|&&i| self.sorts[i] == Sort::Float).count() == 1
    }

    /// Lines of different lengths over one middle: an author with where they work, beside others.
    fn is_centred(&self, column: &[usize]) -> bool {
        let boxes = || column.iter().map(|&i| &self.boxes[i]);
        let middle = boxes().map(|b| b.center().x).sum::<f32>() / column.len().max(1) as f32;
        let widths = || boxes().map(Rect::width);
        let spread = widths().fold(0.0, f32::max) - widths().fold(f32::INFINITY, f32::min);
        column.len() >= FEWEST_CENTRED
            && column.iter().all(|&i| self.sorts[i] == Sort::Text)
            && boxes().all(|b| (b.center().x - middle).abs() < CENTRED * self.line)
            && spread > RAGGED * self.line
    }

    /// One caption of a figure's part, of one line or several.
    fn is_part_caption(&self, column: &[usize]) -> bool {
        let of = |sort| column.iter().filter(|&&i| self.sorts[i] == sort).count();
        of(Sort::PartCaption) == 1 && of(Sort::Float) == 0
    }

    /// One column is running text and much longer than the other, whose lines follow each other closely: terms that
    /// hang beside their explanations stand apart.
    fn has_sidebar(&self, a: &[usize], b: &[usize]) -> bool {
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        if (many.len() as f32) < LONGER * few.len() as f32 || !self.is_prose(many) {
            return false;
        }
        let mut few: Vec<&Rect> = few.iter().map(|&i| &self.boxes[i]).collect();
        few.sort_by(|a, b| a.y0.total_cmp(&b.y0));
        let close = few.windows(2).filter(|pair| pair[1].y0 - pair[0].y1 < CLOSE * self.line).count();
        few.len() > 2 && 2 * close >= few.len() - 1
    }

    fn width(&self, column: &[usize]) -> f32 {
        Rect::around_all(column.iter().map(|&i| &self.boxes[i])).map_or(0.0, |r| r.width())
    }

    /// Most of it is lines of text, long enough and about as long as the column is wide.
    fn is_prose(&self, column: &[usize]) -> bool {
        let text = column.iter().filter(|&&i| matches!(self.sorts[i], Sort::Text | Sort::ListItem)).count();
        if 2 * text <= column.len() {
            return false;
        }
        let mean = column.iter().map(|&i| self.boxes[i].width()).sum::<f32>() / column.len() as f32;
        mean >= PROSE_LINE * self.line && mean >= PROSE_FILL * self.width(column)
    }

    /// Share of the shorter column's boxes that have a partner at their height in the other.
    fn aligned(&self, a: &[usize], b: &[usize]) -> f32 {
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let near = |i: usize, j: usize| (self.middle(i) - self.middle(j)).abs() < 0.3 * self.line;
        let partnered = few.iter().filter(|&&i| many.iter().any(|&j| near(i, j))).count();
        partnered as f32 / few.len().max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(x: f32, y: f32, width: f32, count: usize) -> Vec<Rect> {
        (0..count).map(|n| Rect::new(x, y + 12.0 * n as f32, x + width, y + 12.0 * n as f32 + 11.0)).collect()
    }

    #[test]
    fn a_title_then_the_left_column_then_the_right() {
        let mut boxes = lines(320.0, 130.0, 220.0, 20);
        boxes.extend(lines(72.0, 133.0, 220.0, 20));
        boxes.push(Rect::new(150.0, 80.0, 460.0, 100.0));
        let expected: Vec<usize> = std::iter::once(40).chain(20..40).chain(0..20).collect();
        assert_eq!(reading_order(&boxes), expected);
    }

    #[test]
    fn columns_on_one_grid_are_still_columns() {
        let mut boxes = lines(72.0, 100.0, 220.0, 10);
        boxes.extend(lines(320.0, 100.0, 220.0, 10));
        assert_eq!(reading_order(&boxes), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_full_width_float_divides_two_columns() {
        let mut boxes = lines(72.0, 100.0, 220.0, 5);
        boxes.extend(lines(320.0, 100.0, 220.0, 5));
        boxes.push(Rect::new(72.0, 180.0, 540.0, 300.0));
        boxes.extend(lines(72.0, 320.0, 220.0, 5));
        boxes.extend(lines(320.0, 320.0, 220.0, 5));
        assert_eq!(reading_order(&boxes), (0..21).collect::<Vec<_>>());
    }

    #[test]
    fn a_gap_in_the_longer_column_does_not_end_it() {
        let mut boxes = lines(72.0, 100.0, 220.0, 5);
        boxes.extend(lines(72.0, 200.0, 220.0, 5));
        boxes.extend(lines(320.0, 100.0, 220.0, 5));
        assert_eq!(reading_order(&boxes), (0..15).collect::<Vec<_>>());
        // What goes over the gutter below is another part of the page.
        boxes.push(Rect::new(72.0, 270.0, 540.0, 281.0));
        let expected: Vec<usize> = (0..5).chain(10..15).chain(5..10).chain([15]).collect();
        assert_eq!(reading_order(&boxes), expected);
    }

    #[test]
    fn centred_blocks_beside_each_other_are_read_one_after_the_other() {
        let block = |x: f32, y: f32| {
            [30.0, 60.0, 45.0].iter().enumerate().map(move |(n, half)| {
                let y = y + 12.0 * n as f32;
                Rect::new(x - half, y, x + half, y + 11.0)
            })
        };
        let places = [(150.0, 100.0), (350.0, 100.0), (150.0, 150.0), (350.0, 150.0)];
        let boxes: Vec<Rect> = places.iter().flat_map(|&(x, y)| block(x, y)).collect();
        assert_eq!(reading_order(&boxes), (0..12).collect::<Vec<_>>());
        // Under a title that is narrower than all, and wider than the middle one.
        let three = [100.0, 300.0, 500.0].iter().flat_map(|&x| block(x, 100.0));
        let boxes: Vec<Rect> = std::iter::once(Rect::new(180.0, 80.0, 420.0, 96.0)).chain(three).collect();
        assert_eq!(reading_order(&boxes), (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn rows_of_short_cells_are_read_across() {
        let mut boxes = lines(72.0, 100.0, 60.0, 3);
        boxes.extend(lines(300.0, 100.0, 40.0, 3));
        assert_eq!(reading_order(&boxes), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn list_markers_stay_with_their_items() {
        let mut boxes = lines(72.0, 100.0, 6.0, 3);
        boxes.extend(lines(95.0, 100.0, 400.0, 3));
        assert_eq!(reading_order(&boxes), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn captions_of_one_figure_come_before_the_floats_below() {
        let figure = Rect::new(72.0, 100.0, 500.0, 200.0);
        let pair = |y: f32, height: f32| [80.0, 320.0].map(|x| Rect::new(x, y, x + 100.0, y + height));
        let boxes = [
            vec![figure],
            pair(210.0, 11.0).to_vec(),
            pair(230.0, 30.0).to_vec(),
            pair(268.0, 11.0).to_vec(),
        ];
        let pairs = [Sort::FigureCaption, Sort::Float, Sort::Text].map(|sort| [sort; 2]);
        let sorts = [vec![Sort::Float], pairs.concat()].concat();
        assert_eq!(reading_order_of(&boxes.concat(), &sorts), [0, 1, 2, 3, 5, 4, 6]);
    }

    #[test]
    fn a_sidebar_is_read_apart_from_the_text_beside_it() {
        let mut boxes = lines(72.0, 100.0, 90.0, 8);
        boxes.extend(lines(200.0, 100.0, 340.0, 20));
        assert_eq!(reading_order(&boxes), (0..28).collect::<Vec<_>>());
    }

    #[test]
    fn terms_stay_with_their_explanations() {
        let mut boxes = vec![lines(72.0, 100.0, 60.0, 1)[0], lines(72.0, 136.0, 60.0, 1)[0]];
        boxes.extend(lines(200.0, 100.0, 340.0, 5));
        assert_eq!(reading_order(&boxes), [0, 2, 3, 4, 1, 5, 6]);
    }

    #[test]
    fn three_columns_left_to_right() {
        let mut boxes = lines(400.0, 100.0, 140.0, 9);
        boxes.extend(lines(236.0, 104.0, 140.0, 9));
        boxes.extend(lines(72.0, 108.0, 140.0, 9));
        let expected: Vec<usize> = (18..27).chain(9..18).chain(0..9).collect();
        assert_eq!(reading_order(&boxes), expected);
    }

    #[test]
    fn any_boxes_give_a_permutation() {
        let mut seed = 7_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((seed >> 16) % below) as f32
        };
        for count in [0, 1, 2, 17, 200] {
            let boxes: Vec<Rect> = (0..count)
                .map(|_| {
                    let (x, y) = (next(600), next(800));
                    Rect::new(x, y, x + next(200), y + next(30))
                })
                .collect();
            let mut order = reading_order(&boxes);
            order.sort_unstable();
            assert_eq!(order, (0..count as usize).collect::<Vec<_>>());
        }
    }

    #[test]
    fn lists_beside_each_other_are_read_one_after_the_other() {
        let mut boxes = lines(72.0, 100.0, 80.0, 3);
        boxes.extend(lines(320.0, 100.0, 80.0, 3));
        assert_eq!(reading_order_of(&boxes, &[Sort::ListItem; 6]), [0, 1, 2, 3, 4, 5]);
        assert_eq!(reading_order_of(&boxes, &[Sort::Text; 6]), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn parts_of_a_figure_are_read_row_by_row() {
        let part = |x: f32, y: f32| {
            [Rect::new(x, y, x + 150.0, y + 80.0), Rect::new(x + 40.0, y + 86.0, x + 110.0, y + 97.0)]
        };
        let boxes = [part(72.0, 100.0), part(72.0, 210.0), part(300.0, 100.0), part(300.0, 210.0)].concat();
        let sorts = |caption| [Sort::Float, caption].repeat(4);
        assert_eq!(reading_order_of(&boxes, &sorts(Sort::PartCaption)), [0, 4, 1, 5, 2, 6, 3, 7]);
    }

    #[test]
    fn captions_of_parts_keep_their_second_lines() {
        let part = |x: f32, y: f32| {
            let captions =
                [0.0, 12.0].map(|below| Rect::new(x, y + 86.0 + below, x + 150.0, y + 97.0 + below));
            [vec![Rect::new(x, y, x + 150.0, y + 80.0)], captions.to_vec()].concat()
        };
        let boxes = [part(72.0, 100.0), part(72.0, 210.0), part(300.0, 100.0), part(300.0, 210.0)].concat();
        let sorts = [Sort::Float, Sort::PartCaption, Sort::Text].repeat(4);
        assert_eq!(reading_order_of(&boxes, &sorts), [0, 6, 1, 2, 7, 8, 3, 9, 4, 5, 10, 11]);
    }

    #[test]
    fn floats_beside_each_other_are_read_with_their_captions() {
        let float_over_caption = |x: f32| {
            let mut boxes = vec![Rect::new(x, 100.0, x + 200.0, 200.0)];
            boxes.extend(lines(x, 210.0, 40.0, 2));
            boxes
        };
        let boxes = [float_over_caption(72.0), float_over_caption(320.0)].concat();
        let column = [Sort::Float, Sort::Text, Sort::Text];
        assert_eq!(reading_order_of(&boxes, &[column, column].concat()), [0, 1, 2, 3, 4, 5]);
        assert_eq!(reading_order_of(&boxes, &[Sort::Text; 6]), [0, 3, 1, 4, 2, 5]);
    }
}
