//! Less than any app would do: bare hyper connections without a pool of hosts, timeouts or retries, and only those
//! members read that the model of anykey keeps.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;

use super::floor::{DodoKey, Validated};
use super::page::Page;
use crate::vendor::TOKEN;
use crate::{Fault, Vendor};

/// Connections that are free, most recently used last.
#[derive(Debug)]
pub struct Bare {
    address: String,
    free: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Bare {
    /// A client of the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { address: url.trim_start_matches("http://").to_owned(), free: Mutex::default() }
    }

    pub(super) async fn list(&self, vendor: Vendor) -> Result<usize, Fault> {
        let mut count = 0;
        loop {
            let request = Request::get(vendor.list_path(count));
            let body = self.send(request.body(Full::default())?).await?;
            let page = decode(vendor, &body)?;
            count += page.keys;
            if page.is_last(count) {
                return Ok(count);
            }
        }
    }

    pub(super) async fn validate(&self, vendor: Vendor) -> Result<bool, Fault> {
        let (path, body) = vendor.validation();
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        let answer = self.send(request.body(Full::from(body))?).await?;
        Ok(match vendor {
            Vendor::Dodo => serde_json::from_slice::<Validated>(&answer)?.valid,
            Vendor::Polar => serde_json::from_slice::<PolarKey<'_>>(&answer)?.status == "granted",
        })
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Bytes, Fault> {
        let headers = request.headers_mut();
        headers.insert(HOST, self.address.parse()?);
        headers.insert(ACCEPT, "application/json".parse()?);
        headers.insert(AUTHORIZATION, format!("Bearer {TOKEN}").parse()?);
        let free = self.free().pop();
        let mut sender = match free {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        if !answer.status().is_success() {
            return Err(answer.status().as_str().into());
        }
        let body = answer.into_body().collect().await?.to_bytes();
        self.free().push(sender);
        Ok(body)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Fault> {
        let socket = TcpStream::connect(&self.address).await?;
        socket.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<SendRequest<Full<Bytes>>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decodes a page.
///
/// # Errors
///
/// When it is none.
pub fn decode(vendor: Vendor, body: &[u8]) -> Result<Page, Fault> {
    match vendor {
        Vendor::Dodo => Page::of::<DodoKey<'_>>(body),
        Vendor::Polar => Page::of::<PolarKey<'_>>(body),
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarKey<'a> {
    id: &'a str,
    key: &'a str,
    status: &'a str,
    organization_id: &'a str,
    customer_id: &'a str,
    benefit_id: &'a str,
    limit_activations: Option<i64>,
    usage: i64,
    limit_usage: Option<i64>,
    created_at: &'a str,
    modified_at: Option<&'a str>,
    last_validated_at: Option<&'a str>,
    expires_at: Option<&'a str>,
}
