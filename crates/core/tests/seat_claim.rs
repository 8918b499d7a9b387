//! A claim takes one seat, whatever becomes of the answers and of the claim itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    ErrorKind, InMemoryProvider, KeyCode, LicenseKey, LicenseKeyId, LicenseProvider, ListQuery, Page, Result,
    SeatClaim, Timestamp, ValidateRequest, Validation, async_trait,
};
use futures_util::future::{join_all, poll_immediate};

/// A vendor that works, over a line that loses the answers to activations.
#[derive(Debug)]
struct Lossy {
    vendor: InMemoryProvider,
    can_list: bool,
    /// Whether the list of activations is one from before any of them.
    is_stale: bool,
    recognises: bool,
    faults: Mutex<Vec<Fault>>,
    activations_sent: Mutex<u32>,
}

#[derive(Debug)]
enum Fault {
    NotSent,
    BeforeWork,
    AfterWork,
}

impl Lossy {
    async fn new(can_list: bool, faults: Vec<Fault>) -> (Self, LicenseKeyId) {
        let vendor = InMemoryProvider::new(|| Timestamp::UNIX_EPOCH);
        let key = vendor.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await.unwrap().id;
        let (is_stale, recognises, activations_sent) = (false, false, Mutex::new(0));
        (Self { vendor, can_list, is_stale, recognises, faults: Mutex::new(faults), activations_sent }, key)
    }

    async fn seats(&self, key: &LicenseKeyId) -> usize {
        self.vendor.activations(key).await.unwrap().len()
    }

    fn sent(&self) -> u32 {
        *self.activations_sent.lock().unwrap()
    }
}

#[async_trait]
impl LicenseProvider for Lossy {
    fn vendor(&self) -> &str {
        "lossy"
    }

    fn capabilities(&self) -> Capabilities {
        let device =
            Capabilities::of(&[Capability::Validate, Capability::ValidateWithoutSeat, Capability::Activate]);
        let seller = Capabilities::of(&[Capability::Activations, Capability::List, Capability::ListAll]);
        let recognised = Capabilities::of(&[Capability::OneSeatPerInstallation]);
        let device = if self.recognises { device.union(recognised) } else { device };
        if self.can_list { device.union(seller) } else { device }
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.vendor.list(query).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        if self.is_stale { Ok(Vec::new()) } else { self.vendor.activations(id).await }
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        let mut validation = self.vendor.validate(request).await?;
        validation.key = None;
        Ok(validation)
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        *self.activations_sent.lock().unwrap() += 1;
        let fault = self.faults.lock().unwrap().pop();
        let lost = || Err(Error::new(ErrorKind::Timeout, "lost").with_may_have_taken_effect(true));
        match fault {
            Some(Fault::NotSent) => Err(Error::new(ErrorKind::Transport, "not sent")),
            Some(Fault::BeforeWork) => lost(),
            Some(Fault::AfterWork) => {
                self.vendor.activate(request).await?;
                lost()
            }
            None => self.vendor.activate(request).await,
        }
    }
}

fn code() -> KeyCode {
    KeyCode::verbatim("AAAA-BBBB")
}

fn claim() -> SeatClaim {
    SeatClaim::new(code(), "laptop", "ak-1a2b3c4d5e6f".parse().unwrap())
}

#[tokio::test]
async fn a_lost_answer_is_found_in_the_list_and_adopted() {
    let (vendor, key) = Lossy::new(true, vec![Fault::AfterWork]).await;
    let mut claim = claim();
    let seat = claim.settle(&vendor).await.unwrap();
    assert_eq!(claim.settle(&vendor).await.unwrap().id, seat.id);
    assert_eq!((vendor.seats(&key).await, vendor.sent(), claim.is_open()), (1, 1, false));
}

#[tokio::test]
async fn what_is_not_listed_stays_open_until_somebody_says_that_it_is_not_there() {
    let (vendor, key) = Lossy::new(true, vec![Fault::BeforeWork]).await;
    let mut claim = claim().key(key.clone());
    for sent in [1, 1] {
        let error = claim.settle(&vendor).await.unwrap_err();
        assert!(error.may_have_taken_effect() && claim.is_open());
        assert_eq!(vendor.sent(), sent);
    }
    claim.close();
    claim.settle(&vendor).await.unwrap();
    assert_eq!((vendor.seats(&key).await, claim.is_open()), (1, false));
}

#[tokio::test]
async fn without_a_list_a_repeated_call_does_not_make_it_worse() {
    let (mut vendor, key) = Lossy::new(false, vec![Fault::AfterWork]).await;
    let mut claim = claim();
    assert!(claim.settle(&vendor).await.unwrap_err().to_string().contains("a seat may be taken"));
    assert!(claim.is_open());
    let mut claim = self::claim().reopened();
    for _ in 0..3 {
        let error = claim.settle(&vendor).await.unwrap_err();
        assert!(error.may_have_taken_effect() && error.is_transient());
        assert!(error.to_string().contains("may have taken a seat"), "{error}");
    }
    assert_eq!((vendor.seats(&key).await, vendor.sent()), (1, 1));

    vendor.can_list = true;
    claim.settle(&vendor).await.unwrap();
    assert_eq!((vendor.seats(&key).await, vendor.sent(), claim.is_open()), (1, 1, false));
}

#[tokio::test]
async fn a_seat_is_held_without_a_list_and_taken_anew_when_the_list_has_lost_it() {
    let (mut vendor, key) = Lossy::new(false, Vec::new()).await;
    let mut claim = claim().key(key.clone());
    let seat = claim.settle(&vendor).await.unwrap();
    assert_eq!(claim.settle(&vendor).await.unwrap().id, seat.id);
    assert_eq!(vendor.seats(&key).await, 1);

    vendor.can_list = true;
    vendor.vendor.deactivate(DeactivateRequest::new(code(), seat.id.clone())).await.unwrap();
    assert_ne!(claim.settle(&vendor).await.unwrap().id, seat.id);
    assert_eq!(vendor.seats(&key).await, 1);
}

#[tokio::test]
async fn a_held_seat_that_a_stale_list_lacks_is_not_taken_again() {
    let (mut vendor, key) = Lossy::new(true, Vec::new()).await;
    vendor.is_stale = true;
    let mut claim = claim().key(key.clone());
    let seat = claim.settle(&vendor).await.unwrap();
    assert_eq!(claim.settle(&vendor).await.unwrap().id, seat.id);
    assert_eq!((vendor.seats(&key).await, vendor.sent()), (1, 1));
}

#[tokio::test]
async fn another_installations_seat_is_not_adopted() {
    let (vendor, key) = Lossy::new(true, Vec::new()).await;
    let first = claim().settle(&vendor).await.unwrap();
    let mut other = SeatClaim::new(code(), "laptop", "ak-000000000000".parse().unwrap());
    assert_ne!(other.settle(&vendor).await.unwrap().id, first.id);
    assert_eq!(vendor.seats(&key).await, 2);
}

/// A vendor whose calls wait before and after their work, each for another while.
#[derive(Debug)]
struct Slow(InMemoryProvider, AtomicUsize, Capabilities);

impl Slow {
    fn new(limit: u64) -> (Self, LicenseKeyId) {
        let vendor = InMemoryProvider::new(|| Timestamp::UNIX_EPOCH);
        let request = CreateRequest::new(code(), "cus_1", "pdt_1").activation_limit(limit);
        let key = vendor.insert(request).unwrap().id;
        let most_vendors = Capabilities::all().without(Capability::OneSeatPerInstallation);
        (Self(vendor, AtomicUsize::new(0), most_vendors), key)
    }

    fn recognising_installations(self) -> Self {
        Self(self.0, self.1, Capabilities::all())
    }

    async fn wait(&self) {
        let calls = self.1.fetch_add(1, Ordering::Relaxed);
        for _ in 0..=(calls * 7 % 5) {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl LicenseProvider for Slow {
    fn vendor(&self) -> &str {
        "slow"
    }

    fn capabilities(&self) -> Capabilities {
        self.2
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.wait().await;
        let listed = self.0.activations(id).await;
        self.wait().await;
        listed
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.wait().await;
        self.0.validate(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.wait().await;
        let seat = self.0.activate(request).await;
        self.wait().await;
        seat
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.wait().await;
        self.0.deactivate(request).await
    }
}

#[tokio::test]
async fn of_twenty_claims_at_once_one_seat_remains() {
    for limit in [1, 2, 5, 20] {
        let (vendor, key) = Slow::new(limit);
        let mut claims: Vec<_> = (0..20).map(|_| claim()).collect();
        let settled = join_all(claims.iter_mut().map(|claim| claim.settle(&vendor))).await;
        let seats = vendor.0.activations(&key).await.unwrap();
        assert_eq!(seats.len(), 1, "{limit} seats");
        for seat in settled {
            assert_eq!(seat.unwrap().id, seats[0].id, "{limit} seats");
        }
    }
}

#[tokio::test]
async fn a_claim_that_is_dropped_anywhere_takes_one_seat_in_the_end() {
    let mut finished = false;
    for polls in 0.. {
        let (vendor, key) = Slow::new(5);
        let mut claim = claim();
        {
            let mut settling = pin!(claim.settle(&vendor));
            for _ in 0..polls {
                finished = poll_immediate(&mut settling).await.is_some();
                if finished {
                    break;
                }
            }
        }
        if claim.settle(&vendor).await.is_err() {
            assert!(claim.is_open() && vendor.0.activations(&key).await.unwrap().is_empty(), "{polls} polls");
            claim.close();
            claim.settle(&vendor).await.unwrap();
        }
        assert_eq!(vendor.0.activations(&key).await.unwrap().len(), 1, "{polls} polls");
        if finished {
            assert!(polls > 5, "it was dropped at every await");
            return;
        }
    }
}

#[tokio::test]
async fn where_installations_are_recognised_only_an_answer_closes_a_claim() {
    let faults = vec![Fault::NotSent, Fault::AfterWork];
    let (vendor, key) = Lossy::new(false, faults).await;
    let vendor = Lossy { recognises: true, ..vendor };
    let mut claim = claim();
    for _ in 0..2 {
        let error = claim.settle(&vendor).await.unwrap_err();
        assert!(claim.is_open() && error.may_have_taken_effect(), "the first one took a seat: {error:?}");
    }
    claim.settle(&vendor).await.unwrap();
    assert_eq!((vendor.seats(&key).await, claim.is_open()), (1, false));

    let (vendor, _) = Lossy::new(false, vec![Fault::NotSent]).await;
    let mut claim = self::claim();
    let error = claim.settle(&Lossy { recognises: true, ..vendor }).await.unwrap_err();
    assert!(!claim.is_open() && !error.may_have_taken_effect());
}

#[tokio::test]
async fn where_installations_are_recognised_a_dropped_claim_settles_at_once() {
    for polls in 0..10 {
        let (vendor, key) = Slow::new(1);
        let vendor = vendor.recognising_installations();
        let mut claim = claim();
        {
            let mut settling = pin!(claim.settle(&vendor));
            for _ in 0..polls {
                if poll_immediate(&mut settling).await.is_some() {
                    break;
                }
            }
        }
        let seat = claim.settle(&vendor).await.unwrap();
        assert!(!claim.is_open());
        assert_eq!(vendor.0.activations(&key).await.unwrap()[0].id, seat.id, "{polls} polls");
    }
}

#[test]
fn a_claim_does_not_print_the_code() {
    let claim =
        SeatClaim::new(KeyCode::verbatim("PLANTED-CODE-1"), "laptop", "ak-000000000000".parse().unwrap());
    assert!(!format!("{claim:?}").contains("CODE-1"), "{claim:?}");
}
