//! The statements, once for each database: they are the same, and the types of `sqlx` are not.

macro_rules! statements {
    ($module:ident: $deliveries:ident, $claim:ident, $connection:ident, $row:path) => {
        pub(super) mod $module {
            use anykey::webhook::sqlx::{self, Row, $connection};
            use anykey::webhook::{$claim, $deliveries, Claim, StoreError};
            use anykey::{CustomerId, LicenseEvent, LicenseKeyId, ProductId, Timestamp, UnreadableDelivery};

            use crate::{KeyState, KnownKey};

            pub(crate) async fn apply(
                deliveries: &$deliveries,
                event: &LicenseEvent,
                states: &[KeyState],
                now: Timestamp,
            ) -> Result<Claim, StoreError> {
                let mut transaction = match deliveries.begin(event, now).await? {
                    $claim::New(transaction) => transaction,
                    $claim::InProgress => return Ok(Claim::InProgress),
                    $claim::Done => return Ok(Claim::Done),
                };
                write_event(&mut transaction, event, states, now).await.map_err(StoreError::new)?;
                transaction.commit().await?;
                Ok(Claim::New)
            }


            pub(crate) async fn write(deliveries: &$deliveries, provider: &str, states: &[KeyState]) -> Result<(), StoreError> {
                if states.is_empty() {
                    return Ok(());
                }
                let mut transaction = deliveries.transaction().await?;
                for state in states {
                    write_key(&mut transaction, provider, state).await.map_err(StoreError::new)?;
                }
                transaction.commit().await
            }


            pub(crate) async fn keep_unreadable(
                deliveries: &$deliveries,
                provider: &str,
                delivery: &UnreadableDelivery,
                now: Timestamp,
            ) -> Result<(), StoreError> {
                let mut transaction = deliveries.transaction().await?;
                sqlx::query(
                    "INSERT INTO unreadable (provider, id, cause, body, received_at) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (provider, id) DO NOTHING",
                )
                .bind(provider)
                .bind(delivery.id())
                .bind(delivery.cause())
                .bind(delivery.body().expose())
                .bind(now.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(StoreError::new)?;
                transaction.commit().await
            }


            pub(crate) async fn keys_of(deliveries: &$deliveries, provider: &str, customer: &CustomerId) -> Result<Vec<KnownKey>, StoreError> {
                let mut transaction = deliveries.transaction().await?;
                let select = "SELECT id, in_force, as_of FROM license_keys WHERE provider = $1 AND customer = $2";
                let known = sqlx::query(select)
                    .bind(provider)
                    .bind(customer.as_str())
                    .try_map(|row: $row| {
                        let as_of = Timestamp::from_microsecond(row.try_get("as_of")?);
                        Ok(KnownKey {
                            id: row.try_get::<String, _>("id")?.into(),
                            in_force: row.try_get("in_force")?,
                            as_of: as_of.map_err(|error| sqlx::Error::Decode(error.into()))?,
                        })
                    })
                    .fetch_all(&mut *transaction)
                    .await
                    .map_err(StoreError::new)?;
                transaction.rollback().await?;
                Ok(known)
            }

            async fn write_event(
                transaction: &mut $connection,
                event: &LicenseEvent,
                states: &[KeyState],
                now: Timestamp,
            ) -> sqlx::Result<()> {
                sqlx::query(
                    "INSERT INTO events (provider, id, kind, raw_type, key_id, customer, as_of, received_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                )
                .bind(&*event.provider)
                .bind(&*event.id)
                .bind(event.kind.to_string())
                .bind(&*event.raw_type)
                .bind(event.key_id.as_ref().map(LicenseKeyId::as_str))
                .bind(event.customer.as_ref().map(CustomerId::as_str))
                .bind(event.as_of.as_microsecond())
                .bind(now.as_microsecond())
                .execute(&mut *transaction)
                .await?;
                for state in states {
                    write_key(transaction, &event.provider, state).await?;
                }
                if let Some(id) = &event.key_id {
                    sqlx::query("UPDATE license_keys SET deliveries = deliveries + 1 WHERE provider = $1 AND id = $2")
                        .bind(&*event.provider)
                        .bind(id.as_str())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(())
            }

            /// Writes the state of one key, unless a more recent one is stored.
            async fn write_key(transaction: &mut $connection, provider: &str, state: &KeyState) -> sqlx::Result<()> {
                let Some(key) = &state.key else {
                    return sqlx::query(
                        "UPDATE license_keys SET status = 'gone', in_force = FALSE, as_of = $3 \
                         WHERE provider = $1 AND id = $2 AND as_of <= $3",
                    )
                    .bind(provider)
                    .bind(state.id.as_str())
                    .bind(state.as_of.as_microsecond())
                    .execute(transaction)
                    .await
                    .map(drop);
                };
                sqlx::query(
                    "INSERT INTO license_keys (provider, id, code_hint, status, in_force, expires_at, as_of) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) \
                     ON CONFLICT (provider, id) DO UPDATE SET \
                     code_hint = excluded.code_hint, status = excluded.status, in_force = excluded.in_force, \
                     expires_at = excluded.expires_at, as_of = excluded.as_of \
                     WHERE excluded.as_of >= license_keys.as_of",
                )
                .bind(provider)
                .bind(state.id.as_str())
                .bind(key.code.masked().to_string())
                .bind(key.status.to_string())
                .bind(key.status.is_usable())
                .bind(key.expiry.at().map(Timestamp::as_microsecond))
                .bind(state.as_of.as_microsecond())
                .execute(&mut *transaction)
                .await?;
                // Who bought what does not change. Not every delivery names both, and an older one may.
                sqlx::query(
                    "UPDATE license_keys SET customer = coalesce(customer, $3), product = coalesce(product, $4) \
                     WHERE provider = $1 AND id = $2",
                )
                .bind(provider)
                .bind(state.id.as_str())
                .bind(key.customer.as_ref().map(CustomerId::as_str))
                .bind(key.product.as_ref().map(ProductId::as_str))
                .execute(transaction)
                .await
                .map(drop)
            }
        }
    };
}

statements!(sqlite: SqliteDeliveries, SqliteClaim, SqliteConnection, sqlx::sqlite::SqliteRow);
statements!(postgres: PostgresDeliveries, PostgresClaim, PgConnection, sqlx::postgres::PgRow);
