use std::sync::Arc;

use anykey_core::{
    EventKind, HeaderMap, KeyCode, LicenseEvent, LicenseKey, LicenseStatus, NotAuthentic, Timestamp,
    UnreadableDelivery, WebhookError, WebhookReceiver,
};
use anykey_router::RouterReceiver;

/// Takes deliveries that begin with its name.
#[derive(Debug)]
struct Receiver(&'static str);

impl WebhookReceiver for Receiver {
    fn provider(&self) -> &str {
        self.0
    }

    fn verify(&self, _: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let text = std::str::from_utf8(body).unwrap();
        match text.split_once(' ') {
            Some((name, "late")) if name == self.0 => Err(NotAuthentic::TooOld.into()),
            Some((name, "odd")) if name == self.0 => {
                Err(WebhookError::Unreadable(UnreadableDelivery::new("msg_1", now, "odd", body)))
            }
            Some((name, id)) if name == self.0 => {
                let mut event = LicenseEvent::new(self.0, "msg_1", EventKind::Updated, "updated", now);
                event.key_id = Some(id.into());
                let code = KeyCode::parse("AAAA").unwrap();
                let key = LicenseKey::new(self.0, "key_2".into(), code, LicenseStatus::Active);
                event.further_keys = vec![key];
                Ok(event)
            }
            _ if self.0 == "main" => Err(NotAuthentic::MissingHeader("x-signature").into()),
            _ => Err(NotAuthentic::SignatureMismatch.into()),
        }
    }
}

#[test]
fn the_receiver_that_can_verify_a_delivery_takes_it() {
    let receivers = ["main", "legacy"].map(|name| -> Arc<dyn WebhookReceiver> { Arc::new(Receiver(name)) });
    let receiver = RouterReceiver::new("all", receivers);
    assert_eq!(receiver.provider(), "all");
    let verify = |body: &str| receiver.verify(&HeaderMap::new(), body.as_bytes(), Timestamp::UNIX_EPOCH);
    for name in ["main", "legacy"] {
        let event = verify(&format!("{name} key_1")).unwrap();
        let ids: Vec<_> = event.key_ids().map(|id| id.to_string()).collect();
        assert_eq!((&*event.provider, ids), (name, vec![format!("{name}:key_1"), format!("{name}:key_2")]));
        assert_eq!(verify(&format!("{name} late")), Err(NotAuthentic::TooOld.into()));
        assert!(matches!(verify(&format!("{name} odd")), Err(WebhookError::Unreadable(_))));
    }
    assert_eq!(verify("nobody key_1"), Err(NotAuthentic::SignatureMismatch.into()));
}
