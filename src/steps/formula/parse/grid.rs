//! Rows below one another: matrices and cases between tall delimiters, and lines.

use super::{Atom, formula, merged, remove, row};
use crate::steps::formula::{symbols::Class, tree::Node};

/// Of the font size: rows stand farther apart, middle from middle.
const ROW: f32 = 0.75;
/// Of the font size: columns stand farther apart in all rows.
const COLUMN: f32 = 0.65;
/// Of the font size: a wider gap in all rows ends what a brace alone holds.
const CASES_END: f32 = 1.5;
/// Of the font size. TeX's matrices have their rows 1.2 apart, a binomial its parts 1.36, or 1.13 where it is small.
const MATRIX: (f32, f32) = (1.17, 1.28);

/// Replaces what stands between tall delimiters, the innermost first, by one atom.
pub(super) fn fenced(atoms: &mut Vec<Atom>, depth: usize) {
    atoms.sort_by(|a, b| a.pen.0.total_cmp(&b.pen.0));
    while let Some((open, close)) = innermost(atoms) {
        let (left, right) = (atoms[open].clone(), atoms[close].clone());
        let inside = between(atoms, Some(&left), Some(&right));
        let inner: Vec<Atom> = inside.iter().map(|&n| atoms[n].clone()).collect();
        let node = content(inner, Some(left.name()), Some(right.name()), depth);
        replace(atoms, node, [&left, &right], &inside, &[open, close]);
    }
    single(atoms, depth);
}

/// A tall brace with a partner on neither side, and rows beside it.
fn single(atoms: &mut Vec<Atom>, depth: usize) {
    let mut n = 0;
    while n < atoms.len() {
        let side = is_tall(&atoms[n]).then(|| atoms[n].name());
        let edge = atoms[n].clone();
        let inside = match side {
            Some("lbrace") => up_to_gap(atoms, &edge, between(atoms, Some(&edge), None)),
            Some("rbrace") => between(atoms, None, Some(&edge)),
            _ => Vec::new(),
        };
        let inner: Vec<Atom> = inside.iter().map(|&m| atoms[m].clone()).collect();
        if rows(&inner).len() >= 2 {
            let (open, close) = if side == Some("lbrace") { (side, None) } else { (None, side) };
            let node = content(inner, open, close, depth);
            replace(atoms, node, [&edge, &edge], &inside, &[n]);
            n = 0;
        } else {
            n += 1;
        }
    }
}

/// Of what stands right of a brace what no wide gap parts from it. TeX's cases have their columns a quad apart.
fn up_to_gap(atoms: &[Atom], brace: &Atom, mut inside: Vec<usize>) -> Vec<usize> {
    inside.sort_by(|&a, &b| atoms[a].pen.0.total_cmp(&atoms[b].pen.0));
    let mut reach = brace.pen.1;
    let far = inside.iter().position(|&n| {
        let gap = atoms[n].pen.0 - reach;
        reach = reach.max(atoms[n].pen.1);
        gap > CASES_END * brace.size
    });
    inside.truncate(far.unwrap_or(inside.len()));
    inside
}

fn replace(atoms: &mut Vec<Atom>, node: Node, edges: [&Atom; 2], inside: &[usize], fences: &[usize]) {
    let mut gone = [inside, fences].concat();
    gone.sort_unstable();
    let parts: Vec<Atom> = gone.iter().map(|&n| atoms[n].clone()).collect();
    let mut atom = merged(node, &parts, edges[0].axis);
    atom.rect = edges[0].rect.union(&edges[1].rect).union(&atom.rect);
    remove(atoms, &gone);
    let at = atoms.iter().position(|a| a.pen.0 > atom.pen.0).unwrap_or(atoms.len());
    atoms.insert(at, atom);
}

fn is_tall(atom: &Atom) -> bool {
    let Some(glyph) = atom.glyph() else { return false };
    let fence =
        matches!(glyph.class(), Class::Open | Class::Close) || matches!(glyph.name(), "vert" | "Vert");
    fence && atom.axis.is_some() && glyph.ink.height() > 1.05 * glyph.size
}

/// The tall delimiters that have no other of their height between them.
fn innermost(atoms: &[Atom]) -> Option<(usize, usize)> {
    let tall: Vec<usize> = (0..atoms.len()).filter(|&n| is_tall(&atoms[n])).collect();
    let class = |n: usize| atoms[n].glyph().map(|g| g.class());
    let fits = |a: usize, b: usize| {
        let (a, b) = (&atoms[a].rect, &atoms[b].rect);
        let size = a.height().max(b.height());
        (a.height() - b.height()).abs() < 0.12 * size && (a.center().y - b.center().y).abs() < 0.12 * size
    };
    let opens = |n: usize| class(n) != Some(Class::Close);
    let closes = |n: usize| class(n) != Some(Class::Open);
    let bar = |n: usize| class(n) == Some(Class::Ordinary);
    for (i, &close) in tall.iter().enumerate().filter(|&(_, &n)| closes(n)) {
        let open = tall[..i].iter().rev().copied().find(|&open| fits(open, close));
        if let Some(open) = open
            && opens(open)
            && (bar(open) == bar(close))
            && (!bar(open) || atoms[open].name() == atoms[close].name())
        {
            return Some((open, close));
        }
    }
    None
}

/// What stands between two delimiters, or beyond one.
fn between(atoms: &[Atom], left: Option<&Atom>, right: Option<&Atom>) -> Vec<usize> {
    let Some(edge) = left.or(right) else { return Vec::new() };
    let (x0, x1) = (
        left.map_or(f32::NEG_INFINITY, |a| a.rect.center().x),
        right.map_or(f32::INFINITY, |a| a.rect.center().x),
    );
    let height = right.or(left).map_or(edge.rect, |a| a.rect).union(&edge.rect).inflate(0.25 * edge.size);
    let inside = |a: &Atom| {
        let c = a.rect.center();
        let same = |e: Option<&Atom>| e.is_some_and(|e| e.rect == a.rect);
        c.x > x0 && c.x < x1 && !same(left) && !same(right) && c.y > height.y0 && c.y < height.y1
    };
    (0..atoms.len()).filter(|&n| inside(&atoms[n])).collect()
}

fn content(inner: Vec<Atom>, open: Option<&'static str>, close: Option<&'static str>, depth: usize) -> Node {
    let inside = match lines(inner) {
        Err(atoms) => formula(atoms, depth + 1),
        Ok(rows) => {
            if let Some(node) = binomial(&rows, open, close, depth) {
                return node;
            }
            Node::Grid(cells(rows, depth))
        }
    };
    Node::Fenced { open, close, inside: Box::new(inside) }
}

fn binomial(rows: &[Vec<Atom>], open: Option<&str>, close: Option<&str>, depth: usize) -> Option<Node> {
    let [above, below] = rows else { return None };
    let round = open == Some("(") && close == Some(")");
    let middle = |row: &[Atom]| row.iter().map(Atom::middle).sum::<f32>() / row.len().max(1) as f32;
    let size = above.iter().chain(below).map(|a| a.size).fold(0.0, f32::max);
    let apart = (middle(below) - middle(above)) / size;
    let one_column = boundaries(rows).is_empty();
    (round && one_column && (apart < MATRIX.0 || apart > MATRIX.1)).then(|| Node::Binomial {
        above: Box::new(formula(above.clone(), depth + 1)),
        below: Box::new(formula(below.clone(), depth + 1)),
    })
}

/// The atoms by rows, if there are several.
pub(super) fn lines(atoms: Vec<Atom>) -> Result<Vec<Vec<Atom>>, Vec<Atom>> {
    let rows = rows(&atoms);
    if rows.len() < 2 {
        return Err(atoms);
    }
    Ok(rows.into_iter().map(|row| row.into_iter().map(|n| atoms[n].clone()).collect()).collect())
}

/// Which atoms stand in one row, from top to bottom.
fn rows(atoms: &[Atom]) -> Vec<Vec<usize>> {
    let size = atoms.iter().map(|a| a.size).fold(0.0, f32::max);
    let is_main = |a: &Atom| a.size > 0.85 * size;
    let mut main: Vec<usize> = (0..atoms.len()).filter(|&n| is_main(&atoms[n])).collect();
    main.sort_by(|&a, &b| atoms[a].middle().total_cmp(&atoms[b].middle()));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for n in main {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|&m| atoms[n].middle() - atoms[m].middle() < ROW * size) => {
                row.push(n)
            }
            _ => rows.push(vec![n]),
        }
    }
    if rows.len() < 2 {
        return vec![(0..atoms.len()).collect()];
    }
    let extent = |row: &[usize]| {
        let tops = row.iter().map(|&n| atoms[n].rect.y0).fold(f32::INFINITY, f32::min);
        (tops, row.iter().map(|&n| atoms[n].rect.y1).fold(f32::NEG_INFINITY, f32::max))
    };
    let extents: Vec<(f32, f32)> = rows.iter().map(|row| extent(row)).collect();
    for n in (0..atoms.len()).filter(|&n| !is_main(&atoms[n])) {
        let off = |&(top, bottom): &(f32, f32)| {
            let rect = &atoms[n].rect;
            (top - rect.y1).max(rect.y0 - bottom).max(0.0)
                + 0.01 * (rect.center().y - (top + bottom) / 2.0).abs()
        };
        let nearest = (0..extents.len()).min_by(|&a, &b| off(&extents[a]).total_cmp(&off(&extents[b])));
        rows[nearest.unwrap_or(0)].push(n);
    }
    rows
}

/// Where columns part: the middles of the gaps that all rows have.
fn boundaries(rows: &[Vec<Atom>]) -> Vec<f32> {
    let size = rows.iter().flatten().map(|a| a.size).fold(0.0, f32::max);
    let mut spans: Vec<(f32, f32)> =
        rows.iter().flatten().map(|a| (a.pen.0.min(a.rect.x0), a.pen.1.max(a.rect.x1))).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = Vec::new();
    let mut reach = f32::NEG_INFINITY;
    for (from, to) in spans {
        if reach.is_finite() && from - reach > COLUMN * size {
            found.push((from + reach) / 2.0);
        }
        reach = reach.max(to);
    }
    found
}

fn cells(rows: Vec<Vec<Atom>>, depth: usize) -> Vec<Vec<Node>> {
    let boundaries = boundaries(&rows);
    let cells_of = |row: Vec<Atom>| {
        let mut cells: Vec<Vec<Atom>> = vec![Vec::new(); boundaries.len() + 1];
        for atom in row {
            let column = boundaries.iter().filter(|&&x| x < atom.rect.center().x).count();
            cells[column].push(atom);
        }
        cells.into_iter().map(|cell| formula_of(cell, depth)).collect()
    };
    rows.into_iter().map(cells_of).collect()
}

fn formula_of(cell: Vec<Atom>, depth: usize) -> Node {
    if cell.is_empty() { Node::Row(Vec::new()) } else { row::row(cell, depth + 1) }
}

/// Lines without delimiters around them.
pub(super) fn written(lines: Vec<Vec<Atom>>, depth: usize) -> Node {
    if boundaries(&lines).is_empty() {
        Node::Lines(lines.into_iter().map(|line| row::row(line, depth + 1)).collect())
    } else {
        Node::Grid(cells(lines, depth))
    }
}
