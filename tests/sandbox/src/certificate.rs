//! A certificate authority made at start, its server certificates, and two certificates that nobody should trust.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::error::{Doing as _, Result};

/// The names that every good server certificate carries.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate authority with its key.
pub(crate) struct Authority {
    pem: String,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A fresh one, called `name`.
    pub(crate) fn generate(name: &str) -> Result<Self> {
        let what = "making a certificate authority";
        let mut params = CertificateParams::new(Vec::new()).doing(what)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().doing(what)?;
        let certificate = params.self_signed(&key).doing(what)?;
        Ok(Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority's certificate in PEM, for `SSL_CERT_FILE`.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The authority's certificate in DER.
    pub(crate) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// TLS for a server on loopback.
    pub(crate) fn server(&self) -> Result<Arc<ServerConfig>> {
        self.server_named(&NAMES)
    }

    /// TLS for a server of another name: what a man in the middle can show.
    pub(crate) fn server_named(&self, names: &[&str]) -> Result<Arc<ServerConfig>> {
        let what = "making a server certificate";
        let common_name = names.first().copied().unwrap_or_default();
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).doing(what)?;
        // Another name than the authority's: OpenSSL takes equal ones for a certificate that signed itself.
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Python 3.13 and others refuse a chain without it.
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().doing(what)?;
        let leaf = params.signed_by(&key, &self.issuer).doing(what)?;

        let chain = vec![leaf.der().clone(), self.certificate.clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key.into()))
            .doing("setting up TLS")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}
