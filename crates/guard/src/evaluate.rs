use anykey_core::Timestamp;

use crate::timeline::Timeline;
use crate::{Access, Policy, SeatRecord};

/// The access that follows from `record` when the clock shows `now`: all access rules, as a pure function.
///
/// - Time is the vendor's: `now` less what the clock was ahead at the last answer. A clock that was put right since
///   is believed.
/// - What counts is the latest time seen, `now` or the record's high-water mark. A clock that was set back
///   changes nothing but [`Access::clock_set_back`].
/// - A standing refusal is [`Refused`](crate::AccessState::Refused), whatever happened since.
/// - A yes is fresh for the policy's interval, then good for its grace. Access after a yes ends earlier only
///   at the expiry that the vendor reported.
/// - Without a yes there is no grace, unless the policy says otherwise.
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
