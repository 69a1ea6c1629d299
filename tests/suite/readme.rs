//! The README's examples run as written: every block marked `sh`, in order, in one home, with the workspace's address
//! replaced by the sandbox's. Those that sign a person in run at a terminal, with the person.

use crate::support::{Attendant, Bed, Seat, write};
use entra_sandbox::{ANA, ARM, AZURE_CLI, AppRegistration};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");
const WORKSPACE: &str = "https://adb-1234567890123456.7.azuredatabricks.net";

#[test]
fn every_example_runs_as_written() {
    let bed = prepared();
    let variables = variables(&bed);
    let mut ana = Attendant::new(&bed, &ANA);
    let (mut silent, mut at_terminal) = (0, 0);
    for block in blocks("sh") {
        let script = block.replace(WORKSPACE, &bed.sandbox.workspace());
        if !tools_of(&script).iter().all(|tool| on_path(tool)) {
            // The README's readers have jq, curl and Python; a bare test machine may not.
            assert!(std::env::var_os("CI").is_none(), "CI must have the tools of: {script}");
            continue;
        }
        if script.contains("entra-token login") && !script.contains("jq ") {
            signs_in(&mut ana, &script, &variables);
            at_terminal += 1;
            continue;
        }
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(bed.home())
            .env_clear()
            .envs(variables.iter().cloned())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.is_empty(), "{script}\n{told}");
        silent += 1;
    }
    assert!(silent >= 7 && at_terminal >= 3, "only {silent} and {at_terminal} ran");
}

/// What the README's reader has: the Azure CLI's cache, a file with a refresh token, and an application of the reader's
/// own that may be used as its steps say.
fn prepared() -> Bed {
    let bed = Bed::new();
    let token = || bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    write(&bed.home().join("refresh-token.txt"), token());
    std::fs::create_dir(bed.home().join(".azure")).unwrap();
    let msal = format!(r#"{{"RefreshToken":{{"k":{{"secret":"{}"}}}}}}"#, token());
    write(&bed.home().join(".azure/msal_token_cache.json"), msal);
    let [client_id] = README
        .split("--client-id ")
        .skip(1)
        .filter_map(|rest| rest.split_once(" --tenant"))
        .map(|(id, _)| id)
        .collect::<Vec<_>>()[..]
    else {
        panic!("one application of one's own");
    };
    let mut app = AppRegistration {
        client_id: client_id.to_owned(),
        ..AppRegistration::default()
    };
    app.permissions.push(format!("{}/user_impersonation", ARM.id()));
    bed.sandbox.app(app);
    bed.sandbox.change(|settings| settings.device_interval = 1);
    bed
}

/// The environment of the README's reader, whose cloud is the sandbox.
fn variables(bed: &Bed) -> Vec<(OsString, OsString)> {
    let program = Path::new(env!("CARGO_BIN_EXE_entra-token")).parent().unwrap();
    [
        ("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", program.display())),
        ("HOME", bed.home().display().to_string()),
        ("SSL_CERT_FILE", bed.sandbox.ca_file().display().to_string()),
        ("CURL_CA_BUNDLE", bed.sandbox.ca_file().display().to_string()),
        ("AZURE_AUTHORITY_HOST", bed.sandbox.authority()),
        ("PASSWORD", ANA.password.to_owned()),
        // The person opens what is printed.
        ("BROWSER", "true".to_owned()),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into()
}

/// Each `login` must end with the person signed in, and nothing else may be told.
fn signs_in(person: &mut Attendant<'_>, script: &str, variables: &[(OsString, OsString)]) {
    const END: &str = "the example is over";
    let shell = format!("cd && bash -euo pipefail -c \"$1\"; code=$?; echo {END}; exit $code");
    let args = ["-c", &shell, "bash", script].map(OsString::from);
    let mut seat = Seat::start("bash".as_ref(), &args, variables, None);
    person.until(&mut seat, END);
    let screen = seat.done().exits(0);
    let logins = script.matches("entra-token login").count();
    let signed_in = format!("\nsigned in as {}\n", ANA.upn);
    assert_eq!(screen.matches(&signed_in).count(), logins, "{script}\n{screen}");
}

#[test]
fn the_settings_shown_are_understood() {
    let bed = Bed::new();
    let [settings] = &blocks("toml")[..] else {
        panic!("one block of settings")
    };
    bed.config(settings);
    let why = bed.run(["why", "--profile", "arm"]).ok();
    assert!(why.contains("https://management.azure.com/"), "{why}");
    bed.run(["why", "--host", "https://databricks.contoso.example"]).ok();
}

#[test]
fn the_exit_table_is_the_programs() {
    for kind in entra_token::error::Kind::ALL {
        assert!(README.contains(&format!("\n| {} |", kind.exit())), "{}", kind.code());
    }
}

fn blocks(language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    README
        .split(&open)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

fn tools_of(script: &str) -> Vec<&str> {
    ["jq", "curl", "python3"]
        .into_iter()
        .filter(|tool| script.contains(tool))
        .collect()
}

fn on_path(tool: &str) -> bool {
    ["/usr/local/bin", "/usr/bin", "/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(tool).exists())
}
