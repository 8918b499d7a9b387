use anykey_core::{SignedDuration, Timestamp};

use crate::clock::plus;

/// So long a sent activation may still be on its way, and a vendor's listing out of date (Polar reads from a
/// replica): until then, that a seat is not listed proves nothing.
const SETTLING: SignedDuration = SignedDuration::from_mins(2);

/// From when on a list without a seat proves that an activation sent at `sent` took none.
pub(crate) fn settled_at(sent: Timestamp) -> Timestamp {
    plus(sent, SETTLING)
}

/// Whether a list read at `now` without a seat proves that an activation sent at `sent` took none.
pub(crate) fn is_settled(sent: Timestamp, now: Timestamp) -> bool {
    now > settled_at(sent)
}
