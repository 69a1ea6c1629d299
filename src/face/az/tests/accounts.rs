//! Transcripts of accounts, clouds, versions, and of signing in and out.

use super::script::{HOME, Script};
use crate::services::Look;

#[test]
fn accounts_in_use_and_others() {
    let script = Script::rich();
    assert_eq!(
        script.ok("account show"),
        "{
  \"environmentName\": \"AzureCloud\",
  \"homeTenantId\": \"11111111-1111-4111-8111-111111111111\",
  \"id\": \"s-1\",
  \"isDefault\": true,
  \"managedByTenants\": [
    {
      \"tenantId\": \"m-1\"
    }
  ],
  \"name\": \"One\",
  \"state\": \"Enabled\",
  \"tenantId\": \"11111111-1111-4111-8111-111111111111\",
  \"user\": {
    \"name\": \"ana@contoso.example\",
    \"type\": \"user\"
  }
}
"
    );
    assert_eq!(script.json("account show -s two")["isDefault"], false);
    assert!(script.looked.lock().unwrap().iter().all(|look| *look == Look::Held));
    assert_eq!(
        script.ok("account list --all --query [].id -o tsv"),
        "s-1\ns-2\ns-3\ns-4\n"
    );
    assert_eq!(script.ok("account list --all --query [?isDefault].id -o tsv"), "s-1\n");
    let (exit, out, err) = script.of("account list -o table");
    assert_eq!(
        (exit, err.starts_with("WARNING: A few accounts are skipped")),
        (0, true)
    );
    assert!(
        out.starts_with("Name    CloudName    SubscriptionId    TenantId  "),
        "{out}"
    );
    assert_eq!(
        Script::bare().json("account list")[0],
        serde_json::json!({
            "cloudName": "AzureCloud", "id": HOME, "isDefault": true, "name": "N/A(tenant level account)",
            "state": "Enabled", "tenantId": HOME, "user": {"name": "ana@contoso.example", "type": "user"},
        })
    );
    assert_eq!(script.ok("account set -s FOUR"), "");
    assert_eq!(script.ok("account clear"), "");
    assert_eq!(script.ok("logout --username Ben@contoso.example"), "");
    assert_eq!(
        *script.chosen.lock().unwrap(),
        [
            "id of ben@contoso.example s-4",
            "forget  true",
            "forget ben@contoso.example false"
        ]
    );
    let missing = "ERROR: The subscription of 'nope' doesn't exist in cloud 'AzureCloud'.\n";
    assert_eq!(script.fails("account set -s nope"), (1, missing.to_owned()));
    assert_eq!(script.looked.lock().unwrap().last(), Some(&Look::Again));
}

#[test]
fn versions_and_clouds() {
    let script = Script::bare();
    assert_eq!(
        script.ok("version -o=json"),
        "{\n  \"azure-cli\": \"2.91.0\",\n  \"azure-cli-core\": \"2.91.0\",\n  \"azure-cli-telemetry\": \"1.1.0\",\n  \
         \"extensions\": {}\n}\n"
    );
    assert!(
        script
            .ok("--version")
            .starts_with("azure-cli                         2.91.0\n\ncore ")
    );
    assert_eq!(
        script.ok("cloud list -o table"),
        "IsActive    Name               Profile
----------  -----------------  ---------
True        AzureCloud         latest
False       AzureChinaCloud    latest
False       AzureUSGovernment  latest
False       AzureBleuCloud     latest
"
    );
    let endpoint = "cloud show -n AzureUSGovernment --query endpoints.resourceManager -o tsv";
    assert_eq!(script.ok(endpoint), "https://management.usgovcloudapi.net/\n");
    assert_eq!(script.ok("cloud set --name AzureCloud"), "");
    assert_eq!(
        script.fails("cloud set -n Nope"),
        (1, "ERROR: The cloud 'Nope' is not registered.\n".into())
    );
    // az takes names as they are written.
    assert_eq!(script.fails("cloud show -n azureusgovernment").0, 1);
    let (exit, out, told) = script.of("cloud set -n AzureChinaCloud");
    assert_eq!(
        (exit, out.as_str(), told.as_str()),
        (
            0,
            "",
            "WARNING: Switched active cloud to 'AzureChinaCloud'.\nWARNING: Use 'az login' to log in to this cloud.\n\
             WARNING: Use 'az account set' to set the active subscription.\n"
        )
    );
    assert_eq!(script.ok("cloud set -n AzureChinaCloud"), "", "once is enough");
    assert_eq!(script.json("cloud show")["name"], "AzureChinaCloud");
    assert_eq!(
        script.ok("cloud list --query [?isActive].name -o tsv"),
        "AzureChinaCloud\n"
    );
    let nobody = "WARNING: Please run \"az login\" to access your accounts.\n";
    assert_eq!(script.of("account list"), (0, "[]\n".into(), nobody.into()));
    let lost = Script {
        variables: vec![("AZURE_CLOUD_NAME", "Nope")],
        ..Script::bare()
    };
    assert_eq!(
        lost.fails("account show"),
        (1, "ERROR: The cloud 'Nope' is not registered.\n".into())
    );
}

/// Members in az's order, which queries show.
#[test]
fn the_order_of_members() {
    let script = Script::rich();
    for (line, keys) in [
        (
            "account show --query keys(@) -o tsv",
            "id name state user isDefault tenantId environmentName homeTenantId managedByTenants",
        ),
        (
            "account list --all --query keys([0]) -o tsv",
            "id name state user isDefault tenantId homeTenantId managedByTenants cloudName",
        ),
        (
            "account get-access-token --query keys(@) -o tsv",
            "tokenType accessToken expires_on expiresOn tenant subscription",
        ),
        (
            "cloud show --query keys(@) -o tsv",
            "name endpoints suffixes profile isActive",
        ),
        (
            "version --query keys(@) -o tsv",
            "extensions azure-cli azure-cli-core azure-cli-telemetry",
        ),
    ] {
        assert_eq!(script.ok(line).trim_end().replace('\n', " "), keys, "{line}");
    }
}

#[test]
fn signing_in_is_ours() {
    let script = Script::rich();
    for (line, told) in [
        (
            "login -u a --use-device-code",
            "'--use-device-code' is not applicable with other arguments",
        ),
        (
            "login --skip-subscription-discovery",
            "'--skip-subscription-discovery' requires '--tenant'",
        ),
    ] {
        assert_eq!(script.fails(line), (1, format!("ERROR: usage error: {told}\n")));
    }
    let out = script.json("login --use-device-code --tenant contoso.example --scope x/.default");
    assert_eq!(out[0]["id"], "s-1");
    assert_eq!(script.last().tenant.unwrap().as_str(), "contoso.example");
    assert_eq!(script.last().scopes.unwrap().joined(), "x/.default");
    assert_eq!(
        script.ok("login -u ana@contoso.example -p=secret -s Two --query [].isDefault -o tsv"),
        "true\n"
    );
    assert_eq!(script.last().account.unwrap().as_str(), "ana@contoso.example");
    let (exit, _, err) = script.of("login -o none");
    assert_eq!((exit, err.as_str()), (0, "WARNING: signing in with a code\n"));
    assert_eq!(
        *script.chosen.lock().unwrap(),
        [
            "device code",
            "password of ana@contoso.example",
            "id of ana@contoso.example s-2",
            "device code"
        ]
    );
}
