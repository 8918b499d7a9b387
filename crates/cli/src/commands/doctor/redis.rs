use anykey::redis::{RedisServer, ServerInfo};

use super::finding::Finding;
use crate::config::{ConfigSecrets, Loaded};
use crate::exit::Exit;
use crate::report;

/// The Redis servers of the sections `[cache]` and `[pacing]`. With `offline` none of them is asked.
pub(super) async fn examine(loaded: &Loaded, offline: bool) -> Vec<Finding> {
    let secrets = ConfigSecrets::beside(loaded.place.path());
    let mut findings = Vec::new();
    for (section, server) in loaded.config.redis_servers(&secrets) {
        let check = if section == "cache" { "cache" } else { "rate limits" };
        findings.push(match server {
            Err(error) => Finding::error(None, check, &error),
            Ok(_) if offline => {
                Finding::good(None, check, format!("[{section}]: shared through Redis, which was not asked"))
            }
            Ok(server) => reach(section, check, &server).await,
        });
    }
    findings
}

async fn reach(section: &str, check: &'static str, server: &RedisServer) -> Finding {
    match server.info().await {
        Ok(info) => finding(section, check, &info),
        Err(error) => {
            let found =
                format!("[{section}]: {}; each process goes on by itself until then", error.message());
            let exit = Exit::of(&error);
            let remedy = match exit {
                Exit::Usage => "correct the URL that `redis` names".to_owned(),
                _ => format!(
                    "start the server, or correct the URL that `redis` names; {}",
                    report::next_step(&error)
                ),
            };
            Finding::failure(None, check, found, exit, &remedy)
        }
    }
}

fn finding(section: &str, check: &'static str, info: &ServerInfo) -> Finding {
    let version = info.version.as_deref().unwrap_or("of an unknown release");
    let found = format!("[{section}]: shared through Redis {version}");
    if info.is_too_old() {
        let found = format!("{found}, which is too old");
        return Finding::failure(None, check, found, Exit::Usage, "use Redis 6.2 or later");
    }
    if info.evicts() {
        let policy = info.memory_policy.as_deref().unwrap_or_default();
        return Finding::warning(
            None,
            check,
            format!("{found}, which forgets when its memory is full (`maxmemory-policy {policy}`)"),
            "set `maxmemory-policy noeviction`",
        );
    }
    Finding::good(None, check, format!("{found}, which answers"))
}
