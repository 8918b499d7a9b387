// ANCHOR: program
//! A web server whose customers bought their keys from two vendors.

use std::error::Error;
use std::sync::Arc;

use anykey::{
    Config, ErrorKind, KeyCode, LicenseProvider, PastedKey, Providers, ValidateRequest, Validation,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::net::TcpListener;

/// One row for each account with a key. `reason` is that of the last refusal; NULL while the key is valid.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS licenses (
    account TEXT PRIMARY KEY,
    code    TEXT NOT NULL UNIQUE,
    reason  TEXT
)";

#[derive(Clone)]
struct App {
    licenses: Arc<dyn LicenseProvider>,
    database: SqlitePool,
}

/// What the account page shows.
#[derive(Debug, PartialEq, Serialize)]
struct License {
    licensed: bool,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Entered {
    key: String,
}

/// A status and a sentence for the customer.
type Failure = (StatusCode, String);

/// `PUT /license/{account}`: the customer enters a key. A valid one is stored with the account.
async fn enter(
    State(app): State<App>,
    Path(account): Path<String>,
    Json(entered): Json<Entered>,
) -> Result<Json<License>, Failure> {
    let code = PastedKey::parse(&entered.key).map_err(|error| no_answer(&error))?.code;
    let validation = validate(&app, &code).await.map_err(|error| no_answer(&error))?;
    let license = License::of(&validation);
    if license.licensed {
        sqlx::query("INSERT INTO licenses (account, code) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET code = ?2, reason = NULL")
            .bind(&account)
            .bind(code.expose())
            .execute(&app.database)
            .await
            .map_err(not_stored)?;
    }
    Ok(Json(license))
}

/// `GET /license/{account}`: whether the account is licensed now.
async fn show(State(app): State<App>, Path(account): Path<String>) -> Result<Json<License>, Failure> {
    let stored: Option<(String, Option<String>)> =
        sqlx::query_as("SELECT code, reason FROM licenses WHERE account = ?1")
            .bind(&account)
            .fetch_optional(&app.database)
            .await
            .map_err(not_stored)?;
    let Some((code, reason)) = stored else {
        return Ok(Json(License { licensed: false, reason: Some("no key was entered".to_owned()) }));
    };
    let code = KeyCode::parse(&code).map_err(|error| no_answer(&error))?;
    let license = match validate(&app, &code).await {
        Ok(validation) => License::of(&validation),
        // No answer is not a refusal: what the vendor said last still holds.
        Err(_) => return Ok(Json(License { licensed: reason.is_none(), reason })),
    };
    // Another key may have been entered meanwhile.
    sqlx::query("UPDATE licenses SET reason = ?2 WHERE account = ?1 AND code = ?3")
        .bind(&account)
        .bind(&license.reason)
        .bind(code.expose())
        .execute(&app.database)
        .await
        .map_err(not_stored)?;
    Ok(Json(license))
}

async fn validate(app: &App, code: &KeyCode) -> anykey::Result<Validation> {
    app.licenses.validate(ValidateRequest::new(code.clone())).await
}

impl License {
    fn of(validation: &Validation) -> Self {
        let reason = validation.refusal().map(|refusal| refusal.reason.to_string());
        Self { licensed: reason.is_none(), reason }
    }
}

/// Our mistake, the customer's, or nobody's: the vendor did not answer.
fn no_answer(error: &anykey::Error) -> Failure {
    match error.kind() {
        ErrorKind::InvalidRequest => (StatusCode::BAD_REQUEST, error.message().to_owned()),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the key cannot be checked now; please try again".to_owned()),
    }
}

fn not_stored(error: sqlx::Error) -> Failure {
    match error.as_database_error().is_some_and(|error| error.is_unique_violation()) {
        true => (StatusCode::CONFLICT, "this key belongs to another account".to_owned()),
        false => (StatusCode::INTERNAL_SERVER_ERROR, "the database did not answer".to_owned()),
    }
}

impl App {
    async fn open(providers: &Providers, config: &Config, file: &str) -> Result<Self, Box<dyn Error>> {
        let cache = config.cache()?.unwrap_or_default();
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let database = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::query(SCHEMA).execute(&database).await?;
        Ok(Self { licenses: Arc::new(cache.wrap(providers.default_provider()?)), database })
    }

    fn router(self) -> Router {
        Router::new().route("/license/{account}", get(show).put(enter)).with_state(self)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_file("anykey.toml")?;
    let app = App::open(&Providers::open(&config)?, &config, "licenses.db").await?;
    axum::serve(TcpListener::bind("127.0.0.1:8080").await?, app.router()).await?;
    Ok(())
}
// ANCHOR_END: program

#[cfg(test)]
mod tests;
