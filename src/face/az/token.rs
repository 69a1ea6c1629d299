//! `az account get-access-token`.

use super::fault::{self, Fault};
use super::lookup::{self, Account, Found};
use super::options::{Spec, Takes, flag, one};
use super::output::{Reply, Token};
use super::{Command, Request, Too, cloud};
use crate::error::{Error, Kind};
use crate::expiry;
use crate::localtime::naive;
use crate::request::{self, Ask, Scopes, Tenant};
use crate::services::Look;

pub(super) const COMMAND: Command = Command {
    words: &["account", "get-access-token"],
    options: &[
        SUBSCRIPTION,
        one(&["--resource"]),
        Spec {
            takes: Takes::Many,
            ..flag(&["--scope"])
        },
        Spec {
            choices: &[
                "oss-rdbms",
                "arm",
                "aad-graph",
                "ms-graph",
                "batch",
                "media",
                "data-lake",
            ],
            ..one(&["--resource-type"])
        },
        one(&["--tenant", "-t"]),
    ],
    too: Too::Nothing,
    run,
};

/// `--subscription`, as several commands have it.
pub(super) const SUBSCRIPTION: Spec = one(&["--subscription", "-s", "--name", "-n"]);

fn run(request: &Request<'_>) -> Result<Reply, Fault> {
    let mut ask = request.ask()?;
    let account = account(request)?;
    let tenant = request.options.get("--tenant");
    if let Some(text) = tenant {
        ask.explicit.tenant = Some(Tenant::parse(text).map_err(|why| fault::plain(&why))?);
    } else if let Some(account) = &account {
        aim(&mut ask, account, request.options.get("--subscription").is_some())?;
    }
    let scopes = scopes(request, account.as_ref())?;
    ask.explicit.scopes = Some(scopes.clone());

    let tokens = request.services.tokens;
    let granted = tokens.token(&ask).map_err(|error| fault::of(&error, Some(&scopes)))?;
    let (granted, shown) = expiry::shown(tokens, request.call.now, request.call.offset, &ask, granted);
    let credential = granted.credential;
    let subscription = account.map(|account| match account.subscription {
        Some(subscription) => subscription.id,
        None => account.login.login.tenant,
    });
    Ok(Reply::Token(Token {
        expires_on_local: naive(shown, request.call.offset),
        expires_on: credential.expires_on,
        subscription: subscription.filter(|_| tenant.is_none()),
        tenant: tenant.map_or(credential.tenant, str::to_owned),
        token_type: credential.token_type,
        access_token: credential.access_token,
    }))
}

/// The account that is meant; none if a tenant is named, since then nothing hangs on it. az refuses both together, but
/// several callers say both: the tenant decides.
fn account(request: &Request<'_>) -> Result<Option<Account>, Fault> {
    if request.options.get("--tenant").is_some() {
        return Ok(None);
    }
    let Some(text) = request.options.get("--subscription") else {
        return lookup::in_use(request).map(Some);
    };
    match lookup::named(request, text, &[Look::Held, Look::IfOld])? {
        Found::Account(account) => Ok(Some(*account)),
        Found::NobodyKnows => lookup::in_use(request).map(Some),
        Found::None => Err(lookup::unknown(text)),
    }
}

/// A token of that account. What is meant anyway is not said, so that a warm call looks up as little as it can.
fn aim(ask: &mut Ask, account: &Account, is_named: bool) -> Result<(), Fault> {
    let Account { login, subscription } = account;
    let home = &login.login.tenant;
    let tenant = subscription.as_ref().map_or(home, |subscription| &subscription.tenant);
    if !is_named && tenant == home {
        return Ok(());
    }
    let internal = |why| fault::of(&Error::new(Kind::Internal, why), None);
    ask.explicit.tenant = Some(Tenant::parse(tenant).map_err(internal)?);
    // By its name, which the next command can repeat.
    ask.explicit.account = request::Account::parse(&login.login.account).ok();
    Ok(())
}

/// What the token is for: `--scope`, else the resource of that type, else `--resource`, else Azure Resource Manager.
fn scopes(request: &Request<'_>, account: Option<&Account>) -> Result<Scopes, Fault> {
    let options = &request.options;
    let said: Vec<&str> = options.all("--scope").collect();
    if !said.is_empty() {
        return Scopes::parse(said).map_err(|why| fault::plain(&why));
    }
    let (resource, kind) = (options.get("--resource"), options.get("--resource-type"));
    let resource = match (resource, kind) {
        (Some(resource), _) => resource.to_owned(),
        (None, Some("arm") | None) => match account {
            Some(account) => account.login.resource_manager.clone(),
            None => lookup::in_use(request)?.login.resource_manager,
        },
        (None, Some(kind)) => {
            let cloud = match account {
                Some(account) => account.login.cloud.clone(),
                None => lookup::in_use(request)?.login.cloud,
            };
            cloud::resource(&cloud, kind)
                .ok_or_else(|| fault::plain(&format!("The cloud '{cloud}' has no resource of the type '{kind}'.")))?
        }
    };
    Scopes::of_resource(&resource).map_err(|why| fault::plain(&why))
}
