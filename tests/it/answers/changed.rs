//! A vendor of whose answers one is changed.

use std::fmt;
use std::sync::{Arc, Mutex};

use anykey::{HttpTransport, TransportError, async_trait};
use bytes::Bytes;
use serde_json::Value;

use super::listed::ErrorAnswer;

pub(super) enum Change {
    /// The members at these JSON pointers have these values, or are absent. The vendor's own answer has them, unless
    /// they may be new.
    Members { changes: Vec<(String, Option<Value>)>, may_be_new: bool },
    /// Another answer.
    Answer(http::Response<Bytes>),
}

/// Changes the answer to one request of a call, and to the same request sent again.
pub(super) struct ChangedTransport {
    vendor: Arc<dyn HttpTransport>,
    position: usize,
    change: Change,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    requests: usize,
    changed: Option<(http::Method, http::Uri, Bytes)>,
}

impl ChangedTransport {
    /// Changes the answer to the request at `position`.
    pub(super) fn new(vendor: Arc<dyn HttpTransport>, position: usize, change: Change) -> Self {
        Self { vendor, position, change, seen: Mutex::default() }
    }

    /// Whether there was such a request.
    pub(super) fn has_changed(&self) -> bool {
        self.seen.lock().unwrap().changed.is_some()
    }

    fn concerns(&self, request: &http::Request<Bytes>) -> bool {
        let this = (request.method().clone(), request.uri().clone(), request.body().clone());
        let mut seen = self.seen.lock().unwrap();
        if seen.requests == self.position {
            seen.changed = Some(this.clone());
        }
        seen.requests += 1;
        seen.changed == Some(this)
    }
}

#[async_trait]
impl HttpTransport for ChangedTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        match &self.change {
            _ if !self.concerns(&request) => self.vendor.send(request).await,
            Change::Answer(answer) => Ok(answer.clone()),
            Change::Members { changes, may_be_new } => {
                let answer = self.vendor.send(request).await?;
                Ok(answer.map(|body| edited(&body, changes, *may_be_new).into()))
            }
        }
    }
}

impl fmt::Debug for ChangedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangedTransport")
    }
}

impl Change {
    pub(super) fn answer(listed: &ErrorAnswer, word: &str) -> Self {
        let body = listed.body.replace("$WORD", word);
        let mut answer =
            http::Response::builder().status(listed.status).header("content-type", "application/json");
        for (name, value) in &listed.headers {
            answer = answer.header(name, value);
        }
        Self::Answer(answer.body(body.into()).unwrap())
    }
}

fn edited(body: &[u8], changes: &[(String, Option<Value>)], may_be_new: bool) -> String {
    let mut json: Value =
        serde_json::from_slice(body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(body)));
    for (at, value) in changes {
        let (parent, name) = at.rsplit_once('/').unwrap();
        let members = json.pointer_mut(parent).and_then(Value::as_object_mut);
        let Some(members) = members else { panic!("no object at {parent}: {json}") };
        assert!(may_be_new || members.contains_key(name), "no {name} at {parent}: {json}");
        match value {
            Some(value) => members.insert(name.to_owned(), value.clone()),
            None => members.remove(name),
        };
    }
    json.to_string()
}
