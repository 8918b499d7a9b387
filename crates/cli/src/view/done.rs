use serde::Serialize;

use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// A seat that was given back: nothing of it is left to show.
#[derive(Debug, Serialize)]
pub(crate) struct DoneView {
    activation: String,
    removed: bool,
}

impl DoneView {
    pub(crate) fn removed(activation: impl Into<String>) -> Self {
        Self { activation: activation.into(), removed: true }
    }
}

impl Row for DoneView {
    const FIELDS: &'static [&'static str] = &["activation", "removed"];
    const COLUMNS: &'static [Column] = &[Column::new("ACTIVATION", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![self.activation.as_str().into()]
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        vec![
            Fact::new("activation", self.activation.as_str()),
            Fact::new("status", Cell::new("removed", Tone::Good)),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fields_are_those_of_the_header() {
        crate::view::check::assert_fields_match(&super::DoneView::removed("act_1"));
    }
}
