//! Prints how many allocations each way to read a page makes for each key.

use anykey_benches::scenarios::decode::Decoder;
use anykey_benches::{Fault, Vendor};

fn main() -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for vendor in Vendor::ALL {
        for (name, decoder) in Decoder::all(vendor)? {
            runtime.block_on(decoder.decode())?;
            let mut result = Ok(());
            let counted = allocation_counter::measure(|| result = runtime.block_on(decoder.decode()));
            result?;
            println!("{}\t{name}\t{}", vendor.word(), counted.count_total);
        }
    }
    Ok(())
}
