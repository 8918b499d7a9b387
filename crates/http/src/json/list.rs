use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

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

struct ListVisitor<B, T, F> {
    expected: usize,
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

#[cfg(test)]
mod tests {
    use super::*;

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
