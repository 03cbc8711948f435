//! Finds what fails or has one outcome only, whatever the values are: calls that no function answers to, operands of
//! the wrong kind, comparisons of what can never be equal, arrays that come out as their only element.
//! Separate from the references because these questions are about kinds of values, not about names.

use std::ops::Range;

use super::Program;
use super::ast::{BinaryOperator, Call, Kind, Node, Path, Stage, Symbol, Variable, VariableName};
use super::signature::{Kinds, Signature};
use crate::builtin::Builtin;
use crate::value::Value;

/// Something in an expression that can be judged without any values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The guilty bytes of the source.
    pub span: Range<usize>,
}

/// What is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// A function of the library is called with more or fewer arguments than it takes: the call fails.
    Arity {
        /// The function, without `$`.
        function: &'static str,
        /// How many arguments there are.
        found: usize,
        /// How many it takes at least.
        least: usize,
        /// How many it takes at most; `usize::MAX` for any number.
        most: usize,
    },
    /// An argument of a function of the library is of a kind it does not take: the call fails.
    Argument {
        /// The function, without `$`.
        function: &'static str,
        /// Which argument, from 1.
        number: usize,
        /// What it is: `a number`.
        found: String,
        /// What the function takes: `a string or a function`.
        expected: String,
    },
    /// An operand is of a kind the operator does not take: the operation fails, or gives nothing where the operand
    /// is undefined.
    Operand {
        /// The operator as it is written.
        operator: &'static str,
        /// What the operand is: `a boolean`.
        found: String,
        /// What the operator takes: `a number`.
        expected: &'static str,
    },
    /// A comparison of what can never be equal.
    NeverEqual {
        /// `=`, `!=` or `in`.
        operator: &'static str,
        /// What the left side is: `a number`.
        left: String,
        /// What the right side is.
        right: String,
    },
}

/// Everything of these kinds, in the order of the source.
pub(crate) fn findings(program: &Program) -> Vec<Finding> {
    let mut judge = Judge { bound: &program.bound, found: Vec::new() };
    judge.node(&program.root, None);
    judge.found.sort_by_key(|finding| finding.span.start);
    judge.found
}

/// The part of the source because of which the result is an array of several elements, and the element itself when
/// there is one.
pub(crate) fn unwrapped(program: &Program) -> Option<Range<usize>> {
    let judge = Judge { bound: &program.bound, found: Vec::new() };
    judge.unwrapped(&program.root).map(|node| node.span.into())
}

/// What kind of value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// An array.
    Array,
    /// `true` or `false`.
    Boolean,
    /// A function, which is no JSON.
    Function,
    /// `null`.
    Null,
    /// A number.
    Number,
    /// An object.
    Object,
    /// A string.
    String,
}

/// The kinds of values that may come out.
pub(crate) fn results(program: &Program) -> impl Iterator<Item = ValueKind> + Clone + use<> {
    const ALL: [(Kinds, ValueKind); 7] = [
        (Kinds::ARRAY, ValueKind::Array),
        (Kinds::BOOL, ValueKind::Boolean),
        (Kinds::FUNCTION, ValueKind::Function),
        (Kinds::NULL, ValueKind::Null),
        (Kinds::NUMBER, ValueKind::Number),
        (Kinds::OBJECT, ValueKind::Object),
        (Kinds::STRING, ValueKind::String),
    ];
    let judge = Judge { bound: &program.bound, found: Vec::new() };
    let kinds = judge.kinds(&program.root);
    ALL.into_iter().filter(move |(kind, _)| kinds.overlaps(*kind)).map(|(_, kind)| kind)
}

struct Judge<'p> {
    /// What the expression binds somewhere: calls of these names may mean something else than the library.
    bound: &'p [Symbol],
    found: Vec<Finding>,
}

impl Judge<'_> {
    /// Judges a node and everything below; `piped` is what `~>` hands a call as its first argument.
    fn node<'a>(&mut self, node: &'a Node, piped: Option<&'a Node>) {
        match &node.kind {
            Kind::Call(call) => self.call(node, call, piped),
            Kind::Binary(operator, left, right) => self.operation(node, *operator, left, right),
            Kind::Apply(left, right) => {
                self.node(left, None);
                return self.node(right, Some(left));
            }
            _ => {}
        }
        node.for_each_child(&mut |child| self.node(child, None));
    }

    fn call(&mut self, node: &Node, call: &Call, piped: Option<&Node>) {
        let Some((builtin, signature)) = self.builtin(&call.procedure) else { return };
        let arguments: Vec<&Node> = piped.into_iter().chain(&call.arguments).collect();
        let kinds: Vec<Kinds> = arguments.iter().map(|argument| self.kinds(argument)).collect();
        let Some(number) = signature.misfit(&kinds) else { return };
        let (least, most) = signature.arity();
        let function = builtin.name;
        let is_few = number > arguments.len();
        if is_few || arguments.len() > most {
            let kind = FindingKind::Arity { function, found: arguments.len(), least, most };
            return self.report(kind, node);
        }
        let guilty = arguments[number - 1];
        let (found, expected) = (self.kinds(guilty), signature.expected(number));
        // Which parameter a misfit belongs to is certain only for what is of one kind and has one parameter.
        if let (Some(found), Some(expected)) = (found.name(), expected.name()) {
            self.report(FindingKind::Argument { function, number, found, expected }, guilty);
        }
    }

    fn operation(&mut self, node: &Node, operator: BinaryOperator, left: &Node, right: &Node) {
        use BinaryOperator::{
            Add, Divide, Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, Multiply, NotEqual, Range,
            Remainder, Subtract,
        };
        let kinds = (self.kinds(left), self.kinds(right));
        match operator {
            Add | Subtract | Multiply | Divide | Remainder | Range => {
                self.operand(operator, left, Kinds::NUMBER, "a number");
                self.operand(operator, right, Kinds::NUMBER, "a number");
            }
            Less | LessOrEqual | Greater | GreaterOrEqual => {
                let comparable = Kinds::NUMBER.with(Kinds::STRING);
                self.operand(operator, left, comparable, "a number or a string");
                self.operand(operator, right, comparable, "a number or a string");
                if kinds.0.overlaps(comparable) && kinds.1.overlaps(comparable) {
                    self.never_equal(node, operator, kinds);
                }
            }
            Equal | NotEqual => {
                self.never_equal(node, operator, kinds);
                self.unknown_type(node, operator, left, right);
                self.unknown_type(node, operator, right, left);
            }
            In => {
                if let Kind::Array(items) = &right.kind
                    && !items.is_empty()
                {
                    let among =
                        items.iter().fold(Kinds::default(), |kinds, item| kinds.with(self.elements(item)));
                    self.never_equal(node, operator, (kinds.0, among));
                }
            }
            BinaryOperator::Concatenate | BinaryOperator::And | BinaryOperator::Or => {}
        }
    }

    /// What an item of an array constructor may add to the array.
    fn elements(&self, item: &Node) -> Kinds {
        let kinds = self.kinds(item);
        if kinds.overlaps(Kinds::ARRAY) { Kinds::ANY } else { kinds }
    }

    fn operand(&mut self, operator: BinaryOperator, operand: &Node, wanted: Kinds, expected: &'static str) {
        let kinds = self.kinds(operand);
        if !kinds.overlaps(wanted)
            && let Some(found) = kinds.name()
        {
            self.report(FindingKind::Operand { operator: operator.text(), found, expected }, operand);
        }
    }

    fn never_equal(&mut self, node: &Node, operator: BinaryOperator, (left, right): (Kinds, Kinds)) {
        if !left.without(Kinds::MISSING).overlaps(right.without(Kinds::MISSING))
            && let (Some(left), Some(right)) = (left.name(), right.name())
        {
            self.report(FindingKind::NeverEqual { operator: operator.text(), left, right }, node);
        }
    }

    /// `$type(..)` compared with a word that it never gives.
    fn unknown_type(&mut self, node: &Node, operator: BinaryOperator, call: &Node, word: &Node) {
        const TYPES: [&str; 7] = ["null", "number", "string", "boolean", "array", "object", "function"];
        if let (Kind::Call(call), Kind::Literal(Value::String(word))) = (&call.kind, &word.kind)
            && self.builtin(&call.procedure).is_some_and(|(builtin, _)| builtin.name == "type")
            && !TYPES.contains(&&**word)
        {
            let (left, right) = ("the name of a type".to_owned(), format!("\"{word}\""));
            self.report(FindingKind::NeverEqual { operator: operator.text(), left, right }, node);
        }
    }

    fn report(&mut self, kind: FindingKind, node: &Node) {
        self.found.push(Finding { kind, span: node.span.into() });
    }

    /// The function of the library that a name means, with its signature.
    fn builtin<'a>(&self, procedure: &'a Node) -> Option<(&'static Builtin, &'a Signature)> {
        let Kind::Variable(Variable { name: VariableName::Named(symbol), builtin: Some(builtin) }) =
            procedure.kind
        else {
            return None;
        };
        let signature = builtin.signature().filter(|_| !self.bound.contains(&symbol))?;
        Some((builtin, signature))
    }

    /// The kinds of values a node may have.
    fn kinds(&self, node: &Node) -> Kinds {
        if !node.looks_plain() {
            return Kinds::ANY;
        }
        match &node.kind {
            Kind::Literal(value) => Kinds::of(Some(value)),
            Kind::Array(_) => Kinds::ARRAY,
            Kind::Object(_) => Kinds::OBJECT,
            Kind::Lambda(_) | Kind::Partial(..) | Kind::Transform(_) | Kind::Regex(_) => Kinds::FUNCTION,
            Kind::Negate(_) => Kinds::NUMBER.with(Kinds::MISSING),
            Kind::Binary(operator, ..) => operator_kinds(*operator),
            Kind::Call(call) => match self.builtin(&call.procedure) {
                Some((builtin, _)) => builtin.result(),
                None => Kinds::ANY,
            },
            Kind::Apply(_, right) => match &right.kind {
                Kind::Call(call) => match self.builtin(&call.procedure) {
                    Some((builtin, _)) => builtin.result(),
                    None => Kinds::ANY,
                },
                _ => Kinds::ANY,
            },
            Kind::Condition(_, then, otherwise) => {
                let otherwise = otherwise.as_deref().map_or(Kinds::MISSING, |node| self.kinds(node));
                self.kinds(then).with(otherwise)
            }
            Kind::Block(nodes) => nodes.last().map_or(Kinds::MISSING, |node| self.kinds(node)),
            Kind::Bind(_, value) => self.kinds(value),
            _ => Kinds::ANY,
        }
    }

    /// The node because of which a result is unwrapped.
    fn unwrapped<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        if node.keep_array {
            return None;
        }
        if let Some(Stage::Filter(filter)) = node.predicates.last() {
            return (!picks_one(filter)).then_some(node);
        }
        match &node.kind {
            Kind::Path(path) => Self::path_unwraps(path).then_some(node),
            Kind::Call(call) => self.call_unwraps(call).then_some(node),
            Kind::Apply(_, right) => self.unwrapped(right),
            Kind::Condition(_, then, otherwise) => {
                self.unwrapped(then).or_else(|| self.unwrapped(otherwise.as_deref()?))
            }
            Kind::Block(nodes) => self.unwrapped(nodes.last()?),
            Kind::Bind(_, value) => self.unwrapped(value),
            _ => None,
        }
    }

    fn call_unwraps(&self, call: &Call) -> bool {
        const UNWRAPPED: [&str; 6] = ["map", "filter", "each", "keys", "spread", "match"];
        self.builtin(&call.procedure).is_some_and(|(builtin, _)| UNWRAPPED.contains(&builtin.name))
    }

    /// Whether a path certainly gathers: it filters, or makes something of each element.
    fn path_unwraps(path: &Path) -> bool {
        let Some(last) = path.steps.last().filter(|_| !path.keep_singleton) else { return false };
        let filters = |step: &Node| {
            step.stages.iter().chain(&step.predicates).any(|stage| match stage {
                Stage::Filter(filter) => !picks_one(filter),
                Stage::Index(_) => false,
            })
        };
        let picks = |step: &Node| {
            step.stages.iter().chain(&step.predicates).last().is_some_and(|stage| match stage {
                Stage::Filter(filter) => picks_one(filter),
                Stage::Index(_) => false,
            })
        };
        let makes = |step: &Node| matches!(step.kind, Kind::Object(_) | Kind::Block(_) | Kind::Wildcard);
        !picks(last) && (path.steps.iter().any(filters) || path.steps.iter().skip(1).any(makes))
    }
}

/// Whether a filter picks an element by its place: `[0]`, `[-1]`.
fn picks_one(filter: &Node) -> bool {
    match &filter.kind {
        Kind::Literal(value) => value.as_f64().is_some(),
        Kind::Negate(inner) => picks_one(inner),
        _ => false,
    }
}

fn operator_kinds(operator: BinaryOperator) -> Kinds {
    use BinaryOperator::{
        Add, And, Concatenate, Divide, Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, Multiply,
        NotEqual, Or, Range, Remainder, Subtract,
    };
    match operator {
        Add | Subtract | Multiply | Remainder => Kinds::NUMBER.with(Kinds::MISSING),
        // A division by zero leaves the evaluation as a string.
        Divide => Kinds::NUMBER.with(Kinds::STRING).with(Kinds::MISSING),
        Equal | NotEqual | And | Or | In => Kinds::BOOL,
        Less | LessOrEqual | Greater | GreaterOrEqual => Kinds::BOOL.with(Kinds::MISSING),
        Concatenate => Kinds::STRING,
        Range => Kinds::ANY,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Expression, FindingKind};

    fn check(source: &str, expected: &[&str]) {
        let expression: Expression = source.parse().unwrap();
        let found: Vec<_> = expression.findings().into_iter().map(|finding| &source[finding.span]).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn calls_that_no_signature_fits_are_found() {
        check("$sum() + $sum(1)", &["$sum()"]);
        check("$uppercase('a', 'b')", &["$uppercase('a', 'b')"]);
        check("$substring('abc', 'x')", &["'x'"]);
        check("'abc' ~> $substring('x')", &["'x'"]);
        check("['a'].$uppercase() & $substring('abc', 1) & $now()", &[]);
        check("$states.input ~> $join(',') & $zip() & $zip([1], [2], [3])", &["$zip()"]);
        check("($uppercase := function($a, $b) { $a }; $uppercase('a', 'b'))", &[]);
        check("$contains('a', /b/) and $number('1') = 1 and $string() = '1'", &[]);
    }

    #[test]
    fn operands_that_never_fit_are_found() {
        check("1 + 'a'", &["'a'"]);
        check("x + $length(y) - $sum(z)", &[]);
        check("$exists(x) > 1", &["$exists(x)"]);
        check("x < 1 ? {'a': -'b'} : 'c' < 'd'", &[]);
    }

    #[test]
    fn what_never_is_equal_is_found() {
        check("$count(x) = '1'", &["$count(x) = '1'"]);
        check("$exists(x) = 'true' or x = 'true' or $string(x) = 'true'", &["$exists(x) = 'true'"]);
        check("$type(x) = 'int' or $type(x) = 'number'", &["$type(x) = 'int'"]);
        check("$count(x) in ['1', '2'] or $count(x) in [1, y]", &["$count(x) in ['1', '2']"]);
        check("1 < 'a'", &["1 < 'a'"]);
        check("x / 0 = 'Infinity'", &[]);
    }

    #[test]
    fn a_misfit_says_what_was_expected() {
        let expression: Expression = "$substring('abc', 'x')".parse().unwrap();
        let kind = FindingKind::Argument {
            function: "substring",
            number: 2,
            found: "a string".to_owned(),
            expected: "a number".to_owned(),
        };
        assert_eq!(expression.findings()[0].kind, kind);
    }

    #[test]
    fn results_that_lose_their_array_are_found() {
        let check = |source: &str, expected: Option<&str>| {
            let expression: Expression = source.parse().unwrap();
            assert_eq!(expression.unwrapped().map(|span| &source[span]), expected, "{source}");
        };
        check("$filter(x, function($v) { $v > 1 })", Some("$filter(x, function($v) { $v > 1 })"));
        check("($y := 1; $map(x, $string))", Some("$map(x, $string)"));
        check("a.b[c > 1]", Some("a.b[c > 1]"));
        check("a.b.{'c': d}", Some("a.b.{'c': d}"));
        for source in
            ["a.b", "[a.b[c > 1]]", "a.b[c > 1][]", "a.b[0]", "a.b[c > 1][-1]", "[1, 2]", "$append([], x)"]
        {
            check(source, None);
        }
    }
}
