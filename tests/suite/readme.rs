//! The README's examples run as written: every block marked `sh`, in order, in one home, with the workspace's address
//! replaced by the sandbox's.

use crate::support::{Bed, write};
use entra_sandbox::{ANA, AZURE_CLI};
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");
const WORKSPACE: &str = "https://adb-1234567890123456.7.azuredatabricks.net";

#[test]
fn every_example_runs_as_written() {
    let bed = Bed::new();
    let token = || bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
    write(&bed.home().join("refresh-token.txt"), token());
    std::fs::create_dir(bed.home().join(".azure")).unwrap();
    let msal = format!(r#"{{"RefreshToken":{{"k":{{"secret":"{}"}}}}}}"#, token());
    write(&bed.home().join(".azure/msal_token_cache.json"), msal);

    let program = Path::new(env!("CARGO_BIN_EXE_entra-token")).parent().unwrap();
    let mut count = 0;
    for block in blocks("sh") {
        let script = block.replace(WORKSPACE, &bed.sandbox.workspace());
        if !tools_of(&script).iter().all(|tool| on_path(tool)) {
            // The README's readers have jq, curl and Python; a bare test machine may not.
            assert!(std::env::var_os("CI").is_none(), "CI must have the tools of: {script}");
            continue;
        }
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(bed.home())
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", program.display()))
            .env("HOME", bed.home())
            .env("SSL_CERT_FILE", bed.sandbox.ca_file())
            .env("CURL_CA_BUNDLE", bed.sandbox.ca_file())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.is_empty(), "{script}\n{told}");
        count += 1;
    }
    assert!(count >= 5, "only {count} examples ran");
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
