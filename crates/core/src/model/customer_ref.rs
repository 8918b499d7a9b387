use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};

use crate::{CustomerId, Error, ErrorKind, Result};

/// How a query names a customer.
///
/// ```
/// use anykey_core::{CustomerRef, EmailAddress, ListQuery};
///
/// let by_id = ListQuery::new().customer("cus_1");
/// assert_eq!(by_id.customer, Some(CustomerRef::Id("cus_1".into())));
///
/// let by_address = ListQuery::new().customer(EmailAddress::parse("ada@example.com")?);
/// assert!(!format!("{by_address:?}").contains("ada"));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CustomerRef {
    /// The vendor's id of the customer. Needs
    /// [`Capability::FilterByCustomer`](crate::Capability::FilterByCustomer).
    Id(CustomerId),
    /// The address that the customer bought with. A vendor may know several customers by it (Dodo). Needs
    /// [`Capability::FilterByEmail`](crate::Capability::FilterByEmail).
    Email(EmailAddress),
    /// The seller's own id of the customer, which the vendor keeps beside its own. Needs
    /// [`Capability::FilterByExternalCustomer`](crate::Capability::FilterByExternalCustomer).
    External(ExternalCustomerId),
}

impl CustomerRef {
    /// The vendor's id; `None` where the query names the customer in another way.
    #[must_use]
    pub const fn id(&self) -> Option<&CustomerId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Email(_) | Self::External(_) => None,
        }
    }
}

impl<T: Into<CustomerId>> From<T> for CustomerRef {
    fn from(id: T) -> Self {
        Self::Id(id.into())
    }
}

impl From<EmailAddress> for CustomerRef {
    fn from(address: EmailAddress) -> Self {
        Self::Email(address)
    }
}

impl From<ExternalCustomerId> for CustomerRef {
    fn from(id: ExternalCustomerId) -> Self {
        Self::External(id)
    }
}

/// A customer's e-mail address, for asking a vendor about the customer. No record of the model holds one.
///
/// Personal data: it has neither `Display`, `Deref` nor `Serialize`, `Debug` prints a mask, and its memory is zeroed on
/// drop. Addresses are compared without regard to the case of ASCII letters.
///
/// ```
/// use anykey_core::EmailAddress;
///
/// let address = EmailAddress::parse(" Ada@Example.com ")?;
/// assert_eq!(address.expose(), "Ada@Example.com");
/// assert_eq!(address, EmailAddress::parse("ada@example.com")?);
/// assert_eq!(format!("{address:?}"), "EmailAddress(***)");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone)]
pub struct EmailAddress(SecretString);

impl EmailAddress {
    /// The most bytes that an address has (RFC 5321).
    const MAX_LENGTH: usize = 254;

    /// Takes an address, without white space around it. Only its form is checked: a name, `@`, and a host.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for anything else. The error does not repeat the text.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let is_one = text.len() <= Self::MAX_LENGTH
            && !text.chars().any(|character| character.is_whitespace() || character.is_control())
            && text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if is_one {
            Ok(Self(SecretString::from(text)))
        } else {
            Err(Error::new(
                ErrorKind::InvalidRequest,
                "this is no e-mail address; one looks like `name@host`",
            ))
        }
    }

    /// The address itself. Write it nowhere but to the vendor.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.expose().eq_ignore_ascii_case(other.expose())
    }
}

impl Eq for EmailAddress {}

impl FromStr for EmailAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(***)")
    }
}

/// The seller's own id of a customer, such as the number of an account in the seller's database, which a vendor keeps
/// beside its own (Polar's `external_id`).
///
/// Compared as it is. Sellers put addresses and names into it, so `Debug` prints a mask, and it has neither `Display`
/// nor `Serialize`.
#[derive(Clone)]
pub struct ExternalCustomerId(SecretString);

impl ExternalCustomerId {
    /// Takes the id as the seller gave it to the vendor.
    pub fn new(id: impl Into<String>) -> Self {
        Self(SecretString::from(id.into()))
    }

    /// The id itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for ExternalCustomerId {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for ExternalCustomerId {}

impl fmt::Debug for ExternalCustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternalCustomerId(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        for text in ["ada@example.com", "\tada+shop@example.com\n", "\"a@b\"@example.com", "ada@localhost"] {
            assert!(EmailAddress::parse(text).is_ok(), "{text}");
        }
        let long = format!("{}@example.com", "a".repeat(254));
        for text in
            ["", "ada", "@example.com", "ada@", "ada lovelace@example.com", "ada@\nexample.com", &long]
        {
            let error = EmailAddress::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text}");
            assert!(text.is_empty() || !format!("{error:?}").contains(text), "{error:?}");
        }
    }

    #[test]
    fn nothing_prints_the_customer() {
        let references: [CustomerRef; 2] = [
            EmailAddress::parse("ada@example.com").unwrap().into(),
            ExternalCustomerId::new("ada-17").into(),
        ];
        for reference in references {
            assert!(!format!("{reference:?} {reference:#?}").contains("ada"));
        }
    }
}
