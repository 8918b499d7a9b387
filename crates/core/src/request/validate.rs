use crate::{ActivationId, CustomerId, KeyCode, Metadata, ProductId};

/// "Is this key good?", perhaps for this device, product and customer.
///
/// Send the activation as soon as there is one: without it no vendor looks at seats, so a key that
/// was deactivated on this device still validates.
///
/// ```
/// use anykey_core::{KeyCode, ValidateRequest};
///
/// let request = ValidateRequest::new(KeyCode::parse("AAAA-BBBB")?).activation("act_1");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ValidateRequest {
    /// The code that the customer typed.
    pub code: KeyCode,
    /// The device's seat; `None` asks about the key alone, which needs
    /// [`Capability::ValidateWithoutSeat`](crate::Capability::ValidateWithoutSeat).
    pub activation: Option<ActivationId>,
    /// The product that the key must be for; `None` accepts any of the products that the configuration allows.
    pub product: Option<ProductId>,
    /// The customer that the key must belong to; `None` accepts any.
    pub customer: Option<CustomerId>,
    /// How much usage to count. 0, the default, counts nothing and does not look at the usage limit. A
    /// counted validation is sent once: it is never repeated after a lost answer.
    pub increment_usage: u64,
    /// The conditions that the activation was made with, the whole map; not looked at without an
    /// activation.
    pub conditions: Metadata,
    /// Whether a valid answer shall come with the vendor's [proof](crate::Validation::proof), which may take the
    /// provider another request. Needs [`Capability::OfflineProof`](crate::Capability::OfflineProof) unless `false`.
    pub offline_proof: bool,
}

impl ValidateRequest {
    /// Asks about the key alone.
    #[must_use]
    pub const fn new(code: KeyCode) -> Self {
        Self {
            code,
            activation: None,
            product: None,
            customer: None,
            increment_usage: 0,
            conditions: Metadata::new(),
            offline_proof: false,
        }
    }

    /// Asks for the device that holds this seat.
    #[must_use]
    pub fn activation(mut self, activation: impl Into<ActivationId>) -> Self {
        self.activation = Some(activation.into());
        self
    }

    /// Requires the key to be for `product`.
    #[must_use]
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.product = Some(product.into());
        self
    }

    /// Requires the key to belong to `customer`.
    #[must_use]
    pub fn customer(mut self, customer: impl Into<CustomerId>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Counts `amount` of usage if the key is good.
    #[must_use]
    pub fn increment_usage(mut self, amount: u64) -> Self {
        self.increment_usage = amount;
        self
    }

    /// Sends the conditions that the activation was made with.
    #[must_use]
    pub fn conditions(mut self, conditions: Metadata) -> Self {
        self.conditions = conditions;
        self
    }

    /// Asks for the vendor's proof beside a valid answer.
    #[must_use]
    pub const fn offline_proof(mut self) -> Self {
        self.offline_proof = true;
        self
    }
}
