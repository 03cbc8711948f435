//! The way through a definition: its State Machines, nested ones too, and where each State can go.
//! Separate because rules, drawings and estimates all walk in the same way.

use crate::{ExecutionType, Fields, Pointer, ProcessorMode, QueryLanguage, State, StateMachine};

/// One State Machine of a definition: the whole, a Branch, or what a Map State runs per item.
#[derive(Debug, Clone)]
pub struct Scope<'m> {
    /// The State Machine.
    pub machine: &'m StateMachine,
    /// Where it stands in the definition.
    pub pointer: Pointer,
    /// What it is.
    pub kind: ScopeKind,
    /// Where it is nested; nothing for the whole definition.
    pub parent: Option<Parent<'m>>,
    /// The Query Language of its States that have none of their own.
    pub query_language: QueryLanguage,
    /// The kind of Execution that runs it.
    pub execution: ExecutionType,
}

/// What a [`Scope`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The whole definition.
    Definition,
    /// A Branch of a Parallel State.
    Branch,
    /// The Item Processor of a Map State, run in the Execution itself or in child Executions.
    ItemProcessor(ProcessorMode),
}

/// The State in which a [`Scope`] is nested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent<'m> {
    /// The index of its Scope.
    pub scope: usize,
    /// Its name.
    pub state: &'m str,
}

/// All State Machines of a definition; one that contains others comes before them.
///
/// ```
/// use sfn_asl::{ExecutionType, StateMachine, scopes};
///
/// let machine: StateMachine = r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
///     {"StartAt": "Left", "States": {"Left": {"Type": "Succeed"}}},
///     {"StartAt": "Right", "States": {"Right": {"Type": "Succeed"}}}]}}}"#.parse()?;
/// let pointers: Vec<_> = scopes(&machine, ExecutionType::Standard).into_iter().map(|scope| scope.pointer.to_string()).collect();
/// assert_eq!(pointers, ["", "/States/Both/Branches/0", "/States/Both/Branches/1"]);
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn scopes(machine: &StateMachine, execution: ExecutionType) -> Vec<Scope<'_>> {
    let mut found = Vec::new();
    let whole = Scope {
        machine,
        pointer: Pointer::root(),
        kind: ScopeKind::Definition,
        parent: None,
        query_language: machine.query_language.unwrap_or_default(),
        execution,
    };
    collect_scopes(whole, &mut found);
    found
}

fn collect_scopes<'m>(scope: Scope<'m>, found: &mut Vec<Scope<'m>>) {
    let index = found.len();
    let (machine, execution) = (scope.machine, scope.execution);
    let (whole, query_language) = (scope.pointer.clone(), scope.query_language);
    found.push(scope);
    for (name, state) in &machine.states {
        let parent = Some(Parent { scope: index, state: name });
        let nested = |machine: &'m StateMachine, pointer, kind, execution| Scope {
            machine,
            pointer,
            kind,
            parent,
            query_language: machine.query_language.unwrap_or(query_language),
            execution,
        };
        match state {
            State::Parallel(parallel) => {
                let branches = whole.state(name).join("Branches");
                for (branch, machine) in parallel.branches.iter().enumerate() {
                    let inner = nested(machine, branches.join(branch), ScopeKind::Branch, execution);
                    collect_scopes(inner, found);
                }
            }
            State::Map(map) => {
                let processor = &map.item_processor;
                let child_execution = processor.config.as_ref().and_then(|config| config.execution_type);
                let execution = match processor.mode() {
                    ProcessorMode::Inline => execution,
                    ProcessorMode::Distributed => child_execution.unwrap_or_default(),
                };
                let kind = ScopeKind::ItemProcessor(processor.mode());
                let inner =
                    nested(&processor.machine, whole.state(name).join(processor.field), kind, execution);
                collect_scopes(inner, found);
            }
            _ => {}
        }
    }
}

/// A way from a State to the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge<'m> {
    /// Which field names the next State.
    pub kind: EdgeKind,
    /// The name of the next State.
    pub target: &'m str,
    /// The Variables set on this way.
    pub assign: &'m Fields,
}

/// The field of a State that names the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// `Next`.
    Next,
    /// `Next` of the Choice Rule of that index.
    Choice(usize),
    /// `Default` of a Choice State.
    Default,
    /// `Next` of the Catcher of that index.
    Catch(usize),
}

impl EdgeKind {
    /// The place of the field, for a State at `state`.
    ///
    /// ```
    /// use sfn_asl::{EdgeKind, Pointer};
    ///
    /// let state = Pointer::root().join("States").join("Pay");
    /// assert_eq!(EdgeKind::Catch(1).pointer(&state).as_str(), "/States/Pay/Catch/1/Next");
    /// ```
    pub fn pointer(self, state: &Pointer) -> Pointer {
        match self {
            Self::Next => state.join("Next"),
            Self::Choice(index) => state.join("Choices").join(index).join("Next"),
            Self::Default => state.join("Default"),
            Self::Catch(index) => state.join("Catch").join(index).join("Next"),
        }
    }
}

impl State {
    /// Every way from this State to a next one, in the order of the fields.
    ///
    /// ```
    /// use sfn_asl::{Pass, State, Transition};
    ///
    /// let pass = State::from(Pass { transition: Transition::Next("Pay".to_owned()), ..Pass::default() });
    /// assert_eq!(pass.edges().map(|edge| edge.target).collect::<Vec<_>>(), ["Pay"]);
    /// ```
    pub fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        let own = &self.shared().assign;
        let (choices, default) = match self {
            Self::Choice(choice) => (choice.choices.as_slice(), choice.default.as_deref()),
            _ => (&[][..], None),
        };
        let choices = choices.iter().enumerate().map(|(index, rule)| Edge {
            kind: EdgeKind::Choice(index),
            target: &rule.next,
            assign: &rule.assign,
        });
        let default = default.map(|target| Edge { kind: EdgeKind::Default, target, assign: own });
        let catch = self.catch().iter().enumerate().map(|(index, catcher)| Edge {
            kind: EdgeKind::Catch(index),
            target: &catcher.next,
            assign: &catcher.assign,
        });
        let next = self.transition().and_then(|transition| transition.target());
        let next = next.map(|target| Edge { kind: EdgeKind::Next, target, assign: own });
        choices.chain(default).chain(catch).chain(next)
    }

    /// Whether the State Machine can end here: `End`, Succeed or Fail.
    ///
    /// ```
    /// use sfn_asl::{Choice, Fail, State};
    ///
    /// assert!(State::from(Fail::default()).is_terminal());
    /// assert!(!State::from(Choice::default()).is_terminal());
    /// ```
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Succeed(_) | Self::Fail(_) => true,
            state => state.transition().is_some_and(|transition| transition.target().is_none()),
        }
    }

    /// The State's Query Language, in a State Machine of that default.
    ///
    /// ```
    /// use sfn_asl::{QueryLanguage, State, Succeed};
    ///
    /// let state = State::from(Succeed::default());
    /// assert_eq!(state.query_language(QueryLanguage::Jsonata), QueryLanguage::Jsonata);
    /// ```
    pub fn query_language(&self, default: QueryLanguage) -> QueryLanguage {
        self.shared().query_language.unwrap_or(default)
    }
}
