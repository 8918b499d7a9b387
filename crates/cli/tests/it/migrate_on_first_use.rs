//! A router that imports keys on first use, by the configuration that the command prints.

use anykey::Capability;
use anykey::sim::IssueSpec;

use crate::migrate::{Move, OPTIONS};
use crate::support::Bench;

/// The vendors that may be a source, by what they can do.
fn sources() -> Vec<&'static str> {
    let bench = Bench::open();
    let sellers =
        bench.able(&[Capability::ValidateWithoutSeat, Capability::Activate, Capability::FilterByCustomer]);
    sellers.into_iter().map(|seller| seller.name).collect()
}

fn new(from: &'static str) -> Move {
    let bench = Bench::open();
    let able = bench.able(&[Capability::ListAll, Capability::Create, Capability::SetDisabled]);
    let to = able.into_iter().map(|seller| seller.name).find(|name| *name != from).unwrap();
    Move::between(bench, from, to)
}

#[test]
fn the_printed_configuration_imports_a_key_when_it_is_activated_and_not_before() {
    let mut imported = 0;
    for from in sources() {
        let this = new(from);
        let before = this.keys(this.to).len();
        let source = this.bench.sellers().find(|seller| seller.name == from).unwrap();
        let issued = source.issue(IssueSpec::new());
        let code = issued.code.expose();
        let tried = this.migrate(&format!("plan --on-first-use --sample {code}"));
        assert!(tried.stderr.contains("nothing was written"), "{tried:?}");
        assert!(!tried.stdout.contains(code) && !tried.stderr.contains(code), "{tried:?}");
        assert_eq!(this.keys(this.to).len(), before);

        this.bench.write("anykey.toml", &(this.bench.configuration() + &tried.stdout));
        this.bench.anykey("-p all config check").exits(0);
        let seat =
            this.bench.anykey(&format!("-p all activate {code} --label laptop --json")).exits(0).json();
        let id = seat["id"].as_str().unwrap();
        let is_told = tried.stderr.contains("it is created at");
        let place = if is_told { this.to } else { from };
        assert!(id.starts_with(&format!("{place}:")), "{from}: {seat} {tried:?}");
        let at_target = this.keys(this.to);
        assert_eq!(at_target.len(), before + usize::from(is_told), "{from}");
        if is_told {
            assert!(at_target.iter().any(|key| key["key"] == code), "{from}");
            let again =
                this.bench.anykey(&format!("-p all activate {code} --label desktop --json")).exits(0).json();
            assert!(again["id"].as_str().unwrap().starts_with(&format!("{}:", this.to)));
            assert_eq!(this.keys(this.to).len(), before + 1);
            imported += 1;
        } else {
            assert!(tried.stderr.contains("it stays at"), "{tried:?}");
            tried.exits(1);
        }
        this.bench.anykey(&format!("-p all validate {code} --activation {id}")).exits(0);
    }
    assert!(imported > 1, "{imported}");
}

#[test]
fn it_is_data_too_and_names_what_is_missing() {
    let this = Move::new();
    let data = this.migrate("plan --on-first-use --json").exits(0).json();
    assert_eq!((&data["from"], &data["to"]), (&this.from.into(), &this.to.into()));
    assert!(data["configuration"].as_str().unwrap().contains("import_on_activate"), "{data}");
    assert!(this.migrate("plan --on-first-use --only product=a").exits(2).stderr.contains("`--only`"));
    this.migrate("plan --sample AAAA-BBBB").exits(2);
    this.bench.write("ids.csv", "kind,source,target\n");
    let empty = this.migrate("plan --on-first-use").exits(2);
    assert!(empty.stderr.contains("`mapping`"), "{empty:?}");

    this.bench
        .write("options.toml", &format!("default_product = \"p\"\ndefault_customer = \"c\"\n{OPTIONS}"));
    for target in this.bench.unable(Capability::Create) {
        let args =
            format!("migrate plan --on-first-use --from {} --to {} --map options.toml", this.to, target.name);
        let refused = this.bench.anykey(&args);
        assert!(refused.stderr.contains("no key can be imported to"), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
}
