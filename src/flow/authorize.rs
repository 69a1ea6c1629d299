//! The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636): the address where a person signs in, and the code
//! that comes back redeemed. How the code comes back is the business of `browser.rs` and `paste.rs`.

use super::random::unguessable;
use super::redirect::Expected;
use crate::entra::{Answer, Context, Form, Patience, redeem};
use crate::error::{Error, Kind};
use crate::how::{Page, Prompt, ResponseMode};
use crate::request::Claims;
use crate::secret::Secret;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;

/// One sign-in by code: what was asked, and the proofs that belong to it.
pub(super) struct Authorization {
    redirect_uri: String,
    /// By what the answer is known: its state, so that nobody else's is taken (RFC 6749 §10.12).
    pub(super) expected: Expected,
    /// What the ID token must carry, so that no other sign-in's is taken (OpenID Connect Core §3.1.3.7).
    nonce: Secret,
    /// What proves that whoever redeems the code is who asked for it (RFC 7636 §4.1).
    verifier: Secret,
    /// The address where the person signs in. It holds no secret: the verifier is there as its hash only.
    pub(super) url: String,
}

impl Authorization {
    /// Asks for a code that comes back to `http://localhost:PORT`.
    ///
    /// # Errors
    /// `config` if the authority has no sign-in page, `internal` without randomness.
    pub(super) fn begin(
        world: &World,
        context: &Context<'_>,
        page: &Page,
        mode: ResponseMode,
        port: u16,
    ) -> Result<Self, Error> {
        let mut asked = Self {
            // No path and no slash at the end; the same text again when the code is redeemed.
            redirect_uri: format!("http://localhost:{port}"),
            expected: Expected {
                state: unguessable::<16>(world)?,
            },
            nonce: unguessable::<16>(world)?,
            verifier: unguessable::<32>(world)?,
            url: String::new(),
        };
        asked.url = asked.address(context, page, mode)?;
        Ok(asked)
    }

    /// Parameters in MSAL's order.
    fn address(&self, context: &Context<'_>, page: &Page, mode: ResponseMode) -> Result<String, Error> {
        let endpoint = context.endpoints.authorize_url(context.tenant)?;
        let mut url = Url::parse(&endpoint)
            .map_err(|why| Error::new(Kind::Internal, "the sign-in page has no address").caused_by(why))?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.expose().as_bytes()));
        let parameters = [
            ("client_id", Some(context.client_id.as_str())),
            ("response_type", Some("code")),
            ("redirect_uri", Some(&self.redirect_uri)),
            ("scope", Some(&context.scopes.on_the_wire())),
            ("state", Some(self.expected.state.expose())),
            ("response_mode", Some(mode.as_str())),
            ("code_challenge", Some(&challenge)),
            ("code_challenge_method", Some("S256")),
            ("nonce", Some(self.nonce.expose())),
            ("client_info", Some("1")),
            ("claims", context.claims.map(Claims::as_str)),
            ("domain_hint", page.domain_hint.as_deref()),
            ("prompt", page.prompt.map(Prompt::as_str)),
            ("login_hint", page.login_hint.as_deref()),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url.into())
    }

    /// Redeems the code that came back. Never tried again once it may have been seen: it is good for one use.
    ///
    /// # Errors
    /// As [`redeem()`]; `denied` if the ID token belongs to another sign-in.
    pub(super) fn redeem(&self, world: &World, context: &Context<'_>, code: &Secret) -> Result<Answer, Error> {
        let form = Form::new()
            .plain("client_id", context.client_id.as_str())
            .plain("grant_type", "authorization_code")
            .plain("client_info", "1")
            .optional("claims", context.claims.map(Claims::as_str))
            .secret("code_verifier", &self.verifier)
            .secret("code", code)
            .plain("redirect_uri", self.redirect_uri.as_str())
            .plain("scope", context.scopes.on_the_wire());
        let context = Context {
            patience: Patience::Once,
            ..super::from_now(world, context)
        };
        let answer = redeem(world, &context, &form)?;
        let identity = &answer.identity;
        let is_ours = match (&identity.nonce, &identity.issuer) {
            (Some(nonce), _) => bool::from(nonce.as_bytes().ct_eq(self.nonce.expose().as_bytes())),
            // An ID token names its issuer, and must repeat our nonce.
            (None, Some(_)) => false,
            // An authority without ID tokens has nothing to compare; Entra always sends one for `openid`.
            (None, None) => true,
        };
        if is_ours {
            return Ok(answer);
        }
        Err(Error::new(
            Kind::Denied,
            "the answer belongs to another sign-in: its nonce is not ours; nothing was stored",
        )
        .hint(format!("run: {}", context.again())))
    }
}
