//! Signed tokens (RFC 7515). The real Entra signs RS256; this one ES256, since `ring` makes no RSA keys. Callers take
//! access tokens for opaque, and the key set says the algorithm to whoever does not.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};

use crate::error::{Doing as _, Result};
use crate::random::{self, base64url};

/// The tenant-independent signing key.
pub(crate) struct Signer {
    key: EcdsaKeyPair,
    id: String,
    random: SystemRandom,
}

impl Signer {
    /// A fresh key.
    pub(crate) fn generate() -> Result<Self> {
        let what = "making a signing key";
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).doing(what)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).doing(what)?;
        Ok(Self {
            key,
            id: base64url(random::bytes::<20>()),
            random,
        })
    }

    /// `claims` as a compact JWS.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = json!({"typ": "JWT", "alg": "ES256", "x5t": self.id, "kid": self.id});
        let text = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        // Signing fails only where there is no randomness; such a token does not verify.
        let signature = self.key.sign(&self.random, text.as_bytes());
        let signature = signature.map_or_else(|_| String::new(), base64url);
        format!("{text}.{signature}")
    }

    /// The claims of a token that this key signed.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (text, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key().as_ref());
        key.verify(text.as_bytes(), &signature).ok()?;
        let (_, claims) = text.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public key as a JSON Web Key Set (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        // An uncompressed point: 4, x, y.
        let point = self.key.public_key().as_ref();
        json!({"keys": [{
            "kty": "EC", "use": "sig", "alg": "ES256", "kid": self.id, "x5t": self.id, "crv": "P-256",
            "x": base64url(&point[1..33]), "y": base64url(&point[33..]),
        }]})
    }
}
