use anykey::{HeaderMap, NotAuthentic, Timestamp, WebhookError};

use super::saved_request::{SavedRequest, read};
use crate::args::{VerificationTime, VerifyArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::DeliveryView;

pub(super) async fn run(context: &Context, args: VerifyArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    let receiver = target.receiver()?;
    let request = SavedRequest::parse(&read(args.file).await?)?;
    request.note_other_length(context);
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
        WebhookError::NotAuthentic(NotAuthentic::TooOld | NotAuthentic::TooNew) => Some(
            "the signature is good; `--at sent` verifies a saved request as of the time when it was sent",
        ),
        _ => None,
    }
}
