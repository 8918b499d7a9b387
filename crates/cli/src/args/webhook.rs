use std::path::PathBuf;

use anykey::Timestamp;
use clap::{Args, Subcommand};
use url::Url;

use super::value::{verification_time, web_address};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Verify that the vendor sent a saved request, and show its event
    Verify(VerifyArgs),
    /// Receive deliveries on this machine and print the events of the authentic ones, until Ctrl-C
    Listen(ListenArgs),
    /// Let something happen at a simulator that runs, so that it sends the webhooks of it
    #[cfg(feature = "sim")]
    Trigger(TriggerArgs),
    /// Send a saved request to a server of your own, as it came
    Replay(ReplayArgs),
}

/// What is to happen.
#[cfg(feature = "sim")]
#[derive(Args, Debug)]
pub(crate) struct TriggerArgs {
    /// What happens to a new key of the provider's simulator; the vendor decides what it sends
    #[arg(value_name = "EVENT")]
    pub(crate) event: crate::sim::TriggeredEvent,
}

const REPLAY_EXIT_CODES: &str = "\
Exit codes:
  0  the server took it: an answer of 200 to 299
  1  the server did not take it
  2  usage is wrong, or FILE is no saved request
  3  no answer";

#[derive(Args, Debug)]
#[command(after_help = REPLAY_EXIT_CODES)]
pub(crate) struct ReplayArgs {
    /// The saved request, as `webhook verify` reads it; `-` reads it from stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where to send it
    ///
    /// The body and all headers but those about the connection stay as they are, the signature and its time included. A
    /// receiver therefore finds it too old after some minutes, unless its clock is set back too. Plain http goes to
    /// this machine only.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(crate) to: Url,
}

const VERIFY_EXIT_CODES: &str = "\
Exit codes:
  0  authentic, also when it is not about license keys
  1  not authentic: a header, the signature or the time is wrong
  2  usage or configuration is wrong, or FILE is no saved request
  3  authentic, but this version cannot read it";

#[derive(Args, Debug)]
#[command(after_help = VERIFY_EXIT_CODES)]
pub(crate) struct VerifyArgs {
    /// The saved request; `-` reads it from stdin
    ///
    /// Text as of HTTP/1.1: the request line, which may be missing, the headers, an empty line, the body. Lines end
    /// with LF or CRLF. The signature is over the body's bytes: JSON that was formatted again, or a line end that an
    /// editor added, is another body. It is verified with the provider's fields `webhook_…`.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Verify as of this time: `now`, a date, a time, or `sent` for the one in its own headers
    ///
    /// A delivery is authentic for five minutes. `sent` is for an older one: the signature is still verified,
    /// but a replay is not recognized.
    #[arg(long, value_name = "TIME", default_value = "now", value_parser = verification_time)]
    pub(crate) at: VerificationTime,
}

/// The time at which a saved request is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerificationTime {
    /// When the command runs.
    Now,
    /// When the request says that it was sent.
    Sent,
    /// At this time.
    Time(Timestamp),
}

const LISTEN_HELP: &str = "\
Each event is one line, printed once however often it comes. Everything else is a line on stderr.

Answers:
  200       an event, new or repeated; a delivery about something else
  any       with --forward-to: what the server there answers; 502 without an answer
  400, 401  not authentic
  500       authentic but unreadable, so that the vendor sends it again
  4xx       other requests: wrong path, no POST, too large, too slow";

#[derive(Args, Debug)]
#[command(after_help = LISTEN_HELP)]
pub(crate) struct ListenArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    ///
    /// Deliveries are taken at `/NAME` for each provider of the configuration that has a field `webhook_…`, such as
    /// `webhook_secrets`, and at `/` for the default one. With `--provider` it is that one alone. A vendor reaches this
    /// machine through a tunnel of your choice. Where a provider has a field `webhook_endpoint`, the vendor keeps the
    /// deliveries of that endpoint; they are asked for every five seconds, and acknowledged when they were handled.
    /// That needs no tunnel.
    #[arg(long, value_name = "PORT", default_value_t = 8790)]
    pub(crate) port: u16,
    /// Send each authentic delivery to this address too, as it came, and answer the vendor as the server there answers
    ///
    /// Body and headers stay as they are, those about the connection aside, so that the app verifies the same
    /// signature. A delivery that comes again is sent again. Without an answer the vendor gets 502, and sends it later.
    /// Plain http goes to this machine only.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(crate) forward_to: Option<Url>,
    /// Save each authentic delivery in this folder: a file that `webhook verify` and `webhook replay` read
    ///
    /// The files hold customers' data. Only their owner can read them, and none is overwritten.
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
}
