//! What the receiver wrote.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use anykey::webhook::sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use anykey::webhook::sqlx::{self, Row, SqlitePool};
use anykey::{LicenseKey, Timestamp};

/// Provider and id.
pub(crate) type Name = (String, String);

/// What has to be the same in the table and at the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRow {
    code_hint: String,
    status: String,
    in_force: bool,
    expires_at: Option<i64>,
    customer: Option<String>,
    product: Option<String>,
}

impl KeyRow {
    pub(crate) fn of(key: &LicenseKey) -> Self {
        Self {
            code_hint: key.code.masked().to_string(),
            status: key.status.to_string(),
            in_force: key.status.is_usable(),
            expires_at: key.expiry.at().map(|at| at.as_microsecond()),
            customer: key.customer.as_ref().map(ToString::to_string),
            product: key.product.as_ref().map(ToString::to_string),
        }
    }
}

pub(crate) struct Table(SqlitePool);

pub(crate) async fn open(folder: &Path) -> Table {
    let options = SqliteConnectOptions::new().filename(folder.join("license-keys.db"));
    Table(SqlitePool::connect_with(options).await.unwrap())
}

impl Table {
    /// Every row of the journal.
    pub(crate) async fn events(&self) -> Vec<Name> {
        self.names("SELECT provider, id FROM events ORDER BY provider, id").await
    }

    pub(crate) async fn unreadable(&self) -> Vec<Name> {
        self.names("SELECT provider, id FROM unreadable ORDER BY provider, id").await
    }

    pub(crate) async fn keys(&self) -> BTreeMap<Name, KeyRow> {
        let rows = sqlx::query("SELECT * FROM license_keys").fetch_all(&self.0).await.unwrap();
        let read = |row: &SqliteRow| KeyRow {
            code_hint: row.get("code_hint"),
            status: match row.get("status") {
                // Dodo's list of license keys has one word for both. Its deliveries tell them apart, but not when
                // a key that was disabled is refunded.
                "revoked" if row.get::<&str, _>("provider") == "dodo" => "disabled".to_owned(),
                status => status.to_owned(),
            },
            in_force: row.get("in_force"),
            expires_at: row.get("expires_at"),
            customer: row.get("customer"),
            product: row.get("product"),
        };
        rows.iter().map(|row| (name(row), read(row))).collect()
    }

    pub(crate) async fn deliveries_by_key(&self) -> BTreeMap<Name, i64> {
        let rows = sqlx::query("SELECT * FROM license_keys").fetch_all(&self.0).await.unwrap();
        rows.iter().map(|row| (name(row), row.get("deliveries"))).collect()
    }

    /// The instant of which each key's row tells.
    pub(crate) async fn instants(&self) -> BTreeMap<Name, Timestamp> {
        let rows = sqlx::query("SELECT * FROM license_keys").fetch_all(&self.0).await.unwrap();
        let instant = |row: &SqliteRow| Timestamp::from_microsecond(row.get("as_of")).unwrap();
        rows.iter().map(|row| (name(row), instant(row))).collect()
    }

    async fn names(&self, query: &str) -> Vec<Name> {
        sqlx::query(query).fetch_all(&self.0).await.unwrap().iter().map(name).collect()
    }
}

fn name(row: &SqliteRow) -> Name {
    (row.get("provider"), row.get("id"))
}

/// Compares, and shows what differs only.
pub(crate) fn assert_same<V: Debug + PartialEq>(written: &BTreeMap<Name, V>, truth: &BTreeMap<Name, V>) {
    let names = written.keys().chain(truth.keys().filter(|name| !written.contains_key(*name)));
    let differing: Vec<_> = names.filter(|name| written.get(*name) != truth.get(*name)).collect();
    let shown: Vec<_> =
        differing.iter().take(5).map(|name| (name, written.get(*name), truth.get(*name))).collect();
    assert!(differing.is_empty(), "{} differ, such as (name, written, truth): {shown:#?}", differing.len());
}
