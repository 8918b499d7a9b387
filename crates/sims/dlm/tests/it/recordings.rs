//! Every recorded request gets the recorded answer: status, headers and body, letter by letter.
//!
//! Before a request the simulator is put into the state that the recorded answer shows: see [`before`]. A file that is
//! added to the folder is replayed too.

mod before;
mod consumers;
mod documents;
mod recording;

use std::path::Path;

use self::recording::Recording;

#[tokio::test]
async fn every_recorded_request_gets_the_recorded_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    names.sort();
    assert!(names.len() >= 226, "{}", names.len());
    let mut differences = Vec::new();
    for path in &names {
        let recording = Recording::read(path);
        if let Err(difference) = recording.replay(&before::before(&recording).await).await {
            differences.push(format!("{}: {difference}", recording.name));
        }
    }
    let (differing, all) = (differences.len(), names.len());
    assert!(differences.is_empty(), "{differing} of {all} differ:\n{}", differences.join("\n\n"));
}
