//! The programs: statements and expressions as the subset has them, with nothing left to chance.
//!
//! Separate from what they mean, natively and to the builder, and from their text: each goes through the same tree.

use super::methods::{Closure, Method};
use super::payloads::Type;

/// A variable, numbered in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variable {
    pub(super) number: usize,
    pub(super) ty: Type,
}

/// A loop or a labelled block, numbered likewise.
pub(super) type LoopNumber = usize;

/// The input is a pair, which these are.
pub(super) const INPUTS: [Variable; 2] =
    [Variable { number: 0, ty: Type::Number }, Variable { number: 1, ty: Type::Number }];

#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) body: Block,
    /// What it gives at its end: of all that is known there, some.
    pub(super) gives: Vec<Variable>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    pub(super) value: Option<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Times,
    Divide,
    Remainder,
    Less,
    Equal,
    And,
    Or,
}

#[derive(Debug, Clone)]
pub(super) enum Expr {
    Number(i32),
    Flag(bool),
    Text(&'static str),
    None,
    Variable(Variable),
    Uuid,
    Binary(Operator, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Field(Box<Expr>, &'static str),
    /// A struct or an enum: `Place { x: 1, y }`, `Parcel { name, ..other }`, `Event::Placed(place)`.
    Made {
        ty: Type,
        variant: &'static str,
        parts: Vec<(&'static str, Expr)>,
        base: Option<Box<Expr>>,
    },
    Pair(Box<Expr>, Box<Expr>),
    Some(Box<Expr>),
    List(Vec<Expr>),
    Format(Vec<Expr>),
    Method(&'static Method, Vec<Expr>),
    /// `list.iter().map(|item| ..)`
    Closure {
        method: &'static Closure,
        of: Box<Expr>,
        item: Variable,
        body: Box<Calculation>,
    },
    Fold {
        list: Box<Expr>,
        from: Box<Expr>,
        all: Variable,
        item: Variable,
        body: Box<Expr>,
    },
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Match(Box<Match<Expr>>),
}

/// The body of a closure: `{ let a = ..; let b = option?; if c { return d; } value }`.
#[derive(Debug, Clone)]
pub(super) struct Calculation {
    pub(super) steps: Vec<Calculated>,
    pub(super) value: Expr,
}

#[derive(Debug, Clone)]
pub(super) enum Calculated {
    Let(Variable, Expr),
    /// `let held = option?;`
    Held(Variable, Expr),
    /// `if condition { return value; }`
    ReturnIf(Expr, Expr),
}

/// A match on a value; the last arm has no guard and takes what is left.
#[derive(Debug, Clone)]
pub(super) struct Match<B> {
    pub(super) subject: Expr,
    pub(super) arms: Vec<Arm<B>>,
}

#[derive(Debug, Clone)]
pub(super) struct Arm<B> {
    pub(super) pattern: Pattern,
    pub(super) guard: Option<Expr>,
    pub(super) body: B,
}

#[derive(Debug, Clone)]
pub(super) enum Pattern {
    Any,
    Bind(Variable),
    Number(i32),
    Flag(bool),
    /// `from..=to`
    Range(i32, i32),
    None,
    Some(Box<Pattern>),
    /// A struct, a variant or a pair.
    Made(Type, &'static str, Vec<(&'static str, Pattern)>),
    Or(Vec<Pattern>),
}

/// A part of the condition of an `if let` or a `while let`.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Let(Pattern, Expr),
    Holds(Expr),
}

#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "programs are small, and read at once")]
pub(super) enum Statement {
    Let(Variable, Expr),
    LetMut(Variable, Expr),
    Set(Variable, Expr),
    /// `parcel.place.x = ..`
    SetField(Variable, Vec<&'static str>, Expr),
    Push(Variable, Expr),
    LetElse {
        pattern: Pattern,
        subject: Expr,
        otherwise: Block,
    },
    /// `let held = option.ok_or(fail(..))?;`
    OkOr(Variable, Expr, &'static str),
    Call(Box<Call>),
    /// `take(&key, n).await?`
    Take(Expr, Expr),
    If {
        condition: Expr,
        then: Block,
        otherwise: Block,
        value: Option<Variable>,
    },
    IfLet {
        tests: Vec<Test>,
        then: Block,
        otherwise: Block,
        value: Option<Variable>,
    },
    /// `match n { 0 => .., 1 | 2 => .., _ => .. }`
    Switch {
        subject: Expr,
        arms: Vec<(Vec<Expr>, Block)>,
        default: Block,
        value: Option<Variable>,
    },
    Match {
        of: Match<Block>,
        value: Option<Variable>,
    },
    /// `while left > 0 && .. { left -= 1; .. }`, or an endless loop that breaks when nothing is left.
    Loop {
        number: LoopNumber,
        left: Variable,
        turns: i32,
        until: Until,
        body: Block,
        value: Option<Variable>,
    },
    Each {
        number: LoopNumber,
        items: Expr,
        place: Option<Variable>,
        item: Variable,
        body: Block,
    },
    Range {
        number: LoopNumber,
        from: i32,
        to: Expr,
        item: Variable,
        body: Block,
    },
    Labelled {
        number: LoopNumber,
        body: Block,
        value: Option<Variable>,
    },
    Break(LoopNumber, Option<Expr>),
    Continue(LoopNumber),
    Return(Expr),
    Fail(&'static str),
    FanOut(FanOut, Several),
    Sleep(i32),
    Commit,
}

/// What lets a loop go on besides the turns that are left.
#[derive(Debug, Clone)]
pub(super) enum Until {
    Broken(Option<Expr>),
    Not(Expr),
    Unfit(Vec<Test>),
}

/// Several things at once.
#[derive(Debug, Clone)]
pub(super) enum FanOut {
    Join(Vec<Block>),
    Map(Iteration),
    Distributed {
        of: Iteration,
        /// Whether a child works on two items at a time.
        is_batched: bool,
        tolerate: Option<u32>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Iteration {
    pub(super) items: Expr,
    pub(super) item: Variable,
    pub(super) body: Block,
    /// What it gives for each item.
    pub(super) gives: Type,
    pub(super) max_concurrency: Option<u8>,
}

/// What becomes of what they give.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "programs are small, and read at once")]
pub(super) enum Several {
    /// Of a join each branch's value, of a map the list of them; of a tolerant one the errors of the others too.
    Propagate(Vec<Variable>),
    Ignore,
    Match(Settling),
}

#[derive(Debug, Clone)]
pub(super) struct Settling {
    pub(super) bound: Vec<Variable>,
    pub(super) ok: Block,
    pub(super) failed: Rest,
    pub(super) value: Option<Variable>,
}

/// The tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Task {
    Step,
    Retried,
    Counted,
    Pack,
    Route,
    Find,
    Sort,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) task: Task,
    pub(super) arguments: Vec<Expr>,
    /// What the output is called in `.compensate(|output| undo(..))`, and what is given there.
    pub(super) undo: Option<(Variable, Expr)>,
    pub(super) undo_unknown: Option<Expr>,
    pub(super) then: Then,
}

/// What becomes of a call's result.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "programs are small, and read at once")]
pub(super) enum Then {
    /// `let n = call.await?;`
    Propagate(Option<Variable>),
    /// `let _ = call.await;`
    Ignore,
    Match {
        bound: Variable,
        ok: Block,
        arms: Vec<(Caught, Block)>,
        rest: Rest,
        value: Option<Variable>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Caught {
    /// The code, and the reason.
    Refused(Variable, Variable),
    BusyOrMissing,
    AnyDeclared,
    Timeout,
}

/// What becomes of failures that no arm names.
#[derive(Debug, Clone)]
pub(super) enum Rest {
    Propagates,
    Rethrown,
    Handled(Block),
}

impl Task {
    /// What it takes and what it gives.
    pub(super) fn signature(self) -> (&'static [Type], Type) {
        match self {
            Self::Step | Self::Retried | Self::Counted => (&[Type::Number], Type::Number),
            Self::Pack => (&[Type::Text, Type::Number], Type::Parcel),
            Self::Route => (&[Type::Parcel], Type::Signal),
            Self::Find => (&[Type::Number], Type::Maybe(&Type::Place)),
            Self::Sort => (&[Type::Many(&Type::Number), Type::Mark], Type::Many(&Type::Parcel)),
        }
    }
}

impl Program {
    /// Whether several things happen at once.
    pub(super) fn fans_out(&self) -> bool {
        self.body.has(&|statement| matches!(statement, Statement::FanOut(..)))
    }
}

impl Block {
    /// Whether some statement of it, or of what stands in it, is so.
    pub(super) fn has(&self, is_so: &dyn Fn(&Statement) -> bool) -> bool {
        self.statements
            .iter()
            .any(|statement| is_so(statement) || statement.blocks().iter().any(|block| block.has(is_so)))
    }

    /// Whether anything in it is undone.
    pub(super) fn compensates(&self) -> bool {
        self.has(&|statement| {
            matches!(statement, Statement::Call(call) if call.undo.is_some() || call.undo_unknown.is_some())
        })
    }

    /// Whether nothing behind it is reached.
    pub(super) fn diverges(&self) -> bool {
        self.statements.last().is_some_and(Statement::diverges)
    }
}

impl Rest {
    fn block(&self) -> Option<&Block> {
        match self {
            Self::Handled(block) => Some(block),
            Self::Propagates | Self::Rethrown => None,
        }
    }

    fn diverges(&self) -> bool {
        self.block().is_none_or(Block::diverges)
    }
}

impl FanOut {
    pub(super) fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::Join(branches) => branches.iter().collect(),
            Self::Map(of) | Self::Distributed { of, .. } => vec![&of.body],
        }
    }

    /// Whether its branches run to their ends when one fails.
    pub(super) fn settles(&self) -> bool {
        self.blocks().into_iter().any(Block::compensates)
    }
}

impl Statement {
    fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::If { then, otherwise, .. } | Self::IfLet { then, otherwise, .. } => vec![then, otherwise],
            Self::LetElse { otherwise, .. } => vec![otherwise],
            Self::Switch { arms, default, .. } => arms.iter().map(|(_, arm)| arm).chain([default]).collect(),
            Self::Match { of, .. } => of.arms.iter().map(|arm| &arm.body).collect(),
            Self::Loop { body, .. }
            | Self::Each { body, .. }
            | Self::Range { body, .. }
            | Self::Labelled { body, .. } => vec![body],
            Self::FanOut(fan_out, several) => {
                let mut blocks = fan_out.blocks();
                if let Several::Match(Settling { ok, failed, .. }) = several {
                    blocks.extend([Some(ok), failed.block()].into_iter().flatten());
                }
                blocks
            }
            Self::Call(call) => match &call.then {
                Then::Match { ok, arms, rest, .. } => {
                    [ok].into_iter().chain(arms.iter().map(|(_, arm)| arm)).chain(rest.block()).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    pub(super) fn diverges(&self) -> bool {
        match self {
            Self::Break(..) | Self::Continue(_) | Self::Return(_) | Self::Fail(_) => true,
            Self::If { then, otherwise, .. } | Self::IfLet { then, otherwise, .. } => {
                then.diverges() && otherwise.diverges()
            }
            Self::Switch { arms, default, .. } => {
                default.diverges() && arms.iter().all(|(_, arm)| arm.diverges())
            }
            Self::Match { of, .. } => of.arms.iter().all(|arm| arm.body.diverges()),
            Self::FanOut(_, Several::Match(Settling { ok, failed, .. })) => {
                ok.diverges() && failed.diverges()
            }
            Self::Call(call) => match &call.then {
                Then::Match { ok, arms, rest, .. } => {
                    ok.diverges() && arms.iter().all(|(_, arm)| arm.diverges()) && rest.diverges()
                }
                _ => false,
            },
            _ => false,
        }
    }
}
