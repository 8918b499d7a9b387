use anykey_core::{ActivationLimit, SignedDuration, Timestamp};
use anykey_sim_kit::{IssueSpec, Which};
use serde::Deserialize;

use crate::panel::Panel;

/// The longest lifetime that the form takes, in days: a hundred years.
pub(crate) const MOST_DAYS: i64 = 36_500;

/// The form of a key to issue. Empty fields count as absent.
#[derive(Default, Deserialize)]
pub(crate) struct IssueForm {
    #[serde(default)]
    product: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    seats: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    subscription: String,
}

impl IssueForm {
    /// Issues the key and says so, or says why not.
    pub(crate) fn issue(&self, panel: &Panel) -> String {
        let spec = match self.spec(panel) {
            Ok(spec) => spec,
            Err(what) => return format!("{what} Nothing was issued."),
        };
        match panel.vendor.issue(spec) {
            Some(key) => format!("Key {} is issued.", key.code.masked()),
            None => format!("{} does not issue such a key.", panel.simulator.title),
        }
    }

    fn spec(&self, panel: &Panel) -> Result<IssueSpec, &'static str> {
        let mut spec = IssueSpec::new().product(which(&self.product)).customer(which(&self.customer));
        spec.by_subscription = !self.subscription.is_empty();
        if panel.abilities.seats {
            spec.activation_limit = match self.seats.trim() {
                "" => ActivationLimit::Unlimited,
                seats => match seats.parse() {
                    Ok(0) => ActivationLimit::NotAllowed,
                    Ok(seats) => ActivationLimit::AtMost(seats),
                    Err(_) => return Err("The number of seats is no whole number."),
                },
            };
        }
        spec.expires_at = match self.days.trim() {
            "" => None,
            days => Some(in_days(panel.vendor.now(), days).ok_or("The days are not between 1 and 36500.")?),
        };
        Ok(spec)
    }
}

fn which(word: &str) -> Which {
    if word == "2" { Which::Second } else { Which::First }
}

fn in_days(now: Timestamp, days: &str) -> Option<Timestamp> {
    let days: i64 = days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))?;
    now.saturating_add(SignedDuration::from_hours(24 * days)).ok()
}
