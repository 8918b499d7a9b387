use serde_json::{Map, Value, json};

/// Differences in the members of a vendor's JSON documents. The default is none.
///
/// ```
/// use anykey_sim_kit::MemberQuirks;
/// use serde_json::json;
///
/// let quirks = MemberQuirks { omit_null: true, ..MemberQuirks::default() };
/// assert_eq!(quirks.apply(json!({ "id": 1, "end": null })), json!({ "id": 1 }));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "simulators outside this workspace write it as a literal")]
pub struct MemberQuirks {
    /// Every object has the additional member `unknown_member`.
    pub unknown: bool,
    /// Null members are omitted.
    pub omit_null: bool,
    /// The members whose values stay unchanged, such as `metadata`.
    pub unchanged: &'static [&'static str],
}

impl MemberQuirks {
    /// The document with these differences.
    #[must_use]
    pub fn apply(&self, document: Value) -> Value {
        if !self.unknown && !self.omit_null {
            return document;
        }
        match document {
            Value::Object(members) => {
                let kept = members.into_iter().filter(|(_, value)| !(self.omit_null && value.is_null()));
                let mut members: Map<_, _> = kept.map(|(name, value)| self.apply_to(name, value)).collect();
                if self.unknown {
                    members.insert("unknown_member".to_owned(), json!({ "since": "tomorrow" }));
                }
                Value::Object(members)
            }
            Value::Array(items) => items.into_iter().map(|item| self.apply(item)).collect(),
            scalar => scalar,
        }
    }

    fn apply_to(&self, name: String, value: Value) -> (String, Value) {
        let value = if self.unchanged.contains(&name.as_str()) { value } else { self.apply(value) };
        (name, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_at_any_depth_change_except_the_named_ones() {
        let quirks = MemberQuirks { unknown: true, omit_null: true, unchanged: &["metadata"] };
        let unknown = json!({ "since": "tomorrow" });
        assert_eq!(
            quirks.apply(json!({ "metadata": { "a": null }, "items": [{ "b": null }, null] })),
            json!({
                "metadata": { "a": null },
                "items": [{ "unknown_member": unknown }, null],
                "unknown_member": unknown,
            })
        );
    }
}
