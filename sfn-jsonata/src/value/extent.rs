//! How deep and how large a value is, known without walking it.
//! Separate because arrays and objects keep it up to date alike. Values share their parts, so a value of a few
//! kilobytes may stand for a document of terabytes; every walk relies on such values being refused early.

use super::Value;

/// Characters of a string that weigh as much as one scalar.
const CHARACTERS: usize = 16;

/// The depth of nesting and the number of parts, shared parts counted each time they occur.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// 0 for scalars. After a removal it may be too large, never too small.
    pub(crate) depth: u16,
    pub(crate) weight: u64,
}

impl Extent {
    /// Of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Array(items) => items.extent(),
            Value::Object(fields) => fields.extent(),
            Value::String(text) => Self { depth: 0, weight: 1 + (text.len() / CHARACTERS) as u64 },
            _ => Self { depth: 0, weight: 1 },
        }
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

    /// Lets a value go. What has become too heavy to count stays so.
    pub(super) fn remove(&mut self, value: &Value) {
        if self.weight < u64::MAX {
            self.weight = self.weight.saturating_sub(Self::of(value).weight);
        }
    }
}
