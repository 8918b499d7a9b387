use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;

use tempfile::TempDir;

use crate::process::{Process, free_port, is_ready};
use crate::{REQUIRE_SERVERS, skip};

/// A PostgreSQL server, with a database of its own for each test.
#[derive(Debug)]
pub struct PostgresServer {
    process: Option<Process>,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    port: u16,
    folder: TempDir,
}

impl PostgresServer {
    /// The server that all running tests share; `None` when PostgreSQL is not installed.
    pub fn shared() -> Option<Arc<Self>> {
        static RUNNING: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = running.upgrade() {
            return Some(server);
        }
        let server = Arc::new(Self::start()?);
        *running = Arc::downgrade(&server);
        Some(server)
    }

    /// Starts a server for one test, to stop or to pause it; `None` when PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        Self::start_in(&std::env::temp_dir())
    }

    /// Starts a server for one test with its data on the disk of `parent`; `None` when PostgreSQL is not installed.
    pub fn start_in(parent: &Path) -> Option<Self> {
        let Some(programs) = programs() else {
            skip("postgres, which is not installed", REQUIRE_SERVERS);
            return None;
        };
        let mut server = Self::new(programs, parent);
        let mut command = server.command("initdb");
        command.args(["--no-sync", "--auth", "trust", "--username", "postgres", "--encoding", "UTF8"]);
        command.arg("--pgdata").arg(server.data());
        assert!(command.status().expect("initdb starts").success(), "initdb");
        server.start_on_a_free_port();
        Some(server)
    }

    /// Starts a standby that follows this server.
    pub fn start_standby(&self) -> Self {
        let mut standby = Self::new(self.programs.clone(), &std::env::temp_dir());
        let mut command = standby.command("pg_basebackup");
        command.args(["--no-sync", "--checkpoint", "fast", "--write-recovery-conf"]);
        command.arg("--dbname").arg(self.url("postgres")).arg("--pgdata").arg(standby.data());
        assert!(command.status().expect("pg_basebackup starts").success(), "pg_basebackup");
        standby.start_on_a_free_port();
        standby
    }

    fn new(programs: PathBuf, parent: &Path) -> Self {
        let folder = TempDir::new_in(parent).expect("a temporary folder");
        let mut server = Self { process: None, programs, user: None, port: 0, folder };
        server.give_to_another_user();
        server
    }

    /// The URL of the database `name`; `postgres` is always there.
    pub fn url(&self, name: &str) -> String {
        self.url_at(self.port, name)
    }

    /// The URL of the database `name` behind a proxy at `port`.
    pub fn url_at(&self, port: u16, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/{name}")
    }

    /// Its port on loopback.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once, as a crash does.
    pub fn stop(&mut self) {
        if let Some(process) = &self.process {
            process.signal("QUIT");
            // It may be paused.
            self.resume();
        }
        while self.process.as_mut().is_some_and(|process| !process.has_ended()) {
            std::thread::yield_now();
        }
        self.process = None;
    }

    /// Kills all its processes, as the loss of its machine does.
    pub fn kill(&mut self) {
        // A stopped one neither notices that the others end nor starts further ones.
        self.pause();
        if let Some(process) = self.process.take() {
            process.signal_children("KILL");
        }
    }

    /// Starts it again on the same port.
    pub fn restart(&mut self) {
        self.stop();
        while self.process.is_none() {
            self.process = self.try_start();
        }
    }

    /// Stops its first process, which accepts connections, and those that serve them.
    pub fn pause(&self) {
        self.signal_all("STOP");
    }

    /// Continues it after [`pause`](Self::pause).
    pub fn resume(&self) {
        self.signal_all("CONT");
    }

    fn signal_all(&self, signal: &str) {
        let process = self.process.as_ref().expect("it runs");
        process.signal(signal);
        process.signal_children(signal);
    }

    fn start_on_a_free_port(&mut self) {
        // Another process may take the port before the server does.
        while self.process.is_none() {
            self.port = free_port();
            self.process = self.try_start();
        }
    }

    fn try_start(&self) -> Option<Process> {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args([
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
        ]);
        command.arg("-c").arg(format!("unix_socket_directories={}", self.folder.path().display()));
        // What a crash of the process loses is what is tested, not a loss of power.
        command.args(["-c", "fsync=off", "-c", "max_connections=60"]);
        // A standby whose primary is gone can be promoted at once.
        command.args(["-c", "wal_retrieve_retry_interval=100ms"]);
        command.args(["-c", "lc_messages=C"]).stderr(Stdio::piped());
        let mut process = Process::start(&mut command);
        is_ready(process.errors()).then_some(process)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// PostgreSQL does not run as root.
    fn give_to_another_user(&mut self) {
        let folder = self.folder.path();
        if std::fs::metadata(folder).expect("the folder").uid() != 0 {
            return;
        }
        let user = user_id("postgres").or_else(|| user_id("nobody")).expect("a user that is not root");
        chown(folder, Some(user.0), Some(user.1)).expect("root may");
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("root may");
        self.user = Some(user);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of PostgreSQL's programs: the newest one where Debian keeps several.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("ANYKEY_POSTGRES_BIN") {
        return Some(folder.into());
    }
    let has_both = |folder: &PathBuf| ["postgres", "initdb"].iter().all(|name| folder.join(name).is_file());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin")).filter(has_both).max();
    debian.or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(has_both))
}

/// User and group of the user called `name`.
fn user_id(name: &str) -> Option<(u32, u32)> {
    let users = std::fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let fields: Vec<&str> = users
        .lines()
        .map(|line| line.split(':').collect())
        .find(|fields: &Vec<&str>| fields.first() == Some(&name))?;
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}
