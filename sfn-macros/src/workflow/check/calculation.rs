//! Calculations: choices, blocks and closures inside an expression, which take no step of their own.
//! Separate from other expressions because statements stand in them, and only some may.

use super::{Check, Inside};
use crate::workflow::ast::{Block, Chain, Expr, ExprKind, LiteralPattern, Statement, ValueArm};

impl Check {
    /// A choice between values.
    pub(super) fn choosing(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::If(choice) => {
                self.operand(&choice.condition);
                self.skippable(&choice.then);
                if let Some(otherwise) = &choice.otherwise {
                    self.operand(otherwise);
                }
            }
            ExprKind::IfLet(choice) => {
                self.tests(&choice.tests);
                self.skippable(&choice.then);
                if let Some(otherwise) = &choice.otherwise {
                    self.operand(otherwise);
                }
            }
            ExprKind::MatchLiteral(choice) => {
                self.operand(&choice.subject);
                for arm in &choice.arms {
                    if let LiteralPattern::Foreign(extent, advice) = &arm.pattern {
                        self.unsupported("unsupported-pattern", *extent, advice);
                    }
                    self.operand(&arm.body);
                }
            }
            ExprKind::MatchValue(choice) => {
                self.operand(&choice.subject);
                for ValueArm { pattern, guard, body } in &choice.arms {
                    self.value_pattern(pattern);
                    if let Some(guard) = guard {
                        self.perhaps(guard);
                    }
                    self.operand(body);
                }
            }
            _ => {}
        }
    }

    pub(super) fn chain(&mut self, chain: &Chain) {
        self.operand(&chain.receiver);
        for argument in &chain.arguments {
            self.operand(argument);
        }
        let name = &chain.name;
        if name == "fold"
            && let Some(first) = chain.arguments.first()
            && super::untyped(first).is_some()
        {
            self.fault(
                "untyped-variable",
                first.extent,
                "what is folded changes, so its first value must say its type: write `0_u32`, or a variable",
            );
        }
        match &chain.closure {
            Some(Ok(closure)) => {
                for parameter in &closure.parameters {
                    self.pattern(parameter);
                }
                let outer = std::mem::replace(&mut self.inside, Inside::Closure);
                self.calculated(&closure.body);
                self.inside = outer;
            }
            Some(Err(extent)) => self.fault(
                "unsupported-closure",
                *extent,
                format!("`{name}` takes a plain closure in a workflow: write `.{name}(|value| ..)`"),
            ),
            None => {}
        }
    }

    /// A block inside an expression: its names are bound there.
    pub(super) fn calculation(&mut self, block: &Block) {
        let outer = std::mem::replace(&mut self.inside, Inside::Block);
        self.pure_block(block);
        self.inside = outer;
    }

    /// A block that one part of an expression may skip: it names what its calculation names, and ends nothing.
    fn skippable(&mut self, block: &Block) {
        let outer = self.inside;
        self.inside = outer.min(Inside::Block);
        self.pure_block(block);
        self.inside = outer;
    }

    pub(super) fn pure_block(&mut self, block: &Block) {
        for statement in &block.statements {
            match statement {
                Statement::Let { pattern, value, .. } if self.inside == Inside::Closure => {
                    self.held(value);
                    self.pattern(pattern);
                }
                Statement::Let { pattern, value, .. } if self.inside == Inside::Block => {
                    self.operand(value);
                    self.pattern(pattern);
                }
                Statement::LetElse(tested) if self.inside == Inside::Closure => {
                    self.operand(&tested.value);
                    self.value_pattern(&tested.pattern);
                    self.pure_block(&tested.otherwise);
                }
                Statement::Expr(expr) if self.inside == Inside::Closure && is_exit(expr) => {
                    self.calculated(expr);
                }
                Statement::Item(_) => {}
                Statement::Let { value: expr, .. }
                | Statement::LetMut { value: expr, .. }
                | Statement::Expr(expr) => self.refuse_statement(expr),
                Statement::LetElse(tested) => self.refuse_statement(&tested.value),
                Statement::Foreign(foreign) => self.foreign(foreign, None),
            }
        }
        if let Some(tail) = &block.tail {
            self.calculated(tail);
        }
    }

    fn refuse_statement(&mut self, statement: &Expr) {
        let message = if self.inside == Inside::Closure {
            "a calculation changes nothing and repeats nothing: write `let`s, early ends and a value, or do it inside a task"
        } else {
            "statements inside an expression: bind the block's value with `let` first"
        };
        self.fault("statement-in-expression", statement.extent, message);
    }

    /// What a calculation ends with, perhaps before its end.
    fn calculated(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Return(Some(value)) if self.inside == Inside::Closure => self.operand(value),
            ExprKind::Block(block) => self.pure_block(block),
            ExprKind::If(choice) if self.inside == Inside::Closure => {
                self.operand(&choice.condition);
                self.pure_block(&choice.then);
                choice.otherwise.iter().for_each(|otherwise| self.calculated(otherwise));
            }
            ExprKind::IfLet(choice) if self.inside == Inside::Closure => {
                self.tests(&choice.tests);
                self.pure_block(&choice.then);
                choice.otherwise.iter().for_each(|otherwise| self.calculated(otherwise));
            }
            _ => self.operand(expr),
        }
    }

    /// What a `let` of a calculation binds: a value, or what an option holds, or else the calculation gives `None`.
    fn held(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Try(option)
                if !matches!(option.kind, ExprKind::OkOr(_) | ExprKind::Action(_) | ExprKind::Foreign(_)) =>
            {
                self.operand(option);
            }
            _ => self.operand(value),
        }
    }
}

/// Whether a statement of a calculation may end it.
fn is_exit(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Return(Some(_)) | ExprKind::If(_) | ExprKind::IfLet(_))
}
