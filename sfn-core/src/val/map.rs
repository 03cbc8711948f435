//! Maps: what is under a key, and a map with one more.
//! Separate from lists because a key may be missing, and JSONata says so with nothing at all.

use super::{AnyVal, Fault, Inside, Optional};
use crate::Shape;
use crate::ir::{Element, Expr, ExprKind, Operator, Sequence};

/// A map of these entries: `BTreeMap::from([(key, value)])`.
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn map_of(entries: Vec<(AnyVal, AnyVal)>) -> AnyVal {
    let parts = || entries.iter().flat_map(|(key, value)| [key, value]);
    let held = entries.first().map(|(_, value)| AnyVal { faults: Vec::new(), ..value.clone() });
    let inside = held.map_or(Inside::Shape, |held| Inside::Items(Box::new(held)));
    AnyVal { inside, ..AnyVal::new(object_of(&entries), Shape::Map(|| Shape::Any)) }.with_faults_of(parts())
}

/// An object of these entries, the last of each key.
pub(super) fn object_of(entries: &[(AnyVal, AnyVal)]) -> Expr {
    let mut named: Vec<(String, Expr)> = Vec::new();
    for (key, value) in entries {
        let Some(key) = key.as_literal().and_then(serde_json::Value::as_str) else {
            let parts = entries.iter().map(|(key, value)| entry(key, value));
            return Expr::new(ExprKind::Merge(parts.collect()));
        };
        named.retain(|(known, _)| known != key);
        named.push((key.to_owned(), value.expr.clone()));
    }
    Expr::new(ExprKind::Object(named))
}

/// An object of one entry.
pub(crate) fn entry(key: &AnyVal, value: &AnyVal) -> Expr {
    match key.as_literal().and_then(serde_json::Value::as_str) {
        Some(key) => Expr::new(ExprKind::Object(vec![(key.to_owned(), value.expr.clone())])),
        None => Expr::new(ExprKind::Entry { key: key.expr.clone(), value: value.expr.clone() }),
    }
}

impl AnyVal {
    /// What stands under each key.
    pub(crate) fn map_value(&self) -> Option<Self> {
        match (&self.inside, &self.shape) {
            (Inside::Items(value), Shape::Map(_)) => Some(Self::clone(value)),
            (_, Shape::Map(value)) => Some(Self::new(Expr::null(), value())),
            _ => None,
        }
    }

    /// `get(key)` of a map, `get(place)` of a list.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use sfn_core::{Definition, Flow, literal};
    ///
    /// let definition = Definition::from_flow("price", "", |flow: &mut Flow| {
    ///     let prices = flow.input::<BTreeMap<String, u32>>("prices").into_erased();
    ///     flow.succeed(prices.get(&literal("tea")).unwrap_or(&literal(0)));
    /// });
    /// let text = definition.lower().unwrap().machine.to_json_pretty();
    /// assert!(text.contains("{% [$lookup($states.input, 'tea'), 0][0] %}"), "{text}");
    /// ```
    pub fn get(&self, key: &Self) -> Self {
        let Some(value) = self.map_value() else { return self.place_or_null("get", key) };
        let found = self.under(key);
        let held = value.standing_for(found.clone());
        if value.is_array() == Some(false) && !value.is_option() {
            return Self::first_of(Sequence { expr: found, nested: false }, &value)
                .with_faults_of([self, key]);
        }
        if value.is_option() {
            return self.refuse(Fault::new(
                "unsupported-method",
                "`get` of a map of options is an option of an option, which JSON does not tell from an option",
                "read it with `map[key]`",
            ));
        }
        let present = Expr::new(ExprKind::Exists(found));
        Self::optional(Optional { bindings: Vec::new(), present, held }).with_faults_of([self, key])
    }

    /// `nth(place)` of an iterator.
    pub fn nth(&self, place: &Self) -> Self {
        self.place_or_null("nth", place)
    }

    fn place_or_null(&self, method: &str, place: &Self) -> Self {
        let Some(item) = self.item().filter(|item| !item.is_option()) else {
            return self.refuse_method(method);
        };
        let held =
            item.standing_for(Expr::new(ExprKind::Element { of: self.expr.clone(), at: place.expr.clone() }));
        let count = Expr::function("count", [self.expr.clone()]);
        let present = Expr::binary(Operator::Less, &place.expr, &count);
        Self::optional(Optional { bindings: Vec::new(), present, held }).with_faults_of([self, place])
    }

    /// `map[key]`
    pub(super) fn under(&self, key: &Self) -> Expr {
        Expr::function("lookup", [self.expr.clone(), key.expr.clone()])
    }

    /// `insert(key, value)` of a map: what it is then.
    pub fn insert(&self, key: &Self, value: &Self) -> Self {
        if matches!(self.shape, Shape::Map(_)) {
            let more = entry(key, value);
            let expr = Expr::new(ExprKind::Merge(vec![self.expr.clone(), more]));
            return Self { expr, ..self.clone() }.with_faults_of([key, value]);
        }
        self.refuse_method("insert")
    }

    /// `clear()`: nothing of it is left.
    pub fn clear(&self) -> Self {
        let nothing = match &self.shape {
            Shape::Map(_) => serde_json::json!({}),
            Shape::String => "".into(),
            _ if self.item().is_some() => serde_json::json!([]),
            _ => return self.refuse_method("clear"),
        };
        Self { expr: Expr::literal(nothing), ..self.clone() }
    }

    /// `extend(list)`, `chain(list)`: the items of both lists.
    pub fn chain(&self, other: &Self) -> Self {
        let (Some(item), Some(_)) =
            (self.item().filter(|_| self.as_literal().is_none()).or_else(|| other.item()), other.item())
        else {
            return self.refuse_method("chain");
        };
        let both = Expr::function("append", [self.expr.clone(), other.expr.clone()]);
        Self::list(both, item).with_faults_of([self, other])
    }

    /// A JSON value of these entries.
    pub(super) fn of_json(expr: Expr) -> Self {
        Self::new(expr, Shape::Any)
    }
}

/// An object inside `serde_json::json!`.
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn json_object(entries: Vec<(AnyVal, AnyVal)>) -> AnyVal {
    let parts = || entries.iter().flat_map(|(key, value)| [key, value]);
    AnyVal::of_json(object_of(&entries)).with_faults_of(parts())
}

/// An array inside `serde_json::json!`.
#[expect(clippy::needless_pass_by_value, reason = "the parts are listed in place")]
pub fn json_array(values: Vec<AnyVal>) -> AnyVal {
    let elements: Vec<Element> = values.iter().map(super::construct::element).collect();
    AnyVal::of_json(Expr::new(ExprKind::Array(elements))).with_faults_of(&values)
}
