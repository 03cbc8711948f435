//! The fields that States of every type may have.
//! Separate so that a rule about one of them is written once, and each State's own file shows what is its own.

use crate::wire::flat;
use crate::{Fields, Nullable, QueryLanguage, Value};

/// The fields that States of every type may have.
///
/// Not every type is *allowed* each of them (a Fail State has no Output); the model holds what was written, and
/// [`validate`](crate::validate) judges it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shared {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// `QueryLanguage`, where it differs from the State Machine's.
    pub query_language: Option<QueryLanguage>,
    /// `InputPath` (JSONPath): which part of the input the State sees. Null: none, an empty object.
    pub input_path: Nullable<String>,
    /// `OutputPath` (JSONPath): which part of the output the next State sees. Null: none, an empty object.
    pub output_path: Nullable<String>,
    /// `Assign`: the Variables set when the State succeeds, in the author's order.
    pub assign: Fields,
    /// `Output` (JSONata): the State's output as a template.
    pub output: Option<Value>,
    /// Fields that States of this type do not have, and known ones that were written empty (`"Retry": []`) or say
    /// nothing (`"End": false` beside a `Next`).
    pub unknown: Fields,
}

flat!(Shared {
    optional "Comment" comment;
    optional "QueryLanguage" query_language;
    optional "InputPath" input_path;
    optional "OutputPath" output_path;
    optional "Assign" assign;
    optional "Output" output;
    rest unknown;
});
