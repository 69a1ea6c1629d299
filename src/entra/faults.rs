//! What a refusal means: the decision left to the caller, the cause in plain words, the remedy.

use super::advice::{self, Words};
use super::codes;
use super::form::Form;
use super::http_date;
use super::post::Reply;
use super::redeem::Context;
use super::refusal::Refusal;
use super::unreachable::nonsense;
use crate::error::{EntraDetails, Error, Kind};

/// Numbers that can only mean that the whole sign-in is over, whatever the resource.
const DEAD: [u32; 8] = [700_082, 700_084, 70_008, 50_173, 70_043, 50_089, 50_132, 50_133];

/// Whether a refusal means that the refresh token is dead for every resource. A refusal for want of consent or of
/// multi-factor authentication is about one resource and never does.
#[must_use]
pub fn means_dead(details: &EntraDetails) -> bool {
    details.codes.iter().any(|code| DEAD.contains(code))
        || matches!(details.suberror.as_deref(), Some("bad_token" | "token_expired"))
}

/// Turns a refusal into an error that a caller can act on.
#[must_use]
pub fn explain(refusal: Refusal, http_status: u16, context: &Context<'_>) -> Error {
    let Refusal { details, description } = refusal;
    let row = details.codes.iter().find_map(|code| codes::find(*code));
    let kind = kind(&details, http_status, row);
    let mut message = match row {
        // Whatever the number: somebody has pressed a button.
        _ if kind == Kind::Cancelled => "the sign-in was declined on its page".to_owned(),
        Some(row) => row.meaning.to_owned(),
        None => format!("the authority refused: `{}`", details.error),
    };
    let named = row.and_then(|row| details.codes.iter().find(|code| row.codes.contains(code)));
    let code = named
        .or_else(|| details.codes.first())
        .map(|code| format!("AADSTS{code}"));
    if let Some(code) = &code {
        message.push_str(&format!(" ({code})"));
    }
    let advice = match row {
        Some(row) if kind != Kind::Cancelled => row.advice,
        _ => "",
    };
    let words = Words::of(context, details.claims.as_deref());
    let mut error = Error::new(kind, message).hint(advice::remedy(kind, advice, &words));
    if let Some(description) = &description {
        // The number was said already.
        let told = code.and_then(|code| description.strip_prefix(&code)?.strip_prefix(": "));
        error = error.caused_by(told.unwrap_or(description));
    }
    error.entra(details)
}

/// An answer that is no token: throttling, a refusal, or nonsense.
pub(super) fn of_reply(reply: &Reply, context: &Context<'_>, form: &Form) -> Error {
    let response = &reply.response;
    let wait = response
        .header("retry-after")
        .map(|text| http_date::wait(text, reply.at_ms.div_euclid(1000)));
    let refusal = Refusal::parse(&response.body, form).map(|mut refusal| {
        refusal
            .details
            .correlation_id
            .get_or_insert_with(|| reply.correlation.clone());
        refusal
    });
    let busy = response.status == 429 || (wait.is_some() && (response.status >= 500 || refusal.is_none()));
    if busy {
        let seconds = wait.unwrap_or(http_date::DEFAULT_WAIT);
        return throttled(seconds, refusal, reply, context);
    }
    let error = match refusal {
        Some(refusal) => explain(refusal, response.status, context),
        None => {
            let what = match response.status {
                300..=399 => "with a redirect, which is never followed",
                500.. => "that it is in trouble",
                _ => "something that is neither a token nor a refusal",
            };
            let error = nonsense(response, context.authority, what).caused_by(correlation(reply));
            match response.status {
                500.. => error.hint("try again; if it goes on, check whether a proxy stands in between"),
                _ => error,
            }
        }
    };
    match wait {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}

fn throttled(seconds: u64, refusal: Option<Refusal>, reply: &Reply, context: &Context<'_>) -> Error {
    let place = context.authority.key();
    let error = Error::new(Kind::Throttled, format!("`{place}` asks to wait for {seconds} s")).retry_after(seconds);
    match refusal {
        Some(Refusal {
            details,
            description: Some(description),
        }) => error.caused_by(description).entra(details),
        Some(Refusal {
            details,
            description: None,
        }) => error.entra(details),
        None => error.caused_by(correlation(reply)),
    }
}

fn correlation(reply: &Reply) -> String {
    format!("correlation id `{}`", reply.correlation)
}

/// `suberror` decides first, then what certainly passes; where both leave it open, a number that we know; else `error`.
fn kind(details: &EntraDetails, http_status: u16, row: Option<&codes::Row>) -> Kind {
    match details.suberror.as_deref() {
        Some("consent_required") => return Kind::ConsentRequired,
        Some("basic_action" | "user_password_expired" | "bad_token" | "token_expired" | "client_mismatch") => {
            return Kind::InteractionRequired;
        }
        Some("protection_policy_required") => return Kind::Denied,
        // The sign-in page's own button.
        Some("cancel") => return Kind::Cancelled,
        _ => {}
    }
    if details.error == "authorization_declined" {
        return Kind::Cancelled;
    }
    if http_status >= 500 || matches!(details.error.as_str(), "temporarily_unavailable" | "server_error") {
        return Kind::Network;
    }
    if let Some(row) = row {
        return row.kind;
    }
    match details.error.as_str() {
        // A sign-in would show the reason and no more.
        _ if details.suberror.as_deref() == Some("message_only") => Kind::Denied,
        "invalid_grant"
        | "interaction_required"
        | "login_required"
        | "account_selection_required"
        | "authorization_pending"
        | "slow_down"
        | "expired_token"
        | "bad_verification_code" => Kind::InteractionRequired,
        "consent_required" => Kind::ConsentRequired,
        "invalid_client"
        | "unauthorized_client"
        | "invalid_scope"
        | "invalid_resource"
        | "invalid_target"
        | "invalid_request"
        | "unsupported_grant_type" => Kind::Config,
        _ => Kind::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::redeem::{Patience, redeem};
    use crate::entra::testing::{Setting, Stage};
    use crate::secret::Secret;

    const HELD: &str = "held-refresh-token";

    fn error_of(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let stage = Stage::new().answers_with(status, headers, body);
        let setting = Setting::new();
        let form = Form::new().secret("refresh_token", &Secret::new(HELD.into()));
        let error = redeem(&stage.world, &setting.context(8, Patience::Once), &form)
            .err()
            .unwrap();
        assert!(!format!("{error:?}").contains(HELD), "{error:?}");
        error
    }

    fn refused(error: &str, suberror: &str, code: u32) -> Error {
        let suberror = match suberror {
            "" => String::new(),
            word => format!(r#","suberror":"{word}""#),
        };
        error_of(
            400,
            &[],
            &format!(
                r#"{{"error":"{error}"{suberror},"error_codes":[{code}],
                "error_description":"AADSTS{code}: Words with {HELD} in them.\r\nTrace ID: 1"}}"#
            ),
        )
    }

    #[test]
    fn kinds_by_suberror_then_number_then_error() {
        use Kind::{Cancelled, Config, ConsentRequired, Denied, InteractionRequired, Network, Throttled};
        for (error, suberror, code, kind) in [
            ("invalid_grant", "", 1, InteractionRequired),
            ("interaction_required", "", 1, InteractionRequired),
            ("login_required", "", 1, InteractionRequired),
            ("invalid_grant", "basic_action", 50076, InteractionRequired),
            ("invalid_grant", "basic_action", 50105, InteractionRequired),
            ("invalid_grant", "bad_token", 1, InteractionRequired),
            ("invalid_grant", "client_mismatch", 700_007, InteractionRequired),
            ("invalid_grant", "message_only", 1, Denied),
            ("invalid_grant", "message_only", 53003, InteractionRequired),
            ("invalid_grant", "protection_policy_required", 1, Denied),
            ("invalid_grant", "consent_required", 65001, ConsentRequired),
            ("invalid_grant", "consent_required", 1, ConsentRequired),
            ("consent_required", "", 1, ConsentRequired),
            ("invalid_grant", "", 65001, ConsentRequired),
            ("invalid_grant", "", 50057, Denied),
            ("access_denied", "", 1, Denied),
            ("access_denied", "", 65004, ConsentRequired),
            ("authorization_declined", "", 1, Cancelled),
            ("invalid_client", "", 1, Config),
            ("invalid_client", "", 7_000_218, Config),
            ("unauthorized_client", "", 700_016, Config),
            ("invalid_scope", "", 70011, Config),
            ("invalid_resource", "", 500_011, Denied),
            ("invalid_request", "", 90002, Config),
            ("unsupported_grant_type", "", 1, Config),
            ("temporarily_unavailable", "", 50076, Network),
            ("server_error", "", 1, Network),
            ("invalid_grant", "", 50196, Throttled),
            ("access_denied", "cancel", 1, Cancelled),
            ("access_denied", "", 65004, ConsentRequired),
            ("something_new", "", 1, Denied),
        ] {
            let found = refused(error, suberror, code);
            assert_eq!(found.kind(), kind, "{error} {suberror} {code}");
            assert!(found.message().ends_with(&format!("(AADSTS{code})")), "{found}");
            assert!(found.remedy().is_some_and(|hint| !hint.ends_with('.')), "{found:?}");
            let signs_in = found
                .remedy()
                .unwrap()
                .contains("run: entra-token login --tenant contoso.example");
            assert_eq!(
                signs_in,
                matches!(kind, InteractionRequired | ConsentRequired | Cancelled),
                "{found:?}"
            );
        }
    }

    #[test]
    fn every_known_number_has_cause_and_remedy() {
        for row in codes::TABLE {
            for code in row.codes {
                let error = refused("invalid_grant", "", *code);
                assert_eq!(error.message(), format!("{} (AADSTS{code})", row.meaning));
                assert_eq!(error.causes(), ["Words with … in them."]);
                assert_eq!(error.kind(), row.kind);
            }
        }
    }

    #[test]
    fn words_for_a_person() {
        let mfa = refused("invalid_grant", "basic_action", 50076);
        assert_eq!(mfa.message(), "multi-factor authentication is needed (AADSTS50076)");
        assert_eq!(mfa.remedy(), Some("run: entra-token login --tenant contoso.example"));
        let consent = refused("invalid_grant", "consent_required", 65001);
        assert_eq!(
            consent.remedy(),
            Some(
                "consent on the sign-in page, or have an administrator consent at https://login.microsoftonline.com/contoso.example\
                 /adminconsent?client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46 (in Microsoft Entra admin center: Enterprise \
                 applications > `04b07795-8ddb-461a-bbee-02f9e1bf7b46` > Permissions > Grant admin consent); then run: \
                 entra-token login --tenant contoso.example"
            )
        );
        let denied = refused("invalid_grant", "", 50057);
        assert_eq!(
            denied.remedy(),
            Some("signing in again will not help: ask the administrator")
        );
        let new = refused("invalid_grant", "", 123);
        assert_eq!(new.message(), "the authority refused: `invalid_grant` (AADSTS123)");
    }

    #[test]
    fn what_support_asks_for_is_kept() {
        let body = r#"{"error":"invalid_grant","trace_id":"t","timestamp":"now","claims":"{\"a\":1}"}"#;
        let error = error_of(400, &[], body);
        let details = error.details().unwrap();
        assert_eq!(
            details.correlation_id.as_deref(),
            Some("00000000-0000-4000-8000-000000000000")
        );
        assert_eq!(details.claims.as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(
            error.remedy(),
            Some("run: entra-token login --tenant contoso.example --claims eyJhIjoxfQ")
        );
        assert_eq!(error.message(), "the authority refused: `invalid_grant`");
    }

    #[test]
    fn dead_only_for_what_can_mean_nothing_else() {
        let dead = |codes: &[u32], suberror: Option<&str>| {
            means_dead(&EntraDetails {
                codes: codes.to_vec(),
                suberror: suberror.map(str::to_owned),
                ..EntraDetails::default()
            })
        };
        assert!(
            DEAD.iter()
                .all(|code| dead(&[*code], None) && codes::find(*code).is_some())
        );
        assert!(dead(&[], Some("bad_token")) && dead(&[1], Some("token_expired")));
        for code in [50076, 65001, 53003, 70000, 50085, 700_007] {
            assert!(!dead(&[code], Some("basic_action")), "{code}");
        }
    }

    #[test]
    fn throttling_is_told_with_its_time() {
        let oauth = r#"{"error":"invalid_grant","error_codes":[50076]}"#;
        for (status, headers, body, kind, wait) in [
            (429, &[][..], "", Kind::Throttled, Some(60)),
            (429, &[("retry-after", "5")], oauth, Kind::Throttled, Some(5)),
            (
                503,
                &[("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT")],
                "",
                Kind::Throttled,
                Some(120),
            ),
            (400, &[("retry-after", "99999")], "<html>", Kind::Throttled, Some(3600)),
            // The authority decided; asking again sooner will not change it.
            (400, &[("retry-after", "9")], oauth, Kind::InteractionRequired, Some(9)),
            (400, &[], oauth, Kind::InteractionRequired, None),
        ] {
            let error = error_of(status, headers, body);
            assert_eq!((error.kind(), error.wait()), (kind, wait), "{status} {headers:?}");
        }
    }

    #[test]
    fn answers_that_make_no_sense() {
        for (status, words) in [
            (302, "redirect"),
            (307, "redirect"),
            (404, "neither"),
            (500, "trouble"),
            (204, "neither"),
        ] {
            let error = error_of(
                status,
                &[
                    ("content-type", "text/html"),
                    ("location", "https://evil.example/planted"),
                ],
                "planted",
            );
            assert_eq!(error.kind(), Kind::Network, "{status}");
            assert!(
                error.message().contains(words) && error.message().contains("`text/html`"),
                "{error}"
            );
            assert!(error.to_string().contains("correlation id `00000000"), "{error}");
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
        let error = error_of(200, &[("content-type", HELD)], "");
        assert!(error.message().contains("content type `…`"), "{error}");
        // A page in place of the token.
        assert_eq!(
            error_of(200, &[("content-type", "text/html")], "<html>").kind(),
            Kind::Network
        );
        assert_eq!(
            error_of(200, &[], r#"{"error":"invalid_grant"}"#).kind(),
            Kind::InteractionRequired
        );
    }
}
