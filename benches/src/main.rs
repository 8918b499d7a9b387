//! Prints one Markdown report.
//!
//! Without arguments everything but the builds; `--quick` only shows that everything runs; `only list cold` measures
//! these; `build` builds the small apps from nothing, which takes many minutes. `repeat validate AnykeyHyper polar
//! 10000` (or `list`) does one thing so many times, for a profiler.

use anykey_benches::{Effort, Fault, Vendor, drawings, report::Report, scenarios, server};

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["serve", keys] => Ok(server::run(keys.parse()?)?),
        ["stream", vendor, url] => alone(scenarios::memory::stream(known(vendor)?, url)),
        ["ask", peer, vendor, url] => alone(scenarios::cold_start::ask(peer, known(vendor)?, url)),
        ["repeat", call, peer, vendor, times] => {
            alone(scenarios::repeat::run(call, peer, known(vendor)?, times.parse()?))
        }
        ["--quick"] => measure(Effort::QUICK, &[]),
        ["build"] => measure(Effort::FULL, &["build"]),
        ["only", ref names @ ..] => measure(Effort::FULL, names),
        [] => measure(Effort::FULL, &[]),
        _ => Err(format!("no such command: {}", words.join(" ")).into()),
    }
}

fn known(vendor: &str) -> Result<Vendor, Fault> {
    Vendor::from_word(vendor).ok_or_else(|| "no such vendor".into())
}

fn alone(work: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn measure(effort: Effort, only: &[&str]) -> Result<(), Fault> {
    let mut report = Report::default();
    let draw = effort.rounds == Effort::FULL.rounds;
    let wanted = |name: &str| only.is_empty() || only.contains(&name);
    alone(async {
        if wanted("list") {
            let found = scenarios::list::run(&mut report, effort).await?;
            if draw {
                drawings::list(&found)?;
            }
        }
        if wanted("latency") {
            let found = scenarios::latency::run(&mut report, effort).await?;
            if draw {
                drawings::latency(&found)?;
            }
        }
        if wanted("limit") {
            scenarios::limit::run(&mut report, effort).await?;
        }
        if wanted("validate") {
            let found = scenarios::validate::run(&mut report, effort).await?;
            if draw {
                drawings::validate(&found)?;
            }
        }
        if wanted("decode") {
            let found = scenarios::decode::run(&mut report, effort).await?;
            if draw {
                drawings::decode(&found)?;
            }
        }
        if wanted("allocations") {
            let found = scenarios::allocations::run(&mut report)?;
            if draw {
                drawings::allocations(&found)?;
            }
        }
        if wanted("vendors") {
            let found = scenarios::every_vendor::run(&mut report, effort).await?;
            if draw {
                drawings::every_vendor(&found)?;
            }
        }
        if wanted("cold") {
            let found = scenarios::cold_start::run(&mut report, effort)?;
            if draw {
                drawings::cold_start(&found)?;
            }
        }
        if wanted("faults") {
            scenarios::faults::run(&mut report, effort).await?;
        }
        if wanted("memory") {
            scenarios::memory::run(&mut report, effort)?;
        }
        if wanted("overhead") {
            scenarios::overhead::run(&mut report, effort).await?;
        }
        if wanted("coalescing") {
            scenarios::coalescing::run(&mut report).await?;
        }
        if only.contains(&"build") {
            scenarios::build::run(&mut report)?;
        }
        Ok(())
    })?;
    print!("{}", report.finish());
    Ok(())
}
