//! The journal: what must outlive the process, in a store on disk.
//!
//! Separate from the driver and the control plane, which say what there is to keep, because how it is kept is a subject
//! of its own: bytes, batches, a format with a number, a folder that only one process may have.
//!
//! An execution is kept as what happened to it: the core is pure, so the same events lead to the same execution. When
//! it is over its history is kept instead. The writers append [`Unit`]s and go on; whoever must not be wrong about
//! them waits until they are persisted. Many wait for one write of the disk.

mod codec;
mod disk;
mod happening;
mod history;
mod items;
mod store;
mod writer;

pub use disk::Disk;
pub use store::{Row, Store, StoreError, Table, Unit, Write};

pub(crate) use codec::{Codec, codec_enum, codec_list, codec_shared, codec_struct, decode};
pub(crate) use happening::{Happening, News};
pub(crate) use items::{KeptItem, KeptItems, answered, kept};
pub(crate) use writer::{Journal, key_of, key_of_text, number_of};

/// What the format is called that this version writes; stores of later formats are refused.
const FORMAT: u32 = 1;
