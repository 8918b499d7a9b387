use anykey::{Timestamp, Validation};
use serde::Serialize;

use super::{Codes, KeyView};
use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// The vendor's answer to "is this key good?".
#[derive(Debug, Default, Serialize)]
pub(crate) struct VerdictView {
    /// `valid` or `refused`; of one of many keys also `no_answer`.
    verdict: &'static str,
    /// Why not, as one word for scripts.
    reason: Option<&'static str>,
    /// Why not, as a sentence.
    message: Option<String>,
    /// The vendor's own word for its verdict, also beside a yes.
    status_word: Option<String>,
    key_id: Option<String>,
    status: Option<String>,
    expires_at: Option<Timestamp>,
    customer: Option<String>,
    product: Option<String>,
    activation: Option<String>,
    #[serde(skip)]
    key: Option<KeyView>,
}

mod line;

pub(crate) use line::VerdictLine;

impl VerdictView {
    pub(crate) fn new(validation: &Validation, now: Timestamp, codes: Codes) -> Self {
        let refusal = validation.refusal();
        let key = validation.key.as_ref();
        Self {
            verdict: if refusal.is_none() { "valid" } else { "refused" },
            reason: refusal.map(|refusal| refusal.reason.name()),
            message: refusal.map(ToString::to_string),
            status_word: validation.status_word.as_deref().map(str::to_owned),
            key_id: key.map(|key| key.id.to_string()),
            status: key.map(|key| key.status_at(now).to_string()),
            expires_at: key.and_then(|key| key.expiry.at()),
            customer: key.and_then(|key| key.customer.as_ref()).map(ToString::to_string),
            product: key.and_then(|key| key.product.as_ref()).map(ToString::to_string),
            activation: validation.activation.as_ref().map(|activation| activation.id.to_string()),
            key: key.map(|key| KeyView::new(key, now, codes)),
        }
    }
}

impl Row for VerdictView {
    const FIELDS: &'static [&'static str] = &[
        "verdict",
        "reason",
        "message",
        "status_word",
        "key_id",
        "status",
        "expires_at",
        "customer",
        "product",
        "activation",
    ];
    const COLUMNS: &'static [Column] = &[Column::new("VERDICT", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![verdict(self.verdict)]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let mut facts = vec![Fact::new("verdict", verdict(self.verdict))];
        facts.extend(self.message.as_deref().map(|message| Fact::new("reason", message)));
        facts.extend(self.status_word.as_deref().map(|word| Fact::new("vendor's word", word)));
        facts.extend(self.activation.as_deref().map(|activation| Fact::new("activation", activation)));
        facts.extend(self.key.iter().flat_map(|key| key.facts(look)));
        facts
    }
}

fn verdict(word: &'static str) -> Cell {
    Cell::new(word, if word == "valid" { Tone::Good } else { Tone::Bad })
}

#[cfg(test)]
mod tests {
    use anykey::{Refusal, RefusalReason};

    use super::*;

    #[test]
    fn a_refusal_is_a_word_and_a_sentence() {
        let refused = Validation::refused(Refusal::new(RefusalReason::Expired));
        let view = VerdictView::new(&refused, Timestamp::UNIX_EPOCH, Codes::Masked);
        assert_eq!(view.reason, Some("expired"));
        assert_eq!(view.message.as_deref(), Some("the key has expired"));
        crate::view::check::assert_fields_match(&view);
    }

    #[test]
    fn the_vendors_own_word_stands_beside_a_yes() {
        let lenient = Validation::valid().with_status_word(Box::from("TOO_MANY_MACHINES"));
        let view = VerdictView::new(&lenient, Timestamp::UNIX_EPOCH, Codes::Masked);
        assert_eq!((view.verdict, view.status_word.as_deref()), ("valid", Some("TOO_MANY_MACHINES")));
        crate::view::check::assert_fields_match(&view);
    }
}
