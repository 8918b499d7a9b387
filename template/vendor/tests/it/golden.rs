//! Each operation's outgoing request, and what the answers of the vendor's documents become.

use std::sync::Arc;

use anykey_acme::AcmeProvider;
use anykey_core::{KeyCode, LicenseProvider, ValidateRequest};
use anykey_testkit::transport::{Answer, ScriptedTransport};

// FILL IN: a test for each operation, with bodies from the vendor's documents, not from the simulator.
#[tokio::test]
async fn a_validation_sends_the_code_and_no_credential() {
    let transport = ScriptedTransport::new().then(Answer::json(200, "{}"));
    let builder = AcmeProvider::builder().token("planted").transport(Arc::new(transport.clone()));
    let request = ValidateRequest::new(KeyCode::parse("ACME-2A7F-91C4D0").unwrap());
    assert!(builder.build().unwrap().validate(request).await.unwrap().is_valid());

    let requests = transport.requests();
    let request = requests.first().unwrap();
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.text(), Some(r#"{"code":"ACME-2A7F-91C4D0"}"#));
}
