//! Functions of the user's that become parts of the expressions that call them: what `#[expr]` makes of a `fn`.
//! Separate from closures because these have names, may call one another, and must not call themselves.

use std::any::TypeId;

use super::Flow;
use crate::{AnyVal, Shape, Task};

/// A function that a workflow may call inside an expression.
///
/// ```
/// use sfn_core::{AnyVal, Definition, Flow, Inlined, inlined, literal};
///
/// struct Twice;
///
/// impl Inlined for Twice {
///     fn inline(flow: &mut Flow, arguments: Vec<AnyVal>) -> AnyVal {
///         flow.inlined::<Self>("twice", |flow| {
///             let n = flow.let_("n", arguments[0].clone());
///             n.add(&n)
///         })
///     }
/// }
///
/// let definition = Definition::from_flow("four", "", |flow: &mut Flow| {
///     let n = flow.input::<u32>("n").into_erased();
///     let four = inlined::<Twice>(flow, vec![n.mul(&literal(2))]);
///     flow.succeed(four);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains("{% ($n := $states.input * 2; $n + $n) %}"), "{text}");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called in a workflow [not-a-task]",
    note = "put `#[expr]` on `fn {Self}`, or make it a `#[task]` and await it"
)]
pub trait Inlined: 'static {
    /// What it gives for these arguments, as one expression.
    fn inline(flow: &mut Flow, arguments: Vec<AnyVal>) -> AnyVal;
}

/// A task is called and not awaited: rustc has told whoever uses what it gives; whoever does not is told here.
impl<T: Task> Inlined for T {
    fn inline(flow: &mut Flow, _: Vec<AnyVal>) -> AnyVal {
        let origin = flow.here();
        let message = format!("task `{}` is called and not awaited", T::SPEC.name);
        flow.report("task-not-awaited", origin, message, "write `.await?` behind the call");
        AnyVal::new(crate::ir::Expr::null(), Shape::Any)
    }
}

/// Calls a function inside an expression.
pub fn inlined<F: Inlined>(flow: &mut Flow, arguments: Vec<AnyVal>) -> AnyVal {
    F::inline(flow, arguments)
}

impl Flow {
    /// The body of a function of this name, as one expression in which its arguments have names.
    #[track_caller]
    pub fn inlined<F: Inlined>(&mut self, name: &str, body: impl FnOnce(&mut Self) -> AnyVal) -> AnyVal {
        let id = TypeId::of::<F>();
        if self.inlining.contains(&id) {
            let origin = self.here();
            let message = format!("`{name}` calls itself, and no expression is endless");
            self.report("recursive-expression", origin, message, "use a loop, or do it inside a task");
            return AnyVal::new(crate::ir::Expr::null(), Shape::Any);
        }
        self.inlining.push(id);
        let value = self.calculate(body);
        self.inlining.pop();
        value
    }
}
