//! A policy that comes to demand a second factor: a refresh is refused, and exactly the command that is printed heals it.

use crate::support::{Attendant, Bed, Seat};
use entra_sandbox::{ANA, Demand, Flow, Policy};
use std::ffi::OsString;
use std::path::Path;

#[test]
fn the_command_that_is_printed_heals_it() {
    let bed = Bed::signed_in();
    bed.store().age(75 * 60);
    bed.sandbox
        .policy(Policy::new("second factor", Demand::Mfa).flow(Flow::Refresh));
    let told = bed.run(["get"]).fails(4);
    assert!(
        told.contains("multi-factor authentication is needed (AADSTS50076)"),
        "{told}"
    );
    let command = command(&told);
    assert!(command.contains(" --claims "), "{told}");
    // Whoever asks meanwhile is told the same, and Entra ID is not asked again.
    assert_eq!(self::command(&bed.run(["get"]).fails(4)), command);
    assert_eq!(bed.posts(), 1);

    let mut seat = by_shell(&bed, &command);
    // The page asks for the second factor, since the address says that it must.
    let mut ana = Attendant::new(&bed, &ANA);
    ana.until(&mut seat, "signed in as ana@contoso.example\n");
    seat.done().exits(0);

    let held = bed.token();
    bed.store().age(75 * 60);
    assert_ne!(bed.token(), held, "its refresh token has had the second factor");
}

/// The command of the remedy.
fn command(told: &str) -> String {
    let (_, rest) = told.split_once("run: ").unwrap();
    rest.lines().next().unwrap().to_owned()
}

/// As a person who copies it into a shell.
fn by_shell(bed: &Bed, command: &str) -> Seat {
    let program = Path::new(env!("CARGO_BIN_EXE_entra-token")).parent().unwrap();
    let variables = [
        ("PATH", program.display().to_string()),
        ("HOME", bed.home().display().to_string()),
        ("SSL_CERT_FILE", bed.sandbox.ca_file().display().to_string()),
        ("BROWSER", "/bin/true".to_owned()),
    ]
    .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Seat::start("/bin/sh".as_ref(), &["-c".into(), command.into()], &variables, None)
}
