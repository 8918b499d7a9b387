//! hyper's pooled client and serde_json into borrowed structs of the whole record: what a careful app can do.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;

use super::page::Page;
use crate::vendor::TOKEN;
use crate::{Fault, Vendor};

/// hyper-util's client, with its pool of connections.
#[derive(Clone, Debug)]
pub struct Floor {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

impl Floor {
    /// A client of the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { client: Client::builder(TokioExecutor::new()).build(connector), url: url.to_owned() }
    }

    pub(super) async fn list(&self, vendor: Vendor) -> Result<usize, Fault> {
        let mut count = 0;
        loop {
            let request = Request::get(format!("{}{}", self.url, vendor.list_path(count)));
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
        let request = Request::post(format!("{}{path}", self.url)).header(CONTENT_TYPE, "application/json");
        let answer = self.send(request.body(Full::from(body))?).await?;
        Ok(match vendor {
            Vendor::Dodo => serde_json::from_slice::<Validated>(&answer)?.valid,
            Vendor::Polar => serde_json::from_slice::<PolarKey<'_>>(&answer)?.status == "granted",
        })
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Bytes, Fault> {
        let headers = request.headers_mut();
        headers.insert(ACCEPT, "application/json".parse()?);
        headers.insert(AUTHORIZATION, format!("Bearer {TOKEN}").parse()?);
        let answer = self.client.request(request).await?;
        if !answer.status().is_success() {
            return Err(answer.status().as_str().into());
        }
        Ok(answer.into_body().collect().await?.to_bytes())
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
pub(super) struct Validated {
    pub(super) valid: bool,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
pub(super) struct DodoKey<'a> {
    id: &'a str,
    key: &'a str,
    status: &'a str,
    business_id: &'a str,
    customer_id: &'a str,
    product_id: &'a str,
    payment_id: Option<&'a str>,
    subscription_id: Option<&'a str>,
    source: Option<&'a str>,
    instances_count: u64,
    activations_limit: Option<i64>,
    created_at: &'a str,
    expires_at: Option<&'a str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarKey<'a> {
    id: &'a str,
    created_at: &'a str,
    modified_at: Option<&'a str>,
    organization_id: &'a str,
    customer_id: &'a str,
    #[serde(borrow)]
    customer: PolarCustomer<'a>,
    benefit_id: &'a str,
    key: &'a str,
    display_key: &'a str,
    status: &'a str,
    limit_activations: Option<i64>,
    usage: i64,
    limit_usage: Option<i64>,
    validations: i64,
    last_validated_at: Option<&'a str>,
    expires_at: Option<&'a str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarCustomer<'a> {
    id: &'a str,
    created_at: &'a str,
    modified_at: Option<&'a str>,
    external_id: Option<&'a str>,
    email: &'a str,
    email_verified: bool,
    name: Option<&'a str>,
    billing_name: Option<&'a str>,
    #[serde(borrow)]
    billing_address: Option<PolarAddress<'a>>,
    organization_id: &'a str,
    avatar_url: Option<&'a str>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarAddress<'a> {
    line1: Option<&'a str>,
    line2: Option<&'a str>,
    postal_code: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    country: &'a str,
}
