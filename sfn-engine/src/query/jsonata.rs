//! The query language JSONata: templates with `{% .. %}` strings, and how the service words their failures.
//! Separate because it is one query language of two.

use std::sync::Arc;

use sfn_asl::Value;

use super::{Expected, QueryFault, Scope, Template, Unreadable, kind_name};

/// One JSONata string of a definition.
#[derive(Debug)]
pub(crate) struct Expression {
    compiled: sfn_jsonata::Expression,
    /// The field it stands in, as the service names it: `Output/result`.
    field: Arc<str>,
    reads_context: bool,
}

/// Compiles a payload; parts without expressions are kept as they are.
pub(crate) fn template(payload: &Value, field: &str) -> Result<Template, Unreadable> {
    Ok(match payload {
        Value::String(text) => match expression_source(text) {
            Some(source) => Template::Expression(expression(source, field)?),
            None => Template::Literal(payload.clone()),
        },
        Value::Array(items) => {
            let compiled = items
                .iter()
                .enumerate()
                .map(|(index, item)| template(item, &format!("{field}[{index}]")))
                .collect::<Result<Vec<_>, _>>()?;
            if compiled.iter().all(is_literal) {
                Template::Literal(payload.clone())
            } else {
                Template::Array(compiled)
            }
        }
        Value::Object(fields) => {
            let compiled = fields
                .iter()
                .map(|(name, value)| Ok((Arc::clone(name), template(value, &format!("{field}/{name}"))?)))
                .collect::<Result<Vec<_>, Unreadable>>()?;
            if compiled.iter().all(|(_, template)| is_literal(template)) {
                Template::Literal(payload.clone())
            } else {
                Template::Object(compiled)
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Template::Literal(payload.clone()),
    })
}

fn is_literal(template: &Template) -> bool {
    matches!(template, Template::Literal(_))
}

/// What stands between `{%` and `%}`, if the whole string is one expression.
fn expression_source(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

fn expression(source: &str, field: &str) -> Result<Expression, Unreadable> {
    let compiled = source.parse().map_err(|error: sfn_jsonata::ParseError| Unreadable {
        field: field.to_owned(),
        error: error.into(),
    })?;
    Ok(Expression { compiled, field: field.into(), reads_context: may_read_context(source) })
}

/// Whether a source may look at `$states.context`: every mention of `$states` that is not plainly one of the other
/// three counts. Erring on the side of yes costs a little time, never a result.
fn may_read_context(source: &str) -> bool {
    source.match_indices("$states").any(|(at, found)| {
        let rest = source[at + found.len()..].trim_start();
        !["input", "result", "errorOutput"]
            .iter()
            .any(|known| rest.strip_prefix('.').is_some_and(|field| field.trim_start().starts_with(known)))
    })
}

impl Expression {
    pub(crate) fn reads_context(&self) -> bool {
        self.reads_context
    }

    pub(super) fn may_take_long(&self) -> bool {
        self.compiled.may_take_long()
    }

    pub(super) fn evaluate(&self, scope: &Scope) -> Result<Value, QueryFault> {
        match self.compiled.evaluate(&Value::Null, &scope.bindings, &scope.environment()) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.fault("returned nothing (undefined).")),
            Err(error) if error.is_unsupported_result() => {
                Err(self.fault("returned an unsupported result type."))
            }
            Err(error) => Err(self.fault(&format!("threw an error during evaluation. {error}"))),
        }
    }

    pub(super) fn unexpected(&self, expected: Expected, found: &Value) -> QueryFault {
        self.fault(&format!(
            "returned an unexpected result type. Expected '{}', but was '{}' for value: {found}",
            // A number that is refused is none of the whole numbers that the field takes.
            if matches!((expected, found), (Expected::Number, Value::Number(_))) {
                "integer"
            } else {
                expected.name()
            },
            kind_name(found),
        ))
    }

    fn fault(&self, what: &str) -> QueryFault {
        QueryFault {
            error: QueryFault::EVALUATION,
            location: Some(Arc::clone(&self.field)),
            message: format!(
                "The JSONata expression '{}' specified for the field '{}' {what}",
                self.compiled.source(),
                self.field,
            ),
        }
    }
}
