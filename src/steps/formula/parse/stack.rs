//! What stands over and under: accents, fractions and roots by their bars, braces,
//! limits of big operators.

use super::{Atom, formula, merged, remove};
use crate::{
    geometry::Rect,
    steps::formula::{
        glyphs::{Alphabet, Glyph},
        symbols::{Class, Symbol},
        tree::Node,
        write::{is_operator_word, plain},
    },
};

/// Of the font size: how far over its bar the nearest part of a fraction stands at most.
const NEAR: f32 = 0.65;
/// Of the font size: gap between parts of one numerator, one above the other.
const CHAIN: f32 = 0.22;
/// Of the font size: how far a part may stick out over the ends of its bar.
const STICK_OUT: f32 = 0.15;
/// Of the font size: how far the ink of a fraction's part hangs over its bar.
const OVERHANG: f32 = 0.07;
/// Of the font size: what is nearer goes on.
const ADJACENT: f32 = 0.1;
/// Of the font size: how far limits stand from their operator at most.
const LIMIT: f32 = 0.55;

/// Of the font size: limits stand over and under the middle of their operator, but for its slant.
const CENTRED: f32 = 0.4;

/// Of the font size: how far an accent is moved over a slanted letter, or is wider than one.
const SKEW: f32 = 0.15;

/// Of the font size: letters of a word stand closer. TeX's thin space is 0.17.
const THIN: f32 = 0.12;

/// Resolves all bars, from the narrowest on, and the accents.
pub(super) fn stacked(atoms: &mut Vec<Atom>, mut bars: Vec<Rect>) {
    accents(atoms);
    bars.sort_by(|a, b| a.width().total_cmp(&b.width()));
    // Each bar waits at most once for one that stands between it and its parts.
    let mut waited = 0;
    while !bars.is_empty() {
        let bar = bars.remove(0);
        if waited < bars.len() && waits(atoms, &bar, &bars) {
            waited += 1;
            bars.push(bar);
            continue;
        }
        // A bar that is none of these is a rule of something else.
        let _ = root(atoms, &bar) || fraction(atoms, &bar, &bars) || line(atoms, &bar);
    }
    horizontal_braces(atoms);
}

/// Whether a line over or under a part of the bar's fraction is still to be resolved.
fn waits(atoms: &[Atom], bar: &Rect, others: &[Rect]) -> bool {
    let size = atoms.iter().map(|a| a.size).fold(0.0, f32::max);
    let near = |o: &&Rect| {
        let apart = (o.center().y - bar.center().y).abs();
        // With nothing between, this one is a line over the lower part of the other's fraction.
        let bare = o.y1 < bar.y0 && !atoms.iter().any(|a| is_between(&a.rect, o, bar));
        apart > 0.01 * size && apart < NEAR * size && o.x0 > bar.x0 - 0.1 && o.x1 < bar.x1 + 0.1 && !bare
    };
    others.iter().any(|o| near(&o))
}

/// Whether a part of a formula or a bar lies between two others.
fn is_between(middle: &Rect, above: &Rect, below: &Rect) -> bool {
    let y = middle.center().y;
    y > above.center().y
        && y < below.center().y
        && middle.overlap_x(above) > 0.0
        && middle.overlap_x(below) > 0.0
}

/// The atoms that `pick` says, taken out.
fn take(atoms: &mut Vec<Atom>, pick: impl Fn(&Atom) -> bool) -> Vec<Atom> {
    atoms.extract_if(.., |a| pick(a)).collect()
}

fn within(atom: &Atom, bar: &Rect) -> bool {
    let out = STICK_OUT * atom.size;
    let x = atom.rect.center().x;
    x > bar.x0 - 0.02 * atom.size
        && x < bar.x1 + 0.02 * atom.size
        && atom.rect.x0 > bar.x0 - out.max(0.25 * atom.rect.width())
        && atom.rect.x1 < bar.x1 + out.max(0.25 * atom.rect.width())
}

/// Accents over one letter or over what is as wide.
fn accents(atoms: &mut Vec<Atom>) {
    let mut n = 0;
    while n < atoms.len() {
        let mark = atoms[n].clone();
        let Some(command) = accent(&mark) else {
            n += 1;
            continue;
        };
        let wide = command.starts_with("wide") || command.starts_with("over");
        let arrow = command.ends_with("arrow");
        let under = |a: &Atom| {
            let x = a.rect.center().x;
            let gap = a.rect.y0 - mark.rect.y1;
            accent(a).is_none()
                && a.size > 0.85 * mark.size
                && a.axis.is_none()
                && gap > -0.55 * mark.size
                && gap < 0.35 * mark.size
                && a.rect.y1 > mark.rect.y1
                && match wide {
                    true => x > mark.rect.x0 - 0.1 * mark.size && x < mark.rect.x1 + 0.1 * mark.size,
                    false => a.rect.overlap_x(&mark.rect) > 0.4 * mark.rect.width().min(a.rect.width()),
                }
        };
        let bases: Vec<usize> = (0..atoms.len()).filter(|&m| m != n && under(&atoms[m])).collect();
        let near = bases.iter().copied().min_by(|&a, &b| {
            let off = |m: usize| {
                (atoms[m].rect.center().x - mark.rect.center().x).abs()
                    + (atoms[m].rect.y0 - mark.rect.y1).abs()
            };
            off(a).total_cmp(&off(b))
        });
        let as_wide = |rect: Rect| {
            (rect.x0 - mark.rect.x0).abs() < 0.3 * mark.size
                && (rect.x1 - mark.rect.x1).abs() < 0.3 * mark.size
        };
        let fits = !arrow || Rect::around_all(bases.iter().map(|&m| &atoms[m].rect)).is_some_and(as_wide);
        let Some(near) = near.filter(|_| fits) else {
            n += 1;
            continue;
        };
        let mut members: Vec<usize> = match command {
            "widehat" | "widetilde" if bases.len() == 1 => spanned(atoms, near, &mark.rect),
            _ if wide => bases,
            _ => vec![near],
        };
        let (baseline, size, pen) = (atoms[near].baseline, atoms[near].size, atoms[near].pen);
        members.sort_unstable();
        let parts: Vec<Atom> = members.iter().map(|&m| atoms[m].clone()).collect();
        let struck = command == "bar"
            && parts[0].glyph().is_some_and(|g| g.letter() == Some('h'))
            && mark.rect.y0 > parts[0].rect.y0 + 0.05 * size;
        let count = parts.len();
        let all = [parts.clone(), vec![mark]].concat();
        let node = if struck {
            Node::Named("hbar")
        } else {
            Node::Marked { command, inside: Box::new(formula(parts, 1)) }
        };
        let mut atom = merged(node, &all, None);
        (atom.baseline, atom.size) = (baseline, size);
        if count == 1 {
            atom.pen = pen;
        }
        let first = members[0].min(n);
        members.push(n);
        remove(atoms, &members);
        atoms.insert(first.min(atoms.len()), atom);
        n = 0;
    }
}

/// The letters from one on that a wide accent is over: TeX has few widths of them, sets each over the middle of what is at
/// least as wide, and moves it with the slant over one letter alone.
fn spanned(atoms: &[Atom], near: usize, mark: &Rect) -> Vec<usize> {
    let size = atoms[near].size;
    let is_letter = |n: &usize| {
        let atom = &atoms[*n];
        let letter = atom.glyph().is_some_and(|g| g.letter().is_some_and(char::is_alphabetic));
        letter && (atom.baseline - atoms[near].baseline).abs() < 0.05 * size && atom.size > 0.85 * size
    };
    let mut letters: Vec<usize> = (0..atoms.len()).filter(is_letter).collect();
    letters.sort_by(|&a, &b| atoms[a].pen.0.total_cmp(&atoms[b].pen.0));
    let touch = |a: &usize, b: &usize| (atoms[*b].pen.0 - atoms[*a].pen.1).abs() < ADJACENT * size;
    let word = letters.chunk_by(touch).find(|word| word.contains(&near)).unwrap_or(&[]);
    let spans = (0..word.len()).flat_map(|from| (from..word.len()).map(move |to| from..=to));
    let off = |span: &[usize]| {
        let (from, to) = (atoms[span[0]].pen.0, atoms[span[span.len() - 1]].pen.1);
        let narrow = (mark.width() - (to - from) - SKEW * size).max(0.0);
        let slant = if span.len() == 1 { SKEW * size } else { 0.0 };
        ((from + to) / 2.0 - mark.center().x).abs() - slant + narrow
    };
    let around = spans.map(|span| &word[span]).filter(|span| span.contains(&near));
    let best = around.min_by(|a, b| off(a).total_cmp(&off(b)).then(a.len().cmp(&b.len())));
    best.map_or_else(|| vec![near], <[usize]>::to_vec)
}

fn accent(atom: &Atom) -> Option<&'static str> {
    match atom.name() {
        "rightarrow" | "longrightarrow" => return Some("overrightarrow"),
        "leftarrow" | "longleftarrow" => return Some("overleftarrow"),
        _ => {}
    }
    let glyph = atom.glyph()?;
    (glyph.class() == Class::Accent
        && !matches!(glyph.name(), "not" | "overbrace" | "underbrace" | "overbracket" | "underbracket"))
    .then(|| glyph.name())
}

/// A bar at the top right of a radical sign.
fn root(atoms: &mut Vec<Atom>, bar: &Rect) -> bool {
    let begins = |a: &Atom| {
        a.name() == "surd"
            && (a.rect.x1 - bar.x0).abs() < 0.25 * a.size
            && (a.rect.y0 - bar.center().y).abs() < 0.2 * a.size
    };
    let Some(at) = atoms.iter().position(begins) else { return false };
    let sign = atoms.remove(at);
    let inside = take(atoms, |a| {
        let c = a.rect.center();
        c.x > bar.x0 - 0.02 * a.size
            && c.x < bar.x1 + 0.1 * a.size
            && c.y > bar.y0
            && a.rect.y0 < sign.rect.y1
    });
    let degree = take(atoms, |a| {
        a.size < 0.85 * sign.size
            && a.rect.x1 < sign.rect.x1
            && a.rect.center().x > sign.rect.x0 - 0.45 * sign.size
            && a.rect.center().y < sign.rect.center().y + 0.1 * sign.size
            && a.rect.y1 > sign.rect.y0 - 0.3 * sign.size
            && a.rect.x1 > sign.rect.x0 - 0.1 * sign.size
    });
    let (baseline, size) = inside
        .iter()
        .find(|a| a.axis.is_none())
        .or(inside.first())
        .map_or((sign.baseline, sign.size), |a| (main_baseline(&inside).unwrap_or(a.baseline), a.size));
    let mut all = vec![sign];
    all.extend(inside.iter().cloned());
    let degree_node = (!degree.is_empty()).then(|| Box::new(formula(degree.clone(), 1)));
    all.extend(degree);
    let node = Node::Root { degree: degree_node, inside: Box::new(formula(inside, 1)) };
    let mut atom = merged(node, &all, None);
    atom.rect = atom.rect.union(bar);
    atom.pen.1 = atom.pen.1.max(bar.x1);
    (atom.baseline, atom.size) = (baseline, size);
    atoms.push(atom);
    true
}

/// Of the largest glyphs, the leftmost's.
pub(super) fn main_baseline(atoms: &[Atom]) -> Option<f32> {
    let size = atoms.iter().map(|a| a.size).fold(0.0, f32::max);
    let main = atoms.iter().filter(|a| a.size > 0.85 * size);
    main.min_by(|a, b| a.axis.is_some().cmp(&b.axis.is_some()).then(a.pen.0.total_cmp(&b.pen.0)))
        .map(|a| a.baseline)
}

/// The parts of one side of a bar: the nearest, and what touches them from beyond.
fn side(atoms: &[Atom], bar: &Rect, above: bool, others: &[Rect]) -> Vec<usize> {
    let distance = |r: &Rect| if above { bar.y0 - r.y1 } else { r.y0 - bar.y1 };
    let candidates: Vec<usize> = (0..atoms.len())
        .filter(|&n| within(&atoms[n], bar) && distance(&atoms[n].rect) > -0.3 * atoms[n].size)
        .filter(|&n| (atoms[n].rect.center().y < bar.center().y) == above)
        .collect();
    let near = |n: &usize| {
        let rect = &atoms[*n].rect;
        let (upper, lower) = if above { (rect, bar) } else { (bar, rect) };
        distance(rect) < NEAR * atoms[*n].size && !others.iter().any(|o| is_between(o, upper, lower))
    };
    let Some(&nearest) = candidates
        .iter()
        .filter(|n| near(n))
        .min_by(|&&a, &&b| distance(&atoms[a].rect).total_cmp(&distance(&atoms[b].rect)))
    else {
        return Vec::new();
    };
    let mut chosen = vec![nearest];
    let mut reach = atoms[nearest].rect;
    loop {
        let next = candidates.iter().copied().find(|n| {
            let rect = &atoms[*n].rect;
            let blocked = others.iter().any(|o| {
                o.overlap_x(rect) > 0.0
                    && o.center().y > reach.center().y.min(rect.center().y)
                    && o.center().y < reach.center().y.max(rect.center().y)
                    && o.width() > bar.width()
            });
            !chosen.contains(n) && !blocked && belongs(atoms, *n, &chosen, &reach)
        });
        match next {
            Some(n) => {
                reach = reach.union(&atoms[n].rect);
                chosen.push(n);
            }
            None => return chosen,
        }
    }
}

/// Whether a bar stands right behind a larger sign, as an underlined superscript over a subscript does: TeX sets a
/// fraction 0.12 of the font size apart.
fn is_script(atoms: &[Atom], above: &[usize], bar: &Rect) -> bool {
    let small = above.iter().map(|&n| atoms[n].size).fold(0.0, f32::max);
    atoms.iter().any(|a| {
        let gap = (bar.x0 - a.pen.1) / a.size;
        let across = a.rect.y0 < bar.y0 && a.rect.y1 > bar.y1;
        a.size > 1.25 * small && a.axis.is_none() && across && (-0.05..0.04).contains(&gap)
    })
}

/// Whether an atom is of the row that the chosen ones are of.
fn belongs(atoms: &[Atom], n: usize, chosen: &[usize], reach: &Rect) -> bool {
    let atom = &atoms[n];
    let main = chosen.iter().map(|&m| atoms[m].size).fold(0.0, f32::max);
    let overlap = reach.overlap_y(&atom.rect);
    let beside = chosen.iter().all(|&m| atoms[m].rect.overlap_x(&atom.rect) < 0.3 * atoms[m].rect.width());
    let operator = atom.glyph().is_some_and(|g| g.class() == Class::Operator);
    let near = overlap > -CHAIN * atom.size.max(main);
    match atom.size {
        // A script of these.
        size if size < 0.85 * main => near,
        // These are its scripts or limits.
        size if size > 1.15 * main && (beside || operator) => near,
        // It stands on the same line, or it is of another row.
        _ => overlap > if beside { 0.0 } else { 0.4 * atom.rect.height().min(reach.height()) },
    }
}

fn fraction(atoms: &mut Vec<Atom>, bar: &Rect, others: &[Rect]) -> bool {
    let above = side(atoms, bar, true, others);
    let below = side(atoms, bar, false, others);
    let fits = |side: &[usize]| !side.is_empty() && stands_alone(atoms, side, bar);
    if !fits(&above) || !fits(&below) || is_script(atoms, &above, bar) {
        return false;
    }
    let places = [above.as_slice(), &below].concat();
    let (above, below) = (pick(atoms, &above), pick(atoms, &below));
    let all = pick(atoms, &places);
    remove(atoms, &places);
    let node = Node::Fraction { above: Box::new(formula(above, 1)), below: Box::new(formula(below, 1)) };
    let mut atom = merged(node, &all, Some(bar.center().y));
    atom.rect = atom.rect.union(bar);
    atom.pen = (bar.x0.min(atom.pen.0), bar.x1.max(atom.pen.1));
    atoms.push(atom);
    true
}

/// Whether a side of a fraction ends where its bar does: a subscript below an underlined letter may not, and goes on
/// beside it.
fn stands_alone(atoms: &[Atom], side: &[usize], bar: &Rect) -> bool {
    let inside = |n: usize| {
        let (pen, slack) = (atoms[n].pen, OVERHANG * atoms[n].size);
        pen.0 > bar.x0 - slack && pen.1 < bar.x1 + slack
    };
    let goes_on = |n: usize| {
        (0..atoms.len()).filter(|m| !side.contains(m)).any(|m| {
            let (a, b) = (&atoms[n], &atoms[m]);
            let level =
                (a.baseline - b.baseline).abs() < 0.05 * a.size && (a.size - b.size).abs() < 0.1 * a.size;
            let apart = (b.pen.0 - a.pen.1).max(a.pen.0 - b.pen.1);
            level && a.axis.is_none() && b.axis.is_none() && apart < ADJACENT * a.size
        })
    };
    side.iter().all(|&n| inside(n) && !goes_on(n))
}

fn pick(atoms: &[Atom], which: &[usize]) -> Vec<Atom> {
    which.iter().map(|&n| atoms[n].clone()).collect()
}

/// A line over or under what it is as wide as.
fn line(atoms: &mut Vec<Atom>, bar: &Rect) -> bool {
    let size = atoms.iter().map(|a| a.size).fold(0.0, f32::max);
    let fitting = |above: bool| {
        let places = side(atoms, bar, above, &[]);
        let rect = Rect::around_all(places.iter().map(|&n| &atoms[n].rect))?;
        let fits = (rect.x0 - bar.x0).abs() < 0.3 * size && (rect.x1 - bar.x1).abs() < 0.3 * size;
        let gap = if above { bar.y0 - rect.y1 } else { rect.y0 - bar.y1 };
        (fits && gap < 0.4 * size).then_some((gap, above, places))
    };
    // Between a superscript and a subscript, it is the line of the nearer.
    let nearer = [false, true].into_iter().filter_map(fitting).min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, above, places)) = nearer else { return false };
    let parts = pick(atoms, &places);
    remove(atoms, &places);
    let command = if above { "underline" } else { "overline" };
    let baseline = main_baseline(&parts);
    let node = Node::Marked { command, inside: Box::new(formula(parts.clone(), 1)) };
    let mut atom = merged(node, &parts, None);
    atom.rect = atom.rect.union(bar);
    atom.baseline = baseline.unwrap_or(atom.baseline);
    atoms.push(atom);
    true
}

/// Braces over and under, with what is written beyond them.
fn horizontal_braces(atoms: &mut Vec<Atom>) {
    loop {
        let brace = atoms
            .iter()
            .position(|a| matches!(a.name(), "overbrace" | "underbrace" | "overbracket" | "underbracket"));
        let Some(at) = brace else { return };
        let brace = atoms.remove(at);
        let command = brace.name();
        let over = command.starts_with("over");
        let spans = |a: &Atom| {
            let x = a.rect.center().x;
            x > brace.rect.x0 - 0.1 * a.size && x < brace.rect.x1 + 0.1 * a.size
        };
        let inner = |a: &Atom| spans(a) && (a.rect.center().y > brace.rect.center().y) == over;
        let inside = take(atoms, inner);
        if inside.is_empty() {
            continue;
        }
        let baseline = main_baseline(&inside);
        let label = take(atoms, |a| {
            let gap = if over { brace.rect.y0 - a.rect.y1 } else { a.rect.y0 - brace.rect.y1 };
            spans(a) && gap > -0.2 * a.size && gap < 1.2 * brace.size
        });
        let all = [inside.clone(), vec![brace], label.clone()].concat();
        let marked = Node::Marked { command, inside: Box::new(formula(inside, 1)) };
        let script = (!label.is_empty()).then(|| Box::new(formula(label, 1)));
        let node = match (script, over) {
            (None, _) => marked,
            (sup, true) => Node::Scripts { base: Some(Box::new(marked)), sub: None, sup },
            (sub, false) => Node::Scripts { base: Some(Box::new(marked)), sub, sup: None },
        };
        let mut atom = merged(node, &all, None);
        atom.baseline = baseline.unwrap_or(atom.baseline);
        atoms.push(atom);
    }
}

/// Limits above and below big operators, and below words such as lim.
pub(super) fn limits(atoms: &mut Vec<Atom>, depth: usize) {
    let mut n = 0;
    while n < atoms.len() {
        // `lim sup` has its limits under both words, `arg max` under the second.
        let found = [THIN, 0.2].iter().find_map(|&gap| {
            let members = operator_at(atoms, n, gap)?;
            let (above, below) = beyond(atoms, &members);
            (!above.is_empty() || !below.is_empty()).then_some((members, above, below))
        });
        let Some((members, above, below)) = found else {
            n += 1;
            continue;
        };
        let base = pick(atoms, &members);
        let size = base[0].size;
        let script =
            |which: &[usize]| (!which.is_empty()).then(|| Box::new(formula(pick(atoms, which), depth + 1)));
        let (sup, sub) = (script(&above), script(&below));
        let inner = Node::row(base.iter().map(|a| a.node.clone()).collect());
        let node = match base[0].glyph().map(|g| g.class()) {
            Some(Class::Operator | Class::Ordinary) => {
                Node::Scripts { base: Some(Box::new(inner)), sub, sup }
            }
            _ => Node::Stacked { base: Box::new(inner), under: sub, over: sup },
        };
        let places = [members, above, below].concat();
        let mut atom = merged(node, &pick(atoms, &places), base[0].axis);
        (atom.baseline, atom.size) = (base[0].baseline, size);
        remove(atoms, &places);
        atoms.insert(n.min(atoms.len()), atom);
        n += 1;
    }
}

/// The limits above and below an operator.
fn beyond(atoms: &[Atom], members: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let rect = Rect::around_all(members.iter().map(|&n| &atoms[n].rect)).unwrap_or_default();
    let size = atoms[members[0]].size;
    let above = chained(atoms, members, &rect, size, |r| rect.y0 - r.y1);
    let below = chained(atoms, members, &rect, size, |r| r.y0 - rect.y1);
    (above, below)
}

/// The glyphs of a big operator or of a word that takes limits, if one begins here; no gap in the word is wider than
/// `gap` of the font size.
fn operator_at(atoms: &[Atom], n: usize, gap: f32) -> Option<Vec<usize>> {
    let name = atoms[n].name();
    let is_relation = Symbol::named(name).is_some_and(|s| s.class == Class::Relation);
    if is_relation {
        return Some(vec![n]);
    }
    // A word with a line over or under it.
    if let Node::Marked { inside: word, .. } = &atoms[n].node
        && is_operator_word(&plain(word))
    {
        return Some(vec![n]);
    }
    let glyph = atoms[n].glyph()?;
    if glyph.class() == Class::Operator {
        return Some(vec![n]);
    }
    let mut word = vec![n];
    let mut text = glyph.letter()?.to_string();
    let is_latin = |g: &Glyph| g.letter().is_some_and(|c| c.is_ascii_alphabetic());
    let before = |m: usize| atoms[m].glyph().is_some_and(|g| is_latin(g) && g.alphabet == glyph.alphabet);
    let follows = |m: usize, of: usize| {
        before(m)
            && (atoms[m].baseline - atoms[of].baseline).abs() < 0.05 * atoms[n].size
            && (atoms[m].pen.0 - atoms[of].pen.1).abs() < gap * atoms[n].size
    };
    if glyph.alphabet != Alphabet::Roman || (0..atoms.len()).any(|m| m != n && follows(n, m)) {
        return None;
    }
    while let Some(next) =
        (0..atoms.len()).find(|&m| !word.contains(&m) && follows(m, *word.last().unwrap_or(&n)))
    {
        text.extend(atoms[next].glyph().and_then(|g| g.letter()));
        word.push(next);
    }
    (text.len() > 1).then_some(word)
}

/// Whether another operator, as of the line above or below, is nearer to an atom than the one in `rect`.
fn is_nearer_to_another(atoms: &[Atom], members: &[usize], rect: &Rect, n: usize) -> bool {
    let own = &atoms[n].rect;
    let apart = |r: &Rect| (-r.overlap_y(own)).max(0.0);
    atoms.iter().enumerate().any(|(m, a)| {
        m != n
            && !members.contains(&m)
            && a.glyph().is_some_and(|g| g.class() == Class::Operator)
            && a.rect.overlap_x(own) > 0.0
            && apart(&a.rect) < apart(rect)
    })
}

/// The parts beyond an operator: one that stands over or under its middle, and its neighbours in that row.
fn chained(
    atoms: &[Atom],
    members: &[usize],
    rect: &Rect,
    size: f32,
    gap: impl Fn(&Rect) -> f32,
) -> Vec<usize> {
    let small = |a: &Atom| a.size < 0.9 * size;
    let candidates: Vec<usize> = (0..atoms.len())
        .filter(|n| !members.contains(n))
        .filter(|&n| small(&atoms[n]) && gap(&atoms[n].rect) > -0.08 * size)
        .filter(|&n| !is_nearer_to_another(atoms, members, rect, n))
        .collect();
    let middle = rect.center().x;
    let first = candidates
        .iter()
        .copied()
        .filter(|&n| {
            gap(&atoms[n].rect) < LIMIT * size && atoms[n].rect.x0 < rect.x1 && atoms[n].rect.x1 > rect.x0
        })
        .min_by(|&a, &b| {
            let off = |n: usize| (atoms[n].rect.center().x - middle).abs();
            off(a).total_cmp(&off(b))
        });
    let Some(first) = first else { return Vec::new() };
    let mut chosen = vec![first];
    let mut reach = atoms[first].rect;
    loop {
        let next = candidates.iter().copied().find(|n| {
            let a = &atoms[*n];
            !chosen.contains(n)
                && a.rect.overlap_x(&reach) > -0.45 * a.size
                && a.rect.overlap_y(&reach) > -0.3 * a.size
        });
        match next {
            Some(n) => {
                reach = reach.union(&atoms[n].rect);
                chosen.push(n);
            }
            None => break,
        }
    }
    let centred = (reach.center().x - middle).abs() < CENTRED * size;
    if centred { chosen } else { Vec::new() }
}
