/// Gives each variant the word that stands for it in data: logs, metrics, stored records, JSON. `FromStr` reads the
/// word, and with the feature `serde` it is the value's form in JSON.
macro_rules! stable_names {
    ($kind:ident: $($variant:ident = $name:literal),* $(,)?) => {
        impl $kind {
            /// The word that stands for it in logs, metrics and stored records. It never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What the word [`name`](Self::name) stands for; `None` for a word of a later version.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::str::FromStr for $kind {
            type Err = $crate::Error;

            /// Reads the word that [`name`](Self::name) gives.
            fn from_str(name: &str) -> $crate::Result<Self> {
                Self::from_name(name).ok_or_else(|| {
                    let known = [$($name),*].join(", ");
                    let message = format!("this is no {}; known are: {known}", stringify!($kind));
                    $crate::Error::new($crate::ErrorKind::InvalidRequest, message)
                })
            }
        }

        #[cfg(feature = "serde")]
        $crate::serde_words::by_word!($kind);

        #[cfg(test)]
        #[test]
        fn every_name_is_read_as_it_is_written() {
            for value in [$($kind::$variant),*] {
                assert_eq!($kind::from_name(value.name()), Some(value));
                assert!(value.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            }
            assert_eq!($kind::from_name("of a later version"), None);
        }
    };
}

pub(crate) use stable_names;
