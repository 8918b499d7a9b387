use bytes::Bytes;
use serde::Serialize;

use super::forward::Forwarder;
use super::saved_request::{SavedRequest, read};
use crate::args::ReplayArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};

/// Sends a saved request again, as it came. A receiver that verifies it finds its time too old after some minutes.
pub(super) async fn run(context: &Context, args: ReplayArgs) -> Result<Exit, Failure> {
    let request = SavedRequest::parse(&read(args.file).await?)?;
    request.note_other_length(context);
    let forwarder = Forwarder::new(args.to);
    let to = forwarder.to().to_string();
    let Ok(status) = forwarder.send(&request.headers, Bytes::from(request.body)).await.map_err(|why| {
        context.print_line(
            "error",
            &format!("no answer from {to}: {why}; next: see whether a server listens there"),
        );
    }) else {
        return Ok(Exit::NoAnswer);
    };
    context.print(&AnswerView { to, status: status.as_u16(), taken: status.is_success() })?;
    if matches!(status.as_u16(), 400 | 401) {
        context.note(
            "a receiver takes a delivery for authentic within some minutes of the time in its headers only",
        );
    }
    Ok(if status.is_success() { Exit::Done } else { Exit::Refused })
}

/// What a server answered to a delivery.
#[derive(Debug, Serialize)]
struct AnswerView {
    to: String,
    status: u16,
    taken: bool,
}

impl Row for AnswerView {
    const FIELDS: &'static [&'static str] = &["to", "status", "taken"];
    const COLUMNS: &'static [Column] = &[Column::new("TO", 0), Column::new("STATUS", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        let tone = if self.taken { Tone::Good } else { Tone::Bad };
        vec![self.to.as_str().into(), Cell::new(self.status.to_string(), tone)]
    }

    fn facts(&self, look: Look) -> Vec<Fact> {
        ["to", "status"].into_iter().zip(self.cells(look)).map(|(name, cell)| Fact::new(name, cell)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_fields_are_those_of_the_header() {
        let view = super::AnswerView { to: String::new(), status: 200, taken: true };
        crate::view::check::assert_fields_match(&view);
    }
}
