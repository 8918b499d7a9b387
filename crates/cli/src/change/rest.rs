//! What of a change of several records is left: a file that a second run reads.

use std::path::{Path, PathBuf};

use anykey::Result;

use crate::failure::Failure;
use crate::private_file::Unfinished;

/// The records that are not done. It is written when it is closed, and also when the command is interrupted.
///
/// A process that is killed, or a disk that is full, leaves the file as it was created, with all records. Only its
/// owner can read it: the id of an activation may be all that a device proves itself with.
#[derive(Debug)]
pub(super) struct Rest {
    file: Option<PathBuf>,
    records: Vec<String>,
    /// Whether a record whose answer was lost may come again.
    is_repeatable: bool,
    /// How many records were begun.
    begun: usize,
    is_open: bool,
    left: Vec<String>,
}

impl Rest {
    /// Creates the file, which must not exist, with all `records`.
    pub(super) fn create(
        file: Option<&Path>,
        records: Vec<String>,
        is_repeatable: bool,
    ) -> std::result::Result<Self, Failure> {
        if let Some(file) = file {
            let created =
                Unfinished::write(file, lines(&records).as_bytes()).and_then(|new| new.create(file));
            created.map_err(|error| {
                Failure::Usage(format!("{} cannot be created: {error}; nothing was sent", file.display()))
            })?;
        }
        let file = file.map(Path::to_owned);
        Ok(Self { file, records, is_repeatable, begun: 0, is_open: false, left: Vec::new() })
    }

    /// The next record is about to be changed.
    pub(super) fn begin(&mut self) {
        self.is_open = true;
        self.begun = self.begun.saturating_add(1);
    }

    /// It came to `outcome`.
    pub(super) fn end<T>(&mut self, outcome: &Result<T>) {
        self.is_open = false;
        if let Err(error) = outcome {
            self.leave(error.may_have_taken_effect());
        }
    }

    /// Writes the file; says where it is if something is left.
    pub(super) fn close(mut self) -> std::result::Result<String, Failure> {
        let written = self.write();
        let file = self.file.take();
        match written {
            Ok(is_left) => {
                let file = file.filter(|_| is_left);
                Ok(file.map(|file| format!("; what is left is in {}", file.display())).unwrap_or_default())
            }
            Err(error) => Err(Failure::Usage(format!(
                "what is left cannot be written: {error}; {} still has all records, also those that are done",
                file.unwrap_or_default().display()
            ))),
        }
    }

    fn leave(&mut self, may_be_done: bool) {
        let Some(record) = self.begun.checked_sub(1).and_then(|last| self.records.get(last)) else { return };
        self.left.push(if may_be_done && !self.is_repeatable {
            format!("# {record}: no answer came; look at it before it is repeated")
        } else {
            record.clone()
        });
    }

    fn write(&mut self) -> std::io::Result<bool> {
        if std::mem::take(&mut self.is_open) {
            self.leave(true);
        }
        let untried = self.records.get(self.begun..).unwrap_or_default();
        let left = [&self.left, untried].concat();
        let Some(file) = &self.file else { return Ok(false) };
        match left.is_empty() {
            true => std::fs::remove_file(file)?,
            false => Unfinished::write(file, lines(&left).as_bytes())?.replace(file)?,
        }
        Ok(!left.is_empty())
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        // Nobody is left to tell; the file then still has all records.
        let _not_written = self.file.is_some().then(|| self.write());
    }
}

fn lines(records: &[String]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

#[cfg(test)]
mod tests {
    use anykey::adapter::ErrorExt as _;
    use anykey::{Error, ErrorKind};

    use super::*;

    fn after(is_repeatable: bool, work: impl FnOnce(&mut Rest)) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rest");
        let records = ["a", "b", "c"].map(str::to_owned).to_vec();
        let mut rest = Rest::create(Some(&file), records.clone(), is_repeatable).unwrap();
        assert!(Rest::create(Some(&file), records, is_repeatable).is_err(), "it would be overwritten");
        work(&mut rest);
        drop(rest);
        std::fs::read_to_string(file).ok()
    }

    fn one(rest: &mut Rest, outcome: Result<()>) {
        rest.begin();
        rest.end(&outcome);
    }

    fn failed(may_have_taken_effect: bool) -> Result<()> {
        Err(Error::new(ErrorKind::Timeout, "no answer").with_may_have_taken_effect(may_have_taken_effect))
    }

    #[test]
    fn what_failed_and_what_was_not_tried_is_left() {
        assert_eq!(after(true, |_| {}).as_deref(), Some("a\nb\nc\n"));
        let partly = after(true, |rest| {
            one(rest, failed(false));
            one(rest, Ok(()));
        });
        assert_eq!(partly.as_deref(), Some("a\nc\n"));
        let all = after(true, |rest| (0..3).for_each(|_| one(rest, Ok(()))));
        assert_eq!(all, None, "nothing is left");
    }

    /// A file that is written in place is empty for a moment, and stays so when the disk is full.
    #[cfg(unix)]
    #[test]
    fn the_file_is_replaced_as_a_whole_and_only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let [file, first] = ["rest", "first"].map(|name| folder.path().join(name));
        let records = ["a", "b"].map(str::to_owned).to_vec();
        let mut rest = Rest::create(Some(&file), records, true).unwrap();
        std::fs::hard_link(&file, &first).unwrap();
        one(&mut rest, Ok(()));
        rest.close().unwrap();
        assert_eq!(std::fs::read_to_string(first).unwrap(), "a\nb\n");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "b\n");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_and_has_all_records() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("folder/rest");
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        let rest = Rest::create(Some(&file), vec!["a".to_owned()], true).unwrap();
        std::fs::remove_dir_all(folder.path().join("folder")).unwrap();
        let Err(Failure::Usage(message)) = rest.close() else { panic!("it was written") };
        assert!(message.contains("folder/rest still has all records"), "{message}");
    }

    #[test]
    fn what_may_be_done_is_repeated_only_where_that_does_no_more() {
        let lost = |is_repeatable| after(is_repeatable, |rest| one(rest, failed(true))).unwrap();
        assert_eq!(lost(true), "a\nb\nc\n");
        assert_eq!(lost(false), "# a: no answer came; look at it before it is repeated\nb\nc\n");
        let interrupted = after(false, Rest::begin).unwrap();
        assert_eq!(interrupted, lost(false));
    }
}
