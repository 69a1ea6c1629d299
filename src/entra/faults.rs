//! What a refusal means: the decision left to the caller, the cause in plain words, the remedy (entra.md §6.2–§6.4).

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
        Some(row) => row.meaning.to_owned(),
        None => format!("the authority refused: `{}`", details.error),
    };
    let named = row.and_then(|row| details.codes.iter().find(|code| row.codes.contains(code)));
    if let Some(code) = named.or_else(|| details.codes.first()) {
        message.push_str(&format!(" (AADSTS{code})"));
    }
    let advice = row.map(|row| row.advice).unwrap_or_default();
    let mut error = Error::new(kind, message).hint(remedy(kind, advice, context));
    if let Some(description) = description {
        error = error.caused_by(description);
    }
    error.entra(details)
}

/// An answer that is no token: throttling, a refusal, or nonsense.
pub(super) fn of_reply(reply: &Reply, context: &Context<'_>, form: &Form) -> Error {
    let response = &reply.response;
    let wait = response
        .header("retry-after")
        .map(|text| http_date::wait(text, reply.at_ms.div_euclid(1000)));
    let refusal = Refusal::parse(&response.body).map(|mut refusal| {
        refusal.description = refusal.description.map(|text| form.redact(&text));
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
            nonsense(response, context.authority, what).caused_by(correlation(reply))
        }
    };
    match wait {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}

fn throttled(seconds: u64, refusal: Option<Refusal>, reply: &Reply, context: &Context<'_>) -> Error {
    let place = context.authority.key();
    let error = Error::new(Kind::Throttled, format!("`{place}` asks to wait for {seconds} s"))
        .hint(format!("try again in {seconds} s"))
        .retry_after(seconds);
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
        _ => {}
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
        "authorization_declined" => Kind::Cancelled,
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

fn remedy(kind: Kind, advice: &str, context: &Context<'_>) -> String {
    let sign_in = format!("run: {}", context.sign_in);
    match (kind, advice) {
        (Kind::InteractionRequired | Kind::Cancelled, "") => sign_in,
        (Kind::InteractionRequired | Kind::Cancelled, advice) => format!("{advice}; {sign_in}"),
        (Kind::ConsentRequired, _) => format!(
            "{sign_in}, and accept; or an administrator consents at {}/{}/adminconsent?client_id={}",
            context.authority.url(),
            context.tenant.as_str(),
            context.client_id.as_str(),
        ),
        (Kind::Denied, "") => {
            "signing in again will not help: ask the administrator, with the correlation id".to_owned()
        }
        (Kind::Denied, advice) => format!("signing in again will not help: {advice}"),
        (Kind::Config, "") => "check `--tenant`, `--client-id`, `--authority` and the scope".to_owned(),
        (_, "") => "try again later".to_owned(),
        (_, advice) => advice.to_owned(),
    }
}
