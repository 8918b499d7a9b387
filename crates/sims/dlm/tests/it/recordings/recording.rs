use std::collections::BTreeMap;
use std::path::Path;

use anykey_core::HttpTransport;
use anykey_dlm_sim::DlmSim;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::consumers;

/// The address of the recorded site.
pub const SITE: &str = "http://127.0.0.1:18655";

/// One exchange with the real server.
#[derive(Deserialize)]
pub struct Recording {
    pub name: String,
    pub request: Request,
    pub response: Answer,
}

#[derive(Deserialize)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

#[derive(Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Recording {
    pub fn read(path: &Path) -> Self {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// The answer's document; null for none.
    pub fn document(&self) -> Value {
        let document: Value = serde_json::from_str(&self.response.body).unwrap_or_default();
        document.get("body").cloned().unwrap_or(document)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let known = self.response.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, value)| value.as_str())
    }

    /// The parts of the path after the version of the API.
    pub fn parts(&self) -> Vec<&str> {
        let path = self.request.path.split('?').next().unwrap();
        path.split('/').skip(4).filter(|part| !part.is_empty()).collect()
    }

    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.request.path.split_once('?')?.1;
        query.split('&').find_map(|pair| Some(pair.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
    }

    /// The JSON object of the request.
    pub fn given(&self) -> Value {
        serde_json::from_str(self.request.body.as_deref().unwrap_or_default()).unwrap_or_default()
    }

    /// Whether the request changes a member of a key.
    pub fn changes(&self, member: &str) -> bool {
        let is_json = self.given().is_object();
        let body = self.request.body.as_deref().unwrap_or_default();
        if is_json { self.given().get(member).is_some() } else { body.contains(member) }
    }

    /// Sends the request; an error describes the difference from the recorded answer.
    pub async fn replay(&self, site: &DlmSim) -> Result<(), String> {
        let answer = site.send(self.request(site)).await.unwrap();
        let body = String::from_utf8(answer.body().to_vec()).unwrap();
        let status = answer.status().as_u16();
        if status != self.response.status {
            return Err(format!("status {status} instead of {}: {body}", self.response.status));
        }
        let found = answer.headers().iter();
        let found = telling(found.map(|(name, value)| (name.as_str(), value.to_str().unwrap())));
        let headers = self.response.headers.iter();
        let expected = telling(headers.map(|(name, value)| (name.as_str(), value.as_str())));
        if found != expected {
            return Err(format!("headers {found:#?}\ninstead of {expected:#?}"));
        }
        if body == self.response.body {
            Ok(())
        } else {
            Err(format!("body\n{body}\ninstead of\n{}", self.response.body))
        }
    }

    fn request(&self, site: &DlmSim) -> http::Request<Bytes> {
        let filled = |text: &str| consumers::filled(text).replace("<nonce>", site.public_nonce());
        let path = filled(&self.request.path).replace('[', "%5B").replace(']', "%5D").replace('>', "%3E");
        let mut request =
            http::Request::builder().method(self.request.method.as_str()).uri(format!("{SITE}{path}"));
        for (name, value) in &self.request.headers {
            let value = if name == "Authorization" { consumers::authorization(value) } else { value.clone() };
            request = request.header(name, value);
        }
        let body = self.request.body.as_deref().map(filled).unwrap_or_default();
        request.body(body.into()).unwrap()
    }
}

/// All headers but those of the connection and the time.
fn telling<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>) -> BTreeMap<String, String> {
    let left_out = ["date", "transfer-encoding", "connection", "content-length"];
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    headers.filter(|(name, _)| !left_out.contains(&name.as_str())).collect()
}
