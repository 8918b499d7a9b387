/// Gives each variant the word that stands for it in data: logs, metrics, stored records, JSON.
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
