use std::fmt;

use super::PageToken;
use crate::adapter::{ErrorExt as _, Sealed};
use crate::{Error, ErrorKind, Operation, Result};

/// Makes and reads [`PageToken`]s. For adapters; to an app a token is opaque.
///
/// A token begins with the provider's name, so that no provider continues from the position of another one.
///
/// ```
/// use anykey_core::PageToken;
/// use anykey_core::adapter::PageTokenExt as _;
///
/// let token = PageToken::numbered("acme", 3, 100);
/// assert_eq!(token.as_numbered("acme")?, (3, 100));
/// assert!(token.as_numbered("polar").is_err());
/// # Ok::<_, anykey_core::Error>(())
/// ```
pub trait PageTokenExt: Sealed + Sized {
    /// A token of `provider` that carries `state`.
    #[must_use]
    fn new(provider: &str, state: impl fmt::Display) -> Self;

    /// A token of a vendor that counts pages: page `number`, in the vendor's own counting, of `size` records.
    #[must_use]
    fn numbered(provider: &str, number: u64, size: u32) -> Self {
        Self::new(provider, format_args!("{number}:{size}"))
    }

    /// What `provider` wrote into the token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when another provider made it.
    fn state(&self, provider: &str) -> Result<&str>;

    /// The page's number and size, as given to [`numbered`](Self::numbered).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when another provider made it, or when it was tampered with.
    fn as_numbered(&self, provider: &str) -> Result<(u64, u32)> {
        let numbers = self.state(provider)?.split_once(':').and_then(|(number, size)| {
            let size = size.parse().ok().filter(|size| *size > 0)?;
            Some((number.parse().ok()?, size))
        });
        numbers.ok_or_else(|| damaged_token(provider))
    }
}

impl PageTokenExt for PageToken {
    fn new(provider: &str, state: impl fmt::Display) -> Self {
        Self(format!("{provider}:{state}").into())
    }

    fn state(&self, provider: &str) -> Result<&str> {
        self.0.strip_prefix(provider).and_then(|rest| rest.strip_prefix(':')).ok_or_else(|| {
            invalid(provider, "the page token was not made by this provider; start again without a token")
        })
    }
}

pub(crate) fn damaged_token(provider: &str) -> Error {
    invalid(provider, "the page token is damaged; start again without a token")
}

fn invalid(provider: &str, message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
        .with_provider(provider.to_owned())
        .with_operation(Operation::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_and_damaged_tokens_are_invalid_requests() {
        for text in [
            "",
            "acme",
            "acme:",
            "acme:1",
            "acme:1:0",
            "acme:-1:5",
            "acme:1:5:9",
            "acmes:1:5",
            "acme:1:99999999999",
        ] {
            let error = PageToken::from(text).as_numbered("acme").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text}");
        }
    }
}
