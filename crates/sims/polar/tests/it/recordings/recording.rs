use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use serde::Deserialize;

use super::fixture::{Fixture, ORIGIN};

/// One exchange with the real server.
#[derive(Deserialize)]
pub struct Recording {
    pub server_env: String,
    request: RecordedRequest,
    response: RecordedResponse,
}

#[derive(Deserialize)]
struct RecordedRequest {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct RecordedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Recording {
    pub fn read(folder: &Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Sends the recorded request; an error describes the difference from the recorded answer.
    pub fn replay(&self, fixture: &Fixture) -> Result<(), String> {
        let answer = fixture.send(self.request(fixture));
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        if answer.status() != self.response.status {
            return Err(format!("status {} instead of {}: {body}", answer.status(), self.response.status));
        }
        let success = answer.status().is_success();
        let (expected, found) = (self.expected_headers(success), headers(answer.headers(), success));
        if expected != found {
            return Err(format!("headers {found:#?}\ninstead of {expected:#?}"));
        }
        let (expected, found) = if success {
            let fresh_key = self.request.path.ends_with("/rotate");
            (normalized(&self.response.body, fresh_key), normalized(&body, fresh_key))
        } else {
            (self.response.body.clone(), fixture.to_recorded(&body))
        };
        if expected == found { Ok(()) } else { Err(format!("body\n{found}\ninstead of\n{expected}")) }
    }

    fn request(&self, fixture: &Fixture) -> http::Request<Bytes> {
        let body = self.request.body.as_deref().map(|body| fixture.to_simulated(body)).unwrap_or_default();
        let path = fixture.to_simulated(&self.request.path);
        let mut request =
            http::Request::builder().method(&*self.request.method).uri(format!("{ORIGIN}{path}"));
        for (name, value) in &self.request.headers {
            let value = match name.as_str() {
                "Authorization" => fixture.authorization(value),
                "Content-Length" => body.len().to_string(),
                _ => value.clone(),
            };
            request = request.header(name, value);
        }
        request.body(body.into()).unwrap()
    }

    fn expected_headers(&self, success: bool) -> BTreeMap<String, String> {
        let mut headers = http::HeaderMap::new();
        for (name, value) in &self.response.headers {
            let name: http::HeaderName = name.parse().unwrap();
            if name != http::header::TRANSFER_ENCODING {
                headers.insert(name, value.parse().unwrap());
            }
        }
        self::headers(&headers, success)
    }
}

/// Header names and values. For a success the length is replaced by a placeholder.
fn headers(headers: &http::HeaderMap, success: bool) -> BTreeMap<String, String> {
    let value = |name: &http::HeaderName, value: &http::HeaderValue| match name.as_str() {
        "content-length" if success => "some".to_owned(),
        _ => value.to_str().unwrap().to_owned(),
    };
    let compared = headers.iter().filter(|(name, _)| **name != http::header::DATE);
    compared.map(|(name, text)| (name.to_string(), value(name, text))).collect()
}

/// A body with random and time-dependent parts replaced: each id by its order of appearance, avatars by one word,
/// times by another unless they are an expiry, and the digits of a new key by one digit. Order and spelling stay.
fn normalized(body: &str, fresh_key: bool) -> String {
    let mut ids: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut member = String::new();
    for (index, piece) in body.split('"').enumerate() {
        let quoted = index % 2 == 1;
        if index > 0 {
            text.push('"');
        }
        let timed = ["created_at", "modified_at", "last_validated_at", "deleted_at"].contains(&&*member);
        if !quoted {
            text.push_str(piece);
        } else if is_id(piece) {
            let known = ids.iter().position(|id| id == piece).unwrap_or_else(|| {
                ids.push(piece.to_owned());
                ids.len() - 1
            });
            text.push_str(&format!("id {known}"));
        } else if piece.starts_with("https://www.gravatar.com/avatar/") && piece.len() == 102 {
            text.push_str("avatar");
        } else if timed && piece.ends_with('Z') {
            text.push_str("time");
        } else if fresh_key && ["key", "display_key"].contains(&&*member) {
            text.push_str(&piece.replace(|letter: char| letter.is_ascii_hexdigit(), "0"));
        } else {
            text.push_str(piece);
        }
        if quoted {
            member = piece.to_owned();
        }
    }
    text
}

fn is_id(text: &str) -> bool {
    let hyphens = text.char_indices().filter(|(_, letter)| *letter == '-').map(|(place, _)| place);
    let digits =
        text.chars().all(|letter| letter == '-' || letter.is_ascii_digit() || ('a'..='f').contains(&letter));
    text.len() == 36 && digits && hyphens.eq([8, 13, 18, 23])
}
