//! The generated file: a header that lists the services, and a compressed block for each, unpacked on first use.
//! Separate so that the format is known in one place; `generate/generate.py` writes what this file reads.

use std::sync::OnceLock;

static CATALOGUE: &[u8] = include_bytes!("catalogue.bin");

/// The header.
pub(crate) struct Index {
    pub(crate) version: &'static str,
    /// Sorted by kind and name.
    pub(crate) entries: Vec<Entry>,
}

/// A service in the header.
pub(crate) struct Entry {
    pub(crate) is_optimised: bool,
    pub(crate) name: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) cli_name: &'static str,
    packed: &'static [u8],
    unpacked_size: usize,
    block: OnceLock<Block>,
}

/// A service's strings, shapes and actions.
#[derive(Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    strings: Vec<Record>,
    shapes: Vec<Record>,
    /// Sorted by name.
    actions: Vec<Record>,
}

/// Where a record begins and ends in its block.
type Record = (u32, u32);

pub(crate) fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut reader = Reader::new(CATALOGUE);
        let version = reader.text();
        let count = reader.number();
        let heads: Vec<_> = (0..count)
            .map(|_| {
                let is_optimised = reader.number() == 1;
                let names = (reader.text(), reader.text(), reader.text());
                (is_optimised, names, reader.number(), reader.number(), reader.number())
            })
            .collect();
        let body = reader.rest();
        let entries = heads.into_iter().map(
            |(is_optimised, (name, prefix, cli_name), start, length, unpacked_size)| Entry {
                is_optimised,
                name,
                prefix,
                cli_name,
                packed: &body[start..start + length],
                unpacked_size,
                block: OnceLock::new(),
            },
        );
        Index { version, entries: entries.collect() }
    })
}

impl Entry {
    pub(crate) fn block(&self) -> &Block {
        self.block.get_or_init(|| {
            let unpacked =
                miniz_oxide::inflate::decompress_to_vec_with_limit(self.packed, self.unpacked_size);
            Block::new(unpacked.unwrap_or_default())
        })
    }
}

impl Block {
    fn new(bytes: Vec<u8>) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        let mut reader = Reader::new(&bytes);
        let (strings, shapes, actions) = (reader.records(), reader.records(), reader.records());
        Self { bytes, strings, shapes, actions }
    }

    pub(crate) fn string(&self, number: usize) -> &str {
        str::from_utf8(self.record(self.strings[number])).unwrap_or_default()
    }

    pub(crate) fn shape(&self, number: usize) -> Reader<'_> {
        Reader::new(self.record(self.shapes[number]))
    }

    pub(crate) fn action(&self, number: usize) -> Reader<'_> {
        Reader::new(self.record(self.actions[number]))
    }

    pub(crate) fn action_count(&self) -> usize {
        self.actions.len()
    }

    /// The number of the action with a name.
    pub(crate) fn find_action(&self, name: &str) -> Option<usize> {
        let name_of = |record: &Record| self.string(Reader::new(self.record(*record)).number());
        self.actions.binary_search_by(|record| name_of(record).cmp(name)).ok()
    }

    fn record(&self, (start, end): Record) -> &[u8] {
        &self.bytes[start as usize..end as usize]
    }
}

/// Reads numbers and length-prefixed bytes, one after the other.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn number(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return number;
            }
        }
    }

    /// A number with a sign, which stands in the lowest bit.
    pub(crate) fn signed(&mut self) -> i64 {
        let number = self.number();
        let magnitude = i64::try_from(number >> 1).unwrap_or(i64::MAX);
        if number & 1 == 0 { magnitude } else { -magnitude - 1 }
    }

    fn text(&mut self) -> &'a str {
        let length = self.number();
        self.at += length;
        str::from_utf8(&self.bytes[self.at - length..self.at]).unwrap_or_default()
    }

    fn rest(self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn records(&mut self) -> Vec<Record> {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let count = self.number();
        let record = |reader: &mut Self| {
            let length = reader.number();
            reader.at += length;
            (place(reader.at - length), place(reader.at))
        };
        (0..count).map(|_| record(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::index;
    use crate::{Kind, Shape};

    /// Follows every reference once, so that a file that does not fit its reader fails here.
    fn visit(shape: Shape, seen: &mut std::collections::HashSet<Shape>) {
        if !seen.insert(shape) {
            return;
        }
        match shape.kind() {
            Kind::List(item, _) | Kind::Map(item, _) => visit(item, seen),
            Kind::Structure(structure) => {
                for member in structure.members() {
                    assert!(!member.name.is_empty());
                    visit(member.shape, seen);
                }
            }
            Kind::String(text) => {
                assert_ne!(text.pattern, Some(""));
                text.values().for_each(drop);
            }
            Kind::Any
            | Kind::Boolean
            | Kind::Timestamp
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Blob(_) => {}
        }
    }

    #[test]
    fn every_service_can_be_read_to_its_last_shape() {
        let mut actions = 0;
        for service in crate::sdk_services().chain(crate::optimised_services()) {
            let mut seen = std::collections::HashSet::new();
            for action in service.actions() {
                actions += 1;
                assert_eq!(service.action(action.name()), Some(action));
                visit(action.arguments(), &mut seen);
                for pattern in action.patterns() {
                    action.result(pattern).into_iter().for_each(|shape| visit(shape, &mut seen));
                }
                assert!(action.exceptions().all(|name| !name.is_empty()));
            }
        }
        assert!(actions > 15_000, "{actions}");
    }

    #[test]
    fn services_are_sorted_by_kind_and_name() {
        let keys: Vec<_> = index().entries.iter().map(|entry| (entry.is_optimised, entry.name)).collect();
        assert!(keys.is_sorted());
    }
}
