//! Conditions with `let` in them: of `if`, `else if` and `while`.
//! Separate from plain conditions because each part binds names for the parts behind it.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr as SynExpr, ExprIf, ExprWhile};

use super::reader::Reader;
use super::{
    Block, Expr, ExprKind, If, IfLet, LetElse, LoopKind, Statement, Test, ValuePattern, context, repeat,
};
use crate::workflow::text;

impl Reader {
    pub(super) fn choice(&mut self, choice: &ExprIf) -> ExprKind {
        let text = text::one_line(&choice.cond.to_token_stream());
        let mark = self.scope.mark();
        if let SynExpr::Let(tested) = &*choice.cond
            && let Some((popped, statements)) = self.popped(&tested.expr)
        {
            let pattern = self.tested(&tested.pat);
            let then = self.block(&choice.then_branch);
            self.scope.forget(mark);
            let otherwise = choice.else_branch.as_ref().map(|(_, otherwise)| self.expr(otherwise));
            let extent = popped.extent;
            let tests = vec![Test::Let(pattern, popped)];
            let kind = ExprKind::IfLet(Box::new(IfLet { tests, text, then, otherwise }));
            let tail = Some(Expr { extent, place: None, kind });
            return ExprKind::Block(Box::new(Block { statements, tail }));
        }
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
        if let SynExpr::Let(tested) = &*repeated.cond
            && let Some((popped, mut statements)) = self.popped(&tested.expr)
        {
            let leave = Expr { extent: popped.extent, place: None, kind: ExprKind::Break(None, None) };
            let otherwise = Block { statements: vec![Statement::Expr(leave)], tail: None };
            let pattern = self.tested(&tested.pat);
            statements.push(Statement::LetElse(Box::new(LetElse {
                pattern,
                value: popped,
                text,
                otherwise,
            })));
            let Block { statements: body, tail } = self.block(&repeated.body);
            statements.extend(body);
            self.scope.forget(mark);
            return repeat::looped(repeated.label.as_ref(), LoopKind::Endless, Block { statements, tail });
        }
        let kind = match self.tests(&repeated.cond) {
            Some(tests) => LoopKind::WhileLet { tests, text },
            None => LoopKind::While { condition: self.expr(&repeated.cond), text },
        };
        let body = self.block(&repeated.body);
        self.scope.forget(mark);
        match kind {
            LoopKind::While { condition, text } if asks_anew(&repeated.cond) => {
                let body = asking(condition, text, body);
                repeat::looped(repeated.label.as_ref(), LoopKind::Endless, body)
            }
            kind => repeat::looped(repeated.label.as_ref(), kind, body),
        }
    }

    /// A pattern whose names are in scope from now on.
    fn tested(&mut self, pattern: &syn::Pat) -> ValuePattern {
        let pattern = self.value_pattern(pattern);
        pattern.names().into_iter().for_each(|name| self.scope.bind(name));
        pattern
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
                Test::Let(self.tested(&tested.pat), subject)
            }
            other => Test::Holds(self.expr(other)),
        });
        Some(read.collect())
    }
}

/// The body of the `loop` that `while` is whose condition takes a step, or asks what time it is: it does so in each turn.
fn asking(condition: Expr, text: String, then: Block) -> Block {
    let extent = condition.extent;
    let expr = |kind| Expr { extent, place: None, kind };
    let leave = Block { statements: vec![Statement::Expr(expr(ExprKind::Break(None, None)))], tail: None };
    let otherwise = Some(expr(ExprKind::Block(Box::new(leave))));
    let choice = ExprKind::If(Box::new(If { condition, text, then, otherwise }));
    Block { statements: vec![Statement::Expr(expr(choice))], tail: None }
}

/// Whether an expression itself awaits something, or asks for what is another thing each time.
fn asks_anew(expr: &SynExpr) -> bool {
    #[derive(Default)]
    struct Search {
        is_found: bool,
    }
    impl<'ast> Visit<'ast> for Search {
        fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {
            self.is_found = true;
        }
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            self.is_found |= context::is_drawn(call);
            visit::visit_expr_call(self, call);
        }
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    }
    let mut search = Search::default();
    search.visit_expr(expr);
    search.is_found
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
