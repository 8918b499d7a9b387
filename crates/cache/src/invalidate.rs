//! Forgetting on request.

use anykey_core::{CustomerId, EventKind, KeyCode, LicenseEvent, LicenseKey, LicenseKeyId, LicenseProvider};

use crate::CachedProvider;

/// Forgetting.
///
/// When one of these returns, whoever asks gets an answer that the vendor was asked for afterwards: a request
/// that is under way is not joined any more, and its answer is not kept. Each takes the same short time, however
/// much is cached. Now and then it forgets more than it has to, which costs a request.
impl<P: LicenseProvider> CachedProvider<P> {
    /// Forgets every answer about the code.
    pub fn invalidate_code(&self, code: &KeyCode) {
        self.inner.generations.end_named(self.inner.tagger.code(code));
    }

    /// Forgets every answer about the key `id`, and every answer that does not tell which key it is about: all
    /// of Dodo's, and Polar's refusals.
    pub fn invalidate_key(&self, id: &LicenseKeyId) {
        self.inner.generations.end_named(self.inner.tagger.key(id));
        self.inner.generations.end_nameless_keys();
    }

    /// Forgets every answer about a key of the customer, and every answer that does not tell whose key it is
    /// about.
    pub fn invalidate_customer(&self, customer: &CustomerId) {
        self.inner.generations.end_named(self.inner.tagger.customer(customer));
        self.inner.generations.end_nameless_customers();
    }

    /// Forgets everything.
    pub fn invalidate_all(&self) {
        self.inner.generations.end_all();
        if let Some(entries) = &self.inner.entries {
            entries.invalidate_all();
        }
    }

    /// Forgets what a vendor's delivery has overtaken. An event of another provider changes nothing, so an app
    /// with several vendors may hand each event to each cache.
    ///
    /// | the event | forgets |
    /// |---|---|
    /// | brings the whole key (Dodo) | that key by id and code, and no other |
    /// | names keys (Polar) | as [`invalidate_key`](Self::invalidate_key), each |
    /// | lists all keys of a customer | as [`invalidate_customer`](Self::invalidate_customer) besides: a key that is not listed has ended |
    /// | names only a customer | as [`invalidate_customer`](Self::invalidate_customer) |
    /// | names neither, such as a payment's | everything |
    ///
    /// After a rotation the whole key brings only the new code, so it counts as named only.
    ///
    /// ```
    /// use anykey_cache::CachedProvider;
    /// use anykey_core::{InMemoryProvider, LicenseProvider, Timestamp, WebhookError, WebhookReceiver};
    ///
    /// /// The endpoint's whole work, and the HTTP status to answer with.
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
        let whole = event.key.as_ref().filter(|_| event.kind != EventKind::Rotated);
        match whole {
            Some(key) => {
                self.invalidate_record(key);
                event.key_ids().for_each(|id| self.inner.generations.end_named(self.inner.tagger.key(id)));
            }
            None => event.key_ids().for_each(|id| self.invalidate_key(id)),
        }
        let names_keys = whole.is_some() || event.key_ids().next().is_some();
        if names_keys && event.granted_keys.is_none() {
            return;
        }
        match &event.customer {
            Some(customer) => self.invalidate_customer(customer),
            None => self.invalidate_all(),
        }
    }

    /// Forgets the answers about a key that is known whole.
    pub(crate) fn invalidate_record(&self, key: &LicenseKey) {
        self.inner.generations.end_named(self.inner.tagger.key(&key.id));
        self.invalidate_code(&key.code);
    }
}
