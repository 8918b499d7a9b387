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
        assert!(script.contains("anykey") && script.contains("__ANYKEY_COMPLETE"), "{shell}: {script}");
    }
    bench.anykey("completions tcsh").exits(2);
    let help = bench.anykey("completions --help").exits(0).stdout;
    assert!(help.contains("anykey completions fish > "), "{help}");
}

/// What bash offers for the last word of `line`; `None` where bash is not installed.
#[cfg(unix)]
fn offered(bench: &Bench, line: &str) -> Option<Vec<String>> {
    bench.write("anykey.bash", &bench.anykey("completions bash").exits(0).stdout);
    let words: Vec<_> = line.split(' ').map(|word| format!("'{word}'")).collect();
    let (words, last) = (words.join(" "), words.len() - 1);
    let script = format!(
        "source anykey.bash\nCOMP_WORDS=({words})\nCOMP_CWORD={last}\nCOMP_TYPE=9\n\
         _clap_complete_anykey anykey \"${{COMP_WORDS[{last}]}}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_anykey")).parent().unwrap();
    let path = std::env::join_paths(
        [folder.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let run = std::process::Command::new("bash")
        .args(["--noprofile", "--norc", "-c", &script])
        .env_clear()
        .env("PATH", path.unwrap())
        .env("HOME", bench.folder.path())
        .current_dir(bench.folder.path())
        .output();
    let output = run.ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(|word| word.trim_end().to_owned()).collect())
}

#[cfg(unix)]
#[test]
fn a_shell_offers_what_the_configuration_has() {
    let bench = Bench::open();
    let names: Vec<_> = bench.sellers().map(|seller| seller.name.to_owned()).collect();
    let Some(offer) = offered(&bench, "anykey --provider ") else { return };
    assert!(names.iter().all(|name| offer.contains(name)), "{offer:?}");
    bench.write("other.toml", "default = \"shop\"\n[providers.shop]\nprovider = \"memory\"\n");
    assert_eq!(offered(&bench, "anykey --config other.toml keys list -p ").unwrap(), ["shop"]);
    assert_eq!(offered(&bench, "anykey keys list --status inac").unwrap(), ["inactive"]);
    assert_eq!(offered(&bench, "anykey keys list --columns last_v").unwrap(), ["last_validated_at"]);
    assert_eq!(offered(&bench, "anykey keys list --sort last_v").unwrap(), ["last_validated_at"]);
    assert!(offered(&bench, "anykey keys up").unwrap().contains(&"update".to_owned()));
    bench.write("other.toml", "no configuration");
    assert_eq!(offered(&bench, "anykey --config other.toml --provider ").unwrap(), [""]);
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
