use std::collections::BTreeSet;
use std::fmt;

/// A consumer key of the API: who may do what.
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
    /// The endpoints that it may call; the others answer that they are disabled.
    pub endpoints: BTreeSet<Endpoint>,
    /// What its owner may do. `None` when the owner does not exist any more.
    pub owner: Option<BTreeSet<Endpoint>>,
}

/// What a consumer key may do, by HTTP method.
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

    /// Those of an installed app.
    pub const DEVICE: [Self; 3] = [Self::Activate, Self::Deactivate, Self::Validate];
}

impl Consumer {
    /// A consumer key that may do everything.
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

    /// The value of the header `Authorization`.
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
