//! What came back is compared with what was asked for, whichever way it came: another user, tenant, application, resource
//! or sign-in is refused, and nothing is stored.

use super::{BY_HAND, bed, ends_at, left, login, parameter, shown_address};
use crate::support::{Bed, address};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entra_sandbox::{ANA, ARM, AZURE_CLI, BEN, CONTOSO, DATABRICKS, FABRIKAM, Fault, FaultKind, Rotation};
use serde_json::{Value, json};

/// Prepares the answer, once the nonce that belongs into it is known.
type Prepares<'a> = &'a dyn Fn(Option<&str>);

/// Signs Ana in, which must fail with this exit status: what is told.
type SignsIn = fn(&Bed, &[&str], Prepares<'_>, i32) -> String;

fn by_browser(bed: &Bed, flags: &[&str], prepare: Prepares<'_>, exit: i32) -> String {
    let mut running = login(bed, &[&BY_HAND[..], &["--login-hint", ANA.upn], flags].concat()).spawn();
    let address = address(running.hears("waiting for the browser"));
    prepare(parameter(&address, "nonce").as_deref());
    let page = bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
    assert!(page.text.contains("You are not signed in"), "{}", page.text);
    running.done().fails(exit)
}

fn by_paste(bed: &Bed, flags: &[&str], prepare: Prepares<'_>, exit: i32) -> String {
    let mut seat = login(bed, &[&["--paste", "--login-hint", ANA.upn], flags].concat()).at_terminal();
    let address = shown_address(&mut seat);
    prepare(parameter(&address, "nonce").as_deref());
    seat.wait_for("paste the address: ").type_line(&ends_at(bed, &address));
    seat.done().exits(exit)
}

fn by_device_code(bed: &Bed, flags: &[&str], prepare: Prepares<'_>, exit: i32) -> String {
    prepare(None);
    login(bed, &[&["--device-code"], flags].concat()).fails(exit)
}

fn by_password(bed: &Bed, flags: &[&str], prepare: Prepares<'_>, exit: i32) -> String {
    prepare(None);
    login(bed, &[&["--username", ANA.upn, "--password-stdin"], flags].concat())
        .stdin(ANA.password)
        .fails(exit)
}

fn by_refresh_token(bed: &Bed, flags: &[&str], prepare: Prepares<'_>, exit: i32) -> String {
    prepare(None);
    login(bed, &[&["--refresh-token-stdin"], flags].concat())
        .stdin(bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI))
        .fails(exit)
}

/// Every way compares, and what was there before stays.
#[track_caller]
fn compares(way: SignsIn) {
    let bed = bed();
    bed.sandbox.change(|settings| settings.device_interval = 1);
    bed.sign_in(&BEN).ok();
    let before = left(&bed);
    let refuses = |flags: &[&str], prepare: Prepares<'_>, told: &str| {
        let found = way(&bed, flags, prepare, 5);
        assert!(found.contains(told), "{flags:?}: {found}");
        assert_eq!(left(&bed), before, "{flags:?}: something was stored");
        assert!(bed.sandbox.faults().is_empty());
    };

    // Another user.
    let told = format!(
        "`{}` signed in, but `{}` was asked for; nothing was stored",
        ANA.upn, BEN.upn
    );
    refuses(&["--account", BEN.upn], &|_| {}, &told);
    let home = format!("{}.{}", BEN.uid(), CONTOSO.id);
    refuses(&["--account", &home], &|_| {}, "was asked for; nothing was stored");

    // Another tenant.
    let told = format!(
        "the authority signed in to tenant `{}`, not to `{}`; nothing was stored",
        FABRIKAM.id, CONTOSO.id
    );
    let says = |claim: &'static str, value: &'static str| {
        let bed = &bed;
        move |nonce: Option<&str>| forge(bed, "id_token", &id_token(bed, nonce, &[(claim, value)]))
    };
    refuses(&["--tenant", CONTOSO.id], &says("tid", FABRIKAM.id), &told);

    // Another resource.
    let other = bed.sandbox.mint_access_token(&ANA, &CONTOSO, ARM.id(), 3600);
    let told = format!(
        "the token is for resource `{}`, not for `{}`",
        ARM.id(),
        DATABRICKS.id()
    );
    refuses(&[], &|_| forge(&bed, "access_token", &other), &told);

    // Another application.
    let told = format!("the answer is for application `another`, not for `{AZURE_CLI}`");
    refuses(&[], &says("aud", "another"), &told);

    // Another authority.
    let told = format!(
        "the answer was issued by `https://evil.example`, not by `{}`",
        bed.sandbox.authority()
    );
    refuses(&[], &says("iss", "https://evil.example/x/v2.0"), &told);
}

/// A sign-in that nothing could renew is none.
#[test]
fn without_a_refresh_token_nobody_is_signed_in() {
    let bed = bed();
    bed.sandbox.change(|settings| {
        settings.device_interval = 1;
        settings.rotation = Rotation::Off;
    });
    let before = left(&bed);
    for way in [by_browser, by_paste, by_device_code, by_password] {
        let told = way(&bed, &[], &|_| {}, 1);
        let what = format!("the authority gave no refresh token to application `{AZURE_CLI}`; nothing was stored");
        assert!(told.contains(&what) && told.contains("`offline_access`"), "{told}");
        assert_eq!(left(&bed), before);
    }
}

#[test]
fn after_a_browser() {
    compares(by_browser);
}

#[test]
fn after_a_paste() {
    compares(by_paste);
}

#[test]
fn after_a_device_code() {
    compares(by_device_code);
}

#[test]
fn after_a_password() {
    compares(by_password);
}

#[test]
fn after_a_refresh_token() {
    compares(by_refresh_token);
}

/// Somebody slipped the answer of another sign-in in: the ID token says which it belongs to.
#[test]
fn another_sign_ins_answer() {
    let bed = bed();
    let before = left(&bed);
    let wrong: [fn(&str) -> Option<String>; 5] = [
        |_| None,
        |_| Some(String::new()),
        |_| Some("another".to_owned()),
        |nonce| Some(nonce.to_uppercase()),
        |nonce| Some(format!("{nonce}A")),
    ];
    for way in [by_browser, by_paste] {
        for wrong in wrong {
            let prepare = |nonce: Option<&str>| {
                let nonce = wrong(nonce.unwrap());
                forge(&bed, "id_token", &id_token(&bed, nonce.as_deref(), &[]));
            };
            let told = way(&bed, &[], &prepare, 5);
            assert!(told.contains("its nonce is not ours; nothing was stored"), "{told}");
            assert_eq!(left(&bed), before);
        }
    }
}

/// The next answer of the token endpoint has another member.
fn forge(bed: &Bed, member: &str, value: &str) {
    bed.sandbox.fault(Fault::token(FaultKind::set(member, value.into())));
}

/// Ana's ID token, but for these claims.
fn id_token(bed: &Bed, nonce: Option<&str>, other: &[(&str, &str)]) -> String {
    let mut claims = json!({
        "aud": AZURE_CLI,
        "iss": format!("{}/{}/v2.0", bed.sandbox.authority(), CONTOSO.id),
        "tid": CONTOSO.id,
        "oid": ANA.uid(),
        "preferred_username": ANA.upn,
    });
    for (name, value) in nonce.map(|nonce| ("nonce", nonce)).iter().chain(other) {
        claims[*name] = json!(value);
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(&json!({"alg": "none"})), part(&claims))
}
