//! What the database keeps of keys, activations and generators, and the documents of them.

use anykey_core::Timestamp;

use crate::moment::{self, ZERO};
use crate::php::{Members, Php};
use crate::stored::StoredMeta;

/// A license key as the database keeps it.
///
/// Times are texts in UTC, `Y-m-d H:i:s`; [`DlmSim::stored_time`](crate::DlmSim::stored_time) writes one.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dlm_sim::{DlmSim, License};
///
/// let site = DlmSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let mut license = License::default();
/// license.license_key = "AAAA-BBBB".to_owned();
/// license.status = 3;
/// license.activations_limit = Some(2);
/// let id = site.add_license(license).expect("the first id is free");
/// assert_eq!(site.license(id).map(|license| license.created_at).as_deref(), Some("1970-01-01 00:00:00"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct License {
    /// The id, above 0. [`DlmSim::add_license`](crate::DlmSim::add_license) takes 0 for the next one.
    pub id: i64,
    /// The id of the order; absent without one.
    pub order_id: Option<i64>,
    /// The id of the product; absent without one. No product has to exist.
    pub product_id: Option<i64>,
    /// The id of the customer's user; absent without one. Documents show it as a text.
    pub user_id: Option<i64>,
    /// The code. The database keeps case, and has no unique index, so two keys may have one code.
    pub license_key: String,
    /// For how many days a key is valid once it is sold from stock; absent for ever.
    pub valid_for: Option<i64>,
    /// The expiry as `Y-m-d H:i:s` in UTC. Absent, or the zero date: never.
    pub expires_at: Option<String>,
    /// Where the key comes from: 1 generator, 2 import, 3 API, 4 migration.
    pub source: i64,
    /// The status: 1 sold, 2 delivered, 3 active, 4 inactive, 5 disabled. Only 5 has an effect.
    pub status: i64,
    /// The number of seats. Absent, or 0: unlimited.
    pub activations_limit: Option<i64>,
    /// When it was created. [`DlmSim::add_license`](crate::DlmSim::add_license) takes an empty text for the present.
    pub created_at: String,
    /// When it was changed last; absent if never.
    pub updated_at: Option<String>,
}

/// An activation as the database keeps it, also after it was deactivated.
///
/// `Debug` prints neither the token nor what the device sent.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Seat {
    /// The number of the record. The API names an activation by its token, not by this.
    pub id: i64,
    /// The token, the activation's id in the API: 40 hexadecimal digits in lower case.
    pub token: String,
    /// The id of its license key.
    pub license_id: i64,
    /// The label as it is stored; absent without one. The server has cleaned it, so it may differ from what was sent.
    pub label: Option<String>,
    /// Where it was made: 1 in the shop, 2 by the API.
    pub source: i64,
    /// The address of the device, as `X-Forwarded-For` names it; `127.0.0.1` without that header.
    pub ip_address: String,
    /// The device's user agent; absent without one.
    pub user_agent: Option<String>,
    pub(crate) meta: StoredMeta,
    /// When it was made.
    pub created_at: String,
    /// When it was changed last; absent if never.
    pub updated_at: Option<String>,
    /// When it was deactivated; absent while it takes a seat.
    pub deactivated_at: Option<String>,
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seat")
            .field("id", &self.id)
            .field("license_id", &self.license_id)
            .finish_non_exhaustive()
    }
}

/// A pattern of codes: chunks of random letters of the charset, with a separator between. `expires_in` counts days.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generator {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) charset: String,
    pub(crate) chunks: i64,
    pub(crate) chunk_length: i64,
    pub(crate) activations_limit: Option<i64>,
    pub(crate) separator: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) suffix: Option<String>,
    pub(crate) expires_in: Option<i64>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

impl License {
    /// Whether the key has expired at `now`.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.end().is_some_and(|end| now >= end)
    }

    /// The instant of the expiry; `None` for a key that never ends.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        self.expires_at.as_deref().filter(|text| *text != ZERO).and_then(moment::instant)
    }

    pub(crate) const fn is_disabled(&self) -> bool {
        self.status == 5
    }

    /// The members of a document; `used` is the number of living seats.
    pub(crate) fn members(&self, used: i64, now: Timestamp) -> Members {
        let user = self.user_id.map(|user| user.to_string());
        members([
            ("id", self.id.into()),
            ("order_id", self.order_id.into()),
            ("product_id", self.product_id.into()),
            ("user_id", user.into()),
            ("license_key", self.license_key.clone().into()),
            ("valid_for", self.valid_for.into()),
            ("expires_at", self.expires_at.clone().into()),
            ("source", self.source.into()),
            ("status", self.status.into()),
            ("activations_limit", self.activations_limit.into()),
            ("created_at", self.created_at.clone().into()),
            ("created_by", Php::Null),
            ("updated_at", self.updated_at.clone().into()),
            ("updated_by", Php::Null),
            ("times_activated", used.into()),
            ("is_expired", self.is_expired(now).into()),
        ])
    }
}

impl Seat {
    pub(crate) const fn is_alive(&self) -> bool {
        self.deactivated_at.is_none()
    }

    /// The members of a document, with the key's id where the call shows it.
    pub(crate) fn members(&self, with_license_id: bool) -> Members {
        let mut members = members([
            ("id", self.id.into()),
            ("token", self.token.clone().into()),
            ("license_id", self.license_id.into()),
            ("label", self.label.clone().into()),
            ("source", self.source.to_string().into()),
            ("ip_address", self.ip_address.clone().into()),
            ("user_agent", self.user_agent.clone().into()),
            ("meta_data", self.meta.read()),
            ("created_at", self.created_at.clone().into()),
            ("updated_at", self.updated_at.clone().into()),
            ("deactivated_at", self.deactivated_at.clone().into()),
        ]);
        members.retain(|(name, _)| with_license_id || name != "license_id");
        members
    }
}

impl Generator {
    pub(crate) fn document(&self) -> Php {
        Php::Array(members([
            ("id", self.id.into()),
            ("name", self.name.clone().into()),
            ("charset", self.charset.clone().into()),
            ("chunks", self.chunks.into()),
            ("chunk_length", self.chunk_length.into()),
            ("activations_limit", self.activations_limit.into()),
            ("separator", self.separator.clone().into()),
            ("prefix", self.prefix.clone().into()),
            ("suffix", self.suffix.clone().into()),
            ("expires_in", self.expires_in.into()),
            ("created_at", self.created_at.clone().into()),
            ("created_by", Php::Null),
            ("updated_at", self.updated_at.clone().into()),
            ("updated_by", Php::Null),
        ]))
    }
}

fn members<const N: usize>(members: [(&str, Php); N]) -> Members {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
