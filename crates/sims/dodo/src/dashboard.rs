//! The seller's actions: selling and issuing keys, disabling them, API keys.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{KeyTaken, to_micros};

use super::DodoSim;
use super::inspect::KeyStatus;
use super::issuing::issue;
use super::key_spec::{IssuedKey, KeySpec, Purchase};
use super::records::{ApiKey, ApiKeyScope, Business, Customer, Key, Product};

/// Actions of the seller in the dashboard, and purchases. Each method acts for the business of this handle.
///
/// They take effect at once and send the webhooks that the vendor sends for them. None of them counts as a request,
/// and none needs an API key.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, KeySpec, KeyStatus};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let bought = sim.issue(KeySpec { activations_limit: Some(1), ..KeySpec::default() })?;
/// assert!(sim.activate(&bought.id, "laptop").is_some());
/// assert!(sim.activate(&bought.id, "desktop").is_none(), "the only seat is in use");
///
/// sim.refund(bought.payment_id.as_deref().ok_or("a purchase has a payment")?);
/// assert_eq!(sim.key_status(&bought.id), Some(KeyStatus::Disabled));
/// assert!(sim.enable(&bought.id), "the key is known");
/// assert_eq!(sim.key_status(&bought.id), Some(KeyStatus::Disabled), "a refund is final");
/// # Ok(())
/// # }
/// ```
impl DodoSim {
    /// The id of the business that this handle acts for, `bus_…`.
    #[must_use]
    pub fn business_id(&self) -> &str {
        &self.business
    }

    /// Adds another business to the same environment and returns a handle for it. As transports both handles are the
    /// same, because the vendor's public plane does not depend on the business.
    #[must_use]
    pub fn other_business(&self) -> Self {
        let mut state = self.lock();
        let state = &mut *state;
        let business = state.database.open_business(&mut state.ids);
        Self { clock: self.clock.clone(), state: self.state.clone(), business }
    }

    /// Adds a customer and returns the id, `cus_…`.
    pub fn add_customer(&self, name: impl Into<String>, email: impl Into<String>) -> String {
        let customer = Customer { name: name.into(), email: email.into() };
        self.in_business("cus", |business, id| business.customers.insert(id, customer))
    }

    /// Adds a product and returns the id, `pdt_…`. A product without a name has `"name": null`.
    pub fn add_product<'a>(&self, name: impl Into<Option<&'a str>>) -> String {
        let product = Product { name: name.into().map(str::to_owned) };
        self.in_business("pdt", |business, id| business.products.insert(id, product))
    }

    /// Issues a license key, as by a purchase or an import.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if `spec` names a key string that exists.
    pub fn issue(&self, spec: KeySpec) -> Result<IssuedKey, KeyTaken> {
        let now = self.now();
        let mut state = self.lock();
        let state = &mut *state;
        issue(&mut state.database, &mut state.ids, &self.business, spec, now).map(IssuedKey::from)
    }

    /// Issues `quantity` keys with one payment, and with one subscription if `spec` has one. A key string in `spec`
    /// becomes the prefix of each key: `PRO-0`, `PRO-1` and so on for `PRO`.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if one of the key strings exists. The keys issued before it stay.
    ///
    /// The vendor issues one key for each unit (changelog of August 2026), with the instances counted for each key.
    pub fn sell(&self, quantity: usize, spec: &KeySpec) -> Result<Vec<IssuedKey>, KeyTaken> {
        let mut sold: Vec<IssuedKey> = Vec::new();
        for number in 0..quantity {
            let bought = sold.first().map(|first| (first.subscription_id.clone(), first.payment_id.clone()));
            let purchase = match bought {
                Some((Some(subscription), _)) => Purchase::SubscriptionSeat(subscription),
                Some((None, Some(payment))) => Purchase::SamePayment(payment),
                _ => spec.purchase.clone(),
            };
            let key = spec.key.as_ref().map(|start| format!("{start}-{number}"));
            sold.push(self.issue(KeySpec { key, purchase, ..spec.clone() })?);
        }
        Ok(sold)
    }

    /// Issues `count` equal license keys, returned in the order of creation. A key string in `spec` becomes the
    /// prefix of each key: `PRO-0`, `PRO-1` and so on for `PRO`.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if one of the key strings exists. No key is issued then.
    pub fn issue_many(&self, count: usize, spec: &KeySpec) -> Result<Vec<IssuedKey>, KeyTaken> {
        let now = self.now();
        let mut state = self.lock();
        let state = &mut *state;
        let code = |number: usize| spec.key.as_ref().map(|start| format!("{start}-{number}"));
        if (0..count).filter_map(code).any(|code| state.database.is_code_taken(&code)) {
            return Err(KeyTaken);
        }
        (0..count)
            .map(|number| KeySpec { key: code(number), ..spec.clone() })
            .map(|spec| {
                issue(&mut state.database, &mut state.ids, &self.business, spec, now).map(IssuedKey::from)
            })
            .collect()
    }

    /// Disables the key with this id (`lic_…`) in the dashboard; false if it is unknown.
    pub fn disable(&self, key_id: &str) -> bool {
        self.change_status(key_id, |key| key.disabled = true)
    }

    /// Enables the key with this id (`lic_…`) in the dashboard; false if it is unknown. A key whose
    /// payment was refunded or whose subscription is not active stays disabled.
    pub fn enable(&self, key_id: &str) -> bool {
        self.change_status(key_id, |key| key.disabled = false)
    }

    /// Activates the key with this id (`lic_…`) as another device, and returns the instance's id (`lki_…`). `None` if
    /// the key is unknown, not active, or has no free seat.
    pub fn activate(&self, key_id: &str, name: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.lock();
        let state = &mut *state;
        let key = state.database.keys.get(key_id)?;
        let is_full = key.activations_limit.is_some_and(|limit| key.instances_count() >= limit);
        let status = state.database.status(key, now, state.quirks.expiry_sweep_lag);
        if is_full || status != KeyStatus::Active {
            return None;
        }
        let id = state.ids.id("lki");
        state.database.add_instance(id, key_id, name.to_owned(), now).map(|instance| instance.id.to_string())
    }

    /// Sets or clears the expiry of the key with this id (`lic_…`) in the dashboard; false if it is unknown or
    /// follows a subscription.
    pub fn set_expiry(&self, key_id: &str, at: Option<Timestamp>) -> bool {
        self.change_if(key_id, |key| key.subscription.is_none(), |key| key.expires_at = at.map(to_micros))
    }

    /// The key with this id (`lic_…`) as it was issued; `None` if it is unknown.
    #[must_use]
    pub fn sale(&self, key_id: &str) -> Option<IssuedKey> {
        self.lock().database.keys.get(key_id).map(IssuedKey::from)
    }

    /// Sets the status text of the key with this id (`lic_…`); `None` restores the real one. Only the text in records
    /// changes: validation, activation and the status filter use the real status. False if the key is unknown.
    ///
    /// For tests of clients that must survive a status that the vendor adds later.
    pub fn force_status_word(&self, key_id: &str, word: Option<&str>) -> bool {
        self.change_key(key_id, |key| key.status_word = word.map(str::to_owned))
    }

    /// Sets the source text of the key with this id (`lic_…`); `None` restores the real one. Only the text in records
    /// changes. False if the key is unknown.
    pub fn force_source_word(&self, key_id: &str, word: Option<&str>) -> bool {
        self.change_key(key_id, |key| key.source_word = word.map(str::to_owned))
    }

    /// Creates an API key of this business: the bearer token of the merchant plane.
    ///
    /// It is valid for this environment only, and for the calls of both planes; on the public plane it has no effect
    /// but on the [rate limit](super::RateLimits).
    #[must_use]
    pub fn api_key(&self, scope: ApiKeyScope) -> String {
        let mut state = self.lock();
        let environment = state.environment;
        let token = state.ids.api_key(environment.word());
        state.database.api_keys.insert(token.clone(), ApiKey { business: Arc::clone(&self.business), scope });
        token
    }

    /// Revokes an API key with immediate effect; false if it is unknown or already revoked.
    ///
    /// Later requests with it are answered with 401.
    pub fn revoke_api_key(&self, api_key: &str) -> bool {
        self.lock().database.api_keys.remove(api_key).is_some()
    }

    /// Adds a record with a new id that begins with `prefix`, and returns the id.
    fn in_business<T>(&self, prefix: &str, add: impl FnOnce(&mut Business, Arc<str>) -> T) -> String {
        let mut state = self.lock();
        let id = state.ids.id(prefix);
        if let Some(business) = state.database.businesses.get_mut(&self.business) {
            add(business, Arc::clone(&id));
        }
        id.to_string()
    }

    /// Changes a key without a condition, and sends the events of its grant.
    fn change_status(&self, key_id: &str, change: impl FnOnce(&mut Key)) -> bool {
        self.change_if(key_id, |_| true, change)
    }

    /// Changes a key if `allowed` accepts it, and sends the events of its grant.
    fn change_if(
        &self,
        key_id: &str,
        allowed: impl FnOnce(&Key) -> bool,
        change: impl FnOnce(&mut Key),
    ) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let state = &mut *state;
        let Some(key) = state.database.keys.get(key_id).filter(|key| allowed(key)) else { return false };
        let grant_id = Arc::clone(&key.grant);
        let before = state.database.grant_before(&grant_id);
        state.database.keys.get_mut(key_id).map(change);
        if let Some(grant) = state.database.grants.get_mut(&grant_id) {
            grant.updated_at = now;
        }
        state.database.announce_changes(before, now);
        true
    }

    /// Changes a key without an event and without a new time of change, for texts that only tests change.
    fn change_key(&self, key_id: &str, change: impl FnOnce(&mut Key)) -> bool {
        self.lock().database.keys.get_mut(key_id).map(change).is_some()
    }
}
