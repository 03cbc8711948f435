//! The programs: statements and expressions as the subset has them, with nothing left to chance.
//!
//! Separate from both meanings, the native one and the builder's, which go through the same tree.

/// A variable, numbered in the order of the text.
pub(super) type Variable = usize;

/// A loop, numbered likewise.
pub(super) type LoopNumber = usize;

/// The input is a pair, which these are.
pub(super) const INPUTS: [Variable; 2] = [0, 1];

#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) body: Block,
    /// What it gives at its end: all that is known there.
    pub(super) gives: Vec<Expr>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    pub(super) value: Option<Expr>,
}

#[derive(Debug, Clone)]
pub(super) enum Expr {
    Number(i32),
    Variable(Variable),
    Add(Box<Expr>, Box<Expr>),
    Subtract(Box<Expr>, Box<Expr>),
    Times(Box<Expr>, i32),
    Divide(Box<Expr>, i32),
    If(Box<Condition>, Box<Expr>, Box<Expr>),
    /// The largest of some, by a closure over a list.
    Largest(Vec<Expr>),
}

#[derive(Debug, Clone)]
pub(super) enum Condition {
    Less(Expr, Expr),
    Equal(Expr, Expr),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    /// One of some, by a closure over a list.
    Any(Vec<Expr>, Expr),
}

#[derive(Debug, Clone)]
pub(super) enum Statement {
    Let(Variable, Expr),
    LetMut(Variable, Expr),
    Set(Variable, Expr),
    /// `let key = uuid();`
    Key(Variable),
    /// `take(&key, n).await?`
    Take(Variable, Expr),
    Call(Call),
    If {
        condition: Condition,
        then: Block,
        otherwise: Block,
        value: Option<Variable>,
    },
    /// `match n { 0 => .., 1 | 2 => .., _ => .. }`
    Match {
        subject: Expr,
        arms: Vec<(Vec<i32>, Block)>,
        default: Block,
        value: Option<Variable>,
    },
    /// `while left > 0 && condition { left -= 1; .. }`, or an endless loop that breaks when nothing is left.
    Loop {
        number: LoopNumber,
        left: Variable,
        turns: i32,
        condition: Option<Condition>,
        body: Block,
        value: Option<Variable>,
    },
    Each {
        number: LoopNumber,
        items: Vec<Expr>,
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
    Break(LoopNumber, Option<Expr>),
    Continue(LoopNumber),
    Return(Expr),
    Fail(&'static str),
    Join {
        branches: Vec<(Block, Variable)>,
    },
    Map {
        items: Vec<Expr>,
        item: Variable,
        body: Block,
        sum: Variable,
    },
    Sleep(i32),
    Commit,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) is_retried: bool,
    pub(super) argument: Expr,
    pub(super) undo: Option<Undo>,
    pub(super) undo_unknown: Option<Expr>,
    pub(super) then: Then,
}

#[derive(Debug, Clone)]
pub(super) enum Undo {
    Output,
    Value(Expr),
}

/// What becomes of a call's result.
#[derive(Debug, Clone)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caught {
    Refused(Variable),
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

impl Program {
    /// Whether several things happen at once.
    pub(super) fn fans_out(&self) -> bool {
        self.body.has(&|statement| matches!(statement, Statement::Join { .. } | Statement::Map { .. }))
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

impl Statement {
    fn blocks(&self) -> Vec<&Block> {
        match self {
            Self::If { then, otherwise, .. } => vec![then, otherwise],
            Self::Match { arms, default, .. } => arms.iter().map(|(_, arm)| arm).chain([default]).collect(),
            Self::Loop { body, .. }
            | Self::Each { body, .. }
            | Self::Range { body, .. }
            | Self::Map { body, .. } => {
                vec![body]
            }
            Self::Join { branches } => branches.iter().map(|(branch, _)| branch).collect(),
            Self::Call(Call { then: Then::Match { ok, arms, rest, .. }, .. }) => {
                let arms = arms.iter().map(|(_, arm)| arm);
                let rest = match rest {
                    Rest::Handled(block) => Some(block),
                    _ => None,
                };
                [ok].into_iter().chain(arms).chain(rest).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn diverges(&self) -> bool {
        match self {
            Self::Break(..) | Self::Continue(_) | Self::Return(_) | Self::Fail(_) => true,
            Self::If { then, otherwise, .. } => then.diverges() && otherwise.diverges(),
            Self::Match { arms, default, .. } => {
                default.diverges() && arms.iter().all(|(_, arm)| arm.diverges())
            }
            Self::Call(Call { then: Then::Match { ok, arms, rest, .. }, .. }) => {
                let rest = match rest {
                    Rest::Handled(block) => block.diverges(),
                    Rest::Propagates | Rest::Rethrown => true,
                };
                ok.diverges() && arms.iter().all(|(_, arm)| arm.diverges()) && rest
            }
            _ => false,
        }
    }
}
