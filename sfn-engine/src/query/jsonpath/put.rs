//! Putting a result at a place: `ResultPath`.
//! Separate because it is the only thing here that makes a document instead of reading one.

use sfn_asl::Value;
use sfn_asl::path::{self, PathError, ReferenceSegment, Root};

use super::{QueryFault, Unreadable};

/// A Reference Path that results are put at.
#[derive(Debug)]
pub(crate) struct ReferencePath {
    path: path::ReferencePath,
}

impl ReferencePath {
    /// Reads a Reference Path of the field of that name.
    pub(crate) fn new(text: &str, field: &str) -> Result<Self, Unreadable> {
        let unreadable = |error: PathError| Unreadable { field: field.to_owned(), error: error.into() };
        let path: path::ReferencePath = text.parse().map_err(unreadable)?;
        if *path.root() != Root::Input {
            let message = format!("found `{text}`, expected a place in the input: `$` or `$.name`");
            return Err(unreadable(PathError { message, span: 0..text.len() }));
        }
        Ok(Self { path })
    }

    /// The value with the result at the place; objects on the way that are missing are made.
    pub(crate) fn put(&self, into: &Value, result: Value) -> Result<Value, QueryFault> {
        place(into, self.path.segments(), result).ok_or_else(|| QueryFault {
            error: "States.ResultPathMatchFailure",
            location: None,
            message: format!("Unable to apply step \"{}\" to input {into}", self.step_that_fails(into)),
        })
    }

    /// The first step that leads into a value that cannot hold it.
    fn step_that_fails(&self, into: &Value) -> String {
        let mut value = Some(into);
        for segment in self.path.segments() {
            value = match (segment, value) {
                (ReferenceSegment::Field(name), Some(Value::Object(fields))) => fields.get(name),
                (ReferenceSegment::Index(index), Some(Value::Array(items))) => {
                    usize::try_from(*index).ok().and_then(|index| items.get(index))
                }
                (ReferenceSegment::Field(_), None) => None,
                (ReferenceSegment::Field(name), _) => return name.to_string(),
                (ReferenceSegment::Index(index), _) => return index.to_string(),
            };
        }
        self.path.to_string()
    }
}

fn place(into: &Value, steps: &[ReferenceSegment], result: Value) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(result) };
    match (step, into) {
        (ReferenceSegment::Field(name), Value::Object(fields)) => {
            let inner = match fields.get(name) {
                Some(inner) => place(inner, rest, result)?,
                None => place(&Value::empty_object(), rest, result)?,
            };
            let mut fields = fields.as_ref().clone();
            fields.insert(std::sync::Arc::clone(name), inner);
            Some(Value::from(fields))
        }
        (ReferenceSegment::Index(index), Value::Array(items)) => {
            let index = usize::try_from(*index).ok()?;
            let inner = place(items.get(index)?, rest, result)?;
            let mut items = items.to_vec();
            items[index] = inner;
            Some(Value::from(items))
        }
        _ => None,
    }
}
