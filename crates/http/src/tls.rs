//! Which servers are trusted.
//!
//! The platform's own roots are, through its verifier, so that a company's certificates work as in a browser.

use std::error::Error as StdError;
use std::sync::Arc;

use anykey_core::{Error, ErrorKind, Result};
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::causes::find;

/// Reads the certificates of a PEM file that are trusted beside the platform's.
pub(crate) fn root_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let invalid = || Error::new(ErrorKind::Config, "the root certificate is not a valid PEM certificate");
    let roots: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<std::result::Result<_, _>>().map_err(|_| invalid())?;
    let mut store = RootCertStore::empty();
    for root in &roots {
        store.add(root.clone()).map_err(|_| invalid())?;
    }
    if store.is_empty() { Err(invalid()) } else { Ok(roots) }
}

/// Verifies servers against the platform's roots and `extra_roots`. Reads the platform's roots, which
/// takes milliseconds.
pub(crate) fn verifying(
    extra_roots: Vec<CertificateDer<'static>>,
) -> std::result::Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let verifier = platform_verifier(extra_roots, Arc::clone(&provider))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts no certificate, for a client that never uses TLS; cheap to make.
pub(crate) fn trusting_nobody() -> std::result::Result<ClientConfig, rustls::Error> {
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth())
}

/// The TLS fault that ended a connection attempt.
pub(crate) fn fault(error: &(dyn StdError + 'static)) -> Option<rustls::Error> {
    find::<rustls::Error>(error).cloned()
}

/// What in this computer's surroundings explains `fault`, and what to do about it.
pub(crate) const fn surroundings(fault: &rustls::Error) -> Option<&'static str> {
    match fault {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Some(
                "the server's certificate is not valid at this computer's date and time; check the clock, then any \
                 intercepting proxy",
            ),
            CertificateError::UnknownIssuer => Some(
                "this computer does not trust who signed the server's certificate; an intercepting proxy or virus \
                 scanner needs its root certificate configured",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Some(
                "the server's certificate is for another host; check base_url, any proxy, and whether the network \
                 wants a sign-in",
            ),
            _ => None,
        },
        _ => None,
    }
}

/// The cryptography: `ring`, passed explicitly and not installed for the process.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The platform's verifier with further roots, which Android does not take.
#[cfg(not(target_os = "android"))]
fn platform_verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> std::result::Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    Ok(Arc::new(Verifier::new_with_extra_roots(extra_roots, provider)?))
}

#[cfg(target_os = "android")]
fn platform_verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> std::result::Result<Arc<dyn ServerCertVerifier>, rustls::Error> {
    if extra_roots.is_empty() {
        return Ok(Arc::new(Verifier::new(provider)?));
    }
    Err(rustls::Error::General("Android takes extra roots from its own settings only".to_owned()))
}
