//! License files and machine files: signed documents for use without network.
//!
//! The text is a PEM-like block around a JSON object with the encoded document, its signature and the algorithm. The
//! signature is over `license/` or `machine/` and the encoded document. A file stays valid until its own expiry, also
//! when the license is suspended meanwhile.

use anykey_core::Timestamp;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Request;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Map, Value, json};

use super::account::Account;
use super::answer::Answer;
use super::paging::Query;
use super::params::{Kind, Param, check, take_object};
use super::problem::{Outcome, Problem};
use super::state::Call;
use super::time::{date, later, written};

/// One month, in seconds.
const DEFAULT_TTL: u64 = 2_629_746;
/// The length of a line of base64 in a file.
const LINE: usize = 60;
/// Without and with encryption.
const ALGORITHMS: [&str; 2] = ["base64+ed25519", "aes-256-gcm+ed25519"];
const OPTIONS: &[Param] = &[Param::optional(
    "meta",
    Kind::Object(&[
        Param::optional("encrypt", Kind::Boolean),
        Param::optional("algorithm", Kind::Text),
        Param::nullable("ttl", Kind::Integer),
        Param::optional("include", Kind::Texts),
    ]),
)];

/// The kind of a file.
#[derive(Clone, Copy)]
enum FileKind {
    License,
    Machine,
}

/// The body's `meta` for POST, the query for GET.
struct Options {
    encrypted: bool,
    /// In seconds; `None` for a file without an expiry.
    ttl: Option<u64>,
    include: Vec<String>,
}

/// A file that is made.
struct File {
    certificate: String,
    algorithm: &'static str,
    issued: Timestamp,
    expiry: Option<Timestamp>,
}

impl FileKind {
    const fn word(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::Machine => "machine",
        }
    }

    /// The relationships that may be included. Only the license itself is, in a machine's file; the others are
    /// accepted and absent.
    const fn includes(self) -> &'static [&'static str] {
        match self {
            Self::License => &["entitlements", "environment", "product", "policy", "group", "owner", "users"],
            Self::Machine => &[
                "license",
                "license.entitlements",
                "license.product",
                "license.policy",
                "license.owner",
                "license.users",
                "components",
                "environment",
                "group",
                "owner",
            ],
        }
    }
}

impl Call<'_> {
    /// `POST` and `GET /licenses/{license}/actions/check-out`. With POST the file is an attribute of a document, with
    /// GET it is the body.
    pub(super) fn license_file(
        &mut self,
        alias: &str,
        body: Option<Value>,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let id = self.visible_license(alias, request)?;
        let is_raw = body.is_none();
        let options = Options::read(body, request, FileKind::License)?;
        let now = self.now;
        if let Some(license) = self.account.licenses.get_mut(&id) {
            license.last_check_out = Some(now);
        }
        let found = self.account.licenses.get(&id).ok_or_else(|| Problem::not_found("license", alias))?;
        let data = self.account.license_document(found, now);
        let secret = found.key.clone();
        let file = self.file(FileKind::License, data, Vec::new(), &options, &secret)?;
        self.announce_license("license.checked-out", &id, None);
        Ok(self.file_answer(FileKind::License, &id, file, options, is_raw))
    }

    /// `POST` and `GET /machines/{machine}/actions/check-out`
    pub(super) fn machine_file(
        &mut self,
        alias: &str,
        body: Option<Value>,
        request: &Request<Bytes>,
    ) -> Outcome<Answer> {
        let id = self.visible_machine(alias, request)?;
        let is_raw = body.is_none();
        let options = Options::read(body, request, FileKind::Machine)?;
        let now = self.now;
        if let Some(machine) = self.account.machine_mut(&id) {
            machine.last_check_out = Some(now);
        }
        let (license, machine) =
            self.account.machine(&id).ok_or_else(|| Problem::not_found("machine", alias))?;
        let data = self.account.machine_document(license, machine, now);
        let secret = format!("{}{}", license.key, machine.fingerprint);
        // A member of the license includes the license itself.
        let includes_license = options.include.iter().any(|name| name.starts_with("license"));
        let included = includes_license.then(|| self.account.license_document(license, now));
        let file = self.file(FileKind::Machine, data, included.into_iter().collect(), &options, &secret)?;
        self.announce_machine("machine.checked-out", &id);
        Ok(self.file_answer(FileKind::Machine, &id, file, options, is_raw))
    }

    /// Writes and signs the document of a file. An encrypted one can be read with `secret`: the license key, and for
    /// a machine the key followed by the fingerprint.
    fn file(
        &mut self,
        kind: FileKind,
        data: Value,
        included: Vec<Value>,
        options: &Options,
        secret: &str,
    ) -> Outcome<File> {
        let expiry = options.ttl.map(|ttl| later(self.now, ttl));
        let meta = json!({ "issued": written(self.now), "expiry": date(expiry), "ttl": options.ttl });
        let mut document = json!({ "data": data, "meta": meta });
        if let Some(document) = document.as_object_mut().filter(|_| !included.is_empty()) {
            document.insert("included".to_owned(), included.into());
        }
        let nonce = self.ids.nonce();
        let encoded = match options.encrypted {
            true => encrypted(&document.to_string(), secret, nonce),
            false => Some(BASE64_STANDARD.encode(document.to_string())),
        };
        let encoded = encoded.ok_or_else(|| Problem::conflict("the file cannot be encrypted"))?;
        let [plain, secret] = ALGORITHMS;
        let algorithm = if options.encrypted { secret } else { plain };
        let certificate = self.account.certificate(kind.word(), &encoded, algorithm);
        Ok(File { certificate, algorithm, issued: self.now, expiry })
    }

    /// The answer with a file, as a document or raw.
    fn file_answer(
        &mut self,
        kind: FileKind,
        id: &str,
        file: File,
        options: Options,
        is_raw: bool,
    ) -> Answer {
        let word = kind.word();
        if is_raw {
            return Answer::file(format!("{id}.lic"), file.certificate);
        }
        Answer::data(json!({
            "id": self.ids.uuid(),
            "type": format!("{word}-files"),
            "attributes": {
                "certificate": file.certificate,
                "algorithm": file.algorithm,
                "includes": options.include,
                "ttl": options.ttl,
                "expiry": date(file.expiry),
                "issued": written(file.issued),
            },
            "relationships": {
                "account": { "data": { "type": "accounts", "id": self.account.id } },
                word: { "data": { "type": format!("{word}s"), "id": id } },
            },
        }))
    }
}

impl Account {
    /// The text of a file of this kind with the encoded document `enc`.
    fn certificate(&self, kind: &str, enc: &str, alg: &str) -> String {
        let sig = BASE64_STANDARD.encode(self.signing_key.sign(format!("{kind}/{enc}").as_bytes()));
        let document = format!(r#"{{"enc":"{enc}","sig":"{sig}","alg":"{alg}"}}"#);
        let encoded = BASE64_STANDARD.encode(document);
        let characters: Vec<char> = encoded.chars().collect();
        let lines: Vec<String> = characters.chunks(LINE).map(|line| line.iter().collect()).collect();
        let kind = kind.to_ascii_uppercase();
        format!("-----BEGIN {kind} FILE-----\n{}\n-----END {kind} FILE-----\n", lines.join("\n"))
    }
}

/// Ciphertext, initialization vector and tag; the key is the digest of `secret`.
fn encrypted(text: &str, secret: &str, iv: [u8; 12]) -> Option<String> {
    let key = ring::digest::digest(&ring::digest::SHA256, secret.as_bytes());
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_ref()).ok()?);
    let mut bytes = text.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key(iv);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut bytes).ok()?;
    let parts = [&*bytes, iv.as_slice(), tag.as_ref()].map(|part| BASE64_STANDARD.encode(part));
    Some(parts.join("."))
}

impl Options {
    /// # Errors
    ///
    /// 400 for an unknown algorithm, for a `ttl` below an hour, and for an unknown relationship. `ttl=` in the query
    /// is no expiry, while `ttl=null` is a text and so 0.
    fn read(body: Option<Value>, request: &Request<Bytes>, kind: FileKind) -> Outcome<Self> {
        let query = Query::of(request.uri());
        let mut meta = match body {
            Some(body) => take_object(&mut check(body, OPTIONS)?, "meta"),
            None => Map::new(),
        };
        let flag = meta.get("encrypt").and_then(Value::as_bool).or_else(|| query.flag("encrypt"));
        let algorithm =
            match meta.get("algorithm").and_then(Value::as_str).or_else(|| query.value("algorithm")) {
                None => None,
                Some(name) if ALGORITHMS.contains(&name) => Some(name.to_owned()),
                Some(_) => return Err(bad("algorithm", "CHECKOUT_ALGORITHM_INVALID", "invalid algorithm")),
            };
        let encrypted = algorithm.map_or(flag.unwrap_or(false), |name| name.starts_with("aes"));
        let ttl = match (meta.get("ttl"), query.value("ttl")) {
            (Some(Value::Null), _) | (None, Some("")) => None,
            (Some(ttl), _) => Some(ttl.as_u64().unwrap_or(0)),
            (None, Some(text)) => Some(text.parse().unwrap_or(0)),
            (None, None) => Some(DEFAULT_TTL),
        };
        if ttl.is_some_and(|ttl| ttl < 3600) {
            let detail = "must be greater than or equal to 3600 (1 hour)";
            return Err(bad("ttl", "CHECKOUT_TTL_INVALID", detail));
        }
        let include = match meta.remove("include") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => query.list("include"),
        };
        if include.iter().any(|name| !kind.includes().contains(&name.as_str())) {
            return Err(bad("include", "CHECKOUT_INCLUDE_INVALID", "invalid includes"));
        }
        Ok(Self { encrypted, ttl, include })
    }
}

fn bad(parameter: &str, code: &str, detail: &str) -> Problem {
    Problem::bad_request(detail, Some(code), Some(("parameter", parameter)))
}

#[cfg(test)]
mod tests {
    use ring::signature::Ed25519KeyPair;

    use super::*;

    const DATA: &str = r#"{"data":{"id":"lic","type":"licenses"},"meta":{"issued":"2026-01-01T00:00:00.000Z","expiry":"2026-02-01T00:00:00.000Z","ttl":2678400}}"#;

    fn account() -> Account {
        let seed: Vec<u8> = (0..32).collect();
        Account::new("a".into(), "demo".into(), Ed25519KeyPair::from_seed_unchecked(&seed).unwrap())
    }

    /// Made with another implementation.
    #[test]
    fn a_file_equals_an_independently_made_one() {
        let file = account().certificate("license", &BASE64_STANDARD.encode(DATA), "base64+ed25519");
        let expected = "-----BEGIN LICENSE FILE-----\n\
            eyJlbmMiOiJleUprWVhSaElqcDdJbWxrSWpvaWJHbGpJaXdpZEhsd1pTSTZJ\n\
            bXhwWTJWdWMyVnpJbjBzSW0xbGRHRWlPbnNpYVhOemRXVmtJam9pTWpBeU5p\n\
            MHdNUzB3TVZRd01Eb3dNRG93TUM0d01EQmFJaXdpWlhod2FYSjVJam9pTWpB\n\
            eU5pMHdNaTB3TVZRd01Eb3dNRG93TUM0d01EQmFJaXdpZEhSc0lqb3lOamM0\n\
            TkRBd2ZYMD0iLCJzaWciOiJXTitxQTF0eHo1Q1RiWWx6VVY0Q0NUNDRybE1k\n\
            enN1eGF1U0VHMnEzTC95cHZsTE52djFtYnJjRWNyM1YxbGhEV0lJcjYxV1A1\n\
            K2lBUFBUSW1VVG5CUT09IiwiYWxnIjoiYmFzZTY0K2VkMjU1MTkifQ==\n\
            -----END LICENSE FILE-----\n";
        assert_eq!(file, expected);
    }

    /// Made with another implementation.
    #[test]
    fn an_encrypted_document_equals_an_independently_made_one() {
        let iv = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let expected = "9t2LY4uNYx5g2debboWMIAP6Ya+3p3d9QNw5haXIP9/4bUWWDeVbhsSl/31K/uJBL3KaWXLFg9bXk/EAS97r6YzUHgdlE+JN+GZUHHWkPZG4jKpBbaVEq+GiL6LuLPBPv3aMWd4JlIAi5RShQx74NsENT9zMeqXRjP71henBjueRXdgYFN4=.AAECAwQFBgcICQoL.5L/y6Jvz8LZPT1oh4P0D5g==";
        assert_eq!(encrypted(DATA, "ABCDEF-123456-V3", iv).unwrap(), expected);
    }
}
