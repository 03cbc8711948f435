//! The query language JSONPath: templates with `.$` fields, Paths, and places where results are put.
//! Separate because it is one query language of two.

mod filter;
mod function;
mod intrinsic;
mod put;
mod walk;

use std::sync::Arc;

use sfn_asl::Value;
use sfn_asl::intrinsic::Call;
use sfn_asl::path::{self, PathError, Root};

use super::{ExpressionError, QueryFault, Scope, Template, Unreadable};
use walk::{Dialect, Found, Miss};

pub(crate) use put::ReferencePath;

/// A Path of a definition, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Path {
    path: path::Path,
}

/// A `.$` field of a template.
#[derive(Debug)]
pub(crate) struct Expression {
    kind: Kind,
    /// The field, as the service names it: `total.$`.
    field: Arc<str>,
}

#[derive(Debug)]
enum Kind {
    Path(Path),
    Call(Call),
}

/// Compiles a payload template; parts without expressions are kept as they are.
pub(crate) fn template(payload: &Value, field: &str) -> Result<Template, Unreadable> {
    Ok(match payload {
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
                .map(|(name, value)| match (name.strip_suffix(".$"), value) {
                    (Some(plain), Value::String(text)) => match compile(text, Arc::clone(name)) {
                        Ok(expression) => Ok((plain.into(), Template::JsonPath(expression))),
                        Err(error) => Err(Unreadable { field: format!("{field}/{name}"), error }),
                    },
                    _ => Ok((Arc::clone(name), template(value, &format!("{field}/{name}"))?)),
                })
                .collect::<Result<Vec<_>, Unreadable>>()?;
            if compiled.iter().all(|(_, template)| is_literal(template)) {
                Template::Literal(payload.clone())
            } else {
                Template::Object(compiled)
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Template::Literal(payload.clone())
        }
    })
}

fn is_literal(template: &Template) -> bool {
    matches!(template, Template::Literal(_))
}

/// Compiles a field whose text is a Path or the call of an Intrinsic Function.
pub(crate) fn expression(text: &str, field: &str) -> Result<Template, Unreadable> {
    compile(text, field.into())
        .map(Template::JsonPath)
        .map_err(|error| Unreadable { field: field.to_owned(), error })
}

fn compile(text: &str, field: Arc<str>) -> Result<Expression, ExpressionError> {
    let kind = if text.starts_with('$') {
        Kind::Path(Path { path: text.parse()? })
    } else {
        Kind::Call(text.parse()?)
    };
    Ok(Expression { kind, field })
}

/// What `$` stands for, as far as a Path can tell.
enum Subject<'s> {
    Value(&'s Value),
    NoSuchVariable(&'s str),
}

fn subject<'s>(path: &'s path::Path, scope: &'s Scope) -> Subject<'s> {
    match &path.root {
        Root::Input | Root::Element => Subject::Value(scope.root()),
        Root::Context => Subject::Value(scope.context()),
        Root::Variable(name) => scope.variable(name).map_or(Subject::NoSuchVariable(name), Subject::Value),
    }
}

/// What a Path finds, as the service finds it: nothing at all is no failure for a Path that may find many.
fn find(path: &path::Path, scope: &Scope) -> Result<Found, Miss> {
    let value = match subject(path, scope) {
        Subject::Value(value) => value,
        Subject::NoSuchVariable(name) => {
            return Err(Miss::Absent(format!("The variable '{name}' is not assigned")));
        }
    };
    match walk::find(path, value, Dialect::Service) {
        Err(Miss::Absent(_)) if !path.is_definite() => Ok(Found::Value(Value::empty_array())),
        found => found,
    }
}

impl Path {
    /// Reads a Path of the field of that name.
    pub(crate) fn new(text: &str, field: &str) -> Result<Self, Unreadable> {
        match text.parse::<path::Path>() {
            Ok(path) => Ok(Self { path }),
            Err(error) => Err(Unreadable { field: field.to_owned(), error: error.into() }),
        }
    }

    /// The Path as its author wrote it.
    pub(crate) fn source(&self) -> &str {
        self.path.source()
    }

    /// Whether it looks at the Context Object.
    pub(crate) fn reads_context(&self) -> bool {
        self.path.root == Root::Context
    }

    pub(crate) fn evaluate(&self, scope: &Scope) -> Result<Value, QueryFault> {
        match find(&self.path, scope) {
            Ok(found) => Ok(found.or_null()),
            Err(miss) => {
                Err(QueryFault::runtime(format!("Invalid path '{}' : {}", self.source(), miss.message())))
            }
        }
    }

    /// Whether there is something where the Path leads.
    pub(crate) fn is_present(&self, scope: &Scope) -> bool {
        matches!(find(&self.path, scope), Ok(Found::Value(_)))
    }
}

impl Expression {
    pub(crate) fn reads_context(&self) -> bool {
        match &self.kind {
            Kind::Path(path) => path.reads_context(),
            Kind::Call(call) => {
                let mut reads = false;
                call.each_path(&mut |path, _| reads |= path.root == Root::Context);
                reads
            }
        }
    }

    pub(super) fn evaluate(&self, scope: &Scope) -> Result<Value, QueryFault> {
        match &self.kind {
            Kind::Path(path) => find(&path.path, scope).map(Found::or_null).map_err(|_| {
                QueryFault::runtime(format!(
                    "The JSONPath '{}' specified for the field '{}' could not be found in the input '{}'",
                    path.source(),
                    self.field,
                    scope.root(),
                ))
            }),
            Kind::Call(call) => intrinsic::evaluate(call, scope),
        }
    }
}

/// What a Path finds in a document as the Jayway library itself answers, for comparison with it.
///
/// The service differs in two points: an index beyond the end of an array gives null, and what an indefinite Path does
/// not find gives an empty array wherever it stops.
///
/// # Errors
/// When the text is no Path, or the Path does not lead to anything.
///
/// ```
/// use sfn_engine::{Value, jayway};
///
/// let order: Value = serde_json::from_str(r#"{"lines": [{"sku": "a", "price": 3}, {"sku": "b", "price": 20}]}"#)?;
/// let skus = jayway("$.lines[?(@.price > 10)].sku", &order);
/// assert_eq!(skus.map(|found| found.to_string()), Ok(r#"["b"]"#.to_owned()));
/// assert!(jayway("$.customer", &order).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn jayway(path: &str, document: &Value) -> Result<Value, String> {
    let path: path::Path = path.parse().map_err(|error: PathError| error.to_string())?;
    if !matches!(path.root, Root::Input) {
        return Err(format!("`{path}` does not begin with `$.` or `$[`"));
    }
    match walk::find(&path, document, Dialect::Library) {
        Ok(found) => Ok(found.or_null()),
        Err(miss) => Err(miss.message().to_owned()),
    }
}

#[cfg(test)]
mod tests;
