//! The Amazon States Language as a value: read it, build it, navigate it, judge it, write it.
//!
//! Separate from everything else because it does nothing but hold documents: no I/O, no async, no clock,
//! no global. The compiler writes it, the engine executes it, the command line checks it.
//!
//! ```
//! use sfn_asl::{Options, Pass, State, StateMachine, validate};
//!
//! let machine: StateMachine = r#"{
//!   "QueryLanguage": "JSONata",
//!   "StartAt": "Greet",
//!   "States": {
//!     "Greet": { "Type": "Pass", "Output": "{% 'hello ' & $states.input.name %}", "End": true }
//!   }
//! }"#
//! .parse()?;
//!
//! assert!(matches!(&machine.states["Greet"], State::Pass(_)));
//! assert_eq!(validate(&machine, &Options::STANDARD), []);
//! assert_eq!(machine.to_json_pretty().parse::<StateMachine>()?, machine);
//! # Ok::<(), sfn_asl::ReadError>(())
//! ```
//!
//! # Templates
//!
//! The parts of a definition that are payloads (`Arguments`, `Output`, `Assign`, `Parameters`, ...) are
//! [`Value`]s, the JSON value of `sfn-jsonata`: objects keep their author's order and a clone costs nothing,
//! so the engine evaluates the very value that was read.

#![warn(clippy::disallowed_methods)]

mod machine;
mod state;

mod fields;
mod operand;
mod transition;

pub mod intrinsic;
pub mod path;

mod diagnostic;
mod pointer;

mod document;
mod read;
mod text;
mod wire;
mod write;

mod assignments;
mod computed;
mod dataflow;
mod flow;
mod graph;
mod integration;
pub mod nearest;
mod path_texts;
mod rules;
mod survey;
mod template;
mod validate;
mod visit;

pub use diagnostic::{Code, Diagnostic, Edit, Note, Origin, Place, Severity};
pub use document::{Document, EditError, Embedded, Format};
pub use fields::Fields;
pub use graph::{Edge, EdgeKind, Parent, Scope, ScopeKind, scopes};
pub use integration::IntegrationPattern;
pub use machine::{QueryLanguage, StateMachine};
pub use operand::{Nullable, Operand, is_jsonata_string};
pub use pointer::Pointer;
pub use read::{ReadError, ReadFault};
pub use rules::{Example, Rule, names_a_secret, rule, rules};
pub use sfn_jsonata::Value;
pub use state::{
    Catcher, Choice, ChoiceRule, Comparator, Comparison, DataTest, ExecutionType, Fail, ItemBatcher,
    ItemProcessor, ItemReader, JitterStrategy, Map, NestedTest, OperandKind, Parallel, Pass, ProcessorConfig,
    ProcessorField, ProcessorMode, ReaderConfig, ResultWriter, Retrier, RuleTest, Shared, State, Succeed,
    Task, Wait, WaitUntil, WriterConfig,
};
pub use text::Location;
pub use transition::Transition;
pub use validate::{Level, Options, lint, validate};
pub use visit::{Visitor, VisitorMut, walk, walk_mut};

/// What has names, in its author's order: States, or values. Its hasher is as fast as it is because every State of
/// every definition is put into one and looked up there, more than once.
pub type Named<T> = indexmap::IndexMap<String, T, foldhash::fast::RandomState>;
