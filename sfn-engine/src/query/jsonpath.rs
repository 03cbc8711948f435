//! The query language JSONPath: what the core asks of Paths, answered for plain ones such as `$.order.total`.
//! Separate because it is one query language of two.

#![expect(
    clippy::unnecessary_wraps,
    clippy::only_used_in_recursion,
    reason = "plain Paths cannot fail to compile"
)]

use std::sync::Arc;

use sfn_asl::Value;

use super::{QueryFault, Scope, Template, Unreadable};

#[derive(Debug)]
pub(crate) struct Path {
    source: String,
    root: String,
    names: Vec<String>,
}
impl Path {
    pub(crate) fn new(text: &str, _field: &str) -> Result<Self, Unreadable> {
        let (root, rest) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self {
            source: text.into(),
            root: root.into(),
            names: rest.split('.').filter(|x| !x.is_empty()).map(str::to_owned).collect(),
        })
    }
    pub(crate) fn source(&self) -> &str {
        &self.source
    }
    pub(crate) fn reads_context(&self) -> bool {
        self.root == "$$"
    }
    pub(crate) fn evaluate(&self, scope: &Scope) -> Result<Value, QueryFault> {
        let miss = || {
            QueryFault::runtime(format!(
                "Invalid path '{}' : No results for path: {}",
                self.source, self.source
            ))
        };
        let mut at = match &*self.root {
            "$" => scope.root().clone(),
            "$$" => scope.context().clone(),
            v => scope.variable(&v[1..]).cloned().ok_or_else(miss)?,
        };
        for name in &self.names {
            at = at.get(name).cloned().ok_or_else(miss)?;
        }
        Ok(at)
    }
}
#[derive(Debug)]
pub(crate) struct ReferencePath(Vec<String>);
impl ReferencePath {
    pub(crate) fn new(text: &str, _field: &str) -> Result<Self, Unreadable> {
        Ok(Self(text.split('.').skip(1).map(str::to_owned).collect()))
    }
    pub(crate) fn put(&self, into: &Value, result: Value) -> Result<Value, QueryFault> {
        Ok(put(&self.0, into, result))
    }
}
fn put(names: &[String], into: &Value, result: Value) -> Value {
    let Some((first, rest)) = names.split_first() else { return result };
    let mut o = into.as_object().cloned().unwrap_or_default();
    let inner = put(rest, o.get(first).unwrap_or(&Value::Null), result);
    o.insert(first.as_str(), inner);
    Value::from(o)
}
pub(crate) fn expression(text: &str, field: &str) -> Result<Template, Unreadable> {
    Ok(Template::Path(Path::new(text, field)?))
}
pub(crate) fn template(payload: &Value, field: &str) -> Result<Template, Unreadable> {
    Ok(match payload {
        Value::Object(f) => Template::Object(
            f.iter()
                .map(|(n, v)| {
                    Ok(match n.strip_suffix(".$") {
                        Some(n) => (n.into(), expression(v.as_str().unwrap_or(""), n)?),
                        None => (Arc::clone(n), template(v, field)?),
                    })
                })
                .collect::<Result<_, Unreadable>>()?,
        ),
        Value::Array(i) => Template::Array(i.iter().map(|v| template(v, field)).collect::<Result<_, _>>()?),
        v => Template::Literal(v.clone()),
    })
}
