use anykey::sim::{self, Fault, Role, Rule, SimulatedVendor, Simulator};
use anykey::{Capability, ManualClock, Registry, StatusChange, Timestamp};

use super::*;

async fn entered(app: &App, account: &str, key: &str) -> Result<License, Failure> {
    let entered = Json(Entered { key: key.to_owned() });
    enter(State(app.clone()), Path(account.to_owned()), entered).await.map(|Json(license)| license)
}

async fn shown(app: &App, account: &str) -> License {
    show(State(app.clone()), Path(account.to_owned())).await.unwrap().0
}

fn licensed() -> License {
    License { licensed: true, reason: None }
}

fn refused(reason: &str) -> License {
    License { licensed: false, reason: Some(reason.to_owned()) }
}

/// The app as the guide shows it.
async fn on_the_written_configuration() -> App {
    let config = Config::from_toml(include_str!("../anykey.toml")).unwrap();
    App::open(&Providers::open(&config).unwrap(), &config, ":memory:").await.unwrap()
}

/// The app over this one vendor, without answers that count for later.
async fn over(vendor: &dyn SimulatedVendor) -> App {
    let plane = vendor.planes().pop().unwrap();
    let provider = sim::provider(vendor, &plane).unwrap();
    let providers: Providers = [("all", provider)].into_iter().collect();
    let uncached = "provider = \"memory\"\n[cache]\npositive_ttl_seconds = 0\nnegative_ttl_seconds = 0";
    App::open(&providers, &Config::from_toml(uncached).unwrap(), ":memory:").await.unwrap()
}

/// The simulated vendors whose keys can be validated without a seat.
fn suitable() -> impl Iterator<Item = Arc<dyn SimulatedVendor>> {
    let start = |simulator: Simulator| simulator.start(ManualClock::at(Timestamp::UNIX_EPOCH)).unwrap();
    sim::simulators().into_iter().map(start).filter(|vendor| {
        let provider = sim::provider(&**vendor, &vendor.planes().pop().unwrap()).unwrap();
        provider.capabilities().contains(Capability::ValidateWithoutSeat)
    })
}

#[tokio::test]
async fn keys_of_both_vendors_license_their_accounts() {
    let app = on_the_written_configuration().await;
    assert_eq!(entered(&app, "ada", " ACME-2A7F-91C4D0\n").await, Ok(licensed()));
    assert_eq!(entered(&app, "grace", "OLD-7F3K-0001").await, Ok(licensed()));
    assert_eq!(shown(&app, "ada").await, licensed());
    assert_eq!(shown(&app, "grace").await, licensed());
    assert_eq!(shown(&app, "bob").await, refused("no key was entered"));
}

#[tokio::test]
async fn a_refused_key_is_not_stored() {
    let app = on_the_written_configuration().await;
    assert_eq!(entered(&app, "bob", "OLD-7F3K-0002").await, Ok(refused("the key has expired")));
    assert_eq!(shown(&app, "bob").await, refused("no key was entered"));
}

#[tokio::test]
async fn a_key_belongs_to_one_account() {
    let app = on_the_written_configuration().await;
    assert_eq!(entered(&app, "ada", "ACME-2A7F-91C4D0").await, Ok(licensed()));
    assert_eq!(entered(&app, "bob", "ACME-2A7F-91C4D0").await.unwrap_err().0, StatusCode::CONFLICT);
    assert_eq!(entered(&app, "bob", "").await.unwrap_err().0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_refusal_ends_a_license_and_an_outage_does_not() {
    let mut tested = 0;
    // Each outage takes the time of the retries.
    for vendor in suitable().take(2) {
        let app = over(&*vendor).await;
        let key = vendor.seed(Role::Good).unwrap();
        assert_eq!(entered(&app, "ada", key.code.expose()).await, Ok(licensed()), "{vendor:?}");
        vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
        assert_eq!(shown(&app, "ada").await, licensed(), "{vendor:?}");
        vendor.faults().clear();
        vendor.set_status(&key.id, StatusChange::Disable).unwrap();
        assert!(!shown(&app, "ada").await.licensed, "{vendor:?}");
        vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
        assert!(!shown(&app, "ada").await.licensed, "{vendor:?}");
        tested += 1;
    }
    assert_eq!(tested, 2);
}

#[test]
fn the_written_configuration_is_that_of_built_in_vendors() {
    let config = Config::from_toml(include_str!("../anykey.toml")).unwrap();
    assert!(Providers::open_with(&Registry::builtin(), &config).is_ok());
}
