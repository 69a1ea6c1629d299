//! The flags that every verb shares: which login and which resource.

use crate::config::{self, Field, Said};
use crate::error::{Error, Kind};
use crate::request::{Ask, Selectors};
use crate::world::World;

/// Which login and which resource. Each flag has a variable `ENTRA_TOKEN_…` of the same name.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(
    next_help_heading = "Which login, which resource (each also by a variable: ENTRA_TOKEN_HOST, ENTRA_TOKEN_TENANT, …)"
)]
pub(super) struct SelectorFlags {
    /// Profile of config.toml (default: its `default_profile`)
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Host that the token is for: gives resource, authority, tenant (default: DATABRICKS_HOST)
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// Directory: GUID, domain (default: the host's, ARM_TENANT_ID, AZURE_TENANT_ID, the login's)
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Application that asks (default: the login's; at login that of the Azure CLI)
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// User name, or id of a login (default: that of profile, host or tenant, the default login)
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// OAuth scope, may be repeated (default: the host's, all of Azure Databricks)
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Application id or URI of one resource; short for `--scope RESOURCE/.default`
    #[arg(long, value_name = "RESOURCE")]
    resource: Option<String>,
    /// public, usgov, china, bleu, delos or govsg (default: the host's, ARM_ENVIRONMENT, public)
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    /// Authority; `--cloud` names the known ones (default: AZURE_AUTHORITY_HOST)
    #[arg(long, value_name = "URL")]
    authority_host: Option<String>,
}

impl SelectorFlags {
    /// What was typed, as texts.
    pub(super) fn said(self) -> Said {
        let Self {
            profile,
            host,
            tenant,
            client_id,
            account,
            scope,
            resource,
            cloud,
            authority_host,
        } = self;
        let mut said = Said::default();
        for (field, text) in [
            (Field::Profile, profile),
            (Field::Host, host),
            (Field::Tenant, tenant),
            (Field::ClientId, client_id),
            (Field::Account, account),
            (Field::Resource, resource),
            (Field::Cloud, cloud),
            (Field::AuthorityHost, authority_host),
        ] {
            if let Some(text) = text {
                said.say(field, text);
            }
        }
        for text in scope {
            said.say(Field::Scope, text);
        }
        said
    }

    /// What was typed, read.
    pub(super) fn read(self, verb: &str) -> Result<Selectors, Error> {
        read(&self.said(), verb)
    }

    /// A call with what was typed, and what the variables of other tools say.
    pub(super) fn ask(self, verb: &str, world: &World) -> Result<Ask, Error> {
        ask(&self.said(), verb, world)
    }
}

/// What was typed, read.
pub(super) fn read(said: &Said, verb: &str) -> Result<Selectors, Error> {
    Ok(ask_of(said, verb)?.explicit)
}

/// A call with what was typed, and what the variables of other tools say.
pub(super) fn ask(said: &Said, verb: &str, world: &World) -> Result<Ask, Error> {
    let mut ask = ask_of(said, verb)?;
    ask.door = config::native_door(world, &ask.explicit)?;
    Ok(ask)
}

/// A value of a flag that cannot be read.
pub(super) fn bad_flag(verb: &str, text: String) -> Error {
    Error::new(Kind::BadRequest, text).hint(format!("see `entra-token {verb} --help`"))
}

fn ask_of(said: &Said, verb: &str) -> Result<Ask, Error> {
    let layer = said.read().map_err(|bad| bad_flag(verb, bad.text(Field::flag)))?;
    let mut ask = Ask {
        explicit: layer.selectors,
        ..Ask::default()
    };
    ask.terms.min_ttl = layer.min_ttl;
    Ok(ask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(clap::Parser)]
    #[command(no_binary_name = true)]
    struct Only {
        #[command(flatten)]
        selectors: SelectorFlags,
    }

    #[test]
    fn every_flag() {
        let args = "--profile p --host adb-1.2.azuredatabricks.net --tenant t.example --client-id c --account A@x.example \
                    --scope b --scope a --authority-host https://l.example";
        let only = Only::try_parse_from(args.split(' ')).unwrap();
        let selectors = only.selectors.read("get").unwrap();
        assert_eq!(selectors.profile.as_deref(), Some("p"));
        assert_eq!(selectors.host.unwrap().name(), "adb-1.2.azuredatabricks.net");
        assert_eq!(selectors.tenant.unwrap().as_str(), "t.example");
        assert_eq!(selectors.client_id.unwrap().as_str(), "c");
        assert_eq!(selectors.account.unwrap().as_str(), "a@x.example");
        assert_eq!(selectors.scopes.unwrap().joined(), "a b");
        assert_eq!(selectors.authority.unwrap().name(), "l.example");
        let only = Only::try_parse_from(["--resource", "r", "--cloud", "usgov"]).unwrap();
        let selectors = only.selectors.read("get").unwrap();
        assert_eq!(selectors.scopes.unwrap().joined(), "r/.default");
        assert_eq!(selectors.authority.unwrap().name(), "login.microsoftonline.us");
    }
}
