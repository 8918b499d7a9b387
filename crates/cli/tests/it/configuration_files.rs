//! Files of a configuration that others can write, and that are no plain files.

use crate::support::{Bench, Ran};

#[test]
fn a_file_that_others_can_write_is_used_only_when_it_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let bench = Bench::open();
    let folder = bench.folder.path();
    let below = folder.join("shared/project");
    std::fs::create_dir_all(&below).unwrap();
    let set = |path: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.join(path), permissions).unwrap();
    };
    let seller = bench.default_seller();
    bench.write("shared/anykey.toml", &seller.device_configuration().unwrap());
    let validate = ["validate", seller.samples.good.as_str()];
    let run = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut command = bench.command(arguments);
        Ran::of(command.current_dir(&below).envs(variable).output().unwrap())
    };
    for (file, shared) in [(0o666, 0o755), (0o664, 0o755), (0o644, 0o777), (0o644, 0o775)] {
        set("shared/anykey.toml", file);
        set("shared", shared);
        let ran = run(&validate, None).exits(2);
        let command = format!("`anykey --config {}/anykey.toml`", folder.join("shared").display());
        assert!(ran.stderr.contains("others can write to") && ran.stderr.contains(&command), "{ran:?}");
        run(&[&["--config", "../anykey.toml"], &validate[..]].concat(), None).exits(0);
        run(&validate, Some(("ANYKEY_CONFIG", "../anykey.toml"))).exits(0);
    }
    set("shared/anykey.toml", 0o644);
    set("shared", 0o755);
    run(&validate, None).exits(0);
}

#[test]
fn a_token_file_that_everybody_can_write_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;

    let bench = Bench::open();
    let warning = "warning: every user of this machine can write to it";
    let seller = bench.default_seller();
    let check = || bench.run_at(seller, &["--trace", "config", "check"]).exits(0);
    assert!(!check().stdout.contains(warning));
    let file = bench.folder.path().join(format!("{}.token", seller.name));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let warned = check();
    assert!(warned.stdout.contains(warning), "{warned:?}");
    assert!(
        warned.stderr.contains("WARN every user of this machine can write to the file of a secret"),
        "{warned:?}"
    );
}

#[test]
fn a_pipe_that_nobody_writes_to_ends_the_command_instead_of_stopping_it() {
    use std::process::Stdio;

    let bench = Bench::open();
    let pipe = bench.folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let name = bench.default_seller().name;
    bench.write("piped.toml", &format!("provider = \"{name}\"\ntoken = {{ file = \"pipe\" }}"));
    // Side by side, since each waits as long as reading a file may take.
    let started = ["pipe", "piped.toml"].map(|config| {
        let mut command = bench.command(&["--config", config, "keys", "list"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    for child in started {
        let ran = Ran::of(child.wait_with_output().unwrap()).exits(2);
        assert!(ran.stderr.contains("it cannot be read within 5 seconds"), "{ran:?}");
    }
}

#[test]
fn a_configuration_without_an_end_is_named() {
    let bench = Bench::open();
    let ran = bench.anykey("--config /dev/zero keys list").exits(2);
    assert!(ran.stderr.contains("it is larger than 1048576 bytes"), "{ran:?}");
    let name = bench.default_seller().name;
    bench.write("endless.toml", &format!("provider = \"{name}\"\ntoken = {{ file = \"/dev/zero\" }}"));
    let ran = bench.anykey("--config endless.toml keys list").exits(2);
    assert!(ran.stderr.contains("the file /dev/zero cannot be read: it is larger"), "{ran:?}");
}
