//! The forms in which an answer is printed.

use super::bad;
use super::body::is_json;
use crate::cli::Answer;
use crate::error::Error;
use crate::render::{Format, Query, render, tame};
use crate::world::http::Response;
use serde_json::Value;
use zeroize::Zeroizing;

/// A form of the answer; the help of `api` tells what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    Json,
    Yaml,
    Tsv,
    Table,
    Raw,
}

/// An answer of success; with `include` its head before it.
pub(super) fn answer(
    response: Response,
    form: Option<Form>,
    query: Option<&Query>,
    include: bool,
) -> Result<Answer, Error> {
    let head = include.then(|| head(&response));
    let as_it_came = response.body.is_empty() || form == Some(Form::Raw);
    let value = if as_it_came { None } else { readable(&response) };
    let body = match value {
        Some(value) => printed(&value, form, query)?,
        None if as_it_came || (form.is_none() && query.is_none()) => response.body,
        None => {
            return Err(
                bad("the answer is not JSON, which `--query` and the forms json, yaml, tsv and table need")
                    .hint("the call was made; `-o raw` prints such an answer"),
            );
        }
    };
    Ok(Answer::exact(match head {
        Some(head) => Zeroizing::new([head.as_slice(), body.as_slice()].concat()),
        None => body,
    }))
}

/// A value that is an answer.
pub(super) fn value(value: &Value, form: Option<Form>, query: Option<&Query>) -> Result<Answer, Error> {
    Ok(Answer::exact(printed(value, form, query)?))
}

/// Head and body as they came.
pub(super) fn whole(response: &Response) -> Answer {
    let mut bytes = Zeroizing::new(head(response));
    bytes.extend_from_slice(&response.body);
    if !response.body.is_empty() && !response.body.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    Answer::exact(bytes)
}

/// The body, if it says that it is JSON, or says nothing, and can be read as such.
fn readable(response: &Response) -> Option<Value> {
    if response.header("content-type").is_some_and(|kind| !is_json(kind)) {
        return None;
    }
    serde_json::from_slice(&response.body).ok()
}

fn printed(value: &Value, form: Option<Form>, query: Option<&Query>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let found = match query {
        Some(query) => &query.apply(value).map_err(|why| bad(format!("`--query`: {why}")))?,
        None => value,
    };
    let format = match form {
        None | Some(Form::Json | Form::Raw) => Format::Json,
        Some(Form::Yaml) => Format::Yaml,
        Some(Form::Tsv) => Format::Tsv,
        Some(Form::Table) => Format::Table,
    };
    let text = render(found, format);
    Ok(match format {
        Format::Json => tame(Zeroizing::new(text.into_bytes())),
        // These quote nothing.
        Format::Tsv | Format::Table => Zeroizing::new(calm(text).into_bytes()),
        Format::Yaml | Format::None => Zeroizing::new(text.into_bytes()),
    })
}

/// The same text without what could steer a terminal: whoever may name a cluster is not whoever lists them.
fn calm(text: String) -> String {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    match text.contains(steers) {
        true => text.replace(steers, " "),
        false => text,
    }
}

/// Status and headers, a line each, and an empty line. Headers are visible ASCII: others are left out where they are read.
fn head(response: &Response) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {}\n", response.status);
    for (name, value) in &response.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(kind: Option<&str>, body: &str) -> Response {
        Response {
            status: 200,
            headers: kind
                .map(|kind| ("content-type".to_owned(), kind.to_owned()))
                .into_iter()
                .collect(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn print(kind: Option<&str>, body: &str, form: Option<Form>, query: Option<&str>) -> Result<String, Error> {
        let query = query.map(|query| Query::parse(query).unwrap());
        let answer = answer(response(kind, body), form, query.as_ref(), false)?;
        Ok(answer.as_str().to_owned())
    }

    const JSON: Option<&str> = Some("application/json; charset=utf-8");

    #[test]
    fn json_is_indented_and_anything_else_is_as_it_came() {
        for kind in [JSON, Some("application/scim+json"), None] {
            assert_eq!(
                print(kind, r#"{"b":1,"a":[]}"#, None, None).unwrap(),
                "{\n  \"b\": 1,\n  \"a\": []\n}\n"
            );
        }
        for (kind, body) in [
            (Some("text/csv"), "1,2"),
            (Some("text/plain"), "7"),
            (JSON, "{"),
            (None, "a,b\r\n"),
            (JSON, ""),
        ] {
            assert_eq!(print(kind, body, None, None).unwrap(), body);
            assert_eq!(print(kind, body, Some(Form::Raw), None).unwrap(), body);
        }
        assert_eq!(
            print(JSON, "{\"a\":  1.50}", Some(Form::Raw), None).unwrap(),
            "{\"a\":  1.50}"
        );
    }

    #[test]
    fn forms_and_queries_as_get_has_them() {
        let body = r#"{"clusters":[{"name":"c1","n":1},{"name":"c2","n":2}]}"#;
        assert_eq!(
            print(JSON, body, Some(Form::Tsv), Some("clusters[].name")).unwrap(),
            "c1\nc2\n"
        );
        assert_eq!(
            print(JSON, body, None, Some("clusters[0]")).unwrap(),
            "{\n  \"name\": \"c1\",\n  \"n\": 1\n}\n"
        );
        assert!(
            print(JSON, body, Some(Form::Yaml), None)
                .unwrap()
                .starts_with("clusters:\n- name: c1\n")
        );
        assert!(
            print(JSON, body, Some(Form::Table), Some("clusters"))
                .unwrap()
                .contains("c2")
        );
        assert!(print(Some("text/csv"), body, Some(Form::Table), None).is_err());
        assert!(print(JSON, "{", None, Some("a")).is_err());
        assert_eq!(print(JSON, "", None, Some("a")).unwrap(), "");
    }

    #[test]
    fn what_others_named_steers_no_terminal() {
        let body = r#"{"clusters":[{"name":"a\u001b]0;x\u0007\u009b2J\u007f\rb"}]}"#;
        for form in [
            None,
            Some(Form::Json),
            Some(Form::Yaml),
            Some(Form::Tsv),
            Some(Form::Table),
        ] {
            let printed = print(JSON, body, form, Some("clusters")).unwrap();
            assert!(
                !printed.chars().any(|c| c.is_control() && c != '\n'),
                "{form:?}: {printed:?}"
            );
        }
        // The same document, and columns that stay apart.
        let printed = print(JSON, body, None, None).unwrap();
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(read(&printed), read(body));
        let columns = print(JSON, r#"[["a\u0000","b"]]"#, Some(Form::Tsv), None).unwrap();
        assert_eq!(columns, "a \tb\n");
    }

    #[test]
    fn with_its_head() {
        let response = response(JSON, "{}");
        let head = "HTTP/1.1 200\ncontent-type: application/json; charset=utf-8\n\n";
        assert_eq!(whole(&response).as_str(), format!("{head}{{}}\n"));
        let printed = answer(response, None, None, true).unwrap();
        assert_eq!(printed.as_str(), format!("{head}{{}}\n"));
    }
}
