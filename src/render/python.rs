//! How Python writes a value, where az's output is Python's `str()` or `repr()`.

use serde_json::Number;
use serde_json::Value;

/// `str(number)`: whole numbers as they are, others as short as they can be read back.
pub(super) fn number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => self::float(float, number.to_string()),
        _ => number.to_string(),
    }
}

/// `repr(float)`: an exponent, of two digits at least, below 1e-4 and from 1e16 on.
fn float(float: f64, shortest: String) -> String {
    let tiny = float != 0.0 && float.abs() < 1e-4;
    if !tiny && !shortest.contains('e') {
        return shortest;
    }
    let scientific = format!("{float:e}");
    match scientific.split_once("e-") {
        Some((mantissa, exponent)) => format!("{mantissa}e-{exponent:0>2}"),
        None => scientific.replace('e', "e+"),
    }
}

/// `str(value)`: a string is itself, a list or a dictionary shows its items by `repr`.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => {
            let mut out = String::new();
            repr(value, &mut out);
            out
        }
    }
}

/// `str.splitlines()`.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let is_end = |c: char| matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(is_end).unwrap_or(rest.len());
        lines.push(&rest[..end]);
        let tail = &rest[end..];
        let mut after = tail.chars();
        after.next();
        rest = tail.strip_prefix("\r\n").unwrap_or(after.as_str());
    }
    lines
}

fn repr(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(&self::number(number)),
        Value::String(text) => quoted(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                repr(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                quoted(key, out);
                out.push_str(": ");
                repr(item, out);
            }
            out.push('}');
        }
    }
}

/// Single quotes, unless only double ones save an escape. Control characters are escaped; Python also escapes other
/// characters that it holds unprintable, which are left as they are here.
fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if character == quote => out.extend(['\\', quote]),
            _ if character.is_control() => {
                out.push_str(&format!("\\x{:02x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_look_as_in_python() {
        for (value, expected) in [
            (json!(1_795_347_727_i64), "1795347727"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(1.0), "1.0"),
            (json!(-0.0), "-0.0"),
            (json!(1.5), "1.5"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1e-05"),
            (json!(123_456_789_012_345.6), "123456789012345.6"),
            (json!(1e15), "1000000000000000.0"),
            (json!(1e16), "1e+16"),
            (json!(1.5e300), "1.5e+300"),
        ] {
            assert_eq!(text(&value), expected);
        }
    }

    #[test]
    fn lines_end_at_more_than_a_newline() {
        assert_eq!(lines("a\r\nb\r\rc\u{2028}d\n"), ["a", "b", "", "c", "d"]);
        assert!(lines("").is_empty());
    }

    #[test]
    fn nested_values_are_shown_by_repr() {
        let value = json!([null, true, "x'y", "a\"'\n\u{1}", {"k": [1.0]}]);
        assert_eq!(text(&value), "[None, True, \"x'y\", 'a\"\\'\\n\\x01', {'k': [1.0]}]");
    }
}
