//! LaTeX's characters to lexemes, and macros to what they stand for, as they are read.

use std::{collections::HashMap, rc::Rc};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lexeme {
    /// Without its backslash.
    Command(String),
    Open,
    Close,
    Character(char),
}

/// Comments and white space go; `~` is a space.
pub fn lexemes(source: &str) -> Vec<Lexeme> {
    let mut found = Vec::new();
    let mut rest = source.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '%' => drop(rest.by_ref().find(|c| *c == '\n')),
            '\\' => {
                let mut name = String::new();
                while let Some(letter) = rest.next_if(|c| c.is_ascii_alphabetic() || *c == '@') {
                    name.push(letter);
                }
                if name.is_empty() {
                    name.extend(rest.next());
                }
                found.push(Lexeme::Command(name));
            }
            '{' => found.push(Lexeme::Open),
            '}' => found.push(Lexeme::Close),
            '~' => {}
            c if c.is_whitespace() || is_invisible(c) => {}
            c => found.push(Lexeme::Character(c)),
        }
    }
    found
}

/// Zero width, or an invisible operator.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[derive(Clone, Debug)]
pub struct Macro {
    parameters: usize,
    default: Option<Vec<Lexeme>>,
    body: Rc<[Lexeme]>,
}

/// What is still to be read; the next is last.
pub struct Stream {
    rest: Vec<Lexeme>,
    macros: HashMap<String, Macro>,
    expanded: usize,
}

/// Macros that call each other endlessly end here.
const MOST: usize = 10_000;

impl Stream {
    pub fn new(source: &str) -> Self {
        let mut rest = lexemes(source);
        rest.reverse();
        Self { rest, macros: HashMap::new(), expanded: 0 }
    }

    /// With macros expanded and definitions taken in.
    pub fn next(&mut self) -> Option<Lexeme> {
        loop {
            let lexeme = self.rest.pop()?;
            let Lexeme::Command(name) = &lexeme else { return Some(lexeme) };
            if let Some(found) = self.macros.get(name).cloned().filter(|_| self.expanded < MOST) {
                self.expanded += 1;
                self.call(&found);
            } else if !self.define(name) {
                return Some(lexeme);
            }
        }
    }

    pub fn back(&mut self, lexeme: Lexeme) {
        self.rest.push(lexeme);
    }

    pub fn peek(&mut self) -> Option<Lexeme> {
        let next = self.next()?;
        self.rest.push(next.clone());
        Some(next)
    }

    /// Steps over `lexeme` if it is next.
    pub fn take(&mut self, lexeme: &Lexeme) -> bool {
        let there = self.peek().as_ref() == Some(lexeme);
        if there {
            self.rest.pop();
        }
        there
    }

    /// The next argument as it stands, without its braces.
    pub fn raw(&mut self) -> Vec<Lexeme> {
        match self.rest.pop() {
            Some(Lexeme::Open) => self.raw_until(&Lexeme::Close),
            Some(other) => vec![other],
            None => Vec::new(),
        }
    }

    /// The next argument in brackets as it stands.
    pub fn raw_option(&mut self) -> Option<Vec<Lexeme>> {
        self.rest.pop_if(|next| *next == Lexeme::Character('['))?;
        Some(self.raw_until(&Lexeme::Character(']')))
    }

    fn raw_until(&mut self, end: &Lexeme) -> Vec<Lexeme> {
        let (mut found, mut depth) = (Vec::new(), 0usize);
        while let Some(lexeme) = self.rest.pop() {
            match lexeme {
                ref lexeme if lexeme == end && depth == 0 => break,
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            found.push(lexeme);
        }
        found
    }

    fn call(&mut self, found: &Macro) {
        let mut arguments = Vec::new();
        if let Some(default) = &found.default {
            arguments.push(self.raw_option().unwrap_or_else(|| default.clone()));
        }
        while arguments.len() < found.parameters {
            arguments.push(self.raw());
        }
        let mut body = found.body.iter().peekable();
        let mut result = Vec::new();
        while let Some(lexeme) = body.next() {
            let number =
                body.peek().and_then(|next| digit(next)).filter(|_| *lexeme == Lexeme::Character('#'));
            match number.and_then(|n| arguments.get(n.wrapping_sub(1))) {
                Some(argument) => {
                    result.extend(argument.iter().cloned());
                    body.next();
                }
                None => result.push(lexeme.clone()),
            }
        }
        self.rest.extend(result.into_iter().rev());
    }

    /// Takes a definition in, if `name` is a command that makes one.
    fn define(&mut self, name: &str) -> bool {
        match name {
            "def" | "gdef" | "edef" | "xdef" => self.define_plainly(),
            "newcommand" | "renewcommand" | "providecommand" => self.define_command(),
            "let" => self.define_alike(),
            "DeclareMathOperator" => self.define_operator(),
            _ => return false,
        }
        true
    }

    fn name(&mut self) -> Option<String> {
        match self.raw().into_iter().next() {
            Some(Lexeme::Command(name)) => Some(name),
            _ => None,
        }
    }

    fn define_plainly(&mut self) {
        let Some(name) = self.name() else { return };
        let mut parameters = 0;
        while let Some(lexeme) = self.rest.pop_if(|next| *next != Lexeme::Open) {
            parameters += usize::from(lexeme == Lexeme::Character('#'));
        }
        let body = self.raw().into();
        self.macros.insert(name, Macro { parameters, default: None, body });
    }

    fn define_command(&mut self) {
        self.rest.pop_if(|next| *next == Lexeme::Character('*'));
        let Some(name) = self.name() else { return };
        let parameters = self.raw_option().and_then(|number| digit(number.first()?)).unwrap_or(0);
        let default = self.raw_option();
        let body = self.raw().into();
        self.macros.insert(name, Macro { parameters, default, body });
    }

    fn define_alike(&mut self) {
        let Some(name) = self.name() else { return };
        self.rest.pop_if(|next| *next == Lexeme::Character('='));
        let Some(meaning) = self.rest.pop() else { return };
        let known = match &meaning {
            Lexeme::Command(other) => self.macros.get(other).cloned(),
            _ => None,
        };
        let alike = || Macro { parameters: 0, default: None, body: [meaning].into() };
        self.macros.insert(name, known.unwrap_or_else(alike));
    }

    fn define_operator(&mut self) {
        self.rest.pop_if(|next| *next == Lexeme::Character('*'));
        let Some(name) = self.name() else { return };
        let mut body = vec![Lexeme::Command("operatorname".to_string()), Lexeme::Open];
        body.extend(self.raw());
        body.push(Lexeme::Close);
        self.macros.insert(name, Macro { parameters: 0, default: None, body: body.into() });
    }
}

fn digit(lexeme: &Lexeme) -> Option<usize> {
    match lexeme {
        Lexeme::Character(c) => Some(c.to_digit(10)? as usize),
        _ => None,
    }
}

pub fn text(lexemes: &[Lexeme]) -> String {
    let text = |lexeme: &Lexeme| match lexeme {
        Lexeme::Command(name) => format!("\\{name} "),
        Lexeme::Open => "{".to_string(),
        Lexeme::Close => "}".to_string(),
        Lexeme::Character(c) => c.to_string(),
    };
    lexemes.iter().map(text).collect()
}
