use std::fmt;

use anykey_core::{
    ActivationLimit, CustomerId, EmailAddress, ExternalCustomerId, KeyCode, LicenseKeyId, ProductId,
    SignedDuration, Timestamp,
};

/// A license key to issue, in terms that are common to all vendors.
///
/// The default is a key of the first product for the first customer, with three seats, without expiry and without a
/// usage limit. Every vendor supports it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssueSpec {
    /// The product.
    pub product: Which,
    /// The customer.
    pub customer: Which,
    /// The number of seats. No vendor issues a key with [`ActivationLimit::Unknown`].
    pub activation_limit: ActivationLimit,
    /// When the key expires; `None` for never, or with the subscription if there is one.
    pub expires_at: Option<Timestamp>,
    /// The usage limit; `None` for no limit.
    pub usage_limit: Option<u64>,
    /// How long a seat lasts without renewal; `None` for seats that do not end. Only a vendor whose seats end issues
    /// other keys.
    pub seat_lifetime: Option<SignedDuration>,
    /// Whether the key follows a subscription.
    pub by_subscription: bool,
    /// The key code; `None` for one that the vendor generates.
    pub code: Option<String>,
    /// Whether the key belongs to the environment that the planes are not configured for. Only a vendor that serves
    /// both environments on one host has such keys.
    pub other_environment: bool,
}

/// One of the two products, or of the two customers, that a simulated seller starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "two are enough to tell one from another")]
pub enum Which {
    /// The first one.
    First,
    /// The second one.
    Second,
}

impl Which {
    /// The chosen one of two.
    ///
    /// ```
    /// use anykey_sim_kit::Which;
    ///
    /// assert_eq!(Which::Second.of(&["Editor Pro", "Viewer"]), &"Viewer");
    /// ```
    #[must_use]
    pub const fn of<T>(self, [first, second]: &[T; 2]) -> &T {
        match self {
            Self::First => first,
            Self::Second => second,
        }
    }
}

impl Default for IssueSpec {
    fn default() -> Self {
        Self {
            product: Which::First,
            customer: Which::First,
            activation_limit: ActivationLimit::AtMost(3),
            expires_at: None,
            usage_limit: None,
            seat_lifetime: None,
            by_subscription: false,
            code: None,
            other_environment: false,
        }
    }
}

impl IssueSpec {
    /// The default key; see the type.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the product.
    #[must_use]
    pub fn product(mut self, product: Which) -> Self {
        self.product = product;
        self
    }

    /// Sets the customer.
    #[must_use]
    pub fn customer(mut self, customer: Which) -> Self {
        self.customer = customer;
        self
    }

    /// Sets the number of seats.
    #[must_use]
    pub fn activation_limit(mut self, limit: ActivationLimit) -> Self {
        self.activation_limit = limit;
        self
    }

    /// The seats as vendors store them, `Some(None)` for no limit. `None` for a key without seats, and for one whose
    /// limit is unknown.
    ///
    /// ```
    /// use anykey_core::ActivationLimit;
    /// use anykey_sim_kit::IssueSpec;
    ///
    /// let seats = |limit| IssueSpec::new().activation_limit(limit).seats();
    /// assert_eq!(seats(ActivationLimit::AtMost(2)), Some(Some(2)));
    /// assert_eq!(seats(ActivationLimit::Unlimited), Some(None));
    /// assert_eq!(seats(ActivationLimit::NotAllowed), None);
    /// ```
    #[must_use]
    pub const fn seats(&self) -> Option<Option<u64>> {
        match self.activation_limit {
            ActivationLimit::AtMost(limit) => Some(Some(limit)),
            ActivationLimit::Unlimited => Some(None),
            _ => None,
        }
    }

    /// Sets the expiry.
    #[must_use]
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Sets the usage limit.
    #[must_use]
    pub fn usage_limit(mut self, limit: u64) -> Self {
        self.usage_limit = Some(limit);
        self
    }

    /// Sets the key code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Puts the key in the environment that the planes are not configured for.
    #[must_use]
    pub const fn other_environment(mut self) -> Self {
        self.other_environment = true;
        self
    }

    /// Makes the key's seats end after `lifetime` unless they are renewed.
    #[must_use]
    pub const fn seat_lifetime(mut self, lifetime: SignedDuration) -> Self {
        self.seat_lifetime = Some(lifetime);
        self
    }

    /// Makes the key follow a subscription.
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
    /// The key code.
    pub code: KeyCode,
    /// The product's id.
    pub product: ProductId,
    /// The customer's id.
    pub customer: CustomerId,
    /// The address that the customer bought with; `None` at a vendor that keeps none.
    pub email: Option<EmailAddress>,
    /// The seller's own id of the customer; `None` at a vendor that keeps none.
    pub external_customer: Option<ExternalCustomerId>,
}

impl IssuedKey {
    /// An issued key with these ids.
    pub fn new(
        id: impl Into<LicenseKeyId>,
        code: KeyCode,
        product: impl Into<ProductId>,
        customer: impl Into<CustomerId>,
    ) -> Self {
        Self {
            id: id.into(),
            code,
            product: product.into(),
            customer: customer.into(),
            email: None,
            external_customer: None,
        }
    }

    /// Adds the address that the customer bought with. A text that is no address counts as none.
    #[must_use]
    pub fn with_email(mut self, address: &str) -> Self {
        self.email = EmailAddress::parse(address).ok();
        self
    }

    /// Adds the seller's own id of the customer.
    #[must_use]
    pub fn with_external_customer(mut self, id: impl Into<String>) -> Self {
        self.external_customer = Some(ExternalCustomerId::new(id));
        self
    }
}

/// The error for a key code that exists already, where the vendor allows every code once, whoever sells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "simulators return it")]
pub struct KeyTaken;

impl fmt::Display for KeyTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key code already exists")
    }
}

impl std::error::Error for KeyTaken {}
