//! Making keys of one page's text: time, and allocations for each key.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anykey::{LicenseProvider, ListQuery};
use anykey_dodo::DodoProvider;
use anykey_http::{HttpTransport, Pacer, TransportError};
use anykey_polar::PolarProvider;
use async_trait::async_trait;
use bytes::Bytes;

use crate::bodies::Catalogue;
use crate::measure::{cost, median_number, ratio};
use crate::peers::{bare, floor, handwritten, official};
use crate::report::{Report, of, times};
use crate::vendor::{ORGANIZATION, TOKEN};
use crate::{Effort, Fault, Vendor};

/// Pages decoded in one measurement.
const REPEATS: u32 = 40;

/// Ratios of one vendor, by peer.
pub type Ratios = Vec<(&'static str, f64)>;

/// Measures both vendors.
///
/// # Errors
///
/// When a page cannot be read.
pub async fn run(report: &mut Report, effort: Effort) -> Result<Vec<(Vendor, Ratios)>, Fault> {
    report.section("Decode one page of 100 keys: processor time");
    let mut all = Vec::new();
    for vendor in Vendor::ALL {
        let ratios = interleaved(vendor, effort).await?;
        let mut rows = vec![["", "ratio to the floor"].map(str::to_owned).to_vec()];
        rows.extend(ratios.iter().map(|(name, ratio)| vec![of(vendor, name), times(*ratio)]));
        report.table(&rows);
        let ours = ratios.iter().find(|(name, _)| *name == "anykey").map_or(f64::NAN, |(_, ratio)| *ratio);
        report.verdict(of(vendor, "decode a page, CPU"), "≤ 1.15 × floor", times(ours), ours <= 1.15);
        all.push((vendor, ratios));
    }
    Ok(all)
}

async fn interleaved(vendor: Vendor, effort: Effort) -> Result<Ratios, Fault> {
    let decoders = Decoder::all(vendor)?;
    let mut costs = vec![Vec::new(); decoders.len()];
    for round in 0..=effort.rounds * 3 {
        let mut floor = Duration::ZERO;
        for (index, (_, decoder)) in decoders.iter().enumerate() {
            let (result, spent) = cost(async {
                for _ in 0..REPEATS {
                    decoder.decode().await?;
                }
                Ok::<_, Fault>(())
            })
            .await;
            result?;
            if index == 0 {
                floor = spent.cpu;
            }
            if round > 0 {
                costs[index].push(ratio(spent.cpu, floor));
            }
        }
    }
    Ok(decoders.into_iter().map(|(name, _)| name).zip(costs.into_iter().map(median_number)).collect())
}

/// One way to read a page that is in memory already.
#[derive(Debug)]
pub enum Decoder {
    /// Into the borrowed structs of the floor.
    Floor(Vendor, Bytes),
    /// Into borrowed structs of what the model keeps.
    Bare(Vendor, Bytes),
    /// Through a provider whose transport has the page at hand: request, pacing and retry included.
    Anykey(Arc<dyn LicenseProvider>),
    /// Into the structs of the hand-written client.
    Handwritten(Vendor, Bytes),
    /// Into the types of the vendor's crate.
    Official(Vendor, Bytes),
}

impl Decoder {
    /// All of them, the floor first.
    ///
    /// # Errors
    ///
    /// When a provider cannot be built.
    pub fn all(vendor: Vendor) -> Result<Vec<(&'static str, Self)>, Fault> {
        let page = Bytes::from(Catalogue::new(vendor, 10_000).page(3, 100));
        Ok(vec![
            ("floor", Self::Floor(vendor, page.clone())),
            ("only what the model keeps, borrowed", Self::Bare(vendor, page.clone())),
            ("anykey", Self::Anykey(provider(vendor, &page, false)?)),
            ("anykey with `raw`", Self::Anykey(provider(vendor, &page, true)?)),
            ("hand-written", Self::Handwritten(vendor, page.clone())),
            ("vendor's crate", Self::Official(vendor, page)),
        ])
    }

    /// Reads the page.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn decode(&self) -> Result<(), Fault> {
        let keys = match self {
            Self::Floor(vendor, page) => floor::decode(*vendor, page)?.keys,
            Self::Bare(vendor, page) => bare::decode(*vendor, page)?.keys,
            Self::Anykey(provider) => {
                black_box(provider.list(ListQuery::new().page_size(100)).await?).items.len()
            }
            Self::Handwritten(vendor, page) => handwritten::decode(*vendor, page)?.0,
            Self::Official(Vendor::Dodo, page) => official::decode_dodo(page)?,
            Self::Official(Vendor::Polar, page) => official::decode_polar(page)?,
        };
        if keys == 100 { Ok(()) } else { Err("a page has 100 keys".into()) }
    }
}

fn provider(vendor: Vendor, page: &Bytes, raw: bool) -> Result<Arc<dyn LicenseProvider>, Fault> {
    let transport = Arc::new(AtHand(page.clone()));
    Ok(match vendor {
        Vendor::Dodo => Arc::new(
            DodoProvider::builder()
                .token(TOKEN)
                .transport(transport)
                .management_pacer(Pacer::unlimited())
                .keep_raw(raw)
                .build()?,
        ),
        Vendor::Polar => Arc::new(
            PolarProvider::builder(ORGANIZATION)
                .token(TOKEN)
                .transport(transport)
                .management_pacer(Pacer::unlimited())
                .keep_raw(raw)
                .build()?,
        ),
    })
}

/// Answers everything with the same page.
#[derive(Debug)]
struct AtHand(Bytes);

#[async_trait]
impl HttpTransport for AtHand {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Ok(http::Response::new(self.0.clone()))
    }
}
