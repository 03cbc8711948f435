//! Arrays: counting, joining, ordering.
//! Separate from the higher-order functions because most of these never call back.

use super::Arguments;
use crate::error::fault;
use crate::evaluate::{Evaluator, Outcome, compare_text, joined, merge_sort, truthy_in_javascript};
use crate::value::{Array, Flags, Value};

pub(super) fn count(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let count = arguments.array(0)?.map_or(0, |items| items.len());
    Ok(Some(Value::from(i64::try_from(count).unwrap_or(i64::MAX))))
}

pub(super) fn append(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let (first, second) = (arguments.take(0), arguments.take(1));
    let (Some(first), Some(second)) = (&first, &second) else { return Ok(first.or(second)) };
    let length = |value: &Value| value.as_array().map_or(1, <[Value]>::len);
    evaluator.check_sequence(length(first) + length(second))?;
    Ok(Some(joined(first.clone(), second.clone())))
}

pub(super) fn reverse(_: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    Ok(arguments.array(0)?.map(|items| match items.len() {
        0 | 1 => Value::Array(items),
        _ => items.iter().rev().cloned().collect(),
    }))
}

pub(super) fn distinct(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let items = match arguments.take(0) {
        Some(Value::Array(items)) if items.len() > 1 => items,
        other => return Ok(other),
    };
    let mut kept: Vec<Value> = Vec::new();
    for item in &items {
        evaluator.spend(kept.len() as u64 / 16)?;
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    let flags = if items.is_sequence() { Flags::SEQUENCE } else { Flags::default() };
    Ok(Some(Value::Array(Array::from(kept).flagged(flags))))
}

pub(super) fn shuffle(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    if items.len() <= 1 {
        return Ok(Some(Value::Array(items)));
    }
    let mut values = items.into_values();
    for at in (1..values.len()).rev() {
        let bound = at as u64 + 1;
        let other = usize::try_from(evaluator.random_bits() % bound).unwrap_or(at);
        values.swap(at, other);
    }
    Ok(Some(Value::from(values)))
}

pub(super) fn zip(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let columns = arguments.take_all();
    let rows = columns.iter().map(|column| match column {
        Some(Value::Array(items)) => items.len(),
        _ => 0,
    });
    let rows = rows.min().unwrap_or(0);
    evaluator.check_sequence(rows * columns.len())?;
    let row = |at: usize| {
        let cells = columns.iter().filter_map(|column| column.as_ref()?.as_array()?.get(at).cloned());
        cells.collect::<Value>()
    };
    Ok(Some((0..rows).map(row).collect()))
}

pub(super) fn sort(evaluator: &Evaluator<'_>, arguments: &mut Arguments) -> Outcome {
    let Some(items) = arguments.array(0)? else { return Ok(None) };
    if items.len() <= 1 {
        return Ok(Some(Value::Array(items)));
    }
    evaluator.spend_on_sorting(items.len())?;
    let comparator = arguments.function(1)?;
    let is_numbers = items.iter().all(|item| matches!(item, Value::Number(_)));
    let is_strings = items.iter().all(|item| matches!(item, Value::String(_)));
    if comparator.is_none() && !is_numbers && !is_strings {
        return Err(fault(
            "D3070",
            "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
        ));
    }
    let sorted = merge_sort(items.into_values(), &mut |left: &Value, right: &Value| match (
        comparator, left, right,
    ) {
        (Some(comparator), _, _) => {
            let swap =
                evaluator.invoke(comparator, vec![left.present().cloned(), right.present().cloned()])?;
            Ok(swap.as_ref().is_some_and(truthy_in_javascript))
        }
        (None, Value::String(left), Value::String(right)) => Ok(compare_text(left, right).is_gt()),
        _ => Ok(left.as_f64() > right.as_f64()),
    })?;
    Ok(Some(Value::from(sorted)))
}
