//! What the simulated vendor stores.
//!
//! Records refer to each other by number, which no answer contains; ids are what the API shows. Source of every member:
//! the server's code, November 2026.

use std::sync::Arc;

use anykey_core::Timestamp;

/// A seller's account.
pub(super) struct Seller {
    /// The seller's id, in every purchase.
    pub(super) id: String,
    /// The seller's own account as a buyer.
    pub(super) buyer: Arc<Buyer>,
}

/// An account that buys.
pub(super) struct Buyer {
    /// The account's id; `None` for a guest.
    pub(super) id: Option<String>,
    /// The name; empty if the buyer gave none.
    pub(super) name: String,
    /// The e-mail address, which everyone with the key code can read.
    pub(super) email: String,
}

/// A product that is sold with license keys.
pub(super) struct Product {
    /// The id that verifications need, which ends in `==`.
    pub(super) id: String,
    /// The seller's number.
    pub(super) seller: u64,
    /// The name, which answers contain.
    pub(super) name: String,
    /// The short name in URLs.
    pub(super) permalink: String,
    /// Another short name, chosen by the seller.
    pub(super) custom_permalink: Option<String>,
    /// Whether it was created after the day from which a verification needs the product's id.
    pub(super) is_recent: bool,
}

/// One payment: the first of a membership, a later one, or a single one.
pub(super) struct Sale {
    /// The number, in the order of sales; lists continue by it.
    pub(super) number: u64,
    /// The id, which does not change when the code is rotated.
    pub(super) id: String,
    /// The seller's number.
    pub(super) seller: u64,
    /// The product's number.
    pub(super) product: u64,
    /// Who paid.
    pub(super) buyer: Arc<Buyer>,
    /// When it was paid.
    pub(super) created_at: Timestamp,
    /// The license that the sale owns or renews.
    pub(super) license: Option<u64>,
    /// The membership's number; `None` for a single purchase.
    pub(super) subscription: Option<u64>,
    /// Whether it is a later payment of a membership, which owns no license of its own.
    pub(super) is_renewal: bool,
    /// Whether the seller bought from itself.
    pub(super) is_test: bool,
    /// Whether the whole price was paid back.
    pub(super) refunded: bool,
    /// Whether the payment was disputed; it stays after a dispute that the seller won.
    pub(super) disputed: bool,
    /// Whether the seller won the dispute.
    pub(super) dispute_won: bool,
    /// Whether the seller revoked the access, which only a verification shows.
    pub(super) access_revoked: bool,
    /// The price in cents.
    pub(super) price: u64,
    /// How many were bought; seats of a license for several.
    pub(super) quantity: u64,
    /// Whether the license is one for several.
    pub(super) is_multiseat: bool,
    /// The chosen version of the product.
    pub(super) variant: Option<String>,
    /// The seller's own questions at the checkout, and the buyer's answers.
    pub(super) custom_fields: Vec<(String, String)>,
}

/// A customer that the seller imported with a license.
pub(super) struct ImportedCustomer {
    /// The id, which stands in the place of a sale's.
    pub(super) id: String,
    /// The e-mail address.
    pub(super) email: String,
    /// When the seller imported the customer.
    pub(super) created_at: Timestamp,
}

/// What a license was handed out for.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    /// A sale, by its number.
    Sale(u64),
    /// An imported customer, by number.
    Imported(u64),
}

/// A license. Gumroad keeps nothing else of it: no status, no limit and no end.
pub(super) struct License {
    /// The id, which sales show as `license_id`.
    pub(super) id: String,
    /// The key code; a rotation replaces it.
    pub(super) key: String,
    /// The product's number.
    pub(super) product: u64,
    /// What it was handed out for.
    pub(super) holder: Holder,
    /// The use counter, which every verification raises unless told not to.
    pub(super) uses: u64,
    /// Whether the seller disabled it.
    pub(super) disabled: bool,
}

/// A membership.
pub(super) struct Subscription {
    /// The membership's id.
    pub(super) id: String,
    /// The product's number.
    pub(super) product: u64,
    /// Who pays.
    pub(super) buyer: Arc<Buyer>,
    /// When it began.
    pub(super) created_at: Timestamp,
    /// The first payment, then the later ones.
    pub(super) sales: Vec<u64>,
    /// The license's number.
    pub(super) license: u64,
    /// When the buyer or seller asked for the end.
    pub(super) requested_at: Option<Timestamp>,
    /// The end of the paid time; it may lie ahead.
    pub(super) cancelled_at: Option<Timestamp>,
    /// When a payment failed for good.
    pub(super) failed_at: Option<Timestamp>,
    /// When the last of a fixed number of payments was made.
    pub(super) ended_at: Option<Timestamp>,
}

impl Subscription {
    /// Whether it gives access at `now`: a cancelled one does until the end of the paid time.
    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        self.failed_at.is_none() && self.ended_at.is_none() && self.cancelled_at.is_none_or(|at| at > now)
    }
}

/// An OAuth token of a seller.
pub(super) struct Token {
    /// The seller's number.
    pub(super) seller: u64,
    /// What the token may do.
    pub(super) scopes: Vec<super::Scope>,
}
