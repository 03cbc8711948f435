//! A State Machine: the whole definition, a Branch of a Parallel State, or what a Map State runs per item.
//! Separate because it is the root of the model and everything else hangs below it.

use crate::wire::{object, words};
use crate::{Fields, Named, State};

/// A State Machine.
///
/// The whole definition is one; so is each Branch of a [`Parallel`](crate::Parallel) State and what a
/// [`Map`](crate::Map) State runs for each item, where `Version` and `TimeoutSeconds` have no meaning.
///
/// ```
/// use sfn_asl::{QueryLanguage, State, StateMachine, Succeed};
///
/// let machine = StateMachine {
///     query_language: Some(QueryLanguage::Jsonata),
///     start_at: "Done".to_owned(),
///     states: [("Done".to_owned(), State::from(Succeed::default()))].into_iter().collect(),
///     ..StateMachine::default()
/// };
/// assert_eq!(
///     machine.to_json_pretty(),
///     r#"{
///   "QueryLanguage": "JSONata",
///   "StartAt": "Done",
///   "States": {
///     "Done": {
///       "Type": "Succeed"
///     }
///   }
/// }"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StateMachine {
    /// `Comment`: what a person should know.
    pub comment: Option<String>,
    /// `QueryLanguage` of the States that have none of their own; JSONPath when absent.
    pub query_language: Option<QueryLanguage>,
    /// `Version` of the language; `1.0` when absent.
    pub version: Option<String>,
    /// `TimeoutSeconds`: how long an execution may take.
    pub timeout_seconds: Option<i64>,
    /// `StartAt`: the name of the first State.
    pub start_at: String,
    /// `States`, by name, in the author's order.
    pub states: Named<State>,
    /// Fields the language does not know, and known ones that were written empty.
    pub unknown: Fields,
}

object!(StateMachine, "a State Machine (an object)", {
    optional "Comment" comment;
    optional "QueryLanguage" query_language;
    optional "Version" version;
    optional "TimeoutSeconds" timeout_seconds;
    required "StartAt" start_at;
    required "States" states;
    rest unknown;
});

/// The language of a State's expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum QueryLanguage {
    /// Paths, Payload Templates with `.$` fields, and Intrinsic Functions.
    #[default]
    JsonPath,
    /// JSONata strings, `{% ... %}`.
    Jsonata,
}

words!(QueryLanguage { JsonPath = "JSONPath", Jsonata = "JSONata" });
