//! A key's code in the place of its id, which a seller has at hand and pastes.

use anykey::sim::IssueSpec;
use anykey::{Capability, ErrorKind, LicenseKeyId};
use anykey_tests::simulations;

#[tokio::test(start_paused = true)]
async fn a_code_in_the_place_of_an_id_is_said_to_be_one() {
    for simulation in simulations() {
        let name = simulation.vendor.vendor();
        let issued = simulation.issue(IssueSpec::new());
        let provider = simulation.provider_on(&simulation.seller_plane(), simulation.vendor.transport());
        let code: LicenseKeyId = issued.code.expose().into();
        let answer = if provider.capabilities().contains(Capability::Get) {
            provider.get(&code).await.map(drop)
        } else {
            provider.activations(&code).await.map(drop)
        };
        let error = answer.unwrap_err();
        let is_expected = matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::NotFound);
        let message = error.message();
        assert!(is_expected && message.contains("the code that a customer types"), "{name}: {error}");
        assert!(!error.to_string().contains(issued.code.expose()), "{name}: {error}");
    }
}
