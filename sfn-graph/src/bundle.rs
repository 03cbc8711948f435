//! Brings many ways to one and the same failure together in one line, which each joins in turn.
//! Separate from the chart because only a layout of our own needs it: Mermaid makes its own.

use std::collections::BTreeMap;

use crate::chart::{Chart, Node, NodeKind, Way, WayKind};

/// So many ways to one node stand in lines of their own.
const FEW: usize = 4;

/// The chart, and what runs inside its nodes, with a junction for each way of a bundle.
pub(crate) fn bundled(mut chart: Chart<'_>) -> Chart<'_> {
    for node in &mut chart.nodes {
        node.inner = std::mem::take(&mut node.inner).into_iter().map(bundled).collect();
    }
    let mut bundles = BTreeMap::<_, Vec<usize>>::new();
    for (index, way) in chart.ways.iter().enumerate() {
        if chart.nodes[way.to].is_failing && way.from < way.to {
            bundles.entry((way.to, way.kind == WayKind::Catch)).or_default().push(index);
        }
    }
    for ((to, is_catch), mut ways) in bundles.into_iter().filter(|(_, ways)| ways.len() > FEW) {
        ways.sort_by_key(|way| chart.ways[*way].from);
        let kind = if is_catch { WayKind::Catch } else { WayKind::Next };
        let first = chart.nodes.len();
        let after = first + ways.len();
        for (junction, way) in (first..).zip(ways) {
            chart.nodes.push(Node { kind: NodeKind::Junction, is_failing: true, inner: Vec::new() });
            chart.ways[way].to = junction;
            let next = if junction + 1 < after { junction + 1 } else { to };
            chart.ways.push(Way { from: junction, to: next, kind, when: Vec::new() });
        }
    }
    chart
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(ways: usize, check: impl Fn(Chart<'_>)) {
        let state = |index: usize| {
            format!(
                r#""S{index}": {{"Type": "Task", "Resource": "r", "Next": "S{}",
                    "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "Failed"}}]}}"#,
                index + 1
            )
        };
        let states: Vec<_> = (0..ways).map(state).collect();
        let text = format!(
            r#"{{"StartAt": "S0", "States": {{{}, "S{ways}": {{"Type": "Succeed"}}, "Failed": {{"Type": "Fail"}}}}}}"#,
            states.join(", ")
        );
        check(bundled(Chart::of(&text.parse().unwrap())));
    }

    #[test]
    fn every_way_of_a_bundle_still_leads_to_its_target() {
        chart(FEW + 1, |chart| {
            let caught: Vec<_> = chart.ways.iter().filter(|way| !way.when.is_empty()).collect();
            assert_eq!(caught.len(), FEW + 1);
            let ends: Vec<_> = caught
                .into_iter()
                .map(|way| {
                    let mut at = way.to;
                    let mut passed = 0;
                    while matches!(chart.nodes[at].kind, NodeKind::Junction) {
                        at = chart.ways.iter().find(|way| way.from == at).unwrap().to;
                        passed += 1;
                    }
                    let NodeKind::State { name, .. } = chart.nodes[at].kind else {
                        panic!("{at} is no State")
                    };
                    (passed, name)
                })
                .collect();
            assert_eq!(ends, (1..=FEW + 1).rev().map(|passed| (passed, "Failed")).collect::<Vec<_>>());
        });
    }

    #[test]
    fn a_few_ways_stay_as_they_are() {
        chart(FEW, |chart| {
            assert!(!chart.nodes.iter().any(|node| matches!(node.kind, NodeKind::Junction)));
        });
    }
}
