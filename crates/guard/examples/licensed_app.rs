//! A small terminal app with a license, run through a simulated month with faults, first with Dodo and then with
//! Polar.
//!
//! The vendors are simulated and the clock is advanced by the program, so it takes only a moment:
//!
//! ```text
//! cargo run -p anykey-guard --example licensed_app
//! ```
//!
//! [`Editor`] is the code that an app needs: it opens the guard, shows [`Editor::screen`] and has four commands.
#![allow(clippy::print_stdout)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::error::Error;
use std::sync::Arc;

use anykey_core::{KeyCode, LicenseProvider, ManualClock, RefusalReason, SignedDuration, Timestamp};
use anykey_guard::{AccessState, Cause, Guard, GuardError, Installation, MemoryStore, Policy};
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_testkit::transport::{Fault, FaultyTransport, Rule};

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// An action at the vendor.
type Action<T = ()> = Box<dyn Fn() -> T + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Fallible<()> {
    println!("=== at Dodo ===\n{}\n", month_with_dodo().await?.join("\n"));
    println!("=== at Polar ===\n{}", month_with_polar().await?.join("\n"));
    Ok(())
}

async fn month_with_dodo() -> Fallible<Vec<String>> {
    month_with(&at_dodo()?).await
}

async fn month_with_polar() -> Fallible<Vec<String>> {
    month_with(&at_polar()?).await
}

/// The app.
struct Editor {
    guard: Guard,
    clock: ManualClock,
}

impl Editor {
    /// Starts the app. The record is in memory here; a real app uses a `FileStore`.
    fn start(scenario: &Scenario) -> Fallible<Self> {
        let guard = Guard::builder(scenario.disk.clone(), scenario.provider.clone())
            .policy(Policy::default())
            .device("studio-mac")
            .clock(scenario.clock.clone())
            .open()?;
        Ok(Self { guard, clock: scenario.clock.clone() })
    }

    /// The license status that the user sees, for every state.
    fn screen(&self) -> String {
        let access = self.guard.access();
        let now = self.clock.now();
        let days_left = access.until().map(|until| until.duration_since(now).as_hours() / 24);
        let in_days = days_left.map_or("any time".to_owned(), |days| format!("{days} days"));
        let mut screen = match access.state {
            AccessState::NotActivated => "Trial: saving is off. Enter your license key.".to_owned(),
            AccessState::Granted { .. } => "Licensed.".to_owned(),
            AccessState::Grace { .. } if access.ends_within(SignedDuration::from_hours(72), now) => {
                format!("Please go online: otherwise the editor locks in {in_days}.")
            }
            AccessState::Grace { .. } => format!("Licensed. Working offline for up to {in_days}."),
            AccessState::Refused { reason: RefusalReason::UnknownKey, .. } => {
                "Your key has changed. Enter the new one from your receipt.".to_owned()
            }
            AccessState::Refused { until: Some(_), .. } => {
                format!("Your payment is late. The editor locks in {in_days}.")
            }
            AccessState::Refused { reason, .. } => format!("Locked: {reason}. [Check now] [Buy]"),
            AccessState::NeedsCheck { cause: Cause::ActivationPending, .. } => {
                "Your key is being checked. Go online and enter it again.".to_owned()
            }
            AccessState::NeedsCheck { .. } => "Locked until you go online. [Check now]".to_owned(),
            _ => access.to_string(),
        };
        if access.seat_may_be_taken {
            screen.push_str(" (One of your seats may be counted twice.)");
        }
        screen
    }

    async fn enter_key(&self, code: &KeyCode) -> String {
        match self.guard.activate(code.clone()).await {
            Ok(_) => "Thank you!".to_owned(),
            Err(GuardError::Refused(refusal)) => format!("Sorry: {}.", refusal.reason),
            Err(GuardError::AnswerLost(_)) => "The connection broke. Please try again.".to_owned(),
            Err(GuardError::StillPending { .. }) => {
                "The first try may have taken a seat. [Contact the seller] [Take another seat]".to_owned()
            }
            Err(error) => format!("Not now: {error}."),
        }
    }

    async fn take_another_seat(&self, code: &KeyCode) -> String {
        match self.guard.activate_once_more(code.clone()).await {
            Ok(_) => "Thank you!".to_owned(),
            Err(error) => format!("Not now: {error}."),
        }
    }

    async fn check(&self) -> String {
        match self.guard.refresh().await {
            Ok(_) => "checked".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    async fn uninstall(&self) -> String {
        match self.guard.uninstall().await {
            Ok(release) => release.to_string(),
            Err(error) => error.to_string(),
        }
    }
}

/// Simulates a month of one user.
async fn month_with(scenario: &Scenario) -> Fallible<Vec<String>> {
    let mut story = Vec::new();
    let mut log = |what: &str, screen: String| story.push(format!("{what:<44} {screen}"));
    let advance_days = |days: i64| scenario.clock.advance(SignedDuration::from_hours(24 * days));

    let app = Editor::start(scenario)?;
    log("first start", app.screen());
    log("a mistyped key", app.enter_key(&KeyCode::parse("no-such-key")?).await);
    scenario.network.inject(Rule::next(Fault::AnswerLost).when(|_, path| path.ends_with("/activate")));
    log("the key, with a lost answer", app.enter_key(&scenario.code).await);
    log("", app.screen());
    log("the key again", app.enter_key(&scenario.code).await);
    log("[Take another seat]", app.take_another_seat(&scenario.code).await);
    log("", app.screen());

    scenario.network.inject(Rule::always(Fault::ConnectionRefused));
    advance_days(2);
    let app = Editor::start(scenario)?;
    log("two days later, started offline", app.screen());
    log("check", app.check().await);
    advance_days(11);
    log("eleven days later", app.screen());
    advance_days(3);
    log("three days later", app.screen());
    scenario.network.clear();
    log("online again", app.check().await);
    log("", app.screen());

    scenario.network.inject(Rule::always(Fault::unavailable(503)));
    advance_days(2);
    app.check().await;
    log("the vendor is down for two days", app.screen());
    scenario.network.clear();

    (scenario.stop_paying)();
    app.check().await;
    log("the subscription is paused", app.screen());
    (scenario.pay)();
    app.check().await;
    log("the subscription is paid", app.screen());

    log("uninstalled", app.uninstall().await);
    log("", app.screen());
    log("", format!("{} seat is still counted: that of the lost answer", (scenario.seats)()));
    Ok(story)
}

type Network = FaultyTransport<Arc<dyn HttpTransport>>;

/// A vendor, the network to it, and the customer's actions.
struct Scenario {
    clock: ManualClock,
    network: Network,
    disk: MemoryStore,
    provider: Arc<dyn LicenseProvider>,
    code: KeyCode,
    stop_paying: Action,
    pay: Action,
    seats: Action<usize>,
}

fn at_dodo() -> Fallible<Scenario> {
    use anykey_dodo::DodoProvider;
    use anykey_dodo_sim::{DodoSim, KeySpec, Purchase, SubscriptionState};

    let clock = start_time()?;
    let sim = DodoSim::new(clock.clone());
    let sold = sim.issue(KeySpec {
        activations_limit: Some(2),
        purchase: Purchase::Subscription,
        ..KeySpec::default()
    })?;
    let network = network_to(sim.clone());
    let provider = DodoProvider::builder()
        .environment(anykey_core::Environment::Sandbox)
        .transport(Arc::new(network.clone()))
        .device_pacer(Pacer::unlimited())
        .retry(RetryPolicy::none())
        .build()?;
    let subscription = sold.subscription_id.clone().ok_or("the key has a subscription")?;
    let set = |sim: DodoSim, to: SubscriptionState| -> Action {
        let subscription = subscription.clone();
        Box::new(move || {
            sim.set_subscription(&subscription, to);
        })
    };
    Ok(Scenario {
        clock,
        network,
        disk: disk()?,
        provider: Arc::new(provider),
        code: KeyCode::parse(&sold.key)?,
        stop_paying: set(sim.clone(), SubscriptionState::OnHold),
        pay: set(sim.clone(), SubscriptionState::Active),
        seats: Box::new(move || sim.instances(&sold.id).len()),
    })
}

fn at_polar() -> Fallible<Scenario> {
    use anykey_polar::PolarProvider;
    use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim};

    let clock = start_time()?;
    let sim = PolarSim::new(clock.clone());
    let customer = sim.add_customer(CustomerSpec::default())?;
    let activations = Some(ActivationSpec { limit: 2, enable_customer_admin: false });
    let benefit = sim.add_benefit(BenefitSpec { activations, ..BenefitSpec::default() })?;
    let sold = sim.grant(GrantSpec::subscription(benefit, customer))?;
    let network = network_to(sim.clone());
    let provider = PolarProvider::builder(sim.organization_id().to_string())
        .transport(Arc::new(network.clone()))
        .device_pacer(Pacer::unlimited())
        .retry(RetryPolicy::none())
        .build()?;
    let (paused, resumed, counted) = (sim.clone(), sim.clone(), sim);
    Ok(Scenario {
        clock,
        network,
        disk: disk()?,
        provider: Arc::new(provider),
        code: KeyCode::parse(&sold.key)?,
        stop_paying: Box::new(move || paused.end_grant(sold.id).unwrap_or_default()),
        pay: Box::new(move || resumed.resume_grant(sold.id).unwrap_or_default()),
        seats: Box::new(move || counted.key(sold.id).map_or(0, |key| key.live_activations)),
    })
}

fn network_to(sim: impl HttpTransport) -> Network {
    FaultyTransport::new(Arc::new(sim))
}

/// An empty store, as after the installation.
fn disk() -> Fallible<MemoryStore> {
    Ok(MemoryStore::new(Installation::from_identity("com.example.editor", "studio-mac-1")?))
}

fn start_time() -> Fallible<ManualClock> {
    Ok(ManualClock::at("2027-03-01T09:00:00Z".parse::<Timestamp>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_user_sees_the_same_with_both_vendors() {
        let dodo = month_with_dodo().await.unwrap();
        let polar = month_with_polar().await.unwrap();
        // Only Polar gives a reason for a refusal.
        let without_reason = |story: Vec<String>| {
            let lines = story.into_iter().filter(|line| !line.contains("Locked: "));
            lines.collect::<Vec<_>>()
        };
        let (dodo, polar) = (without_reason(dodo), without_reason(polar));
        assert_eq!(dodo, polar);
        for screen in [
            "Trial",
            "Licensed.",
            "Working offline for up to 13 days",
            "Please go online",
            "the seat was released",
            "1 seat is",
        ] {
            assert!(dodo.iter().any(|line| line.contains(screen)), "{screen}");
        }
    }
}
