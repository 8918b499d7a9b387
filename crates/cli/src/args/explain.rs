use anykey::PastedKey;
use clap::Args;

use super::key_input::pasted;
use crate::failure::Failure;

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) what: WhatInput,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) what: WhatInput,
    /// Print the reply to the customer and nothing else
    #[arg(long)]
    pub(crate) reply: bool,
}

/// A license key, or what else is known of one.
#[derive(Args, Clone)]
pub(crate) struct WhatInput {
    /// The whole license key, the six characters that tables show, a customer's e-mail address, or the id of a key,
    /// customer, order, payment or subscription; `-` reads it from stdin
    ///
    /// Where a vendor lists its keys, the listing is read and compared here, and WHAT is not sent anywhere. Only an
    /// e-mail address, and an id with a prefix, such as lic_1, are asked for. A vendor that lists nothing is asked
    /// whether it has the key. Your own id of a customer is asked for where the vendor keeps one, if it has a prefix or
    /// the provider is named.
    #[arg(value_name = "WHAT")]
    what: String,
}

impl WhatInput {
    pub(crate) async fn read(&self) -> Result<PastedKey, Failure> {
        pasted(&self.what).await
    }
}

impl std::fmt::Debug for WhatInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhatInput").finish_non_exhaustive()
    }
}
