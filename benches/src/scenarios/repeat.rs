//! One call of one peer, many times, for a profiler.

use crate::peers::{Client, Peer};
use crate::process::Server;
use crate::{Fault, Vendor};

/// Lists 1,000 keys or validates, so many times.
///
/// # Errors
///
/// When a request fails, or there is no such call or peer.
pub async fn run(call: &str, peer: &str, vendor: Vendor, times: usize) -> Result<(), Fault> {
    let peer = Peer::ALL.into_iter().find(|known| format!("{known:?}") == peer).ok_or("no such peer")?;
    let server = Server::start(1_000)?;
    let client = Client::new(peer, vendor, &server.url)?;
    for _ in 0..times {
        match call {
            "list" => drop(client.list().await?),
            "validate" => client.validate().await?,
            _ => return Err("no such call".into()),
        }
    }
    Ok(())
}
