//! Seats are neither lost nor taken twice, whatever happens on the way.

mod last_seat;
mod machine;
mod seller;
mod storm;
