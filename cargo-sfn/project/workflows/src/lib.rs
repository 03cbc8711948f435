//! The workflows and all they are made of. A library, because both the deployed program and its build script use it.

mod flight;
mod hotel;
mod trip;

pub use flight::*;
pub use hotel::*;
pub use trip::*;
