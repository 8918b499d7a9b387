use anykey::{Activation, Expiry, Timestamp};
use serde::Serialize;

use super::advice::{self, Step};
use super::case::{Case, DeviceAnswer};
use super::finding::{Finding, findings};
use super::reply;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::time::instant;
use crate::output::{Block, Cell, Fact, Look, Tone};
use crate::shell_command::shell_command;
use crate::view::KeyView;

/// Why a key works or not, and what can be done.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    /// The provider's name in the configuration; absent when none has the key.
    provider: Option<String>,
    /// What matters, as one word each; the first one explains the customer's trouble.
    findings: Vec<&'static str>,
    /// Whether a device that has a seat, or needs none, can use the key.
    in_force: bool,
    /// The same as sentences.
    summary: String,
    /// What a device is answered, and the vendor's own reason.
    vendor_says: Option<String>,
    key: Option<KeyView>,
    /// Absent when the provider cannot list them.
    seats: Option<Vec<SeatView>>,
    customer_can: Vec<String>,
    support_can: Vec<StepView>,
    reply: String,
    #[serde(skip)]
    place: String,
    #[serde(skip)]
    ends: Option<Expiry>,
}

#[derive(Debug, Serialize)]
struct SeatView {
    id: String,
    label: String,
    created_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct StepView {
    text: String,
    command: Option<String>,
}

impl Explanation {
    pub(super) fn of(context: &Context, case: &Case) -> Self {
        let findings = findings(case);
        let advised = || findings.iter().copied();
        let sentences: Vec<_> = advised().map(|finding| finding.sentence(case)).collect();
        let steps = advised().flat_map(|finding| advice::support(case, finding));
        Self {
            provider: Some(case.provider.clone()),
            findings: advised().map(Finding::name).collect(),
            in_force: findings.last().is_some_and(|finding| finding.is_in_force()),
            summary: sentences.join(" "),
            vendor_says: Some(match &case.answer {
                DeviceAnswer::Valid => "valid".to_owned(),
                DeviceAnswer::Refused(refusal) => format!("refused: {refusal}"),
                DeviceAnswer::None(why) => why.clone(),
            }),
            key: Some(KeyView::new(&case.key, case.now, context.codes())),
            seats: case.seats.as_ref().map(|seats| seats.iter().map(SeatView::new).collect()),
            customer_can: advised().flat_map(|finding| advice::customer(case, finding)).collect(),
            support_can: steps.map(|step| StepView::new(context, &case.provider, step)).collect(),
            reply: reply::reply(case, &findings),
            place: case.place.clone(),
            ends: Some(case.key.expiry),
        }
    }

    /// No provider of the configuration has the key.
    pub(super) fn unknown() -> Self {
        Self {
            provider: None,
            findings: vec!["unknown_key"],
            in_force: false,
            summary: "No provider of the configuration has this key.".to_owned(),
            vendor_says: None,
            key: None,
            seats: None,
            customer_can: vec![
                "Copy the key from the receipt, from its first to its last character.".to_owned(),
            ],
            support_can: vec![
                StepView::words("Look for the order, the payment or the customer's id with `anykey find`"),
                StepView::words(
                    "Check whether the key is of the other environment: a sandbox has keys of its own",
                ),
            ],
            reply: reply::unknown(),
            place: String::new(),
            ends: None,
        }
    }

    /// The text for the customer.
    pub(super) fn reply(&self) -> &str {
        &self.reply
    }

    /// Writes it in the format that is asked for.
    pub(super) fn print(&self, context: &Context) -> Result<(), Failure> {
        context.print_prose(self, |look| self.blocks(look))
    }

    fn blocks(&self, look: Look) -> Vec<Block> {
        let tone = if self.in_force { Tone::Good } else { Tone::Bad };
        let mut blocks = vec![Block::Paragraph(Cell::new(self.summary.as_str(), tone))];
        let facts = self.facts(look);
        if !facts.is_empty() {
            blocks.extend([Block::Gap, Block::Facts(facts)]);
        }
        if !self.customer_can.is_empty() {
            blocks.extend([Block::Gap, Block::Paragraph("What the customer can do:".into())]);
            blocks.extend(self.customer_can.iter().map(|text| Block::Item(text.clone(), None)));
        }
        if !self.support_can.is_empty() {
            blocks.extend([Block::Gap, Block::Paragraph("What you can do:".into())]);
            let items = self.support_can.iter();
            blocks.extend(items.map(|step| Block::Item(step.text.clone(), step.command.clone())));
        }
        blocks
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        let Some(key) = &self.key else { return Vec::new() };
        let mut facts = vec![
            Fact::new("key", format!("{} at {}", key.code(), self.place)),
            Fact::new("id", key.id()),
            Fact::new("vendor says", self.vendor_says.as_deref().unwrap_or_default()),
            Fact::new("status", key.status_cell()),
            Fact::new("ends", self.ends_text(look)),
            Fact::new("seats", key.seats()),
        ];
        facts.extend(self.seats.iter().flatten().map(|seat| Fact::new("seat", seat.text(look))));
        facts.extend(key.usage_text().map(|usage| Fact::new("usage", usage)));
        facts.extend(key.customer().map(|customer| Fact::new("customer", customer)));
        facts
    }

    fn ends_text(&self, look: Look) -> String {
        match self.ends {
            Some(Expiry::Never) => "never".to_owned(),
            Some(Expiry::At(at)) => instant(at, look),
            Some(Expiry::FollowsSubscription) => "with the subscription".to_owned(),
            _ => "the vendor does not say".to_owned(),
        }
    }
}

impl SeatView {
    fn new(seat: &Activation) -> Self {
        Self {
            id: seat.id.to_string(),
            label: seat.label.clone(),
            created_at: seat.created_at,
            expires_at: seat.expires_at,
        }
    }

    fn text(&self, look: Look) -> String {
        let since = self.created_at.map(|at| format!(", since {}", instant(at, look))).unwrap_or_default();
        let until = self.expires_at.map(|at| format!(", until {}", instant(at, look))).unwrap_or_default();
        let label = if self.label.is_empty() { &self.id } else { &self.label };
        format!("{label}{since}{until}")
    }
}

impl StepView {
    fn new(context: &Context, provider: &str, step: Step) -> Self {
        let command = step.command.map(|words| {
            let words = words.iter().map(String::as_str);
            shell_command(context.global.config.as_deref(), ["-p", provider].into_iter().chain(words))
        });
        Self { text: step.text, command }
    }

    fn words(text: &str) -> Self {
        Self { text: text.to_owned(), command: None }
    }
}
