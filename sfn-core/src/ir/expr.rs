//! Pure expressions over workflow variables, already in wire terms (field names as serde writes them).
//!
//! Separate from `val`, which checks the types while building them, and from `lower`, which prints them as JSONata.

use std::sync::Arc;

use serde_json::Value;

/// A workflow variable, numbered in the order of the Rust text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VariableId(pub(crate) u32);

/// An expression; cloning shares it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr(Arc<ExprKind>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExprKind {
    Literal(Value),
    Variable(VariableId),
    Source(Source),
    /// A field by its wire name; `absent` stands in when the wire has none.
    Field {
        of: Expr,
        wire: String,
        absent: Option<Value>,
    },
    /// An element of a tuple.
    Index {
        of: Expr,
        index: usize,
    },
    /// An element of a list, counted from zero.
    Element {
        of: Expr,
        at: Expr,
    },
    /// The whole numbers from one to another, both among them.
    Range {
        from: Expr,
        last: Expr,
    },
    /// A function of JSONata, by its name without the `$`.
    Function {
        name: &'static str,
        arguments: Vec<Expr>,
    },
    /// A function written in place: the argument of one that calls it, for each element of a list.
    Lambda {
        parameters: Vec<VariableId>,
        body: Expr,
    },
    /// What a function gave for the elements of a list, as a list: JSONata by itself gives nothing for none, and the
    /// element for one.
    Collected(Sequence),
    /// The first of what a function gave, or something else.
    FirstOr(Sequence, Element),
    /// A regular expression.
    Pattern(&'static str),
    /// A text by whose UTF-16 units JSONata orders as Rust orders the string it was made of.
    Ordinal(Expr),
    /// A value where a condition holds, and else nothing at all.
    When {
        condition: Expr,
        then: Expr,
    },
    /// An object of one entry whose name is calculated.
    Entry {
        key: Expr,
        value: Expr,
    },
    /// Whether a field is there at all.
    Exists(Expr),
    Not(Expr),
    Negate(Expr),
    Binary {
        operator: Operator,
        left: Expr,
        right: Expr,
    },
    /// Integer division that truncates toward zero, as Rust's does.
    Quotient {
        left: Expr,
        right: Expr,
        signed: bool,
    },
    /// `to_string()` of something that is not a string.
    Text(Expr),
    /// Strings and things with the same text in both languages, one after the other.
    Concat(Vec<Expr>),
    Array(Vec<Element>),
    Object(Vec<(String, Expr)>),
    /// Objects laid over each other.
    Merge(Vec<Expr>),
    If {
        condition: Expr,
        then: Expr,
        otherwise: Expr,
    },
    /// A text whose `${Name}` is filled in when the state machine is deployed.
    Placeholder(String),
    /// JSONata as somebody wrote it, and what its free names stand for.
    Raw {
        text: Arc<str>,
        names: Vec<(String, Expr)>,
    },
    /// Values named for the length of one expression.
    Local {
        bindings: Vec<(VariableId, Expr)>,
        body: Expr,
    },
}

/// What one of JSONata's functions gives for the elements of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sequence {
    pub(crate) expr: Expr,
    /// Whether an element may be a list itself, which JSONata would take for the whole when it is the only one.
    pub(crate) nested: bool,
}

/// An element of an array literal, and whether JSONata's constructor would flatten it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Element {
    /// Never an array.
    Plain(Expr),
    /// Always an array.
    Array(Expr),
    /// Known only at run time.
    Unknown(Expr),
}

/// What only some fields of some states can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// `$states.input`
    Input,
    /// `$states.context.Execution.Input`
    ExecutionInput,
    /// `$states.result`
    Result,
    /// `$states.result.Payload`, a handler's answer to Request Response.
    Payload,
    /// `$states.errorOutput`
    ErrorOutput,
    /// The declared fields of a caught task error.
    ErrorFields,
    /// `$states.context.Execution.Id`
    ExecutionId,
    /// `$states.context.Execution.Name`
    ExecutionName,
    /// `$states.context.Execution.StartTime`
    StartTime,
    /// `$states.context.StateMachine.Id`
    MachineId,
    /// `$states.context.StateMachine.Name`
    MachineName,
    /// `$states.context.State.RetryCount`, how often the Task was tried before.
    RetryCount,
    /// `$states.context.Task.Token`
    TaskToken,
    /// What a `TaskContext` is made of: the execution, the State, its retries.
    TaskContext,
    /// Which State makes a call, and when the execution came to it.
    Visit,
    /// The same in the body of a Map State, with the item's place.
    VisitOfItem,
    /// `$states.context.Map.Item.Index`, an item's place in a Map State.
    ItemIndex,
    /// `$states.context.Map.Item.Value`, an item, where it is handed to a child execution.
    Item,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    And,
    Or,
}

impl Operator {
    /// What two whole numbers give, where that is a whole number in Rust and in JSONata alike.
    pub(crate) fn of_whole_numbers(self, one: i64, other: i64) -> Option<i64> {
        match self {
            Self::Add => one.checked_add(other),
            Self::Subtract => one.checked_sub(other),
            Self::Multiply => one.checked_mul(other),
            Self::Remainder => one.checked_rem(other),
            _ => None,
        }
    }
}

/// What two literals give, where that is a number which JSONata has.
fn calculated(operator: Operator, left: &Expr, right: &Expr) -> Option<i64> {
    let number = operator.of_whole_numbers(left.as_literal()?.as_i64()?, right.as_literal()?.as_i64()?)?;
    (number.unsigned_abs() < 1 << 53).then_some(number)
}

/// Whether a text of JSONata asks for the time, or for chance, however it comes by the function.
fn draws(text: &str, names: &[(String, Expr)]) -> bool {
    // What cannot be read was reported where it was written.
    let references =
        text.parse::<sfn_jsonata::Expression>().map(|read| read.references()).unwrap_or_default();
    references.iter().any(|reference| {
        matches!(&*reference.name, "now" | "millis" | "uuid" | "random")
            && !names.iter().any(|(name, _)| **name == *reference.name)
    })
}

impl Source {
    /// Whether it is the same in every state of an execution, and another in the children of a distributed map.
    pub(crate) fn is_of_execution(self) -> bool {
        matches!(
            self,
            Self::ExecutionInput
                | Self::ExecutionId
                | Self::ExecutionName
                | Self::StartTime
                | Self::MachineId
                | Self::MachineName
        )
    }
}

impl Sequence {
    pub(crate) fn with(&self, expr: Expr) -> Self {
        Self { expr, nested: self.nested }
    }
}

impl Element {
    pub(crate) fn expr(&self) -> &Expr {
        match self {
            Self::Plain(expr) | Self::Array(expr) | Self::Unknown(expr) => expr,
        }
    }

    pub(crate) fn with(&self, expr: Expr) -> Self {
        match self {
            Self::Plain(_) => Self::Plain(expr),
            Self::Array(_) => Self::Array(expr),
            Self::Unknown(_) => Self::Unknown(expr),
        }
    }
}

impl Expr {
    pub(crate) fn new(kind: ExprKind) -> Self {
        Self(Arc::new(kind))
    }

    pub(crate) fn kind(&self) -> &ExprKind {
        &self.0
    }

    pub(crate) fn null() -> Self {
        Self::literal(Value::Null)
    }

    pub(crate) fn literal(value: impl Into<Value>) -> Self {
        Self::new(ExprKind::Literal(value.into()))
    }

    pub(crate) fn variable(id: VariableId) -> Self {
        Self::new(ExprKind::Variable(id))
    }

    pub(crate) fn source(source: Source) -> Self {
        Self::new(ExprKind::Source(source))
    }

    /// A field; of an object literal, the entry itself.
    pub(crate) fn field(of: &Self, wire: &str, absent: Option<Value>) -> Self {
        if let ExprKind::Object(entries) = of.kind()
            && let Some((_, entry)) = entries.iter().find(|(name, _)| name == wire)
        {
            return entry.clone();
        }
        if let Some(entry) = of.as_literal().and_then(|value| value.get(wire)) {
            return Self::literal(entry.clone());
        }
        // Nobody comes here, but it must be readable.
        if of.is_null() {
            return absent.map_or_else(Self::null, Self::literal);
        }
        Self::new(ExprKind::Field { of: of.clone(), wire: wire.to_owned(), absent })
    }

    /// An element; of an array literal, the element itself.
    pub(crate) fn index(of: &Self, index: usize) -> Self {
        if let ExprKind::Array(elements) = of.kind()
            && let Some(element) = elements.get(index)
        {
            return element.expr().clone();
        }
        if of.is_null() {
            return of.clone();
        }
        Self::new(ExprKind::Index { of: of.clone(), index })
    }

    /// A function's value; what is put in front of nothing stays as it is.
    pub(crate) fn function(name: &'static str, arguments: impl Into<Vec<Self>>) -> Self {
        let arguments = arguments.into();
        if let ("append", [one, more]) = (name, arguments.as_slice())
            && matches!(one.kind(), ExprKind::Array(_))
            && more.as_literal().and_then(Value::as_array).is_some_and(Vec::is_empty)
        {
            return one.clone();
        }
        Self::new(ExprKind::Function { name, arguments })
    }

    pub(crate) fn pattern(text: &'static str) -> Self {
        Self::new(ExprKind::Pattern(text))
    }

    /// A value named for the length of an expression.
    pub(crate) fn local(id: VariableId, bound: &Self, body: &Self) -> Self {
        let (mut bindings, body) = match body.kind() {
            ExprKind::Local { bindings, body } => (bindings.clone(), body.clone()),
            _ => (Vec::new(), body.clone()),
        };
        bindings.insert(0, (id, bound.clone()));
        Self::new(ExprKind::Local { bindings, body })
    }

    /// The opposite of a condition.
    pub(crate) fn not(&self) -> Self {
        match self.kind() {
            ExprKind::Not(inner) => inner.clone(),
            _ => Self::new(ExprKind::Not(self.clone())),
        }
    }

    /// One of two values; the only one that can be, where that is known.
    pub(crate) fn choice(condition: Self, then: Self, otherwise: Self) -> Self {
        let told = |value: &Self| value.as_literal().and_then(Value::as_bool);
        match condition.decided() {
            Some(true) => then,
            Some(false) => otherwise,
            None if (told(&then), told(&otherwise)) == (Some(true), Some(false)) => condition,
            None if (told(&then), told(&otherwise)) == (Some(false), Some(true)) => condition.not(),
            None => Self::new(ExprKind::If { condition, then, otherwise }),
        }
    }

    pub(crate) fn binary(operator: Operator, left: &Self, right: &Self) -> Self {
        if left.settles(operator) {
            return left.clone();
        }
        if let (Operator::And | Operator::Or, Some(holds)) =
            (operator, left.as_literal().and_then(Value::as_bool))
            && holds == (operator == Operator::And)
        {
            return right.clone();
        }
        if let Some(number) = calculated(operator, left, right) {
            return Self::literal(number);
        }
        Self::new(ExprKind::Binary { operator, left: left.clone(), right: right.clone() })
    }

    pub(crate) fn is_null(&self) -> bool {
        self.as_literal().is_some_and(Value::is_null)
    }

    pub(crate) fn as_literal(&self) -> Option<&Value> {
        match self.kind() {
            ExprKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_variable(&self) -> Option<VariableId> {
        match self.kind() {
            ExprKind::Variable(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether writing it twice costs a reader nothing: a name, a path from a name, a scalar.
    pub(crate) fn is_trivial(&self) -> bool {
        match self.kind() {
            ExprKind::Literal(value) => !value.is_array() && !value.is_object(),
            ExprKind::Variable(_) => true,
            ExprKind::Source(source) => *source != Source::ErrorFields,
            ExprKind::Field { of, absent, .. } => absent.is_none() && of.is_trivial(),
            ExprKind::Index { of, .. } => of.is_trivial(),
            _ => false,
        }
    }

    /// Whether it reads a source.
    pub(crate) fn reads(&self, source: Source) -> bool {
        if *self.kind() == ExprKind::Source(source) {
            return true;
        }
        let mut found = false;
        self.for_each_child(|child| found = found || child.reads(source));
        found
    }

    /// Whether every evaluation gives another value: so it is evaluated where it is written, and once.
    pub(crate) fn is_volatile(&self) -> bool {
        match self.kind() {
            ExprKind::Function { name: "now" | "uuid" | "random", arguments } if arguments.is_empty() => true,
            ExprKind::Raw { text, names } if draws(text, names) => true,
            _ => {
                let mut found = false;
                self.for_each_child(|child| found = found || child.is_volatile());
                found
            }
        }
    }

    /// Whether any of it is JSONata that somebody wrote.
    pub(crate) fn is_by_hand(&self) -> bool {
        let mut found = matches!(self.kind(), ExprKind::Raw { .. });
        self.for_each_child(|child| found = found || child.is_by_hand());
        found
    }

    /// The variable a path starts from.
    pub(crate) fn root(&self) -> Option<VariableId> {
        match self.kind() {
            ExprKind::Variable(id) => Some(*id),
            ExprKind::Field { of, .. } | ExprKind::Index { of, .. } => of.root(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, names: &[&str], draws: bool) {
        let names = names.iter().map(|name| ((*name).to_owned(), Expr::null())).collect();
        let raw = Expr::new(ExprKind::Raw { text: text.into(), names });
        assert_eq!(raw.is_volatile(), draws, "{text}");
    }

    #[test]
    fn a_text_draws_however_it_comes_by_the_function() {
        for text in ["$uuid()", "$uuid ()", "($draw := $uuid; $draw())", "[1..3].$random()", "$now('[Y]')"] {
            check(text, &[], true);
        }
        check("'$uuid()'", &[], false);
        check("$now + 1", &["now"], false);
        check("($uuid := 1; $uuid)", &[], false);
    }

    #[test]
    fn what_may_fail_in_front_of_it_keeps_a_condition_open() {
        let open = Expr::binary(Operator::Less, &Expr::variable(VariableId(0)), &Expr::literal(1));
        let [yes, no] = [true, false].map(Expr::literal);
        let decided = |operator, left: &Expr, right: &Expr| {
            Expr::new(ExprKind::Binary { operator, left: left.clone(), right: right.clone() }).decided()
        };
        assert_eq!(decided(Operator::And, &open, &no), None);
        assert_eq!(decided(Operator::Or, &open, &yes), None);
        let asked = Expr::binary(Operator::NotEqual, &Expr::variable(VariableId(0)), &Expr::null());
        assert_eq!(decided(Operator::And, &asked, &no), Some(false));
        assert_eq!(decided(Operator::And, &asked, &yes), None);
        assert_eq!(decided(Operator::And, &no, &open), Some(false));
        assert_eq!(decided(Operator::Or, &yes, &open), Some(true));
        assert_eq!(decided(Operator::And, &yes, &no), Some(false));
        assert_eq!(decided(Operator::Or, &no, &no), Some(false));
    }

    #[test]
    fn nothing_stands_behind_what_decides() {
        let open = Expr::binary(Operator::Less, &Expr::variable(VariableId(0)), &Expr::literal(1));
        let [yes, no] = [true, false].map(Expr::literal);
        let never = Expr::binary(Operator::And, &open, &no);
        assert_eq!(Expr::binary(Operator::And, &never, &open), never);
        assert_ne!(Expr::binary(Operator::Or, &never, &open), never);
        let always = Expr::binary(Operator::Or, &open, &yes);
        assert_eq!(Expr::binary(Operator::Or, &always, &open), always);
    }
}
