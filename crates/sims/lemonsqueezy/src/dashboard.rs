//! The seller's actions: selling keys, changing them, subscriptions, API keys.

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::{KeyTaken, to_micros};

use super::key_spec::{IssuedKey, KeySpec};
use super::records::{ApiKey, Customer, Product, Store};
use super::{LemonSqueezySim, Mode};

/// How long an API key is valid.
const API_KEY_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Actions of the seller in the dashboard, and purchases. Each method acts for the store of this handle.
///
/// They take effect at once, send the webhooks that the vendor sends for them, and count as no request.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{KeySpec, KeyStatus, LemonSqueezySim};
///
/// # fn main() -> Result<(), anykey_lemonsqueezy_sim::KeyTaken> {
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec { activation_limit: Some(1), ..KeySpec::default() })?;
/// assert!(sim.activate(issued.id, "laptop").is_some());
/// assert!(sim.activate(issued.id, "desktop").is_none(), "the only seat is in use");
///
/// assert!(sim.set_activation_limit(issued.id, Some(0)), "devices stay, new ones are refused");
/// assert_eq!(sim.instances(issued.id).len(), 1);
/// sim.refund(issued.id);
/// assert_eq!(sim.key_status(issued.id), Some(KeyStatus::Disabled));
/// # Ok(())
/// # }
/// ```
impl LemonSqueezySim {
    /// The id of the store that this handle acts for.
    #[must_use]
    pub const fn store_id(&self) -> u64 {
        self.store
    }

    /// Adds another merchant with a store and returns a handle that acts for it. As transports both handles are the
    /// same: the License API knows the keys of all merchants.
    #[must_use]
    pub fn other_merchant(&self) -> Self {
        let mut state = self.lock();
        let state = &mut *state;
        let store = state.database.add_merchant(&mut state.ids);
        Self { clock: self.clock.clone(), state: self.state.clone(), store }
    }

    /// Adds another store of the same merchant, whose API keys are valid for both.
    #[must_use]
    pub fn second_store(&self) -> Self {
        let mut state = self.lock();
        let state = &mut *state;
        let account = state.database.stores.get(&self.store).map_or(0, |store| store.account);
        let store = state.database.add_store(account, &mut state.ids);
        Self { clock: self.clock.clone(), state: self.state.clone(), store }
    }

    /// Adds a customer and returns the id.
    pub fn add_customer(&self, name: &str, email: &str) -> u64 {
        self.in_store(|store, id, _| {
            store.customers.push(Customer { id, name: name.into(), email: email.into() });
        })
    }

    /// Adds a product with one variant and returns the product's id.
    pub fn add_product(&self, name: &str) -> u64 {
        self.in_store(|store, id, variant| store.products.push(Product { id, variant, name: name.into() }))
    }

    /// Issues a license key as a purchase does.
    ///
    /// # Errors
    ///
    /// [`KeyTaken`] if `spec` names a key string that exists.
    pub fn issue(&self, spec: KeySpec) -> Result<IssuedKey, KeyTaken> {
        let now = self.now();
        self.lock().issue(self.store, spec, now)
    }

    /// Disables the key with this id; false if it is unknown.
    ///
    /// A disabled key can be neither validated nor activated nor deactivated (tests of the official package 4.0.0).
    pub fn disable(&self, key_id: u64) -> bool {
        self.change(key_id, |key| key.disabled = true)
    }

    /// Enables the key with this id; false if it is unknown.
    pub fn enable(&self, key_id: u64) -> bool {
        self.change(key_id, |key| key.disabled = false)
    }

    /// Sets or clears the expiry of the key with this id; false if it is unknown.
    ///
    /// The quirk about whole days concerns the main API only, not this action.
    pub fn set_expiry(&self, key_id: u64, at: Option<Timestamp>) -> bool {
        self.change(key_id, |key| key.expires_at = at.map(to_micros))
    }

    /// Sets or clears the activation limit of the key with this id, which may be below its usage; false if it is
    /// unknown.
    pub fn set_activation_limit(&self, key_id: u64, limit: Option<u64>) -> bool {
        self.change(key_id, |key| key.activation_limit = limit)
    }

    /// Refunds the order of the key with this id, which disables its keys; false if it is unknown.
    pub fn refund(&self, key_id: u64) -> bool {
        let now = self.now();
        self.lock().refund(key_id, now)
    }

    /// Ends the subscription of the key with this id, so that the key expires; false without a subscription.
    pub fn end_subscription(&self, key_id: u64) -> bool {
        let now = self.now();
        self.lock().move_subscription(key_id, false, now)
    }

    /// Resumes the subscription of the key with this id; false without a subscription.
    pub fn resume_subscription(&self, key_id: u64) -> bool {
        let now = self.now();
        self.lock().move_subscription(key_id, true, now)
    }

    /// Activates the key with this id as another device does, and returns the instance's identifier. `None` if the
    /// key is unknown, disabled or expired, or has no free seat.
    pub fn activate(&self, key_id: u64, name: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.lock();
        let key = state.database.keys.get(&key_id)?;
        if key.is_full() || key.disabled || state.database.is_expired(key, now) {
            return None;
        }
        let id = state.add_instance(key_id, name, now);
        state.database.instances.get(&id).map(|instance| instance.identifier.to_string())
    }

    /// Sets the word that records of the key with this id have as `status`; `None` restores the real status. The
    /// behaviour of the key does not change. False if the key is unknown.
    pub fn force_status_word(&self, key_id: u64, word: Option<&str>) -> bool {
        let mut state = self.lock();
        let key = state.database.keys.get_mut(&key_id);
        key.map(|key| key.status_word = word.map(str::to_owned)).is_some()
    }

    /// Creates an API key of this store's merchant for one mode: a bearer token of the main API, valid for one year.
    ///
    /// It sees the keys of its mode only. The License API needs none and ignores it.
    #[must_use]
    pub fn api_key(&self, mode: Mode) -> String {
        let ends_at = self.now().checked_add(API_KEY_LIFE).unwrap_or(Timestamp::MAX);
        let mut state = self.lock();
        let token = state.ids.api_key();
        let account = state.database.stores.get(&self.store).map_or(0, |store| store.account);
        let api_key = ApiKey { account, test_mode: mode.is_test(), ends_at };
        state.database.api_keys.insert(token.clone(), api_key);
        token
    }

    /// Revokes an API key with immediate effect; false if it is unknown or already revoked.
    pub fn revoke_api_key(&self, api_key: &str) -> bool {
        self.lock().database.api_keys.remove(api_key).is_some()
    }

    /// Changes a key and sends `license_key_updated`; false if it is unknown.
    fn change(&self, key_id: u64, change: impl FnOnce(&mut super::records::Key)) -> bool {
        let now = self.now();
        self.lock().change_key(key_id, now, change)
    }

    /// Adds a record to this store. `add` gets two new ids, the first of which is returned.
    fn in_store(&self, add: impl FnOnce(&mut Store, u64, u64)) -> u64 {
        let mut state = self.lock();
        let (id, second) = (state.ids.number(), state.ids.number());
        if let Some(store) = state.database.stores.get_mut(&self.store) {
            add(store, id, second);
        }
        id
    }
}
