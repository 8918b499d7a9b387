//! The serialized form: stable names, instants as RFC 3339 in UTC, absent members as `null`.

use anykey_core::Timestamp;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::{Access, AccessMessage, AccessState, Cause, Notice, Notices, RefusedBy};

impl Serialize for Access {
    /// An object with `state` and the members of that state, `allowed`, `message`, `next_check`,
    /// `clock_off_by_seconds` and `notices`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Access", 11)?;
        fields_of_state(&mut object, &self.state)?;
        object.serialize_field("allowed", &self.is_allowed())?;
        object.serialize_field("message", self.message().id)?;
        object.serialize_field("next_check", &self.next_check)?;
        object.serialize_field("clock_off_by_seconds", &self.clock_off_by.as_secs())?;
        object.serialize_field("notices", &self.notices())?;
        object.end()
    }
}

impl Serialize for AccessState {
    /// An object with `state`, `reason`, `by`, `cause`, `since` and `until`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("AccessState", 6)?;
        fields_of_state(&mut object, self)?;
        object.end()
    }
}

/// The members that an access and a state have in common, in the order in which they are written.
fn fields_of_state<O: SerializeStruct>(object: &mut O, state: &AccessState) -> Result<(), O::Error> {
    let AccessMessage { reason, cause, since, until, .. } = AccessMessage::of(state);
    let by: Option<&RefusedBy> = match state {
        AccessState::Refused { by, .. } => Some(by),
        _ => None,
    };
    object.serialize_field("state", state.name())?;
    object.serialize_field("reason", &reason)?;
    object.serialize_field("by", &by)?;
    object.serialize_field("cause", &cause)?;
    object.serialize_field::<Option<Timestamp>>("since", &since)?;
    object.serialize_field::<Option<Timestamp>>("until", &until)
}

impl Serialize for AccessMessage {
    /// An object with `id`, `reason`, `cause`, `since` and `until`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("AccessMessage", 5)?;
        object.serialize_field("id", self.id)?;
        object.serialize_field("reason", &self.reason)?;
        object.serialize_field("cause", &self.cause)?;
        object.serialize_field("since", &self.since)?;
        object.serialize_field("until", &self.until)?;
        object.end()
    }
}

impl Serialize for Notices {
    /// A list of names.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Implements `Serialize` as the stable name of the value.
macro_rules! as_name {
    ($($kind:ident),*) => {$(
        impl Serialize for $kind {
            /// The stable name.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )*};
}

as_name!(Cause, RefusedBy, Notice);
