//! A server over TLS.

use std::process::Command;

use anykey_test_servers::RedisServer;
use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use crate::support::connect;

/// The URL of the server. The test of this program that is its client is started with it.
const URL: &str = "ANYKEY_TEST_REDIS_TLS";

/// Asks the server of the other test. Nothing to do unless that one has started it.
#[tokio::test]
async fn a_client() {
    let Ok(url) = std::env::var(URL) else { return };
    connect(&url).info().await.unwrap();
}

#[test]
fn a_server_whose_certificate_the_platform_trusts_is_used_and_no_other() {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = (folder.path().join("certificate"), folder.path().join("key"));
    let pair = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&pair).unwrap();
    std::fs::write(&certificate, own.pem()).unwrap();
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    let Some(server) = RedisServer::start_with_tls(&certificate, &key) else { return };
    let is_used = |roots: &str| {
        let mut client = Command::new(std::env::current_exe().unwrap());
        client.args(["--exact", "tls::a_client"]).env(URL, server.url()).env("SSL_CERT_FILE", roots);
        client.output().unwrap().status.success()
    };
    assert!(is_used(certificate.to_str().unwrap()));
    let other = folder.path().join("other");
    let own = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(&other, own.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()).unwrap();
    assert!(!is_used(other.to_str().unwrap()), "another one is trusted");
}
