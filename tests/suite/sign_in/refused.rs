//! What the sign-in page refuses is told in the terminal, and nothing is stored.

use super::{left, waiting};
use crate::support::Bed;
use entra_sandbox::browser::Browser;
use entra_sandbox::{ANA, Demand, Flow, Policy};

#[test]
fn a_person_says_no() {
    for mode in ["form_post", "query"] {
        let bed = Bed::new();
        let before = left(&bed);
        let (running, address) = waiting(&bed, &["--response-mode", mode]);
        let mut browser = Browser::new(bed.sandbox.client().unwrap(), bed.sandbox.authority());
        let page = browser.get(&address).unwrap();
        let answer = browser.submit(&page, &[("action", "cancel")]).unwrap();
        let page = match &answer.location {
            Some(back) => browser.get(back),
            None => browser.submit(&answer, &[]),
        };
        let page = page.unwrap();
        assert!(
            page.status == 400 && page.text.contains("You are not signed in"),
            "{page:?}"
        );
        assert!(
            !page.text.contains("AADSTS"),
            "nothing of the answer stands on the page"
        );
        let told = running.done().fails(5);
        assert!(
            told.contains("the sign-in was declined on its page (AADSTS65004)"),
            "{mode}: {told}"
        );
        assert!(told.contains("run: entra-token login --host"), "{mode}: {told}");
        assert_eq!(left(&bed), before);
    }
}

/// What a policy says on the page reaches the terminal too, once the person has gone on.
#[test]
fn a_policy_is_in_the_way() {
    for (code, what, remedy) in [
        (
            53_003,
            "a Conditional Access policy blocks it (AADSTS53003)",
            "if that is blocked too, ask the administrator, with the correlation id",
        ),
        (
            53_000,
            "the device is not compliant, joined or managed (AADSTS53000)",
            "sign in with the browser on a managed or registered device",
        ),
    ] {
        let bed = Bed::new();
        let before = left(&bed);
        bed.sandbox
            .policy(Policy::new("managed devices", Demand::Block(code)).flow(Flow::Browser));
        let (running, address) = waiting(&bed, &[]);
        let page = bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
        assert!(page.text.contains("You are not signed in"), "{}", page.text);
        let told = running.done().fails(4);
        assert!(told.contains(what) && told.contains(remedy), "{told}");
        assert!(told.contains("correlation id "), "{told}");
        assert_eq!(left(&bed), before);
    }
}
