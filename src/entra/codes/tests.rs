//! The table against a list written apart from it, row by row.

use super::*;
use crate::entra::advice::{Words, remedy};
use std::collections::BTreeSet;

/// The numbers of each row, the exit status that they leave, a word of the meaning, a word of the action.
/// `login` is the command itself.
const LISTED: &[(&[u32], u8, &str, &str)] = &[
    (&[16000, 50020, 90072], 4, "not a member of this tenant", "invitation"),
    (&[28002, 70011], 1, "scope is not valid", "the id of the resource"),
    (&[28003, 900_144], 1, "field", "check the arguments"),
    (&[90014, 90023, 90013], 1, "malformed", "a bug of this program"),
    (&[50001, 500_011], 5, "resource is unknown", "2ff814a6-"),
    (&[500_014], 5, "resource is disabled", "administrator of the tenant"),
    (&[530_034], 5, "home tenant", "administrator of the home tenant"),
    (
        &[50011, 500_113],
        1,
        "redirect address is not registered",
        "`http://localhost`",
    ),
    (&[500_021, 500_022], 5, "only other tenants", "leave that network"),
    (
        &[50034, 51004],
        4,
        "user is unknown",
        "check the user name and `--tenant`",
    ),
    (&[50053], 5, "locked", "have it unblocked"),
    (&[50055, 50144], 4, "password has expired", "in the portal"),
    (&[50056, 50126, 50064], 4, "password is wrong", "type it anew"),
    (&[50057], 5, "account is disabled", "administrator"),
    (&[70001, 7_000_112], 5, "application is disabled", "administrator"),
    (&[80001, 80007, 80012], 5, "on premises", "administrator"),
    (&[50058], 4, "nobody is signed in", "login"),
    (&[50059, 50128, 90019], 1, "names no tenant", "`--tenant`"),
    (&[50194], 1, "one tenant only", "`--tenant`"),
    (&[9_001_023], 1, "password", "`--tenant`"),
    (&[50072, 50079], 4, "must be set up", "with the browser"),
    (&[50074, 50076], 4, "is needed", "login"),
    (&[50078], 4, "has expired", "login"),
    (&[50158], 4, "challenge of another service", "login"),
    (&[500_121], 4, "failed", "login"),
    (
        &[50097, 50129, 50155, 50187],
        4,
        "device must be authenticated",
        "not by a device code",
    ),
    (
        &[53000, 53001, 530_003],
        4,
        "compliant, joined or managed",
        "not by a device code",
    ),
    (&[50105], 5, "not assigned", "Users and groups"),
    (
        &[50131, 53003, 530_032],
        4,
        "Conditional Access",
        "use the browser, not a device code",
    ),
    (&[53002], 5, "not approved", "`--client-id`"),
    (&[530_035], 4, "security defaults", "service principal"),
    (&[530_084], 5, "demands a broker", "cannot get such a token"),
    (&[53004, 53010, 53011], 5, "risk", "security team"),
    (&[50140, 50199], 4, "left at a question", "finish the page"),
    (&[501_481], 4, "does not match", "login"),
    (&[54005], 4, "redeemed already", "login"),
    (&[65001], 4, "nobody has consented", "/adminconsent?client_id="),
    (&[65004], 4, "declined", "/adminconsent?client_id="),
    (&[65002], 5, "not admitted", "`--client-id`"),
    (
        &[65005, 650_056, 650_057],
        5,
        "lacks the permission",
        "AzureDatabricks > user_impersonation",
    ),
    (
        &[650_052],
        5,
        "lacks the permission",
        "AzureDatabricks > user_impersonation",
    ),
    (&[70000, 9_002_313], 4, "not valid", "login"),
    (&[70002, 7_000_215], 1, "secret is wrong", "not its id"),
    (&[7_000_222], 1, "secret has expired", "make a new secret"),
    (&[7_000_218], 1, "prove itself", "Allow public client flows"),
    (&[700_025], 1, "must not send a secret", "leave the secret out"),
    (&[700_003], 4, "device is not found", "register the device again"),
    (&[700_007], 4, "another application", "login"),
    (
        &[700_016, 90099],
        1,
        "application is not found",
        "`--client-id` and `--tenant`",
    ),
    (&[70008], 4, "has expired", "login"),
    (&[700_082], 4, "has expired", "login"),
    (&[700_084], 4, "after a day", "login"),
    (&[70043], 4, "frequency", "login"),
    (&[50173], 4, "revoked", "login"),
    (&[50085, 50089, 50132, 50133], 4, "no longer good", "login"),
    (&[70016], 4, "not used yet", "finish the page"),
    (&[70018], 4, "mistyped", "type it anew"),
    (&[70019, 70020], 4, "device code has expired", "login"),
    (
        &[70021, 700_211, 700_212, 700_213],
        1,
        "no federated credential",
        "issuer, audience and subject",
    ),
    (&[700_024], 1, "not valid at this time", "the clock"),
    (
        &[700_027, 700_030, 50012],
        1,
        "certificate or assertion",
        "upload the certificate",
    ),
    (&[90002], 1, "tenant is not found", "another cloud"),
    (&[900_432], 1, "across clouds", "`--authority-host`"),
    (&[90009], 1, "for itself", "use its id"),
    (&[90024, 90033, 50033, 50087, 90006], 6, "passes", "try again later"),
    (&[90055], 6, "too many requests", "wait"),
    (&[50196], 6, "loop", "stop what calls in a loop"),
    (
        &[90094, 90095],
        4,
        "an administrator must consent",
        "/adminconsent?client_id=",
    ),
    (&[100_007], 1, "regional", "MSAL_FORCE_REGION"),
];

/// Not in that list, but met by those who register an application of their own.
const MORE: &[u32] = &[9_002_327];

#[test]
fn every_listed_number_has_kind_exit_message_and_remedy() {
    let words = Words::unknown();
    for (codes, exit, meaning, action) in LISTED {
        for code in *codes {
            let row = find(*code).unwrap_or_else(|| panic!("{code} is missing"));
            let remedy = remedy(row.kind, row.advice, &words);
            let action = if *action == "login" {
                "run: entra-token login"
            } else {
                action
            };
            assert_eq!(row.kind.exit(), *exit, "{code}: {:?}", row.kind);
            assert!(row.meaning.contains(meaning), "{code}: {}", row.meaning);
            assert!(remedy.contains(action), "{code}: {remedy}");
            assert_eq!(
                remedy.contains("run: entra-token login"),
                *exit == 4,
                "{code}: {remedy}"
            );
            assert_eq!(
                remedy.starts_with("signing in again will not help"),
                *exit == 5,
                "{code}: {remedy}"
            );
        }
    }
}

#[test]
fn every_number_is_there_once() {
    let all: Vec<u32> = TABLE.iter().flat_map(|row| row.codes).copied().collect();
    let known: BTreeSet<u32> = all.iter().copied().collect();
    let listed: Vec<u32> = LISTED
        .iter()
        .flat_map(|(codes, ..)| *codes)
        .chain(MORE)
        .copied()
        .collect();
    assert_eq!(all.len(), known.len(), "a number stands twice");
    assert_eq!(listed.len(), all.len());
    assert_eq!(known, listed.into_iter().collect());
    assert!(find(1).is_none());
}

#[test]
fn words_have_the_style_of_the_house() {
    for row in TABLE {
        for text in [row.meaning, row.advice] {
            assert!(
                !text.ends_with(['.', ' ', ';', ':']) && !text.starts_with(' '),
                "{text}"
            );
            assert!(!text.starts_with(char::is_uppercase), "{text}");
            assert!(
                !text.chars().any(char::is_control) && text.matches('`').count() % 2 == 0,
                "{text}"
            );
        }
        assert!(!row.meaning.is_empty(), "{row:?}");
        let implied = matches!(row.kind, Kind::InteractionRequired | Kind::ConsentRequired);
        assert!(implied || !row.advice.is_empty(), "{row:?}");
    }
}

#[test]
fn microsoft_explains_each() {
    assert_eq!(link(50076), "https://login.microsoftonline.com/error?code=50076");
}
