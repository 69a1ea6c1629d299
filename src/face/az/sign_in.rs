//! `az login` and `az logout`: here, and by the real az too, if one stands behind us, so that its own commands see the same. A login
//! of another kind, such as a service principal's, is for the real az alone.

use super::account;
use super::fault::{self, Fault};
use super::lookup::{self, Account};
use super::options::{Spec, Takes, flag, one};
use super::output::Reply;
use super::{Command, Request, Too};
use crate::error::Kind;
use crate::how::{How, Page, Password, Prompt, Way};
use crate::request::{self, Claims, Scopes, Selectors, Tenant};
use crate::secret::Secret;
use crate::services::{AzureLogin, Look};
use std::time::Duration;

pub(super) const LOGIN: Command = Command {
    words: &["login"],
    options: &[
        one(&["--tenant", "-t"]),
        flag(&["--use-device-code"]),
        Spec {
            takes: Takes::Some,
            ..flag(&["--scope"])
        },
        one(&["--claims-challenge"]),
        flag(&["--allow-no-subscriptions"]),
        flag(&["--skip-subscription-discovery", "--skip-sub"]),
        one(&["--subscription", "-s"]),
        one(&["--username", "-u"]),
        one(&["--password", "-p"]),
    ],
    too: Too::AndAnswers,
    run: login,
};

pub(super) const LOGOUT: Command = Command {
    words: &["logout"],
    options: &[one(&["--username"])],
    too: Too::Quietly(&[NOBODY], true),
    run: logout,
};

/// What az says where there was nobody to sign out.
const NOBODY: &str = "There are no active accounts.";

/// How long a person is waited for.
const PATIENCE: Duration = Duration::from_secs(300);

/// The time for networking besides.
const NETWORK: Duration = Duration::from_secs(30);

/// What a sign-in asks for unless it is said.
const RESOURCE_MANAGER: &str = "https://management.core.windows.net/";

fn login(request: &Request<'_>) -> Result<Reply, Fault> {
    let options = &request.options;
    let bad = |why: String| fault::plain(&why);
    let is_said = |name: &str| options.get(name).is_some();
    if options.has("--use-device-code") && (is_said("--username") || is_said("--password")) {
        return Err(
            fault::plain("usage error: '--use-device-code' is not applicable with other arguments").for_another(),
        );
    }
    if options.has("--skip-subscription-discovery") && !is_said("--tenant") {
        return Err(fault::plain("usage error: '--skip-subscription-discovery' requires '--tenant'").for_another());
    }
    let mut ask = request.ask()?;
    let tenant = options.get("--tenant").map(Tenant::parse).transpose();
    ask.explicit.tenant = tenant.map_err(bad)?;
    let scopes: Vec<&str> = options.all("--scope").collect();
    let scopes = match scopes.is_empty() {
        true => Scopes::of_resource(RESOURCE_MANAGER),
        false => Scopes::parse(scopes),
    };
    let scopes = scopes.map_err(bad)?;
    ask.explicit.scopes = Some(scopes.clone());
    let claims = options.get("--claims-challenge").map(Claims::parse).transpose();
    ask.terms.claims = claims.map_err(bad)?;
    ask.terms.timeout = Some(NETWORK);
    let username = options.get("--username");
    if let Some(name) = username {
        ask.explicit.account = Some(request::Account::parse(name).map_err(bad)?);
    }
    let way = way(request)?;
    let how = How {
        way,
        page: Page {
            prompt: username.is_none().then_some(Prompt::SelectAccount),
            login_hint: username.map(str::to_owned),
            domain_hint: None,
        },
        patience: PATIENCE,
    };
    let signed_in = request.services.sign_in.sign_in(&ask, &how);
    let signed_in = signed_in.map_err(|error| fault::of(&error, Some(&scopes)))?;
    if request.is_before_another() {
        request.warn(&format!(
            "Signed in to entra-token as {}. Now the Azure CLI itself signs in.",
            signed_in.account
        ));
    }
    let look = match options.has("--skip-subscription-discovery") {
        true => Look::Held,
        false => Look::Again,
    };
    let logins = lookup::logins(request, look)?;
    let mut mine: Vec<AzureLogin> = logins
        .into_iter()
        .filter(|login| login.login.id == signed_in.id)
        .collect();
    if let (Some(text), Some(login)) = (options.get("--subscription"), mine.first_mut()) {
        let chosen = login.subscriptions.iter().find(|one| one.is_called(text)).cloned();
        let chosen = chosen.ok_or_else(|| {
            fault::plain(&format!(
                "Subscription '{text}' is not known. Check the ID or name and try again."
            ))
        })?;
        let account = Account {
            login: login.clone(),
            subscription: Some(chosen.clone()),
        };
        account::choose(request, &account)?;
        // az shows what was chosen and nothing else.
        login.subscriptions = vec![chosen.clone()];
        login.in_use = Some(chosen);
        mine.truncate(1);
    }
    let accounts = mine.iter().flat_map(|login| account::accounts(login, true));
    Ok(Reply::Value(accounts.collect()))
}

fn way(request: &Request<'_>) -> Result<Way, Fault> {
    let options = &request.options;
    if options.has("--use-device-code") {
        return Ok(Way::DeviceCode);
    }
    if let Some(username) = options.get("--username") {
        return Ok(Way::Password(Password {
            username: username.to_owned(),
            password: options.get("--password").map(|text| Secret::new(text.to_owned())),
        }));
    }
    let usual = request.services.sign_in.usual_way();
    let (way, line) = usual.map_err(|error| fault::of(&error, None))?;
    request.warn(&line);
    Ok(way)
}

fn logout(request: &Request<'_>) -> Result<Reply, Fault> {
    let account = request
        .options
        .get("--username")
        .map(request::Account::parse)
        .transpose();
    let selectors = Selectors {
        account: account.map_err(|why| fault::plain(&why))?,
        ..Selectors::default()
    };
    let is_named = selectors.account.is_some();
    match request.services.accounts.forget(&selectors, false) {
        Ok(_) => Ok(Reply::Silent),
        // az does not mind that the one who is named is not signed in.
        Err(error) if error.kind() == Kind::NotFound && is_named && !request.is_before_another() => Ok(Reply::Silent),
        Err(error) if error.kind() == Kind::NotFound => Err(fault::plain(NOBODY).for_another()),
        Err(error) => Err(fault::of(&error, None)),
    }
}
