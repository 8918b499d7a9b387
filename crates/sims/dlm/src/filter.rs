//! The filters of a listing. The plugin makes a column of the database of each parameter, whatever its name is.
//!
//! A parameter that is no column, or an operator that is none, is an error of the database. The plugin reads it as an
//! empty result, so `page` and `per_page`, which the route declares, find nothing. Operators such as `BETWEEN` reach
//! the query builder by accident, and work (recordings of November 2026).

use crate::php::{Members, Php, member, numeric_prefix};
use crate::records::License;

/// The conditions of a listing, all of which have to hold.
#[derive(Debug)]
pub(crate) struct Filter(Vec<(Column, Condition)>);

/// A column of the table of keys, by the name of its parameter.
#[derive(Clone, Copy, Debug)]
enum Column {
    Id,
    Order,
    Product,
    User,
    Code,
    ValidFor,
    Expiry,
    Source,
    Status,
    Limit,
    CreatedAt,
    UpdatedAt,
    /// A column without a value in this simulator, such as `created_by`.
    Empty,
}

/// What a parameter asks of its column.
#[derive(Debug)]
enum Condition {
    /// One value, a list, or `IN`.
    AnyOf(Vec<Php>),
    /// `NOT IN`.
    NoneOf(Vec<Php>),
    /// An operator in upper case, and its value.
    Compare(String, Php),
    /// Both ends are included.
    Between(Php, Php),
}

/// A value of a column.
enum Cell {
    Int(i64),
    Text(String),
}

impl Filter {
    /// `None` where the query is an error of the database: an unknown column, or an unknown operator.
    pub(crate) fn new(given: &Members) -> Option<Self> {
        let credential = |name: &str| matches!(name, "consumer_key" | "consumer_secret");
        let used = given.iter().filter(|(name, _)| !credential(name));
        used.map(|(name, value)| Some((Column::of(name)?, Condition::of(value)?)))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// A column that is NULL fulfils no condition, not even `NOT IN`.
    pub(crate) fn matches(&self, license: &License) -> bool {
        self.0.iter().all(|(column, condition)| match column {
            Column::Code => condition.has_code(&license.license_key),
            _ => column.cell(license).is_some_and(|cell| condition.holds(&cell)),
        })
    }
}

impl Column {
    /// The column of a parameter; `None` for any other name.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "order_id" => Self::Order,
            "product_id" => Self::Product,
            "user_id" => Self::User,
            "license_key" => Self::Code,
            "valid_for" => Self::ValidFor,
            "expires_at" => Self::Expiry,
            "source" => Self::Source,
            "status" => Self::Status,
            "activations_limit" => Self::Limit,
            "created_at" => Self::CreatedAt,
            "updated_at" => Self::UpdatedAt,
            "created_by" | "updated_by" | "hash" => Self::Empty,
            _ => return None,
        })
    }

    /// The value of a key in this column; `None` for NULL.
    fn cell(self, license: &License) -> Option<Cell> {
        match self {
            Self::Id => Some(Cell::Int(license.id)),
            Self::Order => license.order_id.map(Cell::Int),
            Self::Product => license.product_id.map(Cell::Int),
            Self::User => license.user_id.map(Cell::Int),
            Self::ValidFor => license.valid_for.map(Cell::Int),
            Self::Source => Some(Cell::Int(license.source)),
            Self::Status => Some(Cell::Int(license.status)),
            Self::Limit => license.activations_limit.map(Cell::Int),
            Self::Code => Some(Cell::Text(license.license_key.clone())),
            Self::Expiry => license.expires_at.clone().map(Cell::Text),
            Self::CreatedAt => Some(Cell::Text(license.created_at.clone())),
            Self::UpdatedAt => license.updated_at.clone().map(Cell::Text),
            Self::Empty => None,
        }
    }
}

impl Condition {
    /// The condition of a parameter's value; `None` for an operator without its operand, and for one that is unknown.
    fn of(value: &Php) -> Option<Self> {
        let Php::Array(members) = value else { return Some(Self::AnyOf(vec![value.clone()])) };
        let Some(operator) = member(members, "operator") else {
            return Some(Self::AnyOf(members.iter().map(|(_, value)| value.clone()).collect()));
        };
        let operator = operator.to_text()?.to_uppercase();
        let value = || member(members, "value").cloned();
        let values = || match value() {
            Some(Php::Array(items)) => Some(items.into_iter().map(|(_, item)| item).collect()),
            Some(single) => Some(vec![single]),
            None => None,
        };
        Some(match &*operator {
            "BETWEEN" => Self::Between(member(members, "min")?.clone(), member(members, "max")?.clone()),
            "IN" => Self::AnyOf(values()?),
            "NOT IN" => Self::NoneOf(values()?),
            "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=" => Self::Compare(operator, value()?),
            _ => return None,
        })
    }

    /// Codes are stored encrypted, and are found as a whole only.
    fn has_code(&self, code: &str) -> bool {
        match self {
            Self::AnyOf(values) => matches!(&**values, [only] if only.to_text().as_deref() == Some(code)),
            _ => false,
        }
    }

    fn holds(&self, cell: &Cell) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let is = |value: &Php| cell.compare(value) == Some(Equal);
        match self {
            Self::AnyOf(values) => values.iter().any(is),
            Self::NoneOf(values) => !values.iter().any(is),
            Self::Between(min, max) => {
                matches!(cell.compare(min), Some(Equal | Greater))
                    && matches!(cell.compare(max), Some(Equal | Less))
            }
            Self::Compare(operator, value) => matches!(
                (&**operator, cell.compare(value)),
                ("=" | "<=" | ">=", Some(Equal))
                    | ("!=" | "<>" | "<" | "<=", Some(Less))
                    | ("!=" | "<>" | ">" | ">=", Some(Greater))
            ),
        }
    }
}

impl Cell {
    /// A number is compared with what a text begins with, a time as text.
    fn compare(&self, value: &Php) -> Option<std::cmp::Ordering> {
        let text = value.to_text()?;
        match self {
            Self::Int(number) => numeric_prefix(&number.to_string()).partial_cmp(&numeric_prefix(&text)),
            Self::Text(time) if text.len() == 10 => Some(time.as_str().cmp(&format!("{text} 00:00:00"))),
            Self::Text(time) => Some(time.as_str().cmp(&text)),
        }
    }
}
