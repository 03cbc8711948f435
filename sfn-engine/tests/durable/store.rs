//! A store in memory whose process may die between any two writes.
//! Separate because several tests let processes die.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use sfn_engine::journal::{Row, Store, StoreError, Table, Unit, Write};

/// Tables that outlive the control planes opened on them. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Tables {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    rows: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    /// Every unit since the beginning.
    units: Vec<Unit>,
    /// How many units are still taken; then the store fails for good.
    left: Option<usize>,
}

impl Tables {
    /// What would be there had the process died after the first `count` of these units.
    pub(crate) fn after(units: &[Unit], count: usize) -> Self {
        let tables = Self::default();
        tables.with(|shared| units[..count].iter().for_each(|unit| shared.apply(unit)));
        tables
    }

    /// Fails after so many units more.
    pub(crate) fn failing_after(self, units: usize) -> Self {
        self.with(|shared| shared.left = Some(units));
        self
    }

    pub(crate) fn units(&self) -> Vec<Unit> {
        self.with(|shared| shared.units.clone())
    }

    pub(crate) fn count(&self, table: Table) -> usize {
        self.with(|shared| shared.rows.keys().filter(|(of, _)| *of == table).count())
    }

    /// Sets a value behind the journal's back.
    pub(crate) fn set(&self, table: Table, key: &[u8], value: &[u8]) {
        self.with(|shared| shared.rows.insert((table, key.to_vec()), value.to_vec()));
    }

    fn with<T>(&self, look: impl FnOnce(&mut Shared) -> T) -> T {
        look(&mut self.shared.lock().expect("no poison"))
    }
}

impl Shared {
    fn apply(&mut self, unit: &Unit) {
        self.units.push(unit.clone());
        for write in unit {
            match write {
                Write::Put { table, key, value } => {
                    self.rows.insert((*table, key.clone()), value.clone());
                }
                Write::Clear { table, prefix } => {
                    self.rows.retain(|(of, key), _| of != table || !key.starts_with(prefix));
                }
            }
        }
    }
}

impl Store for Tables {
    fn read(&self, table: Table) -> Result<Vec<Row>, StoreError> {
        let rows = self.with(|shared| shared.rows.clone());
        Ok(rows
            .into_iter()
            .filter(|((of, _), _)| *of == table)
            .map(|((_, key), value)| (key, value))
            .collect())
    }

    fn commit(&mut self, units: Vec<Unit>) -> Result<(), StoreError> {
        self.with(|shared| {
            for unit in &units {
                if shared.left == Some(0) {
                    return Err(StoreError::Unavailable {
                        place: "memory".to_owned(),
                        reason: "full".into(),
                    });
                }
                shared.left = shared.left.map(|left| left - 1);
                shared.apply(unit);
            }
            Ok(())
        })
    }
}
