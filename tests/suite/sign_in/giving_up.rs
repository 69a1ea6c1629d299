//! Giving up at each step, and what is left behind: nothing.

use super::{BY_HAND, LONG, assert_free, bed, ends_at, left, login, port, shown_address, waiting};
use crate::support::{Bed, address};
use entra_sandbox::{ANA, AZURE_CLI, BEN, Fault, FaultKind};
use rustix::process::Signal;

/// A way, and what is shown when it waits for the person, and whether it reads the terminal then.
const WAITS: [(&[&str], &str, bool); 4] = [
    (&["--paste"], "paste the address: ", true),
    (&["--username", ANA.upn], "(not shown): ", true),
    (&["--device-code"], "waiting for the code to be typed", false),
    (&BY_HAND, "waiting for the browser", false),
];

/// Somebody else is signed in, whose login must stay as it is.
fn inhabited() -> Bed {
    let bed = bed();
    bed.sign_in(&BEN).ok();
    bed.sandbox.change(|settings| settings.device_auto_approve = None);
    bed
}

/// Ctrl-C, and whatever else ends a program, at each step at which a person is waited for.
#[test]
fn giving_up_leaves_nothing_behind() {
    let bed = inhabited();
    let before = left(&bed);
    for (way, waits, asks) in WAITS {
        for end in [End::CtrlC, End::Signal(Signal::TERM), End::Signal(Signal::HUP)] {
            let mut seat = login(&bed, way).at_terminal();
            seat.wait_for(waits);
            let shown = seat.screen();
            match end {
                End::CtrlC => seat.ctrl_c(),
                End::Signal(signal) => seat.signal(signal),
            };
            let exit = match end {
                End::CtrlC | End::Signal(Signal::TERM) if asks => 5,
                End::CtrlC => 130,
                End::Signal(signal) => 128 + signal.as_raw(),
            };
            match exit {
                // Nobody could set back the terminal, and a terminal that sends it is gone.
                129 => assert_eq!(seat.ended(), 129),
                _ => drop(seat.done().exits(exit)),
            }
            assert_eq!(left(&bed), before, "{way:?}");
            if shown.contains("code_challenge=") {
                assert_free(port(&address(&shown)));
            }
        }
    }
    assert_eq!(bed.posts(), 1, "nothing was redeemed but Ben's own");
    bed.token();
}

#[derive(Clone, Copy)]
enum End {
    CtrlC,
    Signal(Signal),
}

/// The question is over, and Ctrl-C is the kernel's business again.
#[test]
fn giving_up_while_the_authority_thinks() {
    let bed = bed();
    let before = left(&bed);
    for (at, (way, waits)) in [("--username", "(not shown): "), ("--paste", "paste the address: ")]
        .into_iter()
        .enumerate()
    {
        bed.sandbox.fault(Fault::token(FaultKind::Hang { acted: false }));
        let name = if way == "--username" {
            &[way, ANA.upn][..]
        } else {
            &[way]
        };
        let mut seat = login(&bed, name).at_terminal();
        let line = match way {
            "--paste" => ends_at(&bed, &shown_address(&mut seat)),
            _ => ANA.password.to_owned(),
        };
        seat.wait_for(waits).type_line(&line);
        let asked = u64::try_from(at).unwrap() + 1;
        assert!(bed.sandbox.wait_for_requests("token", asked, LONG));
        assert!(seat.is_restored(), "{way}");
        seat.ctrl_c();
        seat.done().exits(130);
        assert_eq!(left(&bed), before, "{way}");
    }
}

/// `--timeout` is the person's time, for each way that waits for one.
#[test]
fn nobody_is_waited_for_longer_than_was_said() {
    let bed = inhabited();
    bed.sandbox.change(|settings| settings.device_interval = 1);
    let before = left(&bed);
    let again = format!("run `entra-token login --host {}", bed.sandbox.workspace());
    for ((way, _, _), told) in WAITS.into_iter().zip([
        "nothing was pasted within 1 s",
        "no password was typed within 1 s",
        "the code was not typed in time",
        "the browser did not come back within 1 s",
    ]) {
        let seat = login(&bed, &[way, &["--timeout", "1"]].concat()).at_terminal();
        let screen = seat.done().exits(6);
        assert!(screen.contains(told) && screen.contains(&again), "{way:?}: {screen}");
        assert_eq!(left(&bed), before, "{way:?}");
    }
}

/// Whoever signed in is signed in, even if nobody hears of it.
#[test]
fn an_output_that_nobody_reads() {
    let bed = bed();
    let login = || {
        let token = bed.sandbox.mint_refresh_token(&ANA, AZURE_CLI);
        login(&bed, &["--refresh-token-stdin"]).stdin(token)
    };
    let done = login().stdout_closed().done();
    assert_eq!((done.exit, done.err.as_str()), (Some(1), ""));
    bed.token();
    let done = login().stdout_to("/dev/full").done();
    assert_eq!(done.exit, Some(1));
    assert!(
        done.err.lines().count() == 1 && done.err.contains("cannot write the answer"),
        "{}",
        done.err
    );
    bed.token();

    let bed = Bed::new();
    let mut running = super::login(&bed, &BY_HAND).stdout_closed().spawn();
    let address = address(running.hears("waiting for the browser"));
    bed.sandbox.person(&ANA).unwrap().visit(&address).unwrap();
    let done = running.done();
    assert_eq!(done.exit, Some(1));
    assert!(done.err.ends_with("entra-token explain AADSTS…\n"), "{}", done.err);
    bed.token();
}

/// A sign-in that waits holds up nobody: not who has a token, not who refreshes, not who signs in meanwhile.
#[test]
fn nobody_waits_for_whoever_signs_in() {
    let bed = inhabited();
    let (running, address) = waiting(&bed, &["--account", BEN.upn]);
    bed.token();
    bed.store().age(75 * 60);
    bed.token();
    bed.sign_in(&ANA).ok();
    bed.run(["logout", "--all"]).ok();
    bed.sandbox.person(&BEN).unwrap().visit(&address).unwrap();
    assert_eq!(running.done().exit, Some(0));
    bed.token();
}
