use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// Examine what is on this machine, and ask no vendor
    #[arg(long)]
    pub(crate) offline: bool,
}
