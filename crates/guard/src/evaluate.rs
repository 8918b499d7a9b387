//! The function that decides about access.

use anykey_core::Timestamp;

use crate::timeline::Timeline;
use crate::{Access, Policy, SeatRecord};

/// Computes the access that `record` allows when the clock shows `now`. This pure function contains all access rules.
///
/// - Time is the vendor's time: `now`, corrected by the clock's error at the last answer. A clock that was corrected
///   since is recognized.
/// - The latest time seen counts: `now` or the record's high-water mark. Setting the clock back changes only
///   [`Access::clock_set_back`].
/// - A refusal stays [`Refused`](crate::AccessState::Refused) until the next valid answer.
/// - A valid answer counts for the policy's interval and then for its grace. Access ends earlier only at the expiry
///   date that the vendor reported.
/// - A vendor's offline proof extends the grace to the proof's own end.
/// - Before the first valid answer there is no grace, unless the policy allows it.
///
/// ```
/// use anykey_core::{InstallationMark, KeyCode, SignedDuration, Timestamp};
/// use anykey_guard::{AccessState, HeldSeat, Issuer, Policy, SeatRecord, evaluate};
///
/// let checked: Timestamp = "2027-03-01T09:00:00Z".parse().unwrap();
/// let mark = InstallationMark::from_digest([1, 2, 3, 4, 5, 6]);
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// let mut seat = HeldSeat::new(Issuer::new("polar"), code, Some("act_1".into()), "studio-mac", checked);
/// seat.last_good = Some(checked);
/// let mut record = SeatRecord::new(mark, checked);
/// record.held = Some(seat);
///
/// let in_days = |days: i64| evaluate(&record, checked + SignedDuration::from_hours(24 * days), &Policy::default());
/// assert!(matches!(in_days(0).state, AccessState::Granted { .. }));
/// assert!(matches!(in_days(3).state, AccessState::Grace { .. }));
/// assert!(matches!(in_days(15).state, AccessState::NeedsCheck { .. }));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[must_use]
pub fn evaluate(record: &SeatRecord, now: Timestamp, policy: &Policy) -> Access {
    Timeline::of(record, policy).at(now)
}
