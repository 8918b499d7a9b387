//! The JSON documents of licenses and instances, with the members of the specification of April 2026.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use super::quirks::{InstanceForm, Quirks};
use super::records::{Instance, License};
use super::state::State;
use super::time::written;

impl State {
    /// A license, with the instance that a call is about.
    pub(super) fn license_document(
        &self,
        license: &License,
        instance: Option<&str>,
        now: Timestamp,
    ) -> Value {
        let mode = mode_word(license, &self.quirks);
        let status = license.status_word.as_deref().unwrap_or_else(|| self.status(license, now).word());
        let members = [
            ("id", json!(&*license.id)),
            ("mode", json!(mode)),
            ("object", json!("license")),
            ("product_id", json!(&*license.product.id)),
            ("status", json!(status)),
            ("key", json!(&*license.code)),
            ("activation", json!(self.activation(license))),
            ("activation_limit", json!(license.activation_limit)),
            ("expires_at", json!(license.expires_at.map(written))),
            ("created_at", json!(written(license.created_at))),
            ("instance", self.instance_member(license, instance)),
        ];
        let kept = members.into_iter().filter(|(name, _)| *name != "product_id" || !self.quirks.omit_product);
        Value::Object(kept.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    }

    fn instance_member(&self, license: &License, instance: Option<&str>) -> Value {
        let document = |instance: &Instance| self.instance_document(license, instance);
        let named = instance.and_then(|id| license.instance(id));
        match (self.quirks.instance_form, named) {
            (_, None) => Value::Null,
            (InstanceForm::Object, Some(instance)) => document(instance),
            (InstanceForm::List, Some(instance)) => json!([document(instance)]),
            (InstanceForm::ListOfAll, Some(_)) => license.instances.iter().map(document).collect(),
        }
    }

    /// An instance as calls and lists show it; its device is known by the name only.
    pub(super) fn instance_document(&self, license: &License, instance: &Instance) -> Value {
        json!({
            "id": &*instance.id,
            "mode": mode_word(license, &self.quirks),
            "object": "license-instance",
            "name": instance.name,
            "status": if instance.active { "active" } else { "deactivated" },
            "created_at": written(instance.created_at),
        })
    }
}

/// The word in the member `mode` of everything that belongs to a license.
pub(super) fn mode_word(license: &License, quirks: &Quirks) -> &'static str {
    quirks.mode_word.unwrap_or_else(|| license.mode.word())
}
