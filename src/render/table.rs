//! Tables for people, by the rules of knack's `_TableOutput` and tabulate's format `simple`.
//!
//! An object is a line; its keys are the titles, the first letter made a capital. `id`, `type`, `etag`, null, lists and
//! objects are left out. A list inside the list gets `Column1`, `Column2`, …; anything else stands under `Result`. A
//! column is at least two wider than its title. Width is counted in characters, as tabulate does without its optional
//! `wcwidth`.

use serde_json::Value;

use crate::render::python;

const LEFT_OUT: [&str; 3] = ["id", "type", "etag"];
const BEYOND_TITLE: usize = 2;
const BETWEEN: &str = "  ";
const LINE_ENDS: [char; 2] = ['\r', '\n'];

pub(super) fn table(value: &Value) -> String {
    let mut table = Table::default();
    match value {
        Value::Array(items) => items.iter().for_each(|item| table.add(item)),
        _ => table.add(value),
    }
    table.print()
}

#[derive(Default)]
struct Table {
    titles: Vec<String>,
    rows: Vec<Vec<(usize, String)>>,
}

impl Table {
    fn add(&mut self, item: &Value) {
        let row = match item {
            Value::Object(map) => map
                .iter()
                .filter(|(key, value)| !LEFT_OUT.contains(&key.as_str()) && is_plain(value))
                .map(|(key, value)| (self.column(capitalized(key)), cell(value)))
                .collect(),
            Value::Array(values) => values
                .iter()
                .enumerate()
                .map(|(at, value)| (self.column(format!("Column{}", at + 1)), cell(value)))
                .collect(),
            _ => vec![(self.column("Result".to_owned()), cell(item))],
        };
        self.rows.push(row);
    }

    fn column(&mut self, title: String) -> usize {
        let known = self.titles.iter().position(|have| *have == title);
        known.unwrap_or_else(|| {
            self.titles.push(title);
            self.titles.len() - 1
        })
    }

    fn print(&self) -> String {
        if self.titles.is_empty() {
            return "\n".to_owned();
        }
        let cells = || self.rows.iter().flatten();
        let lines = cells().map(|(_, cell)| cell).chain(&self.titles);
        let mut page = Page {
            out: String::new(),
            widths: Vec::new(),
            many_lines: lines.into_iter().any(|text| text.contains(LINE_ENDS)),
        };
        page.widths = self.titles.iter().map(|title| width(title) + BEYOND_TITLE).collect();
        for (column, cell) in cells() {
            page.widths[*column] = page.widths[*column].max(width(cell.trim_matches(is_blank)));
        }
        page.row(
            &self
                .titles
                .iter()
                .map(|title| title.split(LINE_ENDS).collect())
                .collect::<Vec<_>>(),
        );
        page.dashes();
        for row in &self.rows {
            let mut parts = vec![page.parts(""); self.titles.len()];
            for (column, cell) in row {
                parts[*column] = page.parts(cell.trim_matches(is_blank));
            }
            page.row(&parts);
        }
        page.out
    }
}

struct Page {
    out: String,
    widths: Vec<usize>,
    /// Some cell has line breaks: then each is cut at them, and a line without any text vanishes.
    many_lines: bool,
}

impl Page {
    fn parts<'a>(&self, cell: &'a str) -> Vec<&'a str> {
        if self.many_lines {
            python::lines(cell)
        } else {
            vec![cell]
        }
    }

    /// One line of the table; more where a cell has more.
    fn row(&mut self, cells: &[Vec<&str>]) {
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for nth in 0..height {
            let start = self.out.len();
            for (at, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
                self.out.push_str(if at > 0 { BETWEEN } else { "" });
                let part = cell.get(nth).copied().unwrap_or_default();
                self.out.push_str(part);
                let missing = width.saturating_sub(part.chars().count());
                self.out.extend(std::iter::repeat_n(' ', missing));
            }
            let end = start + self.out[start..].trim_end_matches(is_blank).len();
            self.out.truncate(end);
            self.out.push('\n');
        }
    }

    fn dashes(&mut self) {
        let dashes: Vec<String> = self.widths.iter().map(|width| "-".repeat(*width)).collect();
        self.out.push_str(&dashes.join(BETWEEN));
        self.out.push('\n');
    }
}

fn width(text: &str) -> usize {
    let widths = text.split(LINE_ENDS).map(|line| line.chars().count());
    widths.max().unwrap_or_default()
}

/// What Python's `strip` takes off.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Array(_) | Value::Object(_))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        _ => python::text(value),
    }
}

fn capitalized(key: &str) -> String {
    let mut rest = key.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_a_line_under_its_keys() {
        let value = json!({"accessToken": "eyJ", "expires_on": 1_795_347_727_i64, "f": 1.5, "t": true});
        assert_eq!(
            table(&value),
            concat!(
                "AccessToken    Expires_on    F    T\n",
                "-------------  ------------  ---  ----\n",
                "eyJ            1795347727    1.5  True\n"
            )
        );
    }

    #[test]
    fn what_has_no_column_is_left_out() {
        let value = json!([{"id": "1", "type": "t", "etag": "e", "a": null, "l": [1], "o": {}, "n": "x"}]);
        assert_eq!(table(&value), "N\n---\nx\n");
        for nothing in [json!([]), json!({}), json!([{}]), json!({"id": 1})] {
            assert_eq!(table(&nothing), "\n");
        }
    }

    #[test]
    fn rows_may_have_different_keys() {
        let value = json!([{"a": "long enough"}, {"b": "y"}, {"a": "z"}]);
        assert_eq!(
            table(&value),
            "A            B\n-----------  ---\nlong enough\n             y\nz\n"
        );
    }

    #[test]
    fn scalars_and_lists_get_titles_of_their_own() {
        assert_eq!(table(&json!("é")), "Result\n--------\né\n");
        assert_eq!(table(&json!([null])), "Result\n--------\n\n");
        assert_eq!(
            table(&json!([["a", [1, "x'y"], {"k": null}]])),
            concat!(
                "Column1    Column2     Column3\n",
                "---------  ----------  -----------\n",
                "a          [1, \"x'y\"]  {'k': None}\n"
            )
        );
    }

    #[test]
    fn cells_are_trimmed_and_may_have_lines() {
        let value = json!([{"a": "x\ny", "b": "z"}, {}, {"a": "  lead"}, {"b": true}]);
        assert_eq!(table(&value), "A     B\n----  ----\nx     z\ny\nlead\n      True\n");
    }
}
