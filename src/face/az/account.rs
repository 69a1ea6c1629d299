//! `az account show`, `list`, `set`, `clear`.

use super::fault::{self, Fault};
use super::lookup::{self, Account, Found};
use super::options::{Spec, flag};
use super::output::{Reply, arrange};
use super::token::SUBSCRIPTION;
use super::{Command, Request, Too, cloud};
use crate::clouds::name_of;
use crate::error::Kind;
use crate::request::Selectors;
use crate::services::{AzureLogin, Look, Subscription};
use serde_json::{Map, Value, json};

pub(super) const SHOW: Command = Command {
    words: &["account", "show"],
    options: &[SUBSCRIPTION],
    too: Too::Nothing,
    run: show,
};

pub(super) const LIST: Command = Command {
    words: &["account", "list"],
    options: &[flag(&["--all"]), flag(&["--refresh"])],
    too: Too::Nothing,
    run: list,
};

pub(super) const SET: Command = Command {
    words: &["account", "set"],
    options: &[Spec {
        required: true,
        ..SUBSCRIPTION
    }],
    too: Too::Quietly(&[], false),
    run: set,
};

pub(super) const CLEAR: Command = Command {
    words: &["account", "clear"],
    options: &[],
    too: Too::Quietly(&[], true),
    run: clear,
};

/// In which order az has the members of an account.
const ORDER: [&str; 12] = [
    "id",
    "name",
    "state",
    "user",
    "isDefault",
    "tenantId",
    "environmentName",
    "homeTenantId",
    "tenantDefaultDomain",
    "tenantDisplayName",
    "managedByTenants",
    "cloudName",
];

/// How az calls a login without a subscription.
const TENANT_LEVEL: &str = "N/A(tenant level account)";

/// Never needs the network once it was there; works while a new sign-in is needed, since some callers show their users what
/// the token call says, but not what this one says.
fn show(request: &Request<'_>) -> Result<Reply, Fault> {
    let (account, is_default) = match request.options.get("--subscription") {
        Some(text) => match lookup::named(request, text, &[Look::Held, Look::IfNone])? {
            Found::Account(account) => {
                let id = account.subscription.as_ref().map(|subscription| &subscription.id);
                let in_use = lookup::in_use(request)?.subscription;
                let is_default = in_use.as_ref().map(|subscription| &subscription.id) == id;
                (*account, is_default)
            }
            Found::None | Found::NobodyKnows => return Err(lookup::unknown(text)),
        },
        None => (in_use(request)?, true),
    };
    Ok(Reply::Value(object(&account, is_default, "environmentName")))
}

/// The account in use; if nobody has asked for the subscriptions yet, they are asked for.
fn in_use(request: &Request<'_>) -> Result<Account, Fault> {
    let account = lookup::in_use(request)?;
    if account.subscription.is_some() {
        return Ok(account);
    }
    lookup::logins(request, Look::IfNone)?;
    lookup::in_use(request)
}

fn list(request: &Request<'_>) -> Result<Reply, Fault> {
    let look = if request.options.has("--refresh") {
        Look::Again
    } else {
        Look::IfOld
    };
    let logins = match lookup::logins(request, look) {
        Ok(logins) => logins,
        Err(fault) if fault.is_for_another => return nobody(request),
        Err(fault) => return Err(fault),
    };
    let all = request.options.has("--all");
    let cloud = match request.cloud()? {
        Some(authority) => Some(name_of(&authority)),
        None => logins.first().map(|login| login.cloud.clone()),
    };
    let shown: Vec<_> = logins
        .iter()
        .enumerate()
        .filter(|(_, login)| all || Some(&login.cloud) == cloud.as_ref())
        .flat_map(|(at, login)| accounts(login, at == 0))
        .collect();
    let enabled: Vec<_> = shown
        .iter()
        .filter(|account| all || account["state"] == "Enabled")
        .cloned()
        .collect();
    if shown.is_empty() {
        return nobody(request);
    }
    if enabled.len() < shown.len() {
        request.warn("A few accounts are skipped as they don't have 'Enabled' state. Use '--all' to display them.");
    }
    Ok(rows(enabled))
}

/// Nobody is signed in with us, or not there.
fn nobody(request: &Request<'_>) -> Result<Reply, Fault> {
    if request.is_before_another() {
        return Err(fault::nobody());
    }
    request.warn("Please run \"az login\" to access your accounts.");
    Ok(Reply::Value(json!([])))
}

/// Every account of a login, as `list` shows it.
pub(super) fn accounts(login: &AzureLogin, is_default: bool) -> Vec<Value> {
    let account = |subscription: Option<&Subscription>| {
        let in_use = login.in_use.as_ref().map(|in_use| &in_use.id) == subscription.map(|one| &one.id);
        let account = Account {
            login: login.clone(),
            subscription: subscription.cloned(),
        };
        object(&account, is_default && in_use, "cloudName")
    };
    if login.subscriptions.is_empty() {
        return vec![account(login.in_use.as_ref())];
    }
    login.subscriptions.iter().map(|one| account(Some(one))).collect()
}

/// Accounts, with the rows that az's own table has.
pub(super) fn rows(accounts: Vec<Value>) -> Reply {
    const COLUMNS: [(&str, &str); 6] = [
        ("Name", "name"),
        ("CloudName", "cloudName"),
        ("SubscriptionId", "id"),
        ("TenantId", "tenantId"),
        ("State", "state"),
        ("IsDefault", "isDefault"),
    ];
    let row = |account: &Value| {
        let cells = COLUMNS.map(|(title, member)| (title.to_owned(), account[member].clone()));
        Value::Object(cells.into_iter().collect::<Map<_, _>>())
    };
    let table = accounts.iter().map(row).collect();
    Reply::Rows(Value::Array(accounts), table)
}

fn object(account: &Account, is_default: bool, cloud: &str) -> Value {
    let Account { login, subscription } = account;
    let mut object = json!({
        cloud: login.cloud,
        "isDefault": is_default,
        "state": "Enabled",
        "user": {"name": login.login.account, "type": "user"},
    });
    match subscription {
        None => {
            object["id"] = json!(login.login.tenant);
            object["name"] = json!(TENANT_LEVEL);
            object["tenantId"] = json!(login.login.tenant);
        }
        Some(Subscription {
            id,
            name,
            state,
            tenant,
            tenant_domain,
            tenant_name,
            managed_by,
        }) => {
            object["homeTenantId"] = json!(tenant);
            object["id"] = json!(id);
            object["managedByTenants"] = managed_by.iter().map(|by| json!({ "tenantId": by })).collect();
            object["name"] = json!(name);
            object["state"] = json!(state);
            object["tenantId"] = json!(tenant);
            for (member, told) in [
                ("tenantDefaultDomain", tenant_domain),
                ("tenantDisplayName", tenant_name),
            ] {
                if let Some(told) = told {
                    object[member] = json!(told);
                }
            }
        }
    }
    arrange(&mut object, &ORDER);
    object
}

fn set(request: &Request<'_>) -> Result<Reply, Fault> {
    let text = request.options.get("--subscription").unwrap_or_default();
    let found = match lookup::named(request, text, &[Look::Held, Look::Again]) {
        // az says the same whether anybody is signed in or not.
        Err(fault) if fault.is_for_another => return Err(missing(text, &cloud::in_use(request)?).for_another()),
        found => found?,
    };
    let account = match found {
        Found::Account(account) => *account,
        Found::None | Found::NobodyKnows => {
            let cloud = lookup::in_use(request)?.login.cloud;
            return Err(missing(text, &cloud));
        }
    };
    choose(request, &account)?;
    Ok(Reply::Silent)
}

fn missing(text: &str, cloud: &str) -> Fault {
    fault::plain(&format!(
        "The subscription of '{text}' doesn't exist in cloud '{cloud}'."
    ))
}

/// Makes an account the one in use.
pub(super) fn choose(request: &Request<'_>, account: &Account) -> Result<(), Fault> {
    let Account { login, subscription } = account;
    let chosen = match subscription {
        Some(subscription) => request.services.subscriptions.use_subscription(login, subscription),
        None => {
            let selectors = Selectors {
                account: crate::request::Account::parse(&login.login.id).ok(),
                ..Selectors::default()
            };
            request.services.choice.make_default(&selectors).map(drop)
        }
    };
    chosen.map_err(|error| fault::of(&error, None))
}

/// Signs everybody out, as az does.
fn clear(request: &Request<'_>) -> Result<Reply, Fault> {
    match request.services.accounts.forget(&Selectors::default(), true) {
        Ok(_) => Ok(Reply::Silent),
        Err(error) if error.kind() == Kind::NotFound && !request.is_before_another() => Ok(Reply::Silent),
        Err(error) => Err(fault::of(&error, None)),
    }
}
