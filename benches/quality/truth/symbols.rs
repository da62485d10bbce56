//! What TeX's commands print: text symbols, accents, and the symbols of formulas.

/// The combining character of an accent command.
pub fn accent(name: &str) -> Option<char> {
    Some(match name {
        "'" => '\u{301}',
        "`" => '\u{300}',
        "^" => '\u{302}',
        "\"" => '\u{308}',
        "~" => '\u{303}',
        "=" => '\u{304}',
        "." => '\u{307}',
        "u" => '\u{306}',
        "v" => '\u{30c}',
        "H" => '\u{30b}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "r" => '\u{30a}',
        "d" => '\u{323}',
        "b" => '\u{331}',
        _ => return None,
    })
}

/// Commands that print fixed text.
pub fn text(name: &str) -> Option<&'static str> {
    Some(match name {
        "&" => "&",
        "%" => "%",
        "$" => "$",
        "#" => "#",
        "_" => "_",
        "{" | "lbrace" => "{",
        "}" | "rbrace" => "}",
        "-" | "/" | "!" => "",
        "textbackslash" | "backslash" => "\\",
        "textasciitilde" => "~",
        "textasciicircum" => "^",
        "textbar" => "|",
        "textless" => "<",
        "textgreater" => ">",
        "textbullet" => "•",
        "textendash" => "–",
        "textemdash" => "—",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "textquoteleft" => "‘",
        "textquoteright" => "’",
        "guillemotleft" | "og" => "«",
        "guillemotright" | "fg" => "»",
        "glqq" => "„",
        "grqq" => "“",
        "ldots" | "dots" | "textellipsis" | "dotsc" | "dotsb" | "dotso" => "…",
        "slash" => "/",
        "LaTeX" => "LaTeX",
        "LaTeXe" => "LaTeX2ε",
        "TeX" => "TeX",
        "BibTeX" => "BibTeX",
        "XeTeX" => "XeTeX",
        "XeLaTeX" => "XeLaTeX",
        "LuaTeX" => "LuaTeX",
        "S" => "§",
        "P" => "¶",
        "dag" | "dagger" => "†",
        "ddag" | "ddagger" => "‡",
        "copyright" | "textcopyright" => "©",
        "textregistered" => "®",
        "texttrademark" => "™",
        "pounds" | "textsterling" => "£",
        "euro" | "texteuro" | "EUR" => "€",
        "textdegree" | "degree" => "°",
        "ss" => "ß",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "aa" => "å",
        "AA" => "Å",
        "i" => "ı",
        "j" => "ȷ",
        "quad" | "qquad" | "enspace" | "thinspace" | "space" | "," | ";" | ":" | " " => " ",
        _ => return None,
    })
}

/// Commands of formulas that print one symbol or a function's name; relations apart, which stand between spaces.
pub fn mathematical(name: &str) -> Option<&'static str> {
    greek(name).or_else(|| operator(name)).or_else(|| function(name))
}

fn greek(name: &str) -> Option<&'static str> {
    Some(match name {
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "delta" => "δ",
        "epsilon" => "ϵ",
        "varepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" => "θ",
        "vartheta" => "ϑ",
        "iota" => "ι",
        "kappa" => "κ",
        "lambda" => "λ",
        "mu" => "μ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" => "π",
        "varpi" => "ϖ",
        "rho" => "ρ",
        "varrho" => "ϱ",
        "sigma" => "σ",
        "varsigma" => "ς",
        "tau" => "τ",
        "upsilon" => "υ",
        "phi" => "ϕ",
        "varphi" => "φ",
        "chi" => "χ",
        "psi" => "ψ",
        "omega" => "ω",
        "Gamma" => "Γ",
        "Delta" => "Δ",
        "Theta" => "Θ",
        "Lambda" => "Λ",
        "Xi" => "Ξ",
        "Pi" => "Π",
        "Sigma" => "Σ",
        "Upsilon" => "Υ",
        "Phi" => "Φ",
        "Psi" => "Ψ",
        "Omega" => "Ω",
        _ => return None,
    })
}

/// Relations and arrows.
pub fn relation(name: &str) -> Option<&'static str> {
    Some(match name {
        "le" | "leq" | "leqslant" => "≤",
        "ge" | "geq" | "geqslant" => "≥",
        "ne" | "neq" => "≠",
        "lt" => "<",
        "gt" => ">",
        "ll" => "≪",
        "gg" => "≫",
        "equiv" => "≡",
        "sim" => "∼",
        "simeq" => "≃",
        "approx" => "≈",
        "cong" => "≅",
        "propto" => "∝",
        "in" => "∈",
        "notin" => "∉",
        "ni" => "∋",
        "subset" => "⊂",
        "subseteq" => "⊆",
        "supset" => "⊃",
        "supseteq" => "⊇",
        "prec" => "≺",
        "succ" => "≻",
        "perp" => "⊥",
        "mid" => "∣",
        "parallel" => "∥",
        "to" | "rightarrow" | "longrightarrow" => "→",
        "gets" | "leftarrow" | "longleftarrow" => "←",
        "leftrightarrow" => "↔",
        "Rightarrow" | "implies" | "Longrightarrow" => "⇒",
        "Leftarrow" => "⇐",
        "Leftrightarrow" | "iff" => "⇔",
        "mapsto" | "longmapsto" => "↦",
        "uparrow" => "↑",
        "downarrow" => "↓",
        "hookrightarrow" => "↪",
        "coloneqq" => ":=",
        "vdash" => "⊢",
        "models" => "⊨",
        _ => return None,
    })
}

fn operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "sum" => "∑",
        "prod" => "∏",
        "coprod" => "∐",
        "int" => "∫",
        "iint" => "∬",
        "oint" => "∮",
        "bigcup" | "cup" => "∪",
        "bigcap" | "cap" => "∩",
        "bigoplus" | "oplus" => "⊕",
        "bigotimes" | "otimes" => "⊗",
        "sqrt" => "√",
        "times" => "×",
        "cdot" => "·",
        "cdots" => "⋯",
        "vdots" => "⋮",
        "ddots" => "⋱",
        "div" => "÷",
        "pm" => "±",
        "mp" => "∓",
        "ast" => "∗",
        "star" => "⋆",
        "circ" => "◦",
        "bullet" => "•",
        "partial" => "∂",
        "nabla" => "∇",
        "infty" => "∞",
        "forall" => "∀",
        "exists" => "∃",
        "neg" | "lnot" => "¬",
        "wedge" | "land" => "∧",
        "vee" | "lor" => "∨",
        "emptyset" | "varnothing" => "∅",
        "setminus" => "∖",
        "hbar" => "ℏ",
        "ell" => "ℓ",
        "Re" => "ℜ",
        "Im" => "ℑ",
        "aleph" => "ℵ",
        "prime" => "′",
        "langle" => "⟨",
        "rangle" => "⟩",
        "lfloor" => "⌊",
        "rfloor" => "⌋",
        "lceil" => "⌈",
        "rceil" => "⌉",
        "vert" | "lvert" | "rvert" => "|",
        "Vert" | "|" | "lVert" | "rVert" => "∥",
        "lbrack" => "[",
        "rbrack" => "]",
        "colon" => ":",
        "angle" => "∠",
        "triangle" => "△",
        "Box" | "square" => "□",
        "checkmark" => "✓",
        _ => return rarer(name),
    })
}

/// Rarer symbols, each name before its character.
const RARER: &str = "\
    bot ⊥ top ⊤ surd √ ngeq ≱ nleq ≰ ngtr ≯ nless ≮ Longleftrightarrow ⟺ Longleftarrow ⟸ longleftrightarrow ⟷ \
    ominus ⊖ oslash ⊘ odot ⊙ triangleleft ◁ triangleright ▷ iiint ∭ oiint ∯ Downarrow ⇓ Uparrow ⇑ \
    updownarrow ↕ blacktriangledown ▼ rhd ⊳ lhd ⊲ unrhd ⊵ unlhd ⊴ varsubsetneq ⊊ subsetneq ⊊ supsetneq ⊋ \
    imath ı jmath ȷ wr ≀ amalg ⨿ dashv ⊣ Vdash ⊩ vDash ⊨ nmid ∤ nparallel ∦ hookleftarrow ↩ rightharpoonup ⇀ \
    leftharpoonup ↼ rightleftharpoons ⇌ leftrightharpoons ⇋ rightleftarrows ⇄ twoheadrightarrow ↠ \
    rightsquigarrow ⇝ leadsto ⇝ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ bigsqcup ⨆ biguplus ⨄ bigvee ⋁ \
    bigwedge ⋀ bigodot ⨀ beth ℶ gimel ℷ hslash ℏ wp ℘ complement ∁ therefore ∴ because ∵ blacksquare ■ \
    Diamond ◇ lozenge ◊ bigstar ★ bigcirc ◯ circledast ⊛ boxplus ⊞ boxtimes ⊠ ltimes ⋉ rtimes ⋊ gtrsim ≳ \
    lesssim ≲ gtrless ≷ lessgtr ≶ succeq ⪰ preceq ⪯ precsim ≾ succsim ≿ sqsubseteq ⊑ sqsupseteq ⊒ sqsubset ⊏ \
    sqcup ⊔ sqcap ⊓ uplus ⊎ bowtie ⋈ asymp ≍ doteq ≐ triangleq ≜ nsubseteq ⊈ nsupseteq ⊉ ulcorner ⌜ \
    urcorner ⌝ llcorner ⌞ lrcorner ⌟ backsim ∽ eqsim ≂ ncong ≇ nsim ≁ vartriangle △ bigtriangleup △ \
    bigtriangledown ▽ triangledown ▽ trianglelefteq ⊴ trianglerighteq ⊵ varkappa ϰ digamma ϝ multimap ⊸ \
    smallsetminus ∖";

fn rarer(name: &str) -> Option<&'static str> {
    let mut words = RARER.split(' ');
    std::iter::from_fn(|| words.next().zip(words.next()))
        .find(|(known, _)| *known == name)
        .map(|(_, sign)| sign)
}

fn function(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 31] = [
        "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp",
        "gcd", "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "sec", "sin",
        "sinh", "sup", "tan", "tanh",
    ];
    NAMES.iter().find(|known| **known == name).copied()
}
