//! Reads a tape of bytes as a program; an empty tape is the empty program.
//!
//! Separate from the language because what may stand where is decided here: every program that comes out compiles.

use super::language::{
    Block, Call, Caught, Condition, Expr, INPUTS, LoopNumber, Program, Rest, Statement, Then, Undo, Variable,
};

/// How deep statements nest.
const DEEPEST: usize = 4;

/// How deep expressions nest.
const FLATTEST: usize = 2;

pub(super) fn program(tape: &[u8]) -> Program {
    let mut drawing = Drawing { tape, variables: INPUTS.len(), loops: 0 };
    let mut scope = Scope { readable: INPUTS.to_vec(), ..Scope::default() };
    let statements = drawing.statements(&mut scope, 0);
    let gives = scope.readable.iter().copied().map(Expr::Variable).collect();
    Program { body: Block { statements, value: None }, gives }
}

struct Drawing<'t> {
    tape: &'t [u8],
    variables: usize,
    loops: usize,
}

/// What may be mentioned at a place.
#[derive(Clone, Default)]
struct Scope {
    readable: Vec<Variable>,
    settable: Vec<Variable>,
    keys: Vec<Variable>,
    /// The loops around, and whether they have a value.
    loops: Vec<(LoopNumber, bool)>,
    in_fan_out: bool,
}

impl Drawing<'_> {
    /// One of so many choices; the first when the tape is at its end.
    fn one_of(&mut self, count: usize) -> usize {
        match self.tape.split_first() {
            Some((first, rest)) => {
                self.tape = rest;
                usize::from(*first) % count
            }
            None => 0,
        }
    }

    fn chance(&mut self, of: usize) -> bool {
        self.one_of(of) == of - 1
    }

    fn number(&mut self) -> i32 {
        i32::try_from(self.one_of(9)).unwrap_or_default() - 2
    }

    fn variable(&mut self) -> Variable {
        self.variables += 1;
        self.variables - 1
    }

    fn pick(&mut self, from: &[Variable]) -> Option<Variable> {
        (!from.is_empty()).then(|| from[self.one_of(from.len())])
    }

    fn expr(&mut self, scope: &Scope, depth: usize) -> Expr {
        let kinds = if depth < FLATTEST { 12 } else { 4 };
        let both = |drawing: &mut Self| {
            (Box::new(drawing.expr(scope, depth + 1)), Box::new(drawing.expr(scope, depth + 1)))
        };
        match self.one_of(kinds) {
            0 => Expr::Number(self.number()),
            1..=3 => match self.pick(&scope.readable) {
                Some(variable) => Expr::Variable(variable),
                None => Expr::Number(self.number()),
            },
            4 | 5 => {
                let (one, other) = both(self);
                Expr::Add(one, other)
            }
            6 => {
                let (one, other) = both(self);
                Expr::Subtract(one, other)
            }
            7 => Expr::Times(Box::new(self.expr(scope, depth + 1)), self.number()),
            8 => {
                let by = self.number();
                Expr::Divide(Box::new(self.expr(scope, depth + 1)), if by == 0 { 3 } else { by })
            }
            9 | 10 => {
                let condition = Box::new(self.condition(scope, depth + 1));
                let (then, otherwise) = both(self);
                Expr::If(condition, then, otherwise)
            }
            _ => Expr::Largest(self.items(scope, depth + 1)),
        }
    }

    fn items(&mut self, scope: &Scope, depth: usize) -> Vec<Expr> {
        (0..self.one_of(4)).map(|_| self.expr(scope, depth + 1)).collect()
    }

    fn condition(&mut self, scope: &Scope, depth: usize) -> Condition {
        let kinds = if depth < FLATTEST { 6 } else { 2 };
        match self.one_of(kinds) {
            0 => Condition::Less(self.expr(scope, depth + 1), self.expr(scope, depth + 1)),
            1 => Condition::Equal(self.expr(scope, depth + 1), self.expr(scope, depth + 1)),
            2 => Condition::Not(Box::new(self.condition(scope, depth + 1))),
            3 => {
                let one = self.condition(scope, depth + 1);
                Condition::And(Box::new(one), Box::new(self.condition(scope, depth + 1)))
            }
            4 => {
                let one = self.condition(scope, depth + 1);
                Condition::Or(Box::new(one), Box::new(self.condition(scope, depth + 1)))
            }
            _ => Condition::Any(self.items(scope, depth + 1), self.expr(scope, depth + 1)),
        }
    }

    /// A block inside of another; with a value, unless it does not reach its end.
    fn block(&mut self, scope: &Scope, depth: usize, has_value: bool) -> Block {
        let mut scope = scope.clone();
        let statements = self.statements(&mut scope, depth + 1);
        let reaches_end = !statements.last().is_some_and(Statement::diverges);
        let value = (has_value && reaches_end).then(|| self.expr(&scope, 1));
        Block { statements, value }
    }

    fn statements(&mut self, scope: &mut Scope, depth: usize) -> Vec<Statement> {
        let mut statements: Vec<Statement> = Vec::new();
        let most = if depth == 0 { 16 } else { self.one_of(6) };
        while statements.len() < most && !statements.last().is_some_and(Statement::diverges) {
            if depth == 0 && self.tape.is_empty() {
                break;
            }
            statements.push(self.statement(scope, depth));
        }
        statements
    }

    /// A value that a statement may give, under a name from then on.
    fn value(&mut self, scope: &mut Scope, gives: bool) -> Option<Variable> {
        let variable = gives.then(|| self.variable())?;
        scope.readable.push(variable);
        Some(variable)
    }

    fn statement(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let kinds = if depth < DEEPEST { 20 } else { 11 };
        match self.one_of(kinds) {
            0 | 1 => {
                let value = self.expr(scope, 0);
                let variable = self.variable();
                scope.readable.push(variable);
                Statement::Let(variable, value)
            }
            2 => {
                let value = self.expr(scope, 0);
                let variable = self.variable();
                scope.readable.push(variable);
                scope.settable.push(variable);
                Statement::LetMut(variable, value)
            }
            3 | 4 => {
                let value = self.expr(scope, 0);
                if let Some(variable) = self.pick(&scope.settable) {
                    return Statement::Set(variable, value);
                }
                let variable = self.variable();
                scope.readable.push(variable);
                scope.settable.push(variable);
                Statement::LetMut(variable, value)
            }
            5..=7 => self.call(scope, depth),
            8 => match self.pick(&scope.keys) {
                Some(key) if self.chance(2) => Statement::Take(key, self.expr(scope, 1)),
                _ => {
                    let key = self.variable();
                    scope.keys.push(key);
                    Statement::Key(key)
                }
            },
            9 => self.ending(scope),
            10 if !scope.in_fan_out && self.chance(3) => Statement::Commit,
            10 => Statement::Sleep(self.number().max(0)),
            11 | 12 => {
                let condition = self.condition(scope, 0);
                let gives = self.chance(3);
                let then = self.block(scope, depth, gives);
                let otherwise = self.block(scope, depth, gives);
                let gives = gives && !(then.diverges() && otherwise.diverges());
                let value = self.value(scope, gives);
                Statement::If { condition, then, otherwise, value }
            }
            13 => {
                let subject = self.expr(scope, 1);
                let gives = self.chance(3);
                let arms: Vec<_> = (0..=self.one_of(2))
                    .map(|_| {
                        (
                            (0..=self.one_of(2)).map(|_| self.number()).collect(),
                            self.block(scope, depth, gives),
                        )
                    })
                    .collect();
                let default = self.block(scope, depth, gives);
                let diverges =
                    default.diverges() && arms.iter().all(|(_, arm): &(Vec<i32>, Block)| arm.diverges());
                let value = self.value(scope, gives && !diverges);
                Statement::Match { subject, arms, default, value }
            }
            14 | 15 => self.looped(scope, depth),
            16 => {
                let (number, items, item) = (self.loop_number(), self.items(scope, 1), self.variable());
                let body = self.turn(scope, depth, number, Some(item), false);
                Statement::Each { number, items, item, body }
            }
            17 => {
                let (number, from, item) = (self.loop_number(), self.number(), self.variable());
                let to = Expr::Number(from + i32::try_from(self.one_of(4)).unwrap_or_default());
                let body = self.turn(scope, depth, number, Some(item), false);
                Statement::Range { number, from, to, item, body }
            }
            18 => {
                let branches: Vec<_> =
                    (0..2 + self.one_of(2)).map(|_| self.branch(scope, depth, None)).collect();
                let branches: Vec<_> = branches.into_iter().map(|branch| (branch, self.variable())).collect();
                scope.readable.extend(branches.iter().map(|(_, result)| result));
                Statement::Join { branches }
            }
            _ => {
                let (items, item) = (self.items(scope, 1), self.variable());
                let body = self.branch(scope, depth, Some(item));
                let sum = self.variable();
                scope.readable.push(sum);
                Statement::Map { items, item, body, sum }
            }
        }
    }

    fn loop_number(&mut self) -> LoopNumber {
        self.loops += 1;
        self.loops - 1
    }

    fn looped(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let (number, left) = (self.loop_number(), self.variable());
        let turns = i32::try_from(self.one_of(4)).unwrap_or_default();
        let condition = self.chance(2).then(|| self.condition(scope, 0));
        let gives = condition.is_none() && self.chance(2);
        let body = self.turn(scope, depth, number, None, gives);
        let value = self.value(scope, gives);
        Statement::Loop { number, left, turns, condition, body, value }
    }

    /// The body of a loop.
    fn turn(
        &mut self,
        scope: &Scope,
        depth: usize,
        number: LoopNumber,
        item: Option<Variable>,
        gives: bool,
    ) -> Block {
        let mut scope = scope.clone();
        scope.readable.extend(item);
        scope.loops.push((number, gives));
        self.block(&scope, depth, false)
    }

    /// A branch of `join!` or the body of `map`.
    fn branch(&mut self, scope: &Scope, depth: usize, item: Option<Variable>) -> Block {
        let mut scope = Scope { settable: Vec::new(), loops: Vec::new(), in_fan_out: true, ..scope.clone() };
        scope.readable.extend(item);
        self.block(&scope, depth, true)
    }

    /// A statement behind which nothing is reached.
    fn ending(&mut self, scope: &Scope) -> Statement {
        let loops = &scope.loops;
        match self.one_of(4) {
            0 | 1 if !loops.is_empty() => {
                let (number, gives) = loops[self.one_of(loops.len())];
                let value = gives.then(|| self.expr(scope, 1));
                Statement::Break(number, value)
            }
            2 if !loops.is_empty() => Statement::Continue(loops[self.one_of(loops.len())].0),
            3 => Statement::Fail(["Odd", "Even", "None"][self.one_of(3)]),
            _ => Statement::Return(self.expr(scope, 1)),
        }
    }

    fn call(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let argument = self.expr(scope, 0);
        let is_retried = self.chance(2);
        let undo = match self.one_of(4) {
            0 | 1 => None,
            2 => Some(Undo::Output),
            _ => Some(Undo::Value(self.expr(scope, 2))),
        };
        let undo_unknown = self.chance(5).then(|| self.expr(scope, 2));
        let kinds = if depth < DEEPEST { 6 } else { 3 };
        let then = match self.one_of(kinds) {
            0 | 1 => {
                let binds = self.chance(2);
                Then::Propagate(self.value(scope, binds))
            }
            2 => Then::Ignore,
            _ => self.matched(scope, depth),
        };
        Statement::Call(Call { is_retried, argument, undo, undo_unknown, then })
    }

    fn matched(&mut self, scope: &mut Scope, depth: usize) -> Then {
        let gives = self.chance(3);
        let bound = self.variable();
        let mut inside = scope.clone();
        inside.readable.push(bound);
        let ok = self.block(&inside, depth, gives);
        let mut arms = Vec::new();
        if self.chance(2) {
            let code = self.variable();
            let mut inside = scope.clone();
            inside.readable.push(code);
            arms.push((Caught::Refused(code), self.block(&inside, depth, gives)));
        }
        for caught in [Caught::BusyOrMissing, Caught::Timeout, Caught::AnyDeclared] {
            if self.chance(3) {
                arms.push((caught, self.block(scope, depth, gives)));
            }
        }
        let rest = match self.one_of(3) {
            0 => Rest::Propagates,
            1 => Rest::Rethrown,
            _ => Rest::Handled(self.block(scope, depth, gives)),
        };
        let handled = matches!(&rest, Rest::Handled(block) if !block.diverges());
        let reaches_end = handled || !ok.diverges() || arms.iter().any(|(_, arm)| !arm.diverges());
        let value = self.value(scope, gives && reaches_end);
        Then::Match { bound, ok, arms, rest, value }
    }
}
