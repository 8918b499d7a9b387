//! A credential in a file that is replaced while the app runs, at every vendor that has one secret for its credential.

use std::path::Path;
use std::sync::{Arc, Mutex};

use anykey::{
    Capability, Config, ErrorKind, KeyCode, LicenseProvider, ListQuery, Registry, Result, SecretResolver,
    SecretString, ValidateRequest,
};
use anykey_tests::simulations;
use serde_json::json;

/// The text of the only file.
#[derive(Clone, Default)]
struct TokenFile(Arc<Mutex<String>>);

impl SecretResolver for TokenFile {
    fn env(&self, _: &str) -> Option<SecretString> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Ok(self.0.lock().unwrap().as_str().into())
    }
}

/// A call that needs the credential.
async fn ask(provider: &dyn LicenseProvider) -> Result<()> {
    if provider.capabilities().contains(Capability::ListAll) {
        return provider.list(ListQuery::new()).await.map(drop);
    }
    let request = ValidateRequest::new(KeyCode::parse("ABCDE-12345-ABCDE-12345")?).activation("ins_1");
    provider.validate(request).await.map(drop)
}

#[tokio::test]
async fn a_credential_that_was_replaced_in_its_file_is_used_without_a_restart() {
    let mut tested = 0;
    for simulation in simulations() {
        let plane = simulation.seller_plane();
        let Some((_, token)) = plane.secrets.iter().next().filter(|_| plane.fields.contains_key("token"))
        else {
            continue;
        };
        let mut fields = plane.fields.clone();
        fields.insert("token".to_owned(), json!({ "file": "token" }));
        fields.insert("provider".to_owned(), simulation.vendor.vendor().into());
        let (start, last) = token.split_at(token.len() - 1);
        let file = TokenFile::default();
        let hold = |text: String| *file.0.lock().unwrap() = text;
        hold(format!("{start}{}", if last == "1" { "2" } else { "1" }));
        let registry = Registry::builtin().with_secrets(file.clone());
        let registry =
            registry.with_transport(simulation.vendor.transport()).with_clock(simulation.clock.clone());
        let provider = registry.build(&Config::from_fields(fields).unwrap()).unwrap();
        let name = provider.vendor();
        assert_eq!(ask(&*provider).await.unwrap_err().kind(), ErrorKind::Unauthenticated, "{name}");
        hold(token.to_owned());
        ask(&*provider).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        tested += 1;
    }
    assert!(tested >= 6, "{tested}");
}
