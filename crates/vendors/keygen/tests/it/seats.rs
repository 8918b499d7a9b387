//! Machines whose heartbeats are required.

use anykey_core::{ActivateRequest, LicenseProvider, RefusalReason, RenewRequest, SignedDuration};
use anykey_keygen_sim::{CullStrategy, PolicySpec};

use crate::support::{Fixture, code, request, said};

const MINUTES: fn(i64) -> SignedDuration = SignedDuration::from_mins;

fn kept_dead() -> PolicySpec {
    PolicySpec {
        require_heartbeat: true,
        heartbeat_cull_strategy: CullStrategy::KeepDead,
        max_machines: Some(1),
        ..PolicySpec::default()
    }
}

#[tokio::test]
async fn an_activation_sends_the_first_heartbeat_and_knows_its_end() {
    let fixture = Fixture::new();
    let license = fixture.issue(kept_dead());
    let provider = fixture.device();
    let seat = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap();
    assert_eq!(seat.expires_at, Some(fixture.clock.now() + MINUTES(10)));
    let validate = async || said(provider.validate(request(&license).activation(seat.id.clone())).await);
    assert_eq!(validate().await, (None, "VALID".to_owned()));
    fixture.clock.advance(MINUTES(11));
    let expected = (Some(RefusalReason::SeatExpired), "HEARTBEAT_DEAD".to_owned());
    assert_eq!(validate().await, expected);
    let renewed = provider.renew(RenewRequest::new(code(&license.key), seat.id.clone())).await;
    assert_eq!(renewed.unwrap_err().refusal().unwrap().reason, RefusalReason::SeatExpired);
}

#[tokio::test]
async fn an_installation_replaces_its_dead_seat() {
    let fixture = Fixture::new();
    let license = fixture.issue(kept_dead());
    let provider = fixture.device();
    let activate = async || {
        let request = ActivateRequest::new(code(&license.key), "laptop");
        provider.activate(request.installation("ak-1a2b3c4d5e6f".parse().unwrap())).await.unwrap()
    };
    let first = activate().await;
    assert_eq!(activate().await.id, first.id);
    fixture.clock.advance(MINUTES(11));
    let second = activate().await;
    assert_ne!(second.id, first.id);
    assert!(second.expires_at > Some(fixture.clock.now()));
    assert_eq!(fixture.sim().machines(&license.id).len(), 1);
}

#[tokio::test]
async fn a_seat_that_never_ends_is_not_made_to_end() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let provider = fixture.device();
    let seat = provider.activate(ActivateRequest::new(code(&license.key), "laptop")).await.unwrap();
    let renewed = provider.renew(RenewRequest::new(code(&license.key), seat.id.clone())).await.unwrap();
    assert_eq!((renewed.id, renewed.expires_at), (seat.id, None));
    assert_eq!(fixture.sim().machines(&license.id)[0].last_heartbeat, None);
}
