//! `validate --stdin`: the verdict about each of many keys.

use std::fmt;
use std::io::{self, BufRead, Read as _};

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

/// The longest line that is taken for a key, in bytes; of a longer one nothing more is kept in memory.
const LONGEST_LINE: u64 = 64 * 1024;

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
    line: Result<Vec<u8>>,
    number: u64,
) -> Asked {
    let code = match line.and_then(|line| PastedKey::decode(&line)) {
        Ok(pasted) => pasted.code,
        Err(error) => return Asked { number, code: None, answer: Err(error) },
    };
    let mut request = ValidateRequest::new(code.clone());
    request.product = args.product.as_deref().map(Into::into);
    request.customer = args.customer.as_deref().map(Into::into);
    Asked { number, answer: provider.validate(request).await, code: Some(code) }
}

/// The lines that are not empty, numbered from 1 with the empty ones. They are read while the vendor is asked, a few
/// ahead, so that another program may write them as long as it likes.
fn lines_of_stdin() -> impl Stream<Item = (Result<Vec<u8>>, u64)> {
    let (sender, receiver) = mpsc::channel(IN_FLIGHT);
    tokio::task::spawn_blocking(move || {
        let mut stdin = io::stdin().lock();
        for number in 1_u64.. {
            let line = read_line(&mut stdin);
            let is_last = line.is_err();
            let Some(line) = line.unwrap_or_else(|error| Some(Err(not_read(&error)))) else { return };
            let is_empty = line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty());
            if (!is_empty && sender.blocking_send((line, number)).is_err()) || is_last {
                return;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| receiver.recv().await.map(|line| (line, receiver)))
}

/// The next line; `None` after the last one. One that is too long for a key is skipped to its end.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>>>> {
    let mut line = Vec::new();
    input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    let is_whole = line.ends_with(b"\n") || input.fill_buf()?.is_empty();
    if is_whole {
        return Ok((!line.is_empty()).then_some(Ok(line)));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Err(not_read(&format_args!("a line of more than {LONGEST_LINE} bytes is no license key")))))
}

fn not_read(why: &dyn fmt::Display) -> anykey::Error {
    anykey::Error::new(ErrorKind::InvalidRequest, why.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_an_error_and_those_around_it_are_read() {
        let long = vec![b'A'; 3 * 64 * 1024];
        let mut input: &[u8] = &[b"SHOP-1\n\n", &long[..], b"\nSHOP-2"].concat();
        let mut next = || read_line(&mut input).unwrap().map(|line| line.map_err(|error| error.kind()));
        assert_eq!(next(), Some(Ok(b"SHOP-1\n".to_vec())));
        assert_eq!(next(), Some(Ok(b"\n".to_vec())));
        assert_eq!(next(), Some(Err(ErrorKind::InvalidRequest)));
        assert_eq!(next(), Some(Ok(b"SHOP-2".to_vec())));
        assert_eq!(next(), None);
    }
}
