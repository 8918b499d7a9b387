use anykey_core::{Expiry, LicenseKeyId, SignedDuration, StatusChange};
use anykey_sim_kit::KeyRecord;
use serde::Deserialize;

use crate::deliveries::Receiver;
use crate::fault_choice::{FaultKind, HowOften};
use crate::issue_form::IssueForm;
use crate::panel::Panel;

/// How long [`extend`] makes a key last.
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A form that was sent: what to do, and with what.
#[derive(Deserialize)]
pub(crate) struct ActionForm {
    #[serde(rename = "do")]
    action: String,
    /// The key's id.
    #[serde(default)]
    key: String,
    #[serde(default)]
    fault: String,
    #[serde(default)]
    often: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    data: String,
    /// The number of a delivery.
    #[serde(default)]
    delivery: String,
    #[serde(flatten)]
    issue: IssueForm,
}

/// Does what `form` says and leaves a notice of it.
pub(crate) async fn perform(panel: &Panel, form: ActionForm) {
    let notice = match form.action.as_str() {
        "issue" => form.issue.issue(panel),
        "fault" => switch_on(panel, &form),
        "no-fault" => {
            panel.clear_faults();
            "No fault is switched on any more.".to_owned()
        }
        "receiver" => set_receiver(panel, &form.answer),
        "deliver" => send_due(panel).await,
        "repeat" => repeat(panel, &form.delivery).await,
        "announce" => announce(panel, &form),
        _ => with_key(panel, &form),
    };
    panel.view().notice = Some(notice);
    panel.changes().announce();
}

async fn send_due(panel: &Panel) -> String {
    match panel.deliveries.send_due(&*panel.vendor, &panel.mask).await {
        0 => "No webhook is due.".to_owned(),
        sent => format!("Webhook requests sent: {sent}."),
    }
}

async fn repeat(panel: &Panel, delivery: &str) -> String {
    match delivery.parse().is_ok_and(|number| panel.deliveries.repeat(&*panel.vendor, number)) {
        true => send_due(panel).await,
        false => "This webhook cannot be sent again.".to_owned(),
    }
}

fn with_key(panel: &Panel, form: &ActionForm) -> String {
    let id = LicenseKeyId::from(form.key.as_str());
    let keys = panel.vendor.keys().unwrap_or_default();
    let Some(key) = keys.into_iter().find(|key| key.id == id) else {
        return "There is no such key any more.".to_owned();
    };
    panel.mask.learn(std::slice::from_ref(&key));
    let (vendor, name) = (&panel.vendor, key.code.masked().to_string());
    let (done, what) = match form.action.as_str() {
        "reveal" => {
            panel.view().revealed.insert(id);
            return format!("The code of {name} is shown.");
        }
        "hide" => {
            panel.view().revealed.remove(&id);
            return format!("The code of {name} is hidden.");
        }
        "disable" => (vendor.set_status(&id, StatusChange::Disable), "disabled"),
        "enable" => (vendor.set_status(&id, StatusChange::Enable), "enabled"),
        "revoke" => (vendor.set_status(&id, StatusChange::Revoke), "revoked"),
        "expire" => (vendor.set_expiry(&id, Some(vendor.now())), "expired"),
        "extend" => (extend(panel, &key), "extended by 30 days"),
        "rotate" => (vendor.rotate(&id).map(drop), "rotated: it has a new code, and the old one is unknown"),
        "refund" => (vendor.refund(&id), "refunded"),
        "stop-payment" => (vendor.stop_payment(&id), "no longer paid for"),
        "resume-payment" => (vendor.resume_payment(&id), "paid for again"),
        "seat" => {
            let label = format!("device-{}", vendor.activations(&id).len() + 1);
            (vendor.activate(&id, &label).map(drop), "activated on a further device")
        }
        _ => return "The page does not know this action.".to_owned(),
    };
    match done {
        Some(()) => format!("Key {name} is {what}."),
        None => format!("{} does not do this with key {name} as it is now.", panel.simulator.title),
    }
}

/// A month from the key's end, or from now where it has ended or never ends.
fn extend(panel: &Panel, key: &KeyRecord) -> Option<()> {
    let now = panel.vendor.now();
    let from = match key.expiry {
        Expiry::At(at) => at.max(now),
        _ => now,
    };
    panel.vendor.set_expiry(&key.id, Some(from.saturating_add(MONTH).ok()?))
}

fn switch_on(panel: &Panel, form: &ActionForm) -> String {
    let chosen = FaultKind::named(&form.fault).zip(HowOften::named(&form.often));
    let Some((kind, often)) = chosen else { return "Choose a fault.".to_owned() };
    panel.set_fault(kind, often);
    format!("Fault switched on. {}: {}.", often.title(), kind.title)
}

fn set_receiver(panel: &Panel, answer: &str) -> String {
    if !matches!(panel.deliveries.receiver(), Receiver::Page(_)) {
        return "The receiver is not this page.".to_owned();
    }
    let (answer, words) = match answer {
        "200" => (Some(http::StatusCode::OK), "answers webhooks with 200"),
        "500" => (Some(http::StatusCode::INTERNAL_SERVER_ERROR), "answers webhooks with 500"),
        _ => (None, "does not answer webhooks"),
    };
    panel.deliveries.set_receiver(Receiver::Page(answer));
    format!("From now on the receiver {words}.")
}

fn announce(panel: &Panel, form: &ActionForm) -> String {
    let event = form.event.trim();
    if event.is_empty() {
        return "An event needs a type.".to_owned();
    }
    let data = if form.data.trim().is_empty() { "{}" } else { &form.data };
    match serde_json::from_str(data) {
        Ok(data) => {
            panel.vendor.announce(event, data);
            format!("The event {event} is sent to every endpoint.")
        }
        Err(_) => "The data of the event is no JSON, so nothing was sent.".to_owned(),
    }
}
