//! The evaluator: walks the syntax tree with a context, a frame of variables and bounded appetite.
//! Separate from the library of functions, which only sees values and calls back for functions it was given.

mod filter;
mod frame;
mod function;
mod group;
mod operator;
mod path;
mod sort;
mod transform;
mod tuple;
mod wildcard;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::environment::{Bindings, Environment};
use crate::error::{EvaluateError, Fault, at, fault};
use crate::syntax::ast::{Kind, Node, Stage, VariableName};
use crate::syntax::{Found, OutOfSteps, Pattern, Program};
use crate::value::{Array, Extent, Flags, Object, Value};
use frame::Frame;
pub(crate) use function::Function;
pub(crate) use group::joined;
pub(crate) use operator::{compare_text, truthy, truthy_in_javascript};
pub(crate) use sort::merge_sort;
pub(crate) use wildcard::lookup;

/// A value, or undefined.
pub(crate) type Maybe = Option<Value>;

/// What evaluating a node gives.
pub(crate) type Outcome = Result<Maybe, Fault>;

/// The deepest nesting of arrays and objects that an evaluation may build; every walk over a value recurses at
/// most this deep.
const MAX_VALUE_DEPTH: u16 = 400;

/// How many steps of a search for a pattern take as long as one step of an evaluation.
const PATTERN_STEPS: u64 = 8;

/// One evaluation of a program.
pub(crate) struct Evaluator<'a> {
    program: &'a Program,
    pub(crate) environment: &'a Environment,
    bindings: &'a Bindings,
    input: Option<&'a Value>,
    /// Every function made so far. Values refer to functions by number, so frames and functions form no cycles.
    functions: RefCell<Vec<Rc<Function<'a>>>>,
    steps: Cell<u64>,
    depth: Cell<u32>,
    /// The address of a local variable of the outermost call.
    stack_base: usize,
    /// Whether undefined has become an element of an array.
    made_undefined: Cell<bool>,
    random: Cell<u64>,
}

/// Evaluates a whole program.
pub(crate) fn run(
    program: &Program,
    input: Option<&Value>,
    bindings: &Bindings,
    environment: &Environment,
) -> Outcome {
    let evaluator = Evaluator {
        program,
        environment,
        bindings,
        input,
        functions: RefCell::default(),
        steps: Cell::new(0),
        depth: Cell::new(0),
        stack_base: stack_address(),
        made_undefined: Cell::new(false),
        random: Cell::new(environment.random_seed),
    };
    // An array as input is one context, not one context per element.
    let wrapper = input.filter(|input| matches!(input, Value::Array(_))).map(|input| {
        let wrapper = Array::from(vec![input.clone()]);
        Value::Array(wrapper.flagged(Flags::SEQUENCE | Flags::OUTER_WRAPPER))
    });
    let mut result = evaluator.eval(&program.root, wrapper.as_ref().or(input), &Rc::new(Frame::root()))?;
    if evaluator.made_undefined.get() {
        result = result.map(|value| value.without_undefined());
    }
    let made_functions = !evaluator.functions.borrow().is_empty();
    match result {
        Some(value) if made_functions && value.holds_function() => {
            let message = "the result is or contains a function, expected a JSON value";
            Err(fault(EvaluateError::UNSUPPORTED_RESULT, message))
        }
        Some(Value::Array(items)) if items.flags().has(Flags::OUTER_WRAPPER) => Ok(items.first().cloned()),
        Some(Value::Array(items)) => Ok(Some(Value::Array(items.flagged(Flags::default())))),
        other => Ok(other),
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluates a node, its filters and its group-by clause, and unwraps the resulting sequence.
    pub(crate) fn eval(&self, node: &'a Node, input: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        let result = match &node.kind {
            Kind::Literal(value) => Ok(Some(value.clone())),
            Kind::Variable(variable) => Ok(match variable.name {
                VariableName::Context => context(input).cloned(),
                VariableName::Named(_) => self.variable(variable, frame),
            }),
            Kind::Name(name) => Ok(input.and_then(|input| lookup(input, name))),
            Kind::Path(path) if node.is_plain() => self.fields(path, input, frame),
            _ => {
                self.enter()?;
                let result = self.compound(node, input, frame);
                self.leave();
                result
            }
        };
        // Results are looked at before they are taken apart: moving them whole is much cheaper.
        let is_final = match &result {
            Ok(Some(Value::Array(items))) => {
                !items.is_sequence() && self.check_extent(items.extent()).is_ok()
            }
            Ok(Some(Value::Object(fields))) => {
                !fields.is_undefined() && self.check_extent(fields.extent()).is_ok()
            }
            _ => true,
        };
        if is_final && node.is_plain() { result } else { self.completed(node, result?, frame) }
    }

    /// Applies what hangs on a node to its result.
    fn completed(&self, node: &'a Node, mut result: Maybe, frame: &Rc<Frame>) -> Outcome {
        if !node.predicates.is_empty() {
            for stage in &node.predicates {
                if let Stage::Filter(predicate) = stage {
                    result = Some(Value::Array(self.filter(predicate, result, frame)?));
                }
            }
        }
        if let Some(group) = &node.group
            && !matches!(node.kind, Kind::Path(_))
        {
            result = Some(self.group(group, result.as_ref(), frame)?);
        }
        match result {
            Some(Value::Array(items)) => self.finished(node, items),
            Some(Value::Object(fields)) => {
                self.check_extent(fields.extent()).map_err(|fault| at(fault, node.span))?;
                Ok((!fields.is_undefined()).then_some(Value::Object(fields)))
            }
            other => Ok(other),
        }
    }

    /// Unwraps a sequence of one, drops a sequence of none.
    fn finished(&self, node: &'a Node, mut items: Array) -> Outcome {
        self.check_extent(items.extent()).map_err(|fault| at(fault, node.span))?;
        let flags = items.flags();
        if flags.has(Flags::SEQUENCE) && !flags.has(Flags::TUPLES) {
            let keep = node.keep_array || flags.has(Flags::KEEP_SINGLETON);
            if node.keep_array {
                items = items.flagged(flags | Flags::KEEP_SINGLETON);
            }
            match items.len() {
                0 => return Ok(None),
                1 if !keep => return Ok(items.first().and_then(Value::present).cloned()),
                _ => {}
            }
        }
        Ok(Some(Value::Array(items)))
    }

    #[inline(never)]
    fn compound(&self, node: &'a Node, input: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        match &node.kind {
            Kind::Path(path) => self.path(node, path, input, frame),
            Kind::Binary(operator, left, right) => {
                self.binary(*operator, left, right, input, frame).map_err(|fault| at(fault, node.span))
            }
            Kind::Negate(inner) => self.negate(node, inner, input, frame),
            Kind::Array(items) => self.array(node, items, input, frame),
            Kind::Object(group) => self.group(group, input, frame).map(Some),
            Kind::Wildcard => Ok(input.map(wildcard::wildcard)),
            Kind::Descendant => Ok(input.map(wildcard::descendants)),
            Kind::Parent(slot) => Ok(frame.ancestor(&self.program.ancestor_labels[slot.0 as usize])),
            Kind::Condition(condition, then, otherwise) => {
                match self.branch(condition, then, otherwise.as_deref(), input, frame)? {
                    Some(branch) => self.eval(branch, input, frame),
                    None => Ok(None),
                }
            }
            Kind::Block(expressions) => self.block(expressions, input, frame),
            Kind::Bind(symbol, right) => {
                let value = self.eval(right, input, frame)?;
                frame.bind(*symbol, value.clone());
                Ok(value)
            }
            Kind::Call(call) => self.call(node, call, None, input, frame),
            Kind::Partial(procedure, arguments) => self.partial(node, procedure, arguments, input, frame),
            Kind::Apply(left, right) => self.apply_operator(node, left, right, input, frame),
            Kind::Lambda(lambda) => {
                Ok(Some(self.new_function(Function::lambda(lambda, input.cloned(), Rc::clone(frame)))))
            }
            Kind::Regex(pattern) => Ok(Some(self.new_function(Function::Regex(pattern)))),
            Kind::Transform(transform) => {
                Ok(Some(self.new_function(Function::Transform(transform, node.span, Rc::clone(frame)))))
            }
            // Sort clauses are steps of a path, the others are handled before coming here.
            Kind::Sort(_) | Kind::Literal(_) | Kind::Variable(_) | Kind::Name(_) => Ok(None),
        }
    }

    /// The branch of a condition that is to be evaluated.
    fn branch(
        &self,
        condition: &'a Node,
        then: &'a Node,
        otherwise: Option<&'a Node>,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Result<Option<&'a Node>, Fault> {
        let condition = self.eval(condition, input, frame)?;
        Ok(if self.truthy(condition.as_ref())? { Some(then) } else { otherwise })
    }

    fn block(&self, expressions: &'a [Node], input: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        let frame = Rc::new(Frame::inside(Rc::clone(frame)));
        let mut result = None;
        for expression in expressions {
            result = self.eval(expression, input, &frame)?;
        }
        Ok(result)
    }

    fn array(&self, node: &'a Node, items: &'a [Node], input: Option<&Value>, frame: &Rc<Frame>) -> Outcome {
        let mut result = Array::default();
        for item in items {
            match self.eval(item, input, frame)? {
                None => {}
                Some(Value::Array(values)) if !matches!(item.kind, Kind::Array(_)) => {
                    if result.is_empty() {
                        result = values.flagged(Flags::default());
                    } else {
                        self.check_sequence(result.len() + values.len())?;
                        result.extend(&values);
                    }
                }
                Some(value) => result.push(value),
            }
        }
        let flags = if node.constructs_array { Flags::CONSTRUCTED } else { Flags::default() };
        Ok(Some(Value::Array(result.flagged(flags))))
    }

    /// The name behind a symbol.
    pub(crate) fn name(&self, symbol: crate::syntax::ast::Symbol) -> &'a std::sync::Arc<str> {
        &self.program.names[symbol.0 as usize]
    }

    /// Registers a function and returns the value that stands for it.
    pub(crate) fn new_function(&self, function: Function<'a>) -> Value {
        let mut functions = self.functions.borrow_mut();
        let id = u32::try_from(functions.len()).unwrap_or(u32::MAX);
        functions.push(Rc::new(function));
        Value::from(Object::for_function(crate::value::FunctionId(id)))
    }

    /// The function that a value stands for.
    pub(crate) fn function_of(&self, value: &Value) -> Option<Rc<Function<'a>>> {
        let id = value.function()?;
        self.functions.borrow().get(id.0 as usize).map(Rc::clone)
    }

    fn enter(&self) -> Result<(), Fault> {
        let depth = self.depth.get() + 1;
        let limits = &self.environment.limits;
        if depth > limits.depth || self.stack_base.abs_diff(stack_address()) > limits.stack {
            return Err(fault(
                "U1001",
                "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive",
            ));
        }
        self.spend(1)?;
        self.depth.set(depth);
        Ok(())
    }

    fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    /// Counts steps.
    pub(crate) fn spend(&self, steps: u64) -> Result<(), Fault> {
        let steps = self.steps.get().saturating_add(steps);
        self.steps.set(steps);
        if steps > self.environment.limits.steps {
            return Err(fault("U1001", "Expression evaluation timeout: Check for infinite loop"));
        }
        Ok(())
    }

    /// The first match of a pattern at or behind a byte position; the search counts like any other step.
    pub(crate) fn find(&self, pattern: &Pattern, text: &str, from: usize) -> Result<Option<Found>, Fault> {
        let left = self.environment.limits.steps.saturating_sub(self.steps.get());
        let mut budget = left.saturating_mul(PATTERN_STEPS);
        let found = pattern.find(text, from, &mut budget);
        self.spend(left - budget / PATTERN_STEPS)?;
        match found {
            Ok(found) => Ok(found),
            Err(OutOfSteps) => self.spend(u64::MAX).map(|()| None),
        }
    }

    /// Refuses an array that would become too long, and counts its making.
    pub(crate) fn check_sequence(&self, length: usize) -> Result<(), Fault> {
        if length > self.environment.limits.sequence {
            let limit = self.environment.limits.sequence;
            return Err(fault("U1001", format!("An array would have more than {limit} elements")));
        }
        self.spend(length as u64 / 32)
    }

    /// Refuses a value that is too deep or too large to be walked.
    fn check_extent(&self, extent: Extent) -> Result<(), Fault> {
        if extent.depth > MAX_VALUE_DEPTH {
            let message =
                format!("A value would nest arrays and objects deeper than {MAX_VALUE_DEPTH} levels");
            return Err(fault("U1001", message));
        }
        if extent.weight > self.environment.limits.sequence as u64 {
            let limit = self.environment.limits.sequence;
            return Err(fault("U1001", format!("A value would have more than {limit} parts")));
        }
        Ok(())
    }

    /// Refuses a string that would become too long, and counts its making.
    pub(crate) fn check_string(&self, bytes: usize) -> Result<(), Fault> {
        if bytes > self.environment.limits.string {
            let limit = self.environment.limits.string;
            return Err(fault("U1001", format!("A string would have more than {limit} bytes")));
        }
        self.spend(bytes as u64 / 256)
    }

    /// The next 64 random bits (SplitMix64).
    pub(crate) fn random_bits(&self) -> u64 {
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        mix(state)
    }
}

/// Roughly where the stack ends at present.
#[inline(never)]
fn stack_address() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(&local).addr()
}

/// The output function of SplitMix64.
pub(crate) fn mix(state: u64) -> u64 {
    let bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// What `$` stands for.
fn context(input: Option<&Value>) -> Option<&Value> {
    match input {
        Some(Value::Array(items)) if items.flags().has(Flags::OUTER_WRAPPER) => items.first(),
        other => other,
    }
}
