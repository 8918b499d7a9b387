#![no_main]

use anykey::{InstallationMark, KeyCode};
use anykey_http::{PathSegment, error_code, redact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, secret) = input;
    assert!(redact(text, &[secret]).chars().count() <= 300);
    let _ = (error_code(text), InstallationMark::in_label(text), KeyCode::parse(text));
    if PathSegment::new("id", text).is_ok() {
        assert!(!text.contains(['/', '\\', '?', '#', '%']) && text != "." && text != "..");
    }
    let mark = InstallationMark::from_digest([1, 2, 3, 4, 5, 6]);
    assert_eq!(InstallationMark::in_label(&mark.label_for(text)), Some(mark));
});
