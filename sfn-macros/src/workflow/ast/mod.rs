//! The workflow subset of Rust as a tree of our own, read from the user's function.
//! Separate so that judging and generating see twenty kinds of expressions and not syn's forty.
//!
//! Reading never fails: what is outside the subset becomes `Foreign` and waits for the check.

mod call;
mod chain;
mod condition;
mod context;
mod distributed;
mod extent;
mod fixed;
mod format;
mod function;
mod json;
mod macros;
mod method;
mod pattern;
mod reader;
mod repeat;
mod scope;
mod service;
mod short;
mod value_pattern;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{BinOp, Lifetime, Lit, Member, Path, Type};

pub(super) use call::{is_map, is_named_in_twin};
pub(super) use chain::chain_methods;
pub(super) use context::Context;
pub(super) use distributed::{ItemReader, Items, MapDistributed, MapOption, Source};
pub(super) use extent::{Extent, Place};
pub(super) use fixed::{Fixed, PolicyOption, Unit};
pub(super) use format::{Filled, FormatFault, Piece};
pub(super) use function::{output, read, read_calculation};
pub(super) use json::{Json, Key};
pub(super) use macros::arguments;
pub(super) use method::{METHODS, changing_methods};
pub(super) use pattern::is_variant;
pub(super) use service::Jsonata;

/// A workflow as the user wrote it.
#[derive(Debug)]
pub(super) struct Workflow {
    pub(super) inputs: Vec<Input>,
    /// `U` of `-> Result<U, Failed>`.
    pub(super) output: Option<Type>,
    pub(super) body: Block,
}

/// A parameter of a workflow: one, unless it is inlined.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: Ident,
    /// The type of its values: of a reference, what it refers to.
    pub(super) ty: Type,
    pub(super) is_reference: bool,
}

/// A parameter of an `#[expr]` function.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: Ident,
    /// Its type, owned, where that can be said.
    pub(super) ty: Option<Type>,
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) statements: Vec<Statement>,
    pub(super) tail: Option<Expr>,
}

#[derive(Debug)]
pub(super) enum Statement {
    Let {
        pattern: Pattern,
        /// What is written behind the name, where the value does not tell all of it.
        ty: Option<Box<Type>>,
        value: Expr,
    },
    /// `let Some(code) = order.coupon else { .. };`
    LetElse(Box<LetElse>),
    /// `let mut total: u32 = 0;`
    LetMut {
        name: Ident,
        ty: Option<Box<Type>>,
        value: Expr,
    },
    Expr(Expr),
    /// `const LIMIT: u32 = 3;` and `use`: the twin has them too.
    Item(TokenStream),
    Foreign(Foreign),
}

/// `let Some(code) = order.coupon else { .. };`
#[derive(Debug)]
pub(super) struct LetElse {
    pub(super) pattern: ValuePattern,
    pub(super) value: Expr,
    pub(super) text: String,
    pub(super) otherwise: Block,
}

/// An expression and where it stands.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) extent: Extent,
    /// Which expression of the user's function it is, unless it stands inside a macro.
    pub(super) place: Option<Place>,
    pub(super) kind: ExprKind,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    /// `()`
    Unit,
    /// A variable of the workflow.
    Local(Ident),
    /// Any other path: a constant, a unit struct, a unit variant, or a name that rustc will not find.
    Constant(Path),
    Literal(Lit),
    None,
    Some(Box<Expr>),
    Field(Box<Expr>, Member),
    /// `Confirmation { order_id }` or `Event::Created { id }`
    Record {
        path: Path,
        fields: Vec<(Member, Expr)>,
        /// `..order`
        base: Option<Box<Expr>>,
    },
    /// `BTreeMap::from([(key, value)])`
    Map(Vec<(Expr, Expr)>),
    /// `serde_json::json!({ .. })`
    Json(Box<Json>),
    /// `(0..n).rev()`: the numbers of a range, as a list.
    Range {
        from: Box<Expr>,
        end: Box<Expr>,
        inclusive: bool,
    },
    /// `Order::default()`: what is made while the workflow is built.
    Made(Box<syn::Expr>),
    /// `text.parse::<u32>().ok()`
    Parse(Box<Expr>, Box<Type>),
    /// `Cents(5)` or `Event::Paid(charge)`
    Constructor {
        path: Path,
        arguments: Vec<Expr>,
    },
    Tuple(Vec<Expr>),
    Array(Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Box<Expr>, BinOp, Box<Expr>),
    Format(Result<Vec<Piece>, FormatFault>),
    /// `order.lines.len()`, `code.unwrap_or(..)`: a method that the builder has under the same name.
    Method {
        receiver: Box<Expr>,
        name: Ident,
        arguments: Vec<Expr>,
    },
    /// `lines.iter().map(|line| ..)`, `lines.take(3)`: a method that writes a lambda.
    Chain(Box<Chain>),
    /// `order.lines[0]`
    Index(Box<Expr>, Box<Expr>),
    /// `count as u64`
    Cast(Box<Expr>, Box<Type>),
    /// `x.to_string()`
    Text(Box<Expr>),
    /// `task_token()`
    TaskToken,
    /// `now()`, `execution().id()`
    Context(Box<Context>),
    /// `jsonata!("$sum($xs)", xs = &numbers)?`
    Jsonata(Box<Jsonata>),
    If(Box<If>),
    IfLet(Box<IfLet>),
    MatchTask(Box<MatchTask>),
    MatchLiteral(Box<MatchLiteral>),
    MatchValue(Box<MatchValue>),
    Block(Box<Block>),
    Return(Option<Box<Expr>>),
    Loop(Box<Loop>),
    /// `'name: { .. }`
    Labelled(Lifetime, Box<Block>),
    /// `break 'outer value`
    Break(Option<Lifetime>, Option<Box<Expr>>),
    /// `continue 'outer`
    Continue(Option<Lifetime>),
    /// `total = value`, `total += value`; the place is a variable or a field of one.
    Assign {
        place: Box<Expr>,
        operator: Option<BinOp>,
        value: Box<Expr>,
    },
    /// `found.push(value)`: a place, and the value it is given.
    Change {
        place: Box<Expr>,
        value: Box<Expr>,
        /// Whether the method gives something besides.
        gives: bool,
    },
    Ok(Box<Expr>),
    Err(Box<Expr>),
    /// `saga::commit()`
    Commit,
    /// `fail(error, cause)`
    Fail(Box<Expr>, Box<Expr>),
    /// Something to be awaited, not awaited yet.
    Action(Action),
    /// `action.await`, with or without `?`.
    Step {
        awaited: Box<Expr>,
        propagates: bool,
    },
    /// `option.ok_or(fail(..))`
    OkOr(Box<OkOr>),
    /// `x?` without `.await`.
    Try(Box<Expr>),
    Foreign(Foreign),
}

/// What takes time, or can fail.
#[derive(Debug)]
pub(super) enum Action {
    Call(Box<Call>),
    /// `sleep(secs(30))`
    Sleep(Box<Constant>),
    Join(Vec<Branch>),
    Map(Box<Map>),
    MapDistributed(Box<MapDistributed>),
}

/// One branch of a `join!`.
#[derive(Debug)]
pub(super) enum Branch {
    /// `notify(&order)`: what is awaited by itself elsewhere.
    Awaited(Expr),
    /// `async { .. }`
    Block(Block),
}

/// A task's call with its options.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) task: Path,
    pub(super) arguments: Vec<Expr>,
    pub(super) options: Vec<CallOption>,
    /// Options that only calls of services have.
    pub(super) parts: Vec<Part>,
    pub(super) compensations: Vec<Compensation>,
    /// `.start()`: a workflow that is not waited for.
    pub(super) starts: bool,
}

/// `.attribute("kind", &order.kind)`
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: Ident,
    pub(super) values: Vec<Expr>,
}

/// `.timeout(secs(5))`
#[derive(Debug)]
pub(super) struct CallOption {
    pub(super) name: Ident,
    pub(super) constant: Constant,
}

/// What is said once for every execution.
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) extent: Extent,
    pub(super) place: Option<Place>,
    pub(super) value: Fixed,
    /// The first workflow variable it mentions.
    pub(super) variable: Option<Ident>,
}

/// `.compensate(|reservation| release_inventory(&reservation.id))`
#[derive(Debug)]
pub(super) struct Compensation {
    pub(super) name: Ident,
    pub(super) undo: Result<(Pattern, Expr), Extent>,
}

#[derive(Debug)]
pub(super) struct Map {
    pub(super) items: Expr,
    pub(super) body: Result<(Pattern, Block), Extent>,
    pub(super) options: Vec<CallOption>,
}

/// `lines.iter().fold(0_u32, |sum, line| ..)`
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) receiver: Expr,
    pub(super) name: Ident,
    pub(super) arguments: Vec<Expr>,
    pub(super) closure: Option<Result<Closure, Extent>>,
}

/// A closure that calculates.
#[derive(Debug)]
pub(super) struct Closure {
    pub(super) parameters: Vec<Pattern>,
    pub(super) body: Expr,
}

#[derive(Debug)]
pub(super) struct If {
    pub(super) condition: Expr,
    pub(super) text: String,
    pub(super) then: Block,
    /// A block or another `if`.
    pub(super) otherwise: Option<Expr>,
}

/// `if let Some(code) = order.coupon && code.is_empty() { .. }`
#[derive(Debug)]
pub(super) struct IfLet {
    pub(super) tests: Vec<Test>,
    pub(super) text: String,
    pub(super) then: Block,
    /// A block or another `if`.
    pub(super) otherwise: Option<Expr>,
}

/// A part of a condition that binds names; each part sees those before it.
#[derive(Debug)]
pub(super) enum Test {
    Let(ValuePattern, Expr),
    Holds(Expr),
}

/// `option.ok_or(fail(..))`
#[derive(Debug)]
pub(super) struct OkOr {
    pub(super) option: Expr,
    pub(super) text: String,
    /// What `fail(..)` or a closure of it gives.
    pub(super) failure: Expr,
}

/// `while`, `loop` and `for`.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) label: Option<Lifetime>,
    pub(super) kind: LoopKind,
    pub(super) body: Block,
}

#[derive(Debug)]
pub(super) enum LoopKind {
    /// `loop`
    Endless,
    /// `while attempts < 3`
    While { condition: Expr, text: String },
    /// `while let Some(page) = next`
    WhileLet { tests: Vec<Test>, text: String },
    /// `for line in order.lines`
    For { item: Pattern, items: Expr },
    /// `for (at, line) in order.lines.iter().enumerate()`
    Enumerated { at: Pattern, item: Pattern, items: Expr },
    /// `for at in 0..3`
    Range { at: Pattern, from: Expr, end: Expr, inclusive: bool },
}

/// `match charge_payment(..).await { .. }`
#[derive(Debug)]
pub(super) struct MatchTask {
    pub(super) awaited: Expr,
    pub(super) arms: Vec<TaskArm>,
}

#[derive(Debug)]
pub(super) struct TaskArm {
    pub(super) span: Span,
    pub(super) pattern: TaskPattern,
    pub(super) body: Expr,
}

#[derive(Debug)]
pub(super) enum TaskPattern {
    Ok(Pattern),
    /// `Err(other)` and `Err(_)`
    Err(Option<Ident>),
    Cases(Vec<Case>),
    Foreign(Extent, &'static str),
}

/// One of the alternatives of `Err(A | B)`.
#[derive(Debug)]
pub(super) enum Case {
    Variant { name: Ident, fields: Vec<(Member, Pattern)> },
    AnyTask,
    Timeout,
    HeartbeatTimeout,
    Foreign(Extent, &'static str),
}

/// `match order.kind.as_str() { "gift" => .. }`
#[derive(Debug)]
pub(super) struct MatchLiteral {
    pub(super) subject: Expr,
    pub(super) text: String,
    pub(super) arms: Vec<LiteralArm>,
}

#[derive(Debug)]
pub(super) struct LiteralArm {
    pub(super) pattern: LiteralPattern,
    pub(super) body: Expr,
}

#[derive(Debug)]
pub(super) enum LiteralPattern {
    Literals(Vec<Lit>),
    /// `_` or `other`
    Any(Option<Ident>),
    Foreign(Extent, &'static str),
}

/// `match event { Event::Paid(charge) if charge.total > 0 => .. }`
#[derive(Debug)]
pub(super) struct MatchValue {
    pub(super) subject: Expr,
    pub(super) text: String,
    pub(super) arms: Vec<ValueArm>,
}

#[derive(Debug)]
pub(super) struct ValueArm {
    pub(super) pattern: ValuePattern,
    pub(super) guard: Option<Expr>,
    pub(super) body: Expr,
}

/// What a value is tested for, and what of it is bound.
#[derive(Debug)]
pub(super) enum ValuePattern {
    Any,
    Name(Ident),
    Literal(Lit),
    /// A constant, by its path.
    Constant(Path),
    Range {
        from: Option<Box<Expr>>,
        end: Option<Box<Expr>>,
        inclusive: bool,
    },
    None,
    Some(Box<Self>),
    /// A variant by its name, and its fields.
    Variant(Ident, Vec<(Member, Self)>),
    /// The fields of a struct or the places of a tuple.
    Fields(Vec<(Member, Self)>),
    Or(Vec<Self>),
    Foreign(Extent, &'static str),
}

/// What a value is taken apart into.
#[derive(Debug)]
pub(super) enum Pattern {
    Name(Ident),
    Ignored,
    Parts(Vec<(Member, Pattern)>),
    Foreign(Extent, &'static str),
}

/// A piece of Rust outside the subset.
#[derive(Debug)]
pub(super) enum Foreign {
    Expr(Box<syn::Expr>),
    Macro(Box<syn::Macro>),
    Item(Extent),
    Let(Extent, &'static str),
    Attribute(Extent),
    /// What rustc refuses where it matters: one of our functions with other arguments, a duration as a value.
    Judged,
}
