//! A world in which the face is called, and what it did there.

use crate::error::{Error, Kind};
use crate::face::az::FACE;
use crate::face::{Call, Io, Outcome, Services};
use crate::how::{How, Way};
use crate::request::{Ask, Authority, Selectors};
use crate::secret::Secret;
use crate::services::{
    Accounts, AzureLogin, Choice, DatabricksFile, Forgotten, LoginSummary, Look, Reason, Registries, SignIn, SignedIn,
    Subscription, Subscriptions, Tokens, Workspaces,
};
use crate::status::Status;
use crate::token::{Credential, Granted, Origin};
use serde_json::Value;
use std::ffi::OsString;
use std::io::{self, BufRead};
use std::sync::Mutex;

pub(super) const NOW: i64 = 1_795_341_600;
pub(super) const HOME: &str = "11111111-1111-4111-8111-111111111111";
pub(super) const OTHER: &str = "22222222-2222-4222-8222-222222222222";
pub(super) const R: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/// A world of a face's own.
#[derive(Default)]
pub(super) struct Script {
    pub(super) logins: Vec<AzureLogin>,
    pub(super) fails: Option<Error>,
    pub(super) az_behind: bool,
    pub(super) variables: Vec<(&'static str, &'static str)>,
    pub(super) asked: Mutex<Vec<Ask>>,
    pub(super) looked: Mutex<Vec<Look>>,
    pub(super) chosen: Mutex<Vec<String>>,
    pub(super) cloud: Mutex<Option<Authority>>,
    pub(super) out: Mutex<Vec<u8>>,
    pub(super) err: Mutex<String>,
}

fn subscription(id: &str, name: &str, state: &str, tenant: &str) -> Subscription {
    Subscription {
        id: id.into(),
        name: name.into(),
        state: state.into(),
        tenant: tenant.into(),
        tenant_domain: None,
        tenant_name: None,
        managed_by: vec!["m-1".into()],
    }
}

fn login(account: &str, subscriptions: Vec<Subscription>) -> AzureLogin {
    AzureLogin {
        login: LoginSummary {
            id: format!("id of {account}"),
            account: account.into(),
            tenant: HOME.into(),
        },
        cloud: "AzureCloud".into(),
        resource_manager: "https://management.core.windows.net/".into(),
        in_use: subscriptions.first().cloned(),
        subscriptions,
    }
}

impl Script {
    /// Ana without subscriptions.
    pub(super) fn bare() -> Self {
        Self {
            logins: vec![login("ana@contoso.example", vec![])],
            ..Self::default()
        }
    }

    /// Ana with three subscriptions, and Ben with one.
    pub(super) fn rich() -> Self {
        let ana = vec![
            subscription("s-1", "One", "Enabled", HOME),
            subscription("s-2", "Two", "Enabled", OTHER),
            subscription("s-3", "Three", "Disabled", HOME),
        ];
        let ben = vec![subscription("s-4", "Four", "Enabled", HOME)];
        Self {
            logins: vec![login("ana@contoso.example", ana), login("ben@contoso.example", ben)],
            ..Self::default()
        }
    }

    pub(super) fn failing(error: Error) -> Self {
        Self {
            fails: Some(error),
            ..Self::bare()
        }
    }

    pub(super) fn call(&self, line: &str) -> Outcome {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let services = Services {
            tokens: self,
            accounts: self,
            choice: self,
            sign_in: self,
            subscriptions: self,
            workspaces: self,
            registries: self,
        };
        let mut call = Call {
            args: &args,
            variables: self
                .variables
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            now: NOW,
            offset: &|_| 9 * 3600,
            is_behind: &|tool| self.az_behind && tool == "az",
            io: self,
        };
        (FACE.run)(&mut call, &services)
    }

    /// Exit status, standard output, standard error.
    #[track_caller]
    pub(super) fn of(&self, line: &str) -> (u8, String, String) {
        let exit = match self.call(line) {
            Outcome::Done(exit) => exit,
            Outcome::ForwardElse("az", told, exit) if !self.az_behind => {
                self.say(&told);
                exit
            }
            other => panic!("`{line}`: {other:?}"),
        };
        let out = String::from_utf8(std::mem::take(&mut *self.out.lock().unwrap())).unwrap();
        (exit, out, std::mem::take(&mut *self.err.lock().unwrap()))
    }

    #[track_caller]
    pub(super) fn ok(&self, line: &str) -> String {
        let (exit, out, err) = self.of(line);
        assert_eq!((exit, err.as_str()), (0, ""), "{line}");
        out
    }

    #[track_caller]
    pub(super) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(line)).unwrap()
    }

    #[track_caller]
    pub(super) fn fails(&self, line: &str) -> (u8, String) {
        let (exit, out, err) = self.of(line);
        assert_eq!(out, "", "{line}");
        (exit, err)
    }

    pub(super) fn last(&self) -> Selectors {
        self.asked.lock().unwrap().last().unwrap().explicit.clone()
    }
}

impl Io for Script {
    fn input(&self, _: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        panic!("az reads nothing")
    }
    fn answer(&self, bytes: &[u8]) -> io::Result<()> {
        self.out.lock().unwrap().extend_from_slice(bytes);
        Ok(())
    }
    fn say(&self, text: &str) {
        self.err.lock().unwrap().push_str(&format!("{text}\n"));
    }
}

impl Tokens for Script {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.asked.lock().unwrap().push(ask.clone());
        if let Some(error) = &self.fails {
            return Err(error.clone());
        }
        let tenant = ask.explicit.tenant.as_ref().filter(|tenant| tenant.is_guid());
        Ok(Granted {
            credential: Credential {
                access_token: Secret::new("planted".into()),
                token_type: "Bearer".into(),
                obtained_ms: NOW * 1000,
                expires_on: NOW + 3600,
                refresh_on: None,
                scope: ask.explicit.scopes.clone().unwrap().as_slice().to_vec(),
                tenant: tenant.map_or(HOME, |tenant| tenant.as_str()).to_owned(),
                account: None,
            },
            from: Origin::Cache,
            warnings: vec![],
        })
    }
}

impl Subscriptions for Script {
    fn in_use(&self, _: &Ask) -> Result<AzureLogin, Error> {
        let first = self.logins.first().cloned();
        first.ok_or_else(|| Error::new(Kind::NotFound, "nobody is signed in"))
    }
    fn subscriptions(&self, look: Look) -> Result<Vec<AzureLogin>, Error> {
        self.looked.lock().unwrap().push(look);
        Ok(self.logins.clone())
    }
    fn use_subscription(&self, login: &AzureLogin, subscription: &Subscription) -> Result<(), Error> {
        let chosen = format!("{} {}", login.login.id, subscription.id);
        self.chosen.lock().unwrap().push(chosen);
        Ok(())
    }
}

impl Registries for Script {
    fn registry_token(&self, _: &Ask) -> Result<Secret, Error> {
        panic!("az asks no registry")
    }
}

impl Workspaces for Script {
    fn workspaces(&self, _: Option<&str>) -> Result<DatabricksFile, Error> {
        panic!("az reads no `.databrickscfg`")
    }
}

impl Accounts for Script {
    fn status(&self, _: &Selectors) -> Result<Status, Error> {
        panic!("az asks for no status")
    }
    fn forget(&self, selectors: &Selectors, all: bool) -> Result<Vec<Forgotten>, Error> {
        self.chosen.lock().unwrap().push(format!(
            "forget {} {all}",
            selectors.account.as_ref().map_or("", |account| account.as_str())
        ));
        match self.logins.is_empty() {
            true => Err(Error::new(Kind::NotFound, "nobody is signed in")),
            false => Ok(vec![]),
        }
    }
}

impl Choice for Script {
    fn make_default(&self, selectors: &Selectors) -> Result<LoginSummary, Error> {
        if selectors.authority.is_some() {
            return Err(Error::new(Kind::NotFound, "no such login"));
        }
        let account = selectors.account.as_ref().unwrap().as_str().to_owned();
        self.chosen.lock().unwrap().push(account);
        Ok(self.logins[0].login.clone())
    }
    fn cloud(&self) -> Result<Option<Authority>, Error> {
        Ok(self.cloud.lock().unwrap().clone())
    }
    fn choose_cloud(&self, authority: Option<&Authority>) -> Result<(), Error> {
        *self.cloud.lock().unwrap() = authority.cloned();
        Ok(())
    }
    fn why(&self, _: &Ask) -> Result<Vec<Reason>, Error> {
        panic!("az does not ask why")
    }
}

impl SignIn for Script {
    fn sign_in(&self, ask: &Ask, how: &How) -> Result<SignedIn, Error> {
        self.asked.lock().unwrap().push(ask.clone());
        let way = match &how.way {
            Way::DeviceCode => "device code".to_owned(),
            Way::Password(user) => format!("password of {}", user.username),
            other => format!("{other:?}"),
        };
        self.chosen.lock().unwrap().push(way);
        Ok(SignedIn {
            id: self.logins[0].login.id.clone(),
            account: String::new(),
            tenant: HOME.into(),
            authority: String::new(),
            client_id: String::new(),
            flow: "device_code",
            granted: self.token(ask)?,
            notes: vec![],
        })
    }
    fn usual_way(&self) -> Result<(Way, String), Error> {
        Ok((Way::DeviceCode, "signing in with a code".into()))
    }
}
