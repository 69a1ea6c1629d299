//! An application of one's own: each switch of its registration that is wrong is told by the step in the portal that rights
//! it.

use crate::support::{Bed, Done};
use entra_sandbox::{ANA, AppRegistration, Consent, OWN_APP, Refusal};

fn signed_in() -> Bed {
    let bed = Bed::new();
    let token = bed.sandbox.mint_refresh_token(&ANA, OWN_APP);
    let host = bed.sandbox.workspace();
    bed.run([
        "login",
        "--refresh-token-stdin",
        "--host",
        &host,
        "--client-id",
        OWN_APP,
    ])
    .stdin(token)
    .ok();
    bed
}

/// A refresh that the wrong switch stands in the way of.
fn refused(bed: &Bed) -> Done {
    bed.store().age(75 * 60);
    bed.run(["get"]).done()
}

#[test]
fn each_switch_that_is_wrong_is_named() {
    let right = AppRegistration::default();
    let wrong = |change: fn(&mut AppRegistration)| {
        let mut app = right.clone();
        change(&mut app);
        app
    };
    let app = format!("> `{OWN_APP}` >");
    for (registration, code, exit, step) in [
        (
            wrong(|app| (app.public_client_flows, app.redirect_uris) = (false, vec![])),
            7_000_218,
            1,
            format!("App registrations {app} Authentication > Advanced settings > Allow public client flows > Yes"),
        ),
        (
            wrong(|app| app.permissions = vec!["Microsoft Graph/User.Read".to_owned()]),
            650_057,
            5,
            format!(
                "App registrations {app} API permissions > Add a permission > APIs my organization uses > AzureDatabricks > user_impersonation"
            ),
        ),
        (
            wrong(|app| app.consent = Consent::ByUser),
            65_001,
            4,
            format!(
                "/adminconsent?client_id={OWN_APP} (in Microsoft Entra admin center: App registrations {app} API permissions > Grant admin consent); then run: entra-token login"
            ),
        ),
        (
            wrong(|app| app.assignment_required = true),
            50_105,
            5,
            format!("Enterprise applications {app} Users and groups > Add user/group"),
        ),
        (
            wrong(|app| app.tenant = "fabrikam.example".to_owned()),
            700_016,
            1,
            format!("App registrations {app} Overview"),
        ),
    ] {
        let bed = signed_in();
        bed.sandbox.app(registration);
        let told = refused(&bed).fails(exit);
        assert!(
            told.contains(&format!("AADSTS{code}")) && told.contains(&step),
            "{code}: {told}"
        );
        bed.sandbox.app(right.clone());
        bed.store().forgive();
        bed.token();
    }
}

#[test]
fn what_only_a_browser_meets_is_told_as_well() {
    for (code, step) in [
        (
            50_011,
            "Authentication > Add a platform > Mobile and desktop applications > `http://localhost`",
        ),
        (50_194, "give `--tenant`"),
        (90_094, "have an administrator consent at "),
    ] {
        let bed = signed_in();
        bed.sandbox.refuse(Refusal::new(code));
        let told = refused(&bed).err;
        assert!(
            told.contains(&format!("AADSTS{code}")) && told.contains(step),
            "{code}: {told}"
        );
    }
}
