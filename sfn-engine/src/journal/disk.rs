//! The store on disk: a file of redb in a folder that one process has for itself.
//! Separate because only here a crate for storage is known.

use std::fs::File;
use std::io::{ErrorKind, Read, Write as _};
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use redb::{Database, DatabaseError, ReadableDatabase, TableDefinition, TableError};

use super::{Row, Store, StoreError, Table, Unit, Write};

/// A [`Store`] in a folder.
///
/// ```
/// use sfn_engine::journal::{Disk, Store, Table, Write};
///
/// let folder = std::env::temp_dir().join(format!("sfn-journal-{}", std::process::id()));
/// let mut disk = Disk::open(&folder)?;
/// let (table, key, value) = (Table::Outcomes, b"one".to_vec(), b"well".to_vec());
/// disk.commit(vec![vec![Write::Put { table, key: key.clone(), value: value.clone() }]])?;
/// drop(disk);
///
/// assert_eq!(Disk::open(&folder)?.read(table)?, [(key, value)]);
/// # std::fs::remove_dir_all(&folder).ok();
/// # Ok::<(), sfn_engine::journal::StoreError>(())
/// ```
#[derive(Debug)]
pub struct Disk {
    database: Database,
    place: String,
}

/// The file in the folder.
const FILE: &str = "journal.redb";

/// Values at least this long are compressed.
const WORTH_COMPRESSING: usize = 256;

const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

impl Disk {
    /// Opens the store in a folder, which is created when it is not there.
    ///
    /// # Errors
    /// Another process has the folder, or it cannot be read and written.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, StoreError> {
        let folder = folder.as_ref();
        let place = folder.display().to_string();
        let unavailable =
            |reason: String| StoreError::Unavailable { place: place.clone(), reason: reason.into() };
        std::fs::create_dir_all(folder).map_err(|error| unavailable(error.to_string()))?;
        let file = folder.join(FILE);
        if is_foreign(&file) {
            return Err(StoreError::Foreign(file.display().to_string()));
        }
        let database = unless_damaged(|| match Database::create(file) {
            Ok(database) => Ok(database),
            Err(DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch) => {
                Err(StoreError::Locked(place.clone()))
            }
            Err(error) => Err(fault(&place, error)),
        })?;
        Ok(Self { database, place })
    }

    fn unavailable(&self, error: impl Into<redb::Error>) -> StoreError {
        fault(&self.place, error)
    }

    fn rows(&self, table: Table) -> Result<Vec<Row>, StoreError> {
        let reading = self.database.begin_read().map_err(|error| self.unavailable(error))?;
        let table = match reading.open_table(definition(table)) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(self.unavailable(error)),
        };
        let rows = table.range::<&[u8]>(..).map_err(|error| self.unavailable(error))?;
        rows.map(|row| {
            let (key, value) = row.map_err(|error| self.unavailable(error))?;
            let value = unpacked(value.value())
                .ok_or_else(|| StoreError::Damaged("a value cannot be unpacked".to_owned()))?;
            Ok((key.value().to_vec(), value))
        })
        .collect()
    }
}

fn fault(place: &str, error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Corrupted(reason) => StoreError::Damaged(reason),
        redb::Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
            StoreError::Damaged("the file ends too early".to_owned())
        }
        error => StoreError::Unavailable { place: place.to_owned(), reason: error.to_string().into() },
    }
}

/// Reads what may be damaged: pages that make no sense let redb panic where it does not look at their checksums.
fn unless_damaged<T>(read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(StoreError::Damaged("its pages make no sense".to_owned())))
}

/// What files of redb begin with.
const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// Whether there is a file with something in it that redb has not written.
fn is_foreign(file: &Path) -> bool {
    let mut found = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut found));
    read.is_ok_and(|length| length > 0 && found != MAGIC)
}

const fn definition(table: Table) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(match table {
        Table::Format => "format",
        Table::Revisions => "revisions",
        Table::Resources => "resources",
        Table::Executions => "executions",
        Table::Happenings => "happenings",
        Table::Outcomes => "outcomes",
        Table::Items => "items",
        Table::Answers => "answers",
    })
}

impl Store for Disk {
    fn read(&self, table: Table) -> Result<Vec<Row>, StoreError> {
        unless_damaged(|| self.rows(table))
    }

    fn commit(&mut self, units: Vec<Unit>) -> Result<(), StoreError> {
        let failed = |error: redb::Error| self.unavailable(error);
        let writing = self.database.begin_write().map_err(|error| failed(error.into()))?;
        for write in units.into_iter().flatten() {
            let (Write::Put { table, .. } | Write::Clear { table, .. }) = write;
            let mut table = writing.open_table(definition(table)).map_err(|error| failed(error.into()))?;
            match write {
                Write::Put { key, value, .. } => {
                    table
                        .insert(key.as_slice(), packed(&value).as_slice())
                        .map_err(|error| failed(error.into()))?;
                }
                Write::Clear { prefix, .. } => {
                    let end = after(&prefix);
                    let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
                    table
                        .retain_in::<&[u8], _>((Bound::Included(prefix.as_slice()), end), |_, _| false)
                        .map_err(|error| failed(error.into()))?;
                }
            }
        }
        writing.commit().map_err(|error| failed(error.into()))
    }
}

/// The first key behind all that begin with a prefix.
fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

fn packed(value: &[u8]) -> Vec<u8> {
    if value.len() < WORTH_COMPRESSING {
        return [&[PLAIN], value].concat();
    }
    let mut encoder = DeflateEncoder::new(vec![DEFLATED], Compression::fast());
    match encoder.write_all(value).and_then(|()| encoder.finish()) {
        Ok(deflated) => deflated,
        // A vector takes everything; but if it did not, nothing would be lost.
        Err(_) => [&[PLAIN], value].concat(),
    }
}

fn unpacked(stored: &[u8]) -> Option<Vec<u8>> {
    match stored.split_first()? {
        (&PLAIN, value) => Some(value.to_vec()),
        (&DEFLATED, deflated) => {
            let mut value = Vec::new();
            DeflateDecoder::new(deflated).read_to_end(&mut value).ok()?;
            Some(value)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_any_size_are_unpacked_as_they_were_packed() {
        for length in [0, 1, WORTH_COMPRESSING - 1, WORTH_COMPRESSING, 100_000] {
            let value: Vec<u8> = [0, 7, 255].iter().copied().cycle().take(length).collect();
            assert_eq!(unpacked(&packed(&value)), Some(value), "{length}");
        }
        assert_eq!(unpacked(&[]), None);
        assert_eq!(unpacked(&[9, 9]), None);
        assert_eq!(unpacked(&[DEFLATED, 255, 255]), None);
    }

    #[test]
    fn what_begins_with_a_prefix_ends_before_the_next_prefix() {
        assert_eq!(after(&[1, 2]), Some(vec![1, 3]));
        assert_eq!(after(&[1, 255]), Some(vec![2]));
        assert_eq!(after(&[255, 255]), None);
    }
}
