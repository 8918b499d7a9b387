//! Polar's ids: UUIDs, which it takes in several spellings and writes in one.

use uuid::Uuid;

/// The id as Polar writes it, in lower case with hyphens; `None` when it is no UUID.
///
/// The other spellings are those that Polar takes too: upper case, without hyphens, in braces, after `urn:uuid:`.
pub(crate) fn canonical(id: &str) -> Option<Box<str>> {
    let id = Uuid::try_parse(&id.to_ascii_lowercase()).ok()?;
    Some(id.hyphenated().to_string().into())
}

/// The id as Polar writes it, or as it is when it is no UUID, which Polar then rejects.
pub(crate) fn normalized<I: AsRef<str> + for<'a> From<&'a str>>(id: &I) -> I {
    canonical(id.as_ref()).map_or_else(|| I::from(id.as_ref()), |id| I::from(&*id))
}

/// Whether two ids name the same record.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one == other || canonical(one).is_some_and(|one| canonical(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_names_the_same_record() {
        let id = "57a10a51-653a-449f-a259-1c70a3bbc826";
        for spelling in [
            id,
            "57A10A51-653A-449F-A259-1C70A3BBC826",
            "57a10a51653a449fa2591c70a3bbc826",
            "{57a10a51-653a-449f-a259-1c70a3bbc826}",
            "urn:uuid:57a10a51-653a-449f-a259-1c70a3bbc826",
            "URN:UUID:57A10A51-653A-449F-A259-1C70A3BBC826",
        ] {
            assert_eq!(canonical(spelling).as_deref(), Some(id), "{spelling}");
            assert!(same(spelling, id), "{spelling}");
        }
        for other in ["", " 57a10a51-653a-449f-a259-1c70a3bbc826", "57a10a51-653a-449f-a259", "MYAPP-1"] {
            assert_eq!(canonical(other), None, "{other}");
            assert!(!same(other, id) && same(other, other), "{other}");
        }
    }
}
