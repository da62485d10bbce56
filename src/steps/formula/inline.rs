//! The formulas within one line of text: runs of glyphs that hang together as the
//! parts of a formula do, and hold one that only formulas have.

use super::{
    glyphs::{Glyph, Sign, Weight},
    lines::WORD_GAP,
    symbols::Class,
    write::is_operator_word,
};

/// Of the font size: widest gap around relations, operators and commas. TeX's is 0.28, justified text stretches it.
const OPERATOR_GAP: f32 = 0.5;
/// Of the font size: widest gap behind a comma of a formula.
pub(super) const QUADS: f32 = 3.2;
/// Of the font size: gap between a function's name and its argument.
const NAME_GAP: f32 = 0.32;

/// Of the font size: gap beside brackets. Those that stretch have a thin space around them.
const FENCE_GAP: f32 = 0.25;

/// One glyph on the line, or a function's name, with what stands beside, over and under it.
#[derive(Debug)]
struct Token {
    /// Into the list of glyphs; of the line itself.
    base: Vec<usize>,
    extras: Vec<usize>,
    kind: Kind,
    seed: bool,
    from: f32,
    to: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A variable, number or closed part.
    Operand,
    Number,
    /// A relation or binary operator.
    Operator,
    /// A function's name.
    Name,
    Open,
    Close,
    /// A comma of a formula, or one of the text.
    Comma,
    TextComma,
    Point,
    /// A lone upright letter.
    Letter,
    /// Part of a word.
    Word,
}

/// The formulas of a line, each as the glyphs that it is made of: those of the line, by place, and `extras`, which
/// stand about it.
pub(super) fn formulas(line: &[usize], extras: &[usize], glyphs: &[Glyph], size: f32) -> Vec<Vec<usize>> {
    let tokens = tokens(line, extras, glyphs, size);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let end = chain(&tokens, at, size);
        if end == at {
            at += 1;
            continue;
        }
        if let Some((from, to)) = trimmed(&tokens, at, end, size, glyphs) {
            found.push(tokens[from..to].iter().flat_map(|t| t.base.iter().chain(&t.extras).copied()).collect());
        }
        at = end;
    }
    found
}

fn tokens(line: &[usize], extras: &[usize], glyphs: &[Glyph], size: f32) -> Vec<Token> {
    let mut line = line.to_vec();
    let on_line = |n: &usize| glyphs[*n].on_axis;
    line.extend(extras.iter().filter(|n| on_line(n)));
    line.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    let words = super::lines::runs(&line, glyphs);
    let mut tokens: Vec<Token> = Vec::new();
    let mut n = 0;
    while n < line.len() {
        let word = words.iter().find(|word| word[0] == line[n]);
        let length = word.map_or(1, Vec::len);
        let base = line[n..n + length].to_vec();
        let (kind, seed) = kind(&base, glyphs);
        let from = glyphs[base[0]].pen.0;
        let to = glyphs[base[length - 1]].pen.1;
        tokens.push(Token { base, extras: Vec::new(), kind, seed, from, to });
        n += length;
    }
    let mut beside: Vec<usize> = extras.iter().copied().filter(|n| !on_line(n)).collect();
    beside.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    for extra in beside {
        attach(&mut tokens, extra, glyphs, size);
    }
    tokens
}

/// Gives what stands beside the line to the token that it stands at. Parts of a fraction, with nothing on the line
/// between them, are a token of their own.
fn attach(tokens: &mut Vec<Token>, extra: usize, glyphs: &[Glyph], size: f32) {
    let glyph = &glyphs[extra];
    let x = glyph.pen.0;
    let at = tokens.iter().rposition(|t| t.from <= x + 0.05 * size);
    let near = at.filter(|&n| x - tokens[n].to < WORD_GAP * size && tokens[n].kind != Kind::Word);
    let strong = glyph.weight >= Weight::Weak;
    match (near, at) {
        (Some(n), _) => {
            let token = &mut tokens[n];
            token.extras.push(extra);
            token.to = token.to.max(glyph.pen.1);
            let power = token.kind == Kind::Number && token.base.iter().all(|&n| matches!(glyphs[n].letter(), Some('0' | '1' | '2')));
            token.seed |= (strong || power) && matches!(token.kind, Kind::Number | Kind::Operand | Kind::Close | Kind::Letter | Kind::Name);
        }
        (None, Some(n)) if tokens[n].kind == Kind::Word && !strong && x - tokens[n].to < WORD_GAP * size => {
            // The mark of a note.
        }
        (None, at) => {
            let token = Token {
                base: Vec::new(),
                extras: vec![extra],
                kind: Kind::Operand,
                seed: strong,
                from: x,
                to: glyph.pen.1,
            };
            tokens.insert(at.map_or(0, |n| n + 1), token);
        }
    }
}

fn kind(base: &[usize], glyphs: &[Glyph]) -> (Kind, bool) {
    let glyph = &glyphs[base[0]];
    let strong = glyph.weight == Weight::Strong;
    if base.len() > 1 {
        let text: String = base.iter().filter_map(|&n| glyphs[n].letter()).collect();
        return (if is_operator_word(&text) { Kind::Name } else { Kind::Word }, false);
    }
    let kind = match glyph.sign {
        Sign::Letter(c) if c.is_ascii_digit() => Kind::Number,
        Sign::Letter(_) if glyph.weight >= Weight::Weak => Kind::Operand,
        Sign::Letter(c) if c.is_alphabetic() => Kind::Letter,
        Sign::Letter(_) => Kind::Word,
        Sign::Symbol(symbol) => match symbol.class {
            _ if matches!(symbol.name, "." ) => Kind::Point,
            Class::Punctuation if glyph.weight == Weight::Neutral => Kind::TextComma,
            Class::Punctuation => Kind::Comma,
            _ if symbol.name == ":" && glyph.weight == Weight::Neutral => Kind::TextComma,
            _ if symbol.name == "-" && glyph.weight == Weight::Neutral => Kind::Word,
            Class::Binary | Class::Relation => Kind::Operator,
            Class::Open => Kind::Open,
            Class::Close => Kind::Close,
            Class::Operator => Kind::Name,
            _ if matches!(symbol.name, "?" | "@" | "#" | "&" | "$" | "%") => Kind::Word,
            _ => Kind::Operand,
        },
    };
    (kind, strong)
}

/// Where the chain of tokens that begins at `at` ends.
fn chain(tokens: &[Token], at: usize, size: f32) -> usize {
    let mut depth = match tokens[at].kind {
        Kind::Word | Kind::TextComma | Kind::Comma | Kind::Close | Kind::Point => return at,
        Kind::Letter if !tokens[at].seed => return at,
        Kind::Open => 1,
        _ => 0,
    };
    let mut end = at + 1;
    while end < tokens.len() && joins(tokens, end, depth, size) {
        match tokens[end].kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        end += 1;
    }
    end
}

/// Whether a token goes on the formula that ends before it, `depth` brackets of which are open.
fn joins(tokens: &[Token], n: usize, depth: i32, size: f32) -> bool {
    let (before, token) = (&tokens[n - 1], &tokens[n]);
    let gap = (token.from - before.to) / size;
    let loose = |kind: Kind| matches!(kind, Kind::Operator | Kind::Comma | Kind::TextComma);
    match (before.kind, token.kind) {
        (_, Kind::Word) => false,
        (_, Kind::Close) => depth > 0 && gap < OPERATOR_GAP || token.seed && gap < FENCE_GAP,
        (Kind::Comma, _) if token.seed => gap < QUADS,
        (_, Kind::TextComma) => depth > 0 && gap < WORD_GAP,
        (Kind::Number, Kind::Point) => gap < 0.1 && tokens.get(n + 1).is_some_and(|t| t.kind == Kind::Number && t.from - token.to < 0.1 * size),
        (_, Kind::Point) => token.seed || before.kind == Kind::Point,
        (_, Kind::Letter) => {
            let after = tokens.get(n + 1);
            let joined = after.is_some_and(|t| t.seed && t.from - token.to < 0.12 * size);
            gap < NAME_GAP && (joined || token.seed || loose(before.kind) && !after.is_some_and(|t| t.kind == Kind::Letter))
        }
        (_, Kind::Name) | (Kind::Name, _) => gap < OPERATOR_GAP,
        (before, kind) if loose(before) || loose(kind) => gap < OPERATOR_GAP,
        (Kind::Open, _) => gap < NAME_GAP,
        (_, Kind::Open) | (Kind::Close, _) => gap < FENCE_GAP,
        // Two formulas with nothing but a space between are one.
        _ if before.seed && token.seed => gap < OPERATOR_GAP,
        _ => gap < WORD_GAP,
    }
}

/// The chain without what only leans on it: unbalanced brackets, loose operators of text, stops. `None` without a
/// token that speaks for a formula.
fn trimmed(tokens: &[Token], mut from: usize, mut to: usize, size: f32, glyphs: &[Glyph]) -> Option<(usize, usize)> {
    loop {
        let before = (from, to);
        let last = tokens.get(to.wrapping_sub(1)).filter(|_| to > from)?;
        let first = &tokens[from];
        let neutral = |t: &Token| t.base.iter().all(|&n| glyphs[n].weight <= Weight::Neutral) && t.extras.is_empty();
        match last.kind {
            Kind::TextComma | Kind::Point if !last.seed => to -= 1,
            Kind::Letter if !last.seed && neutral(last) => to -= 1,
            Kind::Open if balance(&tokens[from..to]) > 0 => to -= 1,
            _ => {}
        }
        match first.kind {
            Kind::Comma | Kind::TextComma | Kind::Close if from < to => from += 1,
            Kind::Open if from < to && balance(&tokens[from..to]) > 0 => from += 1,
            _ => {}
        }
        if from < to && wraps(tokens, from, to, size, glyphs) {
            (from, to) = (from + 1, to - 1);
        }
        if before == (from, to) {
            break;
        }
    }
    // What opens and never closes ends the formula.
    if let Some(open) = unclosed(&tokens[from..to]) {
        let (left, right) = ((from, from + open), (from + open + 1, to));
        let seeded = |(a, b): (usize, usize)| tokens[a..b].iter().any(|t| t.seed);
        (from, to) = if seeded(left) && !seeded(right) { left } else { (from, to) };
    }
    tokens[from..to].iter().any(|t| t.seed).then_some((from, to))
}

fn balance(tokens: &[Token]) -> i32 {
    tokens.iter().map(|t| i32::from(t.kind == Kind::Open) - i32::from(t.kind == Kind::Close)).sum()
}

fn unclosed(tokens: &[Token]) -> Option<usize> {
    (balance(tokens) > 0).then(|| tokens.iter().rposition(|t| t.kind == Kind::Open))?
}

/// Whether the chain is one pair of brackets of the text around a formula: "(n = 5)", but not "(x, y)".
fn wraps(tokens: &[Token], from: usize, to: usize, size: f32, glyphs: &[Glyph]) -> bool {
    let chain = &tokens[from..to];
    let [first, inside @ .., last] = chain else { return false };
    let neutral = |t: &Token| t.base.iter().all(|&n| glyphs[n].weight == Weight::Neutral) && t.extras.is_empty();
    let pair = first.kind == Kind::Open && last.kind == Kind::Close && neutral(first) && neutral(last);
    let mut depth = 0;
    let closes_early = inside.iter().any(|t| {
        depth += i32::from(t.kind == Kind::Open) - i32::from(t.kind == Kind::Close);
        depth < 0
    });
    let list = inside.iter().any(|t| t.kind == Kind::Comma);
    let apart = from.checked_sub(1).is_none_or(|n| first.from - tokens[n].to > WORD_GAP * size);
    pair && !closes_early && !list && apart
}
