//! The instances of a key in the main API, as activations.
//!
//! Reading is all there is: an instance is removed by `deactivate` with the key code, and cannot be renamed.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, Error, ErrorKind, LicenseKeyId, Operation, Result};
use anykey_http::{ApiClient, ApiRequest};

use crate::answer::{of_another_request, succeed};
use crate::error::unknown_end;
use crate::wire::{Frame, InstanceList};
use crate::{NAME, map, position};

/// A list with more pages is an error, because it may never end.
const MAX_PAGES: u64 = 10_000;

/// `/v1/license-key-instances`, which can be read only.
#[derive(Debug)]
pub(crate) struct Instances<'a> {
    /// The client with the token.
    pub(crate) client: &'a ApiClient,
}

impl Instances<'_> {
    /// The activations of the key `id`, oldest first.
    ///
    /// Reads all pages. An instance that appears on two pages, because another one was added meanwhile, is kept once.
    ///
    /// # Errors
    ///
    /// `Unrecognized` if an instance of another key is in the list: then it answers another request and lacks the seats
    /// of this key, and callers take a seat that is not listed for a free one. `Decode` if a page does not say whether
    /// it is the last.
    pub(crate) async fn of(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let mut activations: Vec<Activation> = Vec::new();
        let mut at = position::FIRST;
        while at.number() <= MAX_PAGES {
            let call = ApiRequest::get(Operation::Activations)
                .path(&["v1", "license-key-instances"])
                .query("filter[license_key_id]", id)
                .query("page[number]", at.number())
                .query("page[size]", at.size());
            let response = succeed(self.client.send(call).await?, &[])?;
            let InstanceList { data, meta, links } = response.json()?;
            for activation in data.into_iter().map(|resource| map::listed_instance(resource.attributes)) {
                if activation.key_id.as_ref().is_some_and(|key| key != id) {
                    return Err(of_another_request(&response));
                }
                if !activations.iter().any(|known| known.id == activation.id) {
                    activations.push(activation);
                }
            }
            if !(Frame { meta, links }).has_next().ok_or_else(|| unknown_end(&response))? {
                activations.sort_by_key(|activation| activation.created_at);
                return Ok(activations);
            }
            at = at.next();
        }
        Err(Error::new(ErrorKind::Decode, "the list of activations does not end")
            .with_provider(NAME)
            .with_operation(Operation::Activations))
    }
}
