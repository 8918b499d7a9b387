//! What is injected between a provider and its simulated vendor.

use std::fmt;
use std::sync::{Arc, Mutex};

use anykey::async_trait;
use anykey_http::{HttpTransport, TransportError, TransportErrorKind};
use anykey_testkit::transport::{Answer, Fault, FaultyTransport, Rule};
use bytes::Bytes;
use serde_json::Value;

type Rewrite = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

#[derive(Clone)]
pub(crate) enum Injected {
    /// Nothing.
    None,
    /// A fault of the test kit.
    Fault(Fault),
    /// The transport fails; the vendor sees nothing.
    Broken(TransportErrorKind),
    /// The vendor's own JSON, edited on its way.
    Edited(Arc<dyn Fn(&mut Value) + Send + Sync>),
    /// The vendor's own body, rewritten on its way.
    Rewritten(Arc<Rewrite>),
}

impl Injected {
    pub(crate) fn answer(answer: Answer) -> Self {
        Self::Fault(Fault::Instead(answer))
    }

    pub(crate) fn edited(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Edited(Arc::new(edit))
    }

    pub(crate) fn rewritten(rewrite: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::Rewritten(Arc::new(rewrite))
    }

    /// Changes nothing, and keeps the body of the last answer.
    pub(crate) fn spy() -> (Self, Arc<Mutex<Vec<u8>>>) {
        let last = Arc::new(Mutex::new(Vec::new()));
        let keep = last.clone();
        let spy = Self::rewritten(move |body| {
            *keep.lock().unwrap() = body.to_vec();
            body.to_vec()
        });
        (spy, last)
    }

    /// A transport to `vendor` with this between.
    pub(crate) fn on(&self, vendor: Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport> {
        match self {
            Self::None => vendor,
            Self::Fault(fault) => {
                let faulty = FaultyTransport::new(vendor);
                faulty.inject(Rule::always(fault.clone()));
                Arc::new(faulty)
            }
            injected => Arc::new(InjectedTransport { vendor, injected: injected.clone() }),
        }
    }
}

struct InjectedTransport {
    vendor: Arc<dyn HttpTransport>,
    injected: Injected,
}

#[async_trait]
impl HttpTransport for InjectedTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if let Injected::Broken(kind) = self.injected {
            return Err(TransportError::new(kind));
        }
        let answer = self.vendor.send(request).await?;
        Ok(match &self.injected {
            Injected::Edited(edit) => answer.map(|body| match serde_json::from_slice::<Value>(&body) {
                Ok(mut json) => {
                    edit(&mut json);
                    json.to_string().into()
                }
                Err(_) => body,
            }),
            Injected::Rewritten(rewrite) => answer.map(|body| rewrite(&body).into()),
            _ => answer,
        })
    }
}

impl fmt::Debug for InjectedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InjectedTransport")
    }
}
