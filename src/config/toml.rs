//! TOML as a series of values, each with the path of keys that it stands under. No tree is built: a call for a token reads
//! the settings before anything else, and pays for each of them.

use std::borrow::Cow;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

/// Deepest nesting of lists and tables within a value.
const DEPTH: usize = 8;

/// What is told while a text is read. The last name of a path is the nearest.
pub(super) trait Listener {
    /// A table begins; an `element` is one of a list of tables.
    fn table(&mut self, path: &[Name<'_>], element: bool) -> Result<(), Fault>;

    /// A value; several in a row with one path if they stand in a list.
    fn value(&mut self, path: &[Name<'_>], value: Value) -> Result<(), Fault>;
}

/// One key.
pub(super) struct Name<'a> {
    /// The key itself.
    pub(super) text: Cow<'a, str>,
    /// Where it stands, as an offset in bytes.
    pub(super) at: usize,
}

/// A text, number, date or truth value, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    span: Span,
    encoding: Option<Encoding>,
    /// Whether it is an element of a list.
    pub(super) listed: bool,
}

/// What is wrong, and at which offset in bytes.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) why: String,
}

/// Reads a whole text.
///
/// # Errors
/// The first fault of the text, or else of the listener.
pub(super) fn read(text: &str, listener: &mut dyn Listener) -> Result<(), Fault> {
    if let Some(at) = control_character(text) {
        return Err(Fault {
            at,
            why: "a control character".to_owned(),
        });
    }
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut reader = Reader {
        source,
        listener,
        path: Vec::with_capacity(4),
        header: 0,
        open: Vec::new(),
        fault: None,
    };
    let mut broken: Option<ParseError> = None;
    parse_document(&tokens, &mut reader, &mut broken);
    match broken {
        Some(error) => Err(fault(&error)),
        None => reader.fault.map_or(Ok(()), Err),
    }
}

impl Value {
    /// Where it stands, as an offset in bytes.
    pub(super) fn at(self) -> usize {
        self.span.start()
    }

    /// Whether it is a text in quotes.
    pub(super) fn is_text(self) -> bool {
        self.encoding.is_some()
    }

    /// The text, or the digits of a decimal number without underscores; `None` for anything else. `text` is what was read.
    ///
    /// # Errors
    /// A wrong escape.
    pub(super) fn decode(self, text: &str) -> Result<Option<Cow<'_, str>>, Fault> {
        let source = Source::new(text);
        let Some(raw) = source.get(self.span) else {
            return Ok(None);
        };
        let raw = toml_parser::Raw::new_unchecked(raw.as_str(), self.encoding, self.span);
        let (mut decoded, mut broken) = (Cow::Borrowed(""), None);
        match (raw.decode_scalar(&mut decoded, &mut broken), broken) {
            (_, Some(error)) => Err(fault(&error)),
            (ScalarKind::String, None) => Ok(Some(decoded)),
            (ScalarKind::Integer(radix), None) if radix.value() == 10 => Ok(Some(decoded)),
            _ => Ok(None),
        }
    }
}

/// Where a character stands that no TOML may hold. The parser passes over those in comments and at the ends of lines, and
/// over those in values that nobody decodes.
fn control_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut each = bytes.iter().enumerate();
    let found = each.find(|(at, b)| match b {
        b'\t' | b'\n' => false,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        b => b.is_ascii_control(),
    });
    found.map(|(at, _)| at)
}

fn fault(error: &ParseError) -> Fault {
    let span = error.unexpected().or_else(|| error.context());
    Fault {
        at: span.map_or(0, |span| span.start()),
        why: error.description().to_owned(),
    }
}

/// Keeps the path while the parser goes through the text.
struct Reader<'a, 'l> {
    source: Source<'a>,
    listener: &'l mut dyn Listener,
    path: Vec<Name<'a>>,
    /// How many names of the path are the table's header.
    header: usize,
    /// The lists and tables within the value that is being read, the innermost last.
    open: Vec<Open>,
    fault: Option<Fault>,
}

enum Open {
    /// A table in a value: how long the path was before its keys.
    Table(usize),
    /// A list in a value: how many elements it has so far.
    List(usize),
}

impl Reader<'_, '_> {
    /// Notes the first fault; nothing is told after it.
    fn tell(&mut self, tell: impl FnOnce(&mut dyn Listener, &[Name<'_>]) -> Result<(), Fault>) {
        if self.fault.is_none() {
            self.fault = tell(self.listener, &self.path).err();
        }
    }

    fn in_list(&self) -> bool {
        matches!(self.open.last(), Some(Open::List(_)))
    }

    /// After a value its key no longer counts, unless it has more elements.
    fn done(&mut self) {
        match self.open.last_mut() {
            Some(Open::List(count)) => *count += 1,
            Some(Open::Table(before)) => self.path.truncate(*before),
            None => self.path.truncate(self.header),
        }
    }

    fn begin_header(&mut self) {
        self.path.clear();
        self.header = 0;
    }

    fn end_header(&mut self, element: bool) {
        self.header = self.path.len();
        self.tell(|listener, path| listener.table(path, element));
    }
}

impl EventReceiver for Reader<'_, '_> {
    fn std_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.begin_header();
    }

    fn std_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.end_header(false);
    }

    fn array_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.begin_header();
    }

    fn array_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.end_header(true);
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        if let Some(raw) = self.source.get(span) {
            toml_parser::Raw::new_unchecked(raw.as_str(), encoding, span).decode_key(&mut text, errors);
        }
        self.path.push(Name { text, at: span.start() });
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let value = Value {
            span,
            encoding,
            listed: self.in_list(),
        };
        self.tell(|listener, path| listener.value(path, value));
        self.done();
    }

    fn inline_table_open(&mut self, span: Span, errors: &mut dyn ErrorSink) -> bool {
        let element = self.in_list();
        self.tell(|listener, path| listener.table(path, element));
        self.open.push(Open::Table(self.path.len()));
        self.not_too_deep(span, errors)
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.open.pop();
        self.done();
    }

    fn array_open(&mut self, span: Span, errors: &mut dyn ErrorSink) -> bool {
        self.open.push(Open::List(0));
        self.not_too_deep(span, errors)
    }

    fn array_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        if let Some(Open::List(0)) = self.open.pop() {
            let at = span.start();
            self.tell(|_, _| {
                Err(Fault {
                    at,
                    why: "an empty list says nothing".to_owned(),
                })
            });
        }
        self.done();
    }
}

impl Reader<'_, '_> {
    fn not_too_deep(&self, span: Span, errors: &mut dyn ErrorSink) -> bool {
        if self.open.len() > DEPTH {
            errors.report_error(ParseError::new("nested too deep").with_unexpected(span));
        }
        self.open.len() <= DEPTH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table and value as a line.
    struct Lines<'a>(&'a str, Vec<String>);

    impl Lines<'_> {
        fn path(path: &[Name<'_>]) -> String {
            path.iter().map(|name| name.text.as_ref()).collect::<Vec<_>>().join("/")
        }
    }

    impl Listener for Lines<'_> {
        fn table(&mut self, path: &[Name<'_>], element: bool) -> Result<(), Fault> {
            self.1
                .push(format!("{}{}", if element { "+" } else { "" }, Self::path(path)));
            Ok(())
        }

        fn value(&mut self, path: &[Name<'_>], value: Value) -> Result<(), Fault> {
            let text = value.decode(self.0)?;
            let listed = if value.listed { "," } else { "" };
            self.1.push(format!(
                "{}={}{listed}",
                Self::path(path),
                text.as_deref().unwrap_or("?")
            ));
            Ok(())
        }
    }

    fn lines(text: &str) -> Result<Vec<String>, Fault> {
        let mut lines = Lines(text, vec![]);
        read(text, &mut lines)?;
        Ok(lines.1)
    }

    #[test]
    fn every_shape_of_toml() {
        let text = r#"
            a = "x\ty" # comment
            b.c = 'raw\t'
            d = [ "one", "two", # comment
                  { e = 1_000 } ]
            f = { g = "h", i.j = true }
            k = 0x10
            [l."m n"]
            o = """
two
lines"""
            [[p]]
            q = 'r'
            [[p]]
        "#;
        assert_eq!(
            lines(text).unwrap(),
            [
                "a=x\ty",
                "b/c=raw\\t",
                "d=one,",
                "d=two,",
                "+d",
                "d/e=1000",
                "f",
                "f/g=h",
                "f/i/j=?",
                "k=?",
                "l/m n",
                "l/m n/o=two\nlines",
                "+p",
                "p/q=r",
                "+p"
            ]
        );
    }

    #[test]
    fn faults_have_a_place() {
        let deep = format!("a = {}1{}", "[".repeat(1000), "]".repeat(1000));
        for (text, at) in [
            ("a = = 1", 4),
            ("a = 1\nb", 7),
            ("a = \"\\q\"", 6),
            ("a = []", 5),
            ("[a\nb = 1", 2),
            (deep.as_str(), 12),
            ("# \u{1b}[2J", 2),
            ("a = '\u{7f}'", 5),
            ("a = 1\r\n\rb = 2", 7),
        ] {
            let fault = lines(text).unwrap_err();
            assert_eq!(fault.at, at, "{text:.20}: {}", fault.why);
            assert!(!fault.why.is_empty());
        }
        assert!(lines("").unwrap().is_empty());
    }
}
