//! Values as text: json, tsv, table, yaml, and `--query`.
//!
//! Plain functions from a [`Value`] to the complete text, its last newline included. Nothing is printed here, nothing
//! is read, and nothing that is in a value reaches an error, since the value may be a token. The rules are those of the
//! real `az`, whose output thousands of scripts cut up: knack's `output.py` (0.14.0), tabulate and PyYAML below it,
//! read and compared byte for byte. Objects are printed in the order they have; [`sorted`] and [`az()`] give az's
//! order.

mod az;
mod functions;
pub mod json;
mod python;
mod query;
mod table;
mod tame;
mod tsv;
mod yaml;

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

pub use az::az;
pub use query::{Query, QueryError};
pub use tame::tame;

/// A form in which a value can be printed: what `--output` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// Two spaces of indent.
    #[default]
    Json,
    /// A line for each item, a tab between its values.
    Tsv,
    /// Columns with titles, for people.
    Table,
    /// YAML 1.1 in block style.
    Yaml,
    /// Nothing at all.
    None,
}

impl Format {
    /// Every format with the name it goes by.
    pub const ALL: [(&'static str, Self); 5] = [
        ("json", Self::Json),
        ("tsv", Self::Tsv),
        ("table", Self::Table),
        ("yaml", Self::Yaml),
        ("none", Self::None),
    ];
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Names are taken in any case, as az does.
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|&(_, format)| format)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// A name that is no [`Format`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an output format: choose ", self.0)?;
        for (at, (name, _)) in Format::ALL.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}`{name}`")?;
        }
        Ok(())
    }
}

impl Error for UnknownFormat {}

/// The whole text of a value, objects in the order they have.
#[must_use]
pub fn render(value: &Value, format: Format) -> String {
    match format {
        Format::Json => json::pretty(value, json::Escapes::Needed),
        Format::Tsv => tsv::tsv(value),
        Format::Table => table::table(value),
        Format::Yaml => yaml::yaml(value),
        Format::None => String::new(),
    }
}

/// The same value with the keys of every object in alphabetical order (by code point, as Python sorts).
#[must_use]
pub fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn formats_are_known_by_name_in_any_case() {
        assert_eq!("json".parse(), Ok(Format::Json));
        assert_eq!("TSV".parse(), Ok(Format::Tsv));
        let error = "xml".parse::<Format>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`xml` is not an output format: choose `json`, `tsv`, `table`, `yaml`, `none`"
        );
    }

    #[test]
    fn declared_order_is_kept_unless_sorted() {
        let value = json!({"token": 1, "expiry": {"z": 1, "a": 2}});
        assert_eq!(render(&value, Format::Tsv), "1\t\n");
        assert_eq!(
            json::one_line(&value, json::Escapes::Needed),
            r#"{"token":1,"expiry":{"z":1,"a":2}}"#
        );
        assert_eq!(
            json::one_line(&sorted(&value), json::Escapes::Needed),
            r#"{"expiry":{"a":2,"z":1},"token":1}"#
        );
    }

    #[test]
    fn none_prints_nothing() {
        assert_eq!(render(&json!({"a": 1}), Format::None), "");
    }
}
