//! Which figures become which chart.

use crate::charts::{Bar, draw};
use crate::measure::ratio;
use crate::peers::Peer;
use crate::scenarios::allocations::Counts;
use crate::scenarios::decode::Ratios;
use crate::scenarios::every_vendor::Costs;
use crate::scenarios::list::{Medians, of_peer};
use crate::{Fault, Vendor};

type Drawn = Result<(), Fault>;

/// Listing without latency.
///
/// # Errors
///
/// When the file cannot be written; so for all of them.
pub fn list(found: &[(Vendor, Medians)]) -> Drawn {
    let groups: Vec<_> =
        found.iter().map(|(vendor, all)| (vendor.to_string(), to_floor(*vendor, all))).collect();
    draw("list-cpu.svg", "List 10,000 keys: processor time, ratio to the floor", " ×", Some(1.25), &groups)
}

/// Listing with latency.
///
/// # Errors
///
/// See [`list`].
pub fn latency(found: &[(Vendor, u64, Medians)]) -> Drawn {
    let groups: Vec<_> = found
        .iter()
        .map(|(vendor, latency, all)| {
            let bar = |(peer, time): &(Peer, std::time::Duration)| Bar {
                label: peer.name(*vendor).to_owned(),
                value: time.as_secs_f64(),
                is_ours: peer.is_ours(),
            };
            (format!("{vendor}, {latency} ms for each answer"), all.iter().map(bar).collect())
        })
        .collect();
    draw(
        "list-latency.svg",
        "List 10,000 keys from a vendor that takes its time: seconds",
        " s",
        None,
        &groups,
    )
}

/// Validating.
///
/// # Errors
///
/// See [`list`].
pub fn validate(found: &[(Vendor, usize, Medians)]) -> Drawn {
    let groups: Vec<_> = found
        .iter()
        .map(|(vendor, at_once, all)| (format!("{vendor}, {at_once} at once"), to_floor(*vendor, all)))
        .collect();
    draw("validate-cpu.svg", "Validate: processor time, ratio to the floor", " ×", Some(1.25), &groups)
}

/// Decoding.
///
/// # Errors
///
/// See [`list`].
pub fn decode(found: &[(Vendor, Ratios)]) -> Drawn {
    let groups: Vec<_> = found
        .iter()
        .map(|(vendor, all)| {
            let bar = |(name, value): &(&str, f64)| Bar {
                label: (*name).to_owned(),
                value: *value,
                is_ours: name.starts_with("anykey"),
            };
            (vendor.to_string(), all.iter().map(bar).collect())
        })
        .collect();
    draw("decode-cpu.svg", "Decode a page of 100 keys: ratio to the floor", " ×", Some(1.15), &groups)
}

/// Allocations.
///
/// # Errors
///
/// See [`list`].
pub fn allocations(found: &Counts) -> Drawn {
    let groups: Vec<_> = Vendor::ALL
        .into_iter()
        .map(|vendor| {
            let bars = found.iter().filter(|(of, ..)| *of == vendor);
            let bar = |(_, label, value): &(Vendor, String, f64)| Bar {
                label: label.clone(),
                value: *value,
                is_ours: label.starts_with("anykey"),
            };
            (vendor.to_string(), bars.map(bar).collect())
        })
        .collect();
    draw("decode-allocations.svg", "Decode a page of 100 keys: allocations for each", "", None, &groups)
}

/// Starting.
///
/// # Errors
///
/// See [`list`].
pub fn cold_start(found: &[(Vendor, Medians)]) -> Drawn {
    let groups: Vec<_> = found
        .iter()
        .map(|(vendor, all)| {
            let bar = |(peer, time): &(Peer, std::time::Duration)| Bar {
                label: peer.name(*vendor).to_owned(),
                value: time.as_secs_f64() * 1e3,
                is_ours: peer.is_ours(),
            };
            (vendor.to_string(), all.iter().map(bar).collect())
        })
        .collect();
    draw("cold-start.svg", "A fresh process asks once: processor time", " ms", None, &groups)
}

/// Every vendor, from answers in memory.
///
/// # Errors
///
/// See [`list`].
pub fn every_vendor(found: &[Costs]) -> Drawn {
    let bar = |vendor: &str, value| Bar { label: vendor.to_owned(), value, is_ours: true };
    let list = found.iter().filter_map(|costs| Some(bar(costs.vendor, costs.list?)));
    let list = [("Default call; to reading the answers as JSON".to_owned(), list.collect())];
    draw("vendors-list.svg", "List 1,000 keys from answers in memory: processor time", " ×", None, &list)?;
    let validate = found.iter().map(|costs| bar(costs.vendor, costs.validate));
    let validate = [("Microseconds".to_owned(), validate.collect())];
    draw("vendors-validate.svg", "Validate from answers in memory: processor time", " µs", None, &validate)
}

fn to_floor(vendor: Vendor, all: &Medians) -> Vec<Bar> {
    let floor = of_peer(all, Peer::Floor);
    let bar = |(peer, time): &(Peer, std::time::Duration)| Bar {
        label: peer.name(vendor).to_owned(),
        value: ratio(*time, floor),
        is_ours: peer.is_ours(),
    };
    all.iter().map(bar).collect()
}
