//! Transcripts: arguments and variables to standard output, standard error and exit status.

mod accounts;
mod behind;
mod script;

use super::FACE;
use crate::error::{EntraDetails, Error, Kind};
use script::{HOME, OTHER, R, Script};
use std::ffi::OsString;

const TOKEN: &str = "{
  \"accessToken\": \"planted\",
  \"expiresOn\": \"2026-11-22 20:00:00.000000\",
  \"expires_on\": 1795345200,
  \"subscription\": \"11111111-1111-4111-8111-111111111111\",
  \"tenant\": \"11111111-1111-4111-8111-111111111111\",
  \"tokenType\": \"Bearer\"
}
";

#[test]
fn every_form_of_the_call_for_a_token() {
    let script = Script::bare();
    for options in [
        "--output json --resource R",
        "-o json --resource R",
        "-o=json --resource=R",
        "--output=json --scope R/.default",
        "--scope R/.default -o=json",
        "--only-show-errors --verbose --debug --resource R",
        "--res R --out json",
    ] {
        let options = options.replace("--res R", "--resource R").replace('R', R);
        assert_eq!(
            script.ok(&format!("account get-access-token {options}")),
            TOKEN,
            "{options}"
        );
        assert_eq!(script.last().scopes.unwrap().joined(), format!("{R}/.default"));
        assert_eq!((script.last().tenant, script.last().account), (None, None));
    }
    for (options, out) in [
        (
            "-o tsv",
            "planted\t2026-11-22 20:00:00.000000\t1795345200\t11111111-1111-4111-8111-111111111111\t11111111-1111-4111-8111-111111111111\tBearer\n",
        ),
        ("--query accessToken -o tsv", "planted\n"),
        ("--query accessToken --output json", "\"planted\"\n"),
        ("--query expires_on", "1795345200\n"),
        ("-o none", ""),
        ("-o jsonc", TOKEN),
    ] {
        assert_eq!(
            script.ok(&format!("account get-access-token {options}")),
            out,
            "{options}"
        );
    }
    let quiet = Script {
        variables: vec![("AZURE_CORE_OUTPUT", "none")],
        ..Script::bare()
    };
    assert_eq!(quiet.ok("account get-access-token"), "");
    assert_eq!(
        quiet.ok("account get-access-token --query tokenType -o tsv"),
        "Bearer\n"
    );
}

#[test]
fn what_the_token_is_for() {
    let script = Script::bare();
    for (options, scope) in [
        ("", "https://management.core.windows.net//.default"),
        ("--resource-type arm", "https://management.core.windows.net//.default"),
        ("--resource-type MS-GRAPH", "https://graph.microsoft.com//.default"),
        (
            "--resource https://graph.microsoft.com",
            "https://graph.microsoft.com/.default",
        ),
        ("--scope b/x a/y", "a/y b/x"),
        ("--scope a/y --scope b/x", "b/x"),
        ("--scope", "https://management.core.windows.net//.default"),
    ] {
        script.ok(&format!("account get-access-token {options}"));
        assert_eq!(script.last().scopes.unwrap().joined(), scope, "{options}");
    }
    assert!(script.looked.lock().unwrap().is_empty());
}

#[test]
fn tenant_and_subscription() {
    let script = Script::rich();
    for (options, shown, tenant, asked, account) in [
        ("", "s-1", HOME, None, None),
        ("-s S-2", "s-2", OTHER, Some(OTHER), Some("ana@contoso.example")),
        (
            "--subscription four",
            "s-4",
            HOME,
            Some(HOME),
            Some("ben@contoso.example"),
        ),
        ("--tenant common", "", "common", Some("common"), None),
        (
            "--tenant Fabrikam.example -s rg",
            "",
            "Fabrikam.example",
            Some("fabrikam.example"),
            None,
        ),
    ] {
        let answer = script.json(&format!("account get-access-token --resource x {options}"));
        assert_eq!(answer["subscription"].as_str().unwrap_or_default(), shown, "{options}");
        assert_eq!(answer["tenant"], tenant, "{options}");
        let last = script.last();
        assert_eq!(last.tenant.as_ref().map(|tenant| tenant.as_str()), asked, "{options}");
        assert_eq!(
            last.account.as_ref().map(|account| account.as_str()),
            account,
            "{options}"
        );
    }
    let unknown = "ERROR: Subscription 'nope' is not known. Check the spelling and casing and try again.\n";
    for command in ["account get-access-token", "account show"] {
        assert_eq!(script.fails(&format!("{command} -s nope")), (1, unknown.to_owned()));
    }
    // Where nobody knows of any subscription, one that is named may well be there.
    let answer = Script::bare().json("account get-access-token --resource x --subscription rg");
    assert_eq!(answer["subscription"], HOME);
}

#[test]
fn failures() {
    let refused = Error::new(Kind::InteractionRequired, "the sign-in has expired")
        .hint("run: entra-token login")
        .entra(EntraDetails {
            codes: vec![700_082],
            ..EntraDetails::default()
        });
    for (error, err) in [
        (
            refused,
            "ERROR: Please run 'az login' to setup account.\nInteractive authentication is needed. Please run:\naz login \
             --scope 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default\nAADSTS700082: the sign-in has expired\nrun: \
             entra-token login\n",
        ),
        (Error::new(Kind::Network, "no route"), "ERROR: no route\n"),
        (
            Error::new(Kind::Throttled, "too many").retry_after(7),
            "ERROR: too many\nTry again in 7 s\n",
        ),
        (
            Error::new(Kind::NotFound, "somebody signed out meanwhile"),
            "ERROR: Please run 'az login' to setup account.\n",
        ),
    ] {
        let script = Script::failing(error);
        assert_eq!(
            script.fails(&format!("account get-access-token --resource {R}")),
            (1, err.to_owned())
        );
        // It tells who is signed in all the same.
        assert_eq!(script.json("account show")["user"]["name"], "ana@contoso.example");
    }
}

#[test]
fn wrong_calls() {
    let reference = "\n\nhttps://aka.ms/cli_ref\nRead more about the command in reference docs\n";
    let script = Script::rich();
    for (line, err) in [
        (
            "account get-access-token --bogus",
            format!("ERROR: unrecognized arguments: --bogus{reference}"),
        ),
        (
            "account get-access-token extra",
            format!("ERROR: unrecognized arguments: extra{reference}"),
        ),
        (
            "account set",
            format!("ERROR: the following arguments are required: --subscription/-s/--name/-n{reference}"),
        ),
        (
            "account get-access-token --resource-type nope",
            format!(
                "ERROR: az account get-access-token: 'nope' is not a valid value for '--resource-type'. Allowed values: \
                 oss-rdbms, arm, aad-graph, ms-graph, batch, media, data-lake.{reference}"
            ),
        ),
        (
            "account show --query [[",
            "ERROR: argument --query: invalid jmespath_type value: '[['\nTo learn more about --query, please visit: \
             'https://learn.microsoft.com/cli/azure/query-azure-cli'\n"
                .to_owned(),
        ),
    ] {
        assert_eq!(script.fails(line), (2, err), "{line}");
    }
    let (exit, err) = script.fails("account get-access-token --tenant a/b");
    assert_eq!((exit, err.starts_with("ERROR: tenant `a/b`")), (1, true), "{err}");
}

#[test]
fn nobody_is_signed_in() {
    let script = Script::default();
    let needed = (1, "ERROR: Please run 'az login' to setup account.\n".to_owned());
    for line in [
        "account get-access-token",
        "account get-access-token -s x",
        "account show",
    ] {
        assert_eq!(script.fails(line), needed, "{line}");
    }
    let missing = "ERROR: The subscription of 'x' doesn't exist in cloud 'AzureCloud'.\n";
    assert_eq!(script.fails("account set -s x"), (1, missing.to_owned()));
    assert_eq!(
        script.of("account list"),
        (
            0,
            "[]\n".into(),
            "WARNING: Please run \"az login\" to access your accounts.\n".into()
        )
    );
    assert_eq!(script.ok("account list --only-show-errors"), "[]\n");
    assert_eq!(script.ok("account clear"), "");
    assert_eq!(
        script.fails("logout"),
        (1, "ERROR: There are no active accounts.\n".into())
    );
    assert_eq!(script.ok("logout --username x"), "");
    assert_eq!(script.json("cloud show")["name"], "AzureCloud");
}

#[test]
fn calls_under_our_own_name() {
    let claims = |line: &str| (FACE.claims)(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>());
    for line in [
        "account get-access-token",
        "account show -o json",
        "cloud set -n x",
        "version -o=json",
    ] {
        assert!(claims(line), "{line}");
    }
    for line in ["", "version", "version --output json", "get", "login", "auth token"] {
        assert!(!claims(line), "{line}");
    }
}
