//! A vendor's address as a configuration has it.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};
use url::Url;

use crate::place::shown;

/// The base URL of a vendor's API, as the field `base_url` of an adapter's configuration holds it.
///
/// `Debug` prints scheme, host and port only, and no error repeats what was read: a URL may carry a password or a
/// token in its user information, its path or its query.
///
/// ```
/// use anykey_http::BaseUrl;
///
/// let url: BaseUrl = "https://user:secret@api.acme.test/v1?token=secret".parse()?;
/// assert_eq!(format!("{url:?}"), "https://api.acme.test");
/// assert_eq!(url.as_url().path(), "/v1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is any URL here; [`ApiClientBuilder::build`](crate::ApiClientBuilder::build) decides whether requests may go
/// there.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The URL in full. Do not print it.
    #[must_use]
    pub const fn as_url(&self) -> &Url {
        &self.0
    }
}

impl From<Url> for BaseUrl {
    fn from(url: Url) -> Self {
        Self(url)
    }
}

impl From<BaseUrl> for Url {
    fn from(url: BaseUrl) -> Self {
        url.0
    }
}

impl FromStr for BaseUrl {
    type Err = url::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Url::parse(text).map(Self)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| {
            D::Error::invalid_value(
                Unexpected::Other("another text"),
                &"a URL such as https://api.example.com",
            )
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for BaseUrl {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "BaseUrl".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "title": "Base URL", "type": "string", "format": "uri" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_an_error_repeats_what_was_read() {
        let url: BaseUrl =
            serde_json::from_str(r#""https://u:planted@api.acme.test:8443/planted?k=planted#planted""#)
                .unwrap();
        assert_eq!(format!("{:?}", Some(&url)), "Some(https://api.acme.test:8443)");
        assert_eq!(url.as_url().query(), Some("k=planted"));
        for wrong in [r#""planted""#, r#""https://planted host""#] {
            let error = serde_json::from_str::<BaseUrl>(wrong).unwrap_err().to_string();
            assert!(!error.contains("planted") && error.contains("expected a URL"), "{error}");
        }
    }
}
