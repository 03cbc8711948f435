//! Where the nodes and ways of a chart stand.
//! Separate from drawing, because places come from measures alone; what runs inside a State is laid out first and is, for
//! what is around it, one large box.

use dagre::{EdgeLabel, LayoutOptions, NodeLabel};

use crate::chart::{Chart, Node, NodeKind, Way};
use crate::straighten::straighten;
use crate::text;

/// The size of a State's name: 13, and somewhat more because bold letters are wider.
pub(crate) const NAME: f64 = 14.5;
/// The size of captions and of what stands beside a way.
pub(crate) const SMALL: f64 = 11.0;
/// The height of one line.
pub(crate) const LINE: f64 = 16.0;
/// Around the text of a box, and around what is inside it.
pub(crate) const PADDING: f64 = 12.0;
/// The space for the icon of a State.
pub(crate) const ICON: f64 = 24.0;

/// A chart with all its places, from the upper left corner at (0, 0).
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// One for each node.
    pub(crate) boxes: Vec<Placed>,
    /// One for each way.
    pub(crate) routes: Vec<Route>,
}

/// A node with its place.
#[derive(Debug)]
pub(crate) struct Placed {
    /// Its left side.
    pub(crate) x: f64,
    /// Its upper side.
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Its name.
    pub(crate) name: Vec<String>,
    /// Its caption.
    pub(crate) caption: Vec<String>,
    /// What runs inside it, with the places of the upper left corners.
    pub(crate) inner: Vec<Inner>,
}

/// A chart inside a node.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) layout: Layout,
}

/// A way with its places.
#[derive(Debug)]
pub(crate) struct Route {
    /// From the side of one node to the side of the other.
    pub(crate) points: Vec<Point>,
    /// When it is taken, in lines.
    pub(crate) label: Vec<String>,
    /// The middle of these lines.
    pub(crate) label_at: Point,
}

pub(crate) type Point = (f64, f64);

impl Route {
    /// Moves it to the right.
    pub(crate) fn shift(&mut self, by: f64) {
        for point in self.points.iter_mut().chain(std::iter::once(&mut self.label_at)) {
            point.0 += by;
        }
    }

    /// Whether its label stands at this height.
    pub(crate) fn is_beside_label(&self, y: f64) -> bool {
        (self.label_at.1 - y).abs() < 0.5
    }

    /// How far what stands beside it reaches to the right; without a label, how far the way itself does.
    pub(crate) fn right(&self) -> f64 {
        match self.label.as_slice() {
            [] => self.points.iter().map(|point| point.0).fold(f64::MIN, f64::max),
            label => self.label_at.0 + block(label, SMALL).0 / 2.0,
        }
    }
}

impl Layout {
    pub(crate) fn of(chart: &Chart<'_>) -> Self {
        let mut boxes: Vec<_> = chart.nodes.iter().map(measured).collect();
        let mut routes: Vec<_> = chart.ways.iter().map(labelled).collect();

        let options = dagre::graph::GraphOptions { directed: true, multigraph: true, compound: false };
        let mut graph = dagre::graph::Graph::with_options(options);
        for (index, placed) in boxes.iter().enumerate() {
            let label = NodeLabel { width: placed.width, height: placed.height, ..NodeLabel::default() };
            graph.set_node(index.to_string(), Some(label));
        }
        for (index, (way, route)) in chart.ways.iter().zip(&routes).enumerate() {
            let name = index.to_string();
            graph.set_edge(way.from.to_string(), way.to.to_string(), Some(edge(way, route)), Some(&name));
        }
        let spaces =
            LayoutOptions { nodesep: 28.0, edgesep: 14.0, ranksep: 26.0, ..LayoutOptions::default() };
        dagre::layout(&mut graph, Some(spaces));

        for (index, placed) in boxes.iter_mut().enumerate() {
            if let Some(NodeLabel { x: Some(x), y: Some(y), .. }) = graph.node(&index.to_string()) {
                (placed.x, placed.y) = (x - placed.width / 2.0, y - placed.height / 2.0);
            }
        }
        for (index, (way, route)) in chart.ways.iter().zip(&mut routes).enumerate() {
            let name = index.to_string();
            if let Some(label) = graph.edge(&way.from.to_string(), &way.to.to_string(), Some(&name)) {
                route.points = label.points.iter().map(|point| (point.x, point.y)).collect();
                route.label_at = (label.x.unwrap_or_default(), label.y.unwrap_or_default());
            }
        }
        straighten(chart, &mut boxes, &mut routes);
        Self { width: 0.0, height: 0.0, boxes, routes }.shifted_to_origin()
    }

    /// Moves everything so that it begins at (0, 0), and says how large it is.
    fn shifted_to_origin(mut self) -> Self {
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        let mut cover = |x: f64, y: f64, width: f64, height: f64| {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x + width), high.1.max(y + height));
        };
        for placed in &self.boxes {
            cover(placed.x, placed.y, placed.width, placed.height);
        }
        for route in &self.routes {
            for (x, y) in &route.points {
                cover(*x, *y, 0.0, 0.0);
            }
            if !route.label.is_empty() {
                let (width, height) = block(&route.label, SMALL);
                cover(route.label_at.0 - width / 2.0, route.label_at.1 - height / 2.0, width, height);
            }
        }
        for placed in &mut self.boxes {
            (placed.x, placed.y) = (placed.x - low.0, placed.y - low.1);
        }
        for route in &mut self.routes {
            for point in route.points.iter_mut().chain(std::iter::once(&mut route.label_at)) {
                *point = (point.0 - low.0, point.1 - low.1);
            }
        }
        (self.width, self.height) = (high.0 - low.0, high.1 - low.1);
        self
    }
}

/// A node with its size and without its place.
fn measured(node: &Node<'_>) -> Placed {
    let mut placed = Placed {
        x: 0.0,
        y: 0.0,
        width: 14.0,
        height: 14.0,
        name: Vec::new(),
        caption: Vec::new(),
        inner: Vec::new(),
    };
    let name = match node.kind {
        NodeKind::State { name, .. } | NodeKind::Missing { name } => name,
        NodeKind::Start | NodeKind::End => return placed,
        NodeKind::Junction => return Placed { width: 0.0, height: 0.0, ..placed },
    };
    placed.name = text::wrap(name, NAME, 190.0, 4);
    placed.caption = text::wrap(&node.caption(), SMALL, 190.0, 2);
    let (name, caption) = (block(&placed.name, NAME), block(&placed.caption, SMALL));
    let text = ICON + name.0.max(caption.0);
    let mut height = PADDING * 0.75 * 2.0 + name.1 + caption.1;
    let mut inside = 0.0;
    let mut below = 0.0_f64;
    for chart in &node.inner {
        let layout = Layout::of(chart);
        let x = inside + PADDING * 2.0;
        inside += layout.width + PADDING * 3.0;
        below = below.max(layout.height + PADDING * 3.0);
        placed.inner.push(Inner { x, y: height + PADDING, layout });
    }
    placed.width = (text + PADDING * 2.0).max(inside + PADDING).max(110.0);
    let left = (placed.width - inside - PADDING) / 2.0;
    for inner in &mut placed.inner {
        inner.x += left;
    }
    height += below;
    placed.height = height;
    placed
}

/// A way with what stands beside it.
fn labelled(way: &Way) -> Route {
    let label = match way.when.as_slice() {
        [] => Vec::new(),
        when => text::wrap(&when.join(" or "), SMALL, 170.0, 3),
    };
    Route { points: Vec::new(), label, label_at: (0.0, 0.0) }
}

fn edge(way: &Way, route: &Route) -> EdgeLabel {
    let (width, height) = if route.label.is_empty() { (0.0, 0.0) } else { block(&route.label, SMALL) };
    // What happens when all is well stands in one line, as far as it can.
    let weight = match way.kind {
        crate::chart::WayKind::Next => 4,
        crate::chart::WayKind::Catch => 1,
    };
    EdgeLabel { width: width + 8.0, height, weight, ..EdgeLabel::default() }
}

/// The width and height of lines.
pub(crate) fn block(lines: &[String], size: f64) -> (f64, f64) {
    let width = lines.iter().map(|line| text::width(line, size)).fold(0.0, f64::max);
    let count = lines.iter().fold(0.0, |count, _| count + 1.0);
    (width, count * LINE)
}
