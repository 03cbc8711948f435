//! Values made of other values by changing a part: a struct with another field, a list with another element.
//! Separate from construction because what is not changed is taken over unseen.

use super::construct::element;
use super::{AnyVal, Fault, Inside};
use crate::ir::{Expr, ExprKind};
use crate::{Payload, Shape};

impl AnyVal {
    /// The same value as one of a type: what an annotation says.
    ///
    /// ```
    /// use sfn_core::{Shape, literal};
    ///
    /// assert!(matches!(literal(0).of::<u8>().shape(), Shape::Integer(integer) if integer.bits == 8));
    /// ```
    pub fn of<T: Payload>(self) -> Self {
        Self { shape: T::shape(), inside: Inside::Shape, ..self }
    }

    /// The same struct with another value in a field, by the Rust names that lead there.
    ///
    /// ```
    /// use sfn_core::{Payload, literal, record};
    ///
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/point.in")); }
    /// # use support::Point;
    /// let point = record(Point::shape(), vec![("x", literal(3)), ("y", literal(4))]);
    /// assert_eq!(point.with(&["y"], &literal(5)).field("y").as_literal().unwrap(), 5);
    /// ```
    pub fn with(&self, path: &[&str], value: &Self) -> Self {
        let Some((name, rest)) = path.split_first() else { return value.clone() };
        let inner = self.field(name).with(rest, value);
        let field = match &self.shape {
            Shape::Record(record) => record.field(name),
            _ => None,
        };
        let Some(field) = field else {
            let fault = Fault::new(
                "not-assignable",
                format!("`.{name}` is no field of a struct that could be assigned to"),
                "assign to the whole value",
            );
            return if inner.faults.is_empty() { Self::poison(self.shape.clone(), fault) } else { inner };
        };
        let part = match inner.expr.kind() {
            _ if !field.flatten => {
                Expr::new(ExprKind::Object(vec![(field.wire.to_owned(), inner.expr.clone())]))
            }
            _ => inner.expr.clone(),
        };
        let expr = match self.expr.kind() {
            ExprKind::Object(entries) if !field.flatten => {
                let entries = entries.iter().filter(|(known, _)| known != field.wire).cloned();
                Expr::new(ExprKind::Object(
                    entries.chain([(field.wire.to_owned(), inner.expr.clone())]).collect(),
                ))
            }
            ExprKind::Merge(parts) => match (parts.split_last(), part.kind()) {
                (Some((last, before)), ExprKind::Object(more))
                    if let ExprKind::Object(entries) = last.kind() =>
                {
                    let entries =
                        entries.iter().filter(|(known, _)| more.iter().all(|(name, _)| name != known));
                    let both = Expr::new(ExprKind::Object(entries.chain(more).cloned().collect()));
                    Expr::new(ExprKind::Merge(before.iter().cloned().chain([both]).collect()))
                }
                _ => Expr::new(ExprKind::Merge(parts.iter().cloned().chain([part]).collect())),
            },
            _ => Expr::new(ExprKind::Merge(vec![self.expr.clone(), part])),
        };
        Self::new(expr, self.shape.clone()).with_faults_of([self, &inner])
    }

    /// The same list with one more element at its end, the same text with one more letter.
    ///
    /// ```
    /// use sfn_core::{array, literal};
    ///
    /// let list = array(vec![literal(1)]).push(&literal(2));
    /// assert_eq!(list.as_literal(), None, "it is put together when the workflow runs");
    /// ```
    pub fn push(&self, value: &Self) -> Self {
        if matches!(self.shape, Shape::String) {
            return self.push_str(value);
        }
        let one = Expr::new(ExprKind::Array(vec![element(value)]));
        let expr = Expr::function("append", [self.expr.clone(), one]);
        Self { expr, ..self.clone() }.with_faults_of([value])
    }
}
