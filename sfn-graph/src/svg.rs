//! A chart as SVG: one file, no script, light or dark as its reader's screen is.
//! Separate from the layout, because here nothing is decided but how things look.

mod icon;

use std::fmt::Write as _;

use sfn_asl::{State, StateMachine};

use crate::bundle::bundled;
use crate::chart::{Chart, Node, NodeKind, Way, WayKind};
use crate::layout::{ICON, Inner, LINE, Layout, NAME, PADDING, Placed, Point, Route, SMALL, block};
use crate::text::xml;

const STYLE: &str = include_str!("svg/style.css");

/// Around the whole picture.
const MARGIN: f64 = 20.0;

/// A State Machine as an SVG document.
///
/// States of each type have a shape and an icon of their own; what belongs to the way of failure is dashed. Names longer
/// than a line, and conditions longer than three, are shown in full when the pointer rests on them.
///
/// ```
/// let machine: sfn_asl::StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// let picture = sfn_graph::svg(&machine);
/// assert!(picture.contains("<title>Done</title>"), "{picture}");
/// assert!(picture.contains("prefers-color-scheme"));
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn svg(machine: &StateMachine) -> String {
    let chart = bundled(Chart::of(machine));
    let layout = Layout::of(&chart);
    let (width, height) = (layout.width + 2.0 * MARGIN, layout.height + 2.0 * MARGIN);
    let label = machine.comment.as_deref().unwrap_or("A State Machine");
    let mut drawing = Drawing(String::new());
    drawing.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sfn-graph\" role=\"img\" aria-label=\"{}\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">",
        xml(label), number(width), number(height), number(width), number(height)
    ));
    drawing.line(&format!("<style>\n{STYLE}</style>"));
    drawing.line("<defs>");
    for kind in ["next", "catch"] {
        drawing.line(&format!(
            "<marker id=\"sfn-{kind}\" class=\"{kind}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0.5 7.5 4 0 7.5z\"/></marker>"
        ));
    }
    drawing.line("</defs>");
    drawing.line("<rect class=\"paper\" width=\"100%\" height=\"100%\" rx=\"8\"/>");
    drawing.chart(&chart, &layout, (MARGIN, MARGIN));
    drawing.line("</svg>");
    drawing.0
}

struct Drawing(String);

impl Drawing {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn chart(&mut self, chart: &Chart<'_>, layout: &Layout, (x, y): Point) {
        self.line(&format!("<g transform=\"translate({} {})\">", number(x), number(y)));
        for (way, route) in chart.ways.iter().zip(&layout.routes) {
            self.route(way, route, &chart.nodes[way.to]);
        }
        for (node, placed) in chart.nodes.iter().zip(&layout.boxes) {
            self.node(node, placed);
        }
        for (way, route) in chart.ways.iter().zip(&layout.routes) {
            self.label(way, route);
        }
        self.line("</g>");
    }

    fn node(&mut self, node: &Node<'_>, placed: &Placed) {
        let (class, title) = match node.kind {
            NodeKind::Junction => return,
            NodeKind::Start | NodeKind::End => {
                let class = if matches!(node.kind, NodeKind::Start) { "start" } else { "end" };
                let (x, y) = (placed.x + placed.width / 2.0, placed.y + placed.height / 2.0);
                let (x, y, radius) = (number(x), number(y), number(placed.width / 2.0));
                return self
                    .line(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
            }
            NodeKind::Missing { name } => ("missing".to_owned(), name.to_owned()),
            NodeKind::State { name, state } => {
                let comment = state.shared().comment.as_deref().map(|comment| format!("\n{comment}"));
                (state.type_name().to_lowercase(), format!("{name}{}", comment.unwrap_or_default()))
            }
        };
        let failing = if node.is_failing { " failing" } else { "" };
        self.line(&format!(
            "<g class=\"state {class}{failing}\" transform=\"translate({} {})\"><title>{}</title>",
            number(placed.x),
            number(placed.y),
            title.lines().map(xml).collect::<Vec<_>>().join("\n")
        ));
        let (width, height) = (placed.width, placed.height);
        self.line(&outline(node, width, height));
        self.text_of_node(node, placed);
        for (chart, inner) in node.inner.iter().zip(&placed.inner) {
            self.inner(chart, inner);
        }
        self.line("</g>");
    }

    /// The icon, the name and the caption.
    fn text_of_node(&mut self, node: &Node<'_>, placed: &Placed) {
        let (name, caption) = (block(&placed.name, NAME), block(&placed.caption, SMALL));
        let text_width = name.0.max(caption.0);
        let left = if node.inner.is_empty() { (placed.width - ICON - text_width) / 2.0 } else { PADDING };
        let top = PADDING * 0.75;
        let path = match node.kind {
            NodeKind::State { state, .. } => icon::of(state),
            _ => icon::MISSING,
        };
        let icon_top = top + (name.1 + caption.1 - 16.0) / 2.0;
        self.line(&format!(
            "<path class=\"icon\" transform=\"translate({} {})\" d=\"{path}\"/>",
            number(left),
            number(icon_top)
        ));
        let mut y = top + 12.0;
        let lines = placed.name.iter().map(|line| ("name", line));
        for (class, line) in lines.chain(placed.caption.iter().map(|line| ("caption", line))) {
            self.line(&format!(
                "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
                number(left + ICON),
                number(y),
                xml(line)
            ));
            y += LINE;
        }
    }

    fn inner(&mut self, chart: &Chart<'_>, inner: &Inner) {
        self.line(&format!(
            "<rect class=\"inner\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
            number(inner.x - PADDING),
            number(inner.y - PADDING),
            number(inner.layout.width + PADDING * 2.0),
            number(inner.layout.height + PADDING * 2.0)
        ));
        self.chart(chart, &inner.layout, (inner.x, inner.y));
    }

    fn route(&mut self, way: &Way, route: &Route, target: &Node<'_>) {
        let kind = match way.kind {
            WayKind::Next => "next",
            WayKind::Catch => "catch",
        };
        let failing = if target.is_failing { " failing" } else { "" };
        let end = match target.kind {
            NodeKind::Junction => String::new(),
            _ => format!(" marker-end=\"url(#sfn-{kind})\""),
        };
        let curve = curve(&route.points);
        self.line(&format!("<path class=\"way {kind}{failing}\"{end} d=\"{curve}\"/>"));
    }

    fn label(&mut self, way: &Way, route: &Route) {
        if route.label.is_empty() {
            return;
        }
        let kind = match way.kind {
            WayKind::Next => "next",
            WayKind::Catch => "catch",
        };
        let (width, height) = block(&route.label, SMALL);
        let (x, y) = route.label_at;
        let (left, top) = (x - width / 2.0, y - height / 2.0);
        self.line(&format!("<g class=\"when {kind}\"><title>{}</title>", xml(&way.when.join("\nor "))));
        self.line(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>",
            number(left - 3.0),
            number(top),
            number(width + 6.0),
            number(height)
        ));
        let mut baseline = top + 11.5;
        for line in &route.label {
            self.line(&format!("<text x=\"{}\" y=\"{}\">{}</text>", number(x), number(baseline), xml(line)));
            baseline += LINE;
        }
        self.line("</g>");
    }
}

/// The outline of a node: each type of State has its own.
fn outline(node: &Node<'_>, width: f64, height: f64) -> String {
    let rounded = |radius: f64| {
        format!(
            "<rect class=\"box\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
            number(width),
            number(height),
            number(radius)
        )
    };
    match node.kind {
        NodeKind::State { state: State::Choice(_), .. } => {
            let tip = PADDING;
            let (right, middle) = (width - tip, height / 2.0);
            let corners =
                [(tip, 0.0), (right, 0.0), (width, middle), (right, height), (tip, height), (0.0, middle)];
            let points: Vec<_> =
                corners.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
            format!("<polygon class=\"box\" points=\"{}\"/>", points.join(" "))
        }
        NodeKind::State { state: State::Succeed(_) | State::Fail(_), .. } => rounded(height / 2.0),
        _ => rounded(6.0),
    }
}

/// A smooth curve along points: a uniform cubic B-spline, clamped at both ends.
fn curve(points: &[Point]) -> String {
    let mut path = String::new();
    let ([first, .., last], true) = (points, points.len() > 2) else {
        for (index, point) in points.iter().enumerate() {
            _ = write!(path, "{}{}", if index == 0 { "M" } else { "L" }, pair(*point));
        }
        return path;
    };
    let mix = |a: Point, b: Point, part: f64| (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part);
    let mut padded = vec![*first];
    padded.extend_from_slice(points);
    padded.push(*last);
    _ = write!(path, "M{}", pair(*first));
    for window in padded.windows(3) {
        let [before, here, after] = window else { continue };
        let middle = mix(mix(*before, *here, 2.0 / 3.0), mix(*here, *after, 1.0 / 3.0), 0.5);
        let (one, two) = (mix(*before, *here, 1.0 / 3.0), mix(*before, *here, 2.0 / 3.0));
        _ = write!(path, "C{} {} {}", pair(one), pair(two), pair(middle));
    }
    _ = write!(path, "L{}", pair(*last));
    path
}

fn pair((x, y): Point) -> String {
    format!("{} {}", number(x), number(y))
}

/// A coordinate, to a tenth.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0").unwrap_or(&text) {
        "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}
