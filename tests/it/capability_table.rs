//! The README's table of what each provider can do is what they declare.

use anykey::sim::{PlaneAccess, SimulatedPlane, simulators};
use anykey::{Capabilities, Capability};
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
    let mut columns = vec![Column::new("memory".to_owned(), memory.capabilities())];
    for simulator in simulators() {
        let simulation = Simulation::of(simulator);
        for plane in simulation.vendor.planes() {
            let name = match plane.access {
                PlaneAccess::Device => simulator.title.to_owned(),
                _ => format!("{}, {}", simulator.title, plane.name),
            };
            let mut column = Column::new(name, simulation.provider(&plane).capabilities());
            if let Some(with_proofs) =
                simulation.vendor.proof_plane().filter(|_| plane.access == PlaneAccess::Device)
            {
                column.with_field = Some((
                    added_field(&plane, &with_proofs),
                    simulation.provider(&with_proofs).capabilities(),
                ));
            }
            columns.push(column);
        }
    }
    let mut lines = vec![
        row("", columns.iter().map(|column| column.name.clone())),
        row("---", columns.iter().map(|_| ":-:".to_owned())).replace(' ', ""),
    ];
    for capability in Capability::ALL {
        lines.push(row(capability.name(), columns.iter().map(|column| column.cell(*capability))));
    }
    lines.join("\n")
}

/// What one provider declares.
struct Column {
    name: String,
    capabilities: Capabilities,
    /// A field of the configuration, and the capabilities with it.
    with_field: Option<(String, Capabilities)>,
}

impl Column {
    const fn new(name: String, capabilities: Capabilities) -> Self {
        Self { name, capabilities, with_field: None }
    }

    fn cell(&self, capability: Capability) -> String {
        match &self.with_field {
            _ if self.capabilities.contains(capability) => "✓".to_owned(),
            Some((field, capabilities)) if capabilities.contains(capability) => format!("with `{field}`"),
            _ => "–".to_owned(),
        }
    }
}

/// The field that `longer` has and `plane` has not.
fn added_field(plane: &SimulatedPlane, longer: &SimulatedPlane) -> String {
    longer.fields.keys().find(|field| !plane.fields.contains_key(*field)).unwrap().clone()
}

fn row(first: &str, rest: impl Iterator<Item = String>) -> String {
    std::iter::once(first.to_owned()).chain(rest).fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
}
