use std::io::Read;
use std::path::{Path, PathBuf};

use anykey::HeaderMap;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue};

use crate::context::Context;
use crate::failure::Failure;

/// The largest file that is read, in bytes; deliveries have a few thousand.
const LARGEST_FILE: u64 = 8 << 20;

/// A request as tools save it: text as of HTTP/1.1, whose body is bytes. `Debug` is left out, it holds a
/// customer's data.
pub(super) struct SavedRequest {
    pub(super) headers: HeaderMap,
    /// Exactly as it came.
    pub(super) body: Vec<u8>,
}

impl SavedRequest {
    /// Takes `bytes` apart. Failures name the line by its number alone.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        let mut rest = bytes;
        for number in 1_u32.. {
            let Some((line, after)) = split_line(rest) else { break };
            rest = after;
            if line.is_empty() && number > 1 {
                return Ok(Self { headers, body: rest.to_vec() });
            }
            if number == 1 && is_request_line(line) {
                continue;
            }
            let (name, value) = header(line).ok_or_else(|| {
                no_request(&format!("its line {number} is no header such as `name: value`"))
            })?;
            headers.append(name, value);
        }
        Err(no_request("there is no empty line between headers and body"))
    }

    /// Notes that the body has another length than its header says.
    pub(super) fn note_other_length(&self, context: &Context) {
        if let Some(told) = self.other_length_told() {
            let length = self.body.len();
            context.note(&format!(
                "the body has {length} bytes, but `content-length` is {told}: it was changed"
            ));
        }
    }

    /// The value of `content-length`, when the body has another length.
    fn other_length_told(&self) -> Option<&str> {
        let told = self.headers.get(CONTENT_LENGTH)?.to_str().ok()?;
        (told != self.body.len().to_string()).then_some(told)
    }
}

/// A delivery as it is saved: what [`SavedRequest::parse`] reads.
pub(super) fn saved(path: &str, headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut text = format!("POST {path} HTTP/1.1\r\n").into_bytes();
    for (name, value) in headers {
        text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    [&text, &b"\r\n"[..], body].concat()
}

/// Reads the file, or stdin for `-`. Waiting for stdin does not hold Ctrl-C back.
pub(super) async fn read(file: PathBuf) -> Result<Vec<u8>, Failure> {
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

/// The next line without its end, and what follows; `None` when no line ends.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, after) = bytes.split_at_checked(bytes.iter().position(|byte| *byte == b'\n')?)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), after.strip_prefix(b"\n")?))
}

/// `POST /webhooks HTTP/1.1`, of any version.
fn is_request_line(line: &[u8]) -> bool {
    line.split(|byte| *byte == b' ').next_back().is_some_and(|word| word.starts_with(b"HTTP/"))
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_at_checked(line.iter().position(|byte| *byte == b':')?)?;
    let value = value.strip_prefix(b":")?.trim_ascii();
    Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
}

fn no_request(why: &str) -> Failure {
    Failure::Usage(format!("this is no saved request: {why}; `anykey webhook verify --help` shows the form"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &[u8]) -> String {
        match SavedRequest::parse(text) {
            Err(Failure::Usage(message)) => message,
            _ => panic!("it was read"),
        }
    }

    #[test]
    fn the_body_is_what_follows_the_empty_line_to_the_byte() {
        for (text, body) in [
            (&b"POST / HTTP/1.1\r\nWebhook-Id: a\r\n\r\n{}\r\n\xff\n"[..], &b"{}\r\n\xff\n"[..]),
            (b"webhook-id:a\n\n\n\n", b"\n\n"),
            (b"webhook-id:   a  \r\n\n", b""),
        ] {
            let request = SavedRequest::parse(text).ok().unwrap();
            assert_eq!(request.headers["webhook-id"], "a");
            assert_eq!(request.body, body);
        }
    }

    #[test]
    fn a_header_that_is_there_twice_stays_twice() {
        let request = SavedRequest::parse(b"webhook-id: a\nwebhook-id: b\n\n").ok().unwrap();
        assert_eq!(request.headers.get_all("webhook-id").iter().count(), 2);
    }

    #[test]
    fn what_is_no_request_is_told_by_its_line_and_not_repeated() {
        assert!(failure(b"").contains("no empty line"));
        assert!(failure(b"webhook-id: a\nno end of line").contains("no empty line"));
        assert!(failure(b"\nwebhook-id: a\n\n").contains("its line 1 is no header"));
        let told = failure(b"webhook-id: a\nPLANTED\n\n{}");
        assert!(told.contains("its line 2 is no header") && !told.contains("PLANTED"), "{told}");
    }

    #[test]
    fn another_length_is_told() {
        let told =
            |text: &[u8]| SavedRequest::parse(text).ok().unwrap().other_length_told().map(str::to_owned);
        assert_eq!(told(b"content-length: 2\n\n{}"), None);
        assert_eq!(told(b"x: y\n\n{}"), None);
        assert_eq!(told(b"content-length: 2\n\n{}\n").as_deref(), Some("2"));
    }
}
