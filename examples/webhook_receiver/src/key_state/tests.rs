use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn known(id: &str, in_force: bool, as_of: i64) -> KnownKey {
    KnownKey { id: id.into(), in_force, as_of: at(as_of) }
}

fn doubts(granted: &[(&str, i64)], known: &[KnownKey]) -> Vec<String> {
    let granted: Vec<_> =
        granted.iter().map(|(id, as_of)| GrantedKey::new((*id).into(), at(*as_of))).collect();
    doubtful(&granted, known, at(10)).iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_list_and_the_table_agree_on_is_not_asked_for() {
    assert!(doubts(&[("a", 1)], &[known("a", true, 1), known("b", false, 1)]).is_empty());
}

#[test]
fn unknown_regained_and_changed_keys_are_asked_for() {
    let table = [known("regained", false, 1), known("changed", true, 1)];
    assert_eq!(
        doubts(&[("new", 1), ("regained", 1), ("changed", 2)], &table),
        ["changed", "new", "regained"]
    );
}

#[test]
fn a_key_that_is_not_listed_is_asked_for_unless_the_table_is_more_recent() {
    assert_eq!(doubts(&[], &[known("lost", true, 9), known("younger", true, 10)]), ["lost"]);
    assert!(doubts(&[("younger", 1)], &[known("younger", false, 11)]).is_empty());
}
