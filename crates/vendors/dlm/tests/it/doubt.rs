//! A shop that cannot read its own database.

use anykey_core::{
    ActivateRequest, DeactivateRequest, ErrorKind, LicenseProvider, ManualClock, RefusalReason, StatusChange,
    ValidateRequest,
};
use anykey_dlm::{DlmConfig, DlmProvider};
use anykey_dlm_sim::kit::{IssueSpec, SimulatedVendor};
use anykey_dlm_sim::{DlmSim, SimulatedDlm, Table};

fn shop() -> (SimulatedDlm, DlmProvider) {
    let shop = SimulatedDlm::new(DlmSim::new(ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap())));
    let plane = shop.planes().pop().unwrap();
    let config: DlmConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    let provider = config.builder(&plane.secrets).unwrap().transport(shop.transport()).build().unwrap();
    (shop, provider)
}

#[tokio::test]
async fn what_may_be_an_unreadable_table_is_a_doubtful_refusal() {
    let (shop, provider) = shop();
    let issued = shop.issue(IssueSpec::new()).unwrap();
    let seat = shop.activate(&issued.id, "laptop").unwrap();
    let on_seat = || ValidateRequest::new(issued.code.clone()).activation(seat.clone());
    for (table, reason) in [
        (Table::Activations, RefusalReason::UnknownActivation),
        (Table::Licenses, RefusalReason::UnknownActivation),
    ] {
        shop.sim().change_switches(|switches| switches.unreadable_table = Some(table));
        let refused = provider.validate(on_seat()).await.unwrap();
        let refusal = refused.refusal().unwrap();
        assert_eq!((refusal.reason, refusal.is_doubtful), (reason, true), "{table:?}");
        let release = DeactivateRequest::new(issued.code.clone(), seat.clone());
        let error = provider.deactivate(release).await.unwrap_err();
        assert!(error.refusal().unwrap().is_doubtful, "{table:?}: {error}");
    }
    let alone = provider.validate(ValidateRequest::new(issued.code.clone())).await.unwrap();
    let refusal = alone.refusal().unwrap();
    assert_eq!((refusal.reason, refusal.is_doubtful), (RefusalReason::UnknownKey, true));
    let error = provider.activate(ActivateRequest::new(issued.code.clone(), "b")).await.unwrap_err();
    assert!(error.refusal().unwrap().is_doubtful, "{error}");
    // Without its table the consumer key is unknown, which is no refusal at all.
    shop.sim().change_switches(|switches| switches.unreadable_table = Some(Table::Consumers));
    let error = provider.validate(on_seat()).await.unwrap_err();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::Unauthenticated, None));
    shop.sim().change_switches(|switches| switches.unreadable_table = None);
    assert!(provider.validate(on_seat()).await.unwrap().is_valid());
}

#[tokio::test]
async fn what_the_shop_still_finds_is_refused_without_doubt() {
    let (shop, provider) = shop();
    let issued = shop.issue(IssueSpec::new()).unwrap();
    let seat = shop.activate(&issued.id, "laptop").unwrap();
    let on_seat = || ValidateRequest::new(issued.code.clone()).activation(seat.clone());
    shop.set_status(&issued.id, StatusChange::Disable).unwrap();
    let disabled = provider.validate(on_seat()).await.unwrap();
    assert_eq!(
        disabled.refusal().map(|no| (no.reason, no.is_doubtful)),
        Some((RefusalReason::Disabled, false))
    );
    shop.set_status(&issued.id, StatusChange::Enable).unwrap();
    provider.deactivate(DeactivateRequest::new(issued.code.clone(), seat.clone())).await.unwrap();
    let freed = provider.validate(on_seat()).await.unwrap();
    let expected = Some((RefusalReason::UnknownActivation, false));
    assert_eq!(freed.refusal().map(|no| (no.reason, no.is_doubtful)), expected);
}
