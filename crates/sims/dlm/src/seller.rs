//! The seller's actions in the dashboard of the shop, and what tests prepare.

use anykey_core::Timestamp;

use crate::consumer::Consumer;
use crate::moment;
use crate::php::decode;
use crate::records::{License, Seat};
use crate::site::DlmSim;
use crate::stored::StoredMeta;

impl Seat {
    /// A living activation of the key with this id, made by the API without a label.
    pub fn new(license_id: i64, token: impl Into<String>) -> Self {
        Self {
            id: 0,
            token: token.into(),
            license_id,
            label: None,
            source: 2,
            ip_address: "127.0.0.1".to_owned(),
            user_agent: None,
            meta: StoredMeta::default(),
            created_at: String::new(),
            updated_at: None,
            deactivated_at: None,
        }
    }

    /// Stores metadata with it, a JSON object. `None` for what the database does not store.
    #[must_use]
    pub fn with_metadata(mut self, json: &str) -> Option<Self> {
        self.meta = StoredMeta::new(Some(&decode(json.as_bytes()).ok()?)).ok()?;
        Some(self)
    }
}

impl DlmSim {
    /// Adds a consumer key.
    ///
    /// It works for the next request.
    pub fn add_consumer(&self, consumer: Consumer) {
        self.state.lock().consumers.push(consumer);
    }

    /// Deletes the consumer key with this secret. Returns whether there was one.
    pub fn remove_consumer(&self, secret: &str) -> bool {
        let mut state = self.state.lock();
        let before = state.consumers.len();
        state.consumers.retain(|consumer| consumer.secret != secret);
        state.consumers.len() < before
    }

    /// Adds a license key, also beside another one with its code. No check of the API applies.
    ///
    /// An id of 0 becomes the next one, and an empty time of creation the present. Returns the id; `None` for an id
    /// that exists.
    pub fn add_license(&self, mut license: License) -> Option<i64> {
        let mut state = self.state.lock();
        if state.licenses.iter().any(|known| known.id == license.id) {
            return None;
        }
        if license.created_at.is_empty() {
            license.created_at = moment::stored(self.now());
        }
        let id = license.id;
        if id == 0 {
            return Some(state.insert(license));
        }
        state.next_license = state.next_license.max(id.saturating_add(1));
        state.licenses.push(license);
        state.licenses.sort_by_key(|license| license.id);
        Some(id)
    }

    /// Adds an activation, whatever the limit of its key is. An id of 0 becomes the next one, and an empty time the
    /// present. Returns the id.
    pub fn add_seat(&self, mut seat: Seat) -> i64 {
        let mut state = self.state.lock();
        if seat.created_at.is_empty() {
            seat.created_at = moment::stored(self.now());
        }
        if seat.id == 0 {
            seat.id = state.next_seat;
        }
        let id = seat.id;
        state.next_seat = state.next_seat.max(id.saturating_add(1));
        state.seats.push(seat);
        state.seats.sort_by_key(|seat| seat.id);
        id
    }

    /// The license key with this id.
    #[must_use]
    pub fn license(&self, id: i64) -> Option<License> {
        self.state.lock().licenses.iter().find(|license| license.id == id).cloned()
    }

    /// The living activations of a key, oldest first. Empty when the key does not exist.
    #[must_use]
    pub fn living_seats(&self, license: i64) -> Vec<Seat> {
        let state = self.state.lock();
        state.seats.iter().filter(|seat| seat.license_id == license && seat.is_alive()).cloned().collect()
    }

    /// Changes a license key as the dashboard does, without the checks of the API, and sets `updated_at`. Returns
    /// whether there is such a key.
    pub fn change_license(&self, id: i64, change: impl FnOnce(&mut License)) -> bool {
        let mut state = self.state.lock();
        let now = moment::stored(self.now());
        let Some(license) = state.licenses.iter_mut().find(|license| license.id == id) else { return false };
        change(license);
        license.updated_at = Some(now);
        true
    }

    /// Changes an activation as the dashboard does, such as a deactivation by the seller. Returns whether there is
    /// one.
    pub fn change_seat(&self, id: i64, change: impl FnOnce(&mut Seat)) -> bool {
        self.state.lock().seats.iter_mut().find(|seat| seat.id == id).map(change).is_some()
    }

    /// Uses these tokens for the next activations, in this order, before random ones. Tests that compare whole
    /// requests need known tokens.
    pub fn next_tokens(&self, tokens: impl IntoIterator<Item = String>) {
        self.state.lock().next_tokens.extend(tokens);
    }

    /// Uses these codes for the next generated keys, before random ones.
    pub fn next_codes(&self, codes: impl IntoIterator<Item = String>) {
        self.state.lock().next_codes.extend(codes);
    }

    /// Sets the ids that the next license key, activation and generator get; later ones count up from there.
    pub fn next_ids(&self, license: i64, seat: i64, generator: i64) {
        let mut state = self.state.lock();
        state.next_license = license;
        state.next_seat = seat;
        state.next_generator = generator;
    }

    /// The nonce that the page with the shop's public form prints for visitors. The form needs no other credential.
    #[must_use]
    pub const fn public_nonce(&self) -> &'static str {
        crate::public_form::NONCE
    }

    /// A time as the database stores it: UTC, `Y-m-d H:i:s`, without the fraction of a second.
    #[must_use]
    pub fn stored_time(instant: Timestamp) -> String {
        moment::stored(instant)
    }
}
