//! What the sign-in page is told: whether to ask, and for whom.

use super::{bed, left, login, parameter, signed_in, waiting};
use crate::support::Bed;
use entra_sandbox::{ANA, BEN, CONTOSO};

#[test]
fn prompt_and_hints() {
    let bed = bed();
    let home_account = format!("{}.{}", ANA.uid(), CONTOSO.id);
    for (flags, prompt, login_hint, domain_hint) in [
        // Whoever has several accounts would get the one that the browser happens to hold.
        (&[][..], Some("select_account"), None, None),
        (&["--prompt", "login"], Some("login"), None, None),
        (&["--prompt", "consent"], Some("consent"), None, None),
        (&["--prompt", "none"], Some("none"), None, None),
        (&["--prompt", "select_account"], Some("select_account"), None, None),
        (&["--login-hint", ANA.upn], None, Some(ANA.upn), None),
        (&["--account", ANA.upn], None, Some(ANA.upn), None),
        (
            &["--account", ANA.upn, "--login-hint", "ana@alias.example"],
            None,
            Some("ana@alias.example"),
            None,
        ),
        (
            &["--account", ANA.upn, "--prompt", "login"],
            Some("login"),
            Some(ANA.upn),
            None,
        ),
        // No name that the page could fill in.
        (&["--account", &home_account], Some("select_account"), None, None),
        (
            &["--domain-hint", "contoso.example"],
            Some("select_account"),
            None,
            Some("contoso.example"),
        ),
    ] {
        let (running, address) = waiting(&bed, flags);
        running.kill();
        for (name, value) in [
            ("prompt", prompt),
            ("login_hint", login_hint),
            ("domain_hint", domain_hint),
        ] {
            assert_eq!(parameter(&address, name).as_deref(), value, "{name}: {flags:?}");
        }
    }
}

#[test]
fn words_that_the_page_does_not_know() {
    let bed = bed();
    for (flags, told) in [
        (&["--browser", "--prompt", "maybe"][..], "--prompt"),
        (&["--browser", "--login-hint", " "], "`--login-hint`: expected a name"),
        (
            &["--browser", "--domain-hint", "a\nb"],
            "`--domain-hint`: expected a name",
        ),
        (
            &["--device-code", "--login-hint", "ana"],
            "`--login-hint` is for `--browser` and `--paste` only",
        ),
        (
            &["--paste", "--response-mode", "query"],
            "`--response-mode` is for `--browser` only",
        ),
    ] {
        let err = login(&bed, flags).fails(2);
        assert!(err.contains(told), "{flags:?}: {err}");
    }
    assert_eq!(bed.sandbox.counts().requests, 0);
}

/// Somebody who has signed in with this browser before is not asked again.
#[test]
fn nothing_need_be_asked_twice() {
    let bed = Bed::new();
    let mut ana = bed.sandbox.person(&ANA).unwrap();
    let nobody_yet = &["--prompt", "none"];
    let (running, address) = waiting(&bed, nobody_yet);
    let page = ana.visit(&address).unwrap();
    assert!(page.text.contains("You are not signed in"), "{}", page.text);
    let told = running.done().fails(4);
    assert!(told.contains("nobody is signed in (AADSTS50058)"), "{told}");

    let (running, address) = waiting(&bed, &[]);
    ana.visit(&address).unwrap();
    assert_eq!(running.done().exit, Some(0));

    // Without a prompt the browser need not show a page, so that one request is all there is.
    bed.sandbox.clear_log();
    let (running, address) = waiting(&bed, &["--prompt", "none", "--login-hint", ANA.upn]);
    ana.visit(&address).unwrap();
    assert!(running.done().out.starts_with(&signed_in(&ANA)));
    assert_eq!(bed.sandbox.counts().endpoints.get("login"), None);
    assert_eq!(bed.sandbox.counts().endpoints.get("authorize"), Some(&1));
    // The page knows the browser's account, but another one is asked for.
    let before = left(&bed);
    let (running, address) = waiting(&bed, &["--prompt", "none", "--account", BEN.upn]);
    ana.visit(&address).unwrap();
    let told = running.done().fails(4);
    assert!(told.contains("AADSTS50058"), "{told}");
    assert_eq!(left(&bed), before);
}
