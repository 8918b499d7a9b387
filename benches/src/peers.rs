//! Everybody who takes part.

pub mod anykey;
pub mod bare;
pub mod floor;
pub mod governed;
pub mod handwritten;
pub mod official;
pub mod page;

use std::fmt;

use crate::{Fault, Vendor};

/// A way to talk to a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// hyper's pooled client and serde_json into borrowed structs: what a careful app can do.
    Floor,
    /// Bare hyper connections, and only what anykey's model keeps is read: less than any app would do.
    Bare,
    /// anykey on its default transport, reqwest, with its default number of pages in flight.
    Anykey,
    /// anykey on its lighter transport, hyper.
    AnykeyHyper,
    /// anykey on reqwest, with one page after another.
    AnykeySingle,
    /// A loop over reqwest 0.12 with typed serde structs, as most apps have it.
    Handwritten,
    /// The same over reqwest 0.13, on which anykey is.
    HandwrittenNow,
    /// The vendor's crate: `dodopayments`, `polar-sh`.
    Official,
}

impl Peer {
    /// Who is compared where there are no pages.
    pub const PLAIN: [Self; 7] = [
        Self::Floor,
        Self::Bare,
        Self::Anykey,
        Self::AnykeyHyper,
        Self::Handwritten,
        Self::HandwrittenNow,
        Self::Official,
    ];
    /// Who is compared in listings.
    pub const ALL: [Self; 8] = [
        Self::Floor,
        Self::Bare,
        Self::Anykey,
        Self::AnykeyHyper,
        Self::AnykeySingle,
        Self::Handwritten,
        Self::HandwrittenNow,
        Self::Official,
    ];
    /// Those that are not ours.
    pub const OTHERS: [Self; 3] = [Self::Handwritten, Self::HandwrittenNow, Self::Official];

    /// Whether it is anykey.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Anykey | Self::AnykeyHyper | Self::AnykeySingle)
    }

    /// Its name in a report.
    #[must_use]
    pub fn name(self, vendor: Vendor) -> &'static str {
        match (self, vendor) {
            (Self::Floor, _) => "floor (hyper, borrowed)",
            (Self::Bare, _) => "bare hyper connection",
            (Self::Anykey, _) => "anykey",
            (Self::AnykeyHyper, _) => "anykey on `hyper`",
            (Self::AnykeySingle, _) => "anykey, one page at a time",
            (Self::Handwritten, _) => "hand-written reqwest 0.12",
            (Self::HandwrittenNow, _) => "hand-written reqwest 0.13",
            (Self::Official, Vendor::Dodo) => "dodopayments 1.127",
            (Self::Official, Vendor::Polar) => "polar-sh 0.1.2",
        }
    }
}

/// A client of one peer for one vendor.
pub enum Client {
    /// See [`Peer::Floor`].
    Floor(Vendor, floor::Floor),
    /// See [`Peer::Bare`].
    Bare(Vendor, bare::Bare),
    /// See [`Peer::is_ours`].
    Anykey(anykey::Anykey),
    /// See [`Peer::Handwritten`] and [`Peer::HandwrittenNow`].
    Handwritten(handwritten::Handwritten),
    /// See [`Peer::Official`].
    Dodo(official::Dodo),
    /// See [`Peer::Official`].
    Polar(official::Polar),
}

impl Client {
    /// A client of `peer` for the server at `url`. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When the peer refuses the URL.
    pub fn new(peer: Peer, vendor: Vendor, url: &str) -> Result<Self, Fault> {
        Ok(match (peer, vendor) {
            (Peer::Floor, _) => Self::Floor(vendor, floor::Floor::new(url)),
            (Peer::Bare, _) => Self::Bare(vendor, bare::Bare::new(url)),
            (Peer::Anykey, _) => Self::Anykey(anykey::Anykey::new(vendor, url)?),
            (Peer::AnykeyHyper, _) => Self::Anykey(anykey::Anykey::on_hyper(vendor, url)?),
            (Peer::AnykeySingle, _) => Self::Anykey(anykey::Anykey::new(vendor, url)?.in_flight(1)),
            (Peer::Handwritten, _) => Self::Handwritten(handwritten::Handwritten::new(vendor, url)?),
            (Peer::HandwrittenNow, _) => Self::Handwritten(handwritten::Handwritten::now(vendor, url)?),
            (Peer::Official, Vendor::Dodo) => Self::Dodo(official::Dodo::new(url)?),
            (Peer::Official, Vendor::Polar) => Self::Polar(official::Polar::new(url)),
        })
    }

    /// Reads every key and gives back how many there are.
    ///
    /// # Errors
    ///
    /// When a request fails.
    pub async fn list(&self) -> Result<usize, Fault> {
        match self {
            Self::Floor(vendor, floor) => floor.list(*vendor).await,
            Self::Bare(vendor, bare) => bare.list(*vendor).await,
            Self::Anykey(anykey) => anykey.list().await,
            Self::Handwritten(handwritten) => handwritten.list().await,
            Self::Dodo(dodo) => dodo.list().await,
            Self::Polar(polar) => polar.list().await,
        }
    }

    /// Asks once whether the key is valid.
    ///
    /// # Errors
    ///
    /// When the request fails or the key is not valid.
    pub async fn validate(&self) -> Result<(), Fault> {
        let valid = match self {
            Self::Floor(vendor, floor) => floor.validate(*vendor).await?,
            Self::Bare(vendor, bare) => bare.validate(*vendor).await?,
            Self::Anykey(anykey) => anykey.validate().await?,
            Self::Handwritten(handwritten) => handwritten.validate().await?,
            Self::Dodo(dodo) => dodo.validate().await?,
            Self::Polar(polar) => polar.validate().await?,
        };
        if valid { Ok(()) } else { Err("the key is not valid".into()) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}
