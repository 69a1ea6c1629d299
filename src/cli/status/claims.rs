//! Which claims of a token are shown.

use crate::status::Status;
use serde_json::Value;

/// What tells whose token it is, for what and until when. All else stays hidden: tokens carry names, addresses, groups.
const SHOWN: [&str; 11] = [
    "aud",
    "iss",
    "tid",
    "upn",
    "unique_name",
    "oid",
    "appid",
    "scp",
    "iat",
    "nbf",
    "exp",
];

/// Keeps the claims that are shown, or none unless they are wanted.
pub(super) fn keep(status: &mut Status, wanted: bool) {
    for token in status.logins.iter_mut().flat_map(|login| &mut login.tokens) {
        token.claims = match token.claims.take() {
            Some(Value::Object(mut claims)) if wanted => Some(
                SHOWN
                    .iter()
                    .filter_map(|name| claims.remove(*name).map(|value| ((*name).to_owned(), value)))
                    .collect(),
            ),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::status::tests::held;

    #[test]
    fn only_what_was_chosen_is_shown() {
        let mut status = held();
        keep(&mut status, true);
        let claims = status.logins[0].tokens[0].claims.clone().unwrap();
        assert_eq!(claims.as_object().unwrap().keys().collect::<Vec<_>>(), ["aud", "exp"]);
        keep(&mut status, false);
        assert_eq!(status.logins[0].tokens[0].claims, None);
    }
}
