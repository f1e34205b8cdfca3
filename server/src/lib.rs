//! The real-time server of Verksted.

pub mod assets;
pub mod auth;
pub mod ballots;
pub mod http {
    //! Pages the server writes itself.
    pub mod sheet;
}
pub mod log;
