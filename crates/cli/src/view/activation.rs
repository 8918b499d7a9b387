use anykey::{Activation, Timestamp};
use serde::Serialize;

use crate::output::time::instant;
use crate::output::{Cell, Column, Fact, Look, Row};

/// One taken seat.
#[derive(Debug, Serialize)]
pub(crate) struct ActivationView {
    id: String,
    key_id: Option<String>,
    label: String,
    /// What is kept with it, as a JSON document in one text; absent when there is nothing.
    metadata: Option<String>,
    product: Option<String>,
    created_at: Option<Timestamp>,
    /// When the seat ends by itself; absent where it does not.
    expires_at: Option<Timestamp>,
}

impl ActivationView {
    pub(crate) fn new(activation: &Activation) -> Self {
        let metadata = serde_json::to_string(&activation.metadata).ok();
        Self {
            id: activation.id.to_string(),
            key_id: activation.key_id.as_ref().map(ToString::to_string),
            label: activation.label.clone(),
            metadata: metadata.filter(|_| !activation.metadata.is_empty()),
            product: activation.product.as_ref().map(ToString::to_string),
            created_at: activation.created_at,
            expires_at: activation.expires_at,
        }
    }
}

impl Row for ActivationView {
    const FIELDS: &'static [&'static str] =
        &["id", "key_id", "label", "metadata", "product", "created_at", "expires_at"];
    const COLUMNS: &'static [Column] = &[
        Column::new("ID", 0),
        Column::new("LABEL", 0),
        Column::new("CREATED", 1),
        Column::new("EXPIRES", 2),
        Column::new("METADATA", 2),
    ];

    fn cells(&self, look: Look) -> Vec<Cell> {
        let shown = |at: Option<Timestamp>| at.map(|at| instant(at, look)).unwrap_or_default();
        vec![
            self.id.as_str().into(),
            self.label.as_str().into(),
            shown(self.created_at).into(),
            shown(self.expires_at).into(),
            self.metadata.as_deref().unwrap_or_default().into(),
        ]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let mut facts = vec![Fact::new("id", self.id.as_str()), Fact::new("label", self.label.as_str())];
        let further = [("key id", &self.key_id), ("product", &self.product), ("metadata", &self.metadata)];
        facts.extend(further.into_iter().filter_map(|(name, text)| Some(Fact::new(name, text.as_deref()?))));
        let times = [("created", self.created_at), ("expires", self.expires_at)];
        facts.extend(times.into_iter().filter_map(|(name, at)| Some(Fact::new(name, instant(at?, look)))));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_those_of_the_header() {
        let view = ActivationView::new(&Activation::new("act_1".into(), "laptop"));
        crate::view::check::assert_fields_match(&view);
    }
}
