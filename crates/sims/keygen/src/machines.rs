//! The calls for machines.
//!
//! A machine is an activation. Paths name it by its id or its fingerprint. The key of a license is enough for its own
//! machines, where the policy allows that credential.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::answer::Answer;
use super::ids::is_uuid;
use super::machine_rules::NewMachine;
use super::paging::Query;
use super::params::text;
use super::params::{Kind, Param, USER, check, related_id, take_object};
use super::policy_spec::ExpirationBasis;
use super::problem::{Outcome, Problem};
use super::records::{License, Machine};
use super::state::Call;

const TYPE: Param = Param::required("type", Kind::OneOf(&["machine", "machines"]));
/// The body of an activation. The license has to be named by its id.
const NEW: &[Param] = &[Param::required(
    "data",
    Kind::Object(&[
        TYPE,
        Param::optional("id", Kind::Uuid),
        Param::required(
            "attributes",
            Kind::Object(&[Param::required("fingerprint", Kind::Text), Param::all(CHANGEABLE)]),
        ),
        Param::required(
            "relationships",
            Kind::Object(&[
                Param::required("license", Kind::Object(&[Param::required("data", Kind::Object(LICENSE))])),
                Param::optional("owner", Kind::Object(&[Param::nullable("data", Kind::Object(USER))])),
            ]),
        ),
    ]),
)];
const LICENSE: &[Param] =
    &[Param::required("type", Kind::OneOf(&["license", "licenses"])), Param::required("id", Kind::Uuid)];
/// The attributes that can be changed.
const CHANGEABLE: &[Param] = &[
    Param::nullable("name", Kind::BlankText),
    Param::nullable("ip", Kind::BlankText),
    Param::nullable("hostname", Kind::BlankText),
    Param::nullable("platform", Kind::BlankText),
    Param::nullable("cores", Kind::Integer),
    Param::nullable("memory", Kind::Integer),
    Param::nullable("disk", Kind::Integer),
    Param::optional("metadata", Kind::Metadata),
];
const CHANGED: &[Param] = &[Param::required(
    "data",
    Kind::Object(&[
        TYPE,
        Param::optional("id", Kind::BlankText),
        Param::required("attributes", Kind::Object(CHANGEABLE)),
    ]),
)];

impl Call<'_> {
    /// The id of the machine with this id or fingerprint, if the caller may see it.
    pub(super) fn visible_machine(&self, alias: &str, request: &Request<Bytes>) -> Outcome<String> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let found = match self.account.machine(alias) {
            Some((license, machine)) => Some((license, machine)).filter(|(license, _)| bearer.sees(license)),
            None if is_uuid(alias) => None,
            None => self
                .account
                .licenses
                .values()
                .filter(|license| bearer.sees(license))
                .flat_map(|license| license.machines.iter().map(move |machine| (license, machine)))
                .find(|(_, machine)| machine.fingerprint == alias),
        };
        found.map(|(_, machine)| machine.id.clone()).ok_or_else(|| Problem::not_found("machine", alias))
    }

    fn machine_answer(&self, id: &str) -> Outcome<Answer> {
        let (license, machine) = self.account.machine(id).ok_or_else(|| Problem::not_found("machine", id))?;
        Ok(Answer::data(self.account.machine_document(license, machine, self.now)))
    }

    /// `GET /machines`, and `GET /licenses/{license}/machines`
    pub(super) fn list_machines(
        &mut self,
        license: Option<&str>,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let of = license.map(|alias| self.visible_license(alias, request)).transpose()?;
        let query = Query::of(request.uri());
        let licenses = self
            .account
            .licenses
            .values()
            .filter(|license| bearer.sees(license) && of.as_ref().is_none_or(|id| *id == license.id));
        let machines =
            licenses.flat_map(|license| license.machines.iter().map(move |found| (license, found)));
        let matching = machines.filter(|(license, machine)| self.is_machine_listed(license, machine, &query));
        query.answer(
            matching.collect(),
            |(_, machine): &(&License, &Machine)| (machine.created, machine.id.clone()),
            |(license, machine)| self.account.machine_document(license, machine, self.now),
            self.quirks,
        )
    }

    /// `GET /machines/{machine}`
    pub(super) fn get_machine(&mut self, alias: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        self.machine_answer(&id)
    }

    /// `POST /machines`
    ///
    /// # Errors
    ///
    /// 403 when the credential does not see the license; 422 with all faults of the machine.
    pub(super) fn create_machine(&mut self, body: Value, request: &Request<Bytes>) -> Outcome<Answer> {
        let bearer = self.account.required_bearer(request, self.now)?;
        let mut body = check(body, NEW)?;
        let mut data = take_object(&mut body, "data");
        let attributes = take_object(&mut data, "attributes");
        let mut relationships = take_object(&mut data, "relationships");
        let license_id = related_id(&mut relationships, "license").unwrap_or_default();
        let owner = related_id(&mut relationships, "owner");
        // A license's key creates machines of that license only; the seller's token learns which license is missing.
        let license = self.account.licenses.get(&license_id);
        match license {
            Some(license) if !bearer.sees(license) => return Err(Problem::no_permission()),
            None => {
                bearer.require_seller()?;
                let fault = super::problem::Fault::new(
                    "/data/relationships/license",
                    "LICENSE_NOT_FOUND",
                    "must exist",
                );
                return Err(Problem::invalid(&[fault]));
            }
            Some(_) => {}
        }
        let new = NewMachine { id: text(&data, "id"), license: license_id, owner, attributes };
        let faults = self.faults_of_new_machine(&new);
        if !faults.is_empty() {
            return Err(Problem::invalid(&faults));
        }
        let id = self.add_machine(new);
        let (license, machine) =
            self.account.machine(&id).ok_or_else(|| Problem::not_found("machine", &id))?;
        Ok(Answer::created(self.account.machine_document(license, machine, self.now)))
    }

    /// Adds a machine, sends the event and starts the expiry. Returns the machine's id.
    pub(super) fn add_machine(&mut self, new: NewMachine) -> String {
        let license = new.license.clone();
        let machine = self.machine_of(new);
        let id = machine.id.clone();
        self.account.add_machine(&license, machine);
        self.start_expiry(&license, ExpirationBasis::FromFirstActivation);
        self.announce_machine("machine.created", &id);
        id
    }

    /// `PATCH /machines/{machine}`. Machines of a protected license are changed by the seller only.
    pub(super) fn update_machine(
        &mut self,
        alias: &str,
        body: Value,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        let mut body = check(body, CHANGED)?;
        let attributes = take_object(&mut take_object(&mut body, "data"), "attributes");
        let bearer = self.account.required_bearer(request, self.now)?;
        if let Some((license, _)) = self.account.machine(&id)
            && license.protected.unwrap_or(self.account.settings(license).protected)
        {
            bearer.require_seller()?;
        }
        let now = self.now;
        if let Some(machine) = self.account.machine_mut(&id) {
            machine.apply(&attributes);
            machine.updated = now;
        }
        self.announce_machine("machine.updated", &id);
        self.machine_answer(&id)
    }

    /// `DELETE /machines/{machine}`. A second deletion is a 404.
    pub(super) fn delete_machine(&mut self, alias: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        self.announce_machine("machine.deleted", &id);
        self.account.remove_machine(&id);
        Ok(Answer::no_content())
    }

    /// `POST /machines/{machine}/actions/ping`, a heartbeat.
    ///
    /// # Errors
    ///
    /// 422 `MACHINE_HEARTBEAT_DEAD` for a dead machine that the policy does not revive.
    pub(super) fn ping_machine(&mut self, alias: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        let Some((license, machine)) = self.account.machine(&id) else {
            return Err(Problem::not_found("machine", alias));
        };
        let policy = self.account.settings(license);
        let is_dead = machine.is_dead(&policy, self.now);
        if is_dead && !machine.can_resurrect(&policy, self.now) {
            return Err(Problem::action("is dead", Some("MACHINE_HEARTBEAT_DEAD"), None));
        }
        let now = self.now;
        if let Some(machine) = self.account.machine_mut(&id) {
            machine.last_heartbeat = Some(now);
            machine.resurrected = is_dead;
        }
        let event = if is_dead { "machine.heartbeat.resurrected" } else { "machine.heartbeat.ping" };
        self.announce_machine(event, &id);
        self.machine_answer(&id)
    }

    /// `POST /machines/{machine}/actions/reset`: forgets the heartbeats, as if none had been sent. It needs a
    /// seller's token.
    pub(super) fn reset_machine(&mut self, alias: &str, request: &Request<Bytes>) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        self.account.required_bearer(request, self.now)?.require_seller()?;
        if let Some(machine) = self.account.machine_mut(&id) {
            machine.last_heartbeat = None;
        }
        self.announce_machine("machine.heartbeat.reset", &id);
        self.machine_answer(&id)
    }
}
