//! What all clones of a router share.
//!
//! It is immutable but for the memory of codes and the counters of requests.

use std::fmt;
use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Capabilities, Capability, Error, ErrorKind, Operation, Result};

use crate::KeyShape;
use crate::import_settings::Import;
use crate::memory::Memory;
use crate::target::SEPARATOR;
use crate::target::Target;

/// What callers add to a request about a code wherever it is declared, before it is known which vendor has the key: an
/// error for the keys of one vendor would follow if only another one could.
const OF_UNDECIDED_REQUESTS: Capabilities =
    Capabilities::of(&[Capability::OneSeatPerInstallation, Capability::OfflineProof]);

/// Of a listing that names no provider, every one has to be able: the others' keys would be missing silently.
const OF_WHOLE_LISTINGS: Capabilities = Capabilities::of(&[
    Capability::ListAll,
    Capability::FilterByEmail,
    Capability::FilterByExternalCustomer,
    Capability::FilterByStatus,
    Capability::FilterBySource,
    Capability::FilterByCreation,
    Capability::FilterByMany,
]);

/// A checked router.
pub(crate) struct Inner {
    /// The router's name, which its own errors carry.
    pub(crate) name: Box<str>,
    /// In the order of listings.
    pub(crate) targets: Vec<Arc<Target>>,
    /// In the order in which they are compared.
    pub(crate) rules: Vec<Rule>,
    /// In the order in which they are asked; empty without a chain.
    pub(crate) chain: Vec<Arc<Target>>,
    /// Where keys are created, unless a request names another provider.
    pub(crate) create: Option<Arc<Target>>,
    /// Which keys are imported when they are activated; `None` imports none.
    pub(crate) import: Option<Import>,
    /// Which provider of the chain has a code.
    pub(crate) memory: Memory,
}

/// Codes of this shape belong to this provider.
pub(crate) struct Rule {
    /// What the codes look like.
    pub(crate) shape: KeyShape,
    /// Whose codes they are.
    pub(crate) target: Arc<Target>,
}

impl Inner {
    /// What at least one provider can do.
    pub(crate) fn union(&self) -> Capabilities {
        self.targets.iter().fold(Capabilities::default(), |all, target| all.union(target.capabilities()))
    }

    /// The union, without what a request may carry before its provider is known and without listings that would
    /// silently lack keys, unless all have them.
    pub(crate) fn capabilities(&self) -> Capabilities {
        let all = self.targets.iter().fold(self.union(), |all, target| {
            let capabilities = target.capabilities();
            let all = all.difference(OF_UNDECIDED_REQUESTS.difference(capabilities));
            let can_list = capabilities.contains(Capability::List);
            all.difference(if can_list {
                OF_WHOLE_LISTINGS.difference(capabilities)
            } else {
                OF_WHOLE_LISTINGS
            })
        });
        // A query without a customer needs it.
        if all.contains(Capability::ListAll) { all } else { all.without(Capability::FilterByProduct) }
    }

    /// The provider whose name an id carries, and the vendor's part of the id.
    pub(crate) fn owner<'a>(&self, id: &'a str) -> Option<(&Arc<Target>, &'a str)> {
        self.targets.iter().find_map(|target| Some((target, target.strip(id)?)))
    }

    /// The provider called so, now or formerly.
    pub(crate) fn target(&self, name: &str) -> Option<&Arc<Target>> {
        self.targets.iter().find(|target| target.is_called(name))
    }

    /// As [`owner`](Self::owner), of an id that has to carry a name.
    pub(crate) fn required_owner<'a>(
        &self,
        operation: Operation,
        what: &str,
        id: &'a str,
    ) -> Result<(&Arc<Target>, &'a str)> {
        self.owner(id).ok_or_else(|| {
            let names: Vec<String> =
                self.targets.iter().map(|target| format!("`{}{SEPARATOR}`", target.name())).collect();
            let message = format!(
                "the id of the {what} names no provider of this router; it has to begin with {}",
                names.join(" or ")
            );
            self.error(ErrorKind::InvalidRequest, operation, message)
        })
    }

    /// An error of the router itself.
    pub(crate) fn error(&self, kind: ErrorKind, operation: Operation, message: impl Into<String>) -> Error {
        Error::new(kind, message.into()).with_provider(self.name.to_string()).with_operation(operation)
    }

    /// Says in `Debug` and in the trace that a provider is asked, and why it.
    pub(crate) fn note_request(&self, target: &Target, operation: Operation, chosen_by: &'static str) {
        target.count_request();
        tracing::debug!(
            router = &*self.name,
            provider = target.name(),
            operation = operation.name(),
            chosen_by,
            "asking a provider"
        );
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |targets: &[Arc<Target>]| {
            targets.iter().map(|target| target.name().into()).collect::<Vec<Box<str>>>()
        };
        f.debug_struct("Router")
            .field("name", &self.name)
            .field("providers", &self.targets)
            .field("routes", &self.rules)
            .field("chain", &names(&self.chain))
            .field("create", &self.create.as_ref().map(|target| target.name()))
            .field("import_on_activate", &self.import.as_ref().map(|import| names(&import.sources)))
            .field("memory", &self.memory)
            .finish()
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {}", self.shape, self.target.name())
    }
}
