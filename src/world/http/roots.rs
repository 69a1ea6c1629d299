//! Whom TLS trusts: what the machine trusts, else Mozilla's list.

use crate::world::Environment;
use crate::world::environment;
use rustls::RootCertStore;

/// Variables that name certificates in place of the machine's own (OpenSSL's convention).
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The machine's certificates. `SSL_CERT_FILE` and `SSL_CERT_DIR` go first: behind a proxy that inspects TLS they are
/// the way to trust it.
///
/// # Errors
/// If one of the variables is set and no certificate is found there: to go on with others would hide the mistake.
pub(super) fn trusted() -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    if let Some(name) = VARIABLES.iter().find(|name| environment::Process.var(name).is_some()) {
        return Err(format!("`{name}` is set, but no certificate is to be found there"));
    }
    // A container made from nothing has no certificates, and the static executable has to work there.
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    Ok(roots)
}
