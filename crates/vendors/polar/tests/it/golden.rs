//! What goes over the wire, byte for byte, and what becomes of the real server's answer to it.

mod device;
mod grants;
mod listing;
mod management;
