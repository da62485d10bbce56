//! The symbols of formulas: Unicode, the command that prints them, and what they
//! do in a formula (Knuth, The TeXbook, chapter 17).

use std::{collections::HashMap, sync::LazyLock};

/// What a symbol does in a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Ordinary,
    /// A big operator, which can carry limits.
    Operator,
    Binary,
    Relation,
    Punctuation,
    Open,
    Close,
    /// Stands over or under others.
    Accent,
    /// Begins a root.
    Radical,
    /// A piece that others are built of.
    Piece,
}

/// One symbol, whatever its font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// The command without its backslash, or the sign that stands for itself.
    pub name: &'static str,
    /// As plain text; pieces have none.
    pub unicode: char,
    pub class: Class,
}

impl Symbol {
    /// The symbol of a command or sign.
    pub fn named(name: &str) -> Option<Symbol> {
        TABLE.by_name.get(name).copied()
    }

    /// The symbol that a character is.
    pub fn of(unicode: char) -> Option<Symbol> {
        TABLE.by_unicode.get(&unicode).copied()
    }
}

/// All symbols but the pieces that others are built of.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = Symbol> {
    TABLE.by_name.values().copied().filter(|s| s.class != Class::Piece)
}

struct Table {
    by_name: HashMap<&'static str, Symbol>,
    by_unicode: HashMap<char, Symbol>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { by_name: HashMap::new(), by_unicode: HashMap::new() };
    for (class, list) in MARKS.into_iter().chain(SYMBOLS) {
        let mut words = list.split_ascii_whitespace();
        while let (Some(sign), Some(name)) = (words.next(), words.next()) {
            let unicode = sign.chars().next().expect("no word is empty");
            let symbol = Symbol { name, unicode, class };
            table.by_name.insert(name, symbol);
            table.by_unicode.entry(unicode).or_insert(symbol);
        }
    }
    for (twin, of) in TWINS {
        if let Some(&symbol) = table.by_unicode.get(&of) {
            table.by_unicode.insert(twin, symbol);
        }
    }
    table
});

/// Characters that look like a symbol above, with the one that stands for it.
const TWINS: [(char, char); 36] = [
    ('-', '\u{2212}'),
    ('\u{2010}', '\u{2212}'),
    ('\u{2013}', '\u{2212}'),
    ('\u{b5}', 'μ'),
    ('\u{2206}', 'Δ'),
    ('\u{2126}', 'Ω'),
    ('\u{b7}', '⋅'),
    ('\u{25e6}', '∘'),
    ('\u{2215}', '/'),
    ('\u{2044}', '/'),
    ('\u{29f5}', '∖'),
    ('\u{27c2}', '⊥'),
    ('\\', '∖'),
    ('\u{2223}', '|'),
    ('\u{2236}', ':'),
    ('\u{23d0}', '|'),
    // Adobe's corporate use area: pieces of delimiters.
    ('\u{f8eb}', '⎛'),
    ('\u{f8ec}', '⎜'),
    ('\u{f8ed}', '⎝'),
    ('\u{f8ee}', '⎡'),
    ('\u{f8ef}', '⎢'),
    ('\u{f8f0}', '⎣'),
    ('\u{f8f1}', '⎧'),
    ('\u{f8f2}', '⎨'),
    ('\u{f8f3}', '⎩'),
    ('\u{f8f4}', '⎪'),
    ('\u{f8f6}', '⎞'),
    ('\u{f8f7}', '⎟'),
    ('\u{f8f8}', '⎠'),
    ('\u{f8f9}', '⎤'),
    ('\u{f8fa}', '⎥'),
    ('\u{f8fb}', '⎦'),
    ('\u{f8fc}', '⎫'),
    ('\u{f8fd}', '⎬'),
    ('\u{f8fe}', '⎭'),
    ('\u{f8e6}', '|'),
];

/// A sign and its command, by class. Of two commands for one sign the first is written.
#[rustfmt::skip]
const SYMBOLS: [(Class, &str); 7] = [
    (
        Class::Ordinary,
        "Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ! ! ⊥ bot | vert \
     ‖ Vert α alpha β beta γ gamma δ delta ϵ epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ \
     xi π pi ρ rho σ sigma τ tau υ upsilon ϕ phi χ chi ψ psi ω omega ε varepsilon ϑ vartheta ϖ varpi ϱ varrho \
     ς varsigma φ varphi ℵ aleph ı imath ȷ jmath ℓ ell ℘ wp ℜ Re ℑ Im ∂ partial ∞ infty ′ prime ″ dprime ‴ trprime ∅ emptyset ∇ \
     nabla ⊤ top △ triangle ∀ forall ∃ exists ¬ neg ♭ flat ♮ natural ♯ sharp ♣ clubsuit ♢ diamondsuit ♡ \
     heartsuit ♠ spadesuit ¶ mathparagraph § mathsection ◊ lozenge ■ blacksquare ‵ backprime ★ bigstar ▾ \
     blacktriangledown ▴ blacktriangle ▿ triangledown ∡ measuredangle ∢ sphericalangle Ⓢ circledS ∁ \
     complement ⧸ diagup ⧹ diagdown ∅ varnothing ∄ nexists Ⅎ Finv ⅁ Game ð eth ℶ beth ℷ gimel ℸ daleth ϝ \
     digamma κ varkappa ℏ hbar ℏ hslash ↯ lightning … ldots ⋯ cdots ⋮ vdots ⋱ ddots ∠ angle % % & & # # _ _ ? \
     ? ° degree ‰ permil £ pounds ✓ checkmark @ @ $ $ ⧄ boxslash ▯ rectangle ℧ mho",
    ),
    (
        Class::Operator,
        "∑ sum ∐ coprod ⋁ bigvee ⋀ bigwedge ⨄ biguplus ⋂ bigcap ⋃ bigcup ⨂ bigotimes ⨁ bigoplus ⨀ bigodot ⨆ \
     bigsqcup ⨅ bigsqcap ⫼ biginterleave ∬ iint ∭ iiint ⨌ iiiint ∮ oint ∯ oiint ∫ int ∏ prod",
    ),
    (
        Class::Binary,
        "∘ circ ◁ triangleleft ▷ triangleright △ bigtriangleup ▽ bigtriangledown ∧ wedge ∨ vee ∩ cap ∪ cup ‡ ddagger † \
     dagger ⊓ sqcap ⊔ sqcup ⊎ uplus ⨿ amalg ⋄ diamond • bullet ≀ wr ÷ div ⊙ odot ⊘ oslash ⊗ otimes ⊖ ominus ⊕ \
     oplus ∓ mp ± pm ◯ bigcirc ∖ setminus ⋅ cdot ∗ ast × times ⋆ star ◁ lhd ⊴ unlhd ▷ rhd ⊵ unrhd ⊡ boxdot ⊞ \
     boxplus ⊠ boxtimes ⬝ centerdot ⊟ boxminus ⊻ veebar ⊼ barwedge ⩞ doublebarwedge ⋓ Cup ⋒ Cap ⋏ curlywedge \
     ⋎ curlyvee ⋋ leftthreetimes ⋌ rightthreetimes ∔ dotplus ⊺ intercal ⊚ circledcirc ⊛ circledast ⊝ \
     circleddash ⋇ divideontimes ⋖ lessdot ⋗ gtrdot ⋉ ltimes ⋊ rtimes ∖ smallsetminus ⅄ Yup ⫽ sslash ⧆ boxast \
     ◫ boxbar ⧅ boxbslash ⧇ boxcircle ⧈ boxbox ⟅ lbag ⟆ rbag ⫾ talloblong ⫴ interleave ⌽ obar ⦸ obslash ⧀ \
     olessthan ⧁ ogreaterthan + + − - * * / /",
    ),
    (
        Class::Relation,
        "∝ propto ⊑ sqsubseteq ⊒ sqsupseteq ∥ parallel ∣ mid ⊣ dashv ⊢ vdash ↗ nearrow ↘ searrow ↖ nwarrow ↙ \
     swarrow ⇔ Leftrightarrow ⇐ Leftarrow ⇒ Rightarrow ≤ leq ≥ geq ≻ succ ≺ prec ≈ approx ⪰ succeq ⪯ preceq ⊃ \
     supset ⊂ subset ⊇ supseteq ⊆ subseteq ∈ in ∋ ni ≫ gg ≪ ll ↔ leftrightarrow ← leftarrow → rightarrow → to \
     ∼ sim ≃ simeq ⟂ perp ≡ equiv ≍ asymp ⌣ smile ⌢ frown ↼ leftharpoonup ↽ leftharpoondown ⇀ rightharpoonup \
     ⇁ rightharpoondown ↑ uparrow ↓ downarrow ↕ updownarrow ⇑ Uparrow ⇓ Downarrow ⇕ Updownarrow ⟳ \
     circlearrowright ⟲ circlearrowleft ⇋ leftrightharpoons ⊩ Vdash ⊪ Vvdash ⊨ vDash ↠ twoheadrightarrow ↞ \
     twoheadleftarrow ⇇ leftleftarrows ⇉ rightrightarrows ⇈ upuparrows ⇊ downdownarrows ↾ upharpoonright ⇂ \
     downharpoonright ↿ upharpoonleft ⇃ downharpoonleft ↣ rightarrowtail ↢ leftarrowtail ⇆ leftrightarrows ⇄ \
     rightleftarrows ↰ Lsh ↱ Rsh ⇝ rightsquigarrow ↭ leftrightsquigarrow ↫ looparrowleft ↬ looparrowright ≗ \
     circeq ≿ succsim ≳ gtrsim ⪆ gtrapprox ⊸ multimap ∴ therefore ∵ because ≑ doteqdot ≜ triangleq ≾ precsim \
     ≲ lesssim ⪅ lessapprox ⪕ eqslantless ⪖ eqslantgtr ⋞ curlyeqprec ⋟ curlyeqsucc ≼ preccurlyeq ≦ leqq ⩽ \
     leqslant ≶ lessgtr ≓ risingdotseq ≒ fallingdotseq ≽ succcurlyeq ≧ geqq ⩾ geqslant ≷ gtrless ⊳ \
     vartriangleright ⊲ vartriangleleft ⊵ trianglerighteq ⊴ trianglelefteq ≬ between ▶ blacktriangleright ◀ \
     blacktriangleleft ▵ vartriangle ≖ eqcirc ⋚ lesseqgtr ⋛ gtreqless ⪋ lesseqqgtr ⪌ gtreqqless ⇛ Rrightarrow \
     ⇚ Lleftarrow ∝ varpropto ⌣ smallsmile ⌢ smallfrown ⋐ Subset ⋑ Supset ⫅ subseteqq ⫆ supseteqq ≏ bumpeq ≎ \
     Bumpeq ⋘ lll ⋙ ggg ⋔ pitchfork ∽ backsim ⋍ backsimeq ≨ lvertneqq ≩ gvertneqq ≰ nleq ≱ ngeq ≮ nless ≯ \
     ngtr ⊀ nprec ⊁ nsucc ≨ lneqq ≩ gneqq ⪇ lneq ⪈ gneq ⋨ precnsim ⋩ succnsim ⋦ lnsim ⋧ gnsim ⪵ precneqq ⪶ \
     succneqq ⪹ precnapprox ⪺ succnapprox ⪉ lnapprox ⪊ gnapprox ≁ nsim ≇ ncong ⊊ varsubsetneq ⊋ varsupsetneq \
     ⫋ subsetneqq ⫌ supsetneqq ⫋ varsubsetneqq ⫌ varsupsetneqq ⊊ subsetneq ⊋ supsetneq ⊈ nsubseteq ⊉ \
     nsupseteq ∦ nparallel ∤ nmid ⊬ nvdash ⊮ nVdash ⊭ nvDash ⊯ nVDash ⋭ ntrianglerighteq ⋬ ntrianglelefteq ⋪ \
     ntriangleleft ⋫ ntriangleright ↚ nleftarrow ↛ nrightarrow ⇍ nLeftarrow ⇏ nRightarrow ⇎ nLeftrightarrow ↮ \
     nleftrightarrow ≂ eqsim ∣ shortmid ∥ shortparallel ∼ thicksim ≈ thickapprox ≊ approxeq ⪸ succapprox ⪷ \
     precapprox ↶ curvearrowleft ↷ curvearrowright ϶ backepsilon ← shortleftarrow → shortrightarrow ↑ \
     shortuparrow ↓ shortdownarrow ⪿ subsetplus ⫀ supsetplus ⇿ leftrightarrowtriangle ⇽ leftarrowtriangle ⇾ \
     rightarrowtriangle = = < < > > ≠ neq ∉ notin : : ≅ cong ≐ doteq ⊧ models ⋈ bowtie ⟶ longrightarrow ⟵ \
     longleftarrow ⟷ longleftrightarrow ⟹ Longrightarrow ⟸ Longleftarrow ⟺ Longleftrightarrow ↦ mapsto ⟼ \
     longmapsto ↪ hookrightarrow ↩ hookleftarrow ⇌ rightleftharpoons ∌ notni ≢ nequiv ⊄ nsubset ⊅ nsupset ≉ \
     napprox ≄ nsimeq ⤳ leadsto ≔ coloneqq",
    ),
    (
        Class::Punctuation,
        ", , ; ; . .",
    ),
    (
        Class::Open,
        "⟨ langle { lbrace ⌈ lceil ⌊ lfloor ⦇ llparenthesis ⟦ llbracket ( ( [ [",
    ),
    (
        Class::Close,
        "⟩ rangle } rbrace ⌉ rceil ⌋ rfloor ⦈ rrparenthesis ⟧ rrbracket ) ) ] ]",
    ),
];

/// Accents and the like, and the pieces of large delimiters: by what they are called here.
const MARKS: [(Class, &str); 3] = [
    (
        Class::Accent,
        "\u{302} hat \u{303} tilde \u{304} bar \u{301} acute \u{300} grave \u{306} breve \u{30c} check \
         \u{307} dot \u{308} ddot \u{20db} dddot \u{30a} mathring \u{20d7} vec \u{20d6} overleftarrow \u{302} widehat \
         \u{303} widetilde \u{305} overline \u{23de} overbrace \u{23df} underbrace \u{338} not \
         \u{23b4} overbracket \u{23b5} underbracket",
    ),
    (Class::Radical, "√ surd ⎷ radicalbottom"),
    (
        Class::Piece,
        "⎛ ⎛ ⎜ ⎜ ⎝ ⎝ ⎞ ⎞ ⎟ ⎟ ⎠ ⎠ ⎡ ⎡ ⎢ ⎢ ⎣ ⎣ ⎤ ⎤ ⎥ ⎥ ⎦ ⎦ ⎧ ⎧ ⎨ ⎨ ⎩ ⎩ ⎪ ⎪ ⎫ ⎫ ⎬ ⎬ ⎭ ⎭ \
         ⎸ radicalvertex ⌜ radicaltop ⟔ braceld ⟓ bracerd ⟕ bracelu ⟖ braceru ⟝ lhook ⟞ rhook ⟠ mapstochar",
    ),
];
