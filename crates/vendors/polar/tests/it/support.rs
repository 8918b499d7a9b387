//! Recorded answers of the real server, providers over a script, and requests as text.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anykey_core::KeyCode;
use anykey_http::Pacer;
use anykey_polar::{PolarBuilder, PolarProvider};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::Value;

/// The organization, two of its benefits, and keys of the recordings.
pub const ORGANIZATION: &str = "57a10a51-653a-449f-a259-1c70a3bbc826";
pub const PLAIN_BENEFIT: &str = "c891e6e8-fc0b-4c27-adc6-8002e2b10909";
pub const DEVICE_BENEFIT: &str = "7183f51f-532f-41f6-b49d-61c36cfde73d";
pub const PLAIN_CODE: &str = "5F2AC174-F343-47F4-AB73-DEB486DAC4A7";
pub const DEVICE_CODE: &str = "ACT-5031C85B-7EB7-432D-B687-505534BBD724";
pub const SEAT: &str = "241e0239-9d0a-4ef5-80b4-a06ebd2f619a";

/// One exchange with the real server.
pub struct Recording(Value);

impl Recording {
    pub fn read(name: &str) -> Self {
        let file = format!("{name}.json");
        let path = folders().map(|folder| folder.join(&file)).find(|path| path.exists()).expect(name);
        Self(serde_json::from_slice(&std::fs::read(path).expect(name)).expect(name))
    }

    /// The names of all recordings.
    pub fn names() -> Vec<String> {
        let files = folders().flat_map(|folder| folder.read_dir().unwrap());
        let paths = files.map(|file| file.unwrap().path());
        let recordings = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let names = recordings.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
        names.collect()
    }

    pub fn method(&self) -> &str {
        self.0["request"]["method"].as_str().unwrap()
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.0["request"]["path"].as_str().unwrap().split('?').next().unwrap()
    }

    /// The request's body, unless it is no JSON.
    pub fn body(&self) -> Value {
        let text = self.0["request"]["body"].as_str().unwrap_or_default();
        serde_json::from_str(text).unwrap_or_default()
    }

    pub fn status(&self) -> u16 {
        self.0["response"]["status"].as_u64().unwrap().try_into().unwrap()
    }

    /// The answer's body; empty when there was none.
    pub fn text(&self) -> &str {
        self.0["response"]["body"].as_str().unwrap_or_default()
    }

    pub fn answer(&self) -> Answer {
        let answer = Answer::new(self.status()).body(self.text().to_owned());
        let headers = self.0["response"]["headers"].as_array().unwrap();
        headers.iter().fold(answer, |answer, header| {
            answer.header(header[0].as_str().unwrap(), header[1].as_str().unwrap())
        })
    }
}

/// The simulator's recordings, and those that only the adapter is tested with.
fn folders() -> impl Iterator<Item = PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../../sims/polar/tests/fixtures/recordings", "tests/recordings"]
        .map(|folder| package.join(folder))
        .into_iter()
}

/// The recorded answer called `name`.
pub fn recorded(name: &str) -> Answer {
    Recording::read(name).answer()
}

/// A script with these recorded answers.
pub fn script(names: &[&str]) -> ScriptedTransport {
    names.iter().fold(ScriptedTransport::new(), |script, name| script.then(recorded(name)))
}

pub fn builder(transport: &ScriptedTransport) -> PolarBuilder {
    PolarProvider::builder(ORGANIZATION)
        .transport(Arc::new(transport.clone()))
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited())
}

pub fn public(transport: &ScriptedTransport) -> PolarProvider {
    builder(transport).build().unwrap()
}

pub fn portal(transport: &ScriptedTransport) -> PolarProvider {
    builder(transport).session_token("polar_cst_planted").build().unwrap()
}

pub fn organization(transport: &ScriptedTransport) -> PolarProvider {
    builder(transport).token("polar_oat_planted").build().unwrap()
}

/// A key with nothing but what every answer tells.
pub fn bare_key(code: &str) -> String {
    format!(r#"{{"id":"i","key":"{code}","status":"granted"}}"#)
}

pub fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

/// The only request that was sent, as it went over the wire.
#[track_caller]
pub fn only_request(transport: &ScriptedTransport) -> String {
    transport.assert_finished();
    let requests = transport.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests[0].to_text()
}
