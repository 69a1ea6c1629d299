//! An application of one's own, one switch of its registration wrong: whichever way meets it, the step in the portal is
//! named, and once it is done, the same sign-in works. (`own_app` has what a refresh meets.)

use super::{BY_HAND, left, login, signed_in};
use crate::support::{Bed, address};
use entra_sandbox::{ANA, AppRegistration, Consent, OWN_APP};

const APPS: &str = "in Microsoft Entra admin center: App registrations > `c0ffee00-1a2b-4c3d-8e4f-5a6b7c8d9e0f` >";

/// A way that needs no page, or a person who fills the page in.
#[derive(Clone, Copy, Debug)]
enum Way {
    Browser,
    DeviceCode,
    Password,
}

impl Way {
    const ALL: [Self; 3] = [Self::Browser, Self::DeviceCode, Self::Password];

    /// Exit status, and all that was told.
    fn tried(self, bed: &Bed, flags: &[&str]) -> (Option<i32>, String) {
        let with = |way: &[&str]| login(bed, &[way, &["--client-id", OWN_APP], flags].concat());
        let done = match self {
            Self::Browser => {
                let mut running = with(&BY_HAND).spawn();
                let address = address(running.hears("waiting for the browser"));
                bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
                running.done()
            }
            Self::DeviceCode => {
                let mut running = with(&["--device-code"]).spawn();
                // A code may be refused before it is shown.
                if running.may_hear("type the code") {
                    let [code] = &bed.sandbox.user_codes()[..] else {
                        panic!("one code");
                    };
                    let page = format!("{}/devicelogin", bed.sandbox.authority());
                    bed.sandbox.person(&ANA).unwrap().with_code(code).visit(&page).unwrap();
                }
                running.done()
            }
            Self::Password => with(&["--username", ANA.upn, "--password-stdin"])
                .stdin(ANA.password)
                .done(),
        };
        (done.exit, done.out + &done.err)
    }
}

/// A registration that is right but for one thing.
fn but(change: impl FnOnce(&mut AppRegistration)) -> AppRegistration {
    let mut app = AppRegistration::default();
    change(&mut app);
    app
}

/// Each of the ways is refused, told the same, and works once that was done.
#[track_caller]
fn names(ways: &[Way], registration: AppRegistration, exit: i32, parts: &[&str]) {
    for way in ways {
        let bed = Bed::new();
        bed.sandbox.change(|settings| settings.device_interval = 1);
        let before = left(&bed);
        bed.sandbox.app(registration.clone());
        let (ended, told) = way.tried(&bed, &[]);
        assert_eq!(ended, Some(exit), "{way:?}: {told}");
        for part in parts {
            assert!(told.contains(part), "{way:?}, `{part}`: {told}");
        }
        assert_eq!(left(&bed), before, "{way:?}");
        bed.sandbox.app(AppRegistration::default());
        bed.sandbox.clear_log();
        let (ended, told) = way.tried(&bed, &[]);
        assert_eq!(ended, Some(0), "{way:?}: {told}");
        assert!(told.contains(&signed_in(&ANA)), "{way:?}: {told}");
        bed.token();
    }
}

#[test]
fn public_client_flows_are_not_allowed() {
    names(
        &[Way::DeviceCode, Way::Password],
        but(|app| app.public_client_flows = false),
        1,
        &[
            "(AADSTS7000218)",
            &format!("{APPS} Authentication > Advanced settings > Allow public client flows > Yes"),
        ],
    );
}

#[test]
fn the_redirect_address_is_that_of_a_web_page() {
    names(
        &[Way::Browser],
        but(|app| std::mem::swap(&mut app.redirect_uris, &mut app.web_redirect_uris)),
        1,
        &[
            "(AADSTS7000218)",
            &format!("{APPS} Authentication"),
            "`http://localhost` under Mobile and desktop applications, not under Web",
        ],
    );
}

#[test]
fn the_permission_is_missing() {
    names(
        &[Way::Browser, Way::Password],
        but(|app| app.permissions = vec!["Microsoft Graph/User.Read".to_owned()]),
        5,
        &[
            "(AADSTS650057)",
            &format!(
                "signing in again will not help until this is done {APPS} API permissions > Add a permission > APIs my \
                 organization uses > AzureDatabricks > user_impersonation, then Grant admin consent"
            ),
        ],
    );
}

#[test]
fn only_an_administrator_may_consent() {
    for (ways, code) in [
        (&[Way::Browser, Way::DeviceCode][..], 90_094),
        (&[Way::Password], 65_001),
    ] {
        names(
            ways,
            but(|app| app.consent = Consent::AdminRequired),
            4,
            &[
                &format!("(AADSTS{code})"),
                "have an administrator consent at https://localhost:",
                &format!(
                    "/adminconsent?client_id={OWN_APP} ({APPS} API permissions > Grant admin consent); then run: entra-token login"
                ),
            ],
        );
    }
}

/// Where nobody can be asked, it is said; on a page the person is asked, and that is all.
#[test]
fn whoever_signs_in_may_consent() {
    names(
        &[Way::Password],
        but(|app| app.consent = Consent::ByUser),
        4,
        &[
            "(AADSTS65001)",
            "consent on the sign-in page",
            "/adminconsent?client_id=",
        ],
    );
    let bed = Bed::new();
    bed.sandbox.app(but(|app| app.consent = Consent::ByUser));
    let (ended, told) = Way::Browser.tried(&bed, &[]);
    assert_eq!(ended, Some(0), "{told}");
}

#[test]
fn nobody_is_assigned() {
    names(
        &Way::ALL,
        but(|app| app.assignment_required = true),
        5,
        &[
            "(AADSTS50105)",
            &format!("Enterprise applications > `{OWN_APP}` > Users and groups > Add user/group"),
        ],
    );
}

/// The sign-in page does not trust an address back, so that only the person learns of it: the terminal says by which command
/// it is explained.
#[test]
fn what_only_the_page_tells() {
    for (registration, flags, code, step) in [
        (
            but(|app| app.redirect_uris = vec!["http://localhost/callback".to_owned()]),
            &[][..],
            50_011,
            "Authentication > Add a platform > Mobile and desktop applications > `http://localhost`",
        ),
        (
            AppRegistration::default(),
            &["--tenant", "organizations"],
            50_194,
            "give `--tenant` with its Directory (tenant) ID",
        ),
        (
            but(|app| app.tenant = "fabrikam.example".to_owned()),
            &[],
            700_016,
            "compare `--client-id` and `--tenant` with Application (client) ID and Directory (tenant) ID",
        ),
    ] {
        let bed = Bed::new();
        bed.sandbox.app(registration);
        let mut seat = login(&bed, &[&BY_HAND[..], &["--client-id", OWN_APP], flags].concat()).at_terminal();
        seat.wait_for("waiting for the browser")
            .wait_for("if the page shows an error, run: entra-token explain AADSTS");
        let page = bed
            .sandbox
            .person(&ANA)
            .unwrap()
            .visit(&address(&seat.screen()))
            .unwrap();
        let number = format!("AADSTS{code}");
        assert!(page.status == 400 && page.text.contains(&number), "{}", page.text);
        seat.ctrl_c();
        seat.done().exits(130);
        let told = bed.run(["explain", &number]).ok();
        assert!(told.contains(step), "{told}");
    }
}

/// Without a page the program learns of it as well.
#[test]
fn what_a_page_would_tell_is_told_without_one() {
    for (registration, flags, code, step) in [
        (
            AppRegistration::default(),
            &["--tenant", "organizations"][..],
            50_194,
            "give `--tenant` with its Directory (tenant) ID",
        ),
        (
            but(|app| app.tenant = "fabrikam.example".to_owned()),
            &[],
            700_016,
            "compare `--client-id` and `--tenant` with Application (client) ID and Directory (tenant) ID",
        ),
    ] {
        for way in [Way::DeviceCode, Way::Password] {
            let bed = Bed::new();
            bed.sandbox.app(registration.clone());
            let (ended, told) = way.tried(&bed, flags);
            assert_eq!(ended, Some(1), "{way:?}: {told}");
            assert!(
                told.contains(&format!("(AADSTS{code})")) && told.contains(step),
                "{way:?}: {told}"
            );
            assert!(
                told.contains(&format!("App registrations > `{OWN_APP}` > Overview")),
                "{way:?}: {told}"
            );
        }
    }
}
