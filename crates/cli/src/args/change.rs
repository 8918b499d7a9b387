use clap::Args;

/// What goes with every command that changes something.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ChangeArgs {
    /// Print the request that would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
}
