//! Which workspace is meant: the argument, then `--profile`, `DATABRICKS_CONFIG_PROFILE`, `--host`, `DATABRICKS_HOST`, and
//! the default profile, in the order of the CLI.

use super::args::Args;
use super::refusal::Refusal;
use crate::face::{Call, Services};
use crate::request::{Ask, Host, Selectors, Tenant};
use crate::services::{DatabricksFile, DatabricksProfile};

/// The workspace or account that is meant.
#[derive(Debug)]
pub(super) struct Target {
    /// Where.
    pub(super) host: Host,
    /// Who says so: ``--host`` and its like, or a file.
    pub(super) host_from: Source,
    /// The profile that it comes from.
    pub(super) profile: Option<String>,
    /// Who named the profile.
    pub(super) profile_from: Source,
    /// The account, if it is said.
    pub(super) account_id: Option<String>,
    /// The workspace's number, if it is said.
    pub(super) workspace_id: Option<String>,
    tenant: Option<String>,
}

/// Who said a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A flag or argument.
    Flag(&'static str),
    /// A variable.
    Variable(&'static str),
    /// The file of that path.
    File(String),
    /// Nobody: it follows from the rest.
    Derived,
}

impl Target {
    /// Finds what a call means. `named` is its argument: a profile, else a host.
    pub(super) fn find(
        call: &Call<'_>,
        services: &Services<'_>,
        args: &Args,
        named: Option<&str>,
    ) -> Result<Self, Refusal> {
        let file = services.workspaces.workspaces(call.variable("DATABRICKS_CONFIG_FILE"));
        let file = file.map_err(Refusal::Failed)?;
        let mut target = Self::by_names(call, args, named, &file)?;
        target.account_id = args.account_id.clone().or(target.account_id);
        target.workspace_id = args.workspace_id.clone().or(target.workspace_id);
        if target.tenant.is_none() {
            target.tenant = call.variable("ARM_TENANT_ID").map(str::to_owned);
        }
        Ok(target)
    }

    /// What it asks for.
    pub(super) fn ask(&self) -> Ask {
        let explicit = Selectors {
            host: Some(self.host.clone()),
            ..Selectors::default()
        };
        // Ranks below what the host itself says of its tenant.
        let door = Selectors {
            tenant: self.tenant.as_deref().and_then(|text| Tenant::parse(text).ok()),
            ..Selectors::default()
        };
        Ask {
            explicit,
            door,
            ..Ask::default()
        }
    }

    fn by_names(call: &Call<'_>, args: &Args, named: Option<&str>, file: &DatabricksFile) -> Result<Self, Refusal> {
        if let Some(named) = named {
            if args.profile.is_some() || args.host.is_some() {
                return wrong("an argument cannot be given together with --profile or --host");
            }
            return match file.profile(named) {
                Some(profile) => Self::of_profile(profile, Source::Flag("argument"), file),
                None if named.contains(['.', ':']) => Self::of_host(named, Source::Flag("argument"), file),
                None => no_profile(named, file),
            };
        }
        let variable = |name: &'static str| Some((call.variable(name)?, Source::Variable(name)));
        let flag = |value: Option<&'_ String>, name| Some((value?.clone(), Source::Flag(name)));
        let owned = |(value, source): (&str, Source)| (value.to_owned(), source);
        let profile =
            flag(args.profile.as_ref(), "--profile").or_else(|| variable("DATABRICKS_CONFIG_PROFILE").map(owned));
        if let Some((name, from)) = profile {
            return match file.profile(&name) {
                Some(profile) => Self::of_profile(profile, from, file),
                None => no_profile(&name, file),
            };
        }
        let host = flag(args.host.as_ref(), "--host").or_else(|| variable("DATABRICKS_HOST").map(owned));
        if let Some((host, from)) = host {
            return Self::of_host(&host, from, file);
        }
        match default_profile(file) {
            Some(profile) => Self::of_profile(profile, Source::File(file.path.clone()), file),
            None => match &file.default_profile {
                Some(name) => no_profile(name, file),
                None => wrong("no profile specified. Use --profile <name> or --host <url>"),
            },
        }
    }

    fn of_profile(profile: &DatabricksProfile, from: Source, file: &DatabricksFile) -> Result<Self, Refusal> {
        let DatabricksProfile {
            name,
            host,
            account_id,
            workspace_id,
            auth_type: _,
            azure_tenant_id,
            client_id,
            has_secret,
        } = profile;
        if client_id.is_some() && *has_secret {
            return wrong(format!(
                "profile {name} signs in as a service principal with a secret of its own, so there is no user's token for it"
            ));
        }
        let Some(host) = host else {
            return wrong(format!("profile {name} of {} names no host", file.path));
        };
        Ok(Self {
            host: read(host)?,
            host_from: Source::File(file.path.clone()),
            profile: Some(name.clone()),
            profile_from: from,
            account_id: account_id.clone(),
            workspace_id: workspace_id.clone(),
            tenant: azure_tenant_id.clone(),
        })
    }

    /// A host that exactly one profile names is that profile's; a token for a host that several name is the same for all.
    fn of_host(text: &str, from: Source, file: &DatabricksFile) -> Result<Self, Refusal> {
        let host = read(text)?;
        let is_it = |profile: &&DatabricksProfile| {
            let named = profile.host.as_deref().map(Host::parse);
            named.is_some_and(|named| named.as_ref() == Ok(&host))
        };
        let matching: Vec<_> = file.profiles.iter().filter(is_it).collect();
        if let [profile] = matching.as_slice() {
            let found = Self::of_profile(profile, Source::Derived, file)?;
            return Ok(Self {
                host_from: from,
                ..found
            });
        }
        Ok(Self {
            host,
            host_from: from,
            profile: None,
            profile_from: Source::Derived,
            account_id: None,
            workspace_id: None,
            tenant: None,
        })
    }
}

/// The profile that the file's settings name; else its only one; else `DEFAULT`.
pub(super) fn default_profile(file: &DatabricksFile) -> Option<&DatabricksProfile> {
    if let Some(name) = &file.default_profile {
        return file.profile(name);
    }
    match file.profiles.as_slice() {
        [only] => Some(only),
        _ => file.profile("DEFAULT").filter(|profile| profile.host.is_some()),
    }
}

fn read(text: &str) -> Result<Host, Refusal> {
    Host::parse(text).map_err(Refusal::Wrong)
}

fn no_profile<T>(name: &str, file: &DatabricksFile) -> Result<T, Refusal> {
    let name = name.escape_debug();
    wrong(format!("{} has no {name} profile configured", file.path))
}

fn wrong<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Wrong(why.into()))
}
