//! Tab separated values, by the rules of knack's `_TsvOutput`.
//!
//! A list is a line for each item, anything else is one line. A line holds the values of an object or a list, a tab
//! between them; inside it a list is its length and an object is empty, so that the number of columns stays. Nothing is
//! quoted or escaped. `None`, `True` and `False` are Python's; only a boolean that is a whole line is in lower case.

use serde_json::Value;

use crate::render::python;

pub(super) fn tsv(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Array(items) => items.iter().for_each(|item| row(item, &mut out)),
        _ => row(value, &mut out),
    }
    out
}

fn row(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => cells(items.iter(), out),
        Value::Object(map) => cells(map.values(), out),
        Value::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
        _ => cell(value, out),
    }
    out.push('\n');
}

fn cells<'a>(values: impl Iterator<Item = &'a Value>, out: &mut String) {
    for (at, value) in values.enumerate() {
        if at > 0 {
            out.push('\t');
        }
        cell(value, out);
    }
}

fn cell(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => out.push_str(&items.len().to_string()),
        Value::Object(_) => {}
        _ => out.push_str(&python::text(value)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_value_prints_as_in_az() {
        for (value, expected) in [
            (json!("eyJ"), "eyJ\n"),
            (json!(1_795_347_727_i64), "1795347727\n"),
            (json!(null), "None\n"),
            (json!(true), "true\n"),
            (json!([]), ""),
            (json!({}), "\n"),
            (json!([[]]), "\n"),
            (json!(["a", "b"]), "a\nb\n"),
            (json!([true, null, 1.0]), "true\nNone\n1.0\n"),
            (json!([["a", true, null, 2]]), "a\tTrue\tNone\t2\n"),
            (json!([{"a": [1, 2], "b": {"c": 1}, "d": "x"}]), "2\t\tx\n"),
            (json!({"a": "x", "b": false}), "x\tFalse\n"),
            (json!("two\nlines\tand a tab"), "two\nlines\tand a tab\n"),
        ] {
            assert_eq!(tsv(&value), expected, "{value}");
        }
    }
}
