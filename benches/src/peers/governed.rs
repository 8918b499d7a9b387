//! Our listing, paced by `governor` instead of by our own pacer.

use std::sync::Arc;
use std::time::Duration;

use anykey_http::{HttpTransport, ReqwestTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Waits until every limiter lets a request through.
#[derive(Debug)]
pub struct Governed {
    limiters: Vec<DefaultDirectRateLimiter>,
    transport: ReqwestTransport,
}

impl Governed {
    /// Keeps to `limits`, of requests in milliseconds, so that no window of a limit's length ever holds more than
    /// it allows: the part `1 / at_once` of a limit comes at once, and the rest evenly, which is what a leaky bucket
    /// can do.
    #[must_use]
    pub fn new(limits: &[(u32, u64)], at_once: u32) -> Arc<Self> {
        let limiters = limits.iter().filter_map(|(requests, milliseconds)| {
            let burst = (requests / at_once).max(1);
            let each = Duration::from_millis(*milliseconds) / requests.checked_sub(burst)?;
            Some(RateLimiter::direct(Quota::with_period(each)?.allow_burst(burst.try_into().ok()?)))
        });
        Arc::new(Self { limiters: limiters.collect(), transport: ReqwestTransport::default() })
    }
}

#[async_trait]
impl HttpTransport for Governed {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        for limiter in &self.limiters {
            limiter.until_ready().await;
        }
        self.transport.send(request).await
    }
}
