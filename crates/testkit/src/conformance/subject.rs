use std::sync::Arc;

use anykey_core::{
    ActivationLimit, CustomerId, KeyCode, LicenseKeyId, LicenseProvider, ManualClock, Operation, ProductId,
    RefusalReason, StatusChange, Timestamp, async_trait,
};

/// A provider under test, and the hands that the vendor's own back office has behind it.
///
/// The suite acts on the vendor in two ways: through the [`provider`](Self::provider), which it judges, and
/// through this trait, which it trusts. Each scenario gets a subject of its own: a vendor without any key,
/// with two products and two customers.
///
/// Turn pacing off in the provider and rate limits off in a simulator: a scenario sends up to a few dozen
/// requests in a row.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The provider to judge; each call may return the same one.
    fn provider(&self) -> Arc<dyn LicenseProvider>;

    /// Issues a key as the vendor's shop does when somebody buys; `None` when this vendor has no such keys,
    /// which the suite shows as a skip.
    ///
    /// Where the provider acts for one customer only, that one is [`Which::First`].
    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey>;

    /// Changes a key's status as the seller does in the vendor's dashboard; `None` when this vendor knows no
    /// such change, which the suite shows as a skip.
    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()>;

    /// The vendor's clock, which is also the provider's where that one reads the time. It stands on a whole
    /// second.
    fn clock(&self) -> &ManualClock;

    /// The reason that `operation` reports when the vendor refuses because of `cause`.
    ///
    /// The default is precise. A vendor that does not tell causes apart documents it here, one by one: Dodo's
    /// validation always reports [`Unspecified`](RefusalReason::Unspecified).
    fn told(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let _ = operation;
        cause
    }

    /// How many keys the vendor puts on one page at most.
    fn max_page_size(&self) -> u32 {
        100
    }

    /// Texts that were given to the provider and must never be printed, such as its API token. The issued
    /// codes are looked for anyway.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What sort of key the vendor's shop is to issue.
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
    /// How many seats it has; never [`ActivationLimit::Unknown`].
    pub activation_limit: ActivationLimit,
    /// When it ends; `None` is never, or with the subscription when there is one.
    pub expires_at: Option<Timestamp>,
    /// How much may be used; `None` is no limit.
    pub usage_limit: Option<u64>,
    /// Whether a subscription keeps it alive.
    pub by_subscription: bool,
}

/// One of two.
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

    /// With so many seats.
    #[must_use]
    pub fn activation_limit(mut self, limit: ActivationLimit) -> Self {
        self.activation_limit = limit;
        self
    }

    /// Ending at `at`.
    #[must_use]
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// With so much usage.
    #[must_use]
    pub fn usage_limit(mut self, limit: u64) -> Self {
        self.usage_limit = Some(limit);
        self
    }

    /// Kept alive by a subscription.
    #[must_use]
    pub fn by_subscription(mut self) -> Self {
        self.by_subscription = true;
        self
    }
}

/// A key that the vendor's shop issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// Names the record.
    pub id: LicenseKeyId,
    /// What the customer types.
    pub code: KeyCode,
    /// What was sold.
    pub product: ProductId,
    /// Who bought it.
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
