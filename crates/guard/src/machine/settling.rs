//! When a list of activations is recent enough to prove something.

use anykey_core::{SignedDuration, Timestamp};

use crate::clock::plus;

/// How long a sent activation may be in transit, or a vendor's list out of date (Polar reads from a replica). Until
/// then, a list without the seat proves nothing.
const SETTLING: SignedDuration = SignedDuration::from_mins(2);

/// The time from which a list without the seat proves that an activation sent at `sent` took none.
pub(crate) fn settled_at(sent: Timestamp) -> Timestamp {
    plus(sent, SETTLING)
}

/// Whether a list read at `now` without the seat proves that an activation sent at `sent` took none.
pub(crate) fn is_settled(sent: Timestamp, now: Timestamp) -> bool {
    now > settled_at(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_proves_nothing_until_two_minutes_are_over() {
        let sent = Timestamp::UNIX_EPOCH;
        let after = |seconds| is_settled(sent, sent + SignedDuration::from_secs(seconds));
        assert_eq!([0, 119, 120, 121].map(after), [false, false, false, true]);
    }
}
