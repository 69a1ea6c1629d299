//! A caller for unit tests of faces: says what the services answer, calls, and keeps what was written and asked.

mod azure;

use super::{Call, Face, Io, Outcome, Services};
use crate::error::{Error, Kind};
use crate::request::{Ask, Selectors};
use crate::secret::Secret;
use crate::services::{Accounts, DatabricksFile, Forgotten, Registries, Tokens, Workspaces};
use crate::status::{Status, Storage};
use crate::token::{Credential, Granted, Origin};
use std::ffi::OsString;
use std::io::{self, BufRead};
use std::sync::Mutex;

/// 2026-11-22 10:00:00 UTC.
pub(super) const NOW: i64 = 1_795_341_600;

/// The token that is granted; it lives for an hour.
pub(super) const TOKEN: &str = "planted-access-token";

/// The tenant whose token it is.
pub(super) const TENANT: &str = "5a9d1c0e-3f57-4b6a-9c41-7d2e8f60b1a3";

/// A program that calls a face. Unless told otherwise, somebody is signed in and every token is granted.
pub(super) struct Caller {
    face: &'static Face,
    args: Vec<OsString>,
    variables: Vec<(&'static str, String)>,
    input: Vec<u8>,
    refused: Option<Error>,
    closed: Option<io::ErrorKind>,
    behind: bool,
    offset: i32,
    workspaces: DatabricksFile,
}

/// What a call led to.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) outcome: Outcome,
    pub(super) out: String,
    pub(super) err: String,
    /// What was asked of the service of tokens, in order.
    pub(super) asked: Vec<Ask>,
}

impl Caller {
    pub(super) fn of(face: &'static Face) -> Self {
        Self {
            face,
            args: Vec::new(),
            variables: Vec::new(),
            input: Vec::new(),
            refused: None,
            closed: None,
            behind: false,
            offset: 0,
            workspaces: DatabricksFile::default(),
        }
    }

    /// What stands after the face's name.
    pub(super) fn args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(OsString::from).collect();
        self
    }

    /// Sets a variable, which the face's row must name.
    pub(super) fn var(mut self, name: &str, value: &str) -> Self {
        let row = self.face.variables.iter().find(|known| **known == name);
        self.variables.push((row.expect(name), value.to_owned()));
        self
    }

    pub(super) fn input(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_vec();
        self
    }

    /// Every service fails so.
    pub(super) fn refused(mut self, error: Error) -> Self {
        self.refused = Some(error);
        self
    }

    /// Every service fails with an error of this kind.
    pub(super) fn failing(self, kind: Kind) -> Self {
        self.refused(Error::new(kind, "it is as it is").hint("run: entra-token login"))
    }

    /// Seconds east of UTC.
    pub(super) fn east(mut self, offset: i32) -> Self {
        self.offset = offset;
        self
    }

    /// The real tool stands behind us.
    pub(super) fn before_the_real_one(mut self) -> Self {
        self.behind = true;
        self
    }

    /// What `.databrickscfg` says.
    pub(super) fn workspaces(mut self, file: DatabricksFile) -> Self {
        self.workspaces = file;
        self
    }

    /// Nothing can be written.
    pub(super) fn closed(mut self, why: io::ErrorKind) -> Self {
        self.closed = Some(why);
        self
    }

    pub(super) fn call(self) -> Seen {
        let offset = |_| self.offset;
        let written = Written {
            input: self.input,
            closed: self.closed,
            out: Mutex::default(),
            err: Mutex::default(),
        };
        let services = Fake {
            refused: self.refused,
            asked: Mutex::default(),
            workspaces: self.workspaces,
        };
        let mut call = Call {
            args: &self.args,
            variables: self.variables,
            now: NOW,
            offset: &offset,
            is_behind: &|_| self.behind,
            io: &written,
        };
        let outcome = (self.face.run)(
            &mut call,
            &Services {
                tokens: &services,
                accounts: &services,
                choice: &services,
                sign_in: &services,
                subscriptions: &services,
                workspaces: &services,
                registries: &services,
            },
        );
        Seen {
            outcome,
            out: String::from_utf8(written.out.into_inner().unwrap()).unwrap(),
            err: written.err.into_inner().unwrap(),
            asked: services.asked.into_inner().unwrap(),
        }
    }
}

impl Seen {
    /// It must have succeeded, silently: standard output.
    #[track_caller]
    pub(super) fn ok(self) -> String {
        assert_eq!(
            (&self.outcome, self.err.as_str()),
            (&Outcome::Done(0), ""),
            "{}",
            self.out
        );
        self.out
    }

    /// The only thing that was asked for.
    #[track_caller]
    pub(super) fn only_ask(&self) -> &Ask {
        assert_eq!(self.asked.len(), 1, "{self:?}");
        &self.asked[0]
    }
}

struct Fake {
    refused: Option<Error>,
    asked: Mutex<Vec<Ask>>,
    workspaces: DatabricksFile,
}

impl Fake {
    /// The error that every service has, or else a service that nobody should ask for.
    fn refused(&self, otherwise: &str) -> Error {
        let Some(error) = &self.refused else {
            unreachable!("{otherwise}")
        };
        error.clone()
    }
}

impl Workspaces for Fake {
    fn workspaces(&self, _: Option<&str>) -> Result<DatabricksFile, Error> {
        Ok(self.workspaces.clone())
    }
}

impl Registries for Fake {
    fn registry_token(&self, ask: &Ask) -> Result<Secret, Error> {
        self.token(ask).map(|granted| granted.credential.access_token)
    }
}

impl Tokens for Fake {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.asked.lock().unwrap().push(ask.clone());
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => Ok(granted(ask)),
        }
    }
}

fn granted(ask: &Ask) -> Granted {
    let scopes = ask.explicit.scopes.as_ref();
    Granted {
        credential: Credential {
            access_token: Secret::new(TOKEN.to_owned()),
            token_type: "Bearer".to_owned(),
            obtained_ms: NOW * 1000,
            expires_on: NOW + 3600,
            refresh_on: None,
            scope: scopes.map(|scopes| scopes.as_slice().to_vec()).unwrap_or_default(),
            tenant: TENANT.to_owned(),
            account: Some("ana@contoso.example".to_owned()),
        },
        from: Origin::Cache,
        warnings: Vec::new(),
    }
}

impl Accounts for Fake {
    fn status(&self, _: &Selectors) -> Result<Status, Error> {
        match &self.refused {
            Some(error) => Err(error.clone()),
            None => Ok(Status {
                storage: Storage {
                    kind: "file",
                    path: "/home/ana/.entra-token".to_owned(),
                    locks: Some(true),
                    writable: Some(true),
                },
                logins: Vec::new(),
                notes: Vec::new(),
            }),
        }
    }

    fn forget(&self, _: &Selectors, _: bool) -> Result<Vec<Forgotten>, Error> {
        Err(self.refused("nothing is to be forgotten"))
    }
}

struct Written {
    input: Vec<u8>,
    closed: Option<io::ErrorKind>,
    out: Mutex<Vec<u8>>,
    err: Mutex<String>,
}

impl Io for Written {
    fn input(&self, read: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        read(&mut self.input.as_slice())
    }

    fn answer(&self, bytes: &[u8]) -> io::Result<()> {
        if let Some(kind) = self.closed {
            return Err(kind.into());
        }
        self.out.lock().unwrap().extend(bytes);
        Ok(())
    }

    fn say(&self, text: &str) {
        let mut err = self.err.lock().unwrap();
        err.push_str(text.trim_end_matches('\n'));
        err.push('\n');
    }
}
