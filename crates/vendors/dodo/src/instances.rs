//! The activations of a key for the seller. Both APIs share them; only the filter differs.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, ActivationId, Error, ErrorKind, Operation, Result};
use anykey_http::{ApiClient, ApiRequest};

use crate::answer::{instance, segment, succeed};
use crate::page_cap::PageCap;
use crate::position::{MAX_PAGE_SIZE, PageAt};
use crate::wire::{InstanceBody, Items, RenameBody};
use crate::{NAME, map};

/// A key with more activations than these pages hold is taken for a listing that never ends.
const MAX_PAGES: u64 = 10_000;

/// `/license_key_instances`, which both shapes share.
#[derive(Debug)]
pub(crate) struct Instances<'a> {
    /// The client with the token.
    pub(crate) client: &'a ApiClient,
}

/// Whose activations to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder<'a> {
    /// The key with this id.
    Key(&'a str),
    /// The grant with this id, for keys that have no id of their own.
    Grant(&'a str),
}

impl Instances<'_> {
    /// All activations, each once, in the order of the list, which is not documented. An unknown id has none.
    ///
    /// # Errors
    ///
    /// `Decode` if the list does not end.
    pub(crate) async fn of(&self, holder: Holder<'_>) -> Result<Vec<Activation>> {
        let (filter, id) = match holder {
            Holder::Key(id) => ("license_key_id", id),
            Holder::Grant(id) => ("grant_id", id),
        };
        segment("license key id", id, Operation::Activations)?;
        let mut activations: Vec<Activation> = Vec::new();
        let mut at = PageAt::first(MAX_PAGE_SIZE);
        while at.number < MAX_PAGES {
            let request = ApiRequest::get(Operation::Activations)
                .path(&["license_key_instances"])
                .query(filter, id)
                .query("page_size", at.size)
                .query("page_number", at.number);
            let response = succeed(self.client.send(request).await?, &[])?;
            let items = response.json::<Items<InstanceBody>>()?.items;
            let probe = PageCap::probe(at, items.len());
            let is_last = probe.is_none() && at.is_last(items.len());
            for activation in items.into_iter().map(map::instance) {
                if !activations.iter().any(|known| known.id == activation.id) {
                    activations.push(activation);
                }
            }
            if is_last {
                return Ok(activations);
            }
            at = probe.unwrap_or(at.next());
        }
        Err(Error::new(ErrorKind::Decode, "the list of activations does not end")
            .with_provider(NAME)
            .with_operation(Operation::Activations))
    }

    /// Changes a label. Repeating it has no further effect.
    pub(crate) async fn rename(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let operation = Operation::RenameActivation;
        let request = ApiRequest::patch(operation)
            .path(&["license_key_instances"])
            .segment(segment("activation id", id.as_str(), operation)?)
            .json(&RenameBody { name: label })
            .repeatable();
        let response = succeed(self.client.send(request).await?, &[])?;
        instance(&response, id)
    }
}
