//! reqwest and typed structs of the whole record, in a loop over the pages.

use std::hint::black_box;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

use crate::vendor::TOKEN;
use crate::{Fault, Vendor};

/// A client with reqwest's own settings on rustls.
#[derive(Clone, Debug)]
pub struct Handwritten {
    client: Release,
    vendor: Vendor,
    url: String,
}

impl Handwritten {
    /// A client of the server at `url`.
    ///
    /// # Errors
    ///
    /// When reqwest cannot be set up.
    pub fn new(vendor: Vendor, url: &str) -> Result<Self, Fault> {
        let client = Release::Before(reqwest::Client::builder().use_rustls_tls().build()?);
        Ok(Self { client, vendor, url: url.to_owned() })
    }

    /// The same on the release that anykey is on.
    ///
    /// # Errors
    ///
    /// When reqwest cannot be set up.
    pub fn now(vendor: Vendor, url: &str) -> Result<Self, Fault> {
        // The server has no TLS, so no roots are needed.
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = reqwest_013::Client::builder().tls_backend_preconfigured(tls).build()?;
        Ok(Self { client: Release::Now(client), vendor, url: url.to_owned() })
    }

    pub(super) async fn list(&self) -> Result<usize, Fault> {
        let mut count = 0;
        loop {
            let body = self.client.get(&format!("{}{}", self.url, self.vendor.list_path(count))).await?;
            let (keys, last) = decode(self.vendor, &body)?;
            count += keys;
            if keys < 100 || last.is_some_and(|last| count.div_ceil(100) >= last) {
                return Ok(count);
            }
        }
    }

    pub(super) async fn validate(&self) -> Result<bool, Fault> {
        let (path, body) = self.vendor.validation();
        let body = self.client.post(&format!("{}{path}", self.url), body).await?;
        Ok(match self.vendor {
            Vendor::Dodo => serde_json::from_slice::<Validated>(&body)?.valid,
            Vendor::Polar => serde_json::from_slice::<PolarKey>(&body)?.status == "granted",
        })
    }
}

/// A client of one of reqwest's releases.
#[derive(Clone, Debug)]
enum Release {
    Before(reqwest::Client),
    Now(reqwest_013::Client),
}

impl Release {
    async fn get(&self, url: &str) -> Result<Bytes, Fault> {
        Ok(match self {
            Self::Before(client) => {
                client.get(url).bearer_auth(TOKEN).send().await?.error_for_status()?.bytes().await?
            }
            Self::Now(client) => {
                client.get(url).bearer_auth(TOKEN).send().await?.error_for_status()?.bytes().await?
            }
        })
    }

    async fn post(&self, url: &str, body: String) -> Result<Bytes, Fault> {
        const JSON: (&str, &str) = ("content-type", "application/json");
        Ok(match self {
            Self::Before(client) => {
                let request = client.post(url).header(JSON.0, JSON.1).body(body);
                request.bearer_auth(TOKEN).send().await?.error_for_status()?.bytes().await?
            }
            Self::Now(client) => {
                let request = client.post(url).header(JSON.0, JSON.1).body(body);
                request.bearer_auth(TOKEN).send().await?.error_for_status()?.bytes().await?
            }
        })
    }
}

/// Decodes a page: how many keys it has, and the last page's number where the vendor tells.
///
/// # Errors
///
/// When it is none.
pub fn decode(vendor: Vendor, body: &[u8]) -> Result<(usize, Option<usize>), Fault> {
    match vendor {
        Vendor::Dodo => {
            let page = black_box(serde_json::from_slice::<Page<DodoKey>>(body)?);
            Ok((page.items.len(), None))
        }
        Vendor::Polar => {
            let page = black_box(serde_json::from_slice::<Page<PolarKey>>(body)?);
            Ok((page.items.len(), page.pagination.map(|pagination| pagination.max_page)))
        }
    }
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    max_page: usize,
}

#[derive(Deserialize)]
struct Validated {
    valid: bool,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct DodoKey {
    id: String,
    business_id: String,
    customer_id: String,
    product_id: String,
    key: String,
    status: String,
    source: Option<String>,
    activations_limit: Option<i64>,
    instances_count: i64,
    payment_id: Option<String>,
    subscription_id: Option<String>,
    created_at: jiff::Timestamp,
    expires_at: Option<jiff::Timestamp>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarKey {
    id: String,
    created_at: jiff::Timestamp,
    modified_at: Option<jiff::Timestamp>,
    organization_id: String,
    customer_id: String,
    customer: PolarCustomer,
    benefit_id: String,
    key: String,
    display_key: String,
    status: String,
    limit_activations: Option<i64>,
    usage: i64,
    limit_usage: Option<i64>,
    validations: i64,
    last_validated_at: Option<jiff::Timestamp>,
    expires_at: Option<jiff::Timestamp>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarCustomer {
    id: String,
    created_at: jiff::Timestamp,
    modified_at: Option<jiff::Timestamp>,
    external_id: Option<String>,
    email: String,
    email_verified: bool,
    name: Option<String>,
    billing_name: Option<String>,
    billing_address: Option<PolarAddress>,
    organization_id: String,
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be there, as in an app")]
struct PolarAddress {
    line1: Option<String>,
    line2: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    state: Option<String>,
    country: String,
}
