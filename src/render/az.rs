//! What the real az prints for a result: which keys it sorts when.

use serde_json::Value;

use crate::render::Format;
use crate::render::Query;
use crate::render::QueryError;
use crate::render::render;
use crate::render::sorted;

/// The text that az prints for `value`, given in the order in which az builds it.
///
/// A null result prints nothing, in any format (knack `cli.py`). JSON and YAML sort keys always. TSV sorts those of an
/// ordinary dictionary, but keeps the order of one that the query built (`{b: x, a: y}`). A table sorts only if there
/// is no query (knack `output.py`, `query.py`).
///
/// One difference is known: in TSV, a query that builds an object *and* lists the keys or values of another by `*`,
/// `keys` or `values` sees the latter in alphabetical order.
///
/// # Errors
///
/// The query cannot be evaluated on this value.
pub fn az(value: &Value, query: Option<&Query>, format: Format) -> Result<String, QueryError> {
    let shown = match (query, format) {
        (None, Format::Table) => rows_sorted(value),
        (None, _) => sorted(value),
        (Some(query), Format::Table) => query.apply(value)?,
        (Some(query), Format::Tsv) if query.may_build_objects() => query.apply(&sorted(value))?,
        (Some(query), _) => sorted(&query.apply(value)?),
    };
    Ok(match shown {
        Value::Null => String::new(),
        _ => render(&shown, format),
    })
}

/// Sorts the keys of what becomes a line, not those of what is shown inside a cell.
fn rows_sorted(value: &Value) -> Value {
    match value {
        Value::Array(rows) => rows.iter().map(row_sorted).collect(),
        _ => row_sorted(value),
    }
}

fn row_sorted(row: &Value) -> Value {
    let mut row = row.clone();
    if let Value::Object(map) = &mut row {
        map.sort_keys();
    }
    row
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn print(query: &str, format: Format) -> String {
        let token = json!({
            "tokenType": "Bearer",
            "accessToken": "eyJ",
            "expires_on": 1_795_347_727_i64,
            "expiresOn": "2026-11-22 10:42:07.000000",
            "tags": [{"z": 1, "a": 2}],
        });
        let query = (!query.is_empty()).then(|| Query::parse(query).unwrap());
        az(&token, query.as_ref(), format).unwrap()
    }

    #[test]
    fn without_a_query_everything_is_sorted() {
        assert_eq!(
            print("", Format::Tsv),
            "eyJ\t2026-11-22 10:42:07.000000\t1795347727\t1\tBearer\n"
        );
        assert!(print("", Format::Table).starts_with("AccessToken    ExpiresOn  "));
        assert!(print("", Format::Json).starts_with("{\n  \"accessToken\": \"eyJ\",\n"));
        assert!(print("", Format::Yaml).starts_with("accessToken: eyJ\nexpiresOn: '2026-"));
    }

    #[test]
    fn the_queries_of_scripts() {
        assert_eq!(print("accessToken", Format::Tsv), "eyJ\n");
        assert_eq!(print("accessToken", Format::Json), "\"eyJ\"\n");
        assert_eq!(print("accessToken", Format::Yaml), "eyJ\n...\n");
        assert_eq!(print("[accessToken, expires_on]", Format::Tsv), "eyJ\n1795347727\n");
        assert_eq!(print("[[accessToken, expires_on]]", Format::Tsv), "eyJ\t1795347727\n");
    }

    #[test]
    fn an_object_that_the_query_builds_keeps_its_order_where_az_keeps_it() {
        let query = "{token: accessToken, exp: expires_on}";
        assert_eq!(print(query, Format::Tsv), "eyJ\t1795347727\n");
        assert_eq!(
            print(query, Format::Table),
            "Token    Exp\n-------  ----------\neyJ      1795347727\n"
        );
        assert_eq!(
            print(query, Format::Json),
            "{\n  \"exp\": 1795347727,\n  \"token\": \"eyJ\"\n}\n"
        );
        assert_eq!(print(query, Format::Yaml), "exp: 1795347727\ntoken: eyJ\n");
    }

    #[test]
    fn an_object_that_the_query_finds_is_sorted_in_tsv_only() {
        assert_eq!(print("tags", Format::Tsv), "2\t1\n");
        assert_eq!(print("tags", Format::Table), "Z    A\n---  ---\n1    2\n");
        assert_eq!(print("[tags[0], {b: `1`, a: `2`}]", Format::Tsv), "2\t1\n1\t2\n");
    }

    #[test]
    fn null_prints_nothing() {
        for (_, format) in Format::ALL {
            assert_eq!(print("nope.deeper", format), "");
        }
    }
}
