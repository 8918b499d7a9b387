use anykey_core::{
    ActivationLimit, CustomerId, Expiry, KeyCode, LicenseKeyId, LicenseStatus, ProductId, Timestamp,
};

/// A license key as it is in a simulator's own records; see [`SimulatedVendor::keys`](crate::SimulatedVendor::keys).
///
/// It is not read through the vendor's API, so faults, credentials and what the API leaves out do not affect it.
/// `Debug` masks the key code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyRecord {
    /// The record's id, as the methods of [`SimulatedVendor`](crate::SimulatedVendor) take it.
    pub id: LicenseKeyId,
    /// The current key code.
    pub code: KeyCode,
    /// The product's id.
    pub product: ProductId,
    /// The product's name; `None` at a vendor that keeps none.
    pub product_name: Option<String>,
    /// The customer's id; `None` for a key without a customer.
    pub customer: Option<CustomerId>,
    /// The customer's name; `None` at a vendor that keeps none.
    pub customer_name: Option<String>,
    /// The status now in the vendor's own word, such as `granted`.
    pub vendor_status: String,
    /// The same status in terms that are common to all vendors.
    pub status: LicenseStatus,
    /// The number of seats. [`ActivationLimit::NotAllowed`] at a vendor without seats.
    pub activation_limit: ActivationLimit,
    /// How often the key was used; `None` at a vendor that does not count it.
    pub usage: Option<u64>,
    /// The usage limit; `None` for no limit.
    pub usage_limit: Option<u64>,
    /// When the key ends.
    pub expiry: Expiry,
    /// When it was issued.
    pub created_at: Timestamp,
}

impl KeyRecord {
    /// A key in force for life, without customer, seats and usage.
    pub fn new(
        id: impl Into<LicenseKeyId>,
        code: KeyCode,
        product: impl Into<ProductId>,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id: id.into(),
            code,
            product: product.into(),
            product_name: None,
            customer: None,
            customer_name: None,
            vendor_status: String::new(),
            status: LicenseStatus::Active,
            activation_limit: ActivationLimit::NotAllowed,
            usage: None,
            usage_limit: None,
            expiry: Expiry::Never,
            created_at,
        }
    }

    /// Sets the product's name.
    #[must_use]
    pub fn product_name(mut self, name: Option<String>) -> Self {
        self.product_name = name;
        self
    }

    /// Sets the customer.
    #[must_use]
    pub fn customer(mut self, id: impl Into<CustomerId>, name: Option<String>) -> Self {
        self.customer = Some(id.into());
        self.customer_name = name;
        self
    }

    /// Sets the status: the vendor's word and what it means.
    #[must_use]
    pub fn status(mut self, word: impl Into<String>, status: LicenseStatus) -> Self {
        self.vendor_status = word.into();
        self.status = status;
        self
    }

    /// Sets the number of seats.
    #[must_use]
    pub const fn activation_limit(mut self, limit: ActivationLimit) -> Self {
        self.activation_limit = limit;
        self
    }

    /// Sets how often the key was used and how often it may be.
    #[must_use]
    pub const fn usage(mut self, used: u64, limit: Option<u64>) -> Self {
        self.usage = Some(used);
        self.usage_limit = limit;
        self
    }

    /// Sets the expiry: the date `at`, or else the end of the subscription or none.
    #[must_use]
    pub const fn expiry(mut self, at: Option<Timestamp>, has_subscription: bool) -> Self {
        self.expiry = match at {
            Some(at) => Expiry::At(at),
            None if has_subscription => Expiry::FollowsSubscription,
            None => Expiry::Never,
        };
        self
    }
}
