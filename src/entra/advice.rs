//! The remedy in words: what the table advises, with the names of the call in it, and the command that signs in.

use super::redeem::Context;
use crate::error::Kind;
use crate::request::{Authority, Claims, ClientId, Tenant};

/// What an advice speaks of.
pub struct Words {
    /// The command that signs in.
    pub sign_in: String,
    /// The application, as a reader of the portal looks for it.
    pub app: String,
    /// The link by which an administrator consents to it.
    pub consent: String,
    /// Whether only Microsoft can change its registration.
    pub foreign: bool,
}

impl Words {
    /// What a call knows. `claims` is the challenge (JSON) that came with the refusal: the sign-in must carry it.
    #[must_use]
    pub fn of(context: &Context<'_>, claims: Option<&str>) -> Self {
        let client = context.client_id.as_str();
        Self {
            sign_in: sign_in(context, claims),
            app: format!("`{client}`"),
            consent: consent(context.authority, context.tenant, context.client_id),
            foreign: client == ClientId::AZURE_CLI,
        }
    }

    /// Where nothing is known but the number.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            sign_in: "entra-token login".to_owned(),
            app: "your app".to_owned(),
            consent: "https://login.microsoftonline.com/TENANT/adminconsent?client_id=CLIENT_ID".to_owned(),
            foreign: false,
        }
    }

    /// `{app}`, `{consent}` (the link) and `{grant}` (where the same is done in the portal), filled in.
    fn fill(&self, advice: &str) -> String {
        let Self {
            sign_in: _,
            app,
            consent,
            foreign,
        } = self;
        let grant = if *foreign {
            "Enterprise applications > {app} > Permissions > Grant admin consent"
        } else {
            "App registrations > {app} > API permissions > Grant admin consent"
        };
        let mut text = advice
            .replace("{grant}", grant)
            .replace("{app}", app)
            .replace("{consent}", consent);
        if *foreign && advice.contains(REGISTRATION) {
            text.push_str("; this application is Microsoft's own, so register one of yours and give `--client-id`");
        }
        text
    }
}

/// The command that signs in, with the claims (JSON) that it must carry: a new challenge, else the one that it had.
pub(super) fn sign_in(context: &Context<'_>, challenge: Option<&str>) -> String {
    let mut command = context.sign_in.clone();
    if let Some(claims) = challenge.or_else(|| context.claims.map(Claims::as_str)) {
        command.push_str(" --claims ");
        command.push_str(&encoded(claims));
    }
    command
}

/// How an advice begins that leads there.
const PORTAL: &str = "in Microsoft Entra admin center: ";

/// The page of the portal where an application's owner changes it.
const REGISTRATION: &str = "App registrations > {app} > ";

/// The page where an administrator consents to an application for a whole tenant. Its address takes a tenant or
/// `organizations`, never `common`.
#[must_use]
pub fn consent(authority: &Authority, tenant: &Tenant, client: &ClientId) -> String {
    let tenant = if tenant.is_collective() {
        "organizations"
    } else {
        tenant.as_str()
    };
    format!(
        "{}/{tenant}/adminconsent?client_id={}",
        authority.url(),
        client.as_str()
    )
}

/// What to do, as one line: for a refusal that a person can heal, it ends with the command.
#[must_use]
pub fn remedy(kind: Kind, advice: &str, words: &Words) -> String {
    let sign_in = format!("run: {}", words.sign_in);
    let advice = words.fill(advice);
    match (kind, advice.as_str()) {
        (Kind::InteractionRequired | Kind::Cancelled, "") => sign_in,
        (Kind::InteractionRequired | Kind::Cancelled, advice) => format!("{advice}; {sign_in}"),
        (Kind::ConsentRequired, "") => format!(
            "consent, or have an administrator consent at {} ; then {sign_in}",
            words.consent
        ),
        (Kind::ConsentRequired, advice) => format!("{advice}; then {sign_in}"),
        (Kind::Denied, "") => {
            "signing in again will not help: ask the administrator, with the correlation id".to_owned()
        }
        (Kind::Denied, advice) => match advice.strip_prefix(PORTAL) {
            Some(steps) => format!("signing in again will not help until this is done {PORTAL}{steps}"),
            None => format!("signing in again will not help: {advice}"),
        },
        (Kind::Config, "") => "check `--tenant`, `--client-id`, `--authority-host` and the scope".to_owned(),
        (_, "") => "try again later".to_owned(),
        (_, advice) => advice.to_owned(),
    }
}

/// Claims as `login --claims` takes them: one word for every shell.
fn encoded(claims: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::codes;
    use crate::entra::redeem::Patience;
    use crate::entra::testing::Setting;

    fn of(code: u32, client: &str) -> String {
        let mut setting = Setting::new();
        setting.client_id = ClientId::parse(client).unwrap();
        let words = Words::of(&setting.context(8, Patience::Once), None);
        let row = codes::find(code).unwrap();
        remedy(row.kind, row.advice, &words)
    }

    #[test]
    fn an_application_of_ones_own_is_named_with_the_step_in_the_portal() {
        for (code, step) in [
            (
                7_000_218,
                "App registrations > `own` > Authentication > Advanced settings > Allow public client flows",
            ),
            (
                50_011,
                "App registrations > `own` > Authentication > Add a platform > Mobile and desktop applications > `http://localhost`",
            ),
            (500_113, "Mobile and desktop applications > `http://localhost`"),
            (9_002_327, "Single-page application"),
            (
                650_057,
                "App registrations > `own` > API permissions > Add a permission > APIs my organization uses > AzureDatabricks > user_impersonation, then Grant admin consent",
            ),
            (65_005, "AzureDatabricks > user_impersonation"),
            (650_052, "a service principal for `2ff814a6-"),
            (650_056, "AzureDatabricks > user_impersonation"),
            (
                65_001,
                "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=own (in Microsoft Entra admin center: App registrations > `own` > API permissions > Grant admin consent); then run: entra-token login",
            ),
            (
                90_094,
                "https://login.microsoftonline.com/contoso.example/adminconsent?client_id=own",
            ),
            (90_095, "API permissions > Grant admin consent"),
            (50_105, "Enterprise applications > `own` > Users and groups"),
            (50_194, "give `--tenant`"),
            (700_016, "Directory (tenant) ID"),
        ] {
            let told = of(code, "own");
            assert!(
                told.contains(step) && told.contains("Microsoft Entra admin center"),
                "{code}: {told}"
            );
            assert!(
                !told.contains(['{', '}']) && !told.contains("Microsoft's own"),
                "{code}: {told}"
            );
        }
    }

    #[test]
    fn nobody_is_sent_to_change_a_registration_of_microsofts() {
        assert!(of(650_057, ClientId::AZURE_CLI).ends_with("register one of yours and give `--client-id`"));
        // Whom it is assigned to, a tenant decides itself.
        assert!(of(50_105, ClientId::AZURE_CLI).ends_with("> Users and groups > Add user/group"));
    }

    #[test]
    fn an_administrator_consents_in_a_tenant() {
        let authority = Authority::parse("login.microsoftonline.us").unwrap();
        let link = |tenant| {
            consent(
                &authority,
                &Tenant::parse(tenant).unwrap(),
                &ClientId::parse("c").unwrap(),
            )
        };
        let rest = "adminconsent?client_id=c";
        assert_eq!(
            link("t.example"),
            format!("https://login.microsoftonline.us/t.example/{rest}")
        );
        assert_eq!(
            link("common"),
            format!("https://login.microsoftonline.us/organizations/{rest}")
        );
    }

    #[test]
    fn a_sign_in_that_fails_is_repeated_with_its_claims() {
        let claims = Claims::parse(r#"{"a":1}"#).unwrap();
        let setting = Setting::new();
        let mut context = setting.context(8, Patience::Once);
        context.claims = Some(&claims);
        assert!(context.again().ends_with(" --claims eyJhIjoxfQ"));
        let new = Words::of(&context, Some(r#"{"b":2}"#)).sign_in;
        assert!(new.ends_with("contoso.example --claims eyJiIjoyfQ"), "{new}");
    }

    #[test]
    fn a_claims_challenge_goes_into_the_next_sign_in() {
        let claims = r#"{"access_token":{"acrs":{"essential":true,"value":"c1?>"}}}"#;
        let setting = Setting::new();
        let words = Words::of(&setting.context(8, Patience::Once), Some(claims));
        let (_, word) = words.sign_in.rsplit_once(' ').unwrap();
        assert_eq!(
            words.sign_in,
            format!("entra-token login --tenant contoso.example --claims {word}")
        );
        assert!(
            word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)),
            "{word}"
        );
        assert_eq!(Claims::parse(word).unwrap().as_str(), claims);
    }
}
