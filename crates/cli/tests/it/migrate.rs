//! Keys from one vendor to another, also when the process is killed.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::channel;

use anykey::Capability;
use anykey::sim::IssueSpec;
use anykey_testkit::transport::{Fault, Rule};
use serde_json::Value;

use crate::support::{Bench, Ran, Running, Seller};

pub(crate) const OPTIONS: &str =
    "unknown_expiry = \"never\"\nsubscription_expiry = \"2027-06-01T00:00:00Z\"\ndefault_limit = 3\n";

/// Two vendors, and a mapping of all products and customers of the first to one of the second.
pub(crate) struct Move {
    pub(crate) bench: Bench,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
}

impl Move {
    pub(crate) fn new() -> Self {
        let bench = Bench::open();
        let from = bench.able(&[Capability::ListAll, Capability::SetExpiry]);
        let from = from.into_iter().find(|seller| !seller.can(Capability::Create)).unwrap().name;
        let to = bench.able(&[Capability::ListAll, Capability::Create, Capability::SetDisabled])[0].name;
        Self::between(bench, from, to)
    }

    pub(crate) fn between(bench: Bench, from: &'static str, to: &'static str) -> Self {
        let this = Self { bench, from, to };
        let at_target = this.keys(to).pop().unwrap();
        let mut rows = String::from("kind,source,target\n");
        let at_source = this.keys(from);
        for kind in ["product", "customer"] {
            let ids: BTreeSet<_> = at_source.iter().filter_map(|key| key[kind].as_str()).collect();
            for id in ids {
                rows.push_str(&format!("{kind},{id},{}\n", at_target[kind].as_str().unwrap()));
            }
        }
        this.bench.write("ids.csv", &rows);
        this.bench.write("options.toml", OPTIONS);
        this
    }

    pub(crate) fn keys(&self, provider: &str) -> Vec<Value> {
        let listed =
            self.bench.anykey(&format!("-p {provider} keys list --show-keys --json")).exits(0).json();
        listed.as_array().unwrap().clone()
    }

    pub(crate) fn args(&self, what: &str) -> String {
        format!("migrate {what} --from {} --to {} --map options.toml --map ids.csv", self.from, self.to)
    }

    pub(crate) fn migrate(&self, what: &str) -> Ran {
        self.bench.anykey(&self.args(what))
    }

    pub(crate) fn target(&self) -> &Seller {
        self.bench.sellers().find(|seller| seller.name == self.to).unwrap()
    }
}

#[test]
fn keys_are_planned_moved_verified_reported_and_taken_back() {
    let this = Move::new();
    let (before, at_source) = (this.keys(this.to).len(), this.keys(this.from).len());
    let plan = this.migrate("plan --json").exits(0).json();
    assert_eq!((&plan["keys"], &plan["conflicts"]), (&at_source.into(), &0.into()), "{plan}");
    let dry = this.migrate("run --dry-run --json").exits(0);
    assert_eq!(dry.json(), plan);
    assert!(dry.stderr.contains("dry run: nothing was sent"), "{dry:?}");
    assert_eq!(this.keys(this.to).len(), before);
    assert!(!this.bench.folder.path().join("anykey-migration.journal").exists());

    let run = this.migrate("run --json").exits(0);
    let outcome = run.json();
    assert_eq!(outcome["created"], plan["to_create"], "{run:?}");
    assert!(run.stderr.contains(&format!("create {} keys", plan["to_create"])), "{run:?}");
    let created = usize::try_from(outcome["created"].as_u64().unwrap()).unwrap();
    assert!(created > 5 && this.keys(this.to).len() == before + created, "{outcome}");
    let verified = this.migrate("verify").exits(0);
    assert!(verified.stderr.contains(&format!("{created} of {created} keys")), "{verified:?}");
    let again = this.migrate("run --json").exits(0).json();
    assert_eq!((&again["created"], &again["done"]), (&0.into(), &created.into()), "{again}");

    let report = this.bench.anykey("migrate report --jsonl").exits(0).stdout;
    assert_eq!(report.lines().count(), at_source);
    assert_eq!(report.lines().filter(|line| line.contains("\"state\":\"done\"")).count(), created);
    let page = this.bench.anykey("migrate report --html").exits(0).stdout;
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{page}");

    let undone = this.bench.anykey(&format!("migrate undo --to {} --json", this.to)).exits(0).json();
    assert_eq!(undone["switched_off"], created, "{undone}");
    let differing = this.migrate("verify --jsonl").exits(1).stdout;
    assert!(differing.contains("\"differences\":\"status\""), "{differing}");
    let asked = this.bench.anykey("migrate forget").exits(2);
    assert!(asked.stderr.contains("nobody can be asked here"), "{asked:?}");
    this.bench.anykey("migrate forget --yes").exits(0);
    this.bench.anykey("migrate report").exits(2);
}

#[derive(Debug, PartialEq, Eq)]
enum Event {
    /// The run sends a request that writes.
    Write,
    /// The run has ended by itself.
    End,
}

#[test]
fn a_run_that_is_killed_continues_and_creates_nothing_twice() {
    let this = Move::new();
    let points = std::env::var("ANYKEY_KILL_POINTS").ok().and_then(|points| points.parse().ok()).unwrap_or(4);
    // More than a run creates before it is killed.
    let source = this.bench.sellers().find(|seller| seller.name == this.from).unwrap();
    (0..points * 20).for_each(|_| drop(source.issue(IssueSpec::new())));
    let before = this.keys(this.to).len();
    let to_create = this.migrate("plan --json").exits(0).json()["to_create"].as_u64().unwrap();
    let mut killed = 0;
    for point in 0..points {
        let fault = if point % 2 == 0 { Fault::HangAfterWork } else { Fault::HangBeforeWork };
        let (event, events) = channel();
        let reached = Mutex::new(event.clone());
        let rule = Rule::nth(1, fault).when(move |method, _| {
            let is_write = *method != http::Method::GET;
            if is_write {
                let _the_run_is_over = reached.lock().unwrap().send(Event::Write);
            }
            is_write
        });
        this.target().faults.inject(rule);
        let args = this.args("run");
        let running = Running::start(this.bench.command(&args.split(' ').collect::<Vec<_>>()));
        let mut stdout = running.stdout();
        std::thread::spawn(move || {
            let _ended = std::io::copy(&mut stdout, &mut std::io::sink());
            let _the_run_is_over = event.send(Event::End);
        });
        let first = events.recv().unwrap();
        drop(running);
        this.target().faults.clear();
        if first == Event::End {
            break;
        }
        killed += 1;
    }
    assert!(killed >= points * 9 / 10, "{killed} of {points}");
    this.migrate("run").exits(0);
    let verified = this.migrate("verify").exits(0);
    assert!(verified.stderr.contains(&format!("{to_create} of {to_create} keys")), "{verified:?}");
    let at_target = this.keys(this.to);
    let codes: BTreeSet<_> = at_target.iter().filter_map(|key| key["key"].as_str()).collect();
    assert_eq!(codes.len(), at_target.len(), "a code is there twice");
    assert_eq!(at_target.len(), before + usize::try_from(to_create).unwrap());
}

#[test]
fn a_target_that_takes_no_given_code_is_refused_before_anything_is_read() {
    let this = Move::new();
    for target in this.bench.unable(Capability::Create) {
        let args = format!("migrate run --from {} --to {} --map options.toml --yes", this.to, target.name);
        let refused = this.bench.anykey(&args).exits(4);
        assert!(
            refused.stderr.contains("router") && refused.stderr.contains("nothing was written"),
            "{refused:?}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_mapping_is_said_with_its_file() {
    let this = Move::new();
    this.bench.write("ids.csv", "kind,source,target\nseat,a,b\n");
    let wrong = this.migrate("plan").exits(2);
    assert!(wrong.stderr.contains("ids.csv"), "{wrong:?}");
    this.bench.write("options.toml", "unknown_expiry = \"soon\"");
    assert!(this.migrate("plan").exits(2).stderr.contains("options.toml"));
    this.migrate("plan --only prodct=1").exits(2);
}
