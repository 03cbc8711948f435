//! Functions as values and calling them; calls in tail position loop instead of growing the stack.
//! Separate because lambdas, builtins, partial applications and matchers are all called through one door.

use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use super::frame::Frame;
use super::{Evaluator, Maybe, Outcome};
use crate::builtin::{Arguments, Builtin, regex};
use crate::error::{Fault, at, fault};
use crate::syntax::ast::{Call, Kind, Lambda, Node, Transform};
use crate::syntax::{Mismatch, Pattern, Signature, Span};
use crate::value::{Extent, FunctionId, Value};

/// What the function that a transform expression makes is called with.
static TRANSFORM: LazyLock<Signature> = LazyLock::new(|| Signature::builtin("<(oa):o>"));

/// How many parts of an argument a function of the library walks through in about one step.
const WEIGHT: u64 = 8;

/// Something that can be called.
pub(crate) enum Function<'a> {
    Lambda {
        lambda: &'a Lambda,
        /// The context in which it was written.
        input: Option<Value>,
        frame: Rc<Frame>,
    },
    Builtin(&'static Builtin),
    Regex(&'a Pattern),
    /// The `next` of a match: goes on searching behind it.
    NextMatch {
        pattern: &'a Pattern,
        text: Arc<str>,
        from: usize,
    },
    Transform(&'a Transform, Span, Rc<Frame>),
    /// `None` marks the arguments still to come.
    Partial {
        function: FunctionId,
        arguments: Vec<Option<Maybe>>,
    },
    /// `first ~> second`.
    Chain(FunctionId, FunctionId),
}

/// What a call is about to call.
pub(crate) enum Callee<'a> {
    Function(Rc<Function<'a>>),
    Builtin(&'static Builtin),
}

/// How the body of a function ends.
enum Ending<'a> {
    Value(Maybe),
    /// One more call, to be made in place of this one.
    Call {
        node: &'a Node,
        call: &'a Call,
        frame: Rc<Frame>,
    },
}

/// A function to call with arguments; the signature is checked unless arguments were bound beforehand.
struct Pending<'a> {
    callee: Callee<'a>,
    arguments: Vec<Maybe>,
    checked: bool,
    /// How the source calls it, for messages.
    name: Option<Arc<str>>,
}

impl<'a> Function<'a> {
    pub(super) fn lambda(lambda: &'a Lambda, input: Option<Value>, frame: Rc<Frame>) -> Self {
        Self::Lambda { lambda, input, frame }
    }

    /// Whether JavaScript would call it an object rather than a function, which decides whether it is true.
    pub(super) fn is_object(&self) -> bool {
        !matches!(self, Self::Regex(_) | Self::NextMatch { .. })
    }
}

impl<'a> Evaluator<'a> {
    /// `procedure(arguments)`; `piped` comes before the written arguments.
    #[inline(never)]
    pub(super) fn call(
        &self,
        node: &'a Node,
        call: &'a Call,
        piped: Option<Maybe>,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let callee = self.callee(node, &call.procedure, input, frame)?;
        let mut arguments = Vec::with_capacity(call.arguments.len() + usize::from(piped.is_some()));
        arguments.extend(piped);
        for argument in &call.arguments {
            arguments.push(self.eval(argument, input, frame)?);
        }
        let Some(callee) = callee else { return Err(at(not_a_function(), node.span)) };
        let name = self.name_of(&call.procedure);
        let pending = Pending { callee, arguments, checked: true, name };
        self.run(pending, input).map_err(|fault| at(fault, node.span))
    }

    /// Calls a function from inside another, without a context.
    pub(crate) fn invoke(&self, function: &Value, arguments: Vec<Maybe>) -> Outcome {
        let Some(function) = self.function_of(function) else { return Err(not_a_function()) };
        let pending = Pending { callee: Callee::Function(function), arguments, checked: true, name: None };
        self.run(pending, Some(&Value::Null))
    }

    /// How many arguments a function makes use of.
    pub(crate) fn arity(&self, function: &Value) -> usize {
        let Some(mut function) = self.function_of(function) else { return 0 };
        let mut holes = usize::MAX;
        loop {
            let own = match &*function {
                Function::Lambda { lambda, .. } => lambda.parameters.len(),
                Function::Builtin(builtin) => builtin.arity,
                Function::Regex(_) => 2,
                Function::NextMatch { .. } => 0,
                Function::Transform(..) | Function::Chain(..) => 1,
                Function::Partial { arguments, function: inner } => {
                    let open = arguments.iter().filter(|argument| argument.is_none()).count();
                    holes = holes.min(open);
                    let inner = self.functions.borrow().get(inner.0 as usize).map(Rc::clone);
                    let Some(inner) = inner else { return 0 };
                    function = inner;
                    continue;
                }
            };
            return own.min(holes);
        }
    }

    /// What stands before the parentheses; `None` when it is no function.
    fn callee(
        &self,
        node: &'a Node,
        procedure: &'a Node,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Result<Option<Callee<'a>>, Fault> {
        if let Kind::Variable(variable) = &procedure.kind
            && procedure.predicates.is_empty()
            && procedure.group.is_none()
        {
            let Some(bound) = self.bound(variable.name, frame) else {
                return Ok(variable.builtin.map(Callee::Builtin));
            };
            return Ok(bound.and_then(|value| self.function_of(&value)).map(Callee::Function));
        }
        let value = self.eval(procedure, input, frame)?;
        if value.is_none()
            && let Some(name) = field_name(procedure)
            && self.names_something(name, frame)
        {
            let message = format!("Attempted to invoke a non-function. Did you mean ${name}?");
            return Err(at(fault("T1005", message), node.span));
        }
        Ok(value.and_then(|value| self.function_of(&value)).map(Callee::Function))
    }

    /// Whether a variable or builtin function has this name.
    fn names_something(&self, name: &str, frame: &Frame) -> bool {
        let bound = self.program.names.iter().position(|known| **known == *name).and_then(|at| {
            let symbol = crate::syntax::ast::Symbol(u32::try_from(at).ok()?);
            self.bound(crate::syntax::ast::VariableName::Named(symbol), frame)
        });
        match bound {
            Some(value) => value.is_some(),
            None => crate::builtin::find(name).is_some() || self.bindings.get(name).is_some(),
        }
    }

    fn name_of(&self, procedure: &Node) -> Option<Arc<str>> {
        match &procedure.kind {
            Kind::Variable(variable) => match variable.name {
                crate::syntax::ast::VariableName::Named(symbol) => Some(Arc::clone(self.name(symbol))),
                crate::syntax::ast::VariableName::Context => None,
            },
            _ => field_name(procedure).cloned(),
        }
    }

    /// Calls, and goes on calling as long as functions end in one more call.
    #[inline(never)]
    fn run(&self, pending: Pending<'a>, context: Option<&Value>) -> Outcome {
        if let Callee::Builtin(builtin) = pending.callee {
            return self.run_builtin(builtin, pending, context);
        }
        self.enter()?;
        let result = self.run_function(pending, context);
        self.leave();
        result
    }

    fn run_function(&self, mut pending: Pending<'a>, context: Option<&Value>) -> Outcome {
        loop {
            let function = match &pending.callee {
                Callee::Function(function) => Rc::clone(function),
                Callee::Builtin(builtin) => return self.run_builtin(builtin, pending, context),
            };
            match &*function {
                Function::Builtin(builtin) => return self.run_builtin(builtin, pending, context),
                Function::Regex(pattern) => {
                    let text = Arguments::new("regex", pending.arguments).text(0)?;
                    let Some(text) = text else { return Ok(None) };
                    let found = self.find(pattern, &text, 0)?;
                    return Ok(found.map(|found| self.match_object(pattern, &text, &found)));
                }
                Function::NextMatch { pattern, text, from } => {
                    return regex::continued(self, pattern, text, *from)
                        .map(|found| found.map(|found| self.match_object(pattern, text, &found)));
                }
                Function::Transform(transform, span, frame) => {
                    let name = pending.name.as_deref();
                    let document = validate(&TRANSFORM, pending.arguments, context, name)?;
                    return self.transform(transform, *span, document.into_iter().next().flatten(), frame);
                }
                Function::Chain(first, second) => {
                    let first = self.functions.borrow().get(first.0 as usize).map(Rc::clone);
                    let second = self.functions.borrow().get(second.0 as usize).map(Rc::clone);
                    let (Some(first), Some(second)) = (first, second) else { return Ok(None) };
                    let callee = Callee::Function(first);
                    let value = self.run(Pending { callee, ..pending }, Some(&Value::Null))?;
                    let callee = Callee::Function(second);
                    pending = Pending { callee, arguments: vec![value], checked: true, name: None };
                }
                Function::Partial { function, arguments } => {
                    let inner = self.functions.borrow().get(function.0 as usize).map(Rc::clone);
                    let Some(inner) = inner else { return Ok(None) };
                    let mut given = pending.arguments.into_iter();
                    let arguments =
                        arguments.iter().map(|bound| bound.clone().unwrap_or_else(|| given.next().flatten()));
                    let arguments = arguments.collect();
                    let callee = Callee::Function(inner);
                    pending = Pending { callee, arguments, checked: false, name: pending.name };
                }
                Function::Lambda { lambda, input, frame } => {
                    let arguments = match &lambda.signature {
                        Some(signature) if pending.checked => {
                            validate(signature, pending.arguments, context, pending.name.as_deref())?
                        }
                        _ => pending.arguments,
                    };
                    let mut arguments = arguments.into_iter();
                    let bindings = lambda.parameters.iter().map(|name| (*name, arguments.next().flatten()));
                    let inside = Rc::new(Frame::of_call(Rc::clone(frame), bindings.collect()));
                    match self.ending(&lambda.body, input.as_ref(), inside)? {
                        Ending::Value(value) => return Ok(value),
                        Ending::Call { node, call, frame } => {
                            pending = self.prepared(node, call, input.as_ref(), &frame)?;
                        }
                    }
                }
            }
        }
    }

    /// Evaluates what a tail call needs, but does not make it.
    fn prepared(
        &self,
        node: &'a Node,
        call: &'a Call,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Result<Pending<'a>, Fault> {
        self.spend(1)?;
        let callee = self.callee(node, &call.procedure, input, frame)?;
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.eval(argument, input, frame)?);
        }
        let Some(callee) = callee else { return Err(at(not_a_function(), node.span)) };
        Ok(Pending { callee, arguments, checked: true, name: self.name_of(&call.procedure) })
    }

    /// Evaluates the body of a function up to its last call.
    fn ending(&self, body: &'a Node, input: Option<&Value>, frame: Rc<Frame>) -> Result<Ending<'a>, Fault> {
        let (mut body, mut frame) = (body, frame);
        loop {
            if !body.predicates.is_empty() || body.group.is_some() && !matches!(body.kind, Kind::Call(_)) {
                return self.eval(body, input, &frame).map(Ending::Value);
            }
            match &body.kind {
                Kind::Call(call) if call.tail => return Ok(Ending::Call { node: body, call, frame }),
                Kind::Condition(condition, then, otherwise) => {
                    match self.branch(condition, then, otherwise.as_deref(), input, &frame)? {
                        Some(branch) => body = branch,
                        None => return Ok(Ending::Value(None)),
                    }
                }
                Kind::Block(expressions) => {
                    let inside = Rc::new(Frame::inside(frame));
                    let Some((last, before)) = expressions.split_last() else {
                        return Ok(Ending::Value(None));
                    };
                    for expression in before {
                        self.eval(expression, input, &inside)?;
                    }
                    (body, frame) = (last, inside);
                }
                _ => return self.eval(body, input, &frame).map(Ending::Value),
            }
        }
    }

    fn run_builtin(
        &self,
        builtin: &'static Builtin,
        pending: Pending<'a>,
        context: Option<&Value>,
    ) -> Outcome {
        let Pending { arguments, checked, name, .. } = pending;
        let weight = |argument: &Maybe| argument.as_ref().map_or(0, |value| Extent::of(value).weight);
        let walked = if builtin.walks { arguments.iter().map(weight).sum::<u64>() / WEIGHT } else { 0 };
        self.spend(1 + walked)?;
        let arguments = match builtin.signature() {
            Some(signature) if checked => {
                validate(signature, arguments, context, name.as_deref().or(Some(builtin.name)))?
            }
            _ => arguments,
        };
        (builtin.run)(self, &mut Arguments::new(builtin.name, arguments))
    }

    #[inline(never)]
    pub(super) fn partial(
        &self,
        node: &'a Node,
        procedure: &'a Node,
        arguments: &'a [Option<Node>],
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let mut bound = Vec::with_capacity(arguments.len());
        for argument in arguments {
            bound.push(argument.as_ref().map(|argument| self.eval(argument, input, frame)).transpose()?);
        }
        let value = self.eval(procedure, input, frame)?;
        if value.is_none()
            && let Some(name) = field_name(procedure)
            && self.names_something(name, frame)
        {
            let message = format!("Attempted to partially apply a non-function. Did you mean ${name}?");
            return Err(at(fault("T1007", message), node.span));
        }
        let Some(function) = value.as_ref().and_then(Value::function) else {
            return Err(at(fault("T1008", "Attempted to partially apply a non-function"), node.span));
        };
        Ok(Some(self.new_function(Function::Partial { function, arguments: bound })))
    }

    #[inline(never)]
    pub(super) fn apply_operator(
        &self,
        node: &'a Node,
        left: &'a Node,
        right: &'a Node,
        input: Option<&Value>,
        frame: &Rc<Frame>,
    ) -> Outcome {
        let piped = self.eval(left, input, frame)?;
        if let Kind::Call(call) = &right.kind {
            return self.call(right, call, Some(piped), input, frame);
        }
        let function = self.eval(right, input, frame)?;
        let Some(second) = function.as_ref().and_then(Value::function) else {
            let message = "The right side of the function application operator ~> must be a function";
            return Err(at(fault("T2006", message), node.span));
        };
        if let Some(first) = piped.as_ref().and_then(Value::function) {
            return Ok(Some(self.new_function(Function::Chain(first, second))));
        }
        let Some(callee) = function.and_then(|function| self.function_of(&function)) else { return Ok(None) };
        let name = self.name_of(right);
        let pending =
            Pending { callee: Callee::Function(callee), arguments: vec![piped], checked: true, name };
        self.run(pending, Some(&Value::Null)).map_err(|fault| at(fault, node.span))
    }

    /// The object that a matcher gives for a match.
    fn match_object(&self, pattern: &'a Pattern, text: &Arc<str>, found: &crate::syntax::Found) -> Value {
        let next = Function::NextMatch { pattern, text: Arc::clone(text), from: found.end };
        regex::match_object(text, found, self.new_function(next))
    }
}

/// Checks arguments against a signature; messages name the function as the source does.
fn validate(
    signature: &Signature,
    arguments: Vec<Maybe>,
    context: Option<&Value>,
    name: Option<&str>,
) -> Result<Vec<Maybe>, Fault> {
    signature.validate(arguments, context).map_err(|mismatch| {
        let name = name.map_or("undefined".to_owned(), |name| format!("\"{name}\""));
        match mismatch {
            Mismatch::Argument(number) => fault(
                "T0410",
                format!("Argument {number} of function {name} does not match function signature"),
            ),
            Mismatch::Context(number) => fault(
                "T0411",
                format!("Context value is not a compatible type with argument {number} of function {name}"),
            ),
            Mismatch::Elements(number, elements) => fault(
                "T0412",
                format!("Argument {number} of function {name} must be an array of \"{elements}\""),
            ),
        }
    })
}

/// The name, when the procedure is written as a field where a `$` was probably forgotten.
fn field_name(procedure: &Node) -> Option<&Arc<str>> {
    match &procedure.kind {
        Kind::Path(path) => match path.steps.first().map(|step| &step.kind) {
            Some(Kind::Name(name)) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn not_a_function() -> Fault {
    fault("T1006", "Attempted to invoke a non-function")
}
