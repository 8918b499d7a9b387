//! A small app and its own unit tests on the mock: `cargo test -p anykey-examples --example mock_in_tests`.

#![allow(clippy::print_stdout)]

use anykey::{ActivationId, InMemoryProvider, KeyCode, LicenseProvider, Result, Timestamp, ValidateRequest};

/// What the app shows.
#[derive(Debug, PartialEq)]
enum Banner {
    Licensed,
    NotLicensed(String),
    /// No answer: the app continues as before.
    Unchanged,
}

/// The app's logic under test: what to show after a validation.
async fn banner(provider: &dyn LicenseProvider, code: KeyCode, seat: ActivationId) -> Banner {
    match provider.validate(ValidateRequest::new(code).activation(seat)).await {
        Ok(validation) => match validation.refusal() {
            None => Banner::Licensed,
            Some(refusal) => Banner::NotLicensed(refusal.to_string()),
        },
        Err(_) => Banner::Unchanged,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let provider = InMemoryProvider::new(Timestamp::now);
    println!("{:?}", banner(&provider, KeyCode::parse("AAAA-BBBB")?, "act_1".into()).await);
    Ok(())
}

#[cfg(test)]
mod tests {
    use anykey::{Error, ErrorKind, Refusal, RefusalReason, Validation};
    use anykey_testkit::MockLicenseProvider;

    use super::*;

    async fn shown_for(answer: Result<Validation>) -> Banner {
        let mut vendor = MockLicenseProvider::new();
        vendor
            .expect_validate()
            .withf(|request| request.activation == Some("act_7".into()))
            .once()
            .return_once(|_| answer);
        banner(&vendor, KeyCode::parse("AAAA-BBBB").unwrap(), "act_7".into()).await
    }

    #[tokio::test]
    async fn a_good_key_is_licensed() {
        assert_eq!(shown_for(Ok(Validation::valid())).await, Banner::Licensed);
    }

    #[tokio::test]
    async fn a_refusal_is_shown_with_its_reason() {
        let expired = Validation::refused(Refusal::new(RefusalReason::Expired));
        assert_eq!(shown_for(Ok(expired)).await, Banner::NotLicensed("the key has expired".to_owned()));
    }

    #[tokio::test]
    async fn an_outage_locks_nobody_out() {
        let outage = Error::new(ErrorKind::Unavailable, "the vendor is down");
        assert_eq!(shown_for(Err(outage)).await, Banner::Unchanged);
    }
}
