//! How deep and how large a value is, known without walking it.
//! Separate because arrays and objects keep it up to date alike. Values share their parts, so a value of a few
//! kilobytes may stand for a document of terabytes; every walk relies on such values being refused early.

use super::Value;

/// Characters of a string that weigh as much as one scalar.
const CHARACTERS: usize = 16;

/// More bytes than a part of weight 1 can have in JSON, a comma and all escapes included.
const BYTES: u64 = 6 * CHARACTERS as u64;

/// The depth of nesting and the number of parts, shared parts counted each time they occur.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// 0 for scalars. After a removal it may be too large, never too small.
    pub(crate) depth: u16,
    pub(crate) weight: u64,
}

impl Extent {
    /// Of a value.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => items.extent().enclosed(),
            Value::Object(fields) => fields.extent().enclosed(),
            Value::String(text) => Self { depth: 0, weight: weight_of(text) },
            _ => Self { depth: 0, weight: 1 },
        }
    }

    /// More bytes than the value has in JSON, or as many.
    pub(super) fn bytes_at_most(self) -> u64 {
        self.weight.saturating_mul(BYTES)
    }

    /// The container counts too.
    fn enclosed(self) -> Self {
        Self { weight: self.weight.saturating_add(1), ..self }
    }

    /// Of an array of these.
    pub(super) fn around(values: &[Value]) -> Self {
        let mut extent = Self::default();
        for value in values {
            extent.add(value);
        }
        extent
    }

    /// Takes one more value in.
    pub(super) fn add(&mut self, value: &Value) {
        let part = Self::of(value);
        self.depth = self.depth.max(part.depth.saturating_add(1));
        self.weight = self.weight.saturating_add(part.weight);
    }

    /// Takes the name of a field in.
    pub(super) fn add_name(&mut self, name: &str) {
        self.weight = self.weight.saturating_add(weight_of(name));
    }

    /// Lets the name of a field go.
    pub(super) fn remove_name(&mut self, name: &str) {
        if self.weight < u64::MAX {
            self.weight = self.weight.saturating_sub(weight_of(name));
        }
    }

    /// Lets a value go. What has become too heavy to count stays so.
    pub(super) fn remove(&mut self, value: &Value) {
        if self.weight < u64::MAX {
            self.weight = self.weight.saturating_sub(Self::of(value).weight);
        }
    }
}

fn weight_of(text: &str) -> u64 {
    1 + (text.len() / CHARACTERS) as u64
}
