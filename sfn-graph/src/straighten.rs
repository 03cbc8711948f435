//! Sets what follows one another in one vertical line, the good way before all else.
//! Separate from the layout, whose rows and whose order within them are kept: only how far to the right something stands
//! is decided here.

use std::collections::BTreeSet;

use crate::chart::{Chart, NodeKind, Way, WayKind};
use crate::layout::{Placed, Point, Route};

/// Between two boxes that stand beside one another.
const BETWEEN_BOXES: f64 = 28.0;
/// Beside a way.
const BESIDE_WAYS: f64 = 14.0;
/// How often everything is moved towards what it is connected with.
const ROUNDS: usize = 24;

/// Gives boxes and routes other distances from the left, so that ways bend less.
pub(crate) fn straighten(chart: &Chart<'_>, boxes: &mut [Placed], routes: &mut [Route]) {
    let plan = Plan::of(chart, boxes, routes);
    let lines = Lines::of(&plan);
    let places = lines.places(&plan);
    let x = |item: usize| places[lines.of_item[item]];

    let mut moved = Vec::new();
    for (node, placed) in boxes.iter_mut().enumerate() {
        let left = x(node) - placed.width / 2.0;
        moved.push(left - placed.x);
        placed.x = left;
    }
    for ((way, route), bends) in chart.ways.iter().zip(routes).zip(&plan.bends) {
        if way.from == way.to {
            route.shift(moved[way.from]);
            continue;
        }
        let last = route.points.len().saturating_sub(1);
        let mut bent = Vec::new();
        for ((was, y), item) in route.points.get(1..last).unwrap_or_default().iter().zip(bends.clone()) {
            if route.is_beside_label(*y) {
                route.label_at.0 += x(item) - was;
            }
            bent.extend(plan.upright(way, item).map(|by| (x(item), y + by)));
        }
        if matches!(chart.nodes[way.to].kind, NodeKind::Junction) {
            let [begin, _] = plan.upright(way, way.to);
            bent.push((x(way.to), boxes[way.to].y + begin));
        }
        bent.dedup();
        if let ([first, ..], [.., end]) = (&*bent, &*bent) {
            let ends = (border(&boxes[way.from], *first), border(&boxes[way.to], *end));
            route.points = [&[ends.0], &*bent, &[ends.1]].concat();
        }
    }
}

/// Where the line from the middle of a box to a point leaves the box.
fn border(placed: &Placed, (x, y): Point) -> Point {
    let middle = (placed.x + placed.width / 2.0, placed.y + placed.height / 2.0);
    let (right, down) = (x - middle.0, y - middle.1);
    let part = |half: f64, whole: f64| if whole == 0.0 { f64::INFINITY } else { half / whole.abs() };
    let part = part(placed.width / 2.0, right).min(part(placed.height / 2.0, down)).min(1.0);
    (middle.0 + right * part, middle.1 + down * part)
}

/// What stands in the rows: first the nodes, then the bends of the ways.
struct Plan {
    items: Vec<Item>,
    /// How many of them are nodes.
    nodes: usize,
    /// By row, from left to right.
    rows: Vec<Vec<usize>>,
    /// By row, half the height of its highest box.
    halves: Vec<f64>,
    /// By way, the items that are its bends, from its start to its end.
    bends: Vec<std::ops::Range<usize>>,
    /// What is connected, those first that shall stand in one line before others.
    links: Vec<Link>,
}

struct Item {
    row: usize,
    x: f64,
    /// How much space it takes to its left and to its right.
    space: (f64, f64),
}

/// Two items of neighbouring rows.
struct Link {
    upper: usize,
    lower: usize,
    /// How much it matters that it is short.
    weight: u32,
}

impl Plan {
    fn of(chart: &Chart<'_>, boxes: &[Placed], routes: &[Route]) -> Self {
        let mut items: Vec<_> = boxes
            .iter()
            .map(|placed| {
                let half = placed.width / 2.0;
                Item { row: 0, x: placed.x + half, space: (half, half) }
            })
            .collect();
        let mut heights: Vec<_> = boxes.iter().map(|placed| placed.y + placed.height / 2.0).collect();
        let mut bends = Vec::new();
        for (way, route) in chart.ways.iter().zip(routes) {
            let start = items.len();
            if way.from == way.to {
                let node = &mut items[way.from];
                node.space.1 = node.space.1.max(route.right() - node.x);
            } else {
                for (x, y) in route.points.iter().skip(1).take(route.points.len().saturating_sub(2)) {
                    let label =
                        if y.to_bits() == route.label_at.1.to_bits() { route.right() - x } else { 0.0 };
                    items.push(Item { row: 0, x: *x, space: (0.0, label.max(0.0)) });
                    heights.push(*y);
                }
            }
            bends.push(start..items.len());
        }

        let mut distinct = heights.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup_by(|one, two| (*one - *two).abs() < 0.5);
        let mut rows = vec![Vec::new(); distinct.len()];
        for (index, (item, height)) in items.iter_mut().zip(heights).enumerate() {
            item.row = distinct.partition_point(|row| *row < height - 0.5);
            rows[item.row].push(index);
        }
        for row in &mut rows {
            row.sort_by(|one, two| items[*one].x.total_cmp(&items[*two].x));
        }
        let mut halves = vec![0.0_f64; rows.len()];
        for (placed, item) in boxes.iter().zip(&items) {
            halves[item.row] = halves[item.row].max(placed.height / 2.0);
        }
        let links = links(chart, &items, &bends);
        Self { items, nodes: boxes.len(), rows, halves, bends, links }
    }

    /// How far the middles of two neighbours of a row are apart at least.
    fn distance(&self, left: usize, right: usize) -> f64 {
        let nodes = [left, right].into_iter().filter(|item| *item < self.nodes).count();
        let between = if nodes == 2 { BETWEEN_BOXES } else { BESIDE_WAYS };
        self.items[left].space.1 + between + self.items[right].space.0
    }

    /// Beside boxes a way is upright, from one end of the row to the other: how far they are from an item of that row.
    fn upright(&self, way: &Way, item: usize) -> [f64; 2] {
        let half = self.halves[self.items[item].row];
        if self.items[way.from].row < self.items[way.to].row { [-half, half] } else { [half, -half] }
    }
}

/// What the ways connect: those of the main line first, then the long parts of ways, then the rest.
fn links(chart: &Chart<'_>, items: &[Item], bends: &[std::ops::Range<usize>]) -> Vec<Link> {
    let mut left = BTreeSet::new();
    let mut links = Vec::new();
    for (way, bends) in chart.ways.iter().zip(bends) {
        let is_good = is_good(chart, way);
        // Of many ways that lead on, the first is the main one.
        let is_main = is_good && left.insert(way.from);
        let is_bundle = matches!(chart.nodes[way.from].kind, NodeKind::Junction);
        let mut chain = vec![way.from];
        chain.extend(bends.clone());
        chain.push(way.to);
        for pair in chain.windows(2) {
            let (upper, lower) =
                if items[pair[0]].row < items[pair[1]].row { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            if items[upper].row + 1 != items[lower].row {
                continue;
            }
            let is_long = is_bundle || bends.contains(&upper) && bends.contains(&lower);
            let rank = match (is_main, is_long, is_good) {
                (true, ..) => 0,
                (_, true, _) => 1,
                (_, _, true) => 2,
                _ => 3,
            };
            links.push((rank, Link { upper, lower, weight: if is_good { 8 } else { 1 } }));
        }
    }
    links.sort_by_key(|(rank, _)| *rank);
    links.into_iter().map(|(_, link)| link).collect()
}

/// Whether a way leads on when all is well: not into the way of failure, and not back.
fn is_good(chart: &Chart<'_>, way: &Way) -> bool {
    way.kind == WayKind::Next && way.from < way.to && !chart.nodes[way.to].is_failing
}

/// Items that stand in one vertical line, as many as can.
struct Lines {
    count: usize,
    /// By item, its line.
    of_item: Vec<usize>,
}

impl Lines {
    fn of(plan: &Plan) -> Self {
        let mut position = vec![0; plan.items.len()];
        for row in &plan.rows {
            for (index, item) in row.iter().enumerate() {
                position[*item] = index;
            }
        }
        // By row, how it is joined with the next one: pairs of positions that do not cross.
        let mut joined = vec![Vec::<(usize, usize)>::new(); plan.rows.len()];
        let mut above = vec![None; plan.items.len()];
        for link in &plan.links {
            let pair = (position[link.upper], position[link.lower]);
            let fits = |other: &(usize, usize)| match pair.0.cmp(&other.0) {
                std::cmp::Ordering::Equal => false,
                order => order == pair.1.cmp(&other.1),
            };
            let row = &mut joined[plan.items[link.upper].row];
            if row.iter().all(fits) {
                row.push(pair);
                above[link.lower] = Some(link.upper);
            }
        }
        let mut of_item = vec![0; plan.items.len()];
        let mut count = 0;
        for item in plan.rows.iter().flatten() {
            of_item[*item] = above[*item].map_or(count, |upper: usize| of_item[upper]);
            count += usize::from(above[*item].is_none());
        }
        Self { count, of_item }
    }

    /// Where each line stands: first as far to the left as it can, then as near as it can to what it is connected with.
    fn places(&self, plan: &Plan) -> Vec<f64> {
        let mut right_of = vec![Vec::new(); self.count];
        let mut left_of = vec![Vec::new(); self.count];
        for row in &plan.rows {
            for pair in row.windows(2) {
                let (left, right) = (self.of_item[pair[0]], self.of_item[pair[1]]);
                let distance = plan.distance(pair[0], pair[1]);
                right_of[left].push((right, distance));
                left_of[right].push((left, distance));
            }
        }
        let mut connected = vec![Vec::new(); self.count];
        for link in &plan.links {
            let (one, two) = (self.of_item[link.upper], self.of_item[link.lower]);
            if one != two {
                connected[one].push((two, link.weight));
                connected[two].push((one, link.weight));
            }
        }

        let order = from_left_to_right(&left_of, &right_of);
        let mut places = vec![0.0_f64; self.count];
        for line in &order {
            places[*line] = left_of[*line].iter().map(|(left, by)| places[*left] + by).fold(0.0, f64::max);
        }
        for round in 0..ROUNDS {
            let one_after_another: Box<dyn Iterator<Item = &usize>> =
                if round % 2 == 0 { Box::new(order.iter().rev()) } else { Box::new(order.iter()) };
            for line in one_after_another {
                let least =
                    left_of[*line].iter().map(|(left, by)| places[*left] + by).fold(f64::MIN, f64::max);
                let most =
                    right_of[*line].iter().map(|(right, by)| places[*right] - by).fold(f64::MAX, f64::min);
                if let Some(wanted) = median(&connected[*line], &places) {
                    places[*line] = wanted.min(most).max(least);
                }
            }
        }
        places
    }
}

/// The lines so that each comes after those that stand to its left.
fn from_left_to_right(left_of: &[Vec<(usize, f64)>], right_of: &[Vec<(usize, f64)>]) -> Vec<usize> {
    let mut waits: Vec<_> = left_of.iter().map(Vec::len).collect();
    let mut order: Vec<_> = (0..waits.len()).filter(|line| waits[*line] == 0).collect();
    let mut next = 0;
    while let Some(line) = order.get(next).copied() {
        next += 1;
        for (right, _) in &right_of[line] {
            waits[*right] -= 1;
            if waits[*right] == 0 {
                order.push(*right);
            }
        }
    }
    order
}

/// The place that is nearest to all that something is connected with.
fn median(connected: &[(usize, u32)], places: &[f64]) -> Option<f64> {
    let mut wanted: Vec<_> = connected.iter().map(|(line, weight)| (places[*line], *weight)).collect();
    wanted.sort_by(|one, two| one.0.total_cmp(&two.0));
    let half = wanted.iter().map(|(_, weight)| weight).sum::<u32>().div_ceil(2);
    let mut passed = 0;
    wanted.into_iter().find_map(|(place, weight)| {
        passed += weight;
        (passed >= half).then_some(place)
    })
}

#[cfg(test)]
mod tests {
    use crate::chart::{Chart, NodeKind};
    use crate::layout::Layout;

    #[test]
    fn the_good_way_is_one_upright_line() {
        let text = r#"{"StartAt": "Reserve", "States": {
            "Reserve": {"Type": "Task", "Resource": "r", "Next": "Does it cost more than usual?",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]},
            "Does it cost more than usual?": {"Type": "Choice", "Default": "Pay", "Choices": [
                {"Variable": "$.cents", "NumericGreaterThan": 50000, "Next": "Ask"}]},
            "Ask": {"Type": "Task", "Resource": "r", "Next": "Pay",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Release"}]},
            "Pay": {"Type": "Task", "Resource": "r", "Next": "Paid?",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Release"}]},
            "Paid?": {"Type": "Choice", "Default": "Wait", "Choices": [
                {"Variable": "$.paid", "BooleanEquals": true, "Next": "Done"},
                {"Variable": "$.rounds", "NumericGreaterThan": 5, "Next": "Release"}]},
            "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Pay"},
            "Done": {"Type": "Succeed"},
            "Release": {"Type": "Task", "Resource": "r", "Next": "Failed"},
            "Failed": {"Type": "Fail"}}}"#;
        let machine = text.parse().unwrap();
        let chart = Chart::of(&machine);
        let layout = Layout::of(&chart);
        let middle = |wanted: &str| {
            let is_wanted = |kind| matches!(kind, NodeKind::State { name, .. } if name == wanted);
            let node = chart.nodes.iter().position(|node| is_wanted(node.kind)).unwrap();
            layout.boxes[node].x + layout.boxes[node].width / 2.0
        };
        let line = ["Does it cost more than usual?", "Ask", "Pay", "Paid?", "Done"].map(middle);
        assert!(line.iter().all(|x| (x - middle("Reserve")).abs() < 0.01), "{line:?}");
        assert!((middle("Release") - middle("Pay")).abs() > 100.0);
    }
}
