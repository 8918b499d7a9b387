//! The record as JSON, before it is sealed. Unknown members are ignored, so that a later version may add some.

use std::borrow::Cow;

use anykey_core::{ErrorKind, Expiry, InstallationMark, KeyCode, Refusal, RefusalReason, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{HeldSeat, Outage, PendingSeat, SeatRecord, StandingRefusal};

/// Room for a whole record, so that the secret in it is not left behind in memory by a growing buffer.
const ROOM: usize = 16 * 1024;

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    provider: Cow<'a, str>,
    held: Option<WrittenSeat<'a>>,
    pending: Option<WrittenPending<'a>>,
    outage: Option<WrittenOutage<'a>>,
    next_check: Option<Timestamp>,
    high_water: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct WrittenSeat<'a> {
    code: Cow<'a, str>,
    activation: Option<Cow<'a, str>>,
    key_id: Option<Cow<'a, str>>,
    label: Cow<'a, str>,
    expiry: WrittenExpiry,
    since: Timestamp,
    unanswered_before: u32,
    last_good: Option<Timestamp>,
    refusal: Option<WrittenRefusal<'a>>,
}

#[derive(Serialize, Deserialize)]
struct WrittenPending<'a> {
    code: Cow<'a, str>,
    label: Cow<'a, str>,
    since: Timestamp,
    latest: Timestamp,
    unanswered: u32,
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

/// The JSON of `record`; `None` is impossible in practice: there is no map key or number that could fail.
pub(super) fn write(record: &SeatRecord) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer(&mut *plain, &Written::from(record)).ok()?;
    Some(plain)
}

/// The record of the installation `mark` in `plain`; `None` when it cannot be read.
pub(super) fn read(plain: &[u8], mark: InstallationMark) -> Option<SeatRecord> {
    let written: Written<'_> = serde_json::from_slice(plain).ok()?;
    Some(SeatRecord {
        provider: written.provider.into(),
        mark,
        held: written.held.map(HeldSeat::from),
        pending: written.pending.map(|pending| PendingSeat {
            code: KeyCode::verbatim(pending.code),
            label: pending.label.into(),
            since: pending.since,
            latest: pending.latest,
            unanswered: pending.unanswered,
        }),
        outage: written.outage.map(|outage| Outage {
            // A word of a later version: no answer stays no answer.
            kind: ErrorKind::from_name(&outage.kind).unwrap_or(ErrorKind::Unavailable),
            since: outage.since,
            failures: outage.failures,
        }),
        next_check: written.next_check,
        high_water: written.high_water,
    })
}

impl<'a> From<&'a SeatRecord> for Written<'a> {
    fn from(record: &'a SeatRecord) -> Self {
        Self {
            provider: Cow::Borrowed(&record.provider),
            held: record.held.as_ref().map(WrittenSeat::from),
            pending: record.pending.as_ref().map(|pending| WrittenPending {
                code: Cow::Borrowed(pending.code.expose()),
                label: Cow::Borrowed(&pending.label),
                since: pending.since,
                latest: pending.latest,
                unanswered: pending.unanswered,
            }),
            outage: record.outage.map(|outage| WrittenOutage {
                kind: Cow::Borrowed(outage.kind.name()),
                since: outage.since,
                failures: outage.failures,
            }),
            next_check: record.next_check,
            high_water: record.high_water,
        }
    }
}

impl<'a> From<&'a HeldSeat> for WrittenSeat<'a> {
    fn from(seat: &'a HeldSeat) -> Self {
        Self {
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
            since: seat.since,
            unanswered_before: seat.unanswered_before,
            last_good: seat.last_good,
            refusal: seat.refusal.as_ref().map(|standing| WrittenRefusal {
                reason: Cow::Borrowed(standing.refusal.reason.name()),
                message: standing.refusal.message.as_deref().map(Cow::Borrowed),
                since: standing.since,
            }),
        }
    }
}

impl From<WrittenSeat<'_>> for HeldSeat {
    fn from(seat: WrittenSeat<'_>) -> Self {
        Self {
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
            since: seat.since,
            unanswered_before: seat.unanswered_before,
            last_good: seat.last_good,
            refusal: seat.refusal.map(|written| {
                let mut refusal = Refusal::new(
                    RefusalReason::from_name(&written.reason).unwrap_or(RefusalReason::Unspecified),
                );
                if let Some(message) = written.message {
                    refusal = refusal.with_message(message.into_owned());
                }
                StandingRefusal { refusal, since: written.since }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_later_version_are_read_as_the_careful_thing() {
        let plain = serde_json::json!({
            "provider": "acme",
            "held": {
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
