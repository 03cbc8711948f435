//! The writer: takes units from whoever has something to keep, and writes all that wait at once.
//! Separate because it has a thread of its own: a disk that is slow must not hold up those who only append.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::codec::{decode, encode};
use super::{Codec, FORMAT, KeptItems, Store, StoreError, Table, Unit, Write};

/// The journal as its writers hold it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    units: mpsc::Sender<Unit>,
    /// How many units were appended.
    appended: AtomicU64,
    /// How many of them are on disk, or why no more will be.
    written: watch::Receiver<Result<u64, StoreError>>,
    /// The last number given to an execution.
    last_execution: AtomicU64,
    /// The items that earlier processes left, until somebody takes them.
    items: Mutex<Option<KeptItems>>,
}

impl Journal {
    /// Opens a journal that keeps what it is given in `store`; gives what is kept there already to `read`.
    pub(crate) fn open<T>(
        mut store: impl Store,
        read: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<(Self, T), StoreError> {
        check_format(&mut store)?;
        let found = read(&store)?;
        let items = Mutex::new(Some(KeptItems::read(&store)?));
        let executions = store.read(Table::Executions)?;
        let last_execution = executions.last().and_then(|(key, _)| number_of(key)).unwrap_or_default();
        let (units, appended) = mpsc::channel();
        let (progress, written) = watch::channel(Ok(0));
        std::thread::Builder::new()
            .name("sfn-journal".to_owned())
            .spawn(move || write(store, &appended, &progress))
            .map_err(|error| StoreError::Unavailable {
                place: "a thread of its own".to_owned(),
                reason: error.to_string().into(),
            })?;
        let (appended, last_execution) = (AtomicU64::new(0), AtomicU64::new(last_execution));
        let shared = Shared { units, appended, written, last_execution, items };
        Ok((Self { shared: Arc::new(shared) }, found))
    }

    /// Has a unit written, behind all that were appended before.
    pub(crate) fn append(&self, unit: Unit) {
        self.shared.appended.fetch_add(1, Ordering::SeqCst);
        // A writer that has failed says so to whoever waits.
        let _ = self.shared.units.send(unit);
    }

    /// Waits until everything that has been appended by now survives.
    pub(crate) fn persisted(&self) -> impl Future<Output = Result<(), StoreError>> + use<> {
        let target = self.shared.appended.load(Ordering::SeqCst);
        let mut written = self.shared.written.clone();
        async move {
            let enough =
                |written: &Result<u64, StoreError>| written.as_ref().map_or(true, |it| *it >= target);
            match written.wait_for(enough).await.as_deref() {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(error.clone()),
                Err(_) => Err(stopped()),
            }
        }
    }

    /// Waits until nothing can be written any more, and says why.
    pub(crate) fn failure(&self) -> impl Future<Output = StoreError> + use<> {
        let mut written = self.shared.written.clone();
        async move {
            match written.wait_for(Result::is_err).await.as_deref() {
                Ok(Err(error)) => error.clone(),
                Ok(Ok(_)) | Err(_) => stopped(),
            }
        }
    }

    /// The items that earlier processes left, for whoever comes first.
    pub(crate) fn take_items(&self) -> Option<KeptItems> {
        self.shared.items.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Lets go of the answers to executions that make no request again: those that are over, or were forgotten. They may
    /// have been written last, when a request was on its way as its execution ended.
    pub(crate) fn forget_answers(&self, is_over: impl Fn(u64) -> bool) {
        let mut items = self.shared.items.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(items) = &mut *items else { return };
        let over: BTreeSet<u64> =
            items.answers.keys().map(|(number, _)| *number).filter(|it| is_over(*it)).collect();
        items.answers.retain(|(number, _), _| !over.contains(number));
        for number in over {
            self.append(vec![Write::Clear { table: Table::Answers, prefix: key_of(number) }]);
        }
    }

    /// A number for an execution that begins.
    pub(crate) fn number(&self) -> u64 {
        self.shared.last_execution.fetch_add(1, Ordering::SeqCst) + 1
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable { place: "the journal".to_owned(), reason: "its writer has stopped".into() }
}

/// Writes what has been appended, all that waits in one go, until nobody can append any more.
fn write(
    mut store: impl Store,
    appended: &mpsc::Receiver<Unit>,
    progress: &watch::Sender<Result<u64, StoreError>>,
) {
    let mut written = 0;
    while let Ok(first) = appended.recv() {
        let units: Vec<Unit> = std::iter::once(first).chain(appended.try_iter()).collect();
        written += units.len() as u64;
        let committed = store.commit(units);
        let failed = committed.is_err();
        let _ = progress.send(committed.map(|()| written));
        if failed {
            // What comes later may rest on what was lost.
            return;
        }
    }
}

fn check_format(store: &mut impl Store) -> Result<(), StoreError> {
    match store.read(Table::Format)?.first() {
        None => {
            let (table, key, value) = (Table::Format, Vec::new(), encode(&u64::from(FORMAT)));
            store.commit(vec![vec![Write::Put { table, key, value }]])
        }
        Some((_, value)) => match decode::<u64>(value).and_then(|found| u32::try_from(found).ok()) {
            Some(found) if found <= FORMAT => Ok(()),
            Some(found) => Err(StoreError::NewerFormat { found, known: FORMAT }),
            None => Err(StoreError::Damaged("the number of its format cannot be read".to_owned())),
        },
    }
}

/// The key of an execution; keys are in the order in which executions began.
pub(crate) fn key_of(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// The number of the execution that a key begins with.
pub(crate) fn number_of(key: &[u8]) -> Option<u64> {
    key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

impl Write {
    pub(crate) fn put(table: Table, key: Vec<u8>, value: &impl Codec) -> Self {
        Self::Put { table, key, value: encode(value) }
    }
}

/// A text as a key that is the beginning of no other.
pub(crate) fn key_of_text(text: &str) -> Vec<u8> {
    [text.as_bytes(), &[0]].concat()
}
