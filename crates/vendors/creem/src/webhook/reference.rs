use anykey_http::{JsonMember, JsonScalar, read_json};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The id of another record: a member that is the id, or an object with it. `None` if it is neither.
pub(super) fn reference<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'j> JsonScalar<'j>,
{
    #[derive(Deserialize)]
    #[serde(bound = "T: for<'j> JsonScalar<'j>")]
    struct Record<T> {
        id: JsonMember<T>,
    }

    let json = <&RawValue>::deserialize(deserializer)?.get().as_bytes();
    Ok(match json.first() {
        Some(b'{') => read_json::<Record<T>>(json).and_then(|record| record.id.value()),
        _ => read_json::<JsonMember<T>>(json).and_then(JsonMember::value),
    })
}
