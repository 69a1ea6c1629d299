//! `status`: who is signed in and what is held; offline, without secrets.

mod claims;
mod words;

use super::selectors::SelectorFlags;
use super::{Act, Answer};
use crate::error::Error;
use crate::services::Accounts as _;
use crate::world::World;

const EXAMPLES: &str = "Examples:
  entra-token status
  entra-token status --json --claims --account ana@contoso.example";

/// The flags of `status`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Status {
    /// Print JSON for a program; times are epoch seconds
    #[arg(long)]
    json: bool,
    /// Add claims of the tokens: audience, issuer, tenant, user, application, scopes, times
    #[arg(long)]
    claims: bool,
    #[command(flatten)]
    selectors: SelectorFlags,
}

impl Act for Status {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let selectors = self.selectors.read("status")?;
        let mut status = super::desk(world)?.status(&selectors)?;
        claims::keep(&mut status, self.claims);
        status.notes.extend(world.log.trouble(world.files.as_ref()));
        if self.json {
            return Ok(Answer::json(&status));
        }
        let offset = |epoch: i64| world.zone.offset_at(epoch);
        Ok(Answer::text(&words::told(&status, world.clock.now(), &offset)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::error::Error;
    use crate::request::Selectors;
    use crate::services::{Accounts, Forgotten};
    use crate::status::{LoginStatus, RefusalStatus, Status, Storage, TokenStatus};
    use crate::world::fake::NOW;

    /// Accounts that hold what they were given.
    pub(in crate::cli) struct Held(pub(in crate::cli) Status);

    impl Accounts for Held {
        fn status(&self, _: &Selectors) -> Result<Status, Error> {
            Ok(self.0.clone())
        }
        fn forget(&self, _: &Selectors, _: bool) -> Result<Vec<Forgotten>, Error> {
            unreachable!("nothing is to be forgotten")
        }
    }

    /// One login with a token and a refusal.
    pub(in crate::cli) fn held() -> Status {
        Status {
            storage: Storage {
                kind: "file",
                path: "/h".into(),
                locks: Some(true),
                writable: Some(true),
            },
            logins: vec![LoginStatus {
                id: "abc".into(),
                default: true,
                account: "ana@contoso.example".into(),
                home_account_id: "u.t".into(),
                tenant: "t-1".into(),
                client_id: "c-1".into(),
                authority: "https://login.microsoftonline.com".into(),
                flow: "refresh_token".into(),
                signed_in_on: NOW - 86_400,
                refresh_token_obtained_on: NOW - 60,
                tokens: vec![TokenStatus {
                    tenant: "t-2".into(),
                    scope: vec!["r/.default".into()],
                    expires_on: NOW + 3480,
                    expiry: "2026-11-22T10:58:00.000000+00:00".into(),
                    expires_in: 3480,
                    claims: Some(serde_json::json!({"aud": "r", "xms_secret": "planted", "exp": NOW + 3480})),
                }],
                refusals: vec![RefusalStatus {
                    code: "consent_required".into(),
                    scope: vec!["other/.default".into()],
                    tenant: Some("t-1".into()),
                    message: "consent is missing".into(),
                    until: NOW + 60,
                }],
            }],
            notes: vec!["a file was set aside".into()],
        }
    }
}
