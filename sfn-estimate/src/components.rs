//! The loops of a graph: its strongly connected components. Separate because it is an algorithm of its own.

/// The components of the nodes that can be reached from `start` over ways for which `is_open` holds, each before those that
/// lead to it.
pub(crate) fn components(
    start: usize,
    next: &[Vec<usize>],
    is_open: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; next.len()];
    let mut low = vec![NEW; next.len()];
    let mut is_waiting = vec![false; next.len()];
    let (mut waiting, mut found) = (Vec::new(), Vec::new());
    let mut open = vec![(start, 0)];
    let mut count = 0;
    while let Some((node, way)) = open.last_mut() {
        let node = *node;
        if *way == 0 {
            (number[node], low[node]) = (count, count);
            count += 1;
            waiting.push(node);
            is_waiting[node] = true;
        }
        let Some(&target) = next[node].get(*way) else {
            open.pop();
            if let Some((before, _)) = open.last() {
                low[*before] = low[*before].min(low[node]);
            }
            if low[node] == number[node] {
                let first = waiting.iter().rposition(|waiting| *waiting == node).unwrap_or(0);
                let component = waiting.split_off(first);
                for node in &component {
                    is_waiting[*node] = false;
                }
                found.push(component);
            }
            continue;
        };
        *way += 1;
        if !is_open(node, target) {
            // So that a node of which the first way is closed is not entered twice.
            continue;
        }
        if number[target] == NEW {
            open.push((target, 0));
        } else if is_waiting[target] {
            low[node] = low[node].min(number[target]);
        }
    }
    found
}
