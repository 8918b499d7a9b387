//! What a page says beside its keys, for the peers that decode into borrowed structs.

use std::hint::black_box;

use serde::Deserialize;

use crate::Fault;

/// What a page holds.
#[derive(Debug)]
pub struct Page {
    /// How many keys.
    pub keys: usize,
    /// The last page's number, counted from 1, where the vendor tells.
    last_page: Option<usize>,
}

impl Page {
    /// Decodes a page of records `K`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub(super) fn of<'a, K: Deserialize<'a>>(body: &'a [u8]) -> Result<Self, Fault> {
        let page = black_box(serde_json::from_slice::<Body<K>>(body)?);
        Ok(Self { keys: page.items.len(), last_page: page.pagination.map(|pagination| pagination.max_page) })
    }

    pub(super) fn is_last(&self, keys_so_far: usize) -> bool {
        self.keys < 100 || self.last_page.is_some_and(|last| keys_so_far.div_ceil(100) >= last)
    }
}

#[derive(Deserialize)]
struct Body<K> {
    items: Vec<K>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    max_page: usize,
}
