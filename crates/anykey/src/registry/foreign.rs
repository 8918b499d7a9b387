//! Credentials in the wrong vendor's configuration, refused before anything is sent.

use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::Vendor;
use anykey_core::{Error, Result, SecretResolver, SecretString};
use secrecy::ExposeSecret;

use crate::config::config_error;

/// Services without an adapter whose credentials are often at hand where license keys are sold, and how those begin
/// (their documentation, 2026).
const OTHER_SERVICES: &[(&str, &[&str])] = &[("Stripe", &["sk_live_", "sk_test_", "rk_live_", "rk_test_"])];

/// The secrets of one vendor's configuration. A secret that begins as another vendor's credentials do is refused.
#[derive(Clone)]
pub(super) struct SecretsOf {
    pub(super) vendor: Vendor,
    pub(super) vendors: Arc<[Vendor]>,
    pub(super) secrets: Arc<dyn SecretResolver>,
}

impl SecretResolver for SecretsOf {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.secrets.env(name)
    }

    fn file(&self, path: &Path) -> std::io::Result<SecretString> {
        self.secrets.file(path)
    }

    fn keyring(&self, entry: &str) -> std::io::Result<SecretString> {
        self.secrets.keyring(entry)
    }

    fn check(&self, field: &str, secret: &SecretString) -> Result<()> {
        let begins =
            |prefixes: &[&str]| prefixes.iter().any(|prefix| secret.expose_secret().starts_with(prefix));
        if !begins(self.vendor.credential_prefixes()) {
            let registered = self.vendors.iter().map(|vendor| (vendor.title(), vendor.credential_prefixes()));
            let mut known = registered.chain(OTHER_SERVICES.iter().copied());
            if let Some((owner, _)) = known.find(|(_, prefixes)| begins(prefixes)) {
                return Err(foreign(field, owner, &self.vendor));
            }
        }
        self.secrets.check(field, secret)
    }

    fn kept(&self) -> Option<Arc<dyn SecretResolver>> {
        let secrets = self.secrets.kept().unwrap_or_else(|| Arc::clone(&self.secrets));
        Some(Arc::new(Self { secrets, ..self.clone() }))
    }
}

fn foreign(field: &str, owner: &str, vendor: &Vendor) -> Error {
    config_error(format!("`{field}` holds a credential of {owner}; set one of {}", vendor.title()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use anykey_core::adapter::{BuildContext, ProviderSettings};
    use anykey_core::{Clock, ErrorKind, InMemoryProvider, LicenseProvider, SecretSource, Timestamp};

    use super::*;
    use crate::{Config, Registry};

    const ACME: Vendor =
        Vendor::new("acme", "Acme Licensing", build).with_credential_prefixes(&["acme_", "shared_"]);
    const OTHER: Vendor =
        Vendor::new("other", "Other Shop", build).with_credential_prefixes(&["other_", "shared_"]);

    fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
        let fields: std::collections::BTreeMap<String, SecretSource> = settings.read()?;
        for (field, source) in fields {
            source.resolve(&field, context.secrets())?;
        }
        Ok(Arc::new(InMemoryProvider::new(Timestamp::now)))
    }

    struct Planted(&'static str);

    impl SecretResolver for Planted {
        fn env(&self, _: &str) -> Option<SecretString> {
            Some(self.0.into())
        }

        fn file(&self, _: &Path) -> std::io::Result<SecretString> {
            Ok(self.0.into())
        }
    }

    fn built(secret: &'static str, field: &str) -> Result<Arc<dyn LicenseProvider>> {
        let registry = Registry::builtin().with(ACME).with(OTHER).with_secrets(Planted(secret));
        let fields = serde_json::json!({ "provider": "acme", field: { "env": "TOKEN" } });
        registry
            .with_clock(Clock::new(Timestamp::now))
            .build(&Config::from_fields(fields.as_object().unwrap().clone())?)
    }

    #[test]
    fn a_credential_of_another_vendor_is_refused_with_field_and_vendor_and_is_not_repeated() {
        for (secret, field, owner) in [
            ("other_planted", "token", "Other Shop"),
            ("other_planted", "session_token", "Other Shop"),
            ("sk_live_planted", "token", "Stripe"),
        ] {
            let error = built(secret, field).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            let expected = format!("`{field}` holds a credential of {owner}; set one of Acme Licensing");
            assert!(error.to_string().contains(&expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
        }
    }

    #[test]
    fn its_own_credential_and_one_of_unknown_form_are_taken() {
        for secret in ["acme_planted", "shared_planted", "a-token-of-next-year"] {
            assert!(built(secret, "token").is_ok(), "{secret}");
        }
    }
}
