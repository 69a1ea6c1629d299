//! The pages that a browser is shown at the redirect address.
//!
//! Plain and short, without a script, without anything from elsewhere, and without a word of what was received.

use crate::world::loopback::Reply;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The person signed in.
#[must_use]
pub fn signed_in() -> Reply {
    SIGNED_IN.reply(200)
}

/// It did not work; the terminal says why.
#[must_use]
pub fn failed() -> Reply {
    FAILED.reply(400)
}

/// Not the answer that is waited for.
#[must_use]
pub fn waiting(status: u16) -> Reply {
    WAITING.reply(status)
}

/// What differs from page to page.
struct Page {
    /// The colour of its mark.
    class: &'static str,
    /// A drawing within a circle, so that colour is not the only carrier.
    mark: &'static str,
    heading: &'static str,
    text: &'static str,
}

const SIGNED_IN: Page = Page {
    class: "good",
    mark: "M14 25l7 7 13-15",
    heading: "You are signed in",
    text: "<p>Close this tab and go back to the terminal.</p>",
};

const FAILED: Page = Page {
    class: "bad",
    mark: "M17 17l14 14M31 17L17 31",
    heading: "You are not signed in",
    text: "<p>Close this tab and go back to the terminal: it says what went wrong and what to do next.</p>",
};

const WAITING: Page = Page {
    class: "quiet",
    mark: "M14 24h.01M24 24h.01M34 24h.01",
    heading: "Waiting for your sign-in",
    text: "<p>There is nothing to do here. Open the address that your terminal shows.</p>\
           <p>If you have just signed in, that was for an earlier try.</p>",
};

impl Page {
    fn reply(&self, status: u16) -> Reply {
        Reply::new(status)
            .header("Cache-Control", "no-store")
            .header("Content-Security-Policy", policy())
            .header("Referrer-Policy", "no-referrer")
            .header("X-Content-Type-Options", "nosniff")
            .body("text/html; charset=utf-8", self.html().into_bytes().into())
    }

    fn html(&self) -> String {
        let Self {
            class,
            mark,
            heading,
            text,
        } = self;
        format!(
            include_str!("page.html"),
            style = STYLE,
            class = class,
            mark = mark,
            heading = heading,
            text = text
        )
    }
}

const STYLE: &str = include_str!("page.css");

/// Nothing but our own style, by its hash, and the empty icon that keeps the browser from asking for one.
fn policy() -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_elsewhere_and_nothing_that_acts() {
        for page in [SIGNED_IN, FAILED, WAITING] {
            let html = page.html();
            for word in [
                "<script", "http:", "https:", "//", "@import", "url(", "onload", "<form", "<a ",
            ] {
                assert!(!html.contains(word), "{word}: {html}");
            }
            assert!(html.contains(page.heading) && html.contains(page.text) && html.contains(STYLE));
        }
    }

    #[test]
    fn the_policy_admits_our_style_and_no_other() {
        // Inline style is hashed as it stands between the tags.
        let html = SIGNED_IN.html();
        let (_, rest) = html.split_once("<style>").unwrap();
        let (style, _) = rest.split_once("</style>").unwrap();
        let hash = STANDARD.encode(Sha256::digest(style));
        assert!(policy().starts_with(&format!("default-src 'none'; style-src 'sha256-{hash}';")));
        assert!(!policy().contains("unsafe"));
    }
}
