//! JSON: indented as az prints it, or on one line.
//!
//! Strings are copied in runs, so that a token of 2 kB is one comparison per byte and one copy. Numbers look as
//! Python's `json` writes them (`1e+16`, `1.0`), because az is written in Python.

use serde_json::Value;

use crate::render::python;

/// Which characters of a string are written as `\u` escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Only those that JSON forbids in a string. This is what az does (`ensure_ascii=False`).
    Needed,
    /// Everything outside ASCII too, for readers who decode with whatever charset their machine has (Java).
    Ascii,
}

/// Two spaces of indent and a newline at the end.
#[must_use]
pub fn pretty(value: &Value, escapes: Escapes) -> String {
    let mut writer = Writer::new(escapes, true);
    writer.value(value);
    writer.out.push('\n');
    writer.out
}

/// No space, no newline: for protocols that send a message a line.
#[must_use]
pub fn one_line(value: &Value, escapes: Escapes) -> String {
    let mut writer = Writer::new(escapes, false);
    writer.value(value);
    writer.out
}

struct Writer {
    out: String,
    escapes: Escapes,
    indented: bool,
    depth: usize,
}

impl Writer {
    fn new(escapes: Escapes, indented: bool) -> Self {
        Self {
            out: String::with_capacity(4096),
            escapes,
            indented,
            depth: 0,
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => self.out.push_str(&python::number(number)),
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.out.push('[');
                self.depth += 1;
                for (at, item) in items.iter().enumerate() {
                    self.separate(at);
                    self.value(item);
                }
                self.close(']', items.is_empty());
            }
            Value::Object(map) => {
                self.out.push('{');
                self.depth += 1;
                for (at, (key, item)) in map.iter().enumerate() {
                    self.separate(at);
                    self.string(key);
                    self.out.push_str(if self.indented { ": " } else { ":" });
                    self.value(item);
                }
                self.close('}', map.is_empty());
            }
        }
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push(',');
        }
        self.line();
    }

    fn close(&mut self, bracket: char, empty: bool) {
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.indented {
            self.out.push('\n');
            for _ in 0..self.depth {
                self.out.push_str("  ");
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = self.first_escape(rest.as_bytes()) {
            // A byte that needs an escape is ASCII or the first of a character: both are borders.
            let (run, tail) = rest.split_at(at);
            self.out.push_str(run);
            let mut chars = tail.chars();
            if let Some(character) = chars.next() {
                self.escape(character);
            }
            rest = chars.as_str();
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    /// Looks at 64 bytes at once, without a branch for each: a token needs no escape.
    fn first_escape(&self, bytes: &[u8]) -> Option<usize> {
        let ascii = self.escapes == Escapes::Ascii;
        let needed = |byte: &u8| (*byte < 0x20) | (*byte == b'"') | (*byte == b'\\') | (ascii & (*byte >= 0x7f));
        let clean = |chunk: &&[u8]| !chunk.iter().fold(false, |any, byte| any | needed(byte));
        let skipped = 64 * bytes.chunks_exact(64).take_while(clean).count();
        let found = bytes[skipped..].iter().position(needed);
        found.map(|at| skipped + at)
    }

    fn escape(&mut self, character: char) {
        match character {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\u{8}' => self.out.push_str("\\b"),
            '\u{c}' => self.out.push_str("\\f"),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    self.out.push_str("\\u");
                    for shift in [12, 8, 4, 0] {
                        let digit = u32::from(*unit >> shift & 0xf);
                        self.out.extend(char::from_digit(digit, 16));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn indent_and_newline_are_those_of_az() {
        let value = json!({"a": [], "b": {}, "c": [1, {"d": null}], "e": true, "f": 1_795_347_727_i64});
        assert_eq!(
            pretty(&value, Escapes::Needed),
            concat!(
                "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    1,\n    {\n      \"d\": null\n    }\n  ],\n",
                "  \"e\": true,\n  \"f\": 1795347727\n}\n"
            )
        );
        assert_eq!(pretty(&json!("x"), Escapes::Needed), "\"x\"\n");
        assert_eq!(pretty(&json!(null), Escapes::Needed), "null\n");
    }

    #[test]
    fn one_line_has_no_blank_and_no_newline() {
        assert_eq!(
            one_line(&json!({"a": [1, "x y"], "b": {}}), Escapes::Needed),
            r#"{"a":[1,"x y"],"b":{}}"#
        );
    }

    #[test]
    fn strings_are_escaped_as_python_does() {
        let value = json!("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é€😀");
        assert_eq!(
            one_line(&value, Escapes::Needed),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é€😀\""
        );
        assert_eq!(
            one_line(&value, Escapes::Ascii),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\\u00e9\\u20ac\\ud83d\\ude00\""
        );
    }

    #[test]
    fn whatever_is_written_reads_back() {
        let value = json!({"k\u{e9}\n": ["😀", -0.5, 1e300, u64::MAX, i64::MIN, {"": ""}]});
        for escapes in [Escapes::Needed, Escapes::Ascii] {
            for text in [pretty(&value, escapes), one_line(&value, escapes)] {
                assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            }
        }
        assert!(one_line(&value, Escapes::Ascii).is_ascii());
    }
}
