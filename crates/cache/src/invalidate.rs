//! Invalidation.

use anykey_core::{CustomerId, EventKind, KeyCode, LicenseEvent, LicenseKey, LicenseKeyId, LicenseProvider};

use crate::{CachedProvider, Subject};

/// Invalidation.
///
/// After one of these methods returns, every later call gets an answer to a request that was sent after the
/// invalidation: requests in flight are no longer shared, and their answers are not cached. The time is constant,
/// regardless of the size of the cache. With a [second level](crate::SecondLevel) the caches of the other processes
/// follow, usually within milliseconds. Occasionally more than necessary is invalidated, which costs a request.
impl<P: LicenseProvider> CachedProvider<P> {
    /// Invalidates every answer about the code.
    pub fn invalidate_code(&self, code: &KeyCode) {
        self.inner.invalidate(self.inner.tagger.code(code).into());
    }

    /// Invalidates every answer about the key `id`, and every answer that does not contain its key: all answers of
    /// Dodo, and Polar's refusals.
    pub fn invalidate_key(&self, id: &LicenseKeyId) {
        self.inner.invalidate(self.inner.tagger.key(id).into());
        self.inner.invalidate(Subject::UnnamedKeys);
    }

    /// Invalidates every answer about a key of the customer, and every answer that does not contain its customer.
    pub fn invalidate_customer(&self, customer: &CustomerId) {
        self.inner.invalidate(self.inner.tagger.customer(customer).into());
        self.inner.invalidate(Subject::UnnamedCustomers);
    }

    /// Invalidates all answers.
    pub fn invalidate_all(&self) {
        self.inner.invalidate(Subject::All);
        if let Some(entries) = &self.inner.entries {
            entries.invalidate_all();
        }
    }

    /// Invalidates the answers that a webhook event makes obsolete. An event of another provider is ignored, so an
    /// app with several vendors can pass each event to each cache.
    ///
    /// | event | invalidates |
    /// |---|---|
    /// | contains the whole key (Dodo) | that key by id and code, and no other |
    /// | names keys (Polar) | each key, as [`invalidate_key`](Self::invalidate_key) |
    /// | lists all keys of a customer | also the customer, as [`invalidate_customer`](Self::invalidate_customer): a key that is not listed is no longer granted |
    /// | names only a customer | the customer, as [`invalidate_customer`](Self::invalidate_customer) |
    /// | names neither, such as a payment event | all answers |
    ///
    /// After a rotation the key in the event has only the new code, so the event counts as naming the key.
    ///
    /// ```
    /// use anykey_cache::CachedProvider;
    /// use anykey_core::{InMemoryProvider, LicenseProvider, Timestamp, WebhookError, WebhookReceiver};
    ///
    /// /// Handles a delivery, and returns the HTTP status to answer with.
    /// fn endpoint<P: LicenseProvider>(
    ///     cached: &CachedProvider<P>,
    ///     receiver: &dyn WebhookReceiver,
    ///     headers: &anykey_core::HeaderMap,
    ///     body: &[u8],
    /// ) -> u16 {
    ///     match receiver.verify(headers, body, Timestamp::now()) {
    ///         Ok(event) => {
    ///             cached.apply(&event);
    ///             200
    ///         }
    ///         Err(refused) => refused.status_hint(),
    ///     }
    /// }
    /// ```
    pub fn apply(&self, event: &LicenseEvent) {
        if event.provider != self.name() {
            return;
        }
        // After a rotation the answers about the former code are the ones to forget.
        if event.key.is_some() && event.kind != EventKind::Rotated {
            event.keys().for_each(|key| self.invalidate_record(key));
            event.key_ids().for_each(|id| self.inner.invalidate(self.inner.tagger.key(id).into()));
        } else {
            event.key_ids().for_each(|id| self.invalidate_key(id));
        }
        let names_keys = event.key.is_some() || event.key_ids().next().is_some();
        if names_keys && event.granted_keys.is_none() {
            return;
        }
        match &event.customer {
            Some(customer) => self.invalidate_customer(customer),
            None => self.invalidate_all(),
        }
    }

    /// Invalidates the answers about a key by its id and code.
    pub(crate) fn invalidate_record(&self, key: &LicenseKey) {
        self.inner.invalidate(self.inner.tagger.key(&key.id).into());
        self.invalidate_code(&key.code);
    }
}
