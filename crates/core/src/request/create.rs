use jiff::Timestamp;

use crate::{ActivationLimit, CustomerId, KeyCode, ProductId};

/// A key to create with a code of the seller's own: an import.
///
/// Dodo sends the customer no e-mail about it; Polar creates keys only through purchases.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateRequest {
    /// The code; must not exist yet.
    pub code: KeyCode,
    /// Who gets the key.
    pub customer: CustomerId,
    /// What the key is for.
    pub product: ProductId,
    /// How many seats it has; `None` is unlimited.
    pub activation_limit: Option<u64>,
    /// When it ends; `None` is never.
    pub expires_at: Option<Timestamp>,
}

impl CreateRequest {
    /// A key without limit and without end.
    pub fn new(code: KeyCode, customer: impl Into<CustomerId>, product: impl Into<ProductId>) -> Self {
        Self {
            code,
            customer: customer.into(),
            product: product.into(),
            activation_limit: None,
            expires_at: None,
        }
    }

    /// Gives the key at most `limit` seats.
    #[must_use]
    pub fn activation_limit(mut self, limit: u64) -> Self {
        self.activation_limit = Some(limit);
        self
    }

    /// Ends the key at `at`.
    #[must_use]
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// The limit as the record will show it.
    #[must_use]
    pub fn limit(&self) -> ActivationLimit {
        self.activation_limit.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost)
    }
}
