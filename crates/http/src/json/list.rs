//! Lists of records that become the model's records while they are read.
//!
//! No list of wire structs is built beside it, so a page needs little more memory than its keys.

use std::fmt;
use std::marker::PhantomData;

use anykey_core::{LicenseKey, RawJson, UnreadableRecord};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{JsonText, cause, read_json};

/// Reads a list's records and makes each into what the model keeps as soon as it is read, so that no list of wire
/// structs is built beside it. For `deserialize_with`.
///
/// `map` gets the item before it too, to share with it what is the same. `expected` is how many there usually are
/// at most.
///
/// # Errors
///
/// When the JSON is no list, or a record of it cannot be read.
///
/// ```
/// use anykey_http::mapped_list;
///
/// let mut json = serde_json::Deserializer::from_str(r#"["a", "bc"]"#);
/// let lengths: Vec<usize> = mapped_list(&mut json, 100, |_, text: &str| text.len())?;
/// assert_eq!(lengths, [1, 2]);
/// # Ok::<_, serde_json::Error>(())
/// ```
pub fn mapped_list<'de, D, B, T>(
    deserializer: D,
    expected: usize,
    map: impl FnMut(Option<&T>, B) -> T,
) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    B: Deserialize<'de>,
{
    deserializer.deserialize_seq(ListVisitor { expected, map, kinds: PhantomData })
}

/// Reads the records of a list.
struct ListVisitor<B, T, F> {
    /// The number of records to allocate for.
    expected: usize,
    /// Makes a record of the model.
    map: F,
    kinds: PhantomData<fn(B) -> T>,
}

impl<'de, B, T, F> Visitor<'de> for ListVisitor<B, T, F>
where
    B: Deserialize<'de>,
    F: FnMut(Option<&T>, B) -> T,
{
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut records: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(self.expected);
        while let Some(record) = records.next_element()? {
            let item = (self.map)(items.last(), record);
            items.push(item);
        }
        Ok(items)
    }
}

/// A list's records as the model keeps them, and those that could not be read.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a record is read or it is not")]
pub struct MappedList<T> {
    /// The records that could be read, in the list's order.
    pub items: Vec<T>,
    /// The others.
    pub unreadable: Vec<UnreadableRecord>,
}

impl<T> MappedList<T> {
    /// How many records the list has, whether they could be read or not.
    #[must_use]
    pub fn records(&self) -> usize {
        self.items.len().saturating_add(self.unreadable.len())
    }
}

impl MappedList<LicenseKey> {
    /// Keeps with each key the vendor's JSON of it. `records` are the texts of all records of the list.
    pub fn keep_raw(&mut self, records: Vec<&RawValue>) {
        let is_read = |position: &usize| self.unreadable.iter().all(|other| other.position != *position);
        let read = records.into_iter().enumerate().filter(|(position, _)| is_read(position));
        for (key, (_, text)) in self.items.iter_mut().zip(read) {
            key.raw = Some(RawJson::new(text.get()));
        }
    }
}

impl MappedList<LicenseKey> {
    /// Moves the keys that `cause` names one for, such as those of another account, to the unreadable records.
    pub fn exclude(&mut self, mut cause: impl FnMut(&LicenseKey) -> Option<&'static str>) {
        let is_key = |position: &usize| self.unreadable.iter().all(|other| other.position != *position);
        let positions: Vec<usize> = (0..self.records()).filter(is_key).collect();
        let mut positions = positions.into_iter();
        let unreadable = &mut self.unreadable;
        self.items.retain(|key| {
            let position = positions.next().unwrap_or_default();
            let Some(cause) = cause(key) else { return true };
            let id = key.id.as_str();
            unreadable.push(UnreadableRecord::new(position, id, cause).with_id(Some(id.into())));
            false
        });
        unreadable.sort_by_key(|record| record.position);
    }
}

impl<T> From<Vec<T>> for MappedList<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, unreadable: Vec::new() }
    }
}

/// As [`mapped_list`], for a list of which some record cannot be read: that one is named, and the others are read.
///
/// Each record is read twice, so it is for when the list could not be read at once. `map` gets the record's text
/// too.
///
/// # Errors
///
/// When the JSON is no list.
///
/// ```
/// use anykey_http::lenient_list;
///
/// let mut json = serde_json::Deserializer::from_str(r#"["a", {"id": "b"}, "bc"]"#);
/// let list = lenient_list(&mut json, |_, text: &str, _| text.len())?;
/// assert_eq!(list.items, [1, 2]);
/// assert_eq!((list.unreadable[0].position, list.unreadable[0].id.as_deref()), (1, Some("b")));
/// # Ok::<_, serde_json::Error>(())
/// ```
pub fn lenient_list<'de, D, B, T>(
    deserializer: D,
    mut map: impl FnMut(Option<&T>, B, &'de str) -> T,
) -> Result<MappedList<T>, D::Error>
where
    D: Deserializer<'de>,
    B: Deserialize<'de>,
{
    let records = Vec::<&'de RawValue>::deserialize(deserializer)?;
    let mut list = MappedList { items: Vec::with_capacity(records.len()), unreadable: Vec::new() };
    for (position, record) in records.into_iter().map(RawValue::get).enumerate() {
        match read_json(record.as_bytes()) {
            Some(body) => {
                let item = map(list.items.last(), body, record);
                list.items.push(item);
            }
            None => {
                let unreadable = UnreadableRecord::new(position, record, cause::<B>(record));
                list.unreadable.push(unreadable.with_id(id(record)));
            }
        }
    }
    Ok(list)
}

/// The id of a record of which something else cannot be read.
fn id(record: &str) -> Option<Box<str>> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        id: JsonText<'a>,
    }
    read_json::<Named<'_>>(record.as_bytes()).map(|named| named.id.into_owned().into())
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{KeyCode, LicenseStatus};

    use super::*;

    #[test]
    fn a_record_that_cannot_be_read_takes_no_other_along_and_prints_no_value() {
        #[derive(Deserialize)]
        struct Body {
            count: u32,
        }
        let text = r#"[{"id":"a","count":1},{"id":"b","count":"SECRET"},{"id":7},null,{"id":"c","count":2}]"#;
        let mut reader = serde_json::Deserializer::from_str(text);
        let list = lenient_list(&mut reader, |_, body: Body, _| body.count).unwrap();
        assert_eq!((list.records(), list.items.as_slice()), (5, &[1, 2][..]));
        let found: Vec<_> = list.unreadable.iter().map(|one| (one.position, one.id.as_deref())).collect();
        assert_eq!(found, [(1, Some("b")), (2, None), (3, None)]);
        assert!(list.unreadable[0].cause.contains("$.count"), "{:?}", list.unreadable);
        assert!(!format!("{list:?}").contains("SECRET"));
    }

    #[test]
    fn an_excluded_key_keeps_its_place_among_the_unreadable_records() {
        let key =
            |id: &str| LicenseKey::new("acme", id.into(), KeyCode::verbatim("K"), LicenseStatus::Active);
        let damaged = UnreadableRecord::new(1, "{}", "$.code");
        let mut list = MappedList { items: ["a", "c", "d"].map(key).into(), unreadable: vec![damaged] };
        list.exclude(|key| (key.id.as_str() != "c").then_some("of another store"));
        assert_eq!(list.items.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["c"]);
        let found: Vec<_> = list.unreadable.iter().map(|one| (one.position, one.id.as_deref())).collect();
        assert_eq!(found, [(0, Some("a")), (1, None), (3, Some("d"))]);
    }

    #[test]
    fn each_record_is_mapped_beside_the_item_before_it() {
        let mut json = serde_json::Deserializer::from_str("[1, 2, 4]");
        let sums = mapped_list(&mut json, 0, |before: Option<&u32>, number: u32| {
            before.copied().unwrap_or_default() + number
        });
        assert_eq!(sums.unwrap(), [1, 3, 7]);
    }

    #[test]
    fn what_is_no_list_or_holds_another_record_is_an_error() {
        for text in ["{}", "null", r#"[1, "two"]"#] {
            let mut json = serde_json::Deserializer::from_str(text);
            assert!(mapped_list(&mut json, 1, |_: Option<&u32>, number: u32| number).is_err(), "{text}");
        }
    }
}
