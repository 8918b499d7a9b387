use std::sync::Arc;

use anykey_core::Timestamp;

/// A seller's account.
pub(super) struct Seller {
    pub(super) id: String,
    /// The seller's own account as a buyer.
    pub(super) buyer: Arc<Buyer>,
}

/// An account that buys.
pub(super) struct Buyer {
    /// The account's id; `None` for a guest.
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) email: String,
}

/// A product that is sold with license keys.
pub(super) struct Product {
    pub(super) id: String,
    pub(super) seller: u64,
    pub(super) name: String,
    pub(super) permalink: String,
    pub(super) custom_permalink: Option<String>,
    /// Whether it was created after the day from which a verification needs the product's id.
    pub(super) is_recent: bool,
}

/// One payment: the first of a membership, a later one, or a single one.
pub(super) struct Sale {
    pub(super) number: u64,
    pub(super) id: String,
    pub(super) seller: u64,
    pub(super) product: u64,
    pub(super) buyer: Arc<Buyer>,
    pub(super) created_at: Timestamp,
    /// The license that the sale owns or renews.
    pub(super) license: Option<u64>,
    pub(super) subscription: Option<u64>,
    pub(super) is_renewal: bool,
    pub(super) is_test: bool,
    pub(super) refunded: bool,
    pub(super) disputed: bool,
    pub(super) dispute_won: bool,
    pub(super) access_revoked: bool,
    pub(super) price: u64,
    pub(super) quantity: u64,
    pub(super) is_multiseat: bool,
    pub(super) variant: Option<String>,
    /// The seller's own questions at the checkout, and the buyer's answers.
    pub(super) custom_fields: Vec<(String, String)>,
}

/// A customer that the seller imported with a license.
pub(super) struct ImportedCustomer {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) created_at: Timestamp,
}

/// What a license was handed out for.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    Sale(u64),
    Imported(u64),
}

pub(super) struct License {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) product: u64,
    pub(super) holder: Holder,
    pub(super) uses: u64,
    pub(super) disabled: bool,
}

/// A membership.
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) product: u64,
    pub(super) buyer: Arc<Buyer>,
    pub(super) created_at: Timestamp,
    /// The first payment, then the later ones.
    pub(super) sales: Vec<u64>,
    pub(super) license: u64,
    /// When the buyer or seller asked for the end.
    pub(super) requested_at: Option<Timestamp>,
    /// The end of the paid time; it may lie ahead.
    pub(super) cancelled_at: Option<Timestamp>,
    pub(super) failed_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
}

impl Subscription {
    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        self.failed_at.is_none() && self.ended_at.is_none() && self.cancelled_at.is_none_or(|at| at > now)
    }
}

/// An OAuth token of a seller.
pub(super) struct Token {
    pub(super) seller: u64,
    pub(super) scopes: Vec<super::Scope>,
}
