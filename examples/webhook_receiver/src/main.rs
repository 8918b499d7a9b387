//! Serves the endpoints of every provider in `anykey.toml`, or of the one in the environment.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use anykey::{Clock, Config, Registry, Timestamp};
use anykey_example_webhook_receiver::{App, Limits, Store, router, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = &*error, "cannot serve");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let database = std::env::var("DATABASE").unwrap_or_else(|_| "license-keys.db".to_owned());
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 8787,
    };

    let store = match database.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Store::open_postgres(&database).await?,
        _ => Store::open(database).await?,
    };
    let app = App::new(&Registry::builtin(), &config()?, store, Clock::new(Timestamp::now))?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    for name in app.names() {
        tracing::info!("listening on http://{address}/webhooks/{name}");
    }
    serve(listener, router(app), Limits::default(), interrupted()).await;
    Ok(())
}

fn config() -> Result<Config, Box<dyn Error>> {
    let path = std::env::var("ANYKEY_CONFIG").unwrap_or_else(|_| "anykey.toml".to_owned());
    if Path::new(&path).exists() {
        return Ok(Config::from_toml(&std::fs::read_to_string(path)?)?);
    }
    Ok(Config::from_env()?)
}

/// Lets the deliveries under way be answered. Being killed is no harm either: the vendor delivers them again.
async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot be interrupted");
        std::future::pending::<()>().await;
    }
}
