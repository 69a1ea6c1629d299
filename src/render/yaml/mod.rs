//! YAML in block style: what PyYAML's `safe_dump` writes with `default_flow_style=False, allow_unicode=True`, which is
//! what az prints.
//!
//! Own code, because no crate writes it so: PyYAML follows YAML 1.1, where `yes`, `1_0`, `10:30` and `2026-11-22
//! 10:42:07` are not strings unless quoted, and it breaks texts at 80 columns. PyYAML's anchors (for one Python object
//! that is shown twice) are left out: a value here has no identity.

mod implicit;
mod scalar;

use serde_json::Value;

use crate::render::python;
use scalar::Style;

/// A key is written before its colon if it is shorter than this, together with the tag `!!str`.
const SIMPLE_KEY: usize = 128 - "!!str".len();
const INDENT: usize = 2;

pub(super) fn yaml(value: &Value) -> String {
    let mut writer = Writer::default();
    let open = writer.node(value, None, Place::Elsewhere);
    writer.start_line(0);
    if open {
        writer.out.push_str("...\n");
    }
    writer.out
}

/// What a node stands in, as far as it matters for how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The value or the long key of a mapping: a list inside needs no indent of its own.
    Mapping,
    Elsewhere,
}

/// The text so far, and where on its last line we are.
#[derive(Default)]
struct Writer {
    out: String,
    column: usize,
    /// The last thing written was white.
    white: bool,
    /// The line holds nothing but indent and indicators that count as such (`-`, `?`, `:`).
    indention: bool,
}

impl Writer {
    /// Writes a node whose parent is indented by `indent`. True if a plain text could go on in the next line: only
    /// `...` ends it.
    fn node(&mut self, value: &Value, indent: Option<usize>, place: Place) -> bool {
        match value {
            Value::Array(items) if items.is_empty() => self.indicator("[]", true, false),
            Value::Object(map) if map.is_empty() => self.indicator("{}", true, false),
            Value::Array(items) => {
                let indent = match indent {
                    Some(indent) if place == Place::Mapping && !self.indention => indent,
                    Some(indent) => indent + INDENT,
                    None => 0,
                };
                for item in items {
                    self.start_line(indent);
                    self.indicator("-", true, true);
                    self.node(item, Some(indent), Place::Elsewhere);
                }
            }
            Value::Object(map) => {
                let indent = indent.map_or(0, |indent| indent + INDENT);
                for (key, item) in map {
                    self.start_line(indent);
                    self.key(key, indent);
                    self.node(item, Some(indent), Place::Mapping);
                }
            }
            _ => {
                let indent = indent.unwrap_or(0) + INDENT;
                let style = self.scalar(value, indent);
                return style == Style::Plain;
            }
        }
        false
    }

    fn key(&mut self, key: &str, indent: usize) {
        let analysis = scalar::Analysis::of(key);
        if key.is_empty() || analysis.lines || key.chars().count() >= SIMPLE_KEY {
            self.indicator("?", true, true);
            self.text(key, analysis.style(), Some(indent + INDENT));
            self.start_line(indent);
            self.indicator(":", true, true);
        } else {
            self.text(key, analysis.style(), None);
            self.indicator(":", false, false);
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize) -> Style {
        let (text, style) = match value {
            Value::Null => ("null".to_owned(), Style::Plain),
            Value::Bool(boolean) => (boolean.to_string(), Style::Plain),
            Value::Number(number) => (float(python::number(number)), Style::Plain),
            Value::String(text) => (text.clone(), scalar::Analysis::of(text).style()),
            Value::Array(_) | Value::Object(_) => return Style::Double,
        };
        self.text(&text, style, Some(indent));
        style
    }

    /// Writes an indicator, after a blank if it needs one.
    fn indicator(&mut self, indicator: &str, needs_blank: bool, indention: bool) {
        if needs_blank && !self.white && self.column > 0 {
            self.push(" ");
        }
        self.push(indicator);
        self.white = false;
        self.indention &= indention;
    }

    /// Goes to a new line, unless this one is still empty up to the indent.
    fn start_line(&mut self, indent: usize) {
        let fresh = self.column == 0 || self.indention && self.column < indent;
        let fresh = fresh || self.indention && self.column == indent && self.white;
        if !fresh {
            self.break_line('\n');
        }
        while self.column < indent {
            self.push(" ");
            self.white = true;
        }
        if self.column == 0 {
            self.indention = true;
        }
    }

    fn break_line(&mut self, with: char) {
        self.out.push(with);
        self.column = 0;
        self.white = true;
        self.indention = true;
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }
}

/// YAML 1.1 takes `1e+16` for a string: there must be a point.
fn float(number: String) -> String {
    if number.contains('.') {
        number
    } else {
        number.replace('e', ".0e")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn collections_are_laid_out_as_by_pyyaml() {
        let value = json!({
            "a": [1, [2, 3], {"b": null, "c": []}, []],
            "d": {"e": {}, "f": {"g": true}},
            "h": [[["x"]]],
        });
        assert_eq!(
            yaml(&value),
            concat!(
                "a:\n- 1\n- - 2\n  - 3\n- b: null\n  c: []\n- []\n",
                "d:\n  e: {}\n  f:\n    g: true\n",
                "h:\n- - - x\n"
            )
        );
        assert_eq!(yaml(&json!([])), "[]\n");
        assert_eq!(yaml(&json!({})), "{}\n");
        assert_eq!(yaml(&json!([["a"], {"k": ["b"]}])), "- - a\n- k:\n  - b\n");
    }

    #[test]
    fn a_lone_plain_value_is_ended_by_dots() {
        assert_eq!(yaml(&json!("eyJ")), "eyJ\n...\n");
        assert_eq!(yaml(&json!(12)), "12\n...\n");
        assert_eq!(yaml(&json!(null)), "null\n...\n");
        assert_eq!(yaml(&json!("12")), "'12'\n");
    }

    #[test]
    fn keys_that_cannot_stand_before_a_colon_get_a_question_mark() {
        assert_eq!(yaml(&json!({"": 1})), "? ''\n: 1\n");
        assert_eq!(yaml(&json!({"a\nb": [1]})), "? 'a\n\n  b'\n: - 1\n");
        assert_eq!(
            yaml(&json!({"yes": 1, "a: b": 2, "1": 3})),
            "'yes': 1\n'a: b': 2\n'1': 3\n"
        );
        let long = "k".repeat(123);
        assert_eq!(yaml(&json!({long.clone(): {"a": 1}})), format!("? {long}\n: a: 1\n"));
        let short = "k".repeat(122);
        assert_eq!(yaml(&json!({short.clone(): 1})), format!("{short}: 1\n"));
    }

    #[test]
    fn numbers_read_back_as_numbers() {
        let value = json!([1_795_347_727_i64, -1, 1.0, 1e16, 1.5e300, 1e-5]);
        assert_eq!(
            yaml(&value),
            "- 1795347727\n- -1\n- 1.0\n- 1.0e+16\n- 1.5e+300\n- 1.0e-05\n"
        );
    }
}
