//! What several values are of which a workflow goes on with one: the type that all of them share, as far as each tells it.
//! Separate because a branch, a loop and a closure ask the same, and a `None` tells less than what it might have held.

use super::{AnyVal, Inside, Optional};
use crate::Shape;
use crate::ir::{Expr, ExprKind};

impl AnyVal {
    /// Whether no such value is ever made: what is done with it is never done, so nothing is wrong with it.
    pub(crate) fn is_never(&self) -> bool {
        matches!(self.inside, Inside::Never)
    }

    /// Whether it is an option that never holds anything.
    pub(super) fn is_none_ever(&self) -> bool {
        matches!(&self.inside, Inside::Option(option) if option.held.is_never())
    }

    /// Whether it is a list that never holds anything.
    pub(crate) fn is_empty_ever(&self) -> bool {
        self.item().is_some_and(|item| item.is_never())
    }

    /// The same where it is the first of several values that nothing is known of yet: its `None` may become something.
    pub(crate) fn at_first(self) -> Self {
        match &self.inside {
            Inside::Option(option) if option.held.is_never() => Self { inside: Inside::Shape, ..self },
            Inside::Option(option) => {
                let held = option.held.clone().at_first();
                let option = Optional { held, ..Optional::clone(option) };
                Self { inside: Inside::Option(Box::new(option)), ..self }
            }
            Inside::Places(places) => {
                let places = places.iter().cloned().map(Self::at_first).collect();
                Self { inside: Inside::Places(places), ..self }
            }
            Inside::Items(item) => {
                let item = Box::new(Self::clone(item).at_first());
                Self { inside: Inside::Items(item), ..self }
            }
            Inside::Shape | Inside::Never => self,
        }
    }

    /// The same value as one of a type: what an annotation says of a constant, and of the parts that are constants.
    ///
    /// ```
    /// use sfn_core::{AnyVal, Payload, Shape, literal, tuple};
    ///
    /// let pair = tuple(vec![AnyVal::none(), literal(3)]).declared(&<(Option<String>, u8)>::shape());
    /// assert!(matches!(pair.index(1).shape(), Shape::Integer(integer) if integer.bits == 8));
    /// ```
    pub fn declared(self, shape: &Shape) -> Self {
        if matches!(shape, Shape::Any) || self.is_never() {
            return self;
        }
        if self.as_literal().is_some()
            || self.is_none_ever()
            || matches!(self.shape, Shape::Any) && !self.has_parts()
        {
            return Self { shape: shape.clone(), inside: Inside::Shape, ..self };
        }
        let inside = match (self.inside, shape) {
            (Inside::Places(places), Shape::Tuple(shapes)) => {
                let places = places.into_iter().zip(shapes);
                Inside::Places(places.map(|(place, shape)| place.declared(&shape())).collect())
            }
            (Inside::Items(item), Shape::Array(shape) | Shape::Map(shape)) => {
                Inside::Items(Box::new(item.declared(&shape())))
            }
            (Inside::Option(option), Shape::Option(shape)) => {
                let held = option.held.declared(&shape());
                Inside::Option(Box::new(Optional { held, ..*option }))
            }
            (Inside::Shape, Shape::Array(_) | Shape::Map(_)) if is_empty(&self.expr) => {
                return Self { shape: shape.clone(), inside: Inside::Shape, ..self };
            }
            (inside, _) => inside,
        };
        Self { inside, ..self }
    }

    fn has_parts(&self) -> bool {
        !matches!(self.inside, Inside::Shape)
    }

    /// What all of several values are, under the expression of the one that tells most: of constants `None` may be any
    /// option, and a number any number.
    pub(crate) fn telling<'v>(values: impl IntoIterator<Item = &'v Self>) -> Option<Self> {
        let values: Vec<&Self> = values.into_iter().collect();
        let most = |one: &'v Self, other: &'v Self| if other.tells() > one.tells() { other } else { one };
        let told = values.iter().copied().reduce(most)?;
        let inside = match &told.inside {
            Inside::Places(places) => {
                let place = |at: usize| Self::telling_of(values.iter().filter_map(|value| value.place(at)));
                Inside::Places((0..places.len()).map_while(place).collect())
            }
            Inside::Items(_) => {
                let item = Self::telling_of(values.iter().filter_map(|value| value.any_item()));
                item.map_or(Inside::Shape, |item| Inside::Items(Box::new(item)))
            }
            Inside::Option(option) => {
                let held = values.iter().filter_map(|value| value.opened()).map(|option| option.held);
                let held = Self::telling_of(held).unwrap_or_else(Self::never);
                Inside::Option(Box::new(Optional { held, ..Optional::clone(option) }))
            }
            Inside::Shape | Inside::Never => told.inside.clone(),
        };
        Some(Self { inside, ..told.clone() })
    }

    fn telling_of(values: impl Iterator<Item = Self>) -> Option<Self> {
        let values: Vec<Self> = values.collect();
        Self::telling(&values)
    }

    /// A place of a tuple, whose expression does not matter.
    fn place(&self, at: usize) -> Option<Self> {
        match (&self.inside, &self.shape) {
            (Inside::Places(places), _) => places.get(at).cloned(),
            (_, Shape::Tuple(places)) => Some(Self::new(Expr::index(&self.expr, at), places.get(at)?())),
            _ => None,
        }
    }

    /// An item of a list, a value of a map.
    fn any_item(&self) -> Option<Self> {
        self.item().or_else(|| self.map_value())
    }

    /// How much it tells of what may stand in its place.
    fn tells(&self) -> u8 {
        if self.is_never() {
            return 0;
        }
        match self.as_literal() {
            _ if self.is_none_ever() => 1,
            Some(literal) if literal.is_null() => 2,
            Some(_) => 3,
            None => 4,
        }
    }
}

/// Whether it is a list or a map with nothing in it, which says nothing of what could be.
fn is_empty(expr: &Expr) -> bool {
    match expr.kind() {
        ExprKind::Array(elements) => elements.is_empty(),
        ExprKind::Object(entries) => entries.is_empty(),
        _ => false,
    }
}
