//! A credential in a file, which is replaced while the app runs.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::{Operation, SecretResolver, SecretSource, SecretString};
use anykey_http::{ApiClient, ApiRequest, BearerToken, RetryPolicy};
use tokio::time::advance;

use crate::support::{Script, status};

/// A file that holds this text; unreadable without one.
#[derive(Clone, Default)]
struct OneFile(Arc<Mutex<Option<&'static str>>>);

impl OneFile {
    fn holds(&self, text: Option<&'static str>) {
        *self.0.lock().unwrap() = text;
    }
}

impl SecretResolver for OneFile {
    fn env(&self, _: &str) -> Option<SecretString> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        self.0.lock().unwrap().map(SecretString::from).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    fn kept(&self) -> Option<Arc<dyn SecretResolver>> {
        Some(Arc::new(self.clone()))
    }
}

fn client(script: &Arc<Script>, file: &OneFile) -> ApiClient {
    file.holds(Some("first"));
    let source = SecretSource::File("/run/secrets/token".into());
    let token = BearerToken::new(source.resolve("token", file).unwrap()).unwrap();
    let reader = source.reader("token", file).unwrap();
    let builder = script.builder().bearer(token).credential_reader(reader);
    builder.retry(RetryPolicy::none()).build().unwrap()
}

fn sent(script: &Script) -> Vec<String> {
    let sent = script.sent.lock().unwrap();
    sent.iter().map(|(_, request)| request.headers()["authorization"].to_str().unwrap().to_owned()).collect()
}

fn activate() -> ApiRequest {
    ApiRequest::post(Operation::Activate)
}

#[tokio::test(start_paused = true)]
async fn after_a_401_or_403_the_file_is_read_again_and_the_request_is_sent_once_more() {
    for refused in [401, 403] {
        let (script, file) =
            (Script::new([status(200), status(refused), status(200), status(200)]), OneFile::default());
        let client = client(&script, &file);
        client.send(activate()).await.unwrap();
        file.holds(Some("second\n"));
        let response = client.send(activate()).await.unwrap();
        assert_eq!((response.status().as_u16(), response.earlier_attempt_open()), (200, false));
        client.send(activate()).await.unwrap();
        assert_eq!(sent(&script), ["Bearer first", "Bearer first", "Bearer second", "Bearer second"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_is_the_answer_when_the_file_is_the_same_gone_or_refused_too() {
    for (text, expected) in
        [(Some("first"), 1), (None, 1), (Some(""), 1), (Some("white space"), 1), (Some("second"), 2)]
    {
        let (script, file) = (Script::new([status(401), status(401)]), OneFile::default());
        let client = client(&script, &file);
        file.holds(text);
        let response = client.send(activate()).await.unwrap();
        assert_eq!((response.status().as_u16(), script.count()), (401, expected), "{text:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replaced_file_is_used_before_the_vendor_refuses_the_former_credential() {
    let (script, file) = (Script::new([status(200), status(200), status(200)]), OneFile::default());
    let client = client(&script, &file);
    client.send(activate()).await.unwrap();
    file.holds(Some("second"));
    advance(Duration::from_secs(10)).await;
    client.send(activate()).await.unwrap();
    file.holds(None);
    advance(Duration::from_secs(10)).await;
    client.send(activate()).await.unwrap();
    assert_eq!(sent(&script), ["Bearer first", "Bearer second", "Bearer second"]);
}

#[test]
fn a_variable_of_the_environment_is_read_once() {
    assert!(SecretSource::Env("TOKEN".into()).reader("token", &OneFile::default()).is_none());
}
