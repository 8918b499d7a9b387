//! `validate --stdin`: the verdict about each of many keys.

use std::io::{self, BufRead};

use anykey::{ErrorKind, KeyCode, LicenseProvider, PastedKey, Result, ValidateRequest, Validation};
use futures_util::stream::{self, Stream};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use crate::args::ValidateArgs;
use crate::change::is_everybodys;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;
use crate::view::VerdictLine;

/// How many keys the vendor is asked about at the same time. How many a minute is up to the provider's pacing.
const IN_FLIGHT: usize = 8;

/// Prints a line for each key of stdin. A wrong credential ends it: every other key would get the same error.
pub(super) async fn validate(
    context: &Context,
    target: &Target,
    args: &ValidateArgs,
) -> std::result::Result<Exit, Failure> {
    let provider = target.open()?;
    let answers = lines_of_stdin().map(|(line, number)| ask(&*provider, args, line, number));
    let mut answers = answers.buffered(IN_FLIGHT).boxed();
    let mut sink = context.line_sink()?;
    let mut tally = Tally::default();
    loop {
        let next = match answers.next().now_or_never() {
            Some(next) => next,
            None => {
                // What is there already must not wait for the next answer.
                sink.flush()?;
                answers.next().await
            }
        };
        let Some(Asked { number, code, answer }) = next else { break };
        tally.count(&answer);
        sink.push(VerdictLine::new(number, code.as_ref(), &answer, context.now, context.codes()))?;
        if answer.as_ref().is_err_and(is_everybodys) {
            break;
        }
    }
    sink.finish()?;
    context.print_line("result", &tally.text());
    Ok(Exit::most_serious(&tally.exits).unwrap_or(Exit::Done))
}

struct Asked {
    number: u64,
    code: Option<KeyCode>,
    answer: Result<Validation>,
}

async fn ask(
    provider: &dyn LicenseProvider,
    args: &ValidateArgs,
    line: io::Result<Vec<u8>>,
    number: u64,
) -> Asked {
    let read = line.map_err(|error| anykey::Error::new(ErrorKind::InvalidRequest, error.to_string()));
    let code = match read.and_then(|line| PastedKey::decode(&line)) {
        Ok(pasted) => pasted.code,
        Err(error) => return Asked { number, code: None, answer: Err(error) },
    };
    let mut request = ValidateRequest::new(code.clone());
    request.product = args.product.as_deref().map(Into::into);
    request.customer = args.customer.as_deref().map(Into::into);
    Asked { number, answer: provider.validate(request).await, code: Some(code) }
}

/// The lines that are not empty, numbered from 1 with the empty ones. They are read while the vendor is asked, a few ahead,
/// so that another program may write them as long as it likes.
fn lines_of_stdin() -> impl Stream<Item = (io::Result<Vec<u8>>, u64)> {
    let (sender, receiver) = mpsc::channel(IN_FLIGHT);
    tokio::task::spawn_blocking(move || {
        for (line, number) in io::stdin().lock().split(b'\n').zip(1_u64..) {
            let is_empty = line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty());
            let is_last = line.is_err();
            if (!is_empty && sender.blocking_send((line, number)).is_err()) || is_last {
                return;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|line| (line, receiver)))
}

/// How many keys came to what.
#[derive(Default)]
struct Tally {
    valid: u64,
    refused: u64,
    unanswered: u64,
    exits: Vec<Exit>,
}

impl Tally {
    fn count(&mut self, answer: &Result<Validation>) {
        let (counter, exit) = match answer {
            Ok(validation) if validation.is_valid() => (&mut self.valid, Exit::Done),
            Ok(_) => (&mut self.refused, Exit::Refused),
            // Also where the vendor says so of the request: the exit code 1 is for verdicts.
            Err(error) => (&mut self.unanswered, Exit::of(error)),
        };
        *counter = counter.saturating_add(1);
        if !self.exits.contains(&exit) {
            self.exits.push(exit);
        }
    }

    fn text(&self) -> String {
        let Self { valid, refused, unanswered, .. } = self;
        format!("{valid} valid, {refused} refused, {unanswered} without an answer")
    }
}
