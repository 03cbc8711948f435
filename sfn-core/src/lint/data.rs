//! Lints of values: numbers that JSONata rounds, and fields that should not stand in an execution's history.
//! Separate because they look at literals and at the shapes of payloads, wherever those are used.

use std::collections::BTreeSet;

use super::{INEXACT_INTEGER, Report, SENSITIVE_FIELD, WIDE_INTEGER_FIELD, each_node};
use crate::ir::{Expr, ExprKind, Node, NodeKind, Workflow};
use crate::{Content, Field, Origin, Shape, ShapeOf};

/// The largest integer below which a double has them all.
const EXACT: u64 = 1 << 53;

/// The names, without case and separators, of fields that hold what nobody else may read; beside those of secrets.
const SENSITIVE: [&str; 8] =
    ["cardnumber", "creditcard", "creditcardnumber", "cvc", "cvv", "secret", "socialsecuritynumber", "ssn"];

pub(super) fn check_literals(node: &Node, report: &mut Report<'_>) {
    if !report.wants(INEXACT_INTEGER) {
        return;
    }
    for expr in node.exprs() {
        for_each_literal(expr, &mut |value| {
            let size = value.as_u64().or(value.as_i64().map(i64::unsigned_abs));
            if size.is_some_and(|size| size > EXACT) {
                let message =
                    format!("`{value}` is beyond 2^53: JSONata's numbers are doubles, and round it");
                report.push(INEXACT_INTEGER, node.origin, message, "let it travel as a `String`");
            }
        });
    }
}

fn for_each_literal(expr: &Expr, visit: &mut dyn FnMut(&serde_json::Value)) {
    if let ExprKind::Literal(value) = expr.kind() {
        visit(value);
    }
    expr.for_each_child(|child| for_each_literal(child, visit));
}

/// The fields of the input, and of what the tasks take and give; each once, where it enters the workflow.
pub(super) fn check_fields(workflow: &Workflow, report: &mut Report<'_>) {
    let mut fields = Fields::default();
    let input = workflow.input.and_then(|input| workflow.shapes.get(&input));
    if let (Some(shape), Some(origin)) = (input, workflow.origin) {
        fields.shape(shape, origin, report);
    }
    each_node(&workflow.body, &mut |node| {
        let NodeKind::Task(call) = &node.kind else { return };
        let undone = call.compensation.iter().chain(&call.unknown).map(|undo| &undo.call);
        // What a service takes is its own affair.
        for call in std::iter::once(&**call).chain(undone).filter(|call| call.service.is_none()) {
            let report = &mut report.of(&call.spec);
            // A field that this task may have, another may not: it is told there.
            if report.wants(SENSITIVE_FIELD) || report.wants(WIDE_INTEGER_FIELD) {
                for argument in call.spec.given() {
                    fields.value(call.spec.name, argument.name, argument.shape, node.origin, report);
                }
                fields.shape(&(call.spec.output)(), node.origin, report);
            }
        }
    });
}

/// Goes through shapes, which may hold themselves.
#[derive(Default)]
struct Fields {
    told: BTreeSet<(&'static str, &'static str)>,
    /// The addresses of the shapes that were looked into.
    followed: BTreeSet<usize>,
}

impl Fields {
    fn shape(&mut self, shape: &Shape, origin: Origin, report: &mut Report<'_>) {
        match shape {
            Shape::Option(inner) | Shape::Array(inner) | Shape::Map(inner) => {
                self.follow(*inner, origin, report);
            }
            Shape::Newtype(newtype) => self.follow(newtype.inner, origin, report),
            Shape::Tuple(places) => places.iter().for_each(|place| self.follow(*place, origin, report)),
            Shape::Record(record) => self.fields(record.name, &record.fields, origin, report),
            Shape::Enum(enumeration) => {
                let owner = enumeration.name;
                for variant in &enumeration.variants {
                    match &variant.content {
                        Content::Unit => {}
                        Content::Newtype(inner) => self.value(owner, variant.name, *inner, origin, report),
                        Content::Tuple(places) => {
                            for place in places {
                                self.follow(*place, origin, report);
                            }
                        }
                        Content::Struct(fields) => self.fields(owner, fields, origin, report),
                    }
                }
            }
            Shape::Any
            | Shape::Null
            | Shape::Bool
            | Shape::Float
            | Shape::Float32
            | Shape::String
            | Shape::Timestamp
            | Shape::Integer(_) => {}
        }
    }

    fn follow(&mut self, of: ShapeOf, origin: Origin, report: &mut Report<'_>) {
        if self.followed.insert(of as usize) {
            self.shape(&of(), origin, report);
        }
    }

    fn fields(&mut self, owner: &'static str, fields: &[Field], origin: Origin, report: &mut Report<'_>) {
        for field in fields.iter().filter(|field| !field.skipped) {
            self.value(owner, field.name, field.shape, origin, report);
        }
    }

    /// A named value, told once.
    fn value(
        &mut self,
        owner: &'static str,
        name: &'static str,
        of: ShapeOf,
        origin: Origin,
        report: &mut Report<'_>,
    ) {
        if !self.told.insert((owner, name)) {
            return;
        }
        let plain = held(of());
        if matches!(plain, Shape::String | Shape::Integer(_)) && is_sensitive(name) {
            let message = format!(
                "`{name}` of `{owner}` stands in the history of every execution, for all who may read it"
            );
            let help = "keep it in Secrets Manager or a vault, and let a reference to it travel; in Rust hold it as a `Secret`";
            report.push(SENSITIVE_FIELD, origin, message, help);
        }
        if matches!(plain, Shape::Integer(integer) if integer.bits > 32) {
            let message =
                format!("`{name}` of `{owner}` has 64 bits, and JSONata rounds what is beyond 2^53");
            let help = "use 32 bits, or let it travel as a `String`";
            report.push(WIDE_INTEGER_FIELD, origin, message, help);
        }
        self.follow(of, origin, report);
    }
}

/// The shape that is left when options, lists and newtypes are looked through, as deep as anybody writes them.
fn held(mut shape: Shape) -> Shape {
    for _ in 0..8 {
        shape = match shape {
            Shape::Option(inner) | Shape::Array(inner) => inner(),
            Shape::Newtype(newtype) => (newtype.inner)(),
            other => return other,
        };
    }
    shape
}

fn is_sensitive(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    SENSITIVE.contains(&plain.to_ascii_lowercase().as_str()) || sfn_asl::names_a_secret(name)
}
