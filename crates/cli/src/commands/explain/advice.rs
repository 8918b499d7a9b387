use anykey::{Activation, Capability, RefusalReason, SignedDuration};

use super::case::Case;
use super::finding::Finding;

/// What those who answer can do: in words, and as the words of a command of this tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) text: String,
    pub(super) command: Option<Vec<String>>,
}

/// How many seats are offered to be freed; the rest is listed by `activations list`.
const SEATS_OFFERED: usize = 5;

/// What the customer can do without anybody's help.
pub(super) fn customer(case: &Case, finding: Finding) -> Vec<String> {
    let text = match finding {
        Finding::Works => {
            "Enter the key once more, with the newest version of the app and a connection to the internet."
        }
        Finding::Full if case.can(Capability::Deactivate) => {
            "Deactivate the license in the app on a device that no longer needs it; the seat is free at once."
        }
        Finding::Full => "Name a device that no longer needs its seat, so that you can free it.",
        Finding::WithoutSeats => "Enter the key in an app that validates it without activating.",
        Finding::NeedsSeat => "Activate the key in the app.",
        Finding::OtherCase => "Copy the key from the receipt instead of typing it.",
        Finding::Refused(reason) => return after_refusal(reason).map(str::to_owned).into_iter().collect(),
        Finding::Unclear => return Vec::new(),
    };
    vec![text.to_owned()]
}

const fn after_refusal(reason: RefusalReason) -> Option<&'static str> {
    Some(match reason {
        RefusalReason::UnknownKey => {
            "Copy the key from the receipt once more, from its first to its last character."
        }
        RefusalReason::Expired => "Renew the license.",
        RefusalReason::SubscriptionCanceled | RefusalReason::SubscriptionEnded => "Subscribe again.",
        RefusalReason::PaymentFailed => {
            "Pay the open invoice; the key is in force again when its subscription is."
        }
        RefusalReason::WrongProduct => "Enter the key in the product that it was bought for.",
        RefusalReason::UnknownActivation | RefusalReason::SeatExpired => {
            "Activate the key in the app once more."
        }
        RefusalReason::CheckInOverdue => "Start the app with a connection to the internet.",
        _ => return None,
    })
}

/// What those who answer can do, the mildest first; empty when nothing is to be done.
pub(super) fn support(case: &Case, finding: Finding) -> Vec<Step> {
    let id = case.key.id.as_str();
    match finding {
        Finding::Works | Finding::NeedsSeat => Vec::new(),
        Finding::Full => free_seats(case).chain(raise_limit(case)).collect(),
        Finding::WithoutSeats => case
            .can(Capability::SetActivationLimit)
            .then(|| step("Give the key a seat", &["keys", "update", id, "--activation-limit", "1"]))
            .into_iter()
            .collect(),
        Finding::OtherCase => vec![words("Answer with the key as it is: add --show-keys to see it")],
        Finding::Unclear => vec![step("Look at the whole record", &["keys", "get", id])],
        Finding::Refused(RefusalReason::Expired) if case.can(Capability::SetExpiry) => {
            let later = case.now.saturating_add(SignedDuration::from_hours(30 * 24)).unwrap_or(case.now);
            let day = later.strftime("%Y-%m-%d").to_string();
            vec![step("Give 30 more days", &["keys", "update", id, "--expires-at", &day])]
        }
        Finding::Refused(
            reason @ (RefusalReason::Disabled | RefusalReason::Inactive | RefusalReason::Revoked),
        ) => {
            let look = match reason {
                RefusalReason::Disabled => "Find out who disabled it and why: a refund, a leaked key",
                _ => "Find out why the purchase ended: a refund, a dispute, a subscription that is over",
            };
            // What was switched off by something else is not switched on by this.
            let is_recorded = !case.key.status_at(case.now).is_usable();
            let enable = is_recorded && case.can(Capability::SetDisabled);
            let enable =
                enable.then(|| step("Put it in force, if the purchase is good", &["keys", "enable", id]));
            [words(look)].into_iter().chain(enable).collect()
        }
        Finding::Refused(RefusalReason::UsageExceeded) if case.can(Capability::SetUsage) => {
            vec![step("Set the usage back", &["keys", "update", id, "--usage", "0"])]
        }
        Finding::Refused(
            RefusalReason::PaymentFailed
            | RefusalReason::SubscriptionCanceled
            | RefusalReason::SubscriptionEnded
            | RefusalReason::Refunded
            | RefusalReason::Disputed,
        ) => vec![words("Look at the payment in the vendor's dashboard; the key follows it")],
        Finding::Refused(_) => vec![
            step("Look at the whole record", &["keys", "get", id]),
            step("Check the environment and the allowed products", &["config", "check"]),
        ],
    }
}

/// One step for each of the oldest seats.
fn free_seats(case: &Case) -> impl Iterator<Item = Step> + use<> {
    let can_free = case.can(Capability::Deactivate) && case.can(Capability::Get);
    let seats: Vec<_> = case.seats.iter().flatten().filter(|_| can_free).collect();
    let steps: Vec<_> = seats.into_iter().take(SEATS_OFFERED).map(|seat| free_seat(case, seat)).collect();
    steps.into_iter()
}

fn free_seat(case: &Case, seat: &Activation) -> Step {
    let label = if seat.label.is_empty() { seat.id.as_str() } else { &seat.label };
    let text = format!("Free the seat of `{label}`, if the customer no longer uses it");
    step(text, &["activations", "remove", case.key.id.as_str(), seat.id.as_str()])
}

fn raise_limit(case: &Case) -> Option<Step> {
    let more = case.limit().filter(|_| case.can(Capability::SetActivationLimit))?.saturating_add(1);
    let more = more.to_string();
    Some(step("Give one more seat", &["keys", "update", case.key.id.as_str(), "--activation-limit", &more]))
}

fn step(text: impl Into<String>, command: &[&str]) -> Step {
    let command = command.iter().map(|word| (*word).to_owned()).collect();
    Step { text: text.into(), command: Some(command) }
}

fn words(text: &str) -> Step {
    Step { text: text.to_owned(), command: None }
}

#[cfg(test)]
mod tests {
    use anykey::{ActivationLimit, ActivationUse, Capabilities};

    use super::*;

    fn full() -> Case {
        let mut case = Case::sample();
        case.key.activations = ActivationUse { used: Some(1), limit: ActivationLimit::AtMost(1) };
        case.seats = Some(vec![Activation::new("act_1".into(), "laptop")]);
        case
    }

    fn commands(case: &Case, finding: Finding) -> Vec<String> {
        support(case, finding).into_iter().filter_map(|step| Some(step.command?.join(" "))).collect()
    }

    #[test]
    fn a_full_key_gets_a_seat_freed_or_one_more() {
        assert_eq!(
            commands(&full(), Finding::Full),
            ["activations remove lic_1 act_1", "keys update lic_1 --activation-limit 2"]
        );
    }

    #[test]
    fn a_seat_without_a_name_is_called_by_its_id() {
        let mut case = full();
        case.seats = Some(vec![Activation::new("act_1".into(), "")]);
        assert!(support(&case, Finding::Full)[0].text.contains("`act_1`"));
    }

    #[test]
    fn nothing_is_offered_that_the_provider_cannot_do() {
        let mut case = Case { capabilities: Capabilities::of(&[Capability::Validate]), ..full() };
        case.key.status = anykey::LicenseStatus::Disabled;
        for reason in [RefusalReason::Expired, RefusalReason::Disabled, RefusalReason::UsageExceeded] {
            let offered = commands(&case, Finding::Refused(reason));
            assert!(offered.iter().all(|command| command == "keys get lic_1" || command == "config check"));
        }
        assert!(commands(&case, Finding::Full).is_empty());
    }

    #[test]
    fn an_expired_key_gets_a_month() {
        assert_eq!(
            commands(&Case::sample(), Finding::Refused(RefusalReason::Expired)),
            ["keys update lic_1 --expires-at 2027-02-14"]
        );
    }
}
