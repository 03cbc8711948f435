//! Sorting: the order-by clause and the merge sort it shares with `$sort`.
//! Separate because comparing may evaluate expressions, and so may fail.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::rc::Rc;

use super::frame::Frame;
use super::operator::compare_text;
use super::{Evaluator, tuple};
use crate::error::{Fault, at, fault};
use crate::syntax::Span;
use crate::syntax::ast::Term;
use crate::value::{Array, Flags, Value};

/// An item to be sorted and what its terms evaluate to, each evaluated when it is first needed.
struct Sorted {
    item: Value,
    keys: Vec<OnceCell<Option<Value>>>,
}

impl<'a> Evaluator<'a> {
    /// Sorts by terms; more than one item gives an ordinary array, not a sequence.
    pub(super) fn sort(
        &self,
        terms: &'a [Term],
        items: Array,
        span: Span,
        frame: &Rc<Frame>,
    ) -> Result<Array, Fault> {
        if items.len() <= 1 {
            return Ok(items);
        }
        self.spend_on_sorting(items.len())?;
        let of_tuples = items.flags().has(Flags::TUPLES);
        let keyed = items
            .iter()
            .map(|item| Sorted { item: item.clone(), keys: terms.iter().map(|_| OnceCell::new()).collect() });
        let sorted = merge_sort(keyed.collect(), &mut |left: &Sorted, right: &Sorted| {
            for (number, term) in terms.iter().enumerate() {
                let left = self.key(term, left, number, of_tuples, frame)?;
                let right = self.key(term, right, number, of_tuples, frame)?;
                let ordering = compare_keys(left, right).map_err(|fault| at(fault, span))?;
                let undefined = left.is_none() || right.is_none();
                let ordering = if term.descending && !undefined { ordering.reverse() } else { ordering };
                if ordering != Ordering::Equal {
                    return Ok(ordering == Ordering::Greater);
                }
            }
            Ok(false)
        })?;
        Ok(sorted.into_iter().map(|sorted| sorted.item).collect())
    }

    /// Counts the comparisons that sorting so many items takes.
    pub(crate) fn spend_on_sorting(&self, items: usize) -> Result<(), Fault> {
        let rounds = u64::from(items.max(1).ilog2());
        self.spend((items as u64).saturating_mul(rounds) / 4)
    }

    fn key<'s>(
        &self,
        term: &'a Term,
        sorted: &'s Sorted,
        number: usize,
        of_tuples: bool,
        frame: &Rc<Frame>,
    ) -> Result<Option<&'s Value>, Fault> {
        let cell = &sorted.keys[number];
        if cell.get().is_none() {
            let key = if of_tuples {
                let (context, inside) = tuple::open(&sorted.item, frame);
                self.eval(&term.expression, context.as_ref(), &inside)?
            } else {
                self.eval(&term.expression, sorted.item.present(), frame)?
            };
            // Nothing else fills the cell meanwhile: evaluating a term sees values, not the sort.
            return Ok(cell.get_or_init(|| key).as_ref());
        }
        Ok(cell.get().and_then(Option::as_ref))
    }
}

/// Undefined comes last, whatever the direction.
fn compare_keys(left: Option<&Value>, right: Option<&Value>) -> Result<Ordering, Fault> {
    match (left, right) {
        (None, None) => Ok(Ordering::Equal),
        (None, Some(_)) => Ok(Ordering::Greater),
        (Some(_), None) => Ok(Ordering::Less),
        (Some(Value::String(left)), Some(Value::String(right))) => Ok(compare_text(left, right)),
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            // What cannot be ordered counts as greater, as in the reference.
            Ok(left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Greater))
        }
        (Some(left), Some(right)) => {
            let sortable = |value: &Value| matches!(value, Value::String(_) | Value::Number(_));
            if sortable(left) && sortable(right) {
                return Err(fault(
                    "T2007",
                    format!("Type mismatch when comparing values {left} and {right} in order-by clause"),
                ));
            }
            let message =
                "The expressions within an order-by clause must evaluate to numeric or string values"
                    .to_owned();
            Err(fault("T2008", message))
        }
    }
}

/// A stable merge sort; `swap` says whether the left item belongs behind the right one.
pub(crate) fn merge_sort<T>(
    items: Vec<T>,
    swap: &mut impl FnMut(&T, &T) -> Result<bool, Fault>,
) -> Result<Vec<T>, Fault> {
    if items.len() <= 1 {
        return Ok(items);
    }
    let total = items.len();
    let mut left = items;
    let right = left.split_off(total / 2);
    let mut left = merge_sort(left, swap)?.into_iter().peekable();
    let mut right = merge_sort(right, swap)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(total);
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if swap(first, second)? { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
