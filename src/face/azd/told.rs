//! azd's errors: one line of JSON that every language's azure-identity reads, whichever version of azd it expects.

use super::FACE;
use super::said::Form;
use crate::error::Error;
use crate::face::talk::{one_line, tamed};
use crate::localtime::rfc3339_utc;
use serde::Serialize;

/// In these words a language tries its next credential.
const NOT_LOGGED_IN: &str = "not logged in, run `azd auth login` to login";

/// Nobody is signed in.
pub(super) fn not_logged_in(error: &Error, form: Form, now: i64) -> String {
    let remedy = error.remedy().map(|remedy| tamed(remedy, FACE.forbidden));
    line(NOT_LOGGED_IN, remedy.unwrap_or_default(), form, now)
}

/// Anything else.
pub(super) fn error(error: &Error, form: Form, now: i64) -> String {
    let cause = tamed(&error.to_string(), FACE.forbidden);
    let whole = one_line(error, FACE.forbidden);
    let rest = whole.strip_prefix(&*cause).unwrap_or_default().trim_start_matches("; ");
    line(&cause, rest.to_owned(), form, now)
}

fn line(cause: &str, suggestion: String, form: Form, now: i64) -> String {
    let text = if suggestion.is_empty() {
        cause.to_owned()
    } else {
        format!("{cause}\n{suggestion}")
    };
    if form != Form::Json {
        return format!("ERROR: {text}");
    }
    let told = Told {
        kind: "consoleMessage",
        timestamp: rfc3339_utc(now),
        data: Data {
            // All that Rust's shows.
            message: format!("\nERROR: {text}\n"),
        },
        // All that Go's and Python's show.
        error: &text,
        message: cause,
        suggestion,
        links: [],
    };
    // Plain structs cannot fail to be written.
    serde_json::to_string(&told).unwrap_or_default()
}

/// `consoleMessage` as before azd 1.24, the rest as since then.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: Data,
    error: &'a str,
    message: &'a str,
    suggestion: String,
    links: [(); 0],
}

#[derive(Serialize)]
struct Data {
    message: String,
}
