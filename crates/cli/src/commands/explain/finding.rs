use anykey::{ActivationLimit, Capability, LicenseStatus, RefusalReason, Verdict};

use super::case::{Case, DeviceAnswer};

/// What decides whether a device can use the key. The first of several explains the customer's trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// A device can validate it, and a new one can take a seat where there are seats.
    Works,
    /// It works where it is activated, and no seat is free.
    Full,
    /// It works, and cannot be activated.
    WithoutSeats,
    /// It works on devices that hold a seat only.
    NeedsSeat,
    /// The customer's text differs from the key in its letter case.
    OtherCase,
    /// Every device is refused.
    Refused(RefusalReason),
    /// The vendor gave no answer, and its record has a word that is unknown here.
    Unclear,
}

/// What is to be said about `case`; never empty.
pub(super) fn findings(case: &Case) -> Vec<Finding> {
    let mut findings = Vec::new();
    if case.is_in_other_case {
        findings.push(Finding::OtherCase);
    }
    findings.push(state(case));
    findings
}

fn state(case: &Case) -> Finding {
    let status = case.key.status_at(case.now);
    let reason = match &case.answer {
        DeviceAnswer::Valid => return seats(case),
        DeviceAnswer::Refused(refusal) => more_precise(refusal.reason, status),
        DeviceAnswer::None(_) => match status.verdict() {
            Some(Verdict::Valid) => return seats(case),
            Some(Verdict::Refused(refusal)) => refusal.reason,
            None => return Finding::Unclear,
        },
    };
    match reason {
        RefusalReason::ActivationRequired => match seats(case) {
            Finding::Works => Finding::NeedsSeat,
            other => other,
        },
        RefusalReason::ActivationLimitReached => Finding::Full,
        RefusalReason::ActivationsNotSupported => Finding::WithoutSeats,
        reason => Finding::Refused(reason),
    }
}

/// The record says more than a vendor that refuses several causes alike.
fn more_precise(reason: RefusalReason, status: &LicenseStatus) -> RefusalReason {
    match (reason, status.verdict()) {
        (RefusalReason::Unspecified | RefusalReason::Inactive, Some(Verdict::Refused(refusal))) => {
            refusal.reason
        }
        _ => reason,
    }
}

fn seats(case: &Case) -> Finding {
    match (case.key.activations.limit, case.used()) {
        (ActivationLimit::NotAllowed, _) if case.can(Capability::Activate) => Finding::WithoutSeats,
        (ActivationLimit::AtMost(limit), Some(used)) if used >= limit => Finding::Full,
        _ => Finding::Works,
    }
}

impl Finding {
    /// One word, for scripts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Full => "no_free_seat",
            Self::WithoutSeats => "without_seats",
            Self::NeedsSeat => "needs_seat",
            Self::OtherCase => "other_letter_case",
            Self::Refused(reason) => reason.name(),
            Self::Unclear => "unclear",
        }
    }

    /// Whether a device that has a seat, or needs none, can use the key.
    pub(super) const fn is_in_force(self) -> bool {
        matches!(self, Self::Works | Self::Full | Self::WithoutSeats | Self::NeedsSeat)
    }

    /// What it means for devices, as sentences.
    pub(super) fn sentence(self, case: &Case) -> String {
        match self {
            Self::Works => match (case.used(), case.limit()) {
                (Some(used), Some(limit)) => format!(
                    "The key works, and a new device is accepted: {} of {limit} seats are free.",
                    limit.saturating_sub(used)
                ),
                _ if case.can(Capability::Activate) => {
                    "The key works, and a new device is accepted.".to_owned()
                }
                _ => "The key works, on any number of devices.".to_owned(),
            },
            Self::Full => {
                let taken = match case.limit() {
                    Some(1) => "its only seat is taken".to_owned(),
                    Some(limit) => format!("all {limit} seats are taken"),
                    None => "all seats are taken".to_owned(),
                };
                format!("The key works on the devices that have a seat. A new device is refused: {taken}.")
            }
            Self::WithoutSeats => {
                "The key works, and has no seats. A device that tries to activate it is refused.".to_owned()
            }
            Self::NeedsSeat => {
                "The key works on devices that have a seat; a new device activates it first.".to_owned()
            }
            Self::OtherCase => {
                "The key was typed in another letter case, and its vendor does not know it like that."
                    .to_owned()
            }
            Self::Refused(RefusalReason::Expired) => match case.key.expiry.at() {
                Some(at) => {
                    format!("Every device is refused: the key expired on {}.", at.strftime("%Y-%m-%d"))
                }
                None => "Every device is refused: the key has expired.".to_owned(),
            },
            Self::Refused(reason) => format!("Every device is refused: {}.", reason.description()),
            Self::Unclear => format!(
                "It is not certain whether the key works: its status is `{}`, which is not known here.",
                case.key.status_word
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey::{ActivationUse, Refusal};

    use super::*;

    fn refused(reason: RefusalReason) -> DeviceAnswer {
        DeviceAnswer::Refused(Refusal::new(reason))
    }

    fn limited(used: u64, limit: u64) -> Case {
        let mut case = Case::sample();
        case.key.activations = ActivationUse { used: Some(used), limit: ActivationLimit::AtMost(limit) };
        case
    }

    #[test]
    fn a_key_in_force_is_judged_by_its_seats() {
        assert_eq!(findings(&Case::sample()), [Finding::Works]);
        assert_eq!(findings(&limited(2, 3)), [Finding::Works]);
        assert_eq!(findings(&limited(3, 3)), [Finding::Full]);
        let full = Case { answer: refused(RefusalReason::ActivationRequired), ..limited(3, 3) };
        assert_eq!(findings(&full), [Finding::Full]);
        let free = Case { answer: refused(RefusalReason::ActivationRequired), ..limited(0, 3) };
        assert_eq!(findings(&free), [Finding::NeedsSeat]);
    }

    #[test]
    fn the_record_explains_a_refusal_without_a_reason() {
        let mut case = Case { answer: refused(RefusalReason::Unspecified), ..Case::sample() };
        case.key.status = LicenseStatus::Disabled;
        assert_eq!(findings(&case), [Finding::Refused(RefusalReason::Disabled)]);
        case.answer = refused(RefusalReason::PaymentFailed);
        assert_eq!(findings(&case), [Finding::Refused(RefusalReason::PaymentFailed)]);
    }

    #[test]
    fn without_an_answer_the_record_decides_and_an_unknown_word_is_no_yes() {
        let mut case = Case { answer: DeviceAnswer::None("no answer".to_owned()), ..Case::sample() };
        assert_eq!(findings(&case), [Finding::Works]);
        case.key.status = LicenseStatus::Revoked;
        assert_eq!(findings(&case), [Finding::Refused(RefusalReason::Revoked)]);
        case.key.status = LicenseStatus::Other("paused".into());
        assert_eq!(findings(&case), [Finding::Unclear]);
    }

    #[test]
    fn a_wrong_letter_case_comes_first() {
        let case = Case { is_in_other_case: true, ..limited(3, 3) };
        assert_eq!(findings(&case), [Finding::OtherCase, Finding::Full]);
    }
}
