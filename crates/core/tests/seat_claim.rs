//! A claim takes one seat, whatever becomes of the answers.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::Mutex;

use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    ErrorKind, InMemoryProvider, KeyCode, LicenseKey, LicenseKeyId, LicenseProvider, ListQuery, Page, Result,
    SeatClaim, Timestamp, ValidateRequest, Validation, async_trait,
};

/// A vendor that works, over a line that loses the answers to activations.
#[derive(Debug)]
struct Lossy {
    vendor: InMemoryProvider,
    can_list: bool,
    faults: Mutex<Vec<Fault>>,
    activations_sent: Mutex<u32>,
}

#[derive(Debug)]
enum Fault {
    BeforeWork,
    AfterWork,
}

impl Lossy {
    async fn new(can_list: bool, faults: Vec<Fault>) -> (Self, LicenseKeyId) {
        let vendor = InMemoryProvider::new(|| Timestamp::UNIX_EPOCH);
        let key = vendor.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await.unwrap().id;
        (Self { vendor, can_list, faults: Mutex::new(faults), activations_sent: Mutex::new(0) }, key)
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
    fn name(&self) -> &str {
        "lossy"
    }

    fn capabilities(&self) -> Capabilities {
        let device = Capabilities::of(&[Capability::Validate, Capability::Activate]);
        let seller = Capabilities::of(&[Capability::Activations, Capability::List]);
        if self.can_list { device.union(seller) } else { device }
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.vendor.list(query).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.vendor.activations(id).await
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
async fn another_installations_seat_is_not_adopted() {
    let (vendor, key) = Lossy::new(true, Vec::new()).await;
    let first = claim().settle(&vendor).await.unwrap();
    let mut other = SeatClaim::new(code(), "laptop", "ak-000000000000".parse().unwrap());
    assert_ne!(other.settle(&vendor).await.unwrap().id, first.id);
    assert_eq!(vendor.seats(&key).await, 2);
}

#[test]
fn a_claim_does_not_print_the_code() {
    let claim =
        SeatClaim::new(KeyCode::verbatim("PLANTED-CODE-1"), "laptop", "ak-000000000000".parse().unwrap());
    assert!(!format!("{claim:?}").contains("CODE-1"), "{claim:?}");
}
