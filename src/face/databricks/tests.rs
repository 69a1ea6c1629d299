//! Transcripts: what is called, with which variables and which file, and what is answered.

use super::*;
use crate::error::{EntraDetails, Error, Kind};
use crate::face::testing::{Caller, Seen, TOKEN};
use crate::services::{DatabricksFile, DatabricksProfile};

const HOST: &str = "https://adb-1.2.azuredatabricks.net";

type Variable = (&'static str, &'static str);

/// What the services answer, and what the file says.
#[derive(Default)]
struct Stage {
    fails: Option<Error>,
    file: DatabricksFile,
    behind: bool,
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

    fn call(&self, line: &str, variables: &[(&'static str, &str)]) -> Seen {
        let mut caller = Caller::of(&FACE)
            .args(&line.split_whitespace().collect::<Vec<_>>())
            .workspaces(self.file.clone())
            .east(3600);
        for (name, value) in variables {
            caller = caller.var(name, value);
        }
        if let Some(error) = &self.fails {
            caller = caller.refused(error.clone());
        }
        if self.behind {
            caller = caller.before_the_real_one();
        }
        caller.call()
    }
}

/// The host that a token was asked for.
fn host(seen: &Seen) -> Option<String> {
    seen.asked.first().map(|ask| ask.explicit.host.as_ref().unwrap().url())
}

/// What is told if there is no real one.
#[track_caller]
fn otherwise(seen: Seen) -> String {
    assert_eq!((seen.out.as_str(), seen.err.as_str()), ("", ""));
    match seen.outcome {
        Outcome::ForwardElse("databricks", told, 1) => told,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_version_is_one_line_or_the_real_members() {
    for line in ["version", "--version", "-v", "version --output text", "version -o=text"] {
        assert_eq!(
            Stage::default().call(line, &[]).ok(),
            "Databricks CLI v1.13.0\n",
            "{line}"
        );
    }
    for (line, variables) in [
        ("version --output json", &[][..]),
        ("version", &[("DATABRICKS_OUTPUT_FORMAT", "json")]),
    ] {
        let version: serde_json::Value = serde_json::from_str(&Stage::default().call(line, variables).ok()).unwrap();
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
    let json = format!(
        "{{\n  \"access_token\": \"{TOKEN}\",\n  \"token_type\": \"Bearer\",\n  \
         \"expiry\": \"2026-11-22T12:00:00.000000+01:00\"\n}}"
    );
    let text = format!("{TOKEN}\n");
    for (flags, out) in [
        ("", &json),
        ("--output json", &json),
        ("-o text", &text),
        (
            "--debug --timeout 1h --experimental-is-unified-host --account-id a --log-level=trace",
            &json,
        ),
    ] {
        let line = format!("auth token --host {HOST} {flags}");
        let answer = Stage::default()
            .call(&line, &[("DATABRICKS_OUTPUT_FORMAT", "text")])
            .ok();
        assert_eq!(answer, *out, "{flags}");
    }
}

#[test]
fn a_forced_refresh_only_wants_it_renewed() {
    for (flag, renew) in [("", false), ("--force-refresh", true), ("--force-refresh=false", false)] {
        let seen = Stage::default().call(&format!("auth token --host {HOST} {flag}"), &[]);
        let terms = &seen.only_ask().terms;
        assert_eq!((terms.renew, terms.force), (renew, false), "{flag}");
    }
}

#[test]
fn which_workspace_is_meant() {
    let all = [
        ("DATABRICKS_CONFIG_PROFILE", "env"),
        ("DATABRICKS_HOST", "https://e.azuredatabricks.net"),
    ];
    let cases: &[(&str, &[Variable], Option<&str>)] = &[
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
        let seen = stage.call(&format!("auth token {line}"), variables);
        assert_eq!(self::host(&seen).as_deref(), *host, "{line}");
        match host {
            Some(_) => drop(seen.ok()),
            None => assert!(otherwise(seen).starts_with("Error: "), "{line}"),
        }
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
        let seen = Stage::with(profiles).call("auth token", &[]);
        assert_eq!(self::host(&seen).as_deref(), host);
    }
    let mut stage = Stage::with(&[("a", "a.example")]);
    stage.file.default_profile = Some("gone".into());
    assert!(otherwise(stage.call("auth token", &[])).contains("gone"));
}

#[test]
fn a_host_that_one_profile_names_is_that_profiles() {
    let tenant = |stage: &Stage| {
        let line = format!("auth token --host {HOST}/");
        let seen = stage.call(&line, &[("ARM_TENANT_ID", "other.example")]);
        seen.only_ask().door.tenant.as_ref().unwrap().as_str().to_owned()
    };
    let mut stage = Stage::with(&[("dev", HOST), ("other", "https://x.azuredatabricks.net")]);
    stage.file.profiles[0].azure_tenant_id = Some("contoso.example".into());
    assert_eq!(tenant(&stage), "contoso.example");
    let mut several = Stage::with(&[("dev", HOST), ("too", HOST)]);
    several.file.profiles[0].azure_tenant_id = Some("contoso.example".into());
    assert_eq!(tenant(&several), "other.example");
}

#[test]
fn a_service_principals_profile_is_the_real_ones() {
    let mut stage = Stage::with(&[("ci", HOST)]);
    stage.file.profiles[0].client_id = Some("c".into());
    stage.file.profiles[0].has_secret = true;
    let seen = stage.call("auth token --profile ci", &[]);
    assert!(seen.asked.is_empty() && otherwise(seen).contains("service principal"));
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
        let seen = Stage::default().call(line, &[]);
        assert_eq!(seen.outcome, Outcome::Forward("databricks"), "{line}");
    }
    let told = otherwise(Stage::default().call("auth token --no-such-flag", &[]));
    assert_eq!(told, "Error: unknown flag: --no-such-flag");
}

#[test]
fn every_error_in_the_words_that_sdks_look_for_and_no_others() {
    for (kind, word) in Kind::ALL
        .into_iter()
        .flat_map(|kind| FACE.forbidden.iter().map(move |word| (kind, *word)))
    {
        let error = Error::new(kind, format!("the user was {} there\n{word}", word.to_uppercase()))
            .caused_by(word)
            .hint(format!("run: entra-token login --host {HOST}; {word}"))
            .entra(EntraDetails {
                error: "invalid_grant".into(),
                suberror: Some(word.to_owned()),
                codes: vec![50034],
                correlation_id: Some("c-1".into()),
                ..EntraDetails::default()
            });
        let seen = Stage::failing(error).call(&format!("auth token --host {HOST}"), &[]);
        let told = if matches!(kind, Kind::NotFound | Kind::TargetNotSupported) {
            let told = otherwise(seen);
            let rest = told.strip_prefix("Error: databricks OAuth is not configured for this host. ");
            rest.unwrap_or_else(|| panic!("{told}")).to_owned()
        } else {
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(1), ""));
            seen.err.strip_prefix("Error: ").unwrap().to_owned()
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

#[test]
fn variables_for_another_program() {
    let mut stage = Stage::with(&[("dev", HOST)]);
    stage.file.profiles[0].workspace_id = Some("7 7".into());
    let env: serde_json::Value = serde_json::from_str(&stage.call("auth env --profile dev", &[]).ok()).unwrap();
    let expected = serde_json::json!({"env": {
        "DATABRICKS_AUTH_TYPE": "databricks-cli", "DATABRICKS_CONFIG_PROFILE": "dev", "DATABRICKS_HOST": HOST,
        "DATABRICKS_WORKSPACE_ID": "7 7",
    }});
    assert_eq!(env, expected);
    let lines = stage
        .call("auth env --host adb-1.2.azuredatabricks.net -o text", &[])
        .ok();
    assert!(lines.contains(&format!("DATABRICKS_HOST={HOST}\n")) && lines.contains("='7 7'\n"));
    let failing = Stage::failing(Error::new(Kind::NotFound, "nobody"));
    otherwise(failing.call(&format!("auth env --host {HOST}"), &[]));
}

#[test]
fn the_profiles_of_the_file() {
    let mut stage = Stage::with(&[("DEFAULT", HOST), ("gcp", "https://1.gcp.databricks.com"), ("none", "")]);
    stage.file.profiles[2].host = None;
    let seen = stage.call("auth profiles --skip-validate -o json", &[]);
    assert!(seen.asked.is_empty());
    let rows: serde_json::Value = serde_json::from_str(&seen.ok()).unwrap();
    let row = |name: &str, host: &str, cloud: &str| serde_json::json!({"name": name, "host": host, "cloud": cloud, "auth_type": "databricks-cli", "valid": false});
    let mut first = row("DEFAULT", HOST, "azure");
    first["default"] = true.into();
    let expected = serde_json::json!({"profiles": [first, row("gcp", "https://1.gcp.databricks.com", "gcp")]});
    assert_eq!(rows, expected);

    let table = stage.call("auth profiles", &[]).ok();
    assert!(table.starts_with("Name     Host"), "{table}");
    assert!(
        table.contains(&format!("DEFAULT  {HOST}  ")) && table.contains("  YES\n"),
        "{table}"
    );

    stage.file.profiles[1].has_secret = true;
    assert!(stage.call("auth profiles", &[]).ok().contains("  NO\n"));
    stage.behind = true;
    assert_eq!(stage.call("auth profiles", &[]).outcome, Outcome::Forward("databricks"));
}

#[test]
fn who_is_signed_in_and_who_says_so() {
    let mut stage = Stage::with(&[("dev", HOST)]);
    let out = stage
        .call("auth describe -o json", &[("DATABRICKS_CONFIG_PROFILE", "dev")])
        .ok();
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&answer["status"], &answer["username"]),
        (&"success".into(), &"ana@contoso.example".into())
    );
    let configuration = &answer["details"]["configuration"];
    assert_eq!(configuration["host"]["source"]["type"], "config file");
    let variable = serde_json::json!({"type": "environment variable", "name": "DATABRICKS_CONFIG_PROFILE"});
    assert_eq!(configuration["profile"]["source"], variable);
    assert_eq!(configuration["auth_type"]["source"]["type"], "dynamic configuration");

    let text = stage.call("auth describe --profile dev", &[]).ok();
    let begin = format!("Host: {HOST}\nUser: ana@contoso.example\nAuthenticated with: databricks-cli\n-----\n");
    assert!(text.starts_with(&begin), "{text}");
    assert!(text.contains("✓ profile: dev (from --profile flag)\n"), "{text}");

    stage.fails = Some(Error::new(Kind::NotFound, "nobody").hint("run: x"));
    let text = stage.call("auth describe", &[]).ok();
    assert!(text.contains("nobody\n  run: x\n-----\n"), "{text}");
    stage.behind = true;
    assert_eq!(stage.call("auth describe", &[]).outcome, Outcome::Forward("databricks"));
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
