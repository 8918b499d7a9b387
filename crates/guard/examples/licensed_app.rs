//! A small terminal app that holds its license through good and bad days, at two vendors in turn.
//!
//! The vendors are simulated and time is moved by hand, so a month takes a moment:
//!
//! ```text
//! cargo run -p anykey-guard --example licensed_app
//! ```
//!
//! [`Editor`] is what an app has to write: open the guard, show [`Editor::screen`], and four commands.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::sync::Arc;

use anykey_core::{KeyCode, LicenseProvider, ManualClock, RefusalReason, SignedDuration, Timestamp};
use anykey_guard::{AccessState, Cause, Guard, GuardError, Installation, MemoryStore, Policy};
use anykey_http::{HttpTransport, Pacer, RetryPolicy};
use anykey_testkit::transport::{Fault, FaultyTransport, Rule};

pub(crate) type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Something that is done at the vendor.
type Action<T = ()> = Box<dyn Fn() -> T + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Fallible<()> {
    println!("=== at Dodo ===\n{}\n", story_at_dodo().await?.join("\n"));
    println!("=== at Polar ===\n{}", story_at_polar().await?.join("\n"));
    Ok(())
}

pub(crate) async fn story_at_dodo() -> Fallible<Vec<String>> {
    month_at(&at_dodo()?).await
}

pub(crate) async fn story_at_polar() -> Fallible<Vec<String>> {
    month_at(&at_polar()?).await
}

/// The app.
struct Editor {
    guard: Guard,
    clock: ManualClock,
}

impl Editor {
    /// Starts the app. The record is in memory here; an app for customers takes a `FileStore`.
    fn start(stage: &Stage) -> Fallible<Self> {
        let guard = Guard::builder(stage.disk.clone(), stage.provider.clone())
            .policy(Policy::default())
            .device("studio-mac")
            .clock(stage.clock.clone())
            .open()?;
        Ok(Self { guard, clock: stage.clock.clone() })
    }

    /// What the user reads above the document, in every state.
    fn screen(&self) -> String {
        let access = self.guard.access();
        let now = self.clock.now();
        let days_left = access.until().map(|until| until.duration_since(now).as_hours() / 24);
        let in_days = days_left.map_or("any time".to_owned(), |days| format!("{days} days"));
        let mut screen = match access.state {
            AccessState::NotActivated => "Trial: saving is off. Enter your license key.".to_owned(),
            AccessState::Granted { .. } => "Licensed.".to_owned(),
            AccessState::Grace { .. } if access.ends_within(SignedDuration::from_hours(72), now) => {
                format!("Please go online: without it the editor locks in {in_days}.")
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
                "The first try may have taken a seat. [Ask the shop] [Take another seat]".to_owned()
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

/// A month of one user.
async fn month_at(stage: &Stage) -> Fallible<Vec<String>> {
    let mut story = Vec::new();
    let mut log = |what: &str, screen: String| story.push(format!("{what:<44} {screen}"));
    let days_pass = |days: i64| stage.clock.advance(SignedDuration::from_hours(24 * days));

    let app = Editor::start(stage)?;
    log("first start", app.screen());
    log("a typing error", app.enter_key(&KeyCode::parse("no-such-key")?).await);
    stage.network.inject(Rule::next(Fault::AnswerLost).when(|_, path| path.ends_with("/activate")));
    log("the key, over a bad line", app.enter_key(&stage.code).await);
    log("", app.screen());
    log("the key again", app.enter_key(&stage.code).await);
    log("[Take another seat]", app.take_another_seat(&stage.code).await);
    log("", app.screen());

    stage.network.inject(Rule::always(Fault::ConnectionRefused));
    days_pass(2);
    let app = Editor::start(stage)?;
    log("two days later, started on a plane", app.screen());
    log("check", app.check().await);
    days_pass(11);
    log("eleven days later", app.screen());
    days_pass(3);
    log("three days later", app.screen());
    stage.network.heal();
    log("back home", app.check().await);
    log("", app.screen());

    stage.network.inject(Rule::always(Fault::unavailable(503)));
    days_pass(2);
    app.check().await;
    log("the vendor is down for two days", app.screen());
    stage.network.heal();

    (stage.stop_paying)();
    app.check().await;
    log("the subscription is paused", app.screen());
    (stage.pay)();
    app.check().await;
    log("and paid for", app.screen());

    log("uninstalled", app.uninstall().await);
    log("", app.screen());
    log("", format!("{} seat is still counted: the one of the lost answer", (stage.seats)()));
    Ok(story)
}

type Network = FaultyTransport<Arc<dyn HttpTransport>>;

/// A vendor, the network between it and the app, and what the customer does there.
struct Stage {
    clock: ManualClock,
    network: Network,
    disk: MemoryStore,
    provider: Arc<dyn LicenseProvider>,
    code: KeyCode,
    stop_paying: Action,
    pay: Action,
    seats: Action<usize>,
}

fn at_dodo() -> Fallible<Stage> {
    use anykey_dodo::DodoProvider;
    use anykey_dodo_sim::{DodoSim, KeySpec, Purchase, SubscriptionState};

    let clock = start_of_the_story()?;
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
    Ok(Stage {
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

fn at_polar() -> Fallible<Stage> {
    use anykey_polar::PolarProvider;
    use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim};

    let clock = start_of_the_story()?;
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
    Ok(Stage {
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

/// What the installer leaves on this machine.
fn disk() -> Fallible<MemoryStore> {
    Ok(MemoryStore::new(Installation::from_identity("com.example.editor", "studio-mac-1")?))
}

fn start_of_the_story() -> Fallible<ManualClock> {
    Ok(ManualClock::at("2027-03-01T09:00:00Z".parse::<Timestamp>()?))
}
