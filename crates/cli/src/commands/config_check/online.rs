//! Harmless calls, and what their answers say about the configuration.

use anykey::adapter::{KeyCodeExt as _, Probe};
use anykey::{
    Capability, ErrorKind, KeyCode, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Result,
    StatusChange, ValidateRequest,
};

use crate::target::KeyScope;

/// A code that no key has.
pub(super) const MADE_UP: &str = "anykey-config-check";

/// What came back.
#[derive(Debug)]
pub(in crate::commands) enum Answer {
    /// One page of one key: whether there is one.
    Listed { any: bool, total: Option<u64>, writes: Writes },
    /// The verdict on a key that does not exist.
    Judged,
}

/// Whether the credential may change keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Writes {
    Allowed,
    NotAllowed,
    /// The provider cannot change keys, or the vendor gave no answer to that.
    Unknown,
}

/// Lists one key and changes one that does not exist where the credential allows it, and otherwise validates a key that
/// does not exist.
pub(in crate::commands) async fn call(provider: &dyn LicenseProvider, probe: Probe) -> Result<Answer> {
    if provider.capabilities().contains(Capability::ListAll) {
        let page = provider.list(ListQuery::new().page_size(1)).await?;
        let writes = writes(provider, probe).await;
        return Ok(Answer::Listed { any: !page.items.is_empty(), total: page.total, writes });
    }
    let request = || ValidateRequest::new(KeyCode::verbatim(MADE_UP));
    match provider.validate(request()).await {
        // A vendor may insist on an activation, always or because of the allowed products.
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            provider.validate(request().activation(probe.activation_id)).await.map(|_| Answer::Judged)
        }
        answer => answer.map(|_| Answer::Judged),
    }
}

/// Enables a key that does not exist: a credential that may write gets to know that there is none.
async fn writes(provider: &dyn LicenseProvider, probe: Probe) -> Writes {
    if !provider.capabilities().contains(Capability::SetDisabled) {
        return Writes::Unknown;
    }
    let change = LicensePatch::new().status(StatusChange::Enable);
    match provider.update(&LicenseKeyId::from(probe.key_id), change).await.map_err(|error| error.kind()) {
        Err(ErrorKind::NotFound) => Writes::Allowed,
        Err(ErrorKind::PermissionDenied | ErrorKind::Unauthenticated) => Writes::NotAllowed,
        Ok(_) | Err(_) => Writes::Unknown,
    }
}

/// What `answer` means, mixed-up environments above all.
pub(in crate::commands) fn explain(answer: &Result<Answer>, scope: &KeyScope) -> String {
    match answer {
        Ok(Answer::Listed { any: true, total: Some(total), writes }) => {
            format!("the vendor accepts the credential; it has {total} keys{}", writes.explain())
        }
        Ok(Answer::Listed { any: true, total: None, writes }) => {
            format!("the vendor accepts the credential and lists keys{}", writes.explain())
        }
        Ok(Answer::Listed { any: false, writes, .. }) => {
            format!(
                "the vendor accepts the credential and has no key{}; if there should be some, the configuration names \
                 another seller than the credential's (an organization, account or store), or {}",
                writes.explain(),
                other(scope)
            )
        }
        Ok(Answer::Judged) => format!(
            "the vendor answers; a key that does not exist is refused, as it should be. Without a credential \
             nothing more can be told: if good keys are refused too, {}",
            other(scope)
        ),
        Err(error) => match error.kind() {
            ErrorKind::Unauthenticated => format!(
                "the vendor does not know the credential: it is mistyped, expired or revoked, or {}",
                other(scope)
            ),
            ErrorKind::PermissionDenied => {
                "the vendor knows the credential, but it may not list keys; give it the right to read them"
                    .to_owned()
            }
            ErrorKind::Config => "this is not the vendor's API; check `base_url`".to_owned(),
            ErrorKind::Unrecognized => {
                "something answered, but not in the vendor's words: a gateway, proxy or sign-in page in between, or \
                 the vendor changed its words. Check `base_url` and the network first"
                    .to_owned()
            }
            _ => "no answer; this says nothing about the configuration".to_owned(),
        },
    }
}

impl Answer {
    /// Whether it leaves a doubt about the configuration: no key at all, or no right to change one.
    pub(in crate::commands) const fn is_doubtful(&self) -> bool {
        matches!(self, Self::Listed { any: false, .. } | Self::Listed { writes: Writes::NotAllowed, .. })
    }
}

impl Writes {
    const fn explain(self) -> &'static str {
        match self {
            Self::Allowed => ", and the credential may change them",
            Self::NotAllowed => {
                "; the credential may only read: give it the right to write where keys are to be changed"
            }
            Self::Unknown => "",
        }
    }
}

/// The mix-up that fits: the sandbox and the live environment of a vendor have keys and credentials of their own.
const fn other(scope: &KeyScope) -> &'static str {
    match scope {
        KeyScope::Live => {
            "they belong to the sandbox: the configuration says live, so set environment = \"sandbox\" or use \
             the live credential"
        }
        KeyScope::Sandbox => {
            "they belong to live: the configuration says sandbox, so set environment = \"live\" or use the \
             sandbox credential"
        }
        KeyScope::Host(_) => "they belong to another server: `base_url` chooses this one",
        KeyScope::Loopback | KeyScope::Memory => {
            "they belong to another server: base_url points to this machine, where `anykey sim` prints the \
             credential"
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey::{Capabilities, Error, InMemoryProvider, Page, Timestamp};
    use anykey_testkit::MockLicenseProvider;

    use super::*;

    #[tokio::test]
    async fn whether_the_credential_may_write_is_asked_without_changing_a_key() {
        let memory = InMemoryProvider::new(Timestamp::now);
        let answer = call(&memory, Probe::USUAL).await;
        assert!(explain(&answer, &KeyScope::Live).contains("the credential may change them"), "{answer:?}");

        for (kind, expected) in [
            (ErrorKind::PermissionDenied, "may only read: give it the right to write"),
            (ErrorKind::Unauthenticated, "may only read: give it the right to write"),
            (ErrorKind::Timeout, "has no key; if"),
        ] {
            let mut vendor = MockLicenseProvider::new();
            let able = [Capability::List, Capability::ListAll, Capability::SetDisabled];
            vendor.expect_capabilities().return_const(Capabilities::of(&able));
            vendor.expect_list().returning(|_| Ok(Page::last(Vec::new())));
            vendor.expect_update().once().returning(move |_, _| Err(Error::new(kind, "x")));
            let told = explain(&call(&vendor, Probe::USUAL).await, &KeyScope::Live);
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn a_mixed_up_environment_is_named_with_its_remedy() {
        let unknown = || Err(Error::new(ErrorKind::Unauthenticated, "x"));
        let live = explain(&unknown(), &KeyScope::Live);
        assert!(live.contains("says live") && live.contains("environment = \"sandbox\""), "{live}");
        let sandbox = explain(&unknown(), &KeyScope::Sandbox);
        assert!(sandbox.contains("says sandbox") && sandbox.contains("environment = \"live\""), "{sandbox}");
    }

    #[test]
    fn an_empty_listing_and_a_refusal_mention_the_other_environment() {
        let empty = Ok(Answer::Listed { any: false, total: Some(0), writes: Writes::Unknown });
        assert!(explain(&empty, &KeyScope::Sandbox).contains("belong to live"));
        let refused = Ok(Answer::Judged);
        assert!(explain(&refused, &KeyScope::Live).contains("belong to the sandbox"));
    }

    #[test]
    fn an_answer_in_unknown_words_is_named() {
        let unknown = explain(&Err(Error::new(ErrorKind::Unrecognized, "x")), &KeyScope::Live);
        assert!(unknown.contains("not in the vendor's words") && unknown.contains("base_url"), "{unknown}");
    }

    #[test]
    fn an_outage_says_nothing() {
        let outage = Err(Error::new(ErrorKind::Unavailable, "x"));
        assert_eq!(explain(&outage, &KeyScope::Live), "no answer; this says nothing about the configuration");
    }
}
