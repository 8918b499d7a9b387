//! What a ping claims, read from its form.

use std::borrow::Cow;

use anykey_core::LicenseKeyId;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::credential::is_sale_id;

/// The most sales that one ping makes the receiver ask about. A ping costs its sender nothing, so one must not cause
/// many requests.
const MOST: usize = 4;

/// What a ping claims. Nothing of it is proven.
pub(super) struct Ping<'b> {
    /// Gumroad's word for what happened; `sale` where it says nothing.
    pub(super) raw_type: Cow<'b, str>,
    /// The sales that it may be about, the most likely first.
    pub(super) sales: Vec<LicenseKeyId>,
    /// A digest of the body, which is the same when the ping is sent again.
    pub(super) id: String,
}

impl<'b> Ping<'b> {
    /// `None` if the body names no sale. Sales are named by `sale_id` or `id`, the payments of a membership by
    /// `purchase_ids[]` (server code, 2026). Texts that cannot be the id of a sale are dropped.
    pub(super) fn read(body: &'b [u8]) -> Option<Self> {
        let pairs: Vec<_> = form_urlencoded::parse(body).collect();
        let value =
            |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let named = value("sale_id").or_else(|| value("id"));
        // Of a membership; its first payment owns the key.
        let of_a_membership = pairs.iter().filter(|(name, _)| name.starts_with("purchase_ids"));
        let sales = named.into_iter().chain(of_a_membership.map(|(_, value)| value.clone()));
        let sales: Vec<_> =
            sales.filter(|id| is_sale_id(id)).map(|id| LicenseKeyId::from(&*id)).take(MOST).collect();
        let mut digest = Sha256::new();
        // A ping that is sent again has a counter more.
        for (name, value) in pairs.iter().filter(|(name, _)| name != "retry_count") {
            digest.update(name.len().to_be_bytes());
            digest.update(name.as_bytes());
            digest.update(value.len().to_be_bytes());
            digest.update(value.as_bytes());
        }
        let id = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let raw_type = value("resource_name").unwrap_or(Cow::Borrowed("sale"));
        (!sales.is_empty()).then_some(Self { raw_type, sales, id })
    }
}
