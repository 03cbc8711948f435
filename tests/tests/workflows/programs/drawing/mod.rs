//! Reads a tape of bytes as a program; an empty tape is the empty program.
//!
//! Separate from the language because what may stand where is decided here: every program that comes out compiles.

mod expressions;
mod patterns;
mod statements;
mod steps;

pub(super) use expressions::bound;

use super::language::{Block, INPUTS, LoopNumber, Program, Statement, Variable};
use super::payloads::{HELD, Type};

/// How deep statements nest.
const DEEPEST: usize = 4;

/// How deep expressions nest.
const FLATTEST: usize = 2;

/// Each piece of the tape is a statement of the program's own, so that one can go and leave the others what they are.
pub(super) fn program(tape: &[Vec<u8>]) -> Program {
    let mut drawing = Drawing { tape: &[], variables: INPUTS.len(), loops: 0 };
    let mut scope = Scope { readable: INPUTS.to_vec(), ..Scope::default() };
    let mut statements: Vec<Statement> = Vec::new();
    for piece in tape {
        if statements.last().is_some_and(Statement::diverges) {
            break;
        }
        drawing.tape = piece;
        statements.push(drawing.statement(&mut scope, 0));
    }
    let known = scope.readable.iter().copied();
    let gives = known.filter(|variable| variable.ty != Type::Key && !drawing.chance(3)).collect();
    Program { body: Block { statements, value: None }, gives }
}

struct Drawing<'t> {
    tape: &'t [u8],
    variables: usize,
    loops: usize,
}

/// A loop or a labelled block around a place.
#[derive(Debug, Clone, Copy)]
struct Around {
    number: LoopNumber,
    /// What it is left with.
    gives: Option<Type>,
    is_block: bool,
}

/// What may be mentioned at a place.
#[derive(Debug, Clone, Default)]
struct Scope {
    readable: Vec<Variable>,
    settable: Vec<Variable>,
    around: Vec<Around>,
    /// Whether it may be reached again, also from outside of a branch.
    repeats: bool,
    /// What the branch or the iteration around it gives; the program gives anything.
    gives: Option<Type>,
    /// Whether a child execution of a distributed map runs it, which compensates nothing.
    in_child: bool,
}

impl Scope {
    fn with(&self, variables: impl IntoIterator<Item = Variable>) -> Self {
        let mut inside = self.clone();
        inside.readable.extend(variables);
        inside
    }

    /// What there is of a type.
    fn known(&self, ty: Type) -> Vec<Variable> {
        self.readable.iter().copied().filter(|variable| variable.ty == ty).collect()
    }
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

    fn variable(&mut self, ty: Type) -> Variable {
        self.variables += 1;
        Variable { number: self.variables - 1, ty }
    }

    fn loop_number(&mut self) -> LoopNumber {
        self.loops += 1;
        self.loops - 1
    }

    /// One of some, the latest first.
    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[from.len() - 1 - self.one_of(from.len())])
    }

    fn held(&mut self) -> &'static Type {
        HELD[self.one_of(HELD.len())]
    }

    /// A type that a variable may have.
    fn ty(&mut self) -> Type {
        match self.one_of(14) {
            0..=4 => Type::Number,
            5 => Type::Flag,
            6 => Type::Text,
            7 => Type::Place,
            8 => Type::Parcel,
            9 => [Type::Event, Type::Mark, Type::Signal][self.one_of(3)],
            10 | 11 => Type::Maybe(self.held()),
            _ => Type::Many(self.held()),
        }
    }

    /// A block inside of another; with a value of a type, unless it does not reach its end.
    fn block(&mut self, scope: &Scope, depth: usize, gives: Option<Type>) -> Block {
        let mut scope = scope.clone();
        let mut statements: Vec<Statement> = Vec::new();
        let most = self.one_of(4);
        while statements.len() < most && !statements.last().is_some_and(Statement::diverges) {
            statements.push(self.statement(&mut scope, depth + 1));
        }
        let reaches_end = !statements.last().is_some_and(Statement::diverges);
        let value = gives.filter(|_| reaches_end).map(|ty| self.stored(&scope, ty, 1));
        Block { statements, value }
    }
}
