use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::BuildContext;
use anykey_core::{Clock, ErrorKind, Operation, SecretResolver, SecretString, Timestamp};
use anykey_http::{ApiClient, ApiRequest, Connection, NetworkConfig};
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;

use crate::reqwest_transport::server;
use crate::support::Script;

struct Secrets(HashMap<&'static str, String>);

impl SecretResolver for Secrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).map(|value| SecretString::from(value.as_str()))
    }

    fn file(&self, path: &Path) -> std::io::Result<SecretString> {
        std::fs::read_to_string(path).map(SecretString::from)
    }
}

fn open(fields: serde_json::Value, secrets: &[(&'static str, String)]) -> anykey_core::Result<Connection> {
    let config: NetworkConfig = serde_json::from_value(fields).unwrap();
    assert!(!format!("{config:?}").contains("SECRET"), "{config:?}");
    let network = config.read(&Secrets(secrets.iter().cloned().collect()))?;
    let connection = Connection { network, ..Connection::default() }.ready()?;
    assert!(!format!("{connection:?}").contains("SECRET"), "{connection:?}");
    Ok(connection)
}

fn acme(connection: &Connection) -> ApiClient {
    connection.client("acme", "http://api.acme.test/v1").unwrap().build().unwrap()
}

#[tokio::test]
async fn a_proxy_carries_plain_http_where_that_is_allowed() {
    let (proxy, served) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let fields = json!({"proxy": format!("http://{proxy}"), "allow_plain_http": true});
    let connection = open(fields, &[]).unwrap();
    acme(&connection).send(ApiRequest::get(Operation::List).path(&["keys"])).await.unwrap();
    assert!(served.await.unwrap().starts_with("get http://api.acme.test/v1/keys http/1.1\r\n"));
}

#[tokio::test]
async fn a_proxy_with_a_password_is_kept_elsewhere() {
    let (proxy, served) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let fields = json!({"proxy": {"env": "PROXY"}, "allow_plain_http": true});
    let connection = open(fields, &[("PROXY", format!("http://user:SECRET@{proxy}"))]).unwrap();
    acme(&connection).send(ApiRequest::get(Operation::List)).await.unwrap();
    assert!(served.await.unwrap().contains("proxy-authorization: basic dxnlcjptrunsrvq="));

    let error = open(json!({"proxy": "http://user:SECRET@proxy.test"}), &[]).unwrap_err();
    assert!(error.message().contains("`network.proxy` holds a user name or password"), "{error}");
}

#[tokio::test]
async fn plain_http_beyond_loopback_has_to_be_allowed() {
    let connection = open(json!({}), &[]).unwrap();
    let error = connection.client("acme", "http://api.acme.test").unwrap().build().unwrap_err();
    assert!(error.message().contains("plain http"), "{error}");
    let connection = open(json!({"allow_plain_http": true}), &[]).unwrap();
    assert!(connection.client("acme", "http://api.acme.test").unwrap().build().is_ok());
}

#[tokio::test]
async fn the_cap_holds() {
    let answer = || format!("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{}", "x".repeat(200));
    for (cap, kind) in [(100, Some(ErrorKind::Decode)), (1_000, None)] {
        let (address, _served) = server(answer()).await;
        let mut connection = open(json!({"body_cap": cap}), &[]).unwrap();
        connection.base_url = Some(format!("http://{address}").parse().unwrap());
        let result = acme(&connection).send(ApiRequest::post(Operation::Activate)).await;
        assert_eq!(result.err().map(|error| error.kind()), kind);
    }
}

#[test]
fn a_root_certificate_comes_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.pem");
    let certificate = CertificateParams::new([]).unwrap().self_signed(&KeyPair::generate().unwrap()).unwrap();
    std::fs::write(&good, certificate.pem()).unwrap();
    let connection = open(json!({"root_certificate": good}), &[]).unwrap();
    assert!(format!("{:?}", connection.transport).contains("extra_roots: 1"));

    let bad = folder.path().join("bad.pem");
    std::fs::write(&bad, "nonsense").unwrap();
    let error = open(json!({"root_certificate": bad}), &[]).unwrap_err();
    assert_eq!(error.message(), "`network`: the root certificate is not a valid PEM certificate");
}

#[test]
fn what_is_wrong_is_named() {
    for (fields, expected) in [
        (
            json!({"root_certificate": "absent.pem"}),
            "`network.root_certificate`: the file absent.pem cannot be read",
        ),
        (json!({"proxy": "proxy.test:3128"}), "the proxy's URL is none of http://"),
        (json!({"proxy": "not a url"}), "`network.proxy` is not a URL"),
        (json!({"proxy": {"env": "ABSENT"}}), "`network.proxy`: the environment variable ABSENT is not set"),
    ] {
        let error = open(fields.clone(), &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(expected), "{fields}: {error}");
    }
    let typo = serde_json::from_value::<NetworkConfig>(json!({"proxi": "none"})).unwrap_err();
    assert!(typo.to_string().contains("unknown field `proxi`"));
    let number = serde_json::from_value::<NetworkConfig>(json!({"proxy": 1})).unwrap_err();
    assert!(number.to_string().contains("the URL of a proxy"), "{number}");
}

#[test]
fn settings_for_another_transport_are_not_ignored() {
    let given = |network| Connection { transport: Some(Script::new([])), network, ..Connection::default() };
    let read = |fields| {
        let config: NetworkConfig = serde_json::from_value(fields).unwrap();
        config.read(&Secrets(HashMap::new())).unwrap()
    };
    assert!(given(read(json!({"allow_plain_http": true}))).ready().is_ok());
    for fields in [json!({"proxy": "none"}), json!({"body_cap": 1})] {
        let error = given(read(fields)).ready().unwrap_err();
        assert!(error.message().contains("a transport was given"), "{error}");
    }
}

#[test]
fn plain_http_stays_allowed_with_the_transport_of_a_registry() {
    let secrets = Secrets(HashMap::new());
    let context = BuildContext::new("acme", &secrets, Clock::new(Timestamp::now));
    for allowed in [true, false] {
        let mut connection = Connection::default();
        connection.allow_plain_http(allowed);
        connection.set_context(&context.clone().with_transport(Script::new([])));
        let client = connection.ready().unwrap().client("acme", "http://api.acme.test").unwrap().build();
        assert_eq!(client.is_ok(), allowed);
    }
}

#[test]
fn clients_of_one_connection_share_its_transport() {
    let connection = Connection::default().ready().unwrap();
    let before = Arc::strong_count(connection.transport.as_ref().unwrap());
    let _clients = [acme_over_tls(&connection), acme_over_tls(&connection)];
    assert_eq!(Arc::strong_count(connection.transport.as_ref().unwrap()), before + 2);
}

fn acme_over_tls(connection: &Connection) -> ApiClient {
    connection.client("acme", "https://api.acme.test").unwrap().build().unwrap()
}
