//! What happens to each request of a case.

use std::fmt;
use std::sync::Arc;

use anykey::async_trait;
use anykey_http::{HttpTransport, TransportError, TransportErrorKind};
use anykey_testkit::transport::{Answer, Fault, FaultyTransport, Rule};
use bytes::Bytes;
use serde_json::Value;

type Rewrite = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

#[derive(Clone)]
pub(crate) enum Trouble {
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

impl Trouble {
    pub(crate) fn answer(answer: Answer) -> Self {
        Self::Fault(Fault::Instead(answer))
    }

    pub(crate) fn edited(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Edited(Arc::new(edit))
    }

    pub(crate) fn rewritten(rewrite: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::Rewritten(Arc::new(rewrite))
    }

    /// The way to `vendor` with this trouble on it.
    pub(crate) fn on(&self, vendor: Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport> {
        match self {
            Self::None => vendor,
            Self::Fault(fault) => {
                let faulty = FaultyTransport::new(vendor);
                faulty.inject(Rule::always(fault.clone()));
                Arc::new(faulty)
            }
            trouble => Arc::new(Troubled { vendor, trouble: trouble.clone() }),
        }
    }
}

struct Troubled {
    vendor: Arc<dyn HttpTransport>,
    trouble: Trouble,
}

#[async_trait]
impl HttpTransport for Troubled {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if let Trouble::Broken(kind) = self.trouble {
            return Err(TransportError::new(kind));
        }
        let answer = self.vendor.send(request).await?;
        Ok(match &self.trouble {
            Trouble::Edited(edit) => answer.map(|body| match serde_json::from_slice::<Value>(&body) {
                Ok(mut json) => {
                    edit(&mut json);
                    json.to_string().into()
                }
                Err(_) => body,
            }),
            Trouble::Rewritten(rewrite) => answer.map(|body| rewrite(&body).into()),
            _ => answer,
        })
    }
}

impl fmt::Debug for Troubled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Troubled")
    }
}
