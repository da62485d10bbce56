//! Tensors to boxes and text: blobs of a probability map, distances from
//! distributions, non-maximum suppression, CTC. Pure.

use image::{GrayImage, Luma};
use imageproc::{
    geometry::convex_hull,
    point::Point as Pixel,
    region_labelling::{Connectivity, connected_components},
};
use ndarray::{ArrayView1, ArrayView2};

use crate::geometry::{Point, Rect};

/// A connected part of a probability map.
#[derive(Clone, Debug, PartialEq)]
pub struct Blob {
    /// Convex outline, in map pixels; pixel (x, y) covers x to x + 1, y to y + 1.
    pub hull: Vec<Point>,
    /// Mean probability of its pixels.
    pub score: f32,
}

/// The connected parts of `map` (`[height, width]`) above `threshold`, from the top.
pub fn blobs(map: ArrayView2<f32>, threshold: f32) -> Vec<Blob> {
    let (height, width) = map.dim();
    // A row of nothing below: imageproc has no room for the label of the one pixel of a map of one.
    let mask = GrayImage::from_fn(width as u32, height as u32 + 1, |x, y| {
        Luma([u8::from(map.get((y as usize, x as usize)).is_some_and(|score| *score > threshold))])
    });
    let labels = connected_components(&mask, Connectivity::Eight, Luma([0]));
    let mut parts: Vec<Part> = Vec::new();
    for (x, y, label) in labels.enumerate_pixels().filter(|(_, _, label)| label.0[0] > 0) {
        let index = label.0[0] as usize - 1;
        if parts.len() <= index {
            parts.resize_with(index + 1, Part::default);
        }
        parts[index].add(x as i32, y as i32, map[(y as usize, x as usize)]);
    }
    parts.into_iter().map(Part::blob).collect()
}

/// A blob as it is gathered, row by row.
#[derive(Default)]
struct Part {
    /// y, first x, last x.
    rows: Vec<(i32, i32, i32)>,
    sum: f32,
    count: f32,
}

impl Part {
    fn add(&mut self, x: i32, y: i32, probability: f32) {
        self.sum += probability;
        self.count += 1.0;
        match self.rows.last_mut() {
            Some(row) if row.0 == y => row.2 = x,
            _ => self.rows.push((y, x, x)),
        }
    }

    fn blob(self) -> Blob {
        let corners = self.rows.iter().flat_map(|&(y, first, last)| {
            [(first, y), (first, y + 1), (last + 1, y), (last + 1, y + 1)].map(|(x, y)| Pixel::new(x, y))
        });
        let hull = convex_hull(corners.collect::<Vec<_>>());
        let hull = hull.into_iter().map(|p| Point::new(p.x as f32, p.y as f32)).collect();
        Blob { hull, score: self.sum / self.count.max(1.0) }
    }
}

/// The mean of a distribution over 0, 1, 2, … given as logits: how PicoDet and
/// other users of the distribution focal loss (arXiv:2006.04388) say a distance.
pub fn expected(logits: ArrayView1<f32>) -> f32 {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut mean) = (0.0, 0.0);
    for (value, logit) in logits.iter().enumerate() {
        let weight = (logit - top).exp();
        sum += weight;
        mean += weight * value as f32;
    }
    if sum > 0.0 { mean / sum } else { 0.0 }
}

/// Indices of the boxes that stay when each, from the best score down, removes
/// those that overlap it by more than `iou`.
pub fn suppress(boxes: &[(Rect, f32)], iou: f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.sort_by(|&a, &b| boxes[b].1.total_cmp(&boxes[a].1));
    let mut kept: Vec<usize> = Vec::new();
    for index in order {
        if kept.iter().all(|&k| boxes[k].0.iou(&boxes[index].0) <= iou) {
            kept.push(index);
        }
    }
    kept
}

/// One symbol that a recogniser saw, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// Class; 0, the blank, never shows.
    pub class: usize,
    /// First time step.
    pub first: usize,
    /// Last time step.
    pub last: usize,
    /// The best of its steps, 0 to 1.
    pub confidence: f32,
}

/// The best path through `steps` (`[time, classes]`, probabilities) without
/// repeats and blanks: greedy CTC (Graves et al. 2006), class 0 is the blank.
pub fn ctc(steps: ArrayView2<f32>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut before = 0;
    for (time, row) in steps.outer_iter().enumerate() {
        let (class, confidence) = best(row);
        match tokens.last_mut() {
            _ if class == 0 => {}
            Some(token) if class == before => {
                token.last = time;
                token.confidence = token.confidence.max(confidence);
            }
            _ => tokens.push(Token { class, first: time, last: time, confidence }),
        }
        before = class;
    }
    tokens
}

/// The likeliest class of each of `steps` (`[time, classes]`, probabilities) up to the first `end`, with its
/// probability.
pub fn until(end: usize, steps: ArrayView2<f32>) -> Vec<(usize, f32)> {
    steps.outer_iter().map(best).take_while(|&(class, _)| class != end).collect()
}

/// Class and probability of the largest. More than half for the blank, which
/// most steps are, needs no look at the other 18,000.
fn best(row: ArrayView1<f32>) -> (usize, f32) {
    match row.first() {
        None => return (0, 0.0),
        Some(&blank) if blank > 0.5 => return (0, blank),
        Some(_) => {}
    }
    let larger = |best: (usize, f32), (i, &p): (usize, &f32)| if p > best.1 { (i, p) } else { best };
    row.iter().enumerate().fold((0, f32::NEG_INFINITY), larger)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, arr1, arr2};

    use super::*;

    fn token(class: usize, first: usize, last: usize, confidence: f32) -> Token {
        Token { class, first, last, confidence }
    }

    #[test]
    fn ctc_drops_blanks_and_repeats_but_keeps_doubled_letters() {
        let steps = arr2(&[
            [0.1, 0.9, 0.0],
            [0.2, 0.8, 0.0],
            [0.9, 0.1, 0.0],
            [0.3, 0.7, 0.0],
            [0.1, 0.2, 0.7],
            [1.0, 0.0, 0.0],
        ]);
        assert_eq!(ctc(steps.view()), [token(1, 0, 1, 0.9), token(1, 3, 3, 0.7), token(2, 4, 4, 0.7)]);
        assert_eq!(ctc(Array2::zeros((0, 3)).view()), []);
        assert_eq!(ctc(Array2::zeros((2, 0)).view()), []);
    }

    #[test]
    fn a_sequence_ends_where_it_says() {
        let steps = arr2(&[[0.1, 0.9, 0.0], [0.3, 0.2, 0.5], [0.1, 0.9, 0.0]]);
        assert_eq!(until(2, steps.view()), [(1, 0.9)]);
        assert_eq!(until(7, steps.view()).len(), 3);
    }

    #[test]
    fn a_probability_map_falls_into_its_blobs() {
        let mut map = Array2::zeros((10, 20));
        map.slice_mut(ndarray::s![2..4, 3..9]).fill(0.8);
        map.slice_mut(ndarray::s![6..8, 1..18]).fill(0.6);
        let found = blobs(map.view(), 0.3);
        let around: Vec<_> = found.iter().map(|b| Rect::around(b.hull.iter().copied()).unwrap()).collect();
        assert_eq!(around, [Rect::new(3.0, 2.0, 9.0, 4.0), Rect::new(1.0, 6.0, 18.0, 8.0)]);
        assert!((found[0].score - 0.8).abs() < 1e-3);
        assert_eq!(blobs(Array2::zeros((0, 0)).view(), 0.3), []);
    }

    #[test]
    fn a_distribution_says_its_mean() {
        assert!((expected(arr1(&[-50.0, 0.0, 0.0, -50.0]).view()) - 1.5).abs() < 1e-4);
        assert_eq!(expected(arr1(&[]).view()), 0.0);
    }

    #[test]
    fn the_best_of_overlapping_boxes_stays() {
        let at = |x: f32| Rect::new(x, 0.0, x + 10.0, 10.0);
        assert_eq!(suppress(&[(at(0.0), 0.5), (at(1.0), 0.9), (at(30.0), 0.4)], 0.5), [1, 2]);
    }
}
