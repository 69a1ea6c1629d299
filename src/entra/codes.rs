//! What AADSTS numbers mean and what to do: the one table. Meanings follow Microsoft's list; the numbers may change, so
//! they choose words, while `error` and `suberror` decide (entra.md §6).

use crate::error::Kind;

/// One meaning.
#[derive(Debug)]
pub struct Row {
    /// The numbers that have it.
    pub codes: &'static [u32],
    /// What it leaves to the caller, where `error` and `suberror` leave a choice.
    pub kind: Kind,
    /// The cause in plain words.
    pub meaning: &'static str,
    /// What to do; empty if it is what the kind says anyway: sign in, or consent.
    pub advice: &'static str,
}

/// The row of a number.
#[must_use]
pub fn find(code: u32) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.codes.contains(&code))
}

/// Every number that we know.
pub const TABLE: [Row; 68] = [
    row(
        &[16_000, 50_020, 90_072],
        Kind::InteractionRequired,
        "the account is not a member of this tenant",
        "sign in with an account of the tenant, or ask there for an invitation as a guest",
    ),
    row(
        &[28_002, 70_011],
        Kind::Config,
        "the scope is not valid",
        "check the scope or the id of the resource",
    ),
    row(
        &[28_003, 900_144],
        Kind::Config,
        "a required field of the request is missing",
        "check the arguments and `--authority-host`; else it is a bug of this program",
    ),
    row(
        &[90_013, 90_014, 90_023],
        Kind::Config,
        "the request is malformed",
        "check the arguments and `--authority-host`; else it is a bug of this program",
    ),
    row(
        &[50_001, 500_011],
        Kind::Denied,
        "the resource is unknown in this tenant",
        "check `--tenant` and the scope; else an administrator adds the application of the resource (for Azure Databricks: create a workspace, or a service principal for `2ff814a6-3304-4ab8-85cb-cd0e6f879c1d`)",
    ),
    row(
        &[500_014],
        Kind::Denied,
        "the application of the resource is disabled in this tenant",
        "ask the administrator of the tenant",
    ),
    row(
        &[530_034],
        Kind::Denied,
        "a delegated administrator was blocked for a risk in the home tenant",
        "ask the administrator of the home tenant",
    ),
    row(
        &[50_011, 500_113],
        Kind::Config,
        "the redirect address is not registered for this application",
        "register `http://localhost` for it, as an address of mobile and desktop applications",
    ),
    row(
        &[500_021, 500_022],
        Kind::Denied,
        "the network lets only other tenants through",
        "leave that network, or use a tenant that it allows",
    ),
    row(
        &[50_034, 51_004],
        Kind::InteractionRequired,
        "the user is unknown in this tenant",
        "check the user name and `--tenant`",
    ),
    row(
        &[50_053],
        Kind::Denied,
        "the account is locked, or this address is blocked",
        "wait, or have it unblocked",
    ),
    row(
        &[50_055, 50_144],
        Kind::InteractionRequired,
        "the password has expired",
        "change it in the portal first",
    ),
    row(
        &[50_056, 50_064, 50_126],
        Kind::InteractionRequired,
        "the user name or the password is wrong",
        "type it anew",
    ),
    row(
        &[50_057],
        Kind::Denied,
        "the account is disabled",
        "ask the administrator",
    ),
    row(
        &[70_001, 7_000_112],
        Kind::Denied,
        "the application is disabled",
        "ask the administrator",
    ),
    row(
        &[80_001, 80_007, 80_012],
        Kind::Denied,
        "the password could not be checked on premises, or not at this hour",
        "ask the administrator",
    ),
    row(&[50_058], Kind::InteractionRequired, "nobody is signed in", ""),
    row(
        &[50_059, 50_128, 90_019],
        Kind::Config,
        "the request names no tenant",
        "give `--tenant`",
    ),
    row(
        &[50_194],
        Kind::Config,
        "the application is for one tenant only",
        "give `--tenant`",
    ),
    row(
        &[9_001_023],
        Kind::Config,
        "a password can be used in one tenant only",
        "give `--tenant`",
    ),
    row(
        &[50_072, 50_079],
        Kind::InteractionRequired,
        "multi-factor authentication must be set up",
        "sign in with the browser, which offers to set it up",
    ),
    row(
        &[50_074, 50_076],
        Kind::InteractionRequired,
        "multi-factor authentication is needed",
        "",
    ),
    row(
        &[50_078],
        Kind::InteractionRequired,
        "multi-factor authentication has expired",
        "",
    ),
    row(
        &[50_158],
        Kind::InteractionRequired,
        "a security challenge of another service is needed",
        "",
    ),
    row(
        &[500_121],
        Kind::InteractionRequired,
        "multi-factor authentication failed",
        "",
    ),
    row(
        &[50_097, 50_129, 50_155, 50_187],
        Kind::InteractionRequired,
        "the device must be authenticated",
        "sign in with the browser on a managed or registered device, not by a device code",
    ),
    row(
        &[53_000, 53_001, 530_003],
        Kind::InteractionRequired,
        "the device is not compliant, joined or managed",
        "sign in with the browser on a managed or registered device, not by a device code",
    ),
    row(
        &[50_105],
        Kind::Denied,
        "the user is not assigned to the application",
        "an administrator assigns the user to the enterprise application",
    ),
    row(
        &[50_131, 53_003, 530_032],
        Kind::InteractionRequired,
        "a Conditional Access policy blocks it",
        "sign in with the browser, not by a device code; if that is blocked too, ask the administrator, with the correlation id",
    ),
    row(
        &[53_002],
        Kind::Denied,
        "the application is not approved by policy",
        "use an approved application by `--client-id`, or ask the administrator",
    ),
    row(
        &[530_035],
        Kind::InteractionRequired,
        "security defaults block the use of passwords",
        "sign in with the browser, or use a service principal",
    ),
    row(
        &[530_084],
        Kind::Denied,
        "a token protection policy demands a broker",
        "this program cannot get such a token; ask the administrator for an exception",
    ),
    row(
        &[53_004, 53_010, 53_011],
        Kind::Denied,
        "a risk was seen, or setting up multi-factor authentication is blocked",
        "ask the security team",
    ),
    row(
        &[50_140, 50_199],
        Kind::InteractionRequired,
        "the sign-in page was left at a question",
        "finish the page in the browser",
    ),
    row(
        &[501_481],
        Kind::InteractionRequired,
        "the proof that belongs to the sign-in does not match",
        "",
    ),
    row(
        &[54_005],
        Kind::InteractionRequired,
        "the sign-in code was redeemed already",
        "",
    ),
    row(
        &[65_001],
        Kind::ConsentRequired,
        "nobody has consented to this application yet",
        "",
    ),
    row(&[65_004], Kind::ConsentRequired, "the consent was declined", ""),
    row(
        &[65_002],
        Kind::Denied,
        "the application is not admitted to this resource",
        "use another application by `--client-id`",
    ),
    row(
        &[65_005, 650_052, 650_056, 650_057],
        Kind::Denied,
        "the registration of the application lacks the permission",
        "add it there (for Azure Databricks: the API permission `AzureDatabricks/user_impersonation`)",
    ),
    row(
        &[70_000, 9_002_313],
        Kind::InteractionRequired,
        "the refresh token or code is not valid",
        "",
    ),
    row(
        &[70_002, 7_000_215],
        Kind::Config,
        "the client secret is wrong",
        "set the value of a valid secret, not its id",
    ),
    row(
        &[7_000_222],
        Kind::Config,
        "the client secret has expired",
        "make a new secret and set its value",
    ),
    row(
        &[7_000_218],
        Kind::Config,
        "the application must prove itself by a secret or an assertion",
        "allow public client flows in its registration, or give a secret",
    ),
    row(
        &[700_025],
        Kind::Config,
        "a public application must not send a secret",
        "leave the secret out",
    ),
    row(
        &[700_003],
        Kind::InteractionRequired,
        "the device is not found or is disabled",
        "register the device again",
    ),
    row(
        &[700_007],
        Kind::InteractionRequired,
        "the refresh token belongs to another application",
        "",
    ),
    row(
        &[700_016, 90_099],
        Kind::Config,
        "the application is not found in this tenant",
        "check `--client-id` and `--tenant`; the tenant may have to consent to it first",
    ),
    row(&[70_008], Kind::InteractionRequired, "the sign-in has expired", ""),
    row(
        &[700_082],
        Kind::InteractionRequired,
        "the sign-in has expired, as it was not used for long",
        "",
    ),
    row(
        &[700_084],
        Kind::InteractionRequired,
        "the sign-in has expired, as one of a web page does after a day",
        "",
    ),
    row(
        &[70_043],
        Kind::InteractionRequired,
        "a policy on the frequency of sign-ins asks for a new one",
        "",
    ),
    row(
        &[50_173],
        Kind::InteractionRequired,
        "the sign-in was revoked, as by a change of the password or by an administrator",
        "",
    ),
    row(
        &[50_085, 50_089, 50_132, 50_133],
        Kind::InteractionRequired,
        "the sign-in is no longer good",
        "",
    ),
    row(
        &[70_016],
        Kind::InteractionRequired,
        "the device code was not used yet",
        "finish the page in the browser",
    ),
    row(
        &[70_018],
        Kind::InteractionRequired,
        "the device code was mistyped",
        "type it anew",
    ),
    row(
        &[70_019, 70_020],
        Kind::InteractionRequired,
        "the device code has expired",
        "",
    ),
    row(
        &[70_021, 700_211, 700_212, 700_213],
        Kind::Config,
        "no federated credential of the application matches the assertion",
        "compare its issuer, audience and subject with those of the federated credential",
    ),
    row(
        &[700_024],
        Kind::Config,
        "the assertion is not valid at this time",
        "get a fresh one for each call, and check the clock of this machine",
    ),
    row(
        &[50_012, 700_027, 700_030],
        Kind::Config,
        "the certificate or assertion is not accepted",
        "upload the certificate to the application; trust by subject name needs the chain sent",
    ),
    row(
        &[90_002],
        Kind::Config,
        "the tenant is not found",
        "check `--tenant` and `--authority-host`; it may be in another cloud",
    ),
    row(
        &[900_432],
        Kind::Config,
        "an application with a secret cannot be used across clouds",
        "check `--authority-host`",
    ),
    row(
        &[90_009],
        Kind::Config,
        "the application asks for a token for itself by its address",
        "use its id as the resource",
    ),
    row(
        &[50_033, 50_087, 90_006, 90_024, 90_033],
        Kind::Network,
        "the authority is in trouble that passes",
        "try again later",
    ),
    row(&[90_055], Kind::Throttled, "the tenant sends too many requests", "wait"),
    row(
        &[50_196],
        Kind::Throttled,
        "the authority sees a program that asks in a loop",
        "stop what calls in a loop, and wait",
    ),
    row(
        &[90_094, 90_095],
        Kind::ConsentRequired,
        "an administrator must consent to this application",
        "",
    ),
    row(
        &[100_007],
        Kind::Config,
        "the regional endpoint is not for this application",
        "unset `MSAL_FORCE_REGION`",
    ),
];

const fn row(codes: &'static [u32], kind: Kind, meaning: &'static str, advice: &'static str) -> Row {
    Row {
        codes,
        kind,
        meaning,
        advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every number of entra.md §6.4.
    const LISTED: &[u32] = &[
        16_000, 28_002, 28_003, 50_001, 50_011, 50_012, 50_020, 50_033, 50_034, 50_053, 50_055, 50_056, 50_057, 50_058,
        50_059, 50_064, 50_072, 50_074, 50_076, 50_078, 50_079, 50_085, 50_087, 50_089, 50_097, 50_105, 50_126, 50_128,
        50_129, 50_131, 50_132, 50_133, 50_140, 50_144, 50_155, 50_158, 50_173, 50_187, 50_194, 50_196, 50_199, 51_004,
        53_000, 53_001, 53_002, 53_003, 53_004, 53_010, 53_011, 54_005, 65_001, 65_002, 65_004, 65_005, 70_000, 70_001,
        70_002, 70_008, 70_011, 70_016, 70_018, 70_019, 70_020, 70_021, 70_043, 80_001, 80_007, 80_012, 90_002, 90_006,
        90_009, 90_013, 90_014, 90_019, 90_023, 90_024, 90_033, 90_055, 90_072, 90_094, 90_095, 90_099, 100_007,
        500_011, 500_014, 500_021, 500_022, 500_113, 500_121, 501_481, 530_003, 530_032, 530_034, 530_035, 530_084,
        650_052, 650_056, 650_057, 700_003, 700_007, 700_016, 700_024, 700_025, 700_027, 700_030, 700_082, 700_084,
        700_211, 700_212, 700_213, 900_144, 900_432, 7_000_112, 7_000_215, 7_000_218, 7_000_222, 9_001_023, 9_002_313,
    ];

    #[test]
    fn every_listed_number_is_there_once() {
        let all: Vec<u32> = TABLE.iter().flat_map(|row| row.codes).copied().collect();
        let known: BTreeSet<u32> = all.iter().copied().collect();
        assert_eq!(all.len(), known.len(), "a number stands twice");
        assert_eq!(known, LISTED.iter().copied().collect());
        assert!(all.iter().all(|code| find(*code).is_some()) && find(1).is_none());
    }

    #[test]
    fn words_have_the_style_of_the_house() {
        for row in &TABLE {
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
}
