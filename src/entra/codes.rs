//! What AADSTS numbers mean and what to do: the one table. Meanings follow Microsoft's list; the numbers may change, so
//! they choose words, while `error` and `suberror` decide.

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
    /// What to do; empty if it is what the kind says anyway: sign in, or consent. What stands in
    /// braces is filled in by [`super::advice`].
    pub advice: &'static str,
}

/// The row of a number.
#[must_use]
pub fn find(code: u32) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.codes.contains(&code))
}

/// Where Microsoft explains a number: the `error_uri` of its refusals.
#[must_use]
pub fn link(code: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={code}")
}

/// Every number that we know.
pub const TABLE: &[Row] = &[
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
        "in Microsoft Entra admin center: App registrations > {app} > Authentication > Add a platform > Mobile and desktop applications > `http://localhost`",
    ),
    row(
        &[9_002_327],
        Kind::Config,
        "the redirect address is registered for a web page, not for a program on this machine",
        "in Microsoft Entra admin center: App registrations > {app} > Authentication > remove `http://localhost` under Single-page application, and add it by Add a platform > Mobile and desktop applications",
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
        "give `--tenant` with its Directory (tenant) ID, as Microsoft Entra admin center shows it: App registrations > {app} > Overview",
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
        "an administrator assigns the user in Microsoft Entra admin center: Enterprise applications > {app} > Users and groups > Add user/group",
    ),
    row(
        &[50_131, 53_003, 530_032],
        Kind::InteractionRequired,
        "a Conditional Access policy blocks it",
        "use the browser, not a device code; if that is blocked too, ask the administrator, with the correlation id",
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
        "consent on the sign-in page, or have an administrator consent at {consent} (in Microsoft Entra admin center: {grant})",
    ),
    row(&[65_004], Kind::ConsentRequired, "the consent was declined", ""),
    row(
        &[65_002],
        Kind::Denied,
        "the application is not admitted to this resource",
        "use another application by `--client-id`",
    ),
    row(
        &[65_005, 650_056, 650_057],
        Kind::Denied,
        "the registration of the application lacks the permission",
        "in Microsoft Entra admin center: App registrations > {app} > API permissions > Add a permission > APIs my organization uses > AzureDatabricks > user_impersonation, then Grant admin consent",
    ),
    row(
        &[650_052],
        Kind::Denied,
        "the resource is not enabled in this tenant, or the registration of the application lacks the permission",
        "in Microsoft Entra admin center: App registrations > {app} > API permissions > Add a permission > APIs my organization uses > AzureDatabricks > user_impersonation, then Grant admin consent; if AzureDatabricks is not listed there, an administrator creates a workspace, or a service principal for `2ff814a6-3304-4ab8-85cb-cd0e6f879c1d`",
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
        "in Microsoft Entra admin center: App registrations > {app} > Authentication > Advanced settings > Allow public client flows > Yes, and `http://localhost` under Mobile and desktop applications, not under Web; or give a secret",
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
        "compare `--client-id` and `--tenant` with Application (client) ID and Directory (tenant) ID in Microsoft Entra admin center: App registrations > {app} > Overview; if it belongs to another tenant, an administrator of this one consents to it first, at {consent}",
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
        "have an administrator consent at {consent} (in Microsoft Entra admin center: {grant})",
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
mod tests;
