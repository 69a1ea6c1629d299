//! Rust source as far as imports need it: tokens without comments and texts, and the paths that they name. Test modules
//! are read like everything else; documentation is not, so a link in it may point anywhere.

/// A word or a sign, and where it stands.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A path that starts at the crate's root, written out or through `super` and `self`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) line: usize,
    /// From the root, without `crate`.
    pub(crate) path: Vec<String>,
    pub(crate) form: Form,
}

/// How it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it should be.
    Plain,
    /// `crate::{a, b}`.
    Grouped,
    /// `super::super`.
    Climbing,
    /// `crate as x`, or the crate by its own name.
    Renamed,
}

/// Every path in the text of a module, such as `["cache", "lock"]`.
pub(crate) fn names(module: &[&str], text: &str) -> Vec<Name> {
    let tokens = tokens(text);
    let mut here: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
    let mut inline = Vec::new();
    let mut depth = 0;
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
        let before = at.checked_sub(1).map_or("", |before| tokens[before].text.as_str());
        match (before, word(0), word(1)) {
            ("mod", name, "{") => {
                here.push(name.to_owned());
                inline.push(depth);
            }
            (_, "{", _) => depth += 1,
            (_, "}", _) => {
                depth -= 1;
                if inline.last() == Some(&depth) {
                    inline.pop();
                    here.pop();
                }
            }
            (_, start @ ("crate" | "super" | "self"), "::") if before != "::" => {
                let mut walk = Walk {
                    tokens: &tokens,
                    line: tokens[at].line,
                    found: &mut found,
                };
                let (base, form) = match start {
                    "crate" if word(2) == "{" => (Vec::new(), Form::Grouped),
                    "crate" => (Vec::new(), Form::Plain),
                    "super" => (here[..here.len().saturating_sub(1)].to_vec(), Form::Plain),
                    _ => (here.clone(), Form::Plain),
                };
                at = walk.tree(at + 2, base, form);
                continue;
            }
            ("(", "crate", ")") => {}
            (_, "crate", _) | (_, "entra_token", "::") => {
                found.push(Name {
                    line: tokens[at].line,
                    path: Vec::new(),
                    form: Form::Renamed,
                });
            }
            _ => {}
        }
        at += 1;
    }
    found
}

struct Walk<'a> {
    tokens: &'a [Token],
    line: usize,
    found: &'a mut Vec<Name>,
}

impl Walk<'_> {
    /// Reads a path, or a tree of them, from `at`; gives the place behind it.
    fn tree(&mut self, mut at: usize, mut path: Vec<String>, mut form: Form) -> usize {
        while let Some(token) = self.tokens.get(at) {
            self.line = token.line;
            match token.text.as_str() {
                "{" => {
                    at += 1;
                    while let Some(token) = self.tokens.get(at) {
                        match token.text.as_str() {
                            "}" => return at + 1,
                            "," => at += 1,
                            _ => at = self.tree(at, path.clone(), form),
                        }
                    }
                    return at;
                }
                "super" => {
                    path.pop();
                    form = Form::Climbing;
                }
                "self" => {}
                word if word == "*" || is_word(word) => path.push(word.to_owned()),
                _ => break,
            }
            at += 1;
            if self.tokens.get(at).is_none_or(|token| token.text != "::") {
                break;
            }
            at += 1;
        }
        self.found.push(Name {
            line: self.line,
            path,
            form,
        });
        // `x as y`: the new name is no path.
        if self.tokens.get(at).is_some_and(|token| token.text == "as") {
            at + 2
        } else {
            at
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words and signs; `::` is one sign. Comments, texts, characters and lifetimes are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let begin = at;
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        at = match chars[at] {
            '/' if next == '/' => until(&chars, at, |c| c == '\n'),
            '/' if next == '*' => after_comment(&chars, at),
            '"' => after_text(&chars, at, '"'),
            '\'' if next == '\\' || chars.get(at + 2) == Some(&'\'') => after_text(&chars, at, '\''),
            '\'' => until(&chars, at + 1, |c| !is_part(c)),
            c if is_part(c) => {
                let end = until(&chars, at, |c| !is_part(c));
                let word: String = chars[at..end].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr")
                    .then(|| after_raw(&chars, end))
                    .flatten();
                raw.unwrap_or_else(|| {
                    tokens.push(Token { text: word, line });
                    end
                })
            }
            ':' if next == ':' => {
                tokens.push(Token {
                    text: "::".to_owned(),
                    line,
                });
                at + 2
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token {
                        text: c.to_string(),
                        line,
                    });
                }
                at + 1
            }
        };
        line += chars[begin..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn until(chars: &[char], from: usize, end: impl Fn(char) -> bool) -> usize {
    chars[from..]
        .iter()
        .position(|c| end(*c))
        .map_or(chars.len(), |steps| from + steps)
}

/// Comments nest.
fn after_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut open) = (from, 0);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (at, open) = (at + 2, open + 1),
            ('*', '/') => (at, open) = (at + 2, open - 1),
            _ => at += 1,
        }
        if open == 0 {
            return at;
        }
    }
    chars.len()
}

fn after_text(chars: &[char], from: usize, end: char) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != end {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The place behind a raw text whose first `#` or `"` stands at `from`, if it is one and no raw identifier.
fn after_raw(chars: &[char], from: usize) -> Option<usize> {
    let open = until(chars, from, |c| c != '#');
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', open - from))
        .collect();
    let length = chars[open + 1..].windows(end.len()).position(|window| window == end)?;
    Some(open + 1 + length + end.len())
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let found = |text: &str| -> Vec<String> {
        names(&["cache", "lock"], text)
            .iter()
            .map(|name| format!("{} {}", name.line, name.path.join("::")))
            .collect()
    };
    assert_eq!(found("use crate::a::B;\n\npub use crate::c;"), ["1 a::B", "3 c"]);
    assert_eq!(
        found("fn f(x: &crate::a::B) -> u8 { crate::c::d::<u8>() }"),
        ["1 a::B", "1 c::d"]
    );
    assert_eq!(
        found("use crate::a::{\n  B,\n  c::{self, D as E},\n  f::*,\n};"),
        ["2 a::B", "3 a::c", "3 a::c::D", "4 a::f::*"]
    );
    assert_eq!(
        found("use super::B;\nuse self::c::D;"),
        ["1 cache::B", "2 cache::lock::c::D"]
    );
    assert_eq!(
        found("mod tests { use super::*; fn f() {} }\nuse super::B;"),
        ["1 cache::lock::*", "2 cache::B"]
    );
    assert_eq!(found("#[x(crate::a)]\nvec![crate::b; 2]"), ["1 a", "2 b"]);
    assert_eq!(found("macro_rules! m { () => { $crate::a::B } }"), ["1 a::B"]);
}

#[test]
fn what_is_no_code_names_nothing() {
    for text in [
        "// crate::a\n/// [`crate::a`]\n//! crate::a",
        "/* crate::a /* crate::b */ crate::c */",
        "\"crate::a \\\" crate::b\"",
        "r#\"crate::a \" crate::b\"# br\"crate::c\" b\"crate::d\"",
        "'\\'' '\"' 'x' /* \" */ // crate::a",
        "fn f<'a>(x: &'a str) -> &'static str { \"crate::a\" }",
        "pub(crate) struct A; pub(super) fn r#type(self) { self.b(); Self::c() }",
    ] {
        assert_eq!(names(&["cache", "lock"], text), [], "{text}");
    }
    let lines: Vec<_> = names(&[], "/*\n*/ \"\n\n\" r#\"\n\"# '\\n' crate::a")
        .iter()
        .map(|name| name.line)
        .collect();
    assert_eq!(lines, [5]);
}

#[test]
fn forms_that_slip_past_a_simple_search_are_told() {
    for (text, form) in [
        ("use crate::{a, b};", Form::Grouped),
        ("use super::super::a;", Form::Climbing),
        ("use super::{super::a, B};", Form::Climbing),
        ("use self::super::a;", Form::Climbing),
        ("pub(in super::super) fn f() {}", Form::Climbing),
        ("use crate as it;", Form::Renamed),
        ("extern crate self as it;\nuse entra_token::a;", Form::Renamed),
    ] {
        assert!(
            names(&["cache", "lock"], text).iter().any(|name| name.form == form),
            "{text}"
        );
    }
}
