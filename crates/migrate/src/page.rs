//! The report as a page to print.

use std::io::Write;

use anykey_core::LicenseKeyId;
use anykey_core::adapter::plain_text;

use crate::MigrateError;
use crate::journal::{Entry, Journal};

const CHUNK: u32 = 256;

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>License key migration</title>\n\
    <style>body{font:11pt sans-serif;margin:2em}table{border-collapse:collapse;width:100%}\
    th,td{border-bottom:1px solid #ccc;text-align:left;padding:.2em .5em;vertical-align:top}\
    thead{display:table-header-group}tr{break-inside:avoid}</style></head><body>\n";

/// Writes what a journal says as an HTML page without scripts: how many keys are in each state, and each key. It holds
/// no code and no customer.
///
/// # Errors
///
/// [`MigrateError::Journal`] and [`MigrateError::Output`].
pub async fn write_page(journal: &mut Journal, out: &mut (dyn Write + Send)) -> Result<(), MigrateError> {
    out.write_all(HEAD.as_bytes())?;
    let pair = journal.pair().await?;
    let (source, target) = pair.unwrap_or_default();
    writeln!(out, "<h1>License keys from {} to {}</h1>", escaped(&source), escaped(&target))?;
    writeln!(out, "<table><thead><tr><th>state<th>keys</thead><tbody>")?;
    for (state, count) in journal.counts().await?.into_iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "<tr><td>{state}<td>{count}")?;
    }
    writeln!(
        out,
        "</tbody></table>\n<h2>Keys</h2>\n<table><thead><tr><th>source<th>state<th>target<th>remarks</thead><tbody>"
    )?;
    let mut after: Option<LicenseKeyId> = None;
    loop {
        let entries = journal.entries_after(after.as_ref(), CHUNK).await?;
        let Some(last) = entries.last() else { break };
        after = Some(last.source.clone());
        for entry in &entries {
            write_row(entry, out)?;
        }
    }
    out.write_all(b"</tbody></table></body></html>\n")?;
    Ok(out.flush()?)
}

fn write_row(entry: &Entry, out: &mut (dyn Write + Send)) -> Result<(), MigrateError> {
    let target = entry.target.as_ref().map_or("", |id| id.as_str());
    let mut remarks: Vec<String> = Vec::new();
    remarks.extend((!entry.detail.is_empty()).then(|| entry.detail.clone()));
    remarks.extend(entry.losses.iter().map(|loss| format!("not carried: {loss}")));
    let (source, target) = (escaped(entry.source.as_str()), escaped(target));
    writeln!(out, "<tr><td>{source}<td>{}<td>{target}<td>{}", entry.state, escaped(&remarks.join("; ")))?;
    Ok(())
}

/// Also without characters that act on the reading of the page, such as those that turn its direction.
fn escaped(text: &str) -> String {
    plain_text(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_vendor_is_neither_markup_nor_acts() {
        assert_eq!(escaped("<b>\u{202e}&\u{1b}[2J\u{200b}\""), "&lt;b&gt;&amp; [2J&quot;");
    }
}
