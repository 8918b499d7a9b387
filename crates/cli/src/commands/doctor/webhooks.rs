use super::finding::Finding;
#[cfg(feature = "sim")]
use super::signed::examine as proof;
use crate::commands::config_check::credential;
use crate::context::Context;
use crate::target::Target;

/// The secrets of webhooks, whether a receiver can be built from them, and whether it takes what is signed with them.
pub(super) fn examine(context: &Context, target: &Target) -> Vec<Finding> {
    if !target.receives_webhooks() {
        return Vec::new();
    }
    let name = target.name.as_str();
    let sources = credential::webhook_sources(target);
    let mut findings: Vec<_> = sources.iter().map(|source| Finding::source(name, source)).collect();
    let receiver = match target.receiver() {
        Ok(receiver) => receiver,
        Err(error) => {
            findings.push(Finding::error(Some(name), "webhooks", &error));
            return findings;
        }
    };
    if sources.is_empty() {
        let found = match target.is_over_others() {
            true => {
                "a receiver can be built over those of the other providers, which are examined by themselves"
            }
            false => {
                "a receiver can be built; the vendor signs with a key that only it has, so no delivery can be signed here: \
                 whether its deliveries are accepted, only one of them shows: `anykey webhook listen`"
            }
        };
        findings.push(Finding::good(Some(name), "webhooks", found.to_owned()));
    }
    let proved = sources.iter().map(|source| {
        let proof = proof(context, target, &*receiver, source);
        proof.unwrap_or_else(|| not_signed(name, source))
    });
    findings.extend(proved);
    findings
}

/// Nothing here signs as vendors do.
#[cfg(not(feature = "sim"))]
fn proof(
    _: &Context,
    _: &Target,
    _: &dyn anykey::WebhookReceiver,
    _: &credential::Source,
) -> Option<Finding> {
    None
}

/// What is known of a secret that nothing here can sign with.
fn not_signed(name: &str, source: &credential::Source) -> Finding {
    let found = format!(
        "`{}`: a receiver can be built; whether the vendor signs with it, only a delivery shows: `anykey webhook listen`",
        source.field()
    );
    Finding::good(Some(name), "webhooks", found)
}
