//! The table of calls: method and path below the account. Anything else is a 404.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;

use super::answer::Answer;
use super::problem::{Outcome, Problem};
use super::state::Call;

impl Call<'_> {
    /// The call that method and path name.
    pub(super) fn dispatch(
        &mut self,
        segments: &[String],
        body: Value,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let segments: Vec<_> = segments.iter().map(String::as_str).collect();
        let method = request.method();
        let (get, post, patch, delete) = (
            *method == Method::GET,
            *method == Method::POST,
            *method == Method::PATCH,
            *method == Method::DELETE,
        );
        match segments.as_slice() {
            ["licenses", "actions", "validate-key"] if post => self.validate_key(body, request),
            ["licenses"] if get => self.list_licenses(request),
            ["licenses"] if post => self.create_license(body, request),
            ["licenses", license] if get => self.get_license(license, request),
            ["licenses", license] if patch => self.update_license(license, body, request),
            ["licenses", license] if delete => self.delete_license(license, request, "license.deleted"),
            ["licenses", license, "actions", "revoke"] if delete => {
                self.delete_license(license, request, "license.revoked")
            }
            ["licenses", license, "actions", action] if post => {
                self.license_action(license, action, body, request)
            }
            ["licenses", license, "actions", "check-out"] if get => self.license_file(license, None, request),
            ["licenses", license, "actions", "validate"] if get => {
                self.validate_license(license, None, request)
            }
            ["licenses", license, "machines"] if get => self.list_machines(Some(license), request),
            ["me"] if get => self.me(request),
            ["users", user] if get => self.get_user(user, request),
            ["policies", policy] if get => self.get_policy(policy, request),
            ["machines"] if get => self.list_machines(None, request),
            ["machines"] if post => self.create_machine(body, request),
            ["machines", machine] if get => self.get_machine(machine, request),
            ["machines", machine] if patch => self.update_machine(machine, body, request),
            ["machines", machine] if delete => self.delete_machine(machine, request),
            ["machines", machine, "actions", "ping"] if post => self.ping_machine(machine, request),
            ["machines", machine, "actions", "reset"] if post => self.reset_machine(machine, request),
            ["machines", machine, "actions", "check-out"] if post => {
                self.machine_file(machine, Some(body), request)
            }
            ["machines", machine, "actions", "check-out"] if get => self.machine_file(machine, None, request),
            _ => Err(Problem::unknown_endpoint()),
        }
    }
}
