use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;

use anykey_http::{
    HttpTransport, NewConnection, ReqwestTransport, TransportError, TransportErrorKind as Kind,
};
use bytes::Bytes;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::{HandshakeKind, ServerConfig};

/// An authority of our own that vouches for one server.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn server_config(&self, host: &str, alpn: &[&[u8]]) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        config
    }

    fn trusting_transport(&self) -> ReqwestTransport {
        ReqwestTransport::builder()
            .no_proxy()
            .root_certificate_pem(self.certificate.pem().as_bytes())
            .build()
            .unwrap()
    }
}

/// Takes one connection; gives back the agreed protocol, or `None` where the handshake failed.
async fn server(config: ServerConfig) -> (SocketAddr, JoinHandle<Option<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await.ok()?;
        let protocol = stream.get_ref().1.alpn_protocol().unwrap_or_default().to_vec();
        let _ = stream.read_u8().await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        let _ = stream.shutdown().await;
        Some(protocol)
    });
    (address, task)
}

async fn get(
    transport: &ReqwestTransport,
    address: SocketAddr,
) -> Result<http::Response<Bytes>, TransportError> {
    let url = format!("https://localhost:{}/", address.port());
    transport.send(http::Request::get(url).body(Bytes::new()).unwrap()).await
}

#[tokio::test]
async fn a_configured_root_is_trusted() {
    let authority = Authority::new("Trusted");
    let (address, served) = server(authority.server_config("localhost", &[])).await;
    let answer = get(&authority.trusting_transport(), address).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (200, b"ok".as_ref()));
    assert!(served.await.unwrap().is_some());
}

/// The second client resumes the session of the first, so it has its certificates, too.
#[tokio::test]
async fn a_request_on_a_connection_of_its_own_has_the_same_tls_configuration() {
    let authority = Authority::new("Trusted");
    let acceptor = TlsAcceptor::from(Arc::new(authority.server_config("localhost", &[])));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let handshakes = tokio::spawn(async move {
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            kinds.extend(stream.get_ref().1.handshake_kind());
            stream.read_u8().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            let _ = stream.shutdown().await;
        }
        kinds
    });
    let transport = authority.trusting_transport();
    for is_of_its_own in [false, true] {
        let mut request = http::Request::get(&url).body(Bytes::new()).unwrap();
        if is_of_its_own {
            request.extensions_mut().insert(NewConnection);
        }
        assert_eq!(transport.send(request).await.unwrap().status(), 200);
    }
    assert_eq!(handshakes.await.unwrap(), [HandshakeKind::Full, HandshakeKind::Resumed]);
}

#[tokio::test]
async fn an_unknown_root_is_refused_and_says_so() {
    let (address, served) = server(Authority::new("Unknown").server_config("localhost", &[])).await;
    let error = get(&Authority::new("Trusted").trusting_transport(), address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.source().unwrap().to_string().contains("UnknownIssuer"), "{error:?}");
    assert!(served.await.unwrap().is_none(), "nothing was sent");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new("Trusted");
    let (address, _served) = server(authority.server_config("api.acme.test", &[])).await;
    let error = get(&authority.trusting_transport(), address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.source().unwrap().to_string().contains("not valid for name"), "{error:?}");
}

#[tokio::test]
async fn offers_http_2() {
    let authority = Authority::new("Trusted");
    let (address, served) = server(authority.server_config("localhost", &[b"h2", b"http/1.1"])).await;
    let error = get(&authority.trusting_transport(), address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Interrupted, "this server speaks no HTTP/2 after all");
    assert_eq!(served.await.unwrap().unwrap(), b"h2");
}

#[tokio::test]
async fn a_plain_port_is_a_tls_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read_u8().await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let error = get(&Authority::new("Trusted").trusting_transport(), address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.kind().never_sent());
    server.await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_handshake_was_never_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 64];
        let _ = stream.read(&mut hello).await;
    });
    let error = get(&Authority::new("Trusted").trusting_transport(), address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect);
    server.await.unwrap();
}
