//! `--query`: JMESPath as the real az understands it, by the crate `jpx-core`.
//!
//! az uses the Python package `jmespath`. Three of its habits are added to the crate's: functions of whole numbers give
//! whole numbers and `to_string` writes ASCII (`functions.rs`), and a literal that is not JSON is taken as a string (``
//! [?name == `x`] ``), which the specification has dropped and old scripts still use. What stays different: a forgotten
//! comma in a list (`[a b]`) is forgiven, an index beyond 32 bits is an error, whole numbers beyond 64 bits are
//! rounded, and comparing a string with a number by `<` gives null where Python's package breaks off.

use std::error::Error;
use std::fmt;
use std::sync::LazyLock;

use jpx_core::ErrorReason;
use jpx_core::Expression;
use jpx_core::JmespathError;
use jpx_core::Runtime;
use jpx_core::RuntimeError;
use jpx_core::ast::Ast;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::render::functions;

/// A JMESPath expression, parsed once.
#[derive(Clone, Debug)]
pub struct Query {
    source: Source,
    ast: Ast,
}

/// How many brackets may stand in each other, as the crate has it.
const DEEPEST: usize = 128;

/// The table of functions; nobody pays for it who asks no query.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(functions::runtime);

impl Query {
    /// # Errors
    ///
    /// The expression is not JMESPath; the error says where.
    pub fn parse(expression: &str) -> Result<Self, QueryError> {
        let source = Source::new(expression);
        if let Some(at) = too_deep(expression) {
            return Err(source.problem("too deep a nesting".to_owned(), &expression[..at]));
        }
        match jpx_core::parse(&source.parsed) {
            Ok(ast) => Ok(Self { source, ast }),
            Err(error) => Err(source.error(&error)),
        }
    }

    /// What the expression finds in `value`: null if it finds nothing.
    ///
    /// # Errors
    ///
    /// A function is unknown, or gets something it cannot work on.
    pub fn apply(&self, value: &Value) -> Result<Value, QueryError> {
        Expression::new(self.source.parsed.as_str(), self.ast.clone(), &RUNTIME)
            .search(value)
            .map_err(|error| self.source.error(&error))
    }

    /// Whether it may hold a multi-select hash (`{b: x}`), which builds an object with an order of its own.
    pub(super) fn may_build_objects(&self) -> bool {
        self.source.typed.contains('{')
    }
}

/// Why an expression could not be parsed or applied: never shows anything of the value it was applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    problem: String,
    column: usize,
    expression: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            problem,
            column,
            expression,
        } = self;
        let expression = expression.replace(char::is_control, " ");
        write!(f, "{problem} at column {column} of the query `{expression}`")
    }
}

impl Error for QueryError {}

/// An expression as it was typed and as it is parsed: with quotes around literals that lack them.
#[derive(Clone, Debug)]
struct Source {
    typed: String,
    parsed: String,
    /// Where, in `parsed`, a quote was put in.
    added: Vec<usize>,
}

impl Source {
    fn new(typed: &str) -> Self {
        let mut source = Self {
            typed: typed.to_owned(),
            parsed: String::with_capacity(typed.len()),
            added: Vec::new(),
        };
        let mut rest = typed;
        while let Some(open) = rest.find(['\'', '"', '`']) {
            let Some(length) = quoted_length(&rest[open..]) else {
                break;
            };
            let close = open + length;
            let part = &rest[..close];
            rest = &rest[close..];
            if part[open..].starts_with('`') {
                source.push_literal(part, open);
            } else {
                source.parsed.push_str(part);
            }
        }
        source.parsed.push_str(rest);
        source
    }

    /// Takes over `part`, which ends with a literal that starts at `open`.
    fn push_literal(&mut self, part: &str, open: usize) {
        let inside = &part[open + 1..part.len() - 1];
        let bare = inside.trim_start();
        let text = format!("\"{bare}\"");
        if is_json(inside) || !is_json(&text) {
            self.parsed.push_str(part);
            return;
        }
        self.parsed.push_str(&part[..part.len() - 1 - bare.len()]);
        self.added.push(self.parsed.len());
        self.parsed.push_str(&text);
        self.added.push(self.parsed.len() - 1);
        self.parsed.push('`');
    }

    fn error(&self, error: &JmespathError) -> QueryError {
        let added = self.added.iter().filter(|at| **at < error.offset).count();
        let at = (error.offset - added).min(self.typed.len());
        let before = self.typed.get(..at).unwrap_or(&self.typed);
        let after = &self.typed[before.len()..];
        let (problem, before) = match &error.reason {
            ErrorReason::Parse(said) => (syntax(said, after), before),
            // The offset is that of the bracket after the name of the function.
            ErrorReason::Runtime(reason) => {
                let start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                (fault(reason, &before[start.len()..]), start)
            }
            _ => ("an error".to_owned(), before),
        };
        self.problem(problem, before)
    }

    fn problem(&self, problem: String, before: &str) -> QueryError {
        QueryError {
            problem,
            column: before.chars().count() + 1,
            expression: self.typed.clone(),
        }
    }
}

/// Where brackets stand in more than [`DEEPEST`] others. The crate counts those that begin an expression, and overflows the
/// stack on those that go on with one (`a[?a[?a[?`).
fn too_deep(expression: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = expression.get(at..).filter(|rest| !rest.is_empty()) {
        match rest.as_bytes()[0] {
            b'(' | b'[' | b'{' if depth == DEEPEST => return Some(at),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            // One that does not end is told by the parser.
            b'\'' | b'"' | b'`' => at += quoted_length(rest)? - 1,
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// The length of the quoted text at the start, quotes included; a backslash takes the quote after it.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.bytes().next()?;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        if escaped {
            escaped = false;
        } else if byte == b'\\' {
            escaped = true;
        } else if byte == quote {
            return Some(at + 1);
        }
    }
    None
}

fn is_json(literal: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(&literal.replace("\\`", "`")).is_ok()
}

/// The crate speaks of its own tokens (`Lparen`); what stands there says it better.
fn syntax(said: &str, after: &str) -> String {
    let found = after.chars().next();
    match found {
        _ if said.contains("maximum depth") => "too deep a nesting".to_owned(),
        Some(quote) if said.starts_with("Unclosed") => format!("unclosed `{quote}`"),
        Some('`') => "a literal that is not JSON".to_owned(),
        Some('"') if said.starts_with("Unable") => "a name that is not a JSON string".to_owned(),
        Some(found) => format!("unexpected `{found}`"),
        None => "unexpected end".to_owned(),
    }
}

fn fault(reason: &RuntimeError, function: &str) -> String {
    match reason {
        RuntimeError::InvalidSlice => "a slice with a step of 0".to_owned(),
        RuntimeError::TooManyArguments { expected, actual } | RuntimeError::NotEnoughArguments { expected, actual } => {
            let plural = if *expected == 1 { "" } else { "s" };
            format!("`{function}` takes {expected} argument{plural} and gets {actual}")
        }
        RuntimeError::UnknownFunction(name) => format!("unknown function `{name}`"),
        RuntimeError::InvalidType {
            expected,
            actual,
            position,
        } => {
            let nth = position + 1;
            format!("`{function}` takes {expected} as argument {nth} and gets {actual}")
        }
        RuntimeError::InvalidReturnType {
            expected,
            actual,
            position,
            ..
        } => {
            let nth = position + 1;
            format!("`{function}` wants argument {nth} to give {expected}, and it gives {actual}")
        }
        RuntimeError::RecursionLimitExceeded { .. } => "too deep a nesting".to_owned(),
        _ => "an error".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(expression: &str) -> Value {
        let value = json!({
            "token": "eyJ", "exp": 1_795_347_727_i64, "none": null, "n": [3, 1, 2],
            "list": [{"name": "x", "id": 1}, {"name": "y", "id": 2}],
        });
        Query::parse(expression).unwrap().apply(&value).unwrap()
    }

    fn refused(expression: &str) -> String {
        let error = match Query::parse(expression) {
            Err(error) => error,
            Ok(query) => query
                .apply(&json!({"token": "SECRET", "n": ["SECRET", 1]}))
                .unwrap_err(),
        };
        error.to_string()
    }

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(find("exp").to_string(), "1795347727");
        assert_eq!(
            find("{a: exp, b: [exp]}").to_string(),
            r#"{"a":1795347727,"b":[1795347727]}"#
        );
        assert_eq!(find("max(n)").to_string(), "3");
    }

    #[test]
    fn an_object_is_built_in_the_order_of_the_query() {
        assert_eq!(find("{b: token, a: exp}").to_string(), r#"{"b":"eyJ","a":1795347727}"#);
        assert_eq!(
            find("list[].{name: name, id: id} | [0]").to_string(),
            r#"{"name":"x","id":1}"#
        );
    }

    #[test]
    fn a_literal_without_quotes_is_a_string() {
        assert_eq!(find("list[?name == `x`].id"), json!([1]));
        assert_eq!(find("list[?name==`\"x\"`].id"), json!([1]));
        assert_eq!(find("list[?id==`1`].id"), json!([1]));
        assert_eq!(find("[` x y`, 'a`b`', `a\\`b`, ``]"), json!(["x y", "a`b`", "a`b", ""]));
        assert_eq!(
            refused("[`x`, `y` ."),
            "unexpected end at column 12 of the query `[`x`, `y` .`"
        );
    }

    #[test]
    fn a_syntax_error_says_where() {
        for (expression, problem) in [
            ("foo..bar", "unexpected `.` at column 5"),
            ("foo.", "unexpected end at column 5"),
            ("", "unexpected end at column 1"),
            ("foo bar", "unexpected `b` at column 5"),
            ("é", "unexpected `é` at column 1"),
            ("'é' é", "unexpected `é` at column 5"),
            ("[?a == 'x]", "unclosed `'` at column 8"),
            ("a[1", "unexpected end at column 4"),
            ("`\"\\q`", "a literal that is not JSON at column 1"),
        ] {
            assert_eq!(refused(expression), format!("{problem} of the query `{expression}`"));
        }
        let deep = "(".repeat(5000);
        assert!(refused(&deep).starts_with("too deep a nesting at column "));
        assert!(refused(&"a.".repeat(50_000)).starts_with("too deep a nesting at column "));
        for open in ["a[?", "a(", "a.{b:", "é && a["] {
            assert!(refused(&open.repeat(50_000)).starts_with("too deep a nesting at column "));
        }
        assert_eq!(find(&format!("'{}'", "[".repeat(500))), json!("[".repeat(500)));
        assert_eq!(
            find(&format!("{}exp{}", "not_null(".repeat(100), ")".repeat(100))),
            1_795_347_727_i64
        );
    }

    #[test]
    fn a_fault_tells_types_and_no_values() {
        for (expression, problem) in [
            ("nope(@)", "unknown function `nope` at column 1"),
            ("n[::0]", "a slice with a step of 0 at column "),
            (
                "token | sum(@)",
                "`sum` takes array[number] as argument 1 and gets string at column 9",
            ),
            ("length(token, n)", "`length` takes 1 argument and gets 2 at column 1"),
            (
                "join(',', n)",
                "`join` takes array[string] as argument 2 and gets array at column 1",
            ),
        ] {
            let error = refused(expression);
            assert!(error.starts_with(problem), "{error}");
            assert!(!error.contains("SECRET"), "{error}");
        }
        assert!(!refused("sort_by(n, &@)").contains("SECRET"));
    }
}
