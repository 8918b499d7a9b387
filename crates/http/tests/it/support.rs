use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use anykey_http::{
    ApiClient, ApiClientBuilder, HttpTransport, TransportError, TransportErrorKind, async_trait,
};
use bytes::Bytes;
use tokio::time::Instant;

/// What the scripted vendor does with the next request.
pub enum Step {
    Answer(http::Response<Bytes>),
    Fail(TransportErrorKind),
    Hang,
}

/// A transport that plays a script and keeps what it was sent, and when.
#[derive(Default)]
pub struct Script {
    steps: Mutex<VecDeque<Step>>,
    pub sent: Mutex<Vec<(Instant, http::Request<Bytes>)>>,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self { steps: Mutex::new(steps.into_iter().collect()), sent: Mutex::default() })
    }

    pub fn builder(self: &Arc<Self>) -> ApiClientBuilder {
        ApiClient::builder("acme", "https://api.acme.test/v1".parse().unwrap(), self.clone())
    }

    pub fn client(self: &Arc<Self>) -> ApiClient {
        self.builder().build().unwrap()
    }

    pub fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    pub fn times(&self) -> Vec<Instant> {
        self.sent.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    pub fn request(&self, index: usize) -> http::Request<Bytes> {
        self.sent.lock().unwrap()[index].1.clone()
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

#[async_trait]
impl HttpTransport for Script {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.sent.lock().unwrap().push((Instant::now(), request));
        let step = self.steps.lock().unwrap().pop_front();
        match step.expect("more requests than the script has steps") {
            Step::Answer(response) => Ok(response),
            Step::Fail(kind) => Err(TransportError::new(kind)),
            Step::Hang => std::future::pending().await,
        }
    }
}

pub fn status(status: u16) -> Step {
    answer(status, &[], "")
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Step {
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    Step::Answer(builder.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

pub fn json(body: &str) -> Step {
    answer(200, &[("content-type", "application/json")], body)
}
