//! The machines of a license for the seller: listing and renaming.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Activation, ActivationId, Error, ErrorKind, LicenseKeyId, Operation, Result};
use anykey_http::{ApiRequest, ApiResponse};

use crate::answer::{activation, is_a, of_another_request, segment};
use crate::management::{LICENSE, Management};
use crate::position::{MAX_PAGE_SIZE, cursor};
use crate::wire::{ChangedResource, DataBody, MachineBody, MachineList, MachineName};
use crate::{NAME, map};

/// A list with more pages is an error, because it may never end.
const MAX_PAGES: usize = 10_000;

/// The machines of a license, as the seller sees them.
impl Management {
    /// The machines of the license `id`, oldest first.
    ///
    /// Reads again from the beginning if a page is empty because its cursor was deleted. The number of pages is
    /// bounded, so it ends in any case.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let mut activations: Vec<Activation> = Vec::new();
        let mut at = String::new();
        for _ in 0..MAX_PAGES {
            let (page, next) = self.machines(id, &at).await?;
            if page.is_empty() && !at.is_empty() {
                at.clear();
                activations.clear();
                continue;
            }
            activations.extend(page);
            let Some(next) = next else {
                activations.sort_by(|one, other| {
                    (one.created_at, one.id.as_str()).cmp(&(other.created_at, other.id.as_str()))
                });
                return Ok(activations);
            };
            at = next;
        }
        Err(Error::new(ErrorKind::Decode, "the list of activations does not end")
            .with_provider(NAME)
            .with_operation(Operation::Activations))
    }

    /// One page, and the cursor of the next.
    ///
    /// # Errors
    ///
    /// `Unrecognized` if a machine of another license is among them.
    async fn machines(&self, id: &LicenseKeyId, at: &str) -> Result<(Vec<Activation>, Option<String>)> {
        let call = ApiRequest::get(Operation::Activations)
            .path(&["licenses"])
            .segment(segment(LICENSE, id.as_str(), Operation::Activations)?)
            .path(&["machines"])
            .query("page[cursor]", at)
            .query("page[size]", MAX_PAGE_SIZE);
        let response = self.api.succeed(call, &[]).await?;
        let MachineList { data, links } = response.json()?;
        let next = match links.next.value() {
            None => None,
            Some(link) => Some(cursor(&link).ok_or_else(|| {
                response.error(ErrorKind::Decode, "the list does not say where it goes on")
            })?),
        };
        let page = data.into_iter().map(|body| of_license(&response, body, id)).collect::<Result<_>>()?;
        Ok((page, next))
    }

    /// Changes the name of a machine. Repeating it has no further effect.
    pub(crate) async fn rename(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let operation = Operation::RenameActivation;
        let data =
            ChangedResource { r#type: "machines", id: id.as_str(), attributes: MachineName { name: label } };
        let call = ApiRequest::patch(operation)
            .path(&["machines"])
            .segment(segment("activation id", id.as_str(), operation)?)
            .json(&DataBody { data })
            .repeatable();
        let response = self.api.succeed(call, &[]).await?;
        let renamed = activation(&response)?;
        if renamed.id == *id { Ok(renamed) } else { Err(of_another_request(&response)) }
    }
}

/// A listed machine as an activation of the license `id`.
///
/// # Errors
///
/// `Unrecognized` for a machine of another license, or another record.
fn of_license(response: &ApiResponse, body: MachineBody, id: &LicenseKeyId) -> Result<Activation> {
    is_a(response, &body.r#type, "machines")?;
    let machine = map::machine(body);
    match &machine.key_id {
        Some(key) if key != id => Err(of_another_request(response)),
        _ => Ok(machine),
    }
}
