//! How often each State is visited on average: the expected visits of an absorbing Markov chain. Separate because it is
//! arithmetic that needs to know nothing of States.

use std::collections::BTreeMap;

/// The expected visits of each State, by the likelihoods of what follows it; what they leave to 1 ends the way. An error is a
/// State from which, with these likelihoods, nothing ever ends.
///
/// States are eliminated one by one. Nothing is subtracted, so nothing cancels out, however long a loop goes on.
pub(crate) fn expected_visits(
    start: usize,
    next: &[Vec<(usize, f64)>],
    ends: &[f64],
) -> Result<Vec<f64>, usize> {
    let order = reached(start, next);
    let mut rows: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); next.len()];
    let mut columns: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); next.len()];
    for &state in &order {
        for &(target, odds) in next[state].iter().filter(|(_, odds)| *odds > 0.0) {
            *rows[state].entry(target).or_default() += odds;
            *columns[target].entry(state).or_default() += odds;
        }
    }
    let mut ends = ends.to_vec();
    let mut leaves = vec![0.0; next.len()];
    for &state in order.iter().rev() {
        let row = std::mem::take(&mut rows[state]);
        let column = std::mem::take(&mut columns[state]);
        leaves[state] =
            ends[state] + row.iter().filter(|(to, _)| **to != state).map(|(_, odds)| odds).sum::<f64>();
        if leaves[state] <= 0.0 {
            return Err(state);
        }
        for (&to, _) in row.iter().filter(|(to, _)| **to != state) {
            columns[to].remove(&state);
        }
        for (&from, &arrives) in column.iter().filter(|(from, _)| **from != state) {
            rows[from].remove(&state);
            let share = arrives / leaves[state];
            ends[from] += share * ends[state];
            for (&to, &odds) in row.iter().filter(|(to, _)| **to != state) {
                *rows[from].entry(to).or_default() += share * odds;
                *columns[to].entry(from).or_default() += share * odds;
            }
        }
        columns[state] = column;
    }
    let mut visits = vec![0.0; next.len()];
    for &state in &order {
        let begun = if state == start { 1.0 } else { 0.0 };
        let column = columns[state].iter().filter(|(from, _)| **from != state);
        let arrives: f64 = column.map(|(from, odds)| visits[*from] * odds).sum();
        visits[state] = (begun + arrives) / leaves[state];
    }
    Ok(visits)
}

/// The States that can be reached, those that lead on before those they lead to, as far as there are no loops: so that the
/// elimination, which goes the other way, makes few new ways.
fn reached(start: usize, next: &[Vec<(usize, f64)>]) -> Vec<usize> {
    let mut entered = vec![false; next.len()];
    let mut order = Vec::new();
    let mut open = vec![(start, 0)];
    entered[start] = true;
    while let Some((state, way)) = open.last_mut() {
        let Some(&(target, odds)) = next[*state].get(*way) else {
            order.push(*state);
            open.pop();
            continue;
        };
        *way += 1;
        if odds > 0.0 && !std::mem::replace(&mut entered[target], true) {
            open.push((target, 0));
        }
    }
    order.reverse();
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(next: &[&[(usize, f64)]], expected: Result<&[f64], usize>) {
        let next: Vec<Vec<_>> = next.iter().map(|ways| ways.to_vec()).collect();
        let ends: Vec<f64> =
            next.iter().map(|ways| 1.0 - ways.iter().map(|(_, odds)| odds).sum::<f64>()).collect();
        let found = expected_visits(0, &next, &ends);
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                let near =
                    |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-9 * expected.max(1.0);
                assert!(found.iter().zip(expected).all(near), "{found:?}, expected {expected:?}");
            }
            (found, expected) => assert_eq!(found, expected.map(<[f64]>::to_vec)),
        }
    }

    #[test]
    fn odds_divide_loops_multiply_and_what_never_ends_is_found() {
        check(&[&[(1, 0.25), (2, 0.75)], &[(2, 1.0)], &[]], Ok(&[1.0, 0.25, 1.0]));
        check(&[&[(1, 1.0)], &[(1, 0.9), (2, 0.1)], &[]], Ok(&[1.0, 10.0, 1.0]));
        // A loop in a loop.
        check(
            &[&[(1, 1.0)], &[(2, 1.0)], &[(1, 0.5), (3, 0.5)], &[(0, 0.5), (4, 0.5)], &[]],
            Ok(&[2.0, 4.0, 4.0, 2.0, 1.0]),
        );
        let rare = 1e-6;
        check(&[&[(0, 1.0 - rare), (1, rare)], &[]], Ok(&[1e6, 1.0]));
        check(&[&[(1, 1.0)], &[(0, 1.0)]], Err(0));
        // What cannot be reached does not matter.
        check(&[&[], &[(1, 1.0)]], Ok(&[1.0, 0.0]));
    }
}
