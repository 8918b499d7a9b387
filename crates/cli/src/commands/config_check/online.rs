//! One harmless call, and what its answer says about the configuration.

use anykey::adapter::KeyCodeExt as _;
use anykey::{Capability, ErrorKind, KeyCode, LicenseProvider, ListQuery, Result, ValidateRequest};

use crate::target::KeyScope;

const MADE_UP: &str = "anykey-config-check";

/// What came back.
#[derive(Debug)]
pub(super) enum Answer {
    /// One page of one key: whether there is one.
    Listed { any: bool, total: Option<u64> },
    /// The verdict on a key that does not exist.
    Judged,
}

/// Lists one key where the credential allows it, and otherwise validates a key that does not exist.
pub(super) async fn call(provider: &dyn LicenseProvider) -> Result<Answer> {
    if provider.capabilities().contains(Capability::ListAll) {
        let page = provider.list(ListQuery::new().page_size(1)).await?;
        return Ok(Answer::Listed { any: !page.items.is_empty(), total: page.total });
    }
    let request = || ValidateRequest::new(KeyCode::verbatim(MADE_UP));
    match provider.validate(request()).await {
        // A vendor may insist on an activation, always or because of the allowed products.
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            provider.validate(request().activation(MADE_UP)).await.map(|_| Answer::Judged)
        }
        answer => answer.map(|_| Answer::Judged),
    }
}

/// What `answer` means, mixed-up environments above all.
pub(super) fn explain(answer: &Result<Answer>, scope: &KeyScope) -> String {
    match answer {
        Ok(Answer::Listed { any: true, total: Some(total) }) => {
            format!("the vendor accepts the credential; it has {total} keys")
        }
        Ok(Answer::Listed { any: true, total: None }) => {
            "the vendor accepts the credential and lists keys".to_owned()
        }
        Ok(Answer::Listed { any: false, .. }) => {
            format!(
                "the vendor accepts the credential and has no key; if there should be some, {}",
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
    use anykey::Error;

    use super::*;

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
        let empty = Ok(Answer::Listed { any: false, total: Some(0) });
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
