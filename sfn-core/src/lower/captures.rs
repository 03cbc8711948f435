//! What the body of a distributed iteration reads from outside, and how it comes in: no child execution sees a variable
//! of the workflow that started it.
//! Separate because tree in, tree out: behind it such a body reads nothing but its own input.

use std::collections::BTreeMap;

use crate::Shape;
use crate::ir::{Block, Capture, Distributed, Expr, ExprKind, Iteration, Node, NodeKind, Operator};
use crate::ir::{Source, Variable, VariableId, VariableRole};

/// What variables hold, as far as it is known.
type Shapes = BTreeMap<VariableId, Shape>;

/// Gives every distributed iteration of a block the captures of its body, those inside first.
pub(super) fn carry(block: &mut Block, variables: &mut Vec<Variable>, shapes: &Shapes) {
    for node in &mut block.nodes {
        for inner in node.blocks_mut() {
            carry(inner, variables, shapes);
        }
        if let NodeKind::Map(iteration) = &mut node.kind {
            let Iteration { distributed, body, .. } = &mut **iteration;
            if let Some(distributed) = distributed {
                capture(distributed, body, variables, shapes);
            }
        }
    }
}

fn capture(distributed: &mut Distributed, body: &mut Block, variables: &mut Vec<Variable>, shapes: &Shapes) {
    let mut found = Found { first_inside: distributed.first_inside, bound: Vec::new(), paths: Vec::new() };
    found.block(body, false);
    let mut replaced = Vec::new();
    for Path { path, is_certain } in found.shortest() {
        let variable = VariableId(u32::try_from(variables.len()).unwrap_or(u32::MAX));
        let name = name(&path, variables);
        let taken =
            |name: &str| name == "item" || distributed.captures.iter().any(|known| known.name == name);
        let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name);
        let is_there = is_certain || part(&path, shapes).is_some();
        let value = if is_there { path.clone() } else { or_null(&path) };
        variables.push(Variable { name: None, hint: name.clone(), role: VariableRole::Bound });
        distributed.captures.push(Capture { name, value, variable });
        replaced.push((path, variable));
    }
    if !replaced.is_empty() {
        rewrite(body, &replaced);
    }
}

/// What is read from outside: a variable, or the way from one to a part of it.
struct Path {
    path: Expr,
    /// Whether every run of the body reads it, so that it is there.
    is_certain: bool,
}

struct Found {
    first_inside: VariableId,
    /// Names that the expressions around bind.
    bound: Vec<VariableId>,
    paths: Vec<Path>,
}

impl Found {
    /// The paths without those that lead through another.
    fn shortest(self) -> Vec<Path> {
        let all = self.paths;
        let leads_on =
            |path: &Expr| all.iter().any(|other| other.path != *path && is_prefix(&other.path, path));
        let kept: Vec<_> = all.iter().map(|path| !leads_on(&path.path)).collect();
        all.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(path, _)| path).collect()
    }

    fn block(&mut self, block: &Block, mut is_conditional: bool) {
        for node in &block.nodes {
            for expr in node.exprs() {
                self.expr(expr, is_conditional);
            }
            let inner = node.blocks();
            // It may have ended the body, or not have run.
            is_conditional |= !inner.is_empty();
            for inner in inner {
                self.block(inner, true);
            }
        }
        if let Some(value) = &block.value {
            self.expr(value, is_conditional);
        }
    }

    fn expr(&mut self, expr: &Expr, is_conditional: bool) {
        if self.is_path(expr) {
            return self.add(expr, is_conditional);
        }
        match expr.kind() {
            // Whether a part is there must be asked inside.
            ExprKind::Exists(inner) if self.is_path(inner) => match inner.kind() {
                ExprKind::Field { of, .. } | ExprKind::Index { of, .. } => self.add(of, is_conditional),
                _ => self.add(inner, is_conditional),
            },
            ExprKind::If { condition, then, otherwise } => {
                self.expr(condition, is_conditional);
                self.expr(then, true);
                self.expr(otherwise, true);
            }
            ExprKind::Binary { operator: Operator::And | Operator::Or, left, right } => {
                self.expr(left, is_conditional);
                self.expr(right, true);
            }
            ExprKind::Lambda { parameters, body } => {
                let outside = self.bound.len();
                self.bound.extend(parameters);
                self.expr(body, true);
                self.bound.truncate(outside);
            }
            ExprKind::Local { bindings, body } => {
                let outside = self.bound.len();
                self.bound.extend(bindings.iter().map(|(id, _)| *id));
                for (_, bound) in bindings {
                    self.expr(bound, is_conditional);
                }
                self.expr(body, is_conditional);
                self.bound.truncate(outside);
            }
            _ => expr.for_each_child(|child| self.expr(child, is_conditional)),
        }
    }

    fn add(&mut self, path: &Expr, is_conditional: bool) {
        match self.paths.iter_mut().find(|known| known.path == *path) {
            Some(known) => known.is_certain |= !is_conditional,
            None => self.paths.push(Path { path: path.clone(), is_certain: !is_conditional }),
        }
    }

    fn is_path(&self, expr: &Expr) -> bool {
        match expr.kind() {
            ExprKind::Variable(id) => *id < self.first_inside && !self.bound.contains(id),
            // A child is an execution of its own.
            ExprKind::Source(source) => source.is_of_execution(),
            ExprKind::Field { of, .. } | ExprKind::Index { of, .. } => {
                self.is_path(of) && !matches!(of.kind(), ExprKind::Field { absent: Some(_), .. })
            }
            _ => false,
        }
    }
}

fn is_prefix(prefix: &Expr, path: &Expr) -> bool {
    prefix == path
        || match path.kind() {
            ExprKind::Field { of, .. } | ExprKind::Index { of, .. } => is_prefix(prefix, of),
            _ => false,
        }
}

/// What a path leads to, if it leads somewhere in every value of its type.
fn part(path: &Expr, shapes: &Shapes) -> Option<Shape> {
    match path.kind() {
        ExprKind::Variable(id) => shapes.get(id).cloned(),
        ExprKind::Source(_) => Some(Shape::Any),
        ExprKind::Field { of, wire, .. } => field(&part(of, shapes)?, wire),
        ExprKind::Index { of, index } => match part(of, shapes)? {
            Shape::Tuple(places) => places.get(*index).map(|place| place()),
            _ => None,
        },
        _ => None,
    }
}

fn field(of: &Shape, wire: &str) -> Option<Shape> {
    match of {
        Shape::Newtype(newtype) => field(&(newtype.inner)(), wire),
        Shape::Record(record) => record.fields.iter().find_map(|known| {
            let shape = (known.shape)();
            if known.flatten {
                return field(&shape, wire);
            }
            let is_always_there = !known.skipped && !known.omitted && known.default.is_none();
            (known.wire == wire && is_always_there).then_some(shape)
        }),
        _ => None,
    }
}

/// A path that may lead nowhere.
fn or_null(path: &Expr) -> Expr {
    match path.kind() {
        ExprKind::Field { of, wire, absent: None } => Expr::field(of, wire, Some(serde_json::Value::Null)),
        ExprKind::Index { of, index } => {
            let there = Expr::new(ExprKind::Exists(Expr::index(of, *index)));
            Expr::new(ExprKind::If { condition: there, then: path.clone(), otherwise: Expr::null() })
        }
        _ => path.clone(),
    }
}

/// What a path is called: its last word.
fn name(path: &Expr, variables: &[Variable]) -> String {
    match path.kind() {
        ExprKind::Field { wire, .. } => wire.clone(),
        ExprKind::Index { of, index } => format!("{}_{index}", name(of, variables)),
        ExprKind::Variable(id) => {
            let variable = &variables[id.0 as usize];
            variable.name.clone().unwrap_or_else(|| variable.hint.clone())
        }
        ExprKind::Source(Source::ExecutionId) => "execution_id".to_owned(),
        ExprKind::Source(Source::ExecutionName) => "execution_name".to_owned(),
        ExprKind::Source(Source::StartTime) => "start_time".to_owned(),
        ExprKind::Source(Source::MachineId) => "state_machine_id".to_owned(),
        ExprKind::Source(Source::MachineName) => "state_machine_name".to_owned(),
        ExprKind::Source(_) => "input".to_owned(),
        _ => "value".to_owned(),
    }
}

/// Puts the body's own variables in the places of what it reads from outside.
fn rewrite(block: &mut Block, replaced: &[(Expr, VariableId)]) {
    let inside = |expr: &mut Expr| {
        *expr = expr.rewrite(&|kind| {
            let known = replaced.iter().find(|(path, _)| path.kind() == kind);
            known.map(|(_, variable)| Expr::variable(*variable))
        });
    };
    for node in &mut block.nodes {
        rewrite_node(node, replaced, &inside);
    }
    block.value.iter_mut().for_each(inside);
}

fn rewrite_node(node: &mut Node, replaced: &[(Expr, VariableId)], inside: &impl Fn(&mut Expr)) {
    node.exprs_mut().into_iter().for_each(inside);
    node.blocks_mut().into_iter().for_each(|block| rewrite(block, replaced));
}
