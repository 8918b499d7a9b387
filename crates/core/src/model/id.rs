use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident($text:ty)) => {
        $(#[$doc])*
        ///
        /// Opaque text, compared as it is. It is no secret and may be stored and logged.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($text);

        impl $name {
            /// Takes the vendor's id as it is.
            pub fn new(id: impl Into<$text>) -> Self {
                Self(id.into())
            }

            /// The vendor's id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl From<Box<str>> for $name {
            fn from(id: Box<str>) -> Self {
                Self(id.into())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id_type! {
    /// Names the record of a license key at its vendor; it stays when the code is rotated.
    ///
    /// Dodo Payments writes `lic_…`, Polar a UUID. Not the [`KeyCode`](crate::KeyCode) that a customer
    /// types: that one is a secret and has another type.
    LicenseKeyId(Box<str>)
}

id_type! {
    /// Names one taken seat: Dodo's *instance* (`lki_…`), Polar's *activation* (a UUID).
    ActivationId(Box<str>)
}

id_type! {
    /// Names what was sold: Dodo's product (`pdt_…`), Polar's benefit (a UUID). Clones share one text, as many
    /// keys are of one product.
    ProductId(Arc<str>)
}

id_type! {
    /// Names the buyer: Dodo's customer (`cus_…`), Polar's customer (a UUID).
    CustomerId(Box<str>)
}
