//! The calls that list, read and rename instances.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;

use super::answer::Answer;
use super::body;
use super::call::Call;
use super::documents::{InstanceDocument, ListDocument};
use super::query::Query;
use super::records::Instance;
use super::refusal::Refusal;
use super::timeline::Timeline;

/// The name is the only member that can be changed, and it is required.
#[derive(Deserialize)]
struct PatchBody {
    name: String,
}

/// The merchant's calls on instances. The API has no call that removes one.
///
/// A merchant who wants to remove one must know the key string and use the public plane (specification 1.113, 2026).
impl Call<'_> {
    /// `GET /license_key_instances`: newest first.
    ///
    /// `license_key_id` and `grant_id` restrict the list; with both, an instance has to fit both. An id that is
    /// unknown in this business gives an empty list, not a 404.
    pub(super) fn list_instances(&self, business: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(self.quirks)?;
        let key = query.text("license_key_id")?;
        let timeline = match (query.text("grant_id")?, key) {
            (None, None) => Some(&self.business(business)?.instances),
            (None, Some(key)) => self.instances_of_key(business, key),
            (Some(grant), key) => self
                .key_of_grant(grant)
                .filter(|granted| key.is_none_or(|key| key == *granted))
                .and_then(|granted| self.instances_of_key(business, granted)),
        };
        let ids = timeline.into_iter().flat_map(Timeline::newest_first);
        let instances = page.of(ids).filter_map(|id| self.database.instances.get(id));
        let items = instances.map(|instance| InstanceDocument::new(instance, self.quirks)).collect();
        Ok(self.json(StatusCode::OK, &ListDocument { items }))
    }

    /// `GET /license_key_instances/{id}`
    pub(super) fn get_instance(&self, business: &str, id: &str) -> Result<Answer, Refusal> {
        let own = self.database.instances.get(id).filter(|instance| *instance.business == *business);
        let instance = own.ok_or_else(unknown_instance)?;
        Ok(self.json(StatusCode::OK, &InstanceDocument::new(instance, self.quirks)))
    }

    /// `PATCH /license_key_instances/{id}`: changes the name.
    pub(super) fn patch_instance(
        &mut self,
        business: &str,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let patch: PatchBody = body::read(request, self.quirks)?;
        let instance = self.database.instances.get_mut(id);
        let own: Option<&mut Instance> = instance.filter(|instance| *instance.business == *business);
        own.ok_or_else(unknown_instance)?.name = patch.name;
        self.get_instance(business, id)
    }

    /// The id of the key that the grant delivered; `None` for an unknown or pending grant.
    fn key_of_grant(&self, grant: &str) -> Option<&str> {
        self.database.grants.get(grant)?.key.as_deref()
    }

    /// The instances of a key of this business; `None` for an unknown key or another business's.
    fn instances_of_key(&self, business: &str, key: &str) -> Option<&Timeline> {
        let own = self.database.keys.get(key).filter(|key| *key.business == *business);
        own.map(|key| &key.instances)
    }
}

fn unknown_instance() -> Refusal {
    Refusal::not_found("License key instance")
}
