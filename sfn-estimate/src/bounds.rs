//! The shortest and the longest way through a State Machine. Separate because it is arithmetic on a graph with costs, each
//! figure by itself.

use crate::Counts;
use crate::components::components;

/// The least that leads from the start to one of the ends, if any can be reached.
pub(crate) fn shortest(
    start: usize,
    next: &[Vec<usize>],
    costs: &[Counts],
    is_end: impl Fn(usize) -> bool,
) -> Option<Counts> {
    let mut least: Vec<Option<Counts>> = vec![None; next.len()];
    least[start] = Some(costs[start]);
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(state) = open.pop_front() {
        let Some(so_far) = least[state] else { continue };
        for &target in &next[state] {
            let arrives = so_far.plus(costs[target]);
            let better = least[target].map_or(arrives, |known| known.least(arrives));
            if least[target] != Some(better) {
                least[target] = Some(better);
                open.push_back(target);
            }
        }
    }
    let ends = (0..next.len()).filter(|state| is_end(*state)).filter_map(|state| least[state]);
    ends.reduce(Counts::least)
}

/// The most that a way from the start takes, if each loop is gone through as often as `rounds` says for its States.
pub(crate) fn longest(
    start: usize,
    next: &[Vec<usize>],
    costs: &[Counts],
    rounds: &impl Fn(&[usize]) -> f64,
) -> Counts {
    let all = vec![true; next.len()];
    let arrivals = Longest { next, costs, rounds }.from(start, &all, None);
    arrivals.into_iter().flatten().fold(Counts::default(), Counts::most)
}

struct Longest<'g, R> {
    next: &'g [Vec<usize>],
    costs: &'g [Counts],
    rounds: &'g R,
}

impl<R: Fn(&[usize]) -> f64> Longest<'_, R> {
    /// The most on arrival at, and after, each of the nodes inside, without coming back to `head`.
    fn from(&self, start: usize, inside: &[bool], head: Option<usize>) -> Vec<Option<Counts>> {
        let is_open = |_: usize, to: usize| inside[to] && Some(to) != head;
        let mut most: Vec<Option<Counts>> = vec![None; self.next.len()];
        let mut arriving: Vec<Option<Counts>> = vec![None; self.next.len()];
        arriving[start] = Some(Counts::default());
        let mut component_of = vec![usize::MAX; self.next.len()];
        for (number, component) in components(start, self.next, is_open).into_iter().enumerate().rev() {
            for node in &component {
                component_of[*node] = number;
            }
            let entries: Vec<usize> =
                component.iter().copied().filter(|node| arriving[*node].is_some()).collect();
            let before =
                entries.iter().filter_map(|node| arriving[*node]).fold(Counts::default(), Counts::most);
            let is_loop = component.len() > 1
                || component.iter().any(|node| self.next[*node].contains(node) && is_open(*node, *node));
            match (entries.as_slice(), is_loop) {
                (_, false) => most[component[0]] = Some(before.plus(self.costs[component[0]])),
                ([entry], true) => {
                    for (node, inner) in self.around(*entry, &component) {
                        most[node] = Some(before.plus(inner));
                    }
                }
                // Entered at several places: no more than all of it in each round.
                (_, true) => {
                    let once =
                        component.iter().fold(Counts::default(), |sum, node| sum.plus(self.costs[*node]));
                    let all = once.times((self.rounds)(&component));
                    for node in &component {
                        most[*node] = Some(before.plus(all));
                    }
                }
            }
            for node in &component {
                let leaves = |to: &&usize| is_open(*node, **to) && component_of[**to] != number;
                for to in self.next[*node].iter().filter(leaves) {
                    arriving[*to] = match (arriving[*to], most[*node]) {
                        (Some(known), Some(new)) => Some(known.most(new)),
                        (known, new) => known.or(new),
                    };
                }
            }
        }
        most
    }

    /// The most at each node of a loop that is entered at one place.
    fn around(&self, entry: usize, component: &[usize]) -> Vec<(usize, Counts)> {
        let mut inside = vec![false; self.next.len()];
        for node in component {
            inside[*node] = true;
        }
        let last = self.from(entry, &inside, Some(entry));
        let back = component.iter().filter(|node| self.next[**node].contains(&entry));
        let round = back.filter_map(|node| last[*node]).fold(Counts::default(), Counts::most);
        let earlier = round.times((self.rounds)(component) - 1.0);
        component.iter().filter_map(|node| Some((*node, last[*node]?.plus(earlier)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each node costs a transition.
    #[track_caller]
    fn check(next: &[&[usize]], shortest_way: f64, longest_way: f64) {
        let next: Vec<Vec<usize>> = next.iter().map(|to| to.to_vec()).collect();
        let costs = vec![Counts { transitions: 1.0, ..Counts::default() }; next.len()];
        let least = shortest(0, &next, &costs, |node| next[node].is_empty()).map(|counts| counts.transitions);
        assert_eq!(least, Some(shortest_way));
        let most = longest(0, &next, &costs, &|_| 10.0).transitions;
        assert!((most - longest_way).abs() < 1e-9, "{most}");
    }

    #[test]
    fn the_longest_way_goes_through_loops_as_often_as_assumed() {
        check(&[&[1, 2], &[2], &[]], 2.0, 3.0);
        // 0, then ten times 1 and 2, then 3.
        check(&[&[1], &[2], &[1, 3], &[]], 4.0, 22.0);
        // A loop to itself.
        check(&[&[0, 1], &[]], 2.0, 11.0);
        // A loop in a loop: ten times (0, ten times 1), then 2.
        check(&[&[1], &[1, 0, 2], &[]], 3.0, 111.0);
        // Left at its head, so the last round is the head alone.
        check(&[&[1, 2], &[0], &[]], 2.0, 20.0);
        // Entered at two places: 0, no more than ten times 1 and 2, and 3.
        check(&[&[1, 2], &[2, 3], &[1], &[]], 3.0, 22.0);
    }
}
