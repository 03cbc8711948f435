//! Lints of personal data: where it leaves for places that are not meant for it, and where its mark is lost.
//! Separate because it follows values through a whole workflow, which no other lint does.

use std::collections::BTreeMap;

use super::{PERSONAL_DATA_IN_FAILURE, PERSONAL_DATA_SENT, Report, UNMARKED_PERSONAL_DATA, each_node};
use crate::ir::{Block, Call, Expr, ExprKind, LoopId, Node, NodeKind, Operator, VariableId, Workflow};
use crate::{Content, Enumeration, Record, Shape, ShapeOf, Tagging};

pub(super) fn check(workflow: &Workflow, report: &mut Report<'_>) {
    if !workflow.shapes.values().any(Shape::is_personal) {
        return;
    }
    let known = workflow.shapes.iter().map(|(id, shape)| (*id, Known::of(shape.clone())));
    let mut values = Values { known: known.collect(), results: BTreeMap::new() };
    // What a turn of a loop assigns, the next one reads. Every round marks a variable more, or is the last.
    while values.learn(&workflow.body) {}
    each_node(&workflow.body, &mut |node| judge(node, &mut values, report));
}

fn judge(node: &Node, values: &mut Values, report: &mut Report<'_>) {
    match &node.kind {
        NodeKind::Task(call) => {
            let undone = call.compensation.iter().chain(&call.unknown).map(|undo| &undo.call);
            for call in std::iter::once(&**call).chain(undone) {
                check_call(call, node, values, report);
            }
        }
        NodeKind::Fail { error, cause } if values.is_personal(error) || values.is_personal(cause) => {
            let message = "this failure says what is personal: the error and cause of an execution are logged, and stand in \
                           EventBridge's events and in alarms";
            let help = "say what tells the case apart, such as an id; who may read it finds the rest in the execution";
            report.push(PERSONAL_DATA_IN_FAILURE, node.origin, message.to_owned(), help);
        }
        NodeKind::Map(iteration) => {
            let is_written = iteration.distributed.iter().any(|run| run.results_to.is_some());
            if is_written && iteration.body.value.as_ref().is_some_and(|value| values.is_personal(value)) {
                let message =
                    "the results written to the bucket hold what is personal, where nothing marks it"
                        .to_owned();
                report.push(PERSONAL_DATA_SENT, node.origin, message, SENT);
            }
        }
        _ => {}
    }
}

const SENT: &str = "send what tells the case apart, such as an id; or allow it for this workflow: \
                    `#[workflow(allow(personal_data_sent))]`";

/// What a task is given it must take as personal; what a service is given leaves.
fn check_call(call: &Call, node: &Node, values: &mut Values, report: &mut Report<'_>) {
    let Some(payload) = &call.payload else { return };
    match &call.service {
        // A workflow that is executed has lints of its own.
        Some(service)
            if service.resource.as_deref().is_some_and(|resource| resource.contains(":states:::states:")) => {
        }
        Some(service) => {
            if values.is_personal(payload) {
                let message = format!("`{}` is sent what is personal", service.name);
                report.push(PERSONAL_DATA_SENT, node.origin, message, SENT);
            }
        }
        None => {
            for argument in call.spec.given() {
                let given = match payload.kind() {
                    _ if call.spec.sole_argument().is_some() => payload.clone(),
                    _ => Expr::field(payload, argument.name, None),
                };
                if !(argument.shape)().is_personal() && values.is_personal(&given) {
                    let (name, task) = (argument.name, call.spec.name);
                    let message = format!(
                        "`{name}` of `{task}` is given what is personal and does not say so: it is not marked in the manifest, \
                         nor hidden in traces"
                    );
                    let help = "take it as a `Pii`, and call `expose()` inside the task";
                    report.of(&call.spec).push(UNMARKED_PERSONAL_DATA, node.origin, message, help);
                }
            }
        }
    }
}

/// What is known of a value: its shape, and whether it was read out of one that is marked.
#[derive(Clone)]
struct Known {
    shape: Shape,
    exposed: bool,
}

impl Known {
    fn of(shape: Shape) -> Self {
        Self { shape, exposed: false }
    }

    fn is_personal(&self) -> bool {
        self.exposed || self.shape.is_personal()
    }

    /// What a newtype holds, and an option.
    fn opened(mut self) -> Self {
        loop {
            match self.shape {
                Shape::Newtype(newtype) => {
                    self.exposed |= newtype.personal;
                    self.shape = (newtype.inner)();
                }
                Shape::Option(inner) => self.shape = inner(),
                _ => return self,
            }
        }
    }

    fn part(&self, of: ShapeOf) -> Self {
        Self { shape: of(), ..*self }
    }

    fn field(self, wire: &str) -> Option<Self> {
        let opened = self.opened();
        match &opened.shape {
            Shape::Record(record) => record.fields.iter().filter(|field| !field.skipped).find_map(|field| {
                if field.flatten {
                    return opened.part(field.shape).field(wire);
                }
                (field.wire == wire).then(|| opened.part(field.shape))
            }),
            Shape::Enum(enumeration) => opened.of_variants(enumeration, wire),
            _ => None,
        }
    }

    /// What stands under a key of an enum, whichever variant it is.
    fn of_variants(&self, enumeration: &Enumeration, wire: &str) -> Option<Self> {
        let known = |shape| Self { shape, exposed: self.exposed };
        let contents = enumeration.variants.iter().filter_map(|variant| {
            let shape = match &variant.content {
                Content::Unit => return None,
                Content::Newtype(inner) => inner(),
                Content::Tuple(places) => Shape::Tuple(places.clone()),
                Content::Struct(fields) => {
                    Shape::Record(Record { name: variant.name, id: variant.name, fields: fields.clone() })
                }
            };
            Some((variant.wire, known(shape)))
        });
        match enumeration.tagging {
            Tagging::External => {
                contents.into_iter().find(|(name, _)| *name == wire).map(|(_, content)| content)
            }
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } if tag == wire => {
                Some(known(Shape::String))
            }
            Tagging::Internal { .. } | Tagging::Untagged => {
                let fields: Vec<_> = contents.filter_map(|(_, content)| content.field(wire)).collect();
                fields.iter().find(|field| field.is_personal()).or(fields.first()).cloned()
            }
            Tagging::Adjacent { .. } => None,
        }
    }

    fn item(self) -> Option<Self> {
        let opened = self.opened();
        match opened.shape {
            Shape::Array(item) | Shape::Map(item) => Some(opened.part(item)),
            _ => None,
        }
    }

    fn place(self, at: usize) -> Option<Self> {
        let opened = self.opened();
        match &opened.shape {
            Shape::Tuple(places) => Some(opened.part(*places.get(at)?)),
            _ => None,
        }
    }
}

/// What is known of the variables.
struct Values {
    known: BTreeMap<VariableId, Known>,
    /// The variables of the values of loops.
    results: BTreeMap<LoopId, VariableId>,
}

impl Values {
    /// Goes through assignments; tells whether anything was learnt.
    fn learn(&mut self, block: &Block) -> bool {
        let mut learnt = false;
        for node in &block.nodes {
            match &node.kind {
                NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                    learnt |= self.assign(*variable, value);
                }
                NodeKind::Choice(choice) => {
                    let bodies = choice.rules.iter().map(|rule| &rule.body).chain([&choice.otherwise]);
                    learnt |= self.assign_any(choice.result, bodies.filter_map(|body| body.value.as_ref()));
                }
                NodeKind::Task(call) => {
                    let bodies = call.ok.iter().chain(call.arms.iter().map(|arm| &arm.body));
                    learnt |= self.assign_any(call.value, bodies.filter_map(|body| body.value.as_ref()));
                }
                NodeKind::Loop(repeated) => {
                    self.results.extend(repeated.result.map(|result| (repeated.id, result)));
                    for step in &repeated.step {
                        if let NodeKind::Let { variable, value } | NodeKind::Set { variable, value } =
                            &step.kind
                        {
                            learnt |= self.assign(*variable, value);
                        }
                    }
                }
                NodeKind::Break { of, value } => {
                    learnt |= self.assign_any(self.results.get(of).copied(), value);
                }
                NodeKind::Parallel { branches, .. } => {
                    for (body, variable) in branches {
                        learnt |= self.assign_any(Some(*variable), &body.value);
                    }
                }
                NodeKind::Map(iteration) => {
                    let item = self.look(&iteration.items).and_then(Known::item);
                    let exposed =
                        item.as_ref().map_or_else(|| self.is_personal(&iteration.items), |item| item.exposed);
                    learnt |= self.set(iteration.item, item, exposed);
                    learnt |= self.assign_any(Some(iteration.result), &iteration.body.value);
                }
                _ => {}
            }
            for inner in node.blocks() {
                learnt |= self.learn(inner);
            }
        }
        learnt
    }

    fn assign_any<'e>(&mut self, to: Option<VariableId>, values: impl IntoIterator<Item = &'e Expr>) -> bool {
        let Some(variable) = to else { return false };
        values.into_iter().fold(false, |learnt, value| self.assign(variable, value) | learnt)
    }

    fn assign(&mut self, variable: VariableId, value: &Expr) -> bool {
        let exposed = self.is_personal(value);
        let known = self.look(value);
        self.set(variable, known, exposed)
    }

    /// Notes what is known of a variable. What its shape marks is found there, part by part.
    fn set(&mut self, variable: VariableId, value: Option<Known>, exposed: bool) -> bool {
        let is_new = !self.known.contains_key(&variable);
        let known =
            self.known.entry(variable).or_insert_with(|| value.unwrap_or_else(|| Known::of(Shape::Any)));
        let is_exposed_now = exposed && !known.is_personal();
        known.exposed |= is_exposed_now;
        is_new || is_exposed_now
    }

    /// What a path leads to, as far as shapes tell.
    fn look(&self, path: &Expr) -> Option<Known> {
        match path.kind() {
            ExprKind::Variable(id) => self.known.get(id).cloned(),
            ExprKind::Field { of, wire, .. } => self.look(of)?.field(wire),
            ExprKind::Index { of, index } => self.look(of)?.place(*index),
            ExprKind::Element { of, .. } => self.look(of)?.item(),
            _ => None,
        }
    }

    /// Whether a value tells something personal. That it exists, how long it is and what it equals does not count.
    fn is_personal(&mut self, expr: &Expr) -> bool {
        if let Some(known) = self.look(expr) {
            return known.is_personal();
        }
        match expr.kind() {
            kind if tells_little(kind) => false,
            ExprKind::Function { name, arguments } => {
                if let [list, lambda] = arguments.as_slice()
                    && let ExprKind::Lambda { parameters, body } = lambda.kind()
                {
                    self.take_item(list, parameters);
                    return if *name == "map" { self.is_personal(body) } else { self.is_personal(list) };
                }
                arguments.iter().any(|argument| self.is_personal(argument))
            }
            ExprKind::Local { bindings, body } => {
                for (variable, bound) in bindings {
                    self.assign(*variable, bound);
                }
                self.is_personal(body)
            }
            ExprKind::If { then, otherwise, .. } => self.is_personal(then) || self.is_personal(otherwise),
            ExprKind::When { then, .. } => self.is_personal(then),
            _ => {
                let mut children = Vec::new();
                expr.for_each_child(|child| children.push(child));
                children.into_iter().any(|child| self.is_personal(child))
            }
        }
    }

    /// Notes what the first parameter of a lambda stands for: an item of the list.
    fn take_item(&mut self, list: &Expr, parameters: &[VariableId]) {
        let Some(item) = parameters.first() else { return };
        let known = self.look(list).and_then(Known::item);
        let exposed = known.as_ref().map_or_else(|| self.is_personal(list), |known| known.exposed);
        self.set(*item, known, exposed);
    }
}

/// Whether a value is there, how much of it, what it equals.
fn tells_little(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Binary { operator, .. } => !matches!(
            operator,
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder
        ),
        ExprKind::Function { name, .. } => matches!(*name, "count" | "length" | "contains"),
        ExprKind::Exists(_) | ExprKind::Not(_) => true,
        _ => false,
    }
}
