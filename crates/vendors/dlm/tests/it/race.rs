//! Several devices at once, where the shop does not keep its limit.

use std::sync::Arc;

use anykey_core::{ActivateRequest, KeyCode, LicenseProvider, ManualClock, RefusalReason, ValidateRequest};
use anykey_dlm::{DlmConfig, DlmProvider};
use anykey_dlm_sim::kit::{IssueSpec, SimulatedVendor};
use anykey_dlm_sim::{DlmSim, SimulatedDlm};

fn shop(overlapping: u32) -> (SimulatedDlm, DlmProvider) {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let shop = SimulatedDlm::new(DlmSim::new(clock));
    shop.sim().change_switches(|switches| switches.overlapping_activations = overlapping);
    let plane = shop.planes().remove(0);
    let config: DlmConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    let provider = config.builder(&plane.secrets).unwrap().transport(shop.transport()).build().unwrap();
    (shop, provider)
}

#[tokio::test]
async fn a_seat_too_many_is_given_back() {
    let (shop, provider) = shop(9);
    let issued = shop.issue(IssueSpec::new().code("DLM-RACE-0001")).unwrap();
    let provider = Arc::new(provider);
    let devices: Vec<_> = (0..20)
        .map(|device| {
            let (provider, code) = (Arc::clone(&provider), issued.code.clone());
            tokio::spawn(async move {
                provider.activate(ActivateRequest::new(code, format!("device {device}"))).await
            })
        })
        .collect();
    let mut taken = Vec::new();
    for device in devices {
        match device.await.unwrap() {
            Ok(activation) => taken.push(activation.id),
            Err(error) => {
                let refusal = error.refusal().unwrap();
                assert_eq!(refusal.reason, RefusalReason::ActivationLimitReached);
                assert!(!error.may_have_taken_effect(), "{error}");
            }
        }
    }
    assert_eq!(taken.len(), 3);
    let seats = shop.activations(&issued.id);
    assert!(seats.iter().all(|(id, _)| taken.contains(id)) && seats.len() == 3, "{seats:?}");
    for token in taken {
        let code = KeyCode::parse("DLM-RACE-0001").unwrap();
        let request = ValidateRequest::new(code).activation(token);
        assert!(provider.validate(request).await.unwrap().is_valid());
    }
}
