//! The actions of sellers and buyers: products, sales, refunds, memberships and tokens.

use anykey_core::Timestamp;

use super::ping_event::PingEvent;
use super::records::{License, Product, Sale, Subscription, Token};
use super::sale_spec::{SaleSpec, Sold};
use super::{GumroadSim, Scope};

/// Actions of the seller in the dashboard, and of buyers. Each method acts for the seller of this handle. A method that
/// takes a sale's id returns false when that sale is unknown or has nothing of this kind.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_gumroad_sim::{GumroadSim, SaleSpec};
///
/// let sim = GumroadSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let sold = sim.sell(SaleSpec { membership: true, ..SaleSpec::default() });
/// let renewal = sim.renew(&sold.sale_id);
/// assert!(renewal.is_some(), "a payment of a membership is a sale of its own");
/// assert!(sim.fail_payment(&sold.sale_id));
/// assert_eq!(sim.renew(&sold.sale_id), None, "the membership has ended");
/// ```
impl GumroadSim {
    /// Adds another seller with one product and returns a handle that acts for it. As transports both handles are the
    /// same.
    #[must_use]
    pub fn other_seller(&self) -> Self {
        let mut state = self.lock();
        let seller = state.add_seller();
        Self { seller, ..self.clone() }
    }

    /// Adds a product and returns its id. A verification needs this id.
    ///
    /// It is a product of after 2023-01-09, so a verification without its id is refused with a text that contains the
    /// id.
    pub fn add_product(&self, name: &str) -> String {
        self.lock().add_product(self.seller, name, true)
    }

    /// Adds a product from before 2023-01-09, for which a verification with the permalink works. Returns its id and its
    /// permalink.
    pub fn add_former_product(&self, name: &str) -> (String, String) {
        let mut state = self.lock();
        let id = state.add_product(self.seller, name, false);
        let permalink = state.product_by_id(&id).map(|(_, product)| product.permalink.clone());
        (id, permalink.unwrap_or_default())
    }

    /// Gives a product another permalink, beside its own.
    ///
    /// False if the product is unknown.
    pub fn set_custom_permalink(&self, product_id: &str, permalink: &str) -> bool {
        let mut state = self.lock();
        let number = state.product_by_id(product_id).map(|(number, _)| number);
        let product = number.and_then(|number| state.products.get_mut(&number));
        product.map(|product: &mut Product| product.custom_permalink = Some(permalink.to_owned())).is_some()
    }

    /// Adds the account of a buyer and returns its id, for [`SaleSpec::purchaser`].
    #[must_use]
    pub fn add_account(&self) -> String {
        self.lock().ids.id()
    }

    /// Sells a product, with a license.
    pub fn sell(&self, spec: SaleSpec) -> Sold {
        let now = self.now();
        self.lock().sell(self.seller, spec, now)
    }

    /// Charges a membership once more and returns the id of the new sale, which has the same license.
    ///
    /// `None` if the sale has no membership, or one that has ended.
    pub fn renew(&self, sale_id: &str) -> Option<String> {
        let now = self.now();
        self.lock().renew(sale_id, now)
    }

    /// Imports a customer who bought elsewhere, with a license. Returns the customer's id and the license key.
    ///
    /// A verification then has an `imported_customer` in the place of a purchase. `None` if the product is unknown.
    pub fn import_customer(&self, product_id: &str, email: &str) -> Option<(String, String)> {
        let now = self.now();
        self.lock().import(product_id, email, now)
    }

    /// Disables the license of a sale.
    ///
    /// A verification is then a 404 with a text of its own. The counter and the purchase stay.
    pub fn disable(&self, sale_id: &str) -> bool {
        self.change_license(sale_id, |license| license.disabled = true)
    }

    /// Enables the license of a sale.
    pub fn enable(&self, sale_id: &str) -> bool {
        self.change_license(sale_id, |license| license.disabled = false)
    }

    /// Sets the use counter of the license of a sale, up or down.
    ///
    /// Sellers can do this in the dashboard since July 2026, so a counter is no measure of devices.
    pub fn set_uses(&self, sale_id: &str, uses: u64) -> bool {
        self.change_license(sale_id, |license| license.uses = uses)
    }

    /// Replaces the key of the license of a sale and returns the new one.
    ///
    /// The license, its counter and its purchase stay; a verification with the former key is the 404 of an unknown
    /// one.
    pub fn rotate(&self, sale_id: &str) -> Option<String> {
        let key = self.lock().ids.license_key();
        self.change_license(sale_id, |license| license.key.clone_from(&key)).then_some(key)
    }

    /// Refunds a sale.
    ///
    /// Verifications still succeed, with `refunded: true`: it is the client that must look.
    pub fn refund(&self, sale_id: &str) -> bool {
        self.change_sale(sale_id, |sale| sale.refunded = true) && self.ping(sale_id, PingEvent::Refund)
    }

    /// Lets the buyer's bank take the payment of a sale back.
    ///
    /// Verifications still succeed, with `disputed` and, for a single purchase, `chargebacked`.
    pub fn dispute(&self, sale_id: &str) -> bool {
        self.change_sale(sale_id, |sale| sale.disputed = true) && self.ping(sale_id, PingEvent::Dispute)
    }

    /// Lets the seller win the dispute of a sale.
    ///
    /// `disputed` stays true, and `chargebacked` becomes false.
    pub fn win_dispute(&self, sale_id: &str) -> bool {
        self.change_sale(sale_id, |sale| sale.dispute_won = true) && self.ping(sale_id, PingEvent::DisputeWon)
    }

    /// Revokes the buyer's access to what was bought.
    ///
    /// A verification and every change of the license are then a 404 with a text of its own.
    pub fn revoke_access(&self, sale_id: &str) -> bool {
        self.change_sale(sale_id, |sale| sale.access_revoked = true)
    }

    /// Gives the access back.
    pub fn restore_access(&self, sale_id: &str) -> bool {
        self.change_sale(sale_id, |sale| sale.access_revoked = false)
    }

    /// Cancels the membership of a sale: it is alive until `ends_at`.
    ///
    /// The time that the vendor shows as cancelled is the end of the paid period, not the moment of the cancellation.
    pub fn cancel(&self, sale_id: &str, ends_at: Timestamp) -> bool {
        let now = self.now();
        self.change_subscription(sale_id, |subscription| {
            subscription.requested_at = Some(now);
            subscription.cancelled_at = Some(ends_at);
        }) && self.ping(sale_id, PingEvent::Cancellation)
    }

    /// Lets a payment of the membership of a sale fail for good.
    pub fn fail_payment(&self, sale_id: &str) -> bool {
        let now = self.now();
        self.change_subscription(sale_id, |subscription| subscription.failed_at = Some(now))
            && self.ping(sale_id, PingEvent::SubscriptionEnded)
    }

    /// Ends the membership of a sale, as one with a fixed length ends.
    pub fn end(&self, sale_id: &str) -> bool {
        let now = self.now();
        self.end_at(sale_id, now)
    }

    /// Restarts the membership of a sale: it is neither cancelled nor failed nor ended.
    pub fn restart(&self, sale_id: &str) -> bool {
        self.change_subscription(sale_id, |subscription| {
            subscription.requested_at = None;
            subscription.cancelled_at = None;
            subscription.failed_at = None;
            subscription.ended_at = None;
        }) && self.ping(sale_id, PingEvent::SubscriptionRestarted)
    }

    /// Creates an OAuth token of this seller. It does not expire.
    #[must_use]
    pub fn token(&self, scopes: &[Scope]) -> String {
        let mut state = self.lock();
        let token = state.ids.token();
        state.tokens.insert(token.clone(), Token { seller: self.seller, scopes: scopes.to_vec() });
        token
    }

    /// Revokes a token with immediate effect; false if it is unknown.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.lock().tokens.remove(token).is_some()
    }

    /// Ends the membership of a sale at `at`, which may be in the past.
    pub(super) fn end_at(&self, sale_id: &str, at: Timestamp) -> bool {
        self.change_subscription(sale_id, |subscription| subscription.ended_at = Some(at))
            && self.ping(sale_id, PingEvent::SubscriptionEnded)
    }

    /// Queues an event about a known sale.
    fn ping(&self, sale_id: &str, event: PingEvent) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let number = state.sale_by_id(sale_id).map(|sale| sale.number);
        number.map(|number| state.ping(number, event, now)).is_some()
    }

    /// Changes a sale; false if it is unknown.
    fn change_sale(&self, sale_id: &str, change: impl FnOnce(&mut Sale)) -> bool {
        let mut state = self.lock();
        let number = state.sale_by_id(sale_id).map(|sale| sale.number);
        number.and_then(|number| state.sales.get_mut(&number)).map(change).is_some()
    }

    /// Changes the license of a sale; false if the sale is unknown or has none.
    fn change_license(&self, sale_id: &str, change: impl FnOnce(&mut License)) -> bool {
        let mut state = self.lock();
        let number = state.sale_by_id(sale_id).and_then(|sale| sale.license);
        number.and_then(|number| state.licenses.get_mut(&number)).map(change).is_some()
    }

    /// Changes the membership of a sale; false if the sale is unknown or has none.
    fn change_subscription(&self, sale_id: &str, change: impl FnOnce(&mut Subscription)) -> bool {
        let mut state = self.lock();
        let number = state.sale_by_id(sale_id).and_then(|sale| sale.subscription);
        number.and_then(|number| state.subscriptions.get_mut(&number)).map(change).is_some()
    }
}
