//! Calls of tasks, and several things at once.
//!
//! Separate from other statements because these fail, and what becomes of their failures is drawn with them.

use super::{DEEPEST, Drawing, Scope};
use crate::programs::language::{
    Block, Call, Caught, Expr, FanOut, Iteration, Rest, Settling, Several, Statement, Task, Then, Variable,
};
use crate::programs::methods::METHODS;
use crate::programs::payloads::Type;

impl Drawing<'_> {
    pub(super) fn call(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let task = [
            Task::Step,
            Task::Retried,
            Task::Step,
            Task::Counted,
            Task::Pack,
            Task::Route,
            Task::Find,
            Task::Sort,
        ][self.one_of(8)];
        let (takes, gives) = task.signature();
        let arguments = takes.iter().map(|ty| self.annotated(scope, *ty, 0)).collect();
        let undo = (self.chance(2) && !scope.in_child).then(|| {
            let output = self.variable(gives);
            (output, self.plain(&scope.with([output])))
        });
        let undo_unknown = (self.chance(5) && !scope.in_child).then(|| self.plain(scope));
        let kinds = if depth < DEEPEST { 6 } else { 3 };
        let then = match self.one_of(kinds) {
            0 | 1 => Then::Propagate((!self.chance(3)).then(|| self.named(scope, gives))),
            2 => Then::Ignore,
            _ => self.matched_call(scope, depth, gives),
        };
        Statement::Call(Box::new(Call { task, arguments, undo, undo_unknown, then }))
    }

    fn matched_call(&mut self, scope: &mut Scope, depth: usize, output: Type) -> Then {
        let gives = self.gives();
        let bound = self.variable(output);
        let ok = self.block(&scope.with([bound]), depth, gives);
        let mut arms = Vec::new();
        if self.chance(2) {
            let (code, reason) = (self.variable(Type::Number), self.variable(Type::Text));
            let arm = self.block(&scope.with([code, reason]), depth, gives);
            arms.push((Caught::Refused(code, reason), arm));
        }
        for caught in [Caught::BusyOrMissing, Caught::Timeout, Caught::AnyDeclared] {
            if self.chance(3) {
                arms.push((caught, self.block(scope, depth, gives)));
            }
        }
        let rest = self.rest(scope, depth, gives);
        let handled = matches!(&rest, Rest::Handled(block) if !block.diverges());
        let reaches_end = handled || !ok.diverges() || arms.iter().any(|(_, arm)| !arm.diverges());
        let value = self.given(scope, gives, !reaches_end);
        Then::Match { bound, ok, arms, rest, value }
    }

    fn rest(&mut self, scope: &Scope, depth: usize, gives: Option<Type>) -> Rest {
        match self.one_of(3) {
            0 => Rest::Propagates,
            1 => Rest::Rethrown,
            _ => Rest::Handled(self.block(scope, depth, gives)),
        }
    }

    pub(super) fn fan_out(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let (fan_out, gives) = match self.one_of(5) {
            0 | 1 => {
                let (mut branches, mut gives) = (Vec::new(), Vec::new());
                for _ in 0..2 + self.one_of(2) {
                    let ty = self.ty();
                    branches.push(self.branch(scope, depth, ty, None));
                    gives.push(ty);
                }
                (FanOut::Join(branches), gives)
            }
            2 | 3 => {
                let (of, gives) = self.iteration(scope, depth, false);
                (FanOut::Map(of), vec![Type::Many(gives)])
            }
            _ => {
                let inside = Scope { in_child: true, ..scope.clone() };
                let is_batched = self.chance(3);
                let (of, gives) = self.iteration(&inside, depth, is_batched);
                let tolerate = self.chance(2).then(|| u32::try_from(self.one_of(3)).unwrap_or_default() + 1);
                let errors = tolerate.map(|_| Type::Many(&Type::Text));
                let gives = [Type::Many(gives)].into_iter().chain(errors).collect();
                (FanOut::Distributed { of, is_batched, tolerate }, gives)
            }
        };
        let several = match self.one_of(5) {
            0..=2 => Several::Propagate(gives.iter().map(|ty| self.named(scope, *ty)).collect()),
            3 => Several::Ignore,
            _ => {
                let of = self.gives();
                let bound: Vec<_> = gives.iter().map(|ty| self.variable(*ty)).collect();
                let ok = self.block(&scope.with(bound.iter().copied()), depth, of);
                let failed = self.rest(scope, depth, of);
                let handled = matches!(&failed, Rest::Handled(block) if !block.diverges());
                let value = self.given(scope, of, ok.diverges() && !handled);
                Several::Match(Settling { bound, ok, failed, value })
            }
        };
        Statement::FanOut(fan_out, several)
    }

    fn iteration(&mut self, scope: &Scope, depth: usize, is_batched: bool) -> (Iteration, &'static Type) {
        let (of, gives) = (self.held(), self.held());
        let items = self.few(scope, of);
        let item = self.variable(if is_batched { Type::Many(of) } else { *of });
        let body = self.branch(scope, depth, *gives, Some(item));
        let max_concurrency = self.chance(4).then_some(2);
        (Iteration { items, item, body, gives: *gives, max_concurrency }, gives)
    }

    /// A branch of `join!` or the body of a map.
    fn branch(&mut self, scope: &Scope, depth: usize, gives: Type, item: Option<Variable>) -> Block {
        let inside = Scope {
            settable: Vec::new(),
            around: Vec::new(),
            repeats: scope.repeats || item.is_some(),
            gives: Some(gives),
            ..scope.with(item)
        };
        let mut branch = self.block(&inside, depth, Some(gives));
        // One that only fails has no type that anybody could find out.
        if branch.diverges() && !branch.has(&|statement| matches!(statement, Statement::Return(_))) {
            branch.statements.pop();
            branch.value = Some(self.stored(&inside, gives, 1));
        }
        branch
    }

    /// A list to go through, of at most three items.
    pub(super) fn few(&mut self, scope: &Scope, item: &'static Type) -> Expr {
        match self.expr(scope, Type::Many(item), 1) {
            list @ Expr::List(_) => list,
            list => {
                let first = METHODS.iter().find(|method| method.rust.contains("take(3)"));
                Expr::Method(first.expect("there is one"), vec![list])
            }
        }
    }
}
