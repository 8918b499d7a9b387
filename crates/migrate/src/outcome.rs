/// What a run did, counted. What earlier runs of the same journal did is in [`done`](Self::done).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Keys of the source that were looked at.
    pub keys: u64,
    /// Keys that were created.
    pub created: u64,
    /// Keys that an earlier run created and that were completed, or whose missing answer was found.
    pub finished: u64,
    /// Keys that an earlier run created.
    pub done: u64,
    /// Keys that the target had before, with the same data.
    pub already_there: u64,
    /// Keys whose code the target has with other data.
    pub conflicts: u64,
    /// Keys for which nothing was sent.
    pub skipped: u64,
    /// Keys that the target refuses to create.
    pub rejected: u64,
    /// Keys that were created, and whose status or usage the target refuses to set. One that is to be off has an end in
    /// the past, unless the target cannot change an end: then **it is in force at the target**.
    pub unfinished: u64,
    /// Records of the source that cannot be read.
    pub unreadable: u64,
    /// Whether the run ended because of [`Migration::limit`](crate::Migration::limit).
    pub reached_limit: bool,
}
