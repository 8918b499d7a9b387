use anykey_core::{ActivationLimit, CustomerId, KeyCode, LicenseKeyId, ProductId, Timestamp};

/// A license key to issue, in terms that every vendor has.
///
/// The default is a key of the first product for the first customer, with three seats, without an end and
/// without a usage limit: every vendor has such keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssueSpec {
    /// Which of the two products it is for.
    pub product: Which,
    /// Which of the two customers gets it.
    pub customer: Which,
    /// How many seats it has. No vendor issues a key with [`ActivationLimit::Unknown`].
    pub activation_limit: ActivationLimit,
    /// When it expires; `None` is never, or with the subscription when there is one.
    pub expires_at: Option<Timestamp>,
    /// How much usage may be counted; `None` is no limit.
    pub usage_limit: Option<u64>,
    /// Whether it was bought by subscription and lives as long as that.
    pub by_subscription: bool,
    /// The key code; `None` is one that the vendor makes.
    pub code: Option<String>,
    /// Whether it is of the environment that the planes are not set to. Only a vendor that serves both environments on
    /// one host has such keys.
    pub other_environment: bool,
}

/// One of the two products, or of the two customers, that a simulated seller starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "two are enough to tell one from another")]
pub enum Which {
    /// The first one.
    First,
    /// The other one.
    Second,
}

impl Default for IssueSpec {
    fn default() -> Self {
        Self {
            product: Which::First,
            customer: Which::First,
            activation_limit: ActivationLimit::AtMost(3),
            expires_at: None,
            usage_limit: None,
            by_subscription: false,
            code: None,
            other_environment: false,
        }
    }
}

impl IssueSpec {
    /// The key that every vendor has; see the type.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For the given product.
    #[must_use]
    pub fn product(mut self, product: Which) -> Self {
        self.product = product;
        self
    }

    /// For the given customer.
    #[must_use]
    pub fn customer(mut self, customer: Which) -> Self {
        self.customer = customer;
        self
    }

    /// With this many seats.
    #[must_use]
    pub fn activation_limit(mut self, limit: ActivationLimit) -> Self {
        self.activation_limit = limit;
        self
    }

    /// Expiring at `at`.
    #[must_use]
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// With this usage limit.
    #[must_use]
    pub fn usage_limit(mut self, limit: u64) -> Self {
        self.usage_limit = Some(limit);
        self
    }

    /// With this key code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Of the environment that the planes are not set to.
    #[must_use]
    pub const fn other_environment(mut self) -> Self {
        self.other_environment = true;
        self
    }

    /// Bought by subscription.
    #[must_use]
    pub fn by_subscription(mut self) -> Self {
        self.by_subscription = true;
        self
    }
}

/// A license key that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The record's id.
    pub id: LicenseKeyId,
    /// What the customer types.
    pub code: KeyCode,
    /// The product that was sold.
    pub product: ProductId,
    /// The customer who bought it.
    pub customer: CustomerId,
}

impl IssuedKey {
    /// An issued key.
    pub fn new(
        id: impl Into<LicenseKeyId>,
        code: KeyCode,
        product: impl Into<ProductId>,
        customer: impl Into<CustomerId>,
    ) -> Self {
        Self { id: id.into(), code, product: product.into(), customer: customer.into() }
    }
}
