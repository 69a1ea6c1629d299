//! Access and id tokens: which claims they carry, and how large they are.

use serde_json::{Value, json};

use crate::directory::{Tenant, User};
use crate::random::{base64url, bytes, guid_of, sha256};
use crate::state::State;

/// Whom and what a token is for.
pub(crate) struct Subject<'a> {
    pub(crate) user: &'static User,
    pub(crate) tenant: &'static Tenant,
    pub(crate) client: &'a str,
}

/// What an access token says beyond its subject.
pub(crate) struct Terms<'a> {
    /// `aud`: the resource as it was asked for.
    pub(crate) audience: &'a str,
    pub(crate) permission: &'a str,
    /// Seconds; negative for a token that is expired at birth.
    pub(crate) expires_in: i64,
    /// Whether the sign-in had a second factor.
    pub(crate) mfa: bool,
    /// The parameter `claims`, parsed.
    pub(crate) claims: Option<&'a Value>,
}

/// A version 1 access token, as Entra mints it for Databricks and ARM from either endpoint.
pub(crate) fn mint(state: &State, subject: &Subject<'_>, terms: &Terms<'_>) -> String {
    let Subject { user, tenant, client } = subject;
    let now = state.clock.now();
    let (given, family) = user.name.split_once(' ').unwrap_or((user.name, ""));
    let guest = user.home != *tenant;
    let mut claims = json!({
        "aud": terms.audience,
        "iss": issuer(state, tenant),
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add_signed(terms.expires_in),
        "acr": "1",
        "acrs": ["p1"],
        "aio": base64url(bytes::<66>()),
        "amr": if terms.mfa { vec!["pwd", "mfa"] } else { vec!["pwd"] },
        "appid": client,
        "appidacr": "0",
        "family_name": family,
        "given_name": given,
        "groups": groups(user, tenant),
        "idtyp": "user",
        "ipaddr": "203.0.113.7",
        "name": user.name,
        "oid": user.object_in(tenant),
        "puid": stable("puid", user.upn)[..16].to_uppercase(),
        "rh": format!("1.{}.", base64url(bytes::<24>())),
        "scp": terms.permission,
        "sid": guid_of("sid", user.upn),
        "sub": stable(terms.audience, user.upn)[..43].to_owned(),
        "tid": tenant.id,
        "unique_name": user.upn,
        "upn": user.upn,
        // Makes every token another one, as in the real world.
        "uti": base64url(bytes::<16>()),
        "ver": "1.0",
        "wids": [guid_of("wids", user.upn)],
        "xms_ftd": base64url(bytes::<34>()),
        "xms_idrel": if guest { "1 12" } else { "1 2" },
    });
    if guest {
        claims["idp"] = json!(issuer(state, user.home));
    }
    if let Some(asked) = terms.claims {
        // The real Entra leaves no such trace; here a test can see that the parameter was honoured.
        claims["sandbox_claims"] = asked.clone();
        if let Some(values) = asked.pointer("/access_token/xms_cc/values") {
            claims["xms_cc"] = values.clone();
        }
    }
    state.signer.sign(&claims)
}

/// A version 1 access token of an application that acts for itself.
pub(crate) fn mint_app(state: &State, client: &str, tenant: &'static Tenant, terms: &Terms<'_>) -> String {
    let now = state.clock.now();
    let object = guid_of("service principal", client);
    state.signer.sign(&json!({
        "aud": terms.audience,
        "iss": issuer(state, tenant),
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add_signed(terms.expires_in),
        "aio": base64url(bytes::<66>()),
        "appid": client,
        "appidacr": "1",
        "idp": issuer(state, tenant),
        "idtyp": "app",
        "oid": object,
        "rh": format!("1.{}.", base64url(bytes::<24>())),
        "sub": object,
        "tid": tenant.id,
        "uti": base64url(bytes::<16>()),
        "ver": "1.0",
    }))
}

/// An id token of version 2.0 from the authority at `base`.
pub(crate) fn mint_id(state: &State, base: &str, subject: &Subject<'_>, nonce: Option<&str>) -> String {
    let now = state.clock.now();
    let mut claims = json!({
        "aud": subject.client,
        "iss": format!("{base}/{}/v2.0", subject.tenant.id),
        "iat": now,
        "nbf": now,
        "exp": now + 3900,
        "name": subject.user.name,
        "oid": subject.user.object_in(subject.tenant),
        "preferred_username": subject.user.upn,
        "rh": format!("1.{}.", base64url(bytes::<24>())),
        "sub": stable(subject.client, subject.user.upn)[..43].to_owned(),
        "tid": subject.tenant.id,
        "uti": base64url(bytes::<16>()),
        "ver": "2.0",
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    state.signer.sign(&claims)
}

/// `iss` of access tokens. The real one is `https://sts.windows.net/{tid}/`; this one stays on loopback.
pub(crate) fn issuer(state: &State, tenant: &Tenant) -> String {
    format!("{}/{}/", state.authority, tenant.id)
}

/// `client_info`: who this is at home, whatever the tenant.
pub(crate) fn client_info(user: &User) -> String {
    base64url(json!({"uid": user.uid(), "utid": user.home.id}).to_string())
}

/// Enough groups for a token of common size.
fn groups(user: &User, tenant: &Tenant) -> Vec<String> {
    let group = |n: u8| guid_of(&format!("group {n} {}", tenant.id), user.upn);
    (0..6).map(group).collect()
}

fn stable(of: &str, upn: &str) -> String {
    sha256(&format!("{of} {upn}"))
}
