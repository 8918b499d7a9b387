//! The simulator behind a socket, as an installation of one account, which is what `keygen-rs` takes every host for
//! that is not `api.keygen.sh`.

use std::net::SocketAddr;

use anykey_core::{Clock, HttpTransport as _, Timestamp};
use anykey_keygen_sim::{IssuedLicense, KeygenSim, LicenseSpec, PolicySpec, Quirks};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, Response};
use keygen_rs::config::KeygenConfig;
use keygen_rs::license::License;
use tokio::net::TcpListener;

pub(crate) struct Vendor {
    pub(crate) sim: KeygenSim,
    pub(crate) product: String,
    pub(crate) policy: String,
    address: SocketAddr,
}

impl Vendor {
    pub(crate) async fn start() -> Self {
        Self::with_policy(PolicySpec { max_machines: Some(2), ..PolicySpec::default() }).await
    }

    pub(crate) async fn with_policy(spec: PolicySpec) -> Self {
        let mut quirks = Quirks::default();
        quirks.implied_account = true;
        quirks.signs_port = true;
        let sim = KeygenSim::builder(Clock::new(Timestamp::now)).quirks(quirks).build().unwrap();
        let product = sim.add_product("Editor Pro");
        let policy = sim.add_policy(&product, spec);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().fallback(answer).with_state(sim.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { sim, product, policy, address }
    }

    pub(crate) fn issue(&self) -> IssuedLicense {
        let spec = LicenseSpec { policy: Some(self.policy.clone()), ..LicenseSpec::default() };
        self.sim.issue(spec).unwrap()
    }

    /// A configuration without a credential, which verifies signatures.
    pub(crate) fn config(&self) -> KeygenConfig {
        KeygenConfig {
            api_url: format!("http://{}", self.address),
            account: self.sim.account_id().to_owned(),
            product: self.product.clone(),
            public_key: Some(self.sim.public_key()),
            ..KeygenConfig::default()
        }
    }

    /// The configuration of a device: the license key is its credential.
    pub(crate) fn device(&self, issued: &IssuedLicense) -> KeygenConfig {
        KeygenConfig { license_key: Some(issued.key.clone()), ..self.config() }
    }

    pub(crate) fn license(&self, issued: &IssuedLicense) -> License {
        let mut license = License::from_key(&issued.key).with_config(self.device(issued));
        license.id.clone_from(&issued.id);
        license
    }
}

async fn answer(State(sim): State<KeygenSim>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    sim.send(Request::from_parts(parts, body)).await.unwrap().map(Body::from)
}
