use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::process::{Process, free_port, is_ready};
use crate::{REQUIRE_SERVERS, skip};

/// A Redis server of one test.
#[derive(Debug)]
pub struct RedisServer {
    process: Option<Process>,
    program: PathBuf,
    is_tls: bool,
    port: u16,
    arguments: Vec<String>,
    folder: TempDir,
}

impl RedisServer {
    /// Starts a server that stores nothing; `None` when Redis is not installed.
    pub fn start() -> Option<Self> {
        Self::start_with(&["--save", "", "--appendonly", "no"])
    }

    /// Starts a server that keeps its data over a restart; `None` when Redis is not installed.
    pub fn durable() -> Option<Self> {
        Self::start_with(&["--save", "", "--appendonly", "yes", "--appendfsync", "always"])
    }

    /// Starts a server that speaks TLS only, with its certificate and key; `None` when Redis is not installed.
    pub fn start_with_tls(certificate: &Path, key: &Path) -> Option<Self> {
        let (certificate, key) = (certificate.to_str()?, key.to_str()?);
        let files =
            ["--tls-cert-file", certificate, "--tls-ca-cert-file", certificate, "--tls-key-file", key];
        Self::start_any(&[files.as_slice(), &["--tls-auth-clients", "no"]].concat(), true)
    }

    /// Starts a server with further arguments; `None` when Redis is not installed.
    pub fn start_with(arguments: &[&str]) -> Option<Self> {
        Self::start_any(arguments, false)
    }

    fn start_any(arguments: &[&str], is_tls: bool) -> Option<Self> {
        let named = std::env::var_os("ANYKEY_REDIS_SERVER").map(PathBuf::from);
        let program = named.or_else(|| {
            std::env::split_paths(&std::env::var_os("PATH")?)
                .map(|folder| folder.join("redis-server"))
                .find(|path| path.is_file())
        });
        let Some(program) = program else {
            skip("redis-server, which is not installed", REQUIRE_SERVERS);
            return None;
        };
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let folder = TempDir::new().expect("a temporary folder");
        let mut server = Self { process: None, program, is_tls, port: 0, arguments, folder };
        // Another process may take the port before the server does.
        while server.process.is_none() {
            server.port = free_port();
            server.process = server.try_start();
        }
        Some(server)
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let scheme = if self.is_tls { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Its port on loopback.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once, as a crash does.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again on the same port.
    pub fn restart(&mut self) {
        self.stop();
        while self.process.is_none() {
            self.process = self.try_start();
        }
    }

    /// Stops it without closing its connections.
    pub fn pause(&self) {
        self.process.as_ref().expect("it runs").signal("STOP");
    }

    /// Continues it after [`pause`](Self::pause).
    pub fn resume(&self) {
        self.process.as_ref().expect("it runs").signal("CONT");
    }

    /// Runs one command, and returns the first line of the answer, or the text where that is one.
    pub fn command(&self, words: &[&str]) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it listens");
        let mut text = format!("*{}\r\n", words.len());
        for word in words {
            text += &format!("${}\r\n{word}\r\n", word.len());
        }
        stream.write_all(text.as_bytes()).expect("it reads");
        let mut answer = BufReader::new(stream);
        let mut line = String::new();
        answer.read_line(&mut line).expect("it answers");
        let line = line.trim_end().to_owned();
        match line.strip_prefix('$').and_then(|length| length.parse::<usize>().ok()) {
            Some(length) => {
                let mut text = vec![0; length];
                answer.read_exact(&mut text).expect("it answers");
                String::from_utf8_lossy(&text).into_owned()
            }
            None => line,
        }
    }

    /// Everything that it stores, as the bytes of a dump of its memory.
    pub fn dump(&self) -> Vec<u8> {
        self.command(&["CONFIG", "SET", "rdbcompression", "no"]);
        assert_eq!(self.command(&["SAVE"]), "+OK");
        std::fs::read(self.folder.path().join("dump.rdb")).expect("the dump")
    }

    fn try_start(&self) -> Option<Process> {
        let mut command = Command::new(&self.program);
        // A server without TLS does not know its option.
        let ports: &[&str] = if self.is_tls { &["--port", "0", "--tls-port"] } else { &["--port"] };
        command.args(["--bind", "127.0.0.1", "--daemonize", "no"]).args(ports).arg(self.port.to_string());
        command.arg("--dir").arg(self.folder.path()).args(&self.arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Process::start(&mut command);
        is_ready(process.output()).then_some(process)
    }
}
