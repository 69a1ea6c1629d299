//! `get`: an access token, silently.

mod output;

use super::selectors::{self, SelectorFlags, bad_flag};
use super::{Act, Answer};
use crate::config::Field;
use crate::error::Error;
use crate::render::Query;
use crate::request::{Ask, Claims};
use crate::secret::Fingerprint;
use crate::services::Tokens;
use crate::world::World;
use output::Form;
use std::time::Duration;

const EXAMPLES: &str = "Examples:
  entra-token get --host https://adb-1234567890123456.7.azuredatabricks.net
  entra-token get --resource https://management.azure.com/ -o tsv --query access_token
  entra-token get -o curl | curl -K - https://adb-1234567890123456.7.azuredatabricks.net/api/2.0/clusters/list
  eval \"$(entra-token get -o env)\"; echo \"$EXPIRES_ON\"

Forms:
  json    access_token, token_type, expiry (RFC 3339, local), expires_on (epoch seconds): what Databricks SDKs read
  token   the token alone
  header  Authorization: Bearer …
  env     ACCESS_TOKEN, TOKEN_TYPE and EXPIRES_ON, exported, for `eval` in a POSIX shell
  curl    a configuration for `curl -K -`, which keeps the token out of curl's arguments
  tsv     the values of json, a tab between them
  yaml    json as YAML
  table   json as a table for people";

/// The flags of `get`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Get {
    /// Form of the answer, one of those below
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Json, hide_possible_values = true)]
    output: Form,
    /// JMESPath over the answer, for json, tsv, yaml and table (default: all of it)
    #[arg(long, value_name = "JMESPATH")]
    query: Option<String>,
    /// Seconds that the token must live on, unless it was minted just now (default: 300)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    min_ttl: Option<String>,
    /// A token minted from now on; one of the last 60 seconds counts as new
    #[arg(long)]
    force_refresh: bool,
    /// SHA-256 of a token that was refused, not to be given again: `sha256:` and 64 hex digits
    #[arg(long, value_name = "SHA256")]
    rejected: Option<String>,
    /// Claims challenge to honour: JSON, or base64 of it as in `WWW-Authenticate` (default: none)
    #[arg(long, value_name = "CLAIMS")]
    claims: Option<String>,
    /// Seconds for all waiting and networking together (default: 30)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    timeout: Option<String>,
    #[command(flatten)]
    selectors: SelectorFlags,
}

/// Seconds for all waiting and networking together, where a person waits rather than a program.
pub(super) const TIMEOUT: u64 = 30;

impl Act for Get {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let query = self.query.as_deref().map(parse_query).transpose()?;
        let form = self.output;
        form.takes(query.is_some())?;
        let ask = self.ask(world)?;
        answer(&super::desk(world)?, world, &ask, form, query.as_ref())
    }
}

impl Get {
    fn ask(self, world: &World) -> Result<Ask, Error> {
        let bad = |flag: &str, why: &str| bad_flag("get", format!("`{flag}`: {why}"));
        let mut said = self.selectors.said();
        if let Some(text) = self.min_ttl {
            said.say(Field::MinTtl, text);
        }
        let mut ask = selectors::ask(&said, "get", world)?;
        ask.terms.force = self.force_refresh;
        ask.terms.rejected = self
            .rejected
            .map(|text| Fingerprint::parse(&text).map_err(|why| bad("--rejected", why)))
            .transpose()?;
        ask.terms.claims = self
            .claims
            .map(|text| Claims::parse(&text).map_err(|why| bad("--claims", &why)))
            .transpose()?;
        ask.terms.timeout = Some(timeout(self.timeout.as_deref(), "get")?);
        Ok(ask)
    }
}

/// What `--timeout` says.
pub(super) fn timeout(text: Option<&str>, verb: &str) -> Result<Duration, Error> {
    seconds(text, TIMEOUT, 600).map_err(|why| bad_flag(verb, why))
}

/// Whole seconds that `--timeout` says, or the default.
pub(super) fn seconds(text: Option<&str>, default: u64, longest: u64) -> Result<Duration, String> {
    match text.map_or(Ok(default), |text| text.trim().parse()) {
        Ok(seconds) if (1..=longest).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("`--timeout`: expected whole seconds from 1 to {longest}")),
    }
}

fn parse_query(text: &str) -> Result<Query, Error> {
    Query::parse(text).map_err(|why| bad_flag("get", format!("`--query`: {why}")))
}

fn answer(tokens: &dyn Tokens, world: &World, ask: &Ask, form: Form, query: Option<&Query>) -> Result<Answer, Error> {
    let granted = tokens.token(ask)?;
    let offset = |epoch: i64| world.zone.offset_at(epoch);
    let (granted, shown) = crate::expiry::shown(tokens, world.clock.now(), &offset, ask, granted);
    // Not on standard error: a caller that captures it would take them for the failure of a call that succeeded.
    for warning in &granted.warnings {
        world.note(format_args!("get: warning {}: {}", warning.code, warning.message));
    }
    output::print(
        &granted.credential,
        &crate::localtime::rfc3339(shown, &offset),
        form,
        query,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;
    use clap::Parser;

    fn parsed(args: &[&str]) -> Get {
        Get::try_parse_from(std::iter::once("get").chain(args.iter().copied())).unwrap()
    }

    #[test]
    fn every_flag() {
        let fingerprint = Fingerprint::of("t");
        let get = parsed(&[
            "-o",
            "tsv",
            "--query",
            "access_token",
            "--min-ttl",
            "60",
            "--force-refresh",
            "--rejected",
            fingerprint.as_str(),
            "--claims",
            r#"{"access_token":{}}"#,
            "--timeout",
            "5",
            "--tenant",
            "t.example",
        ]);
        assert_eq!((get.output, get.query.as_deref()), (Form::Tsv, Some("access_token")));
        let ask = get.ask(&Fake::default().world()).unwrap();
        assert_eq!(ask.terms.min_ttl, Some(60));
        assert!(ask.terms.force);
        assert_eq!(ask.terms.rejected, Some(fingerprint));
        assert_eq!(ask.terms.claims.unwrap().as_str(), r#"{"access_token":{}}"#);
        assert_eq!(ask.terms.timeout, Some(Duration::from_secs(5)));
        assert_eq!(ask.explicit.tenant.unwrap().as_str(), "t.example");
    }

    #[test]
    fn defaults_and_the_variables_of_other_tools() {
        let world = Fake::default().var("ARM_TENANT_ID", "arm.example").world();
        let get = parsed(&[]);
        assert_eq!(get.output, Form::Json);
        let ask = get.ask(&world).unwrap();
        assert_eq!(ask.terms.timeout, Some(Duration::from_secs(30)));
        assert_eq!(ask.terms.min_ttl, None);
        assert_eq!(ask.door.tenant.unwrap().as_str(), "arm.example");
        assert_eq!(ask.explicit.tenant, None);
    }
}
