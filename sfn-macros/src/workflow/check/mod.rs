//! What is outside the subset, each with one error that says what to write instead.
//! Separate so that reading never fails and generating never judges.

mod advice;
mod calculation;
mod distributed;
mod expr;
mod signature;
mod step;
#[cfg(test)]
mod tests;

use proc_macro2::Ident;
use syn::ItemFn;

pub(super) use signature::NOT_A_FUNCTION;

use super::ast::{
    Block, Expr, ExprKind, Extent, Loop, LoopKind, Pattern, Place, Statement, Test, ValuePattern, Workflow,
};

use super::options::Options;

/// One mistake.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) error: syn::Error,
    /// The expression of the user's function that is to be replaced by the error itself, where rustc would otherwise
    /// report the same mistake in its own words.
    pub(super) blamed: Option<Blamed>,
}

/// What becomes of a blamed expression.
#[derive(Clone, Copy, Debug)]
pub(super) enum Blamed {
    /// Its parts stay, beside the error.
    Whole(Place),
    /// Nothing of it stays: its very names may be the mistake.
    Utterly(Place),
}

/// Everything wrong with a workflow, in the order of its text.
pub(super) fn check(
    options: &Options,
    refused: Vec<syn::Error>,
    function: &ItemFn,
    workflow: &Workflow,
) -> Vec<Fault> {
    let faults = refused.into_iter().map(|error| Fault { error, blamed: None }).collect();
    let mut check = Check { faults, name: Some(function.sig.ident.clone()), ..Check::default() };
    signature::check(&mut check, options, function);
    check.block(&workflow.body, End::Outcome);
    check.faults
}

/// Everything wrong with the body of an `#[expr]` function.
pub(super) fn check_calculation(body: &Block) -> Vec<syn::Error> {
    let mut check = Check { inside: Inside::Closure, ..Check::default() };
    check.pure_block(body);
    check.faults.into_iter().map(|fault| fault.error).collect()
}

/// Walks a workflow and collects what is wrong.
#[derive(Default)]
pub(super) struct Check {
    faults: Vec<Fault>,
    /// What the workflow is called.
    name: Option<Ident>,
    /// Inside a compensation, whose arguments are read when the step is recorded.
    in_undo: bool,
    /// Inside the body of a `map_distributed`.
    in_child: bool,
    /// Which calculation the code being judged is part of.
    inside: Inside,
    /// Whether the expression being judged may be passed over: steps are always taken.
    may_be_skipped: bool,
}

/// Which calculation a piece of code is part of.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Inside {
    /// None: statements are steps of the workflow.
    #[default]
    Nothing,
    /// A block inside an expression, which may name what it calculates.
    Block,
    /// A closure of a value, which may also end early.
    Closure,
}

/// What the end of a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The workflow's result: `Ok(..)` or `Err(..)`.
    Outcome,
    /// A plain value.
    Value,
}

impl Check {
    fn fault(&mut self, code: &'static str, extent: Extent, message: impl std::fmt::Display) {
        self.faults.push(Fault { error: extent.error(code, message), blamed: None });
    }

    /// A mistake that rustc would see too: the expression gives way to the error.
    fn blame(&mut self, code: &'static str, expr: &Expr, message: impl std::fmt::Display) {
        self.faults
            .push(Fault { error: expr.extent.error(code, message), blamed: expr.place.map(Blamed::Whole) });
    }

    /// The same, the error at a smaller piece.
    fn blame_at(&mut self, code: &'static str, expr: &Expr, extent: Extent, message: impl std::fmt::Display) {
        self.faults.push(Fault { error: extent.error(code, message), blamed: expr.place.map(Blamed::Whole) });
    }

    /// `what: advice`, the form in which patterns are refused.
    fn unsupported(&mut self, code: &'static str, extent: Extent, what_and_advice: &str) {
        let message = match what_and_advice.split_once(": ") {
            Some((what, advice)) => format!("{what} is not supported in a workflow: {advice}"),
            None => format!("{what_and_advice} is not supported in a workflow"),
        };
        self.fault(code, extent, message);
    }

    fn block(&mut self, block: &Block, end: End) {
        for statement in &block.statements {
            match statement {
                Statement::Let { pattern, value, .. } => {
                    self.binding(pattern, value);
                }
                Statement::LetElse(tested) => {
                    self.operand(&tested.value);
                    self.value_pattern(&tested.pattern);
                    self.block(&tested.otherwise, End::Value);
                }
                Statement::LetMut { name, ty, value } => {
                    self.value(value);
                    if ty.is_none()
                        && let Some(example) = untyped(value)
                    {
                        let message = format!(
                            "`{name}` changes, so its type must be written here: `let mut {name}: {example} = ..`"
                        );
                        self.fault("untyped-variable", Extent::of(name), message);
                    }
                }
                Statement::Expr(expr) => self.statement(expr),
                Statement::Item(_) => {}
                Statement::Foreign(foreign) => self.foreign(foreign, None),
            }
        }
        if let Some(tail) = &block.tail {
            self.end(tail, end);
        }
    }

    fn repeat(&mut self, repeated: &Loop) {
        match &repeated.kind {
            LoopKind::Endless => {}
            LoopKind::While { condition, .. } => self.operand(condition),
            LoopKind::WhileLet { tests, .. } => self.tests(tests),
            LoopKind::For { item, items } => {
                self.operand(items);
                self.pattern(item);
            }
            LoopKind::Enumerated { at, item, items } => {
                self.operand(items);
                self.pattern(at);
                self.pattern(item);
            }
            LoopKind::Range { at, from, end, .. } => {
                self.operand(from);
                self.operand(end);
                self.pattern(at);
            }
        }
        self.block(&repeated.body, End::Value);
    }

    /// The parts of a condition that binds names.
    fn tests(&mut self, tests: &[Test]) {
        for (at, test) in tests.iter().enumerate() {
            match test {
                Test::Let(pattern, subject) if at == 0 => {
                    self.operand(subject);
                    self.value_pattern(pattern);
                }
                Test::Let(pattern, subject) => {
                    self.perhaps(subject);
                    self.value_pattern(pattern);
                }
                Test::Holds(condition) if at == 0 => self.operand(condition),
                Test::Holds(condition) => self.perhaps(condition),
            }
        }
    }

    /// A part of an expression that is evaluated only if another part says so.
    fn perhaps(&mut self, expr: &Expr) {
        let outer = std::mem::replace(&mut self.may_be_skipped, true);
        self.operand(expr);
        self.may_be_skipped = outer;
    }

    /// The place of an assignment: a variable, or a field of one.
    fn place(&mut self, place: &Expr) {
        match &place.kind {
            ExprKind::Local(_) => {}
            ExprKind::Field(of, _) => self.place(of),
            ExprKind::Index(..) => self.fault(
                "not-assignable",
                place.extent,
                "an element cannot be assigned to in a workflow: make the new list of the old one and assign that (of a map, `.insert(key, value)`)",
            ),
            ExprKind::Tuple(_) => self.fault(
                "not-assignable",
                place.extent,
                "several variables cannot be assigned to at once in a workflow: assign to one after the other",
            ),
            // An unknown method is told as such.
            ExprKind::Foreign(foreign) => self.foreign(foreign, Some(place)),
            _ => self.fault(
                "not-assignable",
                place.extent,
                "this cannot be assigned to in a workflow: assign to a variable or to a field of one",
            ),
        }
    }

    fn binding(&mut self, pattern: &Pattern, value: &Expr) {
        if matches!(pattern, Pattern::Ignored) {
            self.ignored(value);
        } else {
            self.value(value);
        }
        self.pattern(pattern);
    }

    /// A pattern that tests a value; alternatives bind nothing.
    fn value_pattern(&mut self, pattern: &ValuePattern) {
        match pattern {
            ValuePattern::Foreign(extent, advice) => self.unsupported("unsupported-pattern", *extent, advice),
            ValuePattern::Some(inner) => self.value_pattern(inner),
            ValuePattern::Variant(_, fields) | ValuePattern::Fields(fields) => {
                for (_, field) in fields {
                    self.value_pattern(field);
                }
            }
            ValuePattern::Or(alternatives) => {
                if let Some(name) = pattern.names().first() {
                    self.fault(
                        "name-in-alternative",
                        Extent::of(*name),
                        "a name inside of alternatives is not supported in a workflow: give each an arm of its own",
                    );
                }
                for alternative in alternatives {
                    self.value_pattern(alternative);
                }
            }
            ValuePattern::Range { from, end, .. } => {
                from.iter().chain(end).for_each(|bound| self.perhaps(bound));
            }
            ValuePattern::Any
            | ValuePattern::Name(_)
            | ValuePattern::Literal(_)
            | ValuePattern::Constant(_)
            | ValuePattern::None => {}
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::Name(_) | Pattern::Ignored => {}
            Pattern::Parts(parts) => parts.iter().for_each(|(_, part)| self.pattern(part)),
            Pattern::Foreign(extent, advice) => self.unsupported("unsupported-pattern", *extent, advice),
        }
    }
}

/// A type such as a value may have that leaves its own to be found out by rustc, which the twin cannot ask.
fn untyped(value: &Expr) -> Option<&'static str> {
    match &value.kind {
        ExprKind::Literal(syn::Lit::Int(number)) => number.suffix().is_empty().then_some("u32"),
        ExprKind::Negate(inner) => untyped(inner).map(|_| "i32"),
        ExprKind::None => Some("Option<String>"),
        ExprKind::Some(inner) => untyped(inner).map(|_| "Option<u32>"),
        ExprKind::Array(items) => items.is_empty().then_some("Vec<String>"),
        _ => None,
    }
}
