//! What a workflow asks of its surroundings: which execution it is, what time it is, chance.
//! Separate because the first is the same wherever it is read, and the others are evaluated once, where they are written.

use super::Flow;
use crate::ir::{Expr, NodeKind, Source, VariableRole};
use crate::{AnyVal, Payload, Shape, Timestamp, Val};

/// The execution, in a workflow under construction: what [`execution`](crate::execution) gives natively.
///
/// ```
/// use sfn_core::{Definition, ExecutionVal};
///
/// let definition = Definition::from_flow("who", "", |flow| flow.succeed(ExecutionVal.name()));
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains("{% $states.context.Execution.Name %}"), "{text}");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ExecutionVal;

/// The State Machine, in a workflow under construction: what [`state_machine`](crate::state_machine) gives natively.
#[derive(Debug, Clone, Copy)]
pub struct StateMachineVal;

impl ExecutionVal {
    /// Its ARN.
    pub fn id(self) -> Val<String> {
        source(Source::ExecutionId)
    }

    /// Its name.
    pub fn name(self) -> Val<String> {
        source(Source::ExecutionName)
    }

    /// When it began.
    pub fn start_time(self) -> Val<Timestamp> {
        source(Source::StartTime)
    }

    /// What it was started with.
    pub fn input<T: Payload>(self) -> Val<T> {
        source(Source::ExecutionInput)
    }
}

impl StateMachineVal {
    /// Its ARN.
    pub fn id(self) -> Val<String> {
        source(Source::MachineId)
    }

    /// Its name.
    pub fn name(self) -> Val<String> {
        source(Source::MachineName)
    }
}

impl AnyVal {
    /// How often the task whose argument it is was tried before: [`retry_count`](crate::retry_count) in a workflow under
    /// construction.
    pub fn retry_count() -> Self {
        source::<u32>(Source::RetryCount).into_erased()
    }
}

fn source<T: Payload>(source: Source) -> Val<T> {
    Val::from_erased(AnyVal::new(Expr::source(source), T::shape()))
}

impl Flow {
    /// What time it is, here: [`now`](crate::now).
    ///
    /// ```
    /// use sfn_core::{Definition, mins};
    ///
    /// let definition = Definition::from_flow("nap", "", |flow| {
    ///     let begun = flow.now();
    ///     flow.sleep(mins(5));
    ///     let slept = flow.now().secs_since(&begun);
    ///     flow.succeed(slept);
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("$toMillis($now()) - $toMillis($now_1)"), "{text}");
    /// ```
    #[track_caller]
    pub fn now(&mut self) -> Val<Timestamp> {
        self.drawn("now")
    }

    /// A random UUID: [`uuid`](crate::uuid).
    #[track_caller]
    pub fn uuid(&mut self) -> Val<String> {
        self.drawn("uuid")
    }

    /// A random number, at least 0 and less than 1: [`random`](crate::random).
    #[track_caller]
    pub fn random(&mut self) -> Val<f64> {
        self.drawn("random")
    }

    /// What a function gives that gives something else each time: bound where it is called.
    #[track_caller]
    fn drawn<T: Payload>(&mut self, function: &'static str) -> Val<T> {
        let origin = self.here();
        let variable = self.variable(None, function, VariableRole::Bound);
        let shape: Shape = T::shape();
        self.shapes.insert(variable, shape.clone());
        self.push(origin, NodeKind::Let { variable, value: Expr::function(function, []) });
        Val::from_erased(AnyVal::new(Expr::variable(variable), shape))
    }
}
