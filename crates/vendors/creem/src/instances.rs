//! The instances in an answer about a license.
//!
//! Answers contain the instance in one of two forms, and possibly further ones, so the one that a call is about has to
//! be found.

use anykey_core::{Activation, ActivationId, LicenseKey, Timestamp};

use crate::map;
use crate::wire::InstanceBody;

/// An instance with an id.
#[derive(Debug)]
pub(crate) struct Instance {
    /// The id of the instance.
    pub(crate) id: ActivationId,
    /// Whether it takes a seat.
    pub(crate) state: InstanceState,
    /// The instance as an activation, without its key.
    activation: Activation,
}

/// Whether an instance takes a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InstanceState {
    /// It takes a seat.
    Active,
    /// It was given back.
    Deactivated,
    /// An unknown word, or none.
    Unknown,
}

impl Instance {
    /// `None` if the body has no id. The status is compared in any case.
    fn of(body: InstanceBody) -> Option<Self> {
        let word = body.status.as_ref().value();
        let is = |known: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(known));
        let state = if is("active") {
            InstanceState::Active
        } else if is("deactivated") {
            InstanceState::Deactivated
        } else {
            InstanceState::Unknown
        };
        let activation = map::instance(body)?;
        Some(Self { id: activation.id.clone(), state, activation })
    }

    /// The activation of `key`.
    pub(crate) fn activation(self, key: &LicenseKey) -> Activation {
        let mut activation = self.activation;
        activation.key_id = Some(key.id.clone());
        activation.product.clone_from(&key.product);
        activation
    }

    /// The activation of a list. `None` if the body has no id.
    pub(crate) fn listed(body: InstanceBody) -> Option<(InstanceState, Activation)> {
        Self::of(body).map(|instance| (instance.state, instance.activation))
    }
}

/// The instance with the id `id`. `None` if the answer is not about it.
pub(crate) fn find(bodies: Vec<InstanceBody>, id: &ActivationId) -> Option<Instance> {
    bodies.into_iter().filter_map(Instance::of).find(|instance| instance.id == *id)
}

/// The instance that an activation with this label has made: the only one, or of several the last one with the label.
/// `None` if it is not certain.
///
/// The name is not unique, so of several instances only a unique latest one can be the new one.
pub(crate) fn newest(bodies: Vec<InstanceBody>, label: &str) -> Option<Instance> {
    let mut instances: Vec<_> = bodies.into_iter().filter_map(Instance::of).collect();
    if instances.len() > 1 {
        instances.retain(|instance| &*instance.activation.label == label);
        instances.sort_by_key(created_at);
    }
    let last = instances.pop()?;
    let is_certain = instances.last().is_none_or(|before| created_at(before) < created_at(&last));
    is_certain.then_some(last)
}

/// The time of an instance, which sorts before all others when it is missing.
fn created_at(instance: &Instance) -> Option<Timestamp> {
    instance.activation.created_at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest_of(list: &str) -> Option<String> {
        let bodies = serde_json::from_str(list).unwrap();
        newest(bodies, "Laptop").map(|instance| instance.id.as_str().to_owned())
    }

    #[test]
    fn the_new_instance_of_several_is_the_last_one_with_the_label() {
        const FIRST: &str =
            r#"{"id":"1","name":"Laptop","status":"active","created_at":"2026-01-01T00:00:00Z"}"#;
        const SECOND: &str =
            r#"{"id":"2","name":"Laptop","status":"active","created_at":"2026-01-02T00:00:00Z"}"#;
        const OTHER: &str =
            r#"{"id":"3","name":"Phone","status":"active","created_at":"2026-01-03T00:00:00Z"}"#;
        for (list, expected) in [
            (format!("[{FIRST}]"), Some("1")),
            (format!("[{OTHER}]"), Some("3")),
            (format!("[{SECOND},{FIRST},{OTHER}]"), Some("2")),
            (format!("[{FIRST},{FIRST}]"), None),
            (r#"[{"id":"1","name":"Laptop"},{"id":"2","name":"Laptop"}]"#.to_owned(), None),
            ("[]".to_owned(), None),
        ] {
            assert_eq!(newest_of(&list).as_deref(), expected, "{list}");
        }
    }
}
