//! What the journal needs of a store: tables of bytes, and writes that all happen or none of them.
//! Separate so that tests can bring a store that fails at any write they choose.

use std::sync::Arc;

/// A table of the store; its keys are in the order of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// The number of the format.
    Format,
    /// Revisions of State Machines, by name.
    Revisions,
    /// State Machines and Activities, by ARN.
    Resources,
    /// Executions, by number.
    Executions,
    /// What happened to executions that run or may go on, by the execution's number and their own.
    Happenings,
    /// How executions ended, by number.
    Outcomes,
    /// The items of the tables that stand in for DynamoDB's, by table and key.
    Items,
    /// What was answered to requests that changed such items, by the execution's number and the request's own name.
    Answers,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Format,
        Self::Revisions,
        Self::Resources,
        Self::Executions,
        Self::Happenings,
        Self::Outcomes,
        Self::Items,
        Self::Answers,
    ];
}

/// A change of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets the value of a key.
    Put {
        /// Where.
        table: Table,
        /// The key.
        key: Vec<u8>,
        /// Its value from now on.
        value: Vec<u8>,
    },
    /// Removes every key that begins with these bytes.
    Clear {
        /// Where.
        table: Table,
        /// What the keys begin with.
        prefix: Vec<u8>,
    },
}

/// Writes that belong together: after a crash all of them have happened, or none has.
pub type Unit = Vec<Write>;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// Tables of bytes that survive.
pub trait Store: Send + 'static {
    /// Everything in a table, in the order of the keys.
    ///
    /// # Errors
    /// The store cannot be read.
    fn read(&self, table: Table) -> Result<Vec<Row>, StoreError>;

    /// Makes changes, in their order. When it returns they survive whatever happens.
    ///
    /// # Errors
    /// The store cannot be written; then none of the changes counts.
    fn commit(&mut self, units: Vec<Unit>) -> Result<(), StoreError>;
}

/// Why a store could not be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has it.
    #[error("`{0}` is in use by another server: stop that one, or give this one another folder")]
    Locked(String),
    /// It was written by a later version.
    #[error(
        "the store has format {found}, this version knows formats up to {known}: use the version that wrote it, or another folder"
    )]
    NewerFormat {
        /// The format it has.
        found: u32,
        /// The last format that is known here.
        known: u32,
    },
    /// It is a file of some other program.
    #[error("`{0}` is no store of this engine: move the file away, or use another folder")]
    Foreign(String),
    /// What is in it makes no sense.
    #[error("the store is damaged: {0}; bring back a copy of the folder, or use another one")]
    Damaged(String),
    /// The disk or the folder does not allow it.
    #[error("the store at `{place}` cannot be used: {reason}")]
    Unavailable {
        /// Which file or folder.
        place: String,
        /// Why.
        reason: Arc<str>,
    },
}
