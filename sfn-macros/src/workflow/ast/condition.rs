//! Conditions with `let` in them: of `if`, `else if` and `while`.
//! Separate from plain conditions because each part binds names for the parts behind it.

use quote::ToTokens;
use syn::{BinOp, Expr as SynExpr, ExprIf, ExprWhile};

use super::reader::Reader;
use super::{ExprKind, If, IfLet, LoopKind, Test, repeat};
use crate::workflow::text;

impl Reader {
    pub(super) fn choice(&mut self, choice: &ExprIf) -> ExprKind {
        let text = text::one_line(&choice.cond.to_token_stream());
        let mark = self.scope.mark();
        let tests = self.tests(&choice.cond);
        let condition = if tests.is_none() { Some(self.expr(&choice.cond)) } else { None };
        let then = self.block(&choice.then_branch);
        self.scope.forget(mark);
        let otherwise = choice.else_branch.as_ref().map(|(_, otherwise)| self.expr(otherwise));
        match (tests, condition) {
            (Some(tests), _) => ExprKind::IfLet(Box::new(IfLet { tests, text, then, otherwise })),
            (None, Some(condition)) => ExprKind::If(Box::new(If { condition, text, then, otherwise })),
            (None, None) => ExprKind::Unit,
        }
    }

    pub(super) fn while_loop(&mut self, repeated: &ExprWhile) -> ExprKind {
        let text = text::one_line(&repeated.cond.to_token_stream());
        let mark = self.scope.mark();
        let kind = match self.tests(&repeated.cond) {
            Some(tests) => LoopKind::WhileLet { tests, text },
            None => LoopKind::While { condition: self.expr(&repeated.cond), text },
        };
        let body = self.block(&repeated.body);
        self.scope.forget(mark);
        repeat::looped(repeated.label.as_ref(), kind, body)
    }

    /// The parts of a condition, if one of them binds. What they bind stays in scope.
    fn tests(&mut self, condition: &SynExpr) -> Option<Vec<Test>> {
        let mut parts = Vec::new();
        conjuncts(condition, &mut parts);
        let awaits = |part: &&SynExpr| matches!(part, SynExpr::Let(tested) if matches!(*tested.expr, SynExpr::Await(_)));
        let binds = parts.iter().any(|part| matches!(part, SynExpr::Let(_)));
        if !binds || parts.iter().any(awaits) {
            return None;
        }
        let read = parts.into_iter().map(|part| match part {
            SynExpr::Let(tested) => {
                let subject = self.expr(&tested.expr);
                let pattern = self.value_pattern(&tested.pat);
                pattern.names().into_iter().for_each(|name| self.scope.bind(name));
                Test::Let(pattern, subject)
            }
            other => Test::Holds(self.expr(other)),
        });
        Some(read.collect())
    }
}

/// The operands of `&&`, from the left.
fn conjuncts<'e>(condition: &'e SynExpr, parts: &mut Vec<&'e SynExpr>) {
    match condition {
        SynExpr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            conjuncts(&binary.left, parts);
            conjuncts(&binary.right, parts);
        }
        other => parts.push(other),
    }
}
