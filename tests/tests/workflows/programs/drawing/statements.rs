//! Statements, and how deep and in what order they stand.
//!
//! Separate from expressions because they change what is known behind them.

use super::expressions::bound;
use super::{Around, DEEPEST, Drawing, Scope};
use crate::programs::language::{Block, Expr, LoopNumber, Match, Statement, Test, Until, Variable};
use crate::programs::payloads::Type;

impl Drawing<'_> {
    pub(super) fn statement(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let kinds = if depth < DEEPEST { 32 } else { 16 };
        match self.one_of(kinds) {
            0 | 1 => {
                let ty = self.ty();
                let value = self.stored(scope, ty, 0);
                Statement::Let(self.named(scope, ty), value)
            }
            2 => self.changing(scope),
            3..=5 => self.change(scope),
            6..=9 => self.call(scope, depth),
            10 => {
                if scope.known(Type::Key).is_empty() {
                    return Statement::Let(self.named(scope, Type::Key), Expr::Uuid);
                }
                Statement::Take(self.expr(scope, Type::Key, 2), self.stored(scope, Type::Number, 1))
            }
            11 => {
                let held = self.held();
                let option = self.expr(scope, Type::Maybe(held), 0);
                Statement::OkOr(self.named(scope, *held), option, "None")
            }
            12 => self.let_else(scope, depth),
            13 | 14 => self.ending(scope),
            15 if scope.gives.is_none() && self.chance(3) => Statement::Commit,
            15 => Statement::Sleep(self.number().max(0)),
            16 | 17 => {
                let condition = self.expr(scope, Type::Flag, 0);
                let gives = self.gives();
                let then = self.block(scope, depth, gives);
                let otherwise = self.block(scope, depth, gives);
                let value = self.given(scope, gives, then.diverges() && otherwise.diverges());
                Statement::If { condition, then, otherwise, value }
            }
            18 => {
                let (tests, bound) = self.tests(scope);
                let gives = self.gives();
                let then = self.block(&scope.with(bound), depth, gives);
                let otherwise = self.block(scope, depth, gives);
                let value = self.given(scope, gives, then.diverges() && otherwise.diverges());
                Statement::IfLet { tests, then, otherwise, value }
            }
            19 => self.switch(scope, depth),
            20 | 21 => {
                let (ty, gives) = (self.subject_type(), self.gives());
                let subject = self.expr(scope, ty, 1);
                let arms = self.arms(scope, ty, &mut |drawing, scope| drawing.block(scope, depth, gives));
                let diverges = arms.iter().all(|arm| arm.body.diverges());
                let value = self.given(scope, gives, diverges);
                Statement::Match { of: Match { subject, arms }, value }
            }
            22 | 23 => self.looped(scope, depth),
            24 => {
                let item = self.held();
                let items = self.few(scope, item);
                let number = self.loop_number();
                let (place, item) =
                    (self.chance(3).then(|| self.variable(Type::Number)), self.variable(*item));
                let body = self.turn(&scope.with(place.into_iter().chain([item])), depth, number, None);
                Statement::Each { number, items, place, item, body }
            }
            25 => {
                let (number, from, item) = (self.loop_number(), self.number(), self.variable(Type::Number));
                let to = Expr::Number(from + i32::try_from(self.one_of(4)).unwrap_or_default());
                let body = self.turn(&scope.with([item]), depth, number, None);
                Statement::Range { number, from, to, item, body }
            }
            26 => {
                let (number, gives) = (self.loop_number(), self.gives());
                let mut inside = scope.clone();
                inside.around.push(Around { number, gives, is_block: true });
                let body = self.block(&inside, depth, gives);
                let leaves =
                    |statement: &Statement| matches!(statement, Statement::Break(of, _) if *of == number);
                let diverges = body.diverges() && !body.has(&leaves);
                let value = self.given(scope, gives, diverges);
                Statement::Labelled { number, body, value }
            }
            _ => self.fan_out(scope, depth),
        }
    }

    /// The type of a block's value, if it has one.
    pub(super) fn gives(&mut self) -> Option<Type> {
        self.chance(3).then(|| self.ty())
    }

    /// A new name, known from here on.
    pub(super) fn named(&mut self, scope: &mut Scope, ty: Type) -> Variable {
        let variable = self.variable(ty);
        scope.readable.push(variable);
        variable
    }

    /// The name of what a statement gives, where it gives something.
    pub(super) fn given(
        &mut self,
        scope: &mut Scope,
        gives: Option<Type>,
        diverges: bool,
    ) -> Option<Variable> {
        let ty = gives.filter(|_| !diverges)?;
        Some(self.named(scope, ty))
    }

    fn changing(&mut self, scope: &mut Scope) -> Statement {
        let ty = self.ty();
        let value = self.annotated(scope, ty, 0);
        let variable = self.named(scope, ty);
        scope.settable.push(variable);
        Statement::LetMut(variable, value)
    }

    fn change(&mut self, scope: &mut Scope) -> Statement {
        let Some(variable) = self.pick(&scope.settable) else { return self.changing(scope) };
        match variable.ty {
            Type::Many(item) if self.chance(2) => Statement::Push(variable, self.stored(scope, *item, 1)),
            ty if ty.is_struct() && self.chance(2) => {
                let (mut path, mut of) = (Vec::new(), ty);
                while of.is_struct() && (path.is_empty() || self.chance(2)) {
                    let (name, ty) = of.fields()[self.one_of(of.fields().len())];
                    path.push(name);
                    of = ty;
                }
                Statement::SetField(variable, path, self.annotated(scope, of, 1))
            }
            ty => Statement::Set(variable, self.annotated(scope, ty, 0)),
        }
    }

    fn let_else(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let ty = [Type::Maybe(self.held()), Type::Event, Type::Signal][self.one_of(3)];
        let subject = self.expr(scope, ty, 0);
        let mut otherwise = if depth < DEEPEST { self.block(scope, depth, None) } else { Block::default() };
        if !otherwise.diverges() {
            otherwise.statements.push(self.ending(scope));
        }
        let pattern = self.pattern(ty, 0);
        scope.readable.extend(bound(&pattern));
        Statement::LetElse { pattern, subject, otherwise }
    }

    /// The parts of a condition that binds, and what they bind.
    fn tests(&mut self, scope: &Scope) -> (Vec<Test>, Vec<Variable>) {
        let (mut scope, mut tests, mut names) = (scope.clone(), Vec::new(), Vec::new());
        for at in 0..=self.one_of(3) {
            if at > 0 && self.chance(2) {
                tests.push(Test::Holds(self.expr(&scope, Type::Flag, 1)));
                continue;
            }
            let ty = self.subject_type();
            let subject = self.expr(&scope, ty, 1);
            let pattern = self.pattern(ty, 0);
            names.extend(bound(&pattern));
            scope.readable.extend(bound(&pattern));
            tests.push(Test::Let(pattern, subject));
        }
        (tests, names)
    }

    fn switch(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let (ty, gives) = ([Type::Number, Type::Text][self.one_of(2)], self.gives());
        let subject = self.expr(scope, ty, 1);
        let literal = |drawing: &mut Self| match ty {
            Type::Number => Expr::Number(drawing.number()),
            _ => Expr::Text(["", "a", "12", "A"][drawing.one_of(4)]),
        };
        let arms: Vec<_> = (0..=self.one_of(2))
            .map(|_| {
                let literals = (0..=self.one_of(2)).map(|_| literal(self)).collect();
                (literals, self.block(scope, depth, gives))
            })
            .collect();
        let default = self.block(scope, depth, gives);
        let diverges = default.diverges() && arms.iter().all(|(_, arm): &(Vec<Expr>, Block)| arm.diverges());
        let value = self.given(scope, gives, diverges);
        Statement::Switch { subject, arms, default, value }
    }

    fn looped(&mut self, scope: &mut Scope, depth: usize) -> Statement {
        let (number, left) = (self.loop_number(), self.variable(Type::Number));
        let turns = i32::try_from(self.one_of(4)).unwrap_or_default();
        let (mut bound, mut gives) = (Vec::new(), None);
        let until = match self.one_of(4) {
            0 => Until::Not(self.expr(scope, Type::Flag, 0)),
            1 => {
                let (tests, names) = self.tests(scope);
                bound = names;
                Until::Unfit(tests)
            }
            _ => {
                gives = self.gives();
                Until::Broken(gives.map(|ty| self.stored(scope, ty, 1)))
            }
        };
        let body = self.turn(&scope.with(bound), depth, number, gives);
        let value = self.given(scope, gives, false);
        Statement::Loop { number, left, turns, until, body, value }
    }

    /// The body of a loop.
    fn turn(&mut self, scope: &Scope, depth: usize, number: LoopNumber, gives: Option<Type>) -> Block {
        let mut inside = scope.clone();
        inside.repeats = true;
        inside.around.push(Around { number, gives, is_block: false });
        self.block(&inside, depth, None)
    }

    /// A statement behind which nothing is reached.
    pub(super) fn ending(&mut self, scope: &Scope) -> Statement {
        let turns: Vec<_> = scope.around.iter().copied().filter(|around| !around.is_block).collect();
        match self.one_of(5) {
            0 | 1 if !scope.around.is_empty() => {
                let Around { number, gives, .. } = scope.around[self.one_of(scope.around.len())];
                Statement::Break(number, gives.map(|ty| self.stored(scope, ty, 1)))
            }
            2 if !turns.is_empty() => Statement::Continue(turns[self.one_of(turns.len())].number),
            3 => Statement::Fail(["Odd", "Even", "None"][self.one_of(3)]),
            _ => {
                let ty = scope.gives.unwrap_or_else(|| self.ty());
                Statement::Return(self.stored(scope, ty, 1))
            }
        }
    }
}
