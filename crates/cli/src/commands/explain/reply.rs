//! The answer to the customer, in words without any of ours: no ids, no vendor, no status.

use anykey::{Activation, Capability, RefusalReason, Timestamp};

use super::case::Case;
use super::finding::Finding;
use crate::output::plain;

/// The whole text. It names the key by its last characters only.
pub(super) fn reply(case: &Case, findings: &[Finding]) -> String {
    let code = case.key.code.masked().to_string();
    let key = match code.strip_prefix("****-") {
        Some(tail) => format!("your license key that ends in {tail}"),
        None => "your license key".to_owned(),
    };
    let body: Vec<_> = findings.iter().map(|finding| paragraphs(case, *finding)).collect();
    letter(&format!("thank you for writing. I looked at {key}.\n\n{}", body.join("\n\n")))
}

/// The answer when nobody has the key.
pub(super) fn unknown() -> String {
    letter(
        "thank you for writing. I cannot find the license key that you sent. Please copy it from your receipt once \
         more, from its first to its last character, instead of typing it.\n\nIf it is the same, please send me the \
         order number, or the e-mail address that you bought it with.",
    )
}

fn letter(body: &str) -> String {
    format!("Hello,\n\n{body}\n\nKind regards\n")
}

fn paragraphs(case: &Case, finding: Finding) -> String {
    match finding {
        Finding::Works => "It is valid, and it can be used on a new device. Please enter it once more, in the newest \
             version of the app and with a connection to the internet. If it is refused again, please send me the \
             exact message."
            .to_owned(),
        Finding::NeedsSeat => "It is valid. Please activate it in the app; after that it works on that device.".to_owned(),
        Finding::WithoutSeats => "It is valid, but it is not made for activating devices. Please send me the exact \
             message that you see, and where you entered the key."
            .to_owned(),
        Finding::OtherCase => "Upper and lower case letters matter in it, and some of yours differ. Please copy it from \
             your receipt instead of typing it."
            .to_owned(),
        Finding::Full => full(case),
        Finding::Refused(reason) => refused(case, reason),
        Finding::Unclear => "I have to look into it further, and will write again.".to_owned(),
    }
}

fn full(case: &Case) -> String {
    let seats = case.seats.as_deref().unwrap_or_default();
    let taken = match case.limit() {
        Some(1) => "It can be used on one device".to_owned(),
        Some(limit) => format!("It can be used on {limit} devices"),
        None => "It can be used on a limited number of devices".to_owned(),
    };
    let listed = if seats.is_empty() {
        format!("{taken}, and no further one is free.")
    } else {
        let lines: Vec<_> = seats.iter().map(seat_line).collect();
        format!("{taken}, and is in use on:\n\n{}", lines.join("\n"))
    };
    let way = if case.can(Capability::Deactivate) {
        "To use it on another device, deactivate the license in the app on one of them. If you no longer have that \
         device, tell me which one it is, and I will release it."
    } else {
        "To use it on another device, tell me which one you no longer use, and I will release it."
    };
    format!("{listed}\n\n{way}")
}

fn seat_line(seat: &Activation) -> String {
    let label = if seat.label.is_empty() { "a device without a name" } else { &seat.label };
    let label = plain(label);
    match seat.created_at {
        Some(at) => format!("- {label}, since {}", day(at)),
        None => format!("- {label}"),
    }
}

fn refused(case: &Case, reason: RefusalReason) -> String {
    let text = match reason {
        RefusalReason::Expired => {
            let ended = case.key.expiry.at().map(|at| format!(" on {}", day(at))).unwrap_or_default();
            return format!(
                "The license ended{ended}. When you renew it, the app works again. If you did renew it, please send \
                 me the order number."
            );
        }
        RefusalReason::SubscriptionCanceled | RefusalReason::SubscriptionEnded => {
            "It belongs to a subscription that has ended. When you subscribe again, you can use the app again."
        }
        RefusalReason::PaymentFailed => {
            "The last payment for it did not go through. As soon as it is paid, the key works again; please check your \
             payment method."
        }
        RefusalReason::Refunded => {
            "The purchase was refunded, and the key ended with it. If that is a mistake, please tell me."
        }
        RefusalReason::Disputed => {
            "Your bank has taken the payment back, and the key is blocked because of that. If that is a mistake, please \
             tell me."
        }
        RefusalReason::WrongProduct => {
            "It is for another of our products. Please check which one you installed."
        }
        RefusalReason::UnknownActivation | RefusalReason::SeatExpired => {
            "It is valid, but this device is no longer registered with it. Please activate it in the app once more."
        }
        RefusalReason::CheckInOverdue => {
            "It is valid, but the app has not been online for too long. Please start it once with a connection to the \
             internet."
        }
        RefusalReason::UsageExceeded => "What the license includes is used up.",
        _ => "It is not in force at the moment. I am looking into why, and will write again.",
    };
    text.to_owned()
}

/// `16 December 2026`.
fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use anykey::{ActivationLimit, ActivationUse, Expiry};

    use super::*;

    #[test]
    fn the_devices_are_named_with_the_day() {
        let mut case = Case::sample();
        case.key.activations = ActivationUse { used: Some(1), limit: ActivationLimit::AtMost(1) };
        let mut seat = Activation::new("act_1".into(), "lap\u{1b}[2Jtop");
        seat.created_at = Some("2027-01-12T12:00:00Z".parse().unwrap());
        case.seats = Some(vec![seat]);
        let text = reply(&case, &[Finding::Full]);
        assert!(text.contains("ends in 76cc66"), "{text}");
        assert!(text.contains(
            "It can be used on one device, and is in use on:\n\n- lap [2Jtop, since 12 January 2027\n"
        ));
        assert!(!text.contains("act_1") && !text.contains("EDITOR"), "{text}");
    }

    #[test]
    fn an_end_is_told_as_a_day() {
        let mut case = Case::sample();
        case.key.expiry = Expiry::At("2026-12-16T12:00:00Z".parse().unwrap());
        let text = reply(&case, &[Finding::Refused(RefusalReason::Expired)]);
        assert!(text.contains("The license ended on 16 December 2026."), "{text}");
    }
}
