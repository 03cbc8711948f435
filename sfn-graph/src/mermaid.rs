//! A chart as a Mermaid flowchart, which Markdown viewers draw.
//! Separate from the SVG because Mermaid makes its own layout.

use std::fmt::Write as _;

use sfn_asl::{State, StateMachine};

use crate::chart::{Chart, Node, NodeKind, WayKind};

/// A State Machine as a Mermaid flowchart, to be put into a fence of the language `mermaid`.
///
/// ```
/// let machine: sfn_asl::StateMachine = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#.parse()?;
/// assert_eq!(
///     sfn_graph::mermaid(&machine),
///     r#"flowchart TD
///     n0((" "))
///     n1(["<b>Done</b><br>Succeed"])
///     n0 --> n1
///     classDef failing stroke-dasharray:5 3
/// "#
/// );
/// # Ok::<(), sfn_asl::ReadError>(())
/// ```
pub fn mermaid(machine: &StateMachine) -> String {
    let mut writing = Writing { text: "flowchart TD\n".to_owned(), depth: 1 };
    writing.chart(&Chart::of(machine), "n");
    writing.line("classDef failing stroke-dasharray:5 3");
    writing.text
}

struct Writing {
    text: String,
    depth: usize,
}

impl Writing {
    fn line(&mut self, line: &str) {
        _ = writeln!(self.text, "{}{line}", "    ".repeat(self.depth));
    }

    /// Writes a chart whose nodes' names begin with `prefix`.
    fn chart(&mut self, chart: &Chart<'_>, prefix: &str) {
        for (index, node) in chart.nodes.iter().enumerate() {
            self.node(node, &format!("{prefix}{index}"));
        }
        for way in &chart.ways {
            let arrow = match way.kind {
                WayKind::Next => "-->",
                WayKind::Catch => "-.->",
            };
            let when = match way.when.as_slice() {
                [] => String::new(),
                when => format!("|\"{}\"|", escaped(&when.join(" or "))),
            };
            self.line(&format!("{prefix}{} {arrow}{when} {prefix}{}", way.from, way.to));
        }
    }

    fn node(&mut self, node: &Node<'_>, id: &str) {
        let (name, state) = match node.kind {
            NodeKind::Start | NodeKind::Junction => return self.line(&format!("{id}((\" \"))")),
            NodeKind::End => return self.line(&format!("{id}(((\" \")))")),
            NodeKind::State { name, state } => (name, Some(state)),
            NodeKind::Missing { name } => (name, None),
        };
        let label = format!("\"<b>{}</b><br>{}\"", escaped(name), escaped(&node.caption()));
        let failing = if node.is_failing { ":::failing" } else { "" };
        if node.inner.is_empty() {
            let (open, close) = match state {
                Some(State::Choice(_)) => ("{{", "}}"),
                Some(State::Succeed(_) | State::Fail(_)) => ("([", "])"),
                Some(State::Wait(_) | State::Pass(_)) => ("(", ")"),
                _ => ("[", "]"),
            };
            return self.line(&format!("{id}{open}{label}{close}{failing}"));
        }
        self.line(&format!("subgraph {id}[{label}]"));
        self.depth += 1;
        for (index, chart) in node.inner.iter().enumerate() {
            self.line(&format!("subgraph {id}_{index}[\" \"]"));
            self.depth += 1;
            self.line("direction TB");
            self.chart(chart, &format!("{id}_{index}_"));
            self.depth -= 1;
            self.line("end");
        }
        self.depth -= 1;
        self.line("end");
        if node.is_failing {
            self.line(&format!("class {id} failing"));
        }
    }
}

/// A text within the quotes of Mermaid: what has a meaning there is written by its code.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' => _ = write!(escaped, "#{};", u32::from(char)),
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}
