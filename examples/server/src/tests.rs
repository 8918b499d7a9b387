use anykey::sim::{self, Fault, Role, Rule, SimulatedVendor, Simulator};
use anykey::{
    Capabilities, Capability, ManualClock, Refusal, RefusalReason, Registry, StatusChange, Timestamp,
    async_trait,
};
use tokio::sync::watch;

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

/// The app over this one vendor, as its own plane has it.
async fn over(vendor: &dyn SimulatedVendor) -> App {
    let plane = vendor.planes().pop().unwrap();
    uncached(sim::provider(vendor, &plane).unwrap()).await
}

/// The app over this one provider, without answers that count for later.
async fn uncached(provider: Arc<dyn LicenseProvider>) -> App {
    let providers: Providers = [("all", provider)].into_iter().collect();
    let config = "provider = \"memory\"\n[cache]\npositive_ttl_seconds = 0\nnegative_ttl_seconds = 0";
    App::open(&providers, &Config::from_toml(config).unwrap(), ":memory:").await.unwrap()
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

/// Accepts every key. Asked about the key `FIRST` again, it waits until `refusing` is true, and refuses it.
#[derive(Debug)]
struct SlowVendor {
    asked: watch::Sender<u32>,
    refusing: watch::Sender<bool>,
}

#[async_trait]
impl LicenseProvider for SlowVendor {
    fn vendor(&self) -> &str {
        "acme"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::Validate, Capability::ValidateWithoutSeat])
    }

    async fn validate(&self, request: ValidateRequest) -> anykey::Result<Validation> {
        self.asked.send_modify(|asked| *asked += 1);
        if request.code.expose() == "FIRST" && *self.asked.borrow() > 1 {
            self.refusing.subscribe().wait_for(|refusing| *refusing).await.unwrap();
            return Ok(Validation::refused(Refusal::new(RefusalReason::Revoked)));
        }
        Ok(Validation::valid())
    }
}

#[tokio::test]
async fn a_late_refusal_of_the_former_key_does_not_end_the_license_of_the_new_one() {
    let vendor = Arc::new(SlowVendor { asked: watch::Sender::new(0), refusing: watch::Sender::new(false) });
    let app = uncached(vendor.clone()).await;
    assert_eq!(entered(&app, "ada", "FIRST").await, Ok(licensed()));
    let replaced = async {
        vendor.asked.subscribe().wait_for(|asked| *asked == 2).await.unwrap();
        assert_eq!(entered(&app, "ada", "SECOND").await, Ok(licensed()));
        vendor.refusing.send_replace(true);
    };
    let (late, ()) = tokio::join!(shown(&app, "ada"), replaced);
    assert!(!late.licensed, "{late:?}");
    let stored: (Option<String>,) =
        sqlx::query_as("SELECT reason FROM licenses").fetch_one(&app.database).await.unwrap();
    assert_eq!(stored.0, None);
}

#[test]
fn the_written_configuration_is_that_of_built_in_vendors() {
    let config = Config::from_toml(include_str!("../anykey.toml")).unwrap();
    assert!(Providers::open_with(&Registry::builtin(), &config).is_ok());
}
