//! The tree as indented text: one line per node, expressions in a notation close to Rust.
//! Separate because it is for people and golden files only; nothing reads it back.

use std::fmt::{self, Display, Formatter};

use super::{Block, Call, Choice, Expr, ExprKind, Node, NodeKind, Variable, VariableId, Workflow};

impl Display for Workflow {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "workflow {}", self.name)?;
        if let Some(input) = self.input {
            write!(formatter, "({})", Name(self, input))?;
        }
        writeln!(formatter)?;
        Outline { workflow: self, depth: 1 }.block(&self.body, formatter)
    }
}

#[derive(Clone, Copy)]
struct Outline<'w> {
    workflow: &'w Workflow,
    depth: usize,
}

struct Name<'w>(&'w Workflow, VariableId);

struct Text<'w>(&'w Workflow, &'w Expr);

impl Outline<'_> {
    fn line(self, formatter: &mut Formatter<'_>, text: impl Display) -> fmt::Result {
        writeln!(formatter, "{:width$}{text}", "", width = self.depth * 2)
    }

    fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn block(self, block: &Block, formatter: &mut Formatter<'_>) -> fmt::Result {
        for node in &block.nodes {
            self.node(node, formatter)?;
        }
        match &block.value {
            Some(value) if !block.diverges() => {
                self.line(formatter, format_args!("= {}", Text(self.workflow, value)))
            }
            _ => Ok(()),
        }
    }

    fn node(self, node: &Node, formatter: &mut Formatter<'_>) -> fmt::Result {
        let name = |id| Name(self.workflow, id);
        let text = |expr| Text(self.workflow, expr);
        match &node.kind {
            NodeKind::Let { variable, value } => {
                self.line(formatter, format_args!("let {} = {}", name(*variable), text(value)))
            }
            NodeKind::Set { variable, value } => {
                self.line(formatter, format_args!("set {} = {}", name(*variable), text(value)))
            }
            NodeKind::Loop(repeated) => {
                let result = repeated.result.map(|id| format!("{} = ", name(id))).unwrap_or_default();
                self.line(formatter, format_args!("{result}loop #{}", repeated.id.0))?;
                self.inner().block(&repeated.body, formatter)?;
                if repeated.step.is_empty() {
                    return Ok(());
                }
                self.line(formatter, "step")?;
                repeated.step.iter().try_for_each(|node| self.inner().node(node, formatter))
            }
            NodeKind::Break { of, value } => {
                let value = value.as_ref().map(|value| format!(" = {}", text(value))).unwrap_or_default();
                self.line(formatter, format_args!("break #{}{value}", of.0))
            }
            NodeKind::Continue { of } => self.line(formatter, format_args!("continue #{}", of.0)),
            NodeKind::Task(call) => self.task(call, formatter),
            NodeKind::Choice(choice) => self.choice(choice, formatter),
            NodeKind::Parallel { branches, failure, .. } => {
                self.line(formatter, format_args!("parallel{}", self.settled(*failure)))?;
                branches.iter().try_for_each(|(body, result)| {
                    self.inner().line(formatter, format_args!("branch {}", name(*result)))?;
                    self.inner().inner().block(body, formatter)
                })
            }
            NodeKind::Map(map) => {
                let (result, item) = (name(map.result), name(map.item));
                let settled = self.settled(map.failure);
                match &map.distributed {
                    None => {
                        self.line(
                            formatter,
                            format_args!("{result} = map {item} in {}{settled}", text(&map.items)),
                        )?;
                    }
                    Some(distributed) => {
                        let from = match &distributed.reader {
                            None => text(&map.items).to_string(),
                            Some(reader) => format!("{} {}", text(&reader.bucket), text(&reader.place)),
                        };
                        self.line(
                            formatter,
                            format_args!("{result} = map distributed {item} in {from}{settled}"),
                        )?;
                    }
                }
                self.inner().block(&map.body, formatter)
            }
            NodeKind::Wait { seconds } => self.line(formatter, format_args!("wait {}", text(seconds))),
            NodeKind::Commit => self.line(formatter, "commit"),
            NodeKind::Return(value) => self.line(formatter, format_args!("return {}", text(value))),
            NodeKind::Fail { error, cause } => {
                self.line(formatter, format_args!("fail {}: {}", text(error), text(cause)))
            }
            NodeKind::Rethrow { failure } => self.line(formatter, format_args!("rethrow {}", text(failure))),
        }
    }

    fn settled(self, failure: Option<VariableId>) -> String {
        failure.map(|id| format!(", failure {}", Name(self.workflow, id))).unwrap_or_default()
    }

    fn task(self, call: &Call, formatter: &mut Formatter<'_>) -> fmt::Result {
        let name = |id| Name(self.workflow, id);
        let undo = call.compensation.as_ref().map(|undo| format!(", undone by {}", self.called(&undo.call)));
        let unknown = call.unknown.as_ref();
        let unknown = unknown.map(|undo| format!(", if unknown by {}", self.called(&undo.call)));
        let (undo, unknown) = (undo.unwrap_or_default(), unknown.unwrap_or_default());
        let task = self.called(call);
        self.line(formatter, format_args!("{} = {task}{undo}{unknown}", name(call.result)))?;
        if let Some(ok) = &call.ok {
            self.inner().line(formatter, "ok")?;
            self.inner().inner().block(ok, formatter)?;
        }
        call.arms.iter().try_for_each(|arm| {
            let bound = arm.fields.or(arm.failure).map(|id| format!(" as {}", name(id)));
            let errors = arm.errors.join(" | ");
            self.inner().line(formatter, format_args!("catch {errors}{}", bound.unwrap_or_default()))?;
            self.inner().inner().block(&arm.body, formatter)
        })
    }

    fn called(self, call: &Call) -> String {
        let payload = call.payload.as_ref().map(|payload| Text(self.workflow, payload).to_string());
        format!("{}({})", call.spec.name, payload.unwrap_or_default())
    }

    fn choice(self, choice: &Choice, formatter: &mut Formatter<'_>) -> fmt::Result {
        let result = choice.result.map(|id| format!("{} = ", Name(self.workflow, id))).unwrap_or_default();
        self.line(formatter, format_args!("{result}choose `{}`", choice.text))?;
        for rule in &choice.rules {
            self.inner().line(formatter, format_args!("if {}", Text(self.workflow, &rule.condition)))?;
            self.inner().inner().block(&rule.body, formatter)?;
        }
        self.inner().line(formatter, "else")?;
        self.inner().inner().block(&choice.otherwise, formatter)
    }
}

impl Display for Name<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self(workflow, id) = self;
        let Variable { name, hint, .. } = &workflow.variables[id.0 as usize];
        match name {
            Some(name) => write!(formatter, "{name}#{}", id.0),
            None => write!(formatter, "{hint}?#{}", id.0),
        }
    }
}

impl Display for Text<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self(workflow, expr) = self;
        let text = |expr| Text(workflow, expr);
        match expr.kind() {
            ExprKind::Literal(value) => write!(formatter, "{value}"),
            ExprKind::Variable(id) => Name(workflow, *id).fmt(formatter),
            ExprKind::Source(source) => write!(formatter, "{source:?}"),
            ExprKind::Field { of, wire, absent } => {
                write!(formatter, "{}.{wire}", text(of))?;
                absent.iter().try_for_each(|absent| write!(formatter, "?{absent}"))
            }
            ExprKind::Index { of, index } => write!(formatter, "{}[{index}]", text(of)),
            ExprKind::Element { of, at } => write!(formatter, "{}[{}]", text(of), text(at)),
            ExprKind::Range { from, last } => write!(formatter, "{}..={}", text(from), text(last)),
            ExprKind::Function { name, arguments } => {
                write!(formatter, "{name}({})", list(arguments.iter().map(text)))
            }
            ExprKind::Lambda { parameters, body } => {
                let parameters = list(parameters.iter().map(|id| Name(workflow, *id)));
                write!(formatter, "|{parameters}| {}", text(body))
            }
            ExprKind::Collected(sequence) => write!(formatter, "[{}]", text(&sequence.expr)),
            ExprKind::FirstOr(sequence, otherwise) => {
                write!(formatter, "first({}) or {}", text(&sequence.expr), text(otherwise.expr()))
            }
            ExprKind::Pattern(pattern) => write!(formatter, "/{pattern}/"),
            ExprKind::Ordinal(inner) => write!(formatter, "ordinal({})", text(inner)),
            ExprKind::When { condition, then } => {
                write!(formatter, "if {} {{{}}}", text(condition), text(then))
            }
            ExprKind::Entry { key, value } => write!(formatter, "{{{}: {}}}", text(key), text(value)),
            ExprKind::Exists(inner) => write!(formatter, "exists({})", text(inner)),
            ExprKind::Not(inner) => write!(formatter, "!{}", text(inner)),
            ExprKind::Negate(inner) => write!(formatter, "-{}", text(inner)),
            ExprKind::Text(inner) => write!(formatter, "text({})", text(inner)),
            ExprKind::Binary { operator, left, right } => {
                write!(formatter, "({} {} {})", text(left), operator.rust(), text(right))
            }
            ExprKind::Quotient { left, right, .. } => write!(formatter, "({} / {})", text(left), text(right)),
            ExprKind::Concat(parts) => write!(formatter, "concat({})", list(parts.iter().map(text))),
            ExprKind::Merge(parts) => write!(formatter, "merge({})", list(parts.iter().map(text))),
            ExprKind::Array(elements) => {
                write!(formatter, "[{}]", list(elements.iter().map(|element| text(element.expr()))))
            }
            ExprKind::Object(entries) => {
                let entries = entries.iter().map(|(name, value)| format!("{name}: {}", text(value)));
                write!(formatter, "{{{}}}", list(entries))
            }
            ExprKind::Placeholder(text) => write!(formatter, "{text}"),
            ExprKind::Raw { text: raw, names } => {
                let names = names.iter().map(|(name, named)| format!(", {name} = {}", text(named)));
                write!(formatter, "jsonata({raw}{})", names.collect::<String>())
            }
            ExprKind::If { condition, then, otherwise } => {
                write!(formatter, "if {} {{{}}} else {{{}}}", text(condition), text(then), text(otherwise))
            }
            ExprKind::Local { bindings, body } => {
                bindings.iter().try_for_each(|(id, value)| {
                    write!(formatter, "let {} = {}; ", Name(workflow, *id), text(value))
                })?;
                text(body).fmt(formatter)
            }
        }
    }
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
