//! The pages that a browser is shown at the redirect address.
//!
//! Plain and short, without a script, without anything from elsewhere, and without a word of what was received.

use crate::world::loopback::Reply;

/// The person signed in.
#[must_use]
pub fn signed_in() -> Reply {
    page(
        200,
        CHECK,
        "Signed in",
        "<p>You can close this tab and go back to the terminal.</p>",
    )
}

/// It did not work; the terminal says why.
#[must_use]
pub fn failed() -> Reply {
    page(
        400,
        CROSS,
        "Not signed in",
        "<p>You can close this tab and go back to the terminal, which says why and what to do next.</p>",
    )
}

/// Not the answer that is waited for.
#[must_use]
pub fn waiting(status: u16) -> Reply {
    page(
        status,
        DOTS,
        "Waiting for the sign-in",
        "<p>Nothing is to be done on this page: <code>entra-token</code> waits here for the answer of the sign-in page.</p>\
         <p>If you have just signed in, that was for an earlier try. Open the address that the terminal shows now.</p>",
    )
}

const STYLE: &str = include_str!("page.css");

const CHECK: &str = r#"<path d="M14 25l7 7 14-15"/>"#;
const CROSS: &str = r#"<path d="M16 16l16 16M32 16L16 32"/>"#;
const DOTS: &str = r#"<path d="M14 24h.01M24 24h.01M34 24h.01"/>"#;

fn page(status: u16, mark: &str, heading: &str, text: &str) -> Reply {
    let html = format!(
        include_str!("page.html"),
        heading = heading,
        style = STYLE,
        mark = mark,
        text = text
    );
    Reply::new(status)
        .header("Cache-Control", "no-store")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Content-Type-Options", "nosniff")
        .body("text/html; charset=utf-8", html.into_bytes().into())
}
