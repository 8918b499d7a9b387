//! The crates that the vendors offer.

use std::hint::black_box;

use dodopayments::models::{LicenseKey, LicensesValidateParams};
use dodopayments::{Client, ClientConfig};
use futures_util::TryStreamExt;
use polar_sh::Resources;
use polar_sh::operations::LicenseKeysListParams;
use polar_sh::types::{LicenseKeyStatus, LicenseKeyValidate, ListResourceLicenseKeyRead};
use serde::Deserialize;

use crate::Fault;
use crate::vendor::{CODE, ORGANIZATION, TOKEN};

/// `dodopayments`.
#[derive(Clone, Debug)]
pub struct Dodo(Client);

impl Dodo {
    /// A client of the server at `url`.
    ///
    /// # Errors
    ///
    /// When the crate cannot be set up.
    pub fn new(url: &str) -> Result<Self, Fault> {
        Ok(Self(Client::new(ClientConfig::new(url).with_api_key(TOKEN))?))
    }

    pub(super) async fn list(&self) -> Result<usize, Fault> {
        let query = serde_json::json!({ "page_size": 100, "page_number": 0 });
        let first = self.0.license_keys().list().query(query).send().await?;
        let mut keys = std::pin::pin!(first.into_stream());
        let mut count = 0;
        while let Some(key) = keys.try_next().await? {
            black_box(&key);
            count += 1;
        }
        Ok(count)
    }

    pub(super) async fn validate(&self) -> Result<bool, Fault> {
        let body =
            LicensesValidateParams { license_key: Some(CODE.to_owned()), license_key_instance_id: None };
        Ok(self.0.licenses().validate().body(body).send().await?.valid)
    }
}

/// `polar-sh`.
#[derive(Clone)]
pub struct Polar(polar_sh::Polar);

impl Polar {
    /// A client of the server at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self(polar_sh::Polar::builder(TOKEN).base_url(url).build())
    }

    pub(super) async fn list(&self) -> Result<usize, Fault> {
        let params = LicenseKeysListParams {
            limit: Some(100),
            organization_id: Some(ORGANIZATION.to_owned()),
            ..LicenseKeysListParams::default()
        };
        let resource = self.0.license_keys();
        let mut keys = std::pin::pin!(resource.list_stream(&params));
        let mut count = 0;
        while let Some(key) = keys.try_next().await? {
            black_box(&key);
            count += 1;
        }
        Ok(count)
    }

    pub(super) async fn validate(&self) -> Result<bool, Fault> {
        let body = LicenseKeyValidate {
            activation_id: None,
            benefit_id: None,
            conditions: None,
            customer_id: None,
            increment_usage: None,
            key: CODE.to_owned(),
            organization_id: ORGANIZATION.to_owned(),
        };
        let answer = self.0.license_keys().validate(&body).await?;
        Ok(matches!(answer.status, LicenseKeyStatus::Granted))
    }
}

impl std::fmt::Debug for Polar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Polar")
    }
}

/// Decodes a page into the types of `dodopayments`.
///
/// # Errors
///
/// When it is none.
pub fn decode_dodo(body: &[u8]) -> Result<usize, Fault> {
    #[derive(Deserialize)]
    struct Page {
        items: Vec<LicenseKey>,
    }
    Ok(black_box(serde_json::from_slice::<Page>(body)?).items.len())
}

/// Decodes a page into the types of `polar-sh`.
///
/// # Errors
///
/// When it is none.
pub fn decode_polar(body: &[u8]) -> Result<usize, Fault> {
    Ok(black_box(serde_json::from_slice::<ListResourceLicenseKeyRead>(body)?).items.len())
}
