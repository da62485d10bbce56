//! Where it gets darker or lighter from row to row all along a run: edges of
//! lines and boxes. A run is followed over neighbouring rows, so that a line may
//! lie a little askew.

use super::plane::Plane;

/// Levels of grey. A fainter step is no edge.
const FAINTEST: u8 = 20;
/// Times the usual step between rows, which is noise.
const OVER_NOISE: u8 = 5;
/// Levels of grey. A step that is as large is one on any paper.
const CLEAR: u8 = 64;
/// Pixels. Breaks within a run.
const BREAK: usize = 1;
/// Points. Shorter runs are parts of letters.
const SHORTEST_RUN: f32 = 6.0;
/// Points down for each along, and points besides: what is steeper or more blurred is no edge.
const STEEPEST: (f32, f32) = (0.02, 2.5);
/// Pixels that are passed over at once where nothing changes.
const CHUNK: usize = 32;

/// A long edge between rows, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    /// From light to dark, going down.
    pub(super) darkens: bool,
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

impl Edge {
    pub(super) fn length(&self) -> f32 {
        self.to - self.from
    }
}

/// Pixels of one row along which all steps go one way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    darkens: bool,
    from: usize,
    to: usize,
}

/// The edges that run across a plane, from the top.
pub(super) fn along(plane: &Plane, point: f32) -> Vec<Edge> {
    let least = least_step(plane);
    let shortest = (SHORTEST_RUN * point).round().max(4.0) as usize;
    let mut chains = Chains::default();
    let mut runs = Vec::new();
    for y in -1..=plane.height as isize {
        runs.clear();
        collect(plane.row(y - 1), plane.row(y + 1), least, shortest, &mut runs);
        chains.follow(y as f32 + 0.5, &runs);
    }
    let mut edges = chains.edges(point);
    edges.sort_by(|a, b| a.at.total_cmp(&b.at));
    edges
}

/// Levels of grey between rows that tell an edge from this page's noise.
fn least_step(plane: &Plane) -> u8 {
    const SAMPLED: usize = 16;
    let mut counts = [0_usize; 256];
    for y in (1..plane.height as isize - 1).step_by(SAMPLED) {
        let steps = plane.row(y - 1).iter().zip(plane.row(y + 1)).map(|(a, b)| a.abs_diff(*b));
        steps.for_each(|step| counts[usize::from(step)] += 1);
    }
    let all: usize = counts.iter().sum();
    let mut passed = 0;
    let usual = counts.iter().position(|count| {
        passed += count;
        2 * passed >= all
    });
    let noise = usual.unwrap_or(0).min(usize::from(u8::MAX)) as u8;
    OVER_NOISE.saturating_mul(noise).clamp(FAINTEST, CLEAR)
}

/// The runs between two rows, from the left.
fn collect(above: &[u8], below: &[u8], least: u8, shortest: usize, runs: &mut Vec<Run>) {
    let mut open: Option<Run> = None;
    let close = |run: Option<Run>, runs: &mut Vec<Run>| {
        runs.extend(run.filter(|run| run.to - run.from >= shortest));
    };
    for (n, (above, below)) in above.chunks(CHUNK).zip(below.chunks(CHUNK)).enumerate() {
        let most = above.iter().zip(below).map(|(a, b)| a.abs_diff(*b)).fold(0, u8::max);
        if most < least {
            close(open.take(), runs);
            continue;
        }
        for (i, (&a, &b)) in above.iter().zip(below).enumerate() {
            if a.abs_diff(b) < least {
                continue;
            }
            let (x, darkens) = (n * CHUNK + i, b < a);
            match &mut open {
                Some(run) if run.darkens == darkens && x <= run.to + BREAK => run.to = x + 1,
                _ => close(open.replace(Run { darkens, from: x, to: x + 1 }), runs),
            }
        }
    }
    close(open, runs);
}

/// Runs of neighbouring rows that touch.
#[derive(Clone, Copy, Debug)]
struct Chain {
    darkens: bool,
    from: usize,
    to: usize,
    /// Rows of its pixels, summed, and how many they are.
    sum: f32,
    weight: f32,
    first: f32,
    last: f32,
}

impl Chain {
    fn with(self, other: &Chain) -> Chain {
        Chain {
            darkens: self.darkens,
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            sum: self.sum + other.sum,
            weight: self.weight + other.weight,
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

#[derive(Default)]
struct Chains {
    all: Vec<Chain>,
    /// The chain that each became part of; itself for one that stands.
    part_of: Vec<usize>,
    /// The runs of the row before, and the chain of each.
    before: Vec<(Run, usize)>,
}

impl Chains {
    /// Adds the next row's runs to the chains that they touch.
    fn follow(&mut self, y: f32, runs: &[Run]) {
        let before = std::mem::take(&mut self.before);
        let mut place = 0;
        for &run in runs {
            let Run { darkens, from, to } = run;
            let length = (to - from) as f32;
            let own = self.all.len();
            self.all.push(Chain { darkens, from, to, sum: y * length, weight: length, first: y, last: y });
            self.part_of.push(own);
            while before.get(place).is_some_and(|(b, _)| b.to < from) {
                place += 1;
            }
            let touched = before[place..].iter().take_while(|(b, _)| b.from <= to);
            for &(_, other) in touched.filter(|(b, _)| b.darkens == darkens) {
                self.merge(other, own);
            }
            self.before.push((run, own));
        }
    }

    fn merge(&mut self, mut old: usize, own: usize) {
        while self.part_of[old] != old {
            old = self.part_of[old];
        }
        let mut into = own;
        while self.part_of[into] != into {
            into = self.part_of[into];
        }
        if old != into {
            self.all[into] = self.all[into].with(&self.all[old]);
            self.part_of[old] = into;
        }
    }

    fn edges(self, point: f32) -> Vec<Edge> {
        let is_edge =
            |c: &Chain| c.last - c.first <= STEEPEST.0 * (c.to - c.from) as f32 + STEEPEST.1 * point;
        let edge = |c: &Chain| Edge {
            darkens: c.darkens,
            at: c.sum / c.weight,
            from: c.from as f32,
            to: c.to as f32,
        };
        let stands = self.all.iter().enumerate().filter(|&(n, _)| self.part_of[n] == n);
        stands.map(|(_, chain)| chain).filter(|c| is_edge(c)).map(edge).collect()
    }
}
