//! Consumer keys: the credentials of the API.

use std::collections::BTreeSet;
use std::fmt;

/// A consumer key of the API: who may do what.
///
/// The server checks the permission by the HTTP method first, then the endpoint, then the capability of the owner.
/// Since activating and deactivating are GET requests, a key that may only read takes and frees seats.
///
/// ```
/// use anykey_dlm_sim::{Consumer, Endpoint, Permission};
///
/// // The credential of an installed app: three endpoints, and an owner who may do no more.
/// let app = Consumer::new(format!("ck_{:040}", 1), format!("cs_{:040}", 2))
///     .permission(Permission::Read)
///     .endpoints(Endpoint::DEVICE)
///     .owner(Some(&Endpoint::DEVICE));
/// assert!(app.authorization().starts_with("Basic "));
/// assert!(!format!("{app:?}").contains("cs_"));
/// ```
///
/// `Debug` prints neither the key nor the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Consumer {
    /// The key, `ck_` and 40 hexadecimal digits.
    pub key: String,
    /// The secret, `cs_` and 40 hexadecimal digits.
    pub secret: String,
    /// The permission, which decides by HTTP method.
    pub permission: Permission,
    /// The endpoints that it may call. Any other answers with 500 and `dlm_rest_route_disabled_error`.
    pub endpoints: BTreeSet<Endpoint>,
    /// The capabilities of its owner; an endpoint without one answers with 403. `None` when the owner was deleted:
    /// every call answers with 401.
    pub owner: Option<BTreeSet<Endpoint>>,
}

/// What a consumer key may do, by HTTP method.
///
/// A call without the permission answers with 401, but without `WWW-Authenticate`, which distinguishes it from a wrong
/// credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the plugin has these three")]
pub enum Permission {
    /// GET and HEAD, which activate and deactivate too.
    Read,
    /// POST, PUT, PATCH and DELETE.
    Write,
    /// Both.
    ReadWrite,
}

/// A call of the API, as the settings of a consumer key list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the plugin has these")]
pub enum Endpoint {
    /// 010: list license keys.
    List,
    /// 011: read a license key.
    Get,
    /// 012: create a license key.
    Create,
    /// 013: change a license key.
    Update,
    /// 014: delete a license key.
    Delete,
    /// 015: activate a license key.
    Activate,
    /// 016: deactivate an activation.
    Deactivate,
    /// 017: read an activation.
    Validate,
    /// 022 to 027: the generators.
    Generators,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 9] = [
        Self::List,
        Self::Get,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Activate,
        Self::Deactivate,
        Self::Validate,
        Self::Generators,
    ];

    /// Those of an installed app: 015, 016 and 017.
    pub const DEVICE: [Self; 3] = [Self::Activate, Self::Deactivate, Self::Validate];
}

impl Consumer {
    /// A consumer key that may do everything. The texts are taken as they are; the plugin makes `ck_` and `cs_` with
    /// 40 hexadecimal digits.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        let all = BTreeSet::from(Endpoint::ALL);
        let (key, secret) = (key.into(), secret.into());
        Self { key, secret, permission: Permission::ReadWrite, endpoints: all.clone(), owner: Some(all) }
    }

    /// Limits it to a permission.
    #[must_use]
    pub const fn permission(mut self, permission: Permission) -> Self {
        self.permission = permission;
        self
    }

    /// Limits it to some endpoints.
    #[must_use]
    pub fn endpoints(mut self, endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        self.endpoints = endpoints.into_iter().collect();
        self
    }

    /// Limits what its owner may do; `None` for an owner who does not exist.
    #[must_use]
    pub fn owner(mut self, capabilities: Option<&[Endpoint]>) -> Self {
        self.owner = capabilities.map(|known| known.iter().copied().collect());
        self
    }

    /// The value of the header `Authorization`, HTTP Basic. The server also takes the pair as `consumer_key` and
    /// `consumer_secret` in the query, which wins over the header.
    #[must_use]
    pub fn authorization(&self) -> String {
        use base64::Engine as _;
        let pair = format!("{}:{}", self.key, self.secret);
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("permission", &self.permission)
            .field("endpoints", &self.endpoints)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}
