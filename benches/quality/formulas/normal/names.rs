//! LaTeX's names: which of them are the same on paper, which print nothing, which stand for characters.

/// The spelling that stands for all spellings of one printed symbol.
pub fn canonical(name: &str) -> &str {
    match name {
        "le" => "leq",
        "ge" => "geq",
        "ne" => "neq",
        "to" => "rightarrow",
        "gets" => "leftarrow",
        "iff" => "Longleftrightarrow",
        "implies" => "Longrightarrow",
        "impliedby" => "Longleftarrow",
        "owns" => "ni",
        "land" => "wedge",
        "lor" => "vee",
        "lnot" => "neg",
        "parallel" | "Vert" | "lVert" | "rVert" | "Arrowvert" => "|",
        "lbrace" => "{",
        "rbrace" => "}",
        "lang" => "langle",
        "rang" => "rangle",
        "perp" => "bot",
        "backslash" => "setminus",
        "square" => "Box",
        "lozenge" => "Diamond",
        "vartriangleleft" => "lhd",
        "vartriangleright" => "rhd",
        "trianglelefteq" => "unlhd",
        "trianglerighteq" => "unrhd",
        "rightsquigarrow" => "leadsto",
        "Join" => "bowtie",
        "dag" | "dagger" => "dagger",
        "ddag" | "ddagger" => "ddagger",
        "doublecup" => "Cup",
        "doublecap" => "Cap",
        "restriction" => "upharpoonright",
        "Doteq" => "doteqdot",
        "llless" => "lll",
        "gggtr" => "ggg",
        "smallint" => "int",
        "dots" | "ldots" | "dotsc" | "dotso" | "mathellipsis" | "textellipsis" => "ldots",
        "cdots" | "dotsb" | "dotsm" | "dotsi" => "cdots",
        "centerdot" | "cdotp" | "textperiodcentered" => "cdot",
        "textbullet" => "bullet",
        "ohm" | "upOmega" => "Omega",
        "thinspace" => ",",
        "S" | "mathsection" => "textsection",
        "P" | "mathparagraph" => "textparagraph",
        "mathdollar" | "textdollar" => "$",
        "mathsterling" | "pounds" => "textsterling",
        _ => name,
    }
}

/// The name of a relation that is struck out.
pub fn negated(relation: &str) -> Option<&'static str> {
    Some(match relation {
        "<" => "\\nless",
        ">" => "\\ngtr",
        "\\leq" => "\\nleq",
        "\\geq" => "\\ngeq",
        "\\sim" => "\\nsim",
        "\\cong" => "\\ncong",
        "|" => "\\nmid",
        "\\subseteq" => "\\nsubseteq",
        "\\supseteq" => "\\nsupseteq",
        "\\prec" => "\\nprec",
        "\\succ" => "\\nsucc",
        _ => return None,
    })
}

/// Commands that are one character, or several.
pub fn characters(name: &str) -> Option<&'static str> {
    Some(match name {
        "mid" | "vert" | "lvert" | "rvert" | "arrowvert" | "textbar" => "|",
        "lbrack" => "[",
        "rbrack" => "]",
        "lparen" => "(",
        "rparen" => ")",
        "lt" => "<",
        "gt" => ">",
        "colon" | "vcentcolon" => ":",
        "ast" => "*",
        "slash" => "/",
        "coloneqq" => ":=",
        "eqqcolon" => "=:",
        "textless" => "<",
        "textgreater" => ">",
        "textendash" => "--",
        "textemdash" => "---",
        "textquoteright" | "rq" => "’",
        "textquoteleft" | "lq" => "‘",
        "textasciitilde" => "~",
        "%" => "%",
        "#" => "#",
        "&" => "&",
        "_" | "textunderscore" => "_",
        "i" => "ı",
        "j" => "ȷ",
        "ss" => "ß",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "o" => "ø",
        "O" => "Ø",
        "aa" => "å",
        "AA" => "Å",
        "l" => "ł",
        "L" => "Ł",
        _ => return None,
    })
}

/// Set upright by TeX, letter by letter.
pub fn function(name: &str) -> Option<&'static str> {
    Some(match name {
        "arccos" => "arccos",
        "arcsin" => "arcsin",
        "arctan" => "arctan",
        "arg" => "arg",
        "cos" => "cos",
        "cosh" => "cosh",
        "cot" => "cot",
        "coth" => "coth",
        "csc" => "csc",
        "deg" => "deg",
        "det" => "det",
        "dim" => "dim",
        "exp" => "exp",
        "gcd" => "gcd",
        "hom" => "hom",
        "inf" => "inf",
        "injlim" => "injlim",
        "ker" => "ker",
        "lg" => "lg",
        "lim" => "lim",
        "liminf" => "liminf",
        "limsup" => "limsup",
        "ln" => "ln",
        "log" => "log",
        "max" => "max",
        "min" => "min",
        "Pr" => "Pr",
        "projlim" => "projlim",
        "sec" => "sec",
        "sin" => "sin",
        "sinh" => "sinh",
        "sup" => "sup",
        "tan" => "tan",
        "tanh" => "tanh",
        "bmod" | "mod" => "mod",
        _ => return None,
    })
}

/// Marks over or under their argument; those that are alike on paper as one.
pub fn accent(name: &str) -> Option<&'static str> {
    Some(match name {
        "hat" => "\\hat",
        "widehat" => "\\widehat",
        "check" => "\\check",
        "widecheck" => "\\widecheck",
        "tilde" => "\\tilde",
        "widetilde" => "\\widetilde",
        "acute" => "\\acute",
        "grave" => "\\grave",
        "dot" => "\\dot",
        "ddot" => "\\ddot",
        "dddot" => "\\dddot",
        "ddddot" => "\\ddddot",
        "breve" => "\\breve",
        "bar" => "\\bar",
        "vec" => "\\vec",
        "mathring" => "\\mathring",
        "overline" => "\\overline",
        "underline" | "underbar" => "\\underline",
        "overrightarrow" => "\\overrightarrow",
        "overleftarrow" => "\\overleftarrow",
        "overleftrightarrow" => "\\overleftrightarrow",
        "underrightarrow" => "\\underrightarrow",
        "underleftarrow" => "\\underleftarrow",
        "underleftrightarrow" => "\\underleftrightarrow",
        "overbrace" => "\\overbrace",
        "underbrace" => "\\underbrace",
        "overbracket" => "\\overbracket",
        "underbracket" => "\\underbracket",
        "boxed" | "fbox" | "framebox" => "\\boxed",
        "cancel" => "\\cancel",
        "bcancel" => "\\bcancel",
        "xcancel" => "\\xcancel",
        _ => return None,
    })
}

/// How many arguments to skip with a command that prints nothing of them; `None` for all others.
pub fn unprinted(name: &str) -> Option<usize> {
    Some(match name {
        // Space.
        "," | ";" | ":" | "!" | ">" | " " | "/" | "-" | "\n" | "\t" | "quad" | "qquad" | "enspace"
        | "enskip" | "medspace" | "thickspace" | "thinspace" | "negthinspace" | "negmedspace"
        | "negthickspace" | "space" | "nobreakspace" | "hfill" | "hfil" | "hss" | "vfill" | "strut"
        | "mathstrut" | "null" => 0,
        // Style, size, place.
        "displaystyle" | "textstyle" | "scriptstyle" | "scriptscriptstyle" | "limits" | "nolimits"
        | "displaylimits" | "nonumber" | "notag" | "relax" | "protect" | "noindent" | "allowbreak"
        | "nobreak" | "tiny" | "scriptsize" | "footnotesize" | "small" | "normalsize" | "large" | "Large"
        | "LARGE" | "huge" | "Huge" | "boldmath" | "unboldmath" | "hline" | "hdashline" | "centering"
        | "displaybreak" | "global" | "long" | "raggedright" => 0,
        // What only keeps its argument's kind or place; the argument follows.
        "mathrel" | "mathbin" | "mathord" | "mathopen" | "mathclose" | "mathpunct" | "mathinner"
        | "smash" | "ensuremath" | "rlap" | "llap" | "clap" | "mathrlap" | "mathllap" | "mathclap"
        | "vcenter" | "uppercase" | "mathstrutbox" | "lefteqn" | "makebox" | "cramped" | "mspace" => {
            usize::from(name == "mspace")
        }
        "label" | "tag" | "hspace" | "vspace" | "phantom" | "hphantom" | "vphantom" | "color" | "ref"
        | "eqref" | "cite" | "index" | "cline" | "noalign" | "textcolor" | "raisebox" | "mathcolor"
        | "colorbox" => 1,
        "hypertarget" | "href" => 1,
        "fcolorbox" => 2,
        _ => return None,
    })
}

/// Space of a length that is not in braces.
pub fn takes_length(name: &str) -> bool {
    matches!(name, "kern" | "mkern" | "hskip" | "mskip" | "vskip" | "raise" | "lower" | "above")
}

/// Sizes of the delimiter that follows.
pub fn is_size(name: &str) -> bool {
    let stem = name.trim_end_matches(['l', 'r', 'm']);
    matches!(stem, "big" | "Big" | "bigg" | "Bigg") || name == "middle"
}

/// Whether what is written above or below it is a limit.
pub fn is_operator(name: &str) -> bool {
    function(name).is_some()
        || matches!(
            name,
            "sum"
                | "prod"
                | "coprod"
                | "bigcup"
                | "bigcap"
                | "bigvee"
                | "bigwedge"
                | "bigoplus"
                | "bigotimes"
                | "bigodot"
                | "biguplus"
                | "bigsqcup"
        )
}

/// After which `\dots` are raised.
pub fn is_operation(symbol: &str) -> bool {
    is_relation(symbol)
        || matches!(
            symbol,
            "+" | "-"
                | "\\pm"
                | "\\mp"
                | "\\times"
                | "\\cdot"
                | "\\oplus"
                | "\\otimes"
                | "\\wedge"
                | "\\vee"
                | "\\cup"
                | "\\cap"
                | "\\circ"
                | "\\int"
                | "\\sum"
                | "\\prod"
                | "*"
                | "\\ast"
                | "\\div"
        )
}

pub fn is_relation(symbol: &str) -> bool {
    matches!(
        symbol,
        "=" | "<"
            | ">"
            | ":"
            | "\\leq"
            | "\\geq"
            | "\\neq"
            | "\\equiv"
            | "\\sim"
            | "\\simeq"
            | "\\approx"
            | "\\cong"
            | "\\propto"
            | "\\in"
            | "\\subset"
            | "\\subseteq"
            | "\\supset"
            | "\\supseteq"
            | "\\rightarrow"
            | "\\leftarrow"
            | "\\Rightarrow"
            | "\\Leftarrow"
            | "\\Leftrightarrow"
            | "\\leftrightarrow"
            | "\\Longrightarrow"
            | "\\Longleftrightarrow"
            | "\\longrightarrow"
            | "\\mapsto"
            | "\\ll"
            | "\\gg"
            | "\\lesssim"
            | "\\gtrsim"
            | "\\doteq"
            | "\\prec"
            | "\\succ"
            | "\\preceq"
            | "\\succeq"
            | "\\vdash"
            | "\\models"
            | "\\leqslant"
            | "\\geqslant"
            | "\\triangleq"
    )
}

/// The command of a character that LaTeX has one for.
pub fn of_character(character: char) -> Option<&'static str> {
    let at = UNICODE.iter().position(|(known, _)| *known == character)?;
    Some(UNICODE[at].1)
}

#[rustfmt::skip]
const UNICODE: &[(char, &str)] = &[
    ('α', "alpha"), ('β', "beta"), ('γ', "gamma"), ('δ', "delta"), ('ϵ', "epsilon"), ('ε', "varepsilon"),
    ('ζ', "zeta"), ('η', "eta"), ('θ', "theta"), ('ϑ', "vartheta"), ('ι', "iota"), ('κ', "kappa"),
    ('λ', "lambda"), ('μ', "mu"), ('µ', "mu"), ('ν', "nu"), ('ξ', "xi"), ('π', "pi"), ('ϖ', "varpi"),
    ('ρ', "rho"), ('ϱ', "varrho"), ('σ', "sigma"), ('ς', "varsigma"), ('τ', "tau"), ('υ', "upsilon"),
    ('φ', "varphi"), ('ϕ', "phi"), ('χ', "chi"), ('ψ', "psi"), ('ω', "omega"), ('Γ', "Gamma"),
    ('Δ', "Delta"), ('Θ', "Theta"), ('Λ', "Lambda"), ('Ξ', "Xi"), ('Π', "Pi"), ('Σ', "Sigma"),
    ('Υ', "Upsilon"), ('Φ', "Phi"), ('Ψ', "Psi"), ('Ω', "Omega"), ('≤', "leq"), ('≥', "geq"), ('≠', "neq"),
    ('≡', "equiv"), ('∼', "sim"), ('≃', "simeq"), ('≈', "approx"), ('≅', "cong"), ('∝', "propto"),
    ('∈', "in"), ('∉', "notin"), ('∋', "ni"), ('⊂', "subset"), ('⊆', "subseteq"), ('⊃', "supset"),
    ('⊇', "supseteq"), ('∪', "cup"), ('∩', "cap"), ('∖', "setminus"), ('∅', "emptyset"), ('∞', "infty"),
    ('∂', "partial"), ('∇', "nabla"), ('∀', "forall"), ('∃', "exists"), ('¬', "neg"), ('∧', "wedge"),
    ('∨', "vee"), ('⊕', "oplus"), ('⊗', "otimes"), ('⊖', "ominus"), ('⊙', "odot"), ('∘', "circ"),
    ('•', "bullet"), ('⋅', "cdot"), ('·', "cdot"), ('×', "times"), ('÷', "div"), ('±', "pm"), ('∓', "mp"),
    ('†', "dagger"), ('‡', "ddagger"), ('→', "rightarrow"), ('←', "leftarrow"), ('↔', "leftrightarrow"),
    ('⇒', "Rightarrow"), ('⇐', "Leftarrow"), ('⇔', "Leftrightarrow"), ('↦', "mapsto"), ('↑', "uparrow"),
    ('↓', "downarrow"), ('↕', "updownarrow"), ('⇑', "Uparrow"), ('⇓', "Downarrow"), ('⟶', "longrightarrow"),
    ('⟵', "longleftarrow"), ('⟹', "Longrightarrow"), ('⟸', "Longleftarrow"), ('⟺', "Longleftrightarrow"),
    ('⟷', "longleftrightarrow"), ('⟼', "longmapsto"), ('↪', "hookrightarrow"), ('↩', "hookleftarrow"),
    ('↗', "nearrow"), ('↘', "searrow"), ('↙', "swarrow"), ('↖', "nwarrow"), ('⇌', "rightleftharpoons"),
    ('∑', "sum"), ('∏', "prod"), ('∐', "coprod"), ('∫', "int"), ('∮', "oint"), ('⋃', "bigcup"),
    ('⋂', "bigcap"), ('⋁', "bigvee"), ('⋀', "bigwedge"), ('⨁', "bigoplus"), ('⨂', "bigotimes"),
    ('⟨', "langle"), ('⟩', "rangle"), ('⌊', "lfloor"), ('⌋', "rfloor"), ('⌈', "lceil"), ('⌉', "rceil"),
    ('∥', "|"), ('‖', "|"), ('⊥', "bot"), ('⊤', "top"), ('⊢', "vdash"), ('⊣', "dashv"), ('⊨', "models"),
    ('…', "ldots"), ('⋯', "cdots"), ('⋮', "vdots"), ('⋱', "ddots"), ('ℏ', "hbar"), ('ℓ', "ell"),
    ('ℜ', "Re"), ('ℑ', "Im"), ('ℵ', "aleph"), ('℘', "wp"), ('′', "prime"), ('∠', "angle"),
    ('△', "triangle"), ('□', "Box"), ('◇', "Diamond"), ('⋆', "star"), ('≪', "ll"), ('≫', "gg"),
    ('≺', "prec"), ('≻', "succ"), ('⪯', "preceq"), ('⪰', "succeq"), ('⩽', "leqslant"), ('⩾', "geqslant"),
    ('≲', "lesssim"), ('≳', "gtrsim"), ('⊊', "subsetneq"), ('⊋', "supsetneq"), ('⊎', "uplus"),
    ('⊔', "sqcup"), ('⊓', "sqcap"), ('⋈', "bowtie"), ('≍', "asymp"), ('≐', "doteq"), ('≜', "triangleq"),
    ('∴', "therefore"), ('∵', "because"), ('∎', "blacksquare"), ('★', "bigstar"), ('∗', "ast"),
    ('ℷ', "gimel"), ('ℶ', "beth"), ('∤', "nmid"),
];

/// Whether a character is one set as an exponent (`^`) or an index (`_`).
pub fn script(character: char) -> Option<char> {
    match character {
        '²' | '³' | '¹' | '⁰' | '⁴'..='ⁿ' => Some('^'),
        '₀'..='₎' => Some('_'),
        _ => None,
    }
}
