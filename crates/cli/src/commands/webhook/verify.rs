use std::io::Read;
use std::path::{Path, PathBuf};

use anykey::{HeaderMap, NotAuthentic, Timestamp, WebhookError};

use super::saved_request::SavedRequest;
use crate::args::{VerificationTime, VerifyArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::DeliveryView;

/// The largest file that is read, in bytes; deliveries have a few thousand.
const LARGEST_FILE: u64 = 8 << 20;

pub(super) async fn run(context: &Context, args: VerifyArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    let receiver = target.receiver()?;
    let request = SavedRequest::parse(&read(args.file).await?)?;
    if let Some(told) = request.other_length_told() {
        let length = request.body.len();
        context.note(&format!("the body has {length} bytes, but `content-length` is {told}: it was changed"));
    }
    let at = verification_time(context, args.at, &request.headers);
    let (view, exit) = match receiver.verify(&request.headers, &request.body, at) {
        Ok(event) => (DeliveryView::event(&target.name, &event, context.now, context.codes()), Exit::Done),
        Err(error) => {
            if let Some(advice) = advice(&error) {
                context.note(advice);
            }
            (DeliveryView::without_event(&target.name, receiver.provider(), &error), exit(&error))
        }
    };
    context.print(&view)?;
    Ok(exit)
}

/// Reads the file, or stdin for `-`. Waiting for stdin does not hold Ctrl-C back.
async fn read(file: PathBuf) -> Result<Vec<u8>, Failure> {
    let name = file.display().to_string();
    let read = tokio::task::spawn_blocking(move || {
        if file == Path::new("-") {
            read_from(std::io::stdin())
        } else {
            read_from(std::fs::File::open(file)?)
        }
    });
    let bytes = read.await.map_err(std::io::Error::other)?;
    let bytes = bytes.map_err(|error| Failure::Usage(format!("cannot read {name}: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_FILE) {
        Ok(bytes)
    } else {
        Err(Failure::Usage(format!("{name} is larger than {LARGEST_FILE} bytes: this is no saved request")))
    }
}

fn read_from(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The time of the verification. Without a readable time in `headers` it is now: the proof then says what is wrong with
/// them.
fn verification_time(context: &Context, at: VerificationTime, headers: &HeaderMap) -> Timestamp {
    match at {
        VerificationTime::Now => context.now,
        VerificationTime::Time(at) => at,
        VerificationTime::Sent => sent_at(headers).map_or(context.now, |at| {
            context.note(&format!(
                "verified as of {at}, the time in its own headers: a replay is not recognized"
            ));
            at
        }),
    }
}

fn sent_at(headers: &HeaderMap) -> Option<Timestamp> {
    let seconds = headers.get("webhook-timestamp")?.to_str().ok()?;
    Timestamp::from_second(seconds.parse().ok()?).ok()
}

const fn exit(error: &WebhookError) -> Exit {
    match error {
        WebhookError::NotAuthentic(_) => Exit::Refused,
        WebhookError::NotOfInterest(_) => Exit::Done,
        _ => Exit::NoAnswer,
    }
}

const fn advice(error: &WebhookError) -> Option<&'static str> {
    match error {
        WebhookError::NotAuthentic(NotAuthentic::SignatureMismatch) => Some(
            "the body has to be the bytes that came, and the provider's fields `webhook_…` those of this very endpoint: \
             see `anykey config check`",
        ),
        WebhookError::NotAuthentic(NotAuthentic::TooOld | NotAuthentic::TooNew) => {
            Some("the signature is good; `--at sent` judges a saved request at the time when it was sent")
        }
        _ => None,
    }
}
