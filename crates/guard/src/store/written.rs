//! The record as JSON, before it is sealed. Unknown members are ignored, so that later versions can add some.
//!
//! Members that were added later have a default, so that records of earlier versions can be read. A word of a later
//! version becomes the nearest one that is safe: an unknown refusal stays a refusal, an unknown failure stays no
//! answer.

use std::borrow::Cow;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ErrorKind, Expiry, InstallationMark, KeyCode, OfflineProof, Refusal, RefusalReason, SignedDuration,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    HeldProof, HeldSeat, Issuer, Outage, PendingSeat, SeatRecord, StandingRefusal, UnreleasedSeat, UserMark,
};

/// Enough for a whole record, so that the buffer never grows and leaves a copy of the secret in memory.
const CAPACITY: usize = 16 * 1024;

/// A record without its mark, which is in the first line of the sealed form.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(default)]
    revision: u64,
    held: Option<WrittenSeat<'a>>,
    pending: Option<WrittenPending<'a>>,
    #[serde(default)]
    unreleased: Vec<WrittenUnreleased<'a>>,
    #[serde(default)]
    users: Vec<Cow<'a, str>>,
    outage: Option<WrittenOutage<'a>>,
    next_check: Option<Timestamp>,
    high_water: Timestamp,
    #[serde(default)]
    clock_off_by: i64,
    #[serde(default)]
    restored: bool,
}

#[derive(Serialize, Deserialize)]
struct WrittenIssuer<'a> {
    vendor: Cow<'a, str>,
    name: Cow<'a, str>,
    seller: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct WrittenSeat<'a> {
    issuer: WrittenIssuer<'a>,
    code: Cow<'a, str>,
    activation: Option<Cow<'a, str>>,
    key_id: Option<Cow<'a, str>>,
    label: Cow<'a, str>,
    expiry: WrittenExpiry,
    #[serde(default)]
    renews: bool,
    #[serde(default)]
    ends_at: Option<Timestamp>,
    #[serde(default)]
    proof: Option<WrittenProof<'a>>,
    since: Timestamp,
    unanswered_before: u32,
    last_good: Option<Timestamp>,
    refusal: Option<WrittenRefusal<'a>>,
    #[serde(default)]
    vendor_changed: bool,
    #[serde(default)]
    found: bool,
}

/// Its end is not written: the provider reads it from the proof.
#[derive(Serialize, Deserialize)]
struct WrittenProof<'a> {
    format: Cow<'a, str>,
    text: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct WrittenPending<'a> {
    issuer: WrittenIssuer<'a>,
    code: Cow<'a, str>,
    label: Cow<'a, str>,
    since: Timestamp,
    latest: Timestamp,
    unanswered: u32,
}

#[derive(Serialize, Deserialize)]
struct WrittenUnreleased<'a> {
    issuer: WrittenIssuer<'a>,
    code: Cow<'a, str>,
    activation: Option<Cow<'a, str>>,
    label: Cow<'a, str>,
    since: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct WrittenRefusal<'a> {
    reason: Cow<'a, str>,
    message: Option<Cow<'a, str>>,
    since: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct WrittenOutage<'a> {
    kind: Cow<'a, str>,
    since: Timestamp,
    failures: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenExpiry {
    Never,
    FollowsSubscription,
    Unknown,
    At(Timestamp),
}

/// The JSON of `record`. Never `None` in practice, because no map key or number can fail.
pub(super) fn write(record: &SeatRecord) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(CAPACITY));
    serde_json::to_writer(&mut *plain, &Written::from(record)).ok()?;
    Some(plain)
}

/// The record of the installation `mark` in `plain`; `None` when it cannot be read.
pub(super) fn read(plain: &[u8], mark: InstallationMark) -> Option<SeatRecord> {
    let written: Written<'_> = serde_json::from_slice(plain).ok()?;
    Some(SeatRecord {
        mark,
        revision: written.revision,
        held: written.held.map(HeldSeat::from),
        pending: written.pending.map(PendingSeat::from),
        unreleased: written.unreleased.into_iter().map(UnreleasedSeat::from).collect(),
        users: written.users.iter().filter_map(|user| UserMark::parse(user)).collect(),
        outage: written.outage.map(|outage| Outage {
            // A name from a later version: still no answer.
            kind: ErrorKind::from_name(&outage.kind).unwrap_or(ErrorKind::Unavailable),
            since: outage.since,
            failures: outage.failures,
        }),
        next_check: written.next_check,
        high_water: written.high_water,
        clock_off_by: SignedDuration::from_secs(written.clock_off_by),
        restored: written.restored,
    })
}

impl<'a> From<&'a SeatRecord> for Written<'a> {
    fn from(record: &'a SeatRecord) -> Self {
        Self {
            revision: record.revision,
            held: record.held.as_ref().map(WrittenSeat::from),
            pending: record.pending.as_ref().map(WrittenPending::from),
            unreleased: record.unreleased.iter().map(WrittenUnreleased::from).collect(),
            users: record.users.iter().map(|user| Cow::Owned(user.to_string())).collect(),
            outage: record.outage.map(|outage| WrittenOutage {
                kind: Cow::Borrowed(outage.kind.name()),
                since: outage.since,
                failures: outage.failures,
            }),
            next_check: record.next_check,
            high_water: record.high_water,
            clock_off_by: record.clock_off_by.as_secs(),
            restored: record.restored,
        }
    }
}

impl<'a> From<&'a Issuer> for WrittenIssuer<'a> {
    fn from(issuer: &'a Issuer) -> Self {
        Self {
            vendor: Cow::Borrowed(&issuer.vendor),
            name: Cow::Borrowed(&issuer.name),
            seller: issuer.seller.as_deref().map(Cow::Borrowed),
        }
    }
}

impl From<WrittenIssuer<'_>> for Issuer {
    fn from(issuer: WrittenIssuer<'_>) -> Self {
        let mut read = Self::new(issuer.vendor);
        read.name = issuer.name.into();
        read.seller = issuer.seller.map(Into::into);
        read
    }
}

impl<'a> From<&'a HeldSeat> for WrittenSeat<'a> {
    fn from(seat: &'a HeldSeat) -> Self {
        Self {
            issuer: WrittenIssuer::from(&seat.issuer),
            code: Cow::Borrowed(seat.code.expose()),
            activation: seat.activation.as_ref().map(|id| Cow::Borrowed(id.as_str())),
            key_id: seat.key_id.as_ref().map(|id| Cow::Borrowed(id.as_str())),
            label: Cow::Borrowed(&seat.label),
            expiry: match seat.expiry {
                Expiry::Never => WrittenExpiry::Never,
                Expiry::FollowsSubscription => WrittenExpiry::FollowsSubscription,
                Expiry::At(at) => WrittenExpiry::At(at),
                _ => WrittenExpiry::Unknown,
            },
            renews: seat.renews,
            ends_at: seat.ends_at,
            proof: seat.proof.as_ref().map(|held| WrittenProof {
                format: Cow::Borrowed(held.proof.format()),
                text: Cow::Borrowed(held.proof.expose()),
            }),
            since: seat.since,
            unanswered_before: seat.unanswered_before,
            last_good: seat.last_good,
            refusal: seat.refusal.as_ref().map(|standing| WrittenRefusal {
                reason: Cow::Borrowed(standing.refusal.reason.name()),
                message: standing.refusal.message.as_deref().map(Cow::Borrowed),
                since: standing.since,
            }),
            vendor_changed: seat.vendor_changed,
            found: seat.found,
        }
    }
}

impl From<WrittenSeat<'_>> for HeldSeat {
    fn from(seat: WrittenSeat<'_>) -> Self {
        Self {
            issuer: seat.issuer.into(),
            code: KeyCode::verbatim(seat.code),
            activation: seat.activation.map(|id| id.into_owned().into()),
            key_id: seat.key_id.map(|id| id.into_owned().into()),
            label: seat.label.into(),
            expiry: match seat.expiry {
                WrittenExpiry::Never => Expiry::Never,
                WrittenExpiry::FollowsSubscription => Expiry::FollowsSubscription,
                WrittenExpiry::Unknown => Expiry::Unknown,
                WrittenExpiry::At(at) => Expiry::At(at),
            },
            renews: seat.renews,
            ends_at: seat.ends_at,
            proof: seat.proof.map(|written| HeldProof {
                proof: OfflineProof::new(written.format, written.text),
                ends_at: Some(Timestamp::MIN),
            }),
            since: seat.since,
            unanswered_before: seat.unanswered_before,
            last_good: seat.last_good,
            refusal: seat.refusal.map(StandingRefusal::from),
            vendor_changed: seat.vendor_changed,
            found: seat.found,
        }
    }
}

impl From<WrittenRefusal<'_>> for StandingRefusal {
    fn from(written: WrittenRefusal<'_>) -> Self {
        // A name from a later version: still a refusal.
        let reason = RefusalReason::from_name(&written.reason).unwrap_or(RefusalReason::Unspecified);
        let mut refusal = Refusal::new(reason);
        if let Some(message) = written.message {
            refusal = refusal.with_message(message.into_owned());
        }
        Self { refusal, since: written.since }
    }
}

impl<'a> From<&'a PendingSeat> for WrittenPending<'a> {
    fn from(seat: &'a PendingSeat) -> Self {
        Self {
            issuer: WrittenIssuer::from(&seat.issuer),
            code: Cow::Borrowed(seat.code.expose()),
            label: Cow::Borrowed(&seat.label),
            since: seat.since,
            latest: seat.latest,
            unanswered: seat.unanswered,
        }
    }
}

impl From<WrittenPending<'_>> for PendingSeat {
    fn from(seat: WrittenPending<'_>) -> Self {
        Self {
            issuer: seat.issuer.into(),
            code: KeyCode::verbatim(seat.code),
            label: seat.label.into(),
            since: seat.since,
            latest: seat.latest,
            unanswered: seat.unanswered,
        }
    }
}

impl<'a> From<&'a UnreleasedSeat> for WrittenUnreleased<'a> {
    fn from(seat: &'a UnreleasedSeat) -> Self {
        Self {
            issuer: WrittenIssuer::from(&seat.issuer),
            code: Cow::Borrowed(seat.code.expose()),
            activation: seat.activation.as_ref().map(|id| Cow::Borrowed(id.as_str())),
            label: Cow::Borrowed(&seat.label),
            since: seat.since,
        }
    }
}

impl From<WrittenUnreleased<'_>> for UnreleasedSeat {
    fn from(seat: WrittenUnreleased<'_>) -> Self {
        Self {
            issuer: seat.issuer.into(),
            code: KeyCode::verbatim(seat.code),
            activation: seat.activation.map(|id| id.into_owned().into()),
            label: seat.label.into(),
            since: seat.since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_a_later_version_are_read_as_unspecified_failures_and_refusals() {
        let plain = serde_json::json!({
            "held": {
                "issuer": {"vendor": "acme", "name": "acme", "seller": null},
                "code": "AAAA", "activation": null, "key_id": null, "label": "l", "expiry": "unknown",
                "since": "2026-01-01T00:00:00Z", "last_good": null, "unanswered_before": 0,
                "refusal": {"reason": "of_a_later_version", "message": null, "since": "2026-01-01T00:00:00Z"},
            },
            "pending": null,
            "outage": {"kind": "of_a_later_version", "since": "2026-01-01T00:00:00Z", "failures": 1},
            "next_check": null,
            "high_water": "2026-01-01T00:00:00Z",
        });
        let record = read(plain.to_string().as_bytes(), "ak-1a2b3c4d5e6f".parse().unwrap()).unwrap();
        assert_eq!(record.outage.unwrap().kind, ErrorKind::Unavailable);
        let refusal = record.held.unwrap().refusal.unwrap().refusal;
        assert_eq!(refusal.reason, RefusalReason::Unspecified);
    }
}
