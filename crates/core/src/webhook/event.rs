use std::borrow::Cow;

use jiff::Timestamp;

use super::{EventKind, GrantedKey, RawBody};
use crate::{CustomerId, ErrorKind, LicenseKey, LicenseKeyId, LicenseProvider, Origin, ProductId, Result};

/// One delivery of a vendor about license keys, proven to come from it.
///
/// Vendors deliver *at least once* and in *any order*. Two rules keep the result correct:
///
/// 1. The same [`provider`](Self::provider) and [`id`](Self::id) again is the same delivery again: answer it
///    with success and do nothing.
/// 2. An event says what held at [`as_of`](Self::as_of). Keep that instant beside each key, and pass over an
///    event whose `as_of` is before it.
///
/// `Debug` prints neither code, e-mail address nor the delivery's text.
///
/// ```
/// use anykey_core::{EventKind, LicenseEvent, Timestamp};
///
/// let sent_at: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
/// let mut event = LicenseEvent::new("acme", "msg_1", EventKind::Revoked, "license.revoked", sent_at);
/// event.key_id = Some("key_1".into());
/// assert_eq!(event.key_ids().count(), 1);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LicenseEvent {
    /// The name of the provider, as [`LicenseProvider::name`].
    pub provider: Cow<'static, str>,
    /// Names the delivery; the same whenever the vendor sends it again. Unique within one provider.
    pub id: Box<str>,
    /// What happened.
    pub kind: EventKind,
    /// The vendor's own word for what happened, verbatim: `benefit_grant.revoked`.
    pub raw_type: Box<str>,
    /// When it happened, by the vendor's clock; [`sent_at`](Self::sent_at) when the delivery does not say.
    pub occurred_at: Timestamp,
    /// When this attempt was sent, in whole seconds; a later attempt has a later one.
    pub sent_at: Timestamp,
    /// The instant whose state the event describes: what to order the events of one key by. The record's own
    /// time of change (Dodo `data.updated_at`, Polar `data.modified_at`);
    /// [`occurred_at`](Self::occurred_at) when the delivery does not say.
    pub as_of: Timestamp,
    /// The record of the key; `None` when the delivery names none. Then [`granted_keys`](Self::granted_keys),
    /// [`customer`](Self::customer) and [`origin`](Self::origin) say which keys are meant.
    pub key_id: Option<LicenseKeyId>,
    /// The buyer; `None` when the delivery does not say.
    pub customer: Option<CustomerId>,
    /// What the keys are keys of, as [`LicenseKey::product`]; `None` when the delivery does not say.
    pub product: Option<ProductId>,
    /// What was bought, where that is not what keys name as their product: at Polar a product is sold (`product_id` of
    /// the order), and keys come from its benefits. `None` where it is [`product`](Self::product), or the delivery does
    /// not say.
    pub sold_product: Option<ProductId>,
    /// The key as it was at [`as_of`](Self::as_of); `None` when the vendor does not send it (Polar never):
    /// see [`read_key`](Self::read_key).
    pub key: Option<LicenseKey>,
    /// The other keys of a delivery about several, such as a purchase of more than one (Creem `checkout.completed`), as
    /// [`key`](Self::key); empty in all others.
    pub further_keys: Vec<LicenseKey>,
    /// The grant, payment, order and subscription that it is about, as far as the delivery names them. Of an event
    /// without [`key_id`](Self::key_id), [`find_keys`](Self::find_keys) looks for the keys by them.
    pub origin: Origin,
    /// The vendor's own word for why the key was taken away or not handed out, verbatim; `None` when it gives
    /// none.
    pub reason: Option<Box<str>>,
    /// Every key of [`customer`](Self::customer) whose grant is in force at [`as_of`](Self::as_of) (Polar
    /// `customer.state_changed`): a key of that customer that is not listed was revoked or never granted. `None` in
    /// deliveries that are about one key.
    ///
    /// A listed key need not be usable: Polar lists *grants*, and the grant of a key that was disabled, or that has
    /// expired, stays in force (seen on Polar's server of October 2026). [`read_key`](Self::read_key) or
    /// [`get`](LicenseProvider::get) returns a key's status.
    pub granted_keys: Option<Vec<GrantedKey>>,
    /// The delivery's bytes, for the record; empty until a receiver fills it.
    pub raw: RawBody,
}

impl LicenseEvent {
    /// An event of which only the required facts are known; set the other fields afterwards.
    pub fn new(
        provider: impl Into<Cow<'static, str>>,
        id: impl Into<Box<str>>,
        kind: EventKind,
        raw_type: impl Into<Box<str>>,
        sent_at: Timestamp,
    ) -> Self {
        Self {
            provider: provider.into(),
            id: id.into(),
            kind,
            raw_type: raw_type.into(),
            occurred_at: sent_at,
            sent_at,
            as_of: sent_at,
            key_id: None,
            customer: None,
            product: None,
            sold_product: None,
            key: None,
            further_keys: Vec::new(),
            origin: Origin::default(),
            reason: None,
            granted_keys: None,
            raw: RawBody::new(&[]),
        }
    }

    /// The keys as they were at [`as_of`](Self::as_of): [`key`](Self::key) and the
    /// [`further_keys`](Self::further_keys). Empty when the vendor does not send them.
    pub fn keys(&self) -> impl Iterator<Item = &LicenseKey> {
        self.key.iter().chain(&self.further_keys)
    }

    /// Every key that the delivery names, each once: what a cache has to forget.
    pub fn key_ids(&self) -> impl Iterator<Item = &LicenseKeyId> {
        let further = self.further_keys.iter().map(|key| &key.id);
        let listed = further.chain(self.granted_keys.iter().flatten().map(|key| &key.id));
        self.key_id.iter().chain(listed.filter(|id| self.key_id.as_ref() != Some(id)))
    }

    /// Asks `provider`, which needs a credential, for the key as it is now. `None` when the delivery names no
    /// single key, or the vendor does not find it.
    ///
    /// However late and in whatever order deliveries arrive, this is the state to keep, unless the event
    /// [`is_ahead_of`](Self::is_ahead_of) it.
    ///
    /// # Errors
    ///
    /// As [`get`](LicenseProvider::get), apart from [`NotFound`](ErrorKind::NotFound). Answer the vendor with
    /// a failure then, and it delivers again.
    pub async fn read_key(&self, provider: &(impl LicenseProvider + ?Sized)) -> Result<Option<LicenseKey>> {
        let Some(id) = &self.key_id else { return Ok(None) };
        match provider.get(id).await {
            Ok(key) => Ok(Some(key)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::KeyCodeExt as _;
    use crate::{CreateRequest, InMemoryProvider, KeyCode};

    fn event() -> LicenseEvent {
        LicenseEvent::new("acme", "msg_1", EventKind::Updated, "x", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn every_named_key_comes_once() {
        let mut event = event();
        event.key_id = Some("a".into());
        event.granted_keys =
            Some(["a", "b"].map(|id| GrantedKey::new(id.into(), Timestamp::UNIX_EPOCH)).to_vec());
        assert_eq!(event.key_ids().map(LicenseKeyId::as_str).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[tokio::test]
    async fn a_key_is_read_as_it_is_now_and_a_vanished_one_is_none() {
        let provider = InMemoryProvider::new(Timestamp::now);
        let key = CreateRequest::new(KeyCode::verbatim("AAAA"), "cus_1", "pdt_1");
        let key = provider.create(key).await.unwrap();
        let mut event = event();
        assert_eq!(event.read_key(&provider).await.unwrap(), None);
        event.key_id = Some(key.id.clone());
        assert_eq!(event.read_key(&provider).await.unwrap(), Some(key));
        event.key_id = Some("gone".into());
        assert_eq!(event.read_key(&provider).await.unwrap(), None);
    }
}
