//! The database of the site.
//!
//! Keys are found by code or id in the order of their ids, so of two keys with one code the API reads the older one.

use std::collections::VecDeque;

use anykey_core::Timestamp;
use anykey_sim_kit::RandomSequence;

use crate::consumer::Consumer;
use crate::moment;
use crate::php::{Members, Php};
use crate::records::{Generator, License, Seat};
use crate::switches::{Switches, Table};

/// The tables, the switches, and what the next records get.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) switches: Switches,
    pub(crate) consumers: Vec<Consumer>,
    /// Oldest first.
    pub(crate) licenses: Vec<License>,
    /// Oldest first, dead ones too.
    pub(crate) seats: Vec<Seat>,
    pub(crate) generators: Vec<Generator>,
    pub(crate) next_license: i64,
    pub(crate) next_seat: i64,
    pub(crate) next_generator: i64,
    /// Tokens and generated codes to use before random ones.
    pub(crate) next_tokens: VecDeque<String>,
    pub(crate) next_codes: VecDeque<String>,
    /// How many activations have read a use that is about to change.
    pub(crate) racing: u32,
    random: RandomSequence,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            switches: Switches::default(),
            consumers: Vec::new(),
            licenses: Vec::new(),
            seats: Vec::new(),
            generators: Vec::new(),
            next_license: 1,
            next_seat: 1,
            next_generator: 1,
            next_tokens: VecDeque::new(),
            next_codes: VecDeque::new(),
            racing: 0,
            random: RandomSequence::new(0x00d1_a11c),
        }
    }

    /// Whether the database can read a table.
    pub(crate) fn reads(&self, table: Table) -> bool {
        self.switches.unreadable_table != Some(table)
    }

    /// The first key with this code, as the plugin sees it.
    pub(crate) fn by_code(&self, code: &str) -> Option<&License> {
        self.readable().find(|license| license.license_key == code)
    }

    pub(crate) fn by_id(&self, id: i64) -> Option<&License> {
        self.readable().find(|license| license.id == id)
    }

    /// The keys that a query sees: none when the table cannot be read.
    pub(crate) fn readable(&self) -> impl Iterator<Item = &License> {
        self.licenses.iter().filter(|_| self.reads(Table::Licenses))
    }

    /// Every key with this code. A change or deletion by code hits them all.
    pub(crate) fn all_with_code(&mut self, code: &str) -> impl Iterator<Item = &mut License> {
        self.licenses.iter_mut().filter(move |license| license.license_key == code)
    }

    /// Stores a key, with the next id.
    pub(crate) fn insert(&mut self, mut license: License) -> i64 {
        license.id = self.next_license;
        self.next_license = self.next_license.saturating_add(1);
        self.licenses.push(license);
        self.licenses.last().map_or(0, |license| license.id)
    }

    /// The activations of a key that take a seat, oldest first.
    pub(crate) fn living(&self, license: i64) -> impl DoubleEndedIterator<Item = &Seat> {
        let reads = self.reads(Table::Activations);
        self.seats.iter().filter(move |seat| reads && seat.license_id == license && seat.is_alive())
    }

    /// How many seats of a key are taken. With an unreadable table of activations it is 0, so a full key has seats
    /// again.
    pub(crate) fn used(&self, license: i64) -> i64 {
        i64::try_from(self.living(license).count()).unwrap_or(i64::MAX)
    }

    /// Whether a key has no free seat.
    pub(crate) fn is_full(&self, license: &License) -> bool {
        license.activations_limit.is_some_and(|limit| limit > 0 && self.used(license.id) >= limit)
    }

    /// The members of a key's document at `now`.
    pub(crate) fn document(&self, license: &License, now: Timestamp) -> Members {
        license.members(self.used(license.id), now)
    }

    /// An activation with its key.
    pub(crate) fn seat_document(&self, seat: &Seat, with_license_id: bool, now: Timestamp) -> Php {
        let mut members = seat.members(with_license_id);
        if let Some(license) = self.by_id(seat.license_id) {
            members.push(("license".to_owned(), Php::Array(self.document(license, now))));
        }
        Php::Array(members)
    }

    /// The activation with a token. The database compares the text loosely: without regard to case, and as a number
    /// where it is one.
    pub(crate) fn seat_by_token(&self, token: &str) -> Option<&Seat> {
        let number = Php::from(token).is_numeric().then(|| crate::php::numeric_prefix(token));
        self.seats.iter().filter(|_| self.reads(Table::Activations)).find(|seat| match number {
            Some(number) => crate::php::numeric_prefix(&seat.token) == number,
            None => seat.token.eq_ignore_ascii_case(token),
        })
    }

    /// Frees a seat or takes it again.
    pub(crate) fn set_alive(&mut self, id: i64, alive: bool, now: Timestamp) -> Option<&Seat> {
        let seat = self.seats.iter_mut().find(|seat| seat.id == id)?;
        let now = moment::stored(now);
        seat.deactivated_at = (!alive).then(|| now.clone());
        seat.updated_at = Some(now);
        Some(seat)
    }

    /// The next given token, else a random one.
    pub(crate) fn new_token(&mut self) -> String {
        self.next_tokens.pop_front().unwrap_or_else(|| self.hex(40))
    }

    /// Hexadecimal digits, such as those of a token. The first is a letter, so that no token is a number.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        let mut text = "e".to_owned();
        while text.len() < length {
            text.push_str(&format!("{:016x}", self.random.next_u64()));
        }
        text.truncate(length);
        text
    }

    /// One letter of a text; the whole text if it is empty.
    pub(crate) fn pick(&mut self, letters: &str) -> Option<char> {
        let count = u64::try_from(letters.chars().count()).ok().filter(|count| *count > 0)?;
        let index = self.random.next_u64().checked_rem(count)?;
        letters.chars().nth(usize::try_from(index).ok()?)
    }
}
