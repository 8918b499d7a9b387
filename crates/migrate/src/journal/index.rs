//! What is known of the target's keys while a migration works, and which codes of the source have come.

use std::collections::{HashMap, HashSet};

use anykey_core::{ActivationLimit, Expiry, LicenseKey, LicenseKeyId, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::Journal;
use crate::MigrateError;
use crate::compare::Found;
use crate::digest::Digest;

/// Whose a code of the source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// This record's, which has come for the first time.
    New,
    /// This record's, which has come before.
    Again,
    /// Another record's.
    Taken,
}

impl Journal {
    /// Forgets which codes have come.
    pub(crate) async fn forget_claims(&mut self) -> Result<(), MigrateError> {
        self.execute("DELETE FROM claims").await
    }

    /// Gives each code to its record, unless another one has it.
    pub(crate) async fn claim(
        &mut self,
        claims: &[(Digest, LicenseKeyId)],
    ) -> Result<Vec<Claim>, MigrateError> {
        let mut query = QueryBuilder::new("INSERT INTO claims (code, source) ");
        query.push_values(claims, |mut row, (code, source)| {
            row.push_bind(code.as_slice()).push_bind(source.as_str());
        });
        query.push(" ON CONFLICT DO NOTHING RETURNING code");
        let rows = query.build().fetch_all(&mut self.connection).await?;
        let mut new = rows.iter().map(digest).collect::<Result<HashSet<_>, _>>()?;
        let mut query = QueryBuilder::new("SELECT code, source FROM claims WHERE code IN (");
        push_codes(&mut query, claims.iter().map(|(code, _)| code));
        let rows = query.build().fetch_all(&mut self.connection).await?;
        let owners = rows.iter().map(|row| Ok((digest(row)?, row.try_get::<String, _>("source")?)));
        let owners = owners.collect::<Result<HashMap<_, _>, MigrateError>>()?;
        let claimed = claims.iter().map(|(code, source)| match owners.get(code) {
            Some(owner) if owner != source.as_str() => Claim::Taken,
            _ if new.remove(code) => Claim::New,
            _ => Claim::Again,
        });
        Ok(claimed.collect())
    }

    /// Forgets the target's keys.
    pub(crate) async fn forget_target(&mut self) -> Result<(), MigrateError> {
        self.execute("DELETE FROM target_keys").await
    }

    /// Adds keys of the target, or what is new of them.
    pub(crate) async fn add_target(&mut self, keys: &[LicenseKey]) -> Result<(), MigrateError> {
        let salt = self.salt().clone();
        // A statement takes about 32,000 values.
        for keys in keys.chunks(1_000) {
            let mut query = QueryBuilder::new("INSERT INTO target_keys ");
            query.push_values(keys, |mut row, key| {
                let found = Found::of(key, &salt);
                row.push_bind(salt.of_code(&key.code).to_vec())
                    .push_bind(found.id.as_str().to_owned())
                    .push_bind(found.product.map(String::from))
                    .push_bind(found.customer.map(Vec::from))
                    .push_bind(limit_word(found.limit))
                    .push_bind(found.expiry.word().into_owned())
                    .push_bind(found.is_off)
                    .push_bind(found.created_at.map(|at| at.as_millisecond()))
                    .push("1");
            });
            query.push(
                " ON CONFLICT (code) DO UPDATE SET copies = copies + (id <> excluded.id), id = excluded.id, \
                 product = excluded.product, customer = excluded.customer, \
                 activation_limit = excluded.activation_limit, expiry = excluded.expiry, is_off = excluded.is_off, \
                 created_at = excluded.created_at",
            );
            query.build().execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// The target's keys with these codes, as far as they were read.
    pub(crate) async fn found(&mut self, codes: &[Digest]) -> Result<HashMap<Digest, Found>, MigrateError> {
        let mut found = HashMap::new();
        for codes in codes.chunks(1_000) {
            let mut query = QueryBuilder::new("SELECT * FROM target_keys WHERE code IN (");
            push_codes(&mut query, codes);
            for row in query.build().fetch_all(&mut self.connection).await? {
                found.insert(digest(&row)?, read(&row)?);
            }
        }
        Ok(found)
    }
}

/// The end of a list in parentheses.
fn push_codes<'a>(query: &mut QueryBuilder<'a, Sqlite>, codes: impl IntoIterator<Item = &'a Digest>) {
    let mut list = query.separated(", ");
    for code in codes {
        list.push_bind(code.as_slice());
    }
    list.push_unseparated(")");
}

fn digest(row: &SqliteRow) -> Result<Digest, MigrateError> {
    let code: Vec<u8> = row.try_get("code")?;
    code.try_into().map_err(|_| MigrateError::journal("its temporary table is damaged"))
}

fn read(row: &SqliteRow) -> Result<Found, MigrateError> {
    let damaged = || MigrateError::journal("its temporary table is damaged");
    let created_at: Option<i64> = row.try_get("created_at")?;
    let customer: Option<Vec<u8>> = row.try_get("customer")?;
    Ok(Found {
        id: row.try_get::<String, _>("id")?.into(),
        product: row.try_get::<Option<String>, _>("product")?.map(Into::into),
        customer: customer.map(|digest| digest.try_into().map_err(|_| damaged())).transpose()?,
        limit: read_limit(&row.try_get::<String, _>("activation_limit")?).ok_or_else(damaged)?,
        expiry: row.try_get::<String, _>("expiry")?.parse::<Expiry>().map_err(|_| damaged())?,
        is_off: row.try_get("is_off")?,
        created_at: created_at.map(Timestamp::from_millisecond).transpose().map_err(|_| damaged())?,
        copies: row.try_get("copies")?,
    })
}

fn limit_word(limit: ActivationLimit) -> String {
    match limit {
        ActivationLimit::Unlimited => "unlimited".to_owned(),
        ActivationLimit::AtMost(limit) => limit.to_string(),
        ActivationLimit::NotAllowed => "none".to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn read_limit(word: &str) -> Option<ActivationLimit> {
    match word {
        "unlimited" => Some(ActivationLimit::Unlimited),
        "none" => Some(ActivationLimit::NotAllowed),
        "unknown" => Some(ActivationLimit::Unknown),
        number => number.parse().ok().map(ActivationLimit::AtMost),
    }
}
