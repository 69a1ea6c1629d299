//! Transcripts: what is called, with which variables and which file, and what is answered.

use super::*;
use crate::error::{EntraDetails, Error, Kind};
use crate::face::Io;
use crate::request::{Ask, Selectors};
use crate::secret::Secret;
use crate::services::{Accounts, DatabricksFile, DatabricksProfile, Forgotten, Tokens, Workspaces};
use crate::status::Status;
use crate::token::{Credential, Granted, Origin};
use std::io::{self, BufRead};
use std::sync::Mutex;

const NOW: i64 = 1_795_341_600;
const HOST: &str = "https://adb-1.2.azuredatabricks.net";

/// The services and the streams of one call.
#[derive(Default)]
struct Stage {
    fails: Option<Error>,
    file: DatabricksFile,
    asked: Mutex<Vec<Ask>>,
    out: Mutex<Vec<u8>>,
    told: Mutex<String>,
}

impl Tokens for Stage {
    fn token(&self, ask: &Ask) -> Result<Granted, Error> {
        self.asked.lock().unwrap().push(ask.clone());
        match &self.fails {
            Some(error) => Err(error.clone()),
            None => Ok(Granted {
                credential: Credential {
                    access_token: Secret::new("planted-token".into()),
                    token_type: "Bearer".into(),
                    obtained_ms: NOW * 1000,
                    expires_on: NOW + 4500,
                    refresh_on: None,
                    scope: vec![],
                    tenant: String::new(),
                    account: Some("ana@contoso.example".into()),
                },
                from: Origin::Cache,
                warnings: vec![],
            }),
        }
    }
}

impl Accounts for Stage {
    fn status(&self, _: &Selectors) -> Result<Status, Error> {
        unreachable!("nobody asks who is signed in")
    }
    fn forget(&self, _: &Selectors, _: bool) -> Result<Vec<Forgotten>, Error> {
        unreachable!("nobody signs out")
    }
}

impl Workspaces for Stage {
    fn workspaces(&self, _: Option<&str>) -> Result<DatabricksFile, Error> {
        Ok(self.file.clone())
    }
}

impl Io for Stage {
    fn input(&self, _: &mut dyn FnMut(&mut dyn BufRead) -> io::Result<()>) -> io::Result<()> {
        unreachable!("nothing is read")
    }
    fn answer(&self, bytes: &[u8]) -> io::Result<()> {
        self.out.lock().unwrap().extend(bytes);
        Ok(())
    }
    fn say(&self, text: &str) {
        self.told.lock().unwrap().push_str(text);
    }
}

impl Stage {
    fn with(profiles: &[(&str, &str)]) -> Self {
        let profile = |(name, host): &(&str, &str)| DatabricksProfile {
            name: (*name).to_owned(),
            host: Some((*host).to_owned()),
            ..DatabricksProfile::default()
        };
        Self {
            file: DatabricksFile {
                path: "/home/ana/.databrickscfg".into(),
                default_profile: None,
                profiles: profiles.iter().map(profile).collect(),
            },
            ..Self::default()
        }
    }

    fn failing(error: Error) -> Self {
        Self {
            fails: Some(error),
            ..Self::default()
        }
    }

    fn call(&self, line: &str, variables: &[(&'static str, &str)]) -> Outcome {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let mut call = Call {
            args: &args,
            variables: variables
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            now: NOW,
            offset: &|_| 3600,
            io: self,
        };
        let services = Services {
            tokens: self,
            accounts: self,
            workspaces: self,
        };
        (FACE.run)(&mut call, &services)
    }

    fn out(&self) -> String {
        String::from_utf8(self.out.lock().unwrap().clone()).unwrap()
    }

    fn told(&self) -> String {
        self.told.lock().unwrap().clone()
    }

    /// The host that a token was asked for.
    fn host(&self) -> Option<String> {
        let asked = self.asked.lock().unwrap();
        asked.first().map(|ask| ask.explicit.host.as_ref().unwrap().url())
    }
}

/// What is answered if there is no real one.
fn otherwise(outcome: Outcome) -> Said {
    match outcome {
        Outcome::ForwardOr("databricks", said) => said,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_version_is_one_line_or_the_real_members() {
    for line in ["version", "--version", "-v", "version --output text", "version -o=text"] {
        let stage = Stage::default();
        assert_eq!(stage.call(line, &[]), Outcome::Done(0));
        assert_eq!(stage.out(), "Databricks CLI v1.13.0\n", "{line}");
    }
    for (line, variables) in [
        ("version --output json", &[][..]),
        ("version", &[("DATABRICKS_OUTPUT_FORMAT", "json")]),
    ] {
        let stage = Stage::default();
        assert_eq!(stage.call(line, variables), Outcome::Done(0));
        let version: serde_json::Value = serde_json::from_str(&stage.out()).unwrap();
        assert_eq!(
            (&version["Major"], &version["Minor"], &version["Patch"]),
            (&1.into(), &13.into(), &0.into())
        );
        let members = "ProjectName Version Branch Tag ShortCommit FullCommit CommitTime Summary Major Minor Patch \
                       Prerelease IsSnapshot BuildTime";
        let have: Vec<_> = version.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(have.join(" "), members);
    }
}

#[test]
fn a_token_in_both_forms() {
    let json = "{\n  \"access_token\": \"planted-token\",\n  \"token_type\": \"Bearer\",\n  \
                \"expiry\": \"2026-11-22T12:15:00.000000+01:00\"\n}";
    for (flags, out) in [
        ("", json),
        ("--output json", json),
        ("-o text", "planted-token\n"),
        (
            "--debug --timeout 1h --experimental-is-unified-host --account-id a --log-level=trace",
            json,
        ),
    ] {
        let stage = Stage::default();
        let outcome = stage.call(
            &format!("auth token --host {HOST} {flags}"),
            &[("DATABRICKS_OUTPUT_FORMAT", "text")],
        );
        assert_eq!(
            (outcome, stage.out().as_str(), stage.told().as_str()),
            (Outcome::Done(0), out, "")
        );
    }
}

#[test]
fn a_forced_refresh_only_wants_it_renewed() {
    for (flag, renew) in [("", false), ("--force-refresh", true), ("--force-refresh=false", false)] {
        let stage = Stage::default();
        stage.call(&format!("auth token --host {HOST} {flag}"), &[]);
        let asked = stage.asked.lock().unwrap();
        assert_eq!((asked[0].terms.renew, asked[0].terms.force), (renew, false), "{flag}");
    }
}

#[test]
fn which_workspace_is_meant() {
    let all = [
        ("DATABRICKS_CONFIG_PROFILE", "env"),
        ("DATABRICKS_HOST", "https://e.azuredatabricks.net"),
    ];
    let cases: &[(&str, &[(&'static str, &str)], Option<&str>)] = &[
        ("flag", &all, Some("https://f.azuredatabricks.net")),
        ("x.azuredatabricks.net", &all, Some("https://x.azuredatabricks.net")),
        (
            "https://x.azuredatabricks.net/?o=1",
            &all,
            Some("https://x.azuredatabricks.net"),
        ),
        ("--profile flag", &all, Some("https://f.azuredatabricks.net")),
        (
            "--profile flag --host https://x.azuredatabricks.net",
            &all,
            Some("https://f.azuredatabricks.net"),
        ),
        (
            "--host https://x.azuredatabricks.net",
            &all,
            Some("https://v.azuredatabricks.net"),
        ),
        ("", &all, Some("https://v.azuredatabricks.net")),
        (
            "--host https://x.azuredatabricks.net",
            &all[1..],
            Some("https://x.azuredatabricks.net"),
        ),
        ("", &all[1..], Some("https://e.azuredatabricks.net")),
        ("", &[], Some("https://d.azuredatabricks.net")),
        ("flag --host https://x.azuredatabricks.net", &[], None),
        ("nobody", &all, None),
        ("--profile nobody", &[], None),
        ("--host ftp://x", &[], None),
        ("one two", &[], None),
    ];
    for (line, variables, host) in cases {
        let mut stage = Stage::with(&[
            ("flag", "https://f.azuredatabricks.net/"),
            ("env", "v.azuredatabricks.net"),
            ("dflt", "https://d.azuredatabricks.net/?o=1"),
        ]);
        stage.file.default_profile = Some("dflt".into());
        let outcome = stage.call(&format!("auth token {line}"), variables);
        match host {
            Some(_) => assert_eq!(outcome, Outcome::Done(0), "{line}"),
            None => assert!(otherwise(outcome).told.starts_with("Error: "), "{line}"),
        }
        assert_eq!(stage.host().as_deref(), *host, "{line}");
    }
}

#[test]
fn the_default_profile_is_named_or_alone_or_called_so() {
    for (profiles, host) in [
        (&[("only", "o.example")][..], Some("https://o.example")),
        (
            &[("a", "a.example"), ("DEFAULT", "d.example")],
            Some("https://d.example"),
        ),
        (&[("a", "a.example"), ("b", "b.example")], None),
        (&[], None),
    ] {
        let stage = Stage::with(profiles);
        stage.call("auth token", &[]);
        assert_eq!(stage.host().as_deref(), host);
    }
    let mut stage = Stage::with(&[("a", "a.example")]);
    stage.file.default_profile = Some("gone".into());
    assert!(otherwise(stage.call("auth token", &[])).told.contains("gone"));
}

#[test]
fn a_host_that_one_profile_names_is_that_profiles() {
    let mut stage = Stage::with(&[("dev", HOST), ("other", "https://x.azuredatabricks.net")]);
    stage.file.profiles[0].azure_tenant_id = Some("contoso.example".into());
    stage.call(
        &format!("auth token --host {HOST}/"),
        &[("ARM_TENANT_ID", "other.example")],
    );
    let tenant = |stage: &Stage| {
        stage.asked.lock().unwrap()[0]
            .door
            .tenant
            .as_ref()
            .unwrap()
            .as_str()
            .to_owned()
    };
    assert_eq!(tenant(&stage), "contoso.example");

    let mut several = Stage::with(&[("dev", HOST), ("too", HOST)]);
    several.file.profiles[0].azure_tenant_id = Some("contoso.example".into());
    let outcome = several.call(
        &format!("auth token --host {HOST}"),
        &[("ARM_TENANT_ID", "other.example")],
    );
    assert_eq!(
        (outcome, tenant(&several).as_str()),
        (Outcome::Done(0), "other.example")
    );
}

#[test]
fn a_service_principals_profile_is_the_real_ones() {
    let mut stage = Stage::with(&[("ci", HOST)]);
    stage.file.profiles[0].client_id = Some("c".into());
    stage.file.profiles[0].has_secret = true;
    assert!(
        otherwise(stage.call("auth token --profile ci", &[]))
            .told
            .contains("service principal")
    );
    assert_eq!(stage.host(), None);
}

#[test]
fn what_is_not_ours_is_the_real_ones() {
    for line in [
        "",
        "clusters list",
        "clusters list --no-such-flag",
        "auth login --host x",
        "auth logout",
        "auth",
        "auth token --help",
        "auth token --target dev",
        "bundle validate -t dev",
        "--help",
    ] {
        assert_eq!(
            Stage::default().call(line, &[]),
            Outcome::Forward("databricks"),
            "{line}"
        );
    }
    let told = otherwise(Stage::default().call("auth token --no-such-flag", &[])).told;
    assert_eq!(told, "Error: unknown flag: --no-such-flag");
}

#[test]
fn every_error_in_the_words_that_sdks_look_for_and_no_others() {
    for kind in Kind::ALL {
        for word in FACE.forbidden {
            let error = Error::new(kind, format!("the user was {word} there\n{word}"))
                .caused_by(word)
                .hint(format!("run: entra-token login --host {HOST}; {word}"))
                .entra(EntraDetails {
                    error: "invalid_grant".into(),
                    suberror: Some((*word).to_owned()),
                    codes: vec![50034],
                    correlation_id: Some("c-1".into()),
                    ..EntraDetails::default()
                });
            let stage = Stage::failing(error);
            let outcome = stage.call(&format!("auth token --host {HOST}"), &[]);
            assert_eq!(stage.out(), "");
            let told = match outcome {
                Outcome::ForwardOr("databricks", said) => {
                    assert!(matches!(kind, Kind::NotFound | Kind::TargetNotSupported), "{kind:?}");
                    assert_eq!((said.exit, said.out.as_str()), (1, ""));
                    let told = said.told;
                    let rest = told.strip_prefix("Error: databricks OAuth is not configured for this host. ");
                    rest.unwrap_or_else(|| panic!("{told}")).to_owned()
                }
                Outcome::Done(1) => stage.told().strip_prefix("Error: ").unwrap().to_owned(),
                other => panic!("{other:?}"),
            };
            for word in FACE.forbidden {
                assert!(
                    !told.to_lowercase().contains(&word.to_lowercase()),
                    "{kind:?} {word}: {told}"
                );
            }
            assert!(told.contains("\n  run: entra-token login --host"), "{told}");
            assert!(told.contains("AADSTS50034, correlation id c-1)"), "{told}");
        }
    }
}

#[test]
fn variables_for_another_program() {
    let mut stage = Stage::with(&[("dev", HOST)]);
    stage.file.profiles[0].workspace_id = Some("7 7".into());
    assert_eq!(stage.call("auth env --profile dev", &[]), Outcome::Done(0));
    let env: serde_json::Value = serde_json::from_str(&stage.out()).unwrap();
    let expected = serde_json::json!({"env": {
        "DATABRICKS_AUTH_TYPE": "databricks-cli", "DATABRICKS_CONFIG_PROFILE": "dev", "DATABRICKS_HOST": HOST,
        "DATABRICKS_WORKSPACE_ID": "7 7",
    }});
    assert_eq!(env, expected);
    stage.out.lock().unwrap().clear();
    stage.call("auth env --host adb-1.2.azuredatabricks.net -o text", &[]);
    assert!(stage.out().contains(&format!("DATABRICKS_HOST={HOST}\n")) && stage.out().contains("='7 7'\n"));
    let failing = Stage::failing(Error::new(Kind::NotFound, "nobody"));
    assert_eq!(otherwise(failing.call(&format!("auth env --host {HOST}"), &[])).exit, 1);
}

#[test]
fn the_profiles_of_the_file() {
    let mut stage = Stage::with(&[("DEFAULT", HOST), ("gcp", "https://1.gcp.databricks.com"), ("none", "")]);
    stage.file.profiles[2].host = None;
    assert_eq!(
        stage.call("auth profiles --skip-validate -o json", &[]),
        Outcome::Done(0)
    );
    let rows: serde_json::Value = serde_json::from_str(&stage.out()).unwrap();
    let row = |name: &str, host: &str, cloud: &str| serde_json::json!({"name": name, "host": host, "cloud": cloud, "auth_type": "databricks-cli", "valid": false});
    let mut first = row("DEFAULT", HOST, "azure");
    first["default"] = true.into();
    let expected = serde_json::json!({"profiles": [first, row("gcp", "https://1.gcp.databricks.com", "gcp")]});
    assert_eq!(rows, expected);
    assert_eq!(stage.host(), None, "nothing is asked");

    stage.out.lock().unwrap().clear();
    stage.call("auth profiles", &[]);
    assert!(stage.out().starts_with("Name     Host"), "{}", stage.out());
    assert!(stage.out().contains(&format!("DEFAULT  {HOST}  ")) && stage.out().contains("  YES\n"));

    stage.file.profiles[1].has_secret = true;
    let said = otherwise(stage.call("auth profiles", &[]));
    assert!(said.exit == 0 && said.out.contains("  NO\n"));
}

#[test]
fn who_is_signed_in_and_who_says_so() {
    let stage = Stage::with(&[("dev", HOST)]);
    let variables = [("DATABRICKS_CONFIG_PROFILE", "dev")];
    assert_eq!(stage.call("auth describe -o json", &variables), Outcome::Done(0));
    let answer: serde_json::Value = serde_json::from_str(&stage.out()).unwrap();
    assert_eq!(
        (&answer["status"], &answer["username"]),
        (&"success".into(), &"ana@contoso.example".into())
    );
    let configuration = &answer["details"]["configuration"];
    assert_eq!(configuration["host"]["source"]["type"], "file");
    assert_eq!(configuration["profile"]["source"]["name"], "DATABRICKS_CONFIG_PROFILE");

    stage.out.lock().unwrap().clear();
    stage.call("auth describe --profile dev", &[]);
    let text = stage.out();
    assert!(text.starts_with(&format!(
        "Host: {HOST}\nUser: ana@contoso.example\nAuthenticated with: databricks-cli\n-----\n"
    )));
    assert!(text.contains("✓ profile: dev (from --profile flag)\n"), "{text}");

    let failing = Stage::failing(Error::new(Kind::InteractionRequired, "expired").hint("run: x"));
    assert_eq!(
        failing.call(&format!("auth describe --host {HOST}"), &[]),
        Outcome::Done(0)
    );
    assert!(
        failing
            .out()
            .starts_with("Unable to authenticate: expired\n  run: x\n-----\n"),
        "{}",
        failing.out()
    );
}

#[test]
fn calls_under_our_own_name_that_are_meant_for_it() {
    for (line, is) in [
        ("version", true),
        ("version --output json", true),
        ("version --query x", false),
        ("auth token --host x --force-refresh", true),
        ("auth token x", true),
        ("auth login", true),
        ("auth token --output json --no-prompt --scope x", false),
        ("auth token --scope=x", false),
        ("auth", false),
        ("auth nonsense", false),
        ("get", false),
    ] {
        let args: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        assert_eq!((FACE.claims)(&args), is, "{line}");
    }
}
