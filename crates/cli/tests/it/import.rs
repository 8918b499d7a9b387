//! `keys import`: what a file holds is created once, also when the run is repeated.

use anykey::Capability::{Create, List, ListAll, SetDisabled};
use serde_json::Value;

use crate::support::{Bench, Seller};

/// A customer and a product that the vendor has.
fn customer_and_product(bench: &Bench, seller: &Seller) -> (String, String) {
    let some = bench.run_at(seller, &["keys", "list", "--limit", "1", "--json"]).exits(0).json();
    let text = |field: &str| some[0][field].as_str().unwrap().to_owned();
    (text("customer"), text("product"))
}

fn keys(bench: &Bench, seller: &Seller) -> Vec<Value> {
    let listed = bench.run_at(seller, &["--show-keys", "keys", "list", "--json"]).exits(0).json();
    listed.as_array().unwrap().clone()
}

#[test]
fn the_keys_of_a_file_are_created_once() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Create, SetDisabled]) {
        let (customer, product) = customer_and_product(&bench, seller);
        let before = keys(&bench, seller).len();
        bench.write(
            "new.csv",
            &format!(
                "key,product,customer,activation_limit,expires_at,status\n\
                 IMPORT-0001-AAAAAA,{product},{customer},2,2027-12-31,\n\
                 IMPORT-0002-BBBBBB,{product},{customer},2,2027-12-31,disabled\n"
            ),
        );
        let import = ["keys", "import", "new.csv", "--json"];
        let plan = bench.run_at(seller, &[&import[..], &["--dry-run"]].concat()).exits(0).json();
        assert_eq!((&plan["keys"], &plan["to_create"]), (&2.into(), &2.into()), "{plan}");
        let journal = bench.folder.path().join("new.csv.journal");
        assert!(!journal.exists() && keys(&bench, seller).len() == before);

        let first = bench.run_at(seller, &[&import[..], &["--limit", "1"]].concat()).exits(0);
        assert!(first.stderr.contains("result: 1 of 2 keys are there"), "{first:?}");
        let second = bench.run_at(seller, &import).exits(0);
        assert!(second.stderr.contains("result: 2 of 2 keys are there"), "{second:?}");
        let all = keys(&bench, seller);
        assert_eq!(all.len(), before + 2);
        let named = |code: &str| all.iter().find(|key| key["key"] == code).unwrap();
        let (active, disabled) = (named("IMPORT-0001-AAAAAA"), named("IMPORT-0002-BBBBBB"));
        assert_eq!((&active["status"], &active["activation_limit"]), (&"active".into(), &2.into()));
        assert_eq!(disabled["status"], "disabled");
        let again = bench.run_at(seller, &import).exits(0).json();
        assert_eq!((&again["created"], &again["done"]), (&0.into(), &2.into()), "{again}");
        assert_eq!(keys(&bench, seller).len(), before + 2);
        std::fs::remove_file(journal).unwrap();
    }
}

#[test]
fn what_was_exported_can_be_imported_again() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Create, SetDisabled]) {
        for (format, file) in [("--csv", "all.csv"), ("--jsonl", "all.jsonl")] {
            let export = |options: &[&str]| {
                let list = ["keys", "list", "--limit", "3", format];
                bench.run_at(seller, &[options, &list].concat()).exits(0).stdout
            };
            bench.write(file, &export(&["--show-keys"]));
            let plan = bench.run_at(seller, &["keys", "import", file, "--dry-run", "--json"]).exits(0).json();
            assert_eq!((&plan["keys"], &plan["conflicts"]), (&3.into(), &0.into()), "{plan}");
            bench.write(file, &export(&[]));
            let masked = bench.run_at(seller, &["keys", "import", file]).exits(2);
            assert!(masked.stderr.contains("its code is masked; export it with --show-keys"), "{masked:?}");
        }
    }
}

#[test]
fn a_file_with_a_mistake_creates_nothing() {
    let bench = Bench::open();
    for seller in bench.able(&[ListAll, Create]) {
        for (rows, said) in [
            ("key,expire_at\nA-1,\n", "there is no field `expire_at`; did you mean `expires_at`?"),
            ("key,expires_at\nA-1,2027-12-31\nA-2,soon\n", "line 3: `expires_at`: "),
            ("key,id\nA-1,x\nA-2,x\n", "line 3: its id is that of line 2"),
            ("key,usage\nA-1,1\nA-1,2\n", "line 3: its code is that of line 2"),
            ("key\n\"A-1\nA-2\"\n", "line 2: its code has line breaks"),
            ("key\n(A-1)\n", "line 2: its code has line breaks"),
        ] {
            bench.write("wrong.csv", rows);
            let ran = bench.run_at(seller, &["keys", "import", "wrong.csv"]).exits(2);
            assert!(ran.stderr.contains(said) && ran.stderr.contains("; nothing was sent"), "{ran:?}");
        }
        bench.run_at(seller, &["keys", "import", "nowhere.csv"]).exits(2);
    }
    bench.write("one.csv", "key\nA-1\n");
    for seller in bench.unable(Create) {
        let refused = bench.run_at(seller, &["keys", "import", "one.csv"]).exits(4);
        assert!(seller.can(List) || refused.stderr.contains("nothing was written"), "{refused:?}");
    }
}
