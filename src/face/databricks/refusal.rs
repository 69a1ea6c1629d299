//! Why there is no answer, in the words that the SDKs look for.

use super::{FACE, TOOL};
use crate::error::{Error, Kind};
use crate::face::talk::tamed;
use crate::face::{Call, Outcome};

/// By these words every SDK goes on to its next way of signing in, as it must where we hold no login.
pub(super) const NEXT: &str = "databricks OAuth is not";

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The call is wrong, or names a profile that is not ours to serve. The real tool may know better.
    Wrong(String),
    /// No token.
    Failed(Error),
}

impl Refusal {
    /// Lets the real tool answer where it may know better, else tells why.
    pub(super) fn outcome(self, call: &Call<'_>) -> Outcome {
        let told = format!("Error: {}", self.text());
        if self.is_for_the_real_one() {
            return Outcome::ForwardElse(TOOL, told, 1);
        }
        call.io.say(&told);
        Outcome::Done(1)
    }

    /// Whether we hold nothing for this call.
    pub(super) fn is_for_the_real_one(&self) -> bool {
        match self {
            Self::Wrong(_) => true,
            Self::Failed(error) => matches!(error.kind(), Kind::NotFound | Kind::TargetNotSupported),
        }
    }

    /// Cause, remedy, and what support will ask for, a line each.
    pub(super) fn text(&self) -> String {
        let error = match self {
            Self::Wrong(why) => return plain(why),
            Self::Failed(error) => error,
        };
        let mut text = plain(&error.to_string());
        if self.is_for_the_real_one() {
            text = format!("{NEXT} configured for this host. {text}");
        }
        if let Some(remedy) = error.remedy() {
            text = format!("{text}\n  {}", plain(remedy));
        }
        if let Some(details) = error.details() {
            text = format!("{text}\n  {}", plain(&details.for_support()));
        }
        text
    }
}

/// One line without words that an SDK takes for something else.
fn plain(text: &str) -> String {
    tamed(text, FACE.forbidden)
}
