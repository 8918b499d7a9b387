//! Ids in paths.

use std::fmt;

use anykey_core::{Error, ErrorKind, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// What is percent-encoded: everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The longest id in bytes.
const LONGEST: usize = 512;

/// One id of a caller as one segment of a URL's path.
///
/// An id can never reach another endpoint: what could mean something else than itself in a path, even
/// after a server decoded it once more, is refused, and the rest is percent-encoded. `Debug` shows the
/// kind of id only, since a segment may hold a license key.
///
/// ```
/// use anykey_http::PathSegment;
///
/// assert!(PathSegment::new("license key id", "lic_bL8HwBAMfuQKS8HODxegO").is_ok());
/// let error = PathSegment::new("license key id", "../refunds").unwrap_err();
/// assert!(error.to_string().contains("license key id") && !error.to_string().contains("refunds"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PathSegment {
    /// What sort of id it is, for errors.
    kind: &'static str,
    /// The id as it stands in the path.
    encoded: String,
}

impl PathSegment {
    /// Makes `value` a path segment; `kind` says in errors what sort of id it is ("license key id").
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when `value` is empty, longer than 512 bytes, `.` or `..`, or holds a
    /// control or non-ASCII character or one of `/ \ ? # %`. The message names `kind`, not `value`.
    pub fn new(kind: &'static str, value: &str) -> Result<Self> {
        match fault(value) {
            Some(fault) => Err(Error::new(ErrorKind::InvalidRequest, format!("the {kind} {fault}"))),
            None => Ok(Self { kind, encoded: encode(value).to_string() }),
        }
    }

    /// The encoded text.
    pub(crate) fn as_str(&self) -> &str {
        &self.encoded
    }
}

impl fmt::Debug for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathSegment({})", self.kind)
    }
}

/// A text as one segment of a path.
pub(crate) fn encode(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, ENCODED)
}

/// Why a text is no id; `None` if it can be one.
fn fault(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("is empty")
    } else if value.len() > LONGEST {
        Some("is longer than 512 bytes")
    } else if matches!(value, "." | "..") {
        Some("is a relative path, not an id")
    } else if !value.is_ascii() || value.bytes().any(|byte| byte.is_ascii_control()) {
        Some("holds a control or non-ASCII character")
    } else if value.contains(['/', '\\', '?', '#', '%']) {
        Some("holds a character that ids never have (one of / \\ ? # %)")
    } else {
        None
    }
}
