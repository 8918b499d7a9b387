use crate::{ActivationLimit, CustomerId, Expiry, KeyCode, ProductId};

/// A key to create: an import of a code that the seller has, or a new key whose code the vendor makes.
///
/// Dodo imports codes and sends the customer no e-mail about it; Polar creates keys only through purchases.
///
/// ```
/// use anykey_core::{CreateRequest, KeyCode, Timestamp};
///
/// let end: Timestamp = "2027-06-01T00:00:00Z".parse().unwrap();
/// let import = CreateRequest::new(KeyCode::parse("AAAA-BBBB")?, "cus_1", "pdt_1");
/// let import = import.activation_limit(3).expiry(end);
/// let minted = CreateRequest::minted("pol_1").customer("usr_1");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateRequest {
    /// The code, which must not exist yet; `None` leaves it to the vendor and needs
    /// [`Capability::MintCode`](crate::Capability::MintCode).
    pub code: Option<KeyCode>,
    /// Who gets the key; `None` creates a key without a customer and needs
    /// [`Capability::MintCode`](crate::Capability::MintCode).
    pub customer: Option<CustomerId>,
    /// What the key is for.
    pub product: ProductId,
    /// How many seats it has; [`Unknown`](ActivationLimit::Unknown) leaves it to the vendor's product, policy or
    /// entitlement.
    pub activation_limit: ActivationLimit,
    /// When it ends; [`Unknown`](Expiry::Unknown) leaves it to the vendor's product, policy or entitlement.
    pub expiry: Expiry,
}

impl CreateRequest {
    /// An import of `code`, without limit and without end.
    pub fn new(code: KeyCode, customer: impl Into<CustomerId>, product: impl Into<ProductId>) -> Self {
        Self {
            code: Some(code),
            customer: Some(customer.into()),
            product: product.into(),
            activation_limit: ActivationLimit::Unlimited,
            expiry: Expiry::Never,
        }
    }

    /// A new key whose code, limit and expiry the vendor decides, without a customer.
    pub fn minted(product: impl Into<ProductId>) -> Self {
        Self {
            code: None,
            customer: None,
            product: product.into(),
            activation_limit: ActivationLimit::Unknown,
            expiry: Expiry::Unknown,
        }
    }

    /// Gives the key to `customer`.
    #[must_use]
    pub fn customer(mut self, customer: impl Into<CustomerId>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Sets how many seats the key has; a number is [`AtMost`](ActivationLimit::AtMost).
    #[must_use]
    pub fn activation_limit(mut self, limit: impl Into<ActivationLimit>) -> Self {
        self.activation_limit = limit.into();
        self
    }

    /// Sets when the key ends; an instant is [`At`](Expiry::At).
    #[must_use]
    pub fn expiry(mut self, expiry: impl Into<Expiry>) -> Self {
        self.expiry = expiry.into();
        self
    }
}
