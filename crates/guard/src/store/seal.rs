//! The sealed form of the record: encrypted with the installation's key, so that a copy on another machine and an
//! edited record are detected, and a backup of the disk does not reveal the license key.
//!
//! Format: the line `anykey-seat 1 ak-1a2b3c4d5e6f\n`, a nonce of 24 bytes, and the record's JSON encrypted with
//! XChaCha20-Poly1305, with the first line as associated data.

use anykey_core::InstallationMark;
use chacha20poly1305::aead::{Aead, Generate, Nonce, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::{StoreErrorKind, written};
use crate::{Installation, SeatRecord};

/// The first word of a record.
const MAGIC: &str = "anykey-seat";
/// A higher number is a record of a later version, which is kept and not read.
const VERSION: u32 = 1;
/// In bytes; a first line that is longer is not one of a record.
const LONGEST_HEADER: usize = 64;
const NONCE_LENGTH: usize = 24;

type Sealing = XChaCha20Poly1305;

/// Seals `record`. Fails only when the operating system provides no randomness.
pub(crate) fn seal(record: &SeatRecord, installation: &Installation) -> Result<Vec<u8>, StoreErrorKind> {
    let header = format!("{MAGIC} {VERSION} {}\n", installation.mark());
    let plain = written::write(record).ok_or(StoreErrorKind::Io)?;
    let nonce = Nonce::<Sealing>::try_generate().map_err(|_| StoreErrorKind::Io)?;
    let payload = Payload { msg: &plain, aad: header.as_bytes() };
    let sealed = cipher(installation).encrypt(&nonce, payload).map_err(|_| StoreErrorKind::Io)?;
    Ok([header.as_bytes(), &nonce, &sealed].concat())
}

/// Opens the sealed record `bytes`; an error when they are not a record of `installation`.
pub(crate) fn open(bytes: &[u8], installation: &Installation) -> Result<SeatRecord, StoreErrorKind> {
    if bytes.is_empty() {
        return Err(StoreErrorKind::Empty);
    }
    let (header, body) = split_header(bytes).ok_or(StoreErrorKind::Damaged)?;
    let mark = read_header(header)?;
    if mark != installation.mark() {
        return Err(StoreErrorKind::Foreign);
    }
    let (nonce, sealed) = body.split_at_checked(NONCE_LENGTH).ok_or(StoreErrorKind::Damaged)?;
    let nonce = Nonce::<Sealing>::try_from(nonce).map_err(|_| StoreErrorKind::Damaged)?;
    let payload = Payload { msg: sealed, aad: header };
    let plain = cipher(installation).decrypt(&nonce, payload).map_err(|_| StoreErrorKind::Damaged)?;
    written::read(&Zeroizing::new(plain), mark).ok_or(StoreErrorKind::Damaged)
}

/// The mark in the first line of `bytes`, which is not authenticated; `None` when this version cannot read it.
pub(super) fn mark_of(bytes: &[u8]) -> Option<InstallationMark> {
    read_header(split_header(bytes)?.0).ok()
}

fn cipher(installation: &Installation) -> Sealing {
    Sealing::new(installation.seal_key().into())
}

/// The first line with its line feed, and the rest.
fn split_header(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().take(LONGEST_HEADER).position(|byte| *byte == b'\n')?;
    bytes.split_at_checked(end + 1)
}

/// The mark in a first line.
///
/// # Errors
///
/// `FutureVersion` for a higher version, `Damaged` for anything else that is no first line.
fn read_header(header: &[u8]) -> Result<InstallationMark, StoreErrorKind> {
    let text = std::str::from_utf8(header).map_err(|_| StoreErrorKind::Damaged)?;
    let mut words = text.trim_end().split(' ');
    if words.next() != Some(MAGIC) {
        return Err(StoreErrorKind::Damaged);
    }
    match words.next().and_then(|version| version.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(StoreErrorKind::FutureVersion),
        _ => return Err(StoreErrorKind::Damaged),
    }
    words.next().and_then(|mark| mark.parse().ok()).ok_or(StoreErrorKind::Damaged)
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{ErrorKind, Expiry, KeyCode, Refusal, RefusalReason, SignedDuration, Timestamp};

    use super::*;
    use crate::{HeldSeat, Issuer, Outage, PendingSeat, StandingRefusal, UnreleasedSeat, UserMark};

    fn at(second: i64) -> Timestamp {
        Timestamp::new(second, 123_456_789).unwrap()
    }

    fn full_record(installation: &Installation, expiry: Expiry) -> SeatRecord {
        let mut issuer = Issuer::new("acme");
        (issuer.name, issuer.seller) = ("main".into(), Some("org_1".into()));
        let mut record = SeatRecord::new(installation.mark(), at(9));
        let code = KeyCode::verbatim("K-1\n\"é");
        let mut held = HeldSeat::new(issuer.clone(), code, Some("act_1".into()), "studio", at(1));
        held.key_id = Some("key_1".into());
        held.expiry = expiry;
        held.renews = true;
        held.vendor_changed = true;
        held.unanswered_before = 2;
        held.last_good = Some(at(3));
        let refusal = Refusal::new(RefusalReason::UnknownKey).with_message("no such key");
        held.refusal = Some(StandingRefusal::new(refusal, at(4)));
        record.held = Some(HeldSeat { found: true, ..held.clone() });
        let mut pending =
            PendingSeat::new(Issuer::new("other"), KeyCode::verbatim("K-2"), "studio [ak-1]", at(5));
        (pending.latest, pending.unanswered) = (at(6), 3);
        record.unreleased =
            vec![UnreleasedSeat::of_held(held).unwrap(), UnreleasedSeat::of_pending(pending.clone())];
        record.pending = Some(pending);
        record.outage = Some(Outage { failures: 7, ..Outage::new(ErrorKind::RateLimited, at(7)) });
        record.next_check = Some(at(8));
        record.users = vec![UserMark::from_digest([1, 2, 3, 4, 5, 255])];
        record.revision = u64::MAX;
        record.clock_off_by = SignedDuration::from_hours(-24 * 80);
        record.restored = true;
        record
    }

    #[test]
    fn a_sealed_record_opens_unchanged() {
        let installation = Installation::from_identity("studio", "machine-1").unwrap();
        for expiry in [Expiry::Never, Expiry::FollowsSubscription, Expiry::Unknown, Expiry::At(at(10))] {
            let record = full_record(&installation, expiry);
            assert_eq!(open(&seal(&record, &installation).unwrap(), &installation), Ok(record));
        }
        let empty = SeatRecord::new(installation.mark(), at(1));
        assert_eq!(open(&seal(&empty, &installation).unwrap(), &installation), Ok(empty));
    }

    #[test]
    fn two_seals_of_one_record_differ() {
        let installation = Installation::from_identity("studio", "machine-1").unwrap();
        let record = full_record(&installation, Expiry::Never);
        assert_ne!(seal(&record, &installation).unwrap(), seal(&record, &installation).unwrap());
    }

    #[test]
    fn the_mark_is_readable_without_the_key() {
        let installation = Installation::from_identity("studio", "machine-1").unwrap();
        let sealed = seal(&full_record(&installation, Expiry::Never), &installation).unwrap();
        assert_eq!(mark_of(&sealed), Some(installation.mark()));
        assert_eq!(mark_of(b"anykey-seat 2 ak-000000000000\n"), None);
        assert_eq!(mark_of(b""), None);
    }
}
