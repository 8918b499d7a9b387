//! `--help`, `providers`, `completions`, `man`.

use crate::support::Bench;

#[test]
fn help_tells_the_commands_and_the_exit_codes() {
    let bench = Bench::open();
    insta::assert_snapshot!("help", bench.anykey("--help").exits(0).stdout);
    insta::assert_snapshot!("help_validate", bench.anykey("validate --help").exits(0).stdout);
}

#[test]
fn every_format_of_the_providers() {
    let bench = Bench::open();
    insta::assert_snapshot!("providers", bench.in_every_format(&["providers"]));
}

#[test]
fn every_shell_gets_a_script() {
    let bench = Bench::open();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = bench.run(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("anykey") && script.contains("activations"), "{shell}");
        // The scripts of the other two complete no values.
        if ["bash", "fish", "zsh"].contains(&shell) {
            assert!(script.contains("inactive") && script.contains("last_validated_at"), "{shell}");
        }
    }
    bench.anykey("completions tcsh").exits(2);
    let help = bench.anykey("completions --help").exits(0).stdout;
    assert!(help.contains("anykey completions fish > "), "{help}");
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let bench = Bench::open();
    let page = bench.anykey("man").exits(0).stdout;
    assert!(page.contains(".TH anykey 1") && page.contains("Exit codes:"), "{page}");
    for section in ["EXIT STATUS", "ENVIRONMENT", "FILES"] {
        assert!(page.contains(&format!(".SH {section}\n")), "{section}: {page}");
    }
    bench.anykey("man --dir pages").exits(0);
    let pages = bench.folder.path().join("pages");
    assert_eq!(std::fs::read_to_string(pages.join("anykey.1")).unwrap(), page);
    for name in ["anykey.1", "anykey-keys-list.1", "anykey-activations-remove.1", "anykey-validate.1"] {
        assert!(pages.join(name).is_file(), "{name}");
    }
}
