//! The calls for licenses.
//!
//! Paths name a license by its id or its key. A credential is checked before the record is looked up, and the body
//! before the permission.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::credential::Bearer;
use super::ids::is_uuid;
use super::issuing::NewLicense;
use super::paging::Query;
use super::params::{Kind, Param, USER, check, related_id, take_object, text};
use super::problem::{Fault, Outcome, Problem};
use super::records::License;
use super::state::Call;
use super::time;

const TYPE: Param = Param::required("type", Kind::OneOf(&["license", "licenses"]));
const POLICY: &[Param] = &[Param::required(
    "data",
    Kind::Object(&[
        Param::required("type", Kind::OneOf(&["policy", "policies"])),
        Param::required("id", Kind::Uuid),
    ]),
)];
const OWNER: &[Param] = &[Param::nullable("data", Kind::Object(USER))];
/// The last attributes of a license.
const LIMITS: &[Param] = &[
    Param::nullable("maxMachines", Kind::Integer),
    Param::nullable("maxCores", Kind::Integer),
    Param::nullable("maxMemory", Kind::Integer),
    Param::nullable("maxDisk", Kind::Integer),
    Param::nullable("maxUses", Kind::Integer),
    Param::nullable("maxProcesses", Kind::Integer),
    Param::nullable("maxUsers", Kind::Integer),
    Param::optional("metadata", Kind::Metadata),
];
/// The body of a creation. Any other member is a 400.
const NEW: &[Param] = &[Param::required(
    "data",
    Kind::Object(&[
        TYPE,
        Param::optional("id", Kind::Uuid),
        Param::optional(
            "attributes",
            Kind::Object(&[
                Param::nullable("name", Kind::BlankText),
                Param::optional("key", Kind::Text),
                Param::optional("protected", Kind::Boolean),
                Param::nullable("expiry", Kind::Time),
                Param::optional("suspended", Kind::Boolean),
                Param::all(LIMITS),
            ]),
        ),
        Param::required(
            "relationships",
            Kind::Object(&[
                Param::required("policy", Kind::Object(POLICY)),
                Param::optional("owner", Kind::Object(OWNER)),
                Param::optional("user", Kind::Object(OWNER)),
            ]),
        ),
    ]),
)];
/// The body of a change: as [`NEW`] without the key and the relationships.
const CHANGED: &[Param] = &[Param::required(
    "data",
    Kind::Object(&[
        TYPE,
        Param::optional("id", Kind::BlankText),
        Param::required(
            "attributes",
            Kind::Object(&[
                Param::nullable("name", Kind::BlankText),
                Param::nullable("expiry", Kind::Time),
                Param::optional("protected", Kind::Boolean),
                Param::optional("suspended", Kind::Boolean),
                Param::all(LIMITS),
            ]),
        ),
    ]),
)];

impl Call<'_> {
    /// The id of the license with this id or key, if the caller may see it.
    pub(super) fn visible_license(&self, alias: &str, request: &Request<Bytes>) -> Outcome<String> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let license = self.account.license(alias).filter(|license| bearer.sees(license));
        license.map(|license| license.id.clone()).ok_or_else(|| Problem::not_found("license", alias))
    }

    pub(super) fn license_answer(&self, id: &str) -> Outcome<Answer> {
        let license = self.account.licenses.get(id).ok_or_else(|| Problem::not_found("license", id))?;
        Ok(Answer::data(self.account.license_document(license, self.now)))
    }

    /// `GET /licenses`
    pub(super) fn list_licenses(&mut self, request: &Request<Bytes>) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        bearer.require_seller()?;
        let query = Query::of(request.uri());
        let licenses = self.account.licenses.values();
        let matching = licenses.filter(|license| bearer.sees(license) && self.is_listed(license, &query));
        query.answer(
            matching.collect(),
            |license: &&License| (license.created, license.id.clone()),
            |license| self.account.license_document(license, self.now),
            self.quirks,
        )
    }

    /// `GET /licenses/{license}`
    pub(super) fn get_license(&mut self, alias: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        let id = self.visible_license(alias, request)?;
        self.license_answer(&id)
    }

    /// `GET /me`: the license whose key is the credential.
    pub(super) fn me(&mut self, request: &Request<Bytes>) -> Outcome<Answer> {
        match self.account.required_bearer(request, self.now)? {
            Bearer::License(id) => self.license_answer(&id),
            Bearer::Seller(_) => Err(Problem::no_permission()),
        }
    }

    /// `GET /policies/{policy}`
    pub(super) fn get_policy(&mut self, id: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        self.account.required_bearer(request, self.now)?.require_seller()?;
        let policy = self.account.policy(id).ok_or_else(|| Problem::not_found("policy", id))?;
        Ok(Answer::data(self.account.policy_document(policy)))
    }

    /// `GET /users/{id or e-mail address}`. An address is stored in small letters.
    pub(super) fn get_user(&mut self, name: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        self.account.required_bearer(request, self.now)?.require_seller()?;
        let user = self.account.user_called(name).ok_or_else(|| Problem::not_found("user", name))?;
        Ok(Answer::data(self.account.user_document(user)))
    }

    /// `POST /licenses`
    pub(super) fn create_license(&mut self, body: Value, request: &Request<Bytes>) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let mut body = check(body, NEW)?;
        bearer.require_seller()?;
        let mut data = take_object(&mut body, "data");
        let attributes = take_object(&mut data, "attributes");
        let mut relationships = take_object(&mut data, "relationships");
        let policy = related_id(&mut relationships, "policy").unwrap_or_default();
        let owner =
            related_id(&mut relationships, "owner").or_else(|| related_id(&mut relationships, "user"));
        let new = NewLicense { id: text(&data, "id"), policy, owner, attributes };
        let faults = self.faults_of_new(&new);
        if !faults.is_empty() {
            return Err(Problem::invalid(&faults));
        }
        let id = self.add_license(new);
        let license = self.account.licenses.get(&id).ok_or_else(|| Problem::not_found("license", &id))?;
        if !bearer.sees(license) {
            self.account.remove_license(&id);
            return Err(Problem::no_permission());
        }
        let document = self.account.license_document(license, self.now);
        self.announce_license("license.created", &id, None);
        Ok(Answer::created(document))
    }

    /// All faults of a new license at once, each with a pointer and a code, as the vendor's models report them.
    fn faults_of_new(&self, new: &NewLicense) -> Vec<Fault> {
        let mut faults = Vec::new();
        let policy = self.account.policy(&new.policy);
        if policy.is_none() {
            faults.push(Fault::new("/data/relationships/policy", "POLICY_NOT_FOUND", "must exist"));
        }
        if new.owner.as_deref().is_some_and(|id| self.account.user(id).is_none()) {
            faults.push(Fault::new("/data/relationships/owner", "OWNER_NOT_FOUND", "must exist"));
        }
        if new.id.as_deref().is_some_and(|id| self.account.licenses.contains_key(id)) {
            let detail = "must not conflict with another license";
            faults.push(Fault::new("/data/id", "ID_CONFLICT", detail));
        }
        if let Some(key) = text(&new.attributes, "key") {
            let place = "/data/attributes/key";
            if is_uuid(&key) && self.account.licenses.contains_key(&key) {
                let detail = "must not conflict with another license's identifier (UUID)";
                faults.push(Fault::new(place, "KEY_CONFLICT", detail));
            }
            if ["actions", "action"].contains(&key.as_str()) {
                faults.push(Fault::new(place, "KEY_NOT_ALLOWED", "is reserved"));
            }
            if self.account.has_key(&key) {
                faults.push(Fault::new(place, "KEY_TAKEN", "has already been taken"));
            }
            if key.chars().count() < 6 {
                let detail = "is too short (minimum is 6 characters)";
                faults.push(Fault::new(place, "KEY_TOO_SHORT", detail));
            }
        }
        let floating = policy.is_none_or(|policy| policy.spec.floating);
        faults.extend(faults_of_limits(&new.attributes, floating));
        faults
    }

    /// `PATCH /licenses/{license}`. All changes are made or none.
    pub(super) fn update_license(
        &mut self,
        alias: &str,
        body: Value,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let id = self.visible_license(alias, request)?;
        let mut body = check(body, CHANGED)?;
        bearer.require_seller()?;
        let attributes = take_object(&mut take_object(&mut body, "data"), "attributes");
        let license = self.account.licenses.get(&id);
        let floating = license.is_none_or(|license| self.account.settings(license).floating);
        let faults = faults_of_limits(&attributes, floating);
        if !faults.is_empty() {
            return Err(Problem::invalid(&faults));
        }
        self.change_license(&id, |license| license.apply(&attributes));
        self.license_answer(&id)
    }

    /// `DELETE /licenses/{license}`, and the action `revoke`, which does the same.
    pub(super) fn delete_license(
        &mut self,
        alias: &str,
        request: &Request<Bytes>,
        event: &str,
    ) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let id = self.visible_license(alias, request)?;
        bearer.require_seller()?;
        self.announce_license(event, &id, None);
        self.account.remove_license(&id);
        Ok(Answer::no_content())
    }

    /// Changes a license and sends the event.
    pub(super) fn change_license(&mut self, id: &str, change: impl FnOnce(&mut License)) {
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(id) {
            change(license);
            license.updated = now;
        }
        self.announce_license("license.updated", id, None);
    }
}

impl License {
    /// Applies checked attributes. Null returns to the policy's limit, and metadata is replaced as a whole.
    pub(super) fn apply(&mut self, attributes: &Map<String, Value>) {
        let limits = &mut self.limits;
        let rows = [
            ("maxMachines", &mut limits.machines),
            ("maxUsers", &mut limits.users),
            ("maxCores", &mut limits.cores),
            ("maxMemory", &mut limits.memory),
            ("maxDisk", &mut limits.disk),
            ("maxUses", &mut limits.uses),
            ("maxProcesses", &mut limits.processes),
        ];
        for (name, limit) in rows {
            if let Some(value) = attributes.get(name) {
                *limit = value.as_u64();
            }
        }
        if let Some(expiry) = attributes.get("expiry") {
            self.expiry = instant(expiry);
        }
        if attributes.contains_key("name") {
            self.name = text(attributes, "name");
        }
        if let Some(suspended) = attributes.get("suspended").and_then(Value::as_bool) {
            self.suspended = suspended;
        }
        if let Some(protected) = attributes.get("protected").and_then(Value::as_bool) {
            self.protected = Some(protected);
        }
        if let Some(Value::Object(metadata)) = attributes.get("metadata") {
            self.metadata = metadata.clone();
        }
    }
}

/// A floating policy needs at least one machine, and any other exactly one; cores, memory and disk are at least 1.
fn faults_of_limits(attributes: &Map<String, Value>, floating: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, code, least) in [
        ("maxMachines", "MAX_MACHINES_INVALID", 0),
        ("maxUsers", "MAX_USERS_INVALID", 0),
        ("maxCores", "MAX_CORES_INVALID", 1),
        ("maxMemory", "MAX_MEMORY_INVALID", 1),
        ("maxDisk", "MAX_DISK_INVALID", 1),
        ("maxUses", "MAX_USES_INVALID", 0),
        ("maxProcesses", "MAX_PROCESSES_INVALID", 0),
    ] {
        let Some(limit) = attributes.get(name).and_then(Value::as_i64) else { continue };
        let pointer = format!("/data/attributes/{name}");
        if name == "maxMachines" && floating && limit < 1 {
            let detail = "must be greater than or equal to 1 for floating policy";
            faults.push(Fault::new(&pointer, code, detail));
        } else if name == "maxMachines" && !floating && limit != 1 {
            faults.push(Fault::new(&pointer, code, "must be equal to 1 for non-floating policy"));
        } else if limit < least {
            faults.push(Fault::new(&pointer, code, format!("must be greater than or equal to {least}")));
        }
    }
    faults
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(time::read)
}
