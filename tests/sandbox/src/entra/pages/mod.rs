//! The pages that a person sees: plain, readable, without script but for the one that sends a form off.

use std::fmt::Write as _;

use crate::http::response::Response;

pub(crate) mod device;
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
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header>Entra sandbox</header>\n<h1>{title}</h1>\n{body}\n</main>\n\
         <footer>An Entra ID for tests, on this machine alone. Type no real password here.</footer>\n\
         </body>\n</html>\n",
        title = escape(title)
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

/// What went wrong with the page before; empty for nothing.
pub(crate) fn alert(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        format!("<p class=\"alert\" id=\"error\" role=\"alert\">{}</p>\n", escape(text))
    })
}

/// The first button of a form, which Enter presses.
pub(crate) fn first(action: &str, text: &str) -> String {
    format!("<button class=\"first\" name=\"action\" value=\"{action}\">{text}</button>\n")
}

/// Another button, for which no field need be filled in.
pub(crate) fn other(action: &str, text: &str) -> String {
    format!("<button name=\"action\" value=\"{action}\" formnovalidate>{text}</button>\n")
}

const STYLE: &str = "
:root { color-scheme: light dark; --line: #c8c6c4; --paper: #fff; --ground: #f3f2f1; --blue: #0f6cbd; --red: #b10e1c; }
@media (prefers-color-scheme: dark) {
  :root { --line: #605e5c; --paper: #252423; --ground: #11100f; --blue: #479ef5; --red: #ff99a4; }
}
body { margin: 0; padding: 8vh 1rem 1rem; background: var(--ground); font: 16px/1.5 system-ui, 'Segoe UI', sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 2rem 2.5rem 2.5rem; background: var(--paper); border: 1px solid var(--line); }
header { color: var(--blue); font-weight: 600; }
h1 { margin: .75rem 0 1rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
label { display: block; margin: 0 0 1.25rem; }
input { display: block; box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .5rem; font: inherit; border: 1px solid var(--line); }
button { margin: 0 .5rem .5rem 0; padding: .4rem 1.25rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); cursor: pointer; }
button.first { color: #fff; background: #0f6cbd; border-color: #0f6cbd; }
.alert { color: var(--red); }
.who { font-weight: 600; }
.note, details, footer { font-size: .875rem; }
footer { max-width: 31rem; margin: 1rem auto; text-align: center; opacity: .8; }
td, th { padding: .1rem .75rem .1rem 0; text-align: left; }
";
