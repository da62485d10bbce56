//! The formulas within one line of text: runs of glyphs that hang together as the
//! parts of a formula do, and hold one that only formulas have.

use super::{
    glyphs::{Alphabet, Glyph, Sign, Weight},
    lines::{MOST_BORROWED, WORD_GAP, is_name, opens_item, runs, spelled},
    symbols::Class,
};

/// Of the font size: widest gap around relations, operators and commas. TeX's is 0.28, and stretches to
/// more than twice of that in justified text.
const OPERATOR_GAP: f32 = 0.8;
/// Of the font size: spaces of text are narrower, if it is not stretched very far.
const QUAD: f32 = 0.9;
/// Of the font size: widest gap between columns within a bracket, in all rows together.
pub(super) const COLUMNS: f32 = 1.6;
/// Of the font size: widest gap behind a comma of a formula.
pub(super) const QUADS: f32 = 3.2;
/// Of the font size: gap between two formulas with nothing between but a space.
const SPACE: f32 = 1.0;
/// Of the font size: widest gap before a stop or comma of a formula, which ends no other.
const STOP_GAP: f32 = 1.5;
/// Of the font size: gap between a function's name and its argument.
const NAME_GAP: f32 = 0.32;

/// Of the font size: TeX's thin space is 0.17, the space between words of Times 0.25.
const THIN_SPACE: f32 = 0.21;
/// Of the font size: a script stands no farther from the word that it makes a name.
const WORD_SCRIPT_GAP: f32 = 0.15;
/// Of the font size: gap beside brackets. Those that stretch have a thin space around them.
const FENCE_GAP: f32 = 0.25;

/// Of the font size: gap between the d of a differential and its variable. A thin space is more.
const DIFFERENTIAL: f32 = 0.12;
/// Of the font size: gaps before the commas of formulas that the text's font lends. Text has none before its own.
const LENT_COMMA: std::ops::Range<f32> = 0.16..0.7;
/// Of the font size. A bracket of a formula stands closer to what is before it.
const REFERENCE_GAP: f32 = 0.12;
/// Of the font size: widest gap between a congruence and its modulus. TeX's are .44 and 1.
const MODULUS_GAP: f32 = 1.2;

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

impl Token {
    /// Whether what reaches farthest is not on the line itself.
    fn ends_beside(&self, glyphs: &[Glyph]) -> bool {
        self.extras.iter().any(|&n| glyphs[n].pen.1 >= self.to)
    }
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
    /// A bracket and the "mod" in it.
    Modulus,
    Close,
    /// A stop of a formula.
    Stop,
    /// A comma of a formula, or one of the text.
    Comma,
    TextComma,
    Colon,
    Point,
    /// A lone upright letter.
    Letter,
    /// Part of a word.
    Word,
}

impl Kind {
    /// By how much it changes the number of open brackets.
    fn step(self) -> i32 {
        match self {
            Kind::Open | Kind::Modulus => 1,
            Kind::Close => -1,
            _ => 0,
        }
    }
}

/// The formulas of a line, each as the glyphs that it is made of: those of the line, by place, and `extras`, which
/// stand about it.
pub(super) fn formulas(line: &[usize], extras: &[usize], glyphs: &[Glyph], size: f32) -> Vec<Vec<usize>> {
    let seeds =
        |&n: &usize| glyphs[n].weight == Weight::Strong || glyphs[n].is_borrowed() || glyphs[n].is_greek();
    if extras.is_empty() && !line.iter().any(seeds) {
        return Vec::new();
    }
    let tokens = tokens(line, extras, glyphs, size);
    let mut found = Vec::new();
    let mut at = usize::from(opens_with_bullet(line, glyphs));
    while at < tokens.len() {
        let end = chain(&tokens, at, size);
        if end == at {
            at += 1;
            continue;
        }
        if let Some((from, to)) = trimmed(&tokens, at, end, size, glyphs) {
            found.push(
                tokens[from..to].iter().flat_map(|t| t.base.iter().chain(&t.extras).copied()).collect(),
            );
        }
        at = end;
    }
    found
}

fn tokens(line: &[usize], extras: &[usize], glyphs: &[Glyph], size: f32) -> Vec<Token> {
    let mut line = line.to_vec();
    let baseline = line.first().map_or(0.0, |&n| glyphs[n].baseline);
    let on_line = |n: &usize| glyphs[*n].on_axis || is_shifted_letter(&glyphs[*n], baseline, size);
    line.extend(extras.iter().filter(|n| on_line(n)));
    line.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    let mut words = runs(&line, glyphs).peekable();
    let mut tokens: Vec<Token> = Vec::new();
    let mut n = 0;
    while n < line.len() {
        let length = words.next_if(|word| word[0] == line[n]).map_or(1, <[usize]>::len);
        let base = line[n..n + length].to_vec();
        let (kind, seed) = kind(&base, glyphs);
        let from = glyphs[base[0]].pen.0;
        let to = glyphs[base[length - 1]].pen.1;
        tokens.push(Token { base, extras: Vec::new(), kind, seed, from, to });
        n += length;
    }
    differentials(&mut tokens, glyphs, size);
    upright_variables(&mut tokens, glyphs, size);
    bold_variables(&mut tokens, glyphs, size);
    borrowed_variables(&mut tokens, glyphs, size);
    let mut beside: Vec<usize> = extras.iter().copied().filter(|n| !on_line(n)).collect();
    beside.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    for extra in beside {
        attach(&mut tokens, extra, glyphs, size);
    }
    name_functions(&mut tokens, size, glyphs);
    moduli(&mut tokens, glyphs, size);
    references(&mut tokens, glyphs, size);
    tokens
}

/// Whether the line is an item of a list with a bullet of a font for formulas.
fn opens_with_bullet(line: &[usize], glyphs: &[Glyph]) -> bool {
    opens_item(line, glyphs) && line.first().is_some_and(|&n| glyphs[n].class() == Class::Binary)
}

/// A congruence ends with its modulus in brackets.
fn moduli(tokens: &mut Vec<Token>, glyphs: &[Glyph], size: f32) {
    for n in (1..tokens.len()).rev() {
        let (open, word) = (&tokens[n - 1], &tokens[n]);
        let opens = open.kind == Kind::Open && word.from - open.to < WORD_GAP * size;
        if opens && word.kind == Kind::Word && spelled(&word.base, glyphs) == "mod" {
            let word = tokens.remove(n);
            let open = &mut tokens[n - 1];
            open.base.extend(word.base);
            (open.kind, open.to) = (Kind::Modulus, word.to);
        }
    }
}

/// Slanted letters of the text are variables where an operator, number or bracket stands at them, or where one stands
/// alone, but for the article and the pronoun. Formulas have upright digits: beside slanted ones stands slanted text.
fn borrowed_variables(tokens: &mut [Token], glyphs: &[Glyph], size: f32) {
    let borrowed = |t: &Token| !t.base.is_empty() && t.base.iter().all(|&n| glyphs[n].is_borrowed());
    for n in 0..tokens.len() {
        if !borrowed(&tokens[n]) || tokens[n].base.len() > MOST_BORROWED {
            continue;
        }
        let (before, after) = (n.checked_sub(1).map(|m| &tokens[m]), tokens.get(n + 1));
        let slanted_number = |t: &Token| {
            let apart = (t.from - tokens[n].to).max(tokens[n].from - t.to);
            let slanted = |&n: &usize| glyphs[n].alphabet == Alphabet::Italic;
            t.kind == Kind::Number && apart < OPERATOR_GAP * size && t.base.iter().any(slanted)
        };
        if before.is_some_and(slanted_number) || after.is_some_and(slanted_number) {
            continue;
        }
        let leans = |kind: Kind| matches!(kind, Kind::Operator | Kind::Name);
        let related = before.is_some_and(|t| leans(t.kind) && tokens[n].from - t.to < OPERATOR_GAP * size)
            || after.is_some_and(|t| leans(t.kind) && t.from - tokens[n].to < OPERATOR_GAP * size);
        let beside = before.is_some_and(|t| {
            matches!(t.kind, Kind::Number | Kind::Open | Kind::Close) && tokens[n].from - t.to < 0.1 * size
        }) || after.is_some_and(|t| t.kind == Kind::Open && t.from - tokens[n].to < 0.1 * size);
        let slanted = |t: Option<&Token>| t.is_some_and(|t| t.base.len() > 1 && borrowed(t));
        let before_word = slanted(after);
        let letter = glyphs[tokens[n].base[0]].letter().unwrap_or(' ');
        // Behind the stop of an initial stands the rest of a name.
        let behind = after.filter(|t| t.kind == Kind::Point).and(tokens.get(n + 2));
        let in_words = [before, after, behind].into_iter().any(slanted);
        let alone = tokens[n].base.len() == 1 && !in_words && !"aAI".contains(letter);
        let token = &mut tokens[n];
        (token.kind, token.seed) = (Kind::Operand, related || beside && !before_word || alone);
    }
}

/// Numbers in square brackets with space before them are references to the literature.
fn references(tokens: &mut [Token], glyphs: &[Glyph], size: f32) {
    let is = |t: &Token, sign: char| {
        let &[n] = t.base.as_slice() else { return false };
        glyphs[n].unicode() == sign && glyphs[n].weight <= Weight::Neutral && t.extras.is_empty()
    };
    for n in 1..tokens.len() {
        let spaced = tokens[n].from - tokens[n - 1].to > REFERENCE_GAP * size;
        if !spaced || !is(&tokens[n], '[') {
            continue;
        }
        let listed = |t: &Token| t.extras.is_empty() && matches!(t.kind, Kind::Number | Kind::TextComma);
        let length = tokens[n + 1..].iter().take_while(|t| listed(t)).count();
        if length > 0 && tokens.get(n + 1 + length).is_some_and(|t| is(t, ']')) {
            tokens[n..n + 2 + length].iter_mut().for_each(|t| t.kind = Kind::Word);
        }
    }
}

/// An upright d right before a variable makes its differential.
fn differentials(tokens: &mut [Token], glyphs: &[Glyph], size: f32) {
    for n in 1..tokens.len() {
        let (first, rest) = tokens.split_at_mut(n);
        let (d, variable) = (&mut first[n - 1], &rest[0]);
        let is_d = d.kind == Kind::Letter && glyphs[d.base[0]].letter() == Some('d');
        let is_variable = variable.kind == Kind::Operand && variable.seed;
        if is_d && is_variable && variable.from - d.to < DIFFERENTIAL * size {
            (d.kind, d.seed) = (Kind::Operand, true);
        }
    }
}

/// A Greek letter of a font of text is a variable where it stands alone among words, none of which is of its kind. In plots
/// it is a label.
fn upright_variables(tokens: &mut [Token], glyphs: &[Glyph], size: f32) {
    let is_greek = |t: &Token| t.base.len() == 1 && glyphs[t.base[0]].is_greek();
    let touch = |a: &Token, b: &Token| b.from - a.to < WORD_GAP * size;
    let spells = |pair: &[Token]| is_greek(&pair[0]) && is_greek(&pair[1]) && touch(&pair[0], &pair[1]);
    let in_text = tokens.iter().any(|t| t.kind == Kind::Word);
    if in_text && !tokens.windows(2).any(spells) {
        tokens.iter_mut().filter(|t| is_greek(t)).for_each(|t| t.seed = true);
    }
}

/// A bold letter that stands alone among letters that are not bold is a vector or matrix, on a line with formulas; but
/// the name of an item with a point behind it is not.
fn bold_variables(tokens: &mut [Token], glyphs: &[Glyph], size: f32) {
    if !tokens.iter().any(|t| t.seed) {
        return;
    }
    let bold_sign = |t: &Token| {
        t.base.iter().any(|&n| matches!(glyphs[n].alphabet, Alphabet::Bold | Alphabet::BoldItalic))
    };
    let bold = |t: &Token| bold_sign(t) && t.base.iter().any(|&n| glyphs[n].letter().is_some());
    for n in 0..tokens.len() {
        let alone = |m: Option<usize>| m.and_then(|m| tokens.get(m)).is_none_or(|t| !bold(t));
        let point = tokens.get(n + 1).filter(|t| t.kind == Kind::Point && bold_sign(t));
        let apart = |t: &Token| tokens.get(n + 2).is_none_or(|next| next.from - t.to > WORD_GAP * size);
        let item = point.is_some_and(apart);
        let lone = alone(n.checked_sub(1)) && alone(Some(n + 1)) && !item;
        if tokens[n].kind == Kind::Letter && bold(&tokens[n]) && lone {
            (tokens[n].kind, tokens[n].seed) = (Kind::Operand, true);
        }
    }
}

/// Of the font size. TeX's own name has its E lower by .22.
const SHIFT: f32 = 0.3;

/// Whether it is a letter of the text that is set off the line and no smaller, as in a name: no script.
fn is_shifted_letter(glyph: &Glyph, baseline: f32, size: f32) -> bool {
    glyph.weight <= Weight::Neutral
        && matches!(glyph.sign, Sign::Letter(c) if c.is_alphabetic())
        && glyph.size > 0.9 * size
        && (glyph.baseline - baseline).abs() < SHIFT * size
}

/// Gives what stands beside the line to the token that it stands at. Parts of a fraction, with nothing on the line
/// between them, are a token of their own.
fn attach(tokens: &mut Vec<Token>, extra: usize, glyphs: &[Glyph], size: f32) {
    let glyph = &glyphs[extra];
    let x = glyph.pen.0;
    let at = tokens.iter().rposition(|t| t.from <= x + 0.05 * size);
    let strong = glyph.weight == Weight::Strong;
    let near = at.filter(|&n| match tokens[n].kind {
        Kind::Word => {
            strong && tokens[n].base.last().is_some_and(|&l| glyph.is_script_of(&glyphs[l], WORD_SCRIPT_GAP))
        }
        // What a bracket holds, in columns too; parts of a fraction, and what goes on what stands beside the line.
        _ if !tokens[n].base.is_empty() && tokens[n].base.iter().all(|&b| glyphs[b].on_axis) => {
            x - tokens[n].to < COLUMNS * size
        }
        _ if tokens[n].ends_beside(glyphs) => x - tokens[n].to < OPERATOR_GAP * size,
        _ => x - tokens[n].to < WORD_GAP * size,
    });
    match (near, at) {
        (Some(n), _) => {
            let token = &mut tokens[n];
            token.extras.push(extra);
            // A word with a script that only formulas have is a name.
            token.kind = if token.kind == Kind::Word { Kind::Name } else { token.kind };
            token.to = token.to.max(glyph.pen.1);
            token.seed |= makes_formula(token, glyph, glyphs);
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

/// Whether a script makes a formula of what it stands at. Marks of notes stand at words and numbers.
fn makes_formula(token: &Token, script: &Glyph, glyphs: &[Glyph]) -> bool {
    let variable = !token.base.is_empty() && token.base.iter().all(|&n| glyphs[n].is_borrowed());
    let base = token.base.first().map(|&n| &glyphs[n]);
    let raised = base.is_some_and(|g| {
        script.size < 0.85 * g.size && (0.2..0.6).contains(&((g.baseline - script.baseline) / g.size))
    });
    let digits = spelled(&token.base, glyphs);
    match token.kind {
        Kind::Operand | Kind::Close | Kind::Letter | Kind::Name => script.weight >= Weight::Weak || variable,
        Kind::Number => {
            script.weight == Weight::Strong
                || raised && (script.name() == "-" || matches!(digits.as_str(), "0" | "2"))
        }
        _ => false,
    }
}

fn kind(base: &[usize], glyphs: &[Glyph]) -> (Kind, bool) {
    let glyph = &glyphs[base[0]];
    let strong = glyph.weight == Weight::Strong;
    if base.len() > 1 {
        return (if is_name(base, glyphs) { Kind::Name } else { Kind::Word }, false);
    }
    let kind = match glyph.sign {
        Sign::Letter(c) if c.is_ascii_digit() => Kind::Number,
        Sign::Letter(_) if glyph.weight >= Weight::Weak => Kind::Operand,
        Sign::Letter(c) if c.is_alphabetic() => Kind::Letter,
        Sign::Letter(_) => Kind::Word,
        Sign::Symbol(symbol) => match symbol.class {
            _ if symbol.name == "." && glyph.weight >= Weight::Weak => Kind::Stop,
            _ if symbol.name == "." => Kind::Point,
            Class::Punctuation if glyph.weight == Weight::Neutral => Kind::TextComma,
            Class::Punctuation => Kind::Comma,
            _ if symbol.name == ":" && glyph.weight == Weight::Neutral => Kind::Colon,
            _ if symbol.name == "-" && glyph.weight == Weight::Neutral => Kind::Word,
            Class::Binary | Class::Relation => Kind::Operator,
            _ if matches!(symbol.name, "mapstochar" | "lhook" | "rhook") => Kind::Operator,
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
        Kind::Colon | Kind::Word | Kind::TextComma | Kind::Comma | Kind::Close | Kind::Point | Kind::Stop => {
            return at;
        }
        Kind::Modulus => return at,
        Kind::Letter if !tokens[at].seed => return at,
        kind => kind.step(),
    };
    let (mut end, mut seeded) = (at + 1, tokens[at].seed);
    while end < tokens.len() && joins(tokens, end, depth, seeded, size) {
        depth += tokens[end].kind.step();
        seeded |= tokens[end].seed;
        end += 1;
    }
    end
}

/// Words right before brackets with a formula in them are names of functions.
fn name_functions(tokens: &mut [Token], size: f32, glyphs: &[Glyph]) {
    for n in 0..tokens.len() {
        if tokens[n].kind == Kind::Word && names_function(tokens, n, size, glyphs) {
            tokens[n].kind = Kind::Name;
        }
    }
}

/// Whether a word stands right before brackets with a formula in them. Those that stretch have a thin space before them.
fn names_function(tokens: &[Token], at: usize, size: f32, glyphs: &[Glyph]) -> bool {
    let word = &tokens[at];
    let opens = tokens.get(at + 1).is_some_and(|t| {
        let stretches = t.base.iter().any(|&n| glyphs[n].on_axis);
        let gap = (t.from - word.to) / size;
        let spaced = t.base.iter().any(|&n| glyphs[n].spaced);
        t.kind == Kind::Open && (gap < 0.08 && !spaced || stretches && gap < THIN_SPACE)
    });
    let mut depth = 0;
    let inside = tokens[at + 1..].iter().take_while(|t| {
        depth += t.kind.step();
        depth > 0 && t.kind != Kind::Word
    });
    opens && inside.into_iter().any(|t| t.seed)
}

/// Whether a token goes on the formula that ends before it, `depth` brackets of which are open; `seeded` if something in
/// it speaks for a formula.
fn joins(tokens: &[Token], n: usize, depth: i32, seeded: bool, size: f32) -> bool {
    let (before, token) = (&tokens[n - 1], &tokens[n]);
    let gap = (token.from - before.to) / size;
    let loose = |kind: Kind| matches!(kind, Kind::Operator | Kind::Comma | Kind::TextComma);
    match (before.kind, token.kind) {
        // A function's name that TeX does not have.
        (Kind::Operator, Kind::Word) => {
            gap < OPERATOR_GAP
                && tokens
                    .get(n + 1)
                    .is_some_and(|t| t.kind == Kind::Open && t.from - token.to < FENCE_GAP * size)
        }
        (_, Kind::Word) => false,
        (Kind::Word, _) => gap < FENCE_GAP,
        (_, Kind::Colon) => {
            let goes_on = |t: &Token| {
                let gap = (t.from - token.to) / size;
                t.kind == Kind::Operator && gap < 0.12
                    || (t.seed || t.kind == Kind::Open) && gap < OPERATOR_GAP
            };
            before.kind != Kind::Number && gap < OPERATOR_GAP && tokens.get(n + 1).is_some_and(goes_on)
        }
        (Kind::Colon, _) => gap < OPERATOR_GAP,
        (_, Kind::Stop | Kind::Comma) => gap < STOP_GAP,
        (Kind::Stop, _) => gap < WORD_GAP,
        (_, Kind::Modulus) => seeded && gap < MODULUS_GAP,
        (Kind::Modulus, _) => gap < OPERATOR_GAP,
        (_, Kind::Close) => depth > 0 && gap < OPERATOR_GAP || token.seed && gap < FENCE_GAP,
        (Kind::Comma, _) if token.seed || opens_formula(tokens, n) => gap < QUADS,
        (_, Kind::TextComma | Kind::Point) if is_set_off(tokens, n, size) => seeded,
        (_, Kind::TextComma) => {
            depth > 0 && gap < NAME_GAP || gap < WORD_GAP && seeded && quad_follows(tokens, n, size)
        }
        (Kind::TextComma, _) if seeded && quad_follows(tokens, n - 1, size) => true,
        (Kind::TextComma, _) if is_set_off(tokens, n - 1, size) => false,
        (Kind::Number, Kind::Point) => {
            gap < 0.1
                && tokens.get(n + 1).is_some_and(|t| t.kind == Kind::Number && t.from - token.to < 0.1 * size)
        }
        (_, Kind::Point) => {
            token.seed && gap < STOP_GAP || before.kind == Kind::Point || seeded && are_dots(tokens, n)
        }
        (_, Kind::Letter) => {
            let after = tokens.get(n + 1);
            let joined = after.is_some_and(|t| t.seed && t.from - token.to < 0.12 * size);
            gap < NAME_GAP
                && (joined
                    || token.seed
                    || loose(before.kind) && !after.is_some_and(|t| t.kind == Kind::Letter))
        }
        (_, Kind::Name) | (Kind::Name, _) => gap < OPERATOR_GAP,
        (before, kind) if loose(before) || loose(kind) => gap < OPERATOR_GAP,
        // Two formulas with nothing but a space between are one.
        (Kind::Operand | Kind::Close | Kind::Point, _) if seeded && token.seed => gap < SPACE,
        (Kind::Open, _) => gap < NAME_GAP,
        // Fractions have some space around them.
        (Kind::Operand, Kind::Open) if before.base.is_empty() => {
            gap < FENCE_GAP || opens_formula(tokens, n) && gap < SPACE
        }
        (_, Kind::Open) | (Kind::Close, _) => gap < FENCE_GAP,
        (Kind::Operand, Kind::Operand) if before.base.is_empty() => gap < NAME_GAP,
        _ => gap < WORD_GAP,
    }
}

/// Whether a bracket with a formula in it opens.
fn opens_formula(tokens: &[Token], n: usize) -> bool {
    let mut inside = tokens[n..].iter().skip_while(|t| t.kind == Kind::Open);
    tokens[n].kind == Kind::Open && inside.next().is_some_and(|t| t.seed)
}

/// Whether the comma `n` is followed by more space than one of the text is, and something of a formula.
fn quad_follows(tokens: &[Token], n: usize, size: f32) -> bool {
    tokens.get(n + 1).is_some_and(|next| {
        let gap = (next.from - tokens[n].to) / size;
        (next.seed || opens_formula(tokens, n + 1)) && (QUAD..QUADS).contains(&gap)
    })
}

/// Whether a comma or stop of the text has space before it as a formula gives it, and more behind it.
fn is_set_off(tokens: &[Token], n: usize, size: f32) -> bool {
    let gap = |a: &Token, b: &Token| (b.from - a.to) / size;
    // Fractions end with some space of their own.
    let own = |t: &Token| if t.base.is_empty() { 0.12 } else { 0.0 };
    let spaced = n > 0 && LENT_COMMA.contains(&(gap(&tokens[n - 1], &tokens[n]) - own(&tokens[n - 1])));
    spaced && tokens.get(n + 1).is_none_or(|next| gap(&tokens[n], next) > LENT_COMMA.start)
}

/// Whether three points of the text stand for what is left out of a formula, which goes on behind them.
fn are_dots(tokens: &[Token], n: usize) -> bool {
    let points = tokens.get(n..n + 3).is_some_and(|three| three.iter().all(|t| t.kind == Kind::Point));
    points && tokens.get(n + 3).is_some_and(|next| next.seed || next.kind == Kind::TextComma)
}

/// The chain without what only leans on it: unbalanced brackets, loose operators of text, stops. `None` without a
/// token that speaks for a formula.
fn trimmed(
    tokens: &[Token],
    mut from: usize,
    mut to: usize,
    size: f32,
    glyphs: &[Glyph],
) -> Option<(usize, usize)> {
    loop {
        let before = (from, to);
        let last = tokens.get(to.wrapping_sub(1)).filter(|_| to > from)?;
        let first = &tokens[from];
        let neutral =
            |t: &Token| t.base.iter().all(|&n| glyphs[n].weight <= Weight::Neutral) && t.extras.is_empty();
        match last.kind {
            Kind::TextComma | Kind::Point if to - from > 1 && is_set_off(tokens, to - 1, size) => {}
            Kind::TextComma | Kind::Colon | Kind::Point if !last.seed => to -= 1,
            Kind::Letter if !last.seed && neutral(last) => to -= 1,
            Kind::Open | Kind::Modulus if balance(&tokens[from..to]) > 0 => to -= 1,
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
    let angle = to - from == 1 && is_angle_bracket(tokens, from, glyphs);
    (!angle && tokens[from..to].iter().any(|t| t.seed)).then_some((from, to))
}

/// Whether a lone `<` or `>` stands right at a word on its inner side, as around an address.
fn is_angle_bracket(tokens: &[Token], at: usize, glyphs: &[Glyph]) -> bool {
    let token = &tokens[at];
    let &[sign] = token.base.as_slice() else { return false };
    let near = |gap: f32| gap < WORD_GAP * glyphs[sign].size;
    let word = |n: usize| tokens.get(n).filter(|t| matches!(t.kind, Kind::Word | Kind::Name));
    match glyphs[sign].unicode() {
        '<' => word(at + 1).is_some_and(|next| near(next.from - token.to)),
        '>' => word(at.wrapping_sub(1)).is_some_and(|last| near(token.from - last.to)),
        _ => false,
    }
}

fn balance(tokens: &[Token]) -> i32 {
    tokens.iter().map(|t| t.kind.step()).sum()
}

fn unclosed(tokens: &[Token]) -> Option<usize> {
    (balance(tokens) > 0).then(|| tokens.iter().rposition(|t| t.kind == Kind::Open))?
}

/// Whether the chain is one pair of brackets of the text around a formula: "(n = 5)", but not "(x, y)".
fn wraps(tokens: &[Token], from: usize, to: usize, size: f32, glyphs: &[Glyph]) -> bool {
    let chain = &tokens[from..to];
    let [first, inside @ .., last] = chain else { return false };
    let neutral =
        |t: &Token| t.base.iter().all(|&n| glyphs[n].weight == Weight::Neutral) && t.extras.is_empty();
    let pair = first.kind == Kind::Open && last.kind == Kind::Close && neutral(first) && neutral(last);
    let mut depth = 0;
    let closes_early = inside.iter().any(|t| {
        depth += t.kind.step();
        depth < 0
    });
    let list = inside.iter().any(|t| t.kind == Kind::Comma);
    let spaced = first.base.iter().any(|&n| glyphs[n].spaced);
    let apart = spaced || from.checked_sub(1).is_none_or(|n| first.from - tokens[n].to > WORD_GAP * size);
    pair && !closes_early && !list && apart
}
