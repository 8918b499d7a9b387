//! Records that are named one a line: by hand, or as this command prints them with `--csv` or `--jsonl`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::output::without_guard;

/// The values called `names` of each line of `text`, without repetitions, in the order of their first line. Empty lines
/// and those that begin with `#` say nothing.
///
/// A line is the values themselves, with white space or a comma between them, or a JSON object that has them as
/// members. If the first line is a header of CSV that has them as columns, all of it is CSV.
///
/// # Errors
///
/// A sentence about the first line that names no record. It does not repeat the line.
pub(crate) fn records<const N: usize>(text: &str, names: [&str; N]) -> Result<Vec<[String; N]>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = || {
        text.lines()
            .zip(1_u64..)
            .map(|(line, number)| (line.trim(), number))
            .filter(|(line, _)| is_said(line))
    };
    let is_header = |line: &str| names.iter().all(|name| line.split(',').any(|title| title.trim() == *name));
    let mut records = if lines().next().is_some_and(|(line, _)| is_header(line)) {
        of_csv(text, names)?
    } else {
        let records = lines().map(|(line, number)| {
            let record = if line.starts_with('{') { of_json(line, names) } else { of_words(line) };
            record.ok_or_else(|| format!("line {number} does not name {}", names.join(" and ")))
        });
        records.collect::<Result<_, _>>()?
    };
    let mut seen = HashSet::new();
    records.retain(|record| seen.insert(record.clone()));
    Ok(records)
}

fn is_said(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// One value is the whole line, since an id may hold anything.
fn of_words<const N: usize>(line: &str) -> Option<[String; N]> {
    if N == 1 {
        return vec![line.to_owned()].try_into().ok();
    }
    let words = line.split([',', ' ', '\t']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect::<Vec<_>>().try_into().ok()
}

fn of_json<const N: usize>(line: &str, names: [&str; N]) -> Option<[String; N]> {
    let members: Map<String, Value> = serde_json::from_str(line).ok()?;
    let values = names.iter().map(|name| members.get(*name)?.as_str().map(str::to_owned));
    values.collect::<Option<Vec<_>>>()?.try_into().ok()
}

fn of_csv<const N: usize>(text: &str, names: [&str; N]) -> Result<Vec<[String; N]>, String> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let columns = names.map(|name| header.iter().position(|title| title == name));
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| error.to_string())?;
        let value = |column: &Option<usize>| {
            row.get((*column)?).filter(|value| !value.is_empty()).map(|value| without_guard(value).to_owned())
        };
        let values =
            columns.iter().map(value).collect::<Option<Vec<_>>>().and_then(|values| values.try_into().ok());
        let line = row.position().map_or(0, csv::Position::line);
        values.ok_or_else(|| format!("line {line} does not name {}", names.join(" and ")))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Result<Vec<String>, String> {
        Ok(records(text, ["id"])?.into_iter().map(|[id]| id).collect())
    }

    #[test]
    fn a_line_is_an_id_and_each_comes_once() {
        assert_eq!(
            ids("\u{feff}lic_1\r\n\n# the second batch\n lic_2 \nlic_1\n").unwrap(),
            ["lic_1", "lic_2"]
        );
    }

    #[test]
    fn what_the_command_prints_can_be_read_again() {
        let csv =
            "provider,id,key\nmain,lic_1,****-ABCDEF\nmain,\"lic,2\",****-ABCDEF\nmain,'-3,****-ABCDEF\n";
        assert_eq!(ids(csv).unwrap(), ["lic_1", "lic,2", "-3"]);
        let jsonl = "{\"id\":\"lic_1\",\"key\":\"****-ABCDEF\"}\n{\"id\":\"lic_2\",\"key\":null}\n";
        assert_eq!(ids(jsonl).unwrap(), ["lic_1", "lic_2"]);
    }

    #[test]
    fn two_values_stand_on_a_line() {
        let expected = [["lic_1".to_owned(), "act_1".to_owned()], ["lic_1".to_owned(), "act_2".to_owned()]];
        for text in [
            "lic_1 act_1\nlic_1\tact_2",
            "lic_1, act_1\nlic_1,act_2",
            "id,key_id,label\nact_1,lic_1,a\nact_2,lic_1,b",
            "{\"id\":\"act_1\",\"key_id\":\"lic_1\"}\n{\"id\":\"act_2\",\"key_id\":\"lic_1\"}",
        ] {
            assert_eq!(records(text, ["key_id", "id"]).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_line_that_names_nothing_is_said_by_its_number_alone() {
        for text in [
            "lic_1 act_1\nlic_2",
            "id,key_id\nact_1,lic_1\nact_2,",
            "{\"id\":\"a\",\"key_id\":\"b\"}\n{\"id\":\"x\"}",
        ] {
            let error = records(text, ["key_id", "id"]).unwrap_err();
            assert!(error.starts_with("line ") && error.ends_with(" does not name key_id and id"), "{error}");
        }
    }
}
