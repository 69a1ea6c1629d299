//! The pages that a person sees: plain, readable, without script but for the one that sends a form off.

use std::fmt::Write as _;

use crate::http::response::Response;

pub(crate) mod error;
pub(crate) mod form_post;
pub(crate) mod steps;

/// A page as an answer.
pub(crate) fn html(status: u16, page: &str) -> Response {
    Response::text(status, "text/html; charset=utf-8", page)
}

/// A whole page around `body`, which is HTML already.
pub(crate) fn layout(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n",
        escape(title)
    )
}

/// Text that means nothing to HTML.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            _ => out.push(c),
        }
        out
    })
}

/// A hidden field of a form.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        escape(name),
        escape(value)
    )
}

const STYLE: &str = "
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 27rem; margin: 10vh auto; padding: 2rem; border: 1px solid #8884; border-radius: 8px; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
label { display: block; margin: 0 0 1rem; }
input:not([type=hidden]) { display: block; box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { padding: .5rem 1.25rem; font: inherit; }
.alert { color: #b3261e; }
@media (prefers-color-scheme: dark) { .alert { color: #ffb4ab; } }
small, .note { opacity: .8; }
code { overflow-wrap: anywhere; }
";
