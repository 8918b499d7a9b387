use std::fmt;

/// Whose API is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Dodo Payments.
    Dodo,
    /// Polar.
    Polar,
}

impl Vendor {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Dodo, Self::Polar];

    /// The word in a configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dodo => "dodo",
            Self::Polar => "polar",
        }
    }

    /// The vendor that `word` names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vendor| vendor.word() == word)
    }

    /// Path and query of the page that begins with the key `first`, which is a multiple of 100.
    #[must_use]
    pub fn list_path(self, first: usize) -> String {
        match self {
            Self::Dodo => format!("/license_keys?page_size=100&page_number={}", first / 100),
            Self::Polar => {
                format!("/v1/license-keys/?organization_id={ORGANIZATION}&page={}&limit=100", first / 100 + 1)
            }
        }
    }

    /// Where a key is validated, and with which body.
    #[must_use]
    pub fn validation(self) -> (&'static str, String) {
        match self {
            Self::Dodo => ("/licenses/validate", format!(r#"{{"license_key":"{CODE}"}}"#)),
            Self::Polar => (
                "/v1/license-keys/validate",
                format!(r#"{{"key":"{CODE}","organization_id":"{ORGANIZATION}"}}"#),
            ),
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Dodo => "Dodo",
            Self::Polar => "Polar",
        })
    }
}

/// The organization of every Polar key.
pub const ORGANIZATION: &str = "57a10a51-653a-449f-a259-1c70a3bbc826";

/// The code that is validated.
pub const CODE: &str = "MYAPP-5031C85B-7EB7-432D-B687-505534BBD724";

/// The token of every client.
pub const TOKEN: &str = "bench_token_4f1c0a52";
