//! The README's table of what each provider can do is what they declare.

use anykey::Capability;
use anykey::sim::{PlaneAccess, simulators};
use anykey_tests::{Simulation, TestSecrets, provider};

#[test]
fn the_readme_shows_what_the_providers_declare() {
    let readme = include_str!("../../README.md");
    let shown =
        readme.split_once("<!-- capabilities -->\n").unwrap().1.split_once("\n<!-- end -->").unwrap().0;
    assert_eq!(shown, table(), "put this into the README:\n{}\n", table());
}

fn table() -> String {
    let memory = provider("provider = \"memory\"", &TestSecrets::default()).unwrap();
    let mut columns = vec![("memory".to_owned(), memory.capabilities())];
    for simulator in simulators() {
        let simulation = Simulation::of(simulator);
        for plane in simulation.vendor.planes() {
            let name = match plane.access {
                PlaneAccess::Device => simulator.title.to_owned(),
                _ => format!("{}, {}", simulator.title, plane.name),
            };
            columns.push((name, simulation.provider(&plane).capabilities()));
        }
    }
    let mut lines = vec![
        row("", columns.iter().map(|(name, _)| name.as_str())),
        row("---", columns.iter().map(|_| ":-:")).replace(' ', ""),
    ];
    for capability in Capability::ALL {
        let cells =
            columns.iter().map(|(_, declared)| if declared.contains(*capability) { "✓" } else { "–" });
        lines.push(row(capability.name(), cells));
    }
    lines.join("\n")
}

fn row<'a>(first: &'a str, rest: impl Iterator<Item = &'a str>) -> String {
    std::iter::once(first).chain(rest).fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
}
