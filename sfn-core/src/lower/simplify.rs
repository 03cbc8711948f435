//! Removes from a tree the names that cost more than they say: of values used once, of values nobody reads.
//! Separate because tree in, tree out: the lowering behind it need not know that it ran.

use super::assigning::assign;
use super::decide::decide;
use super::fold::fold;
use crate::ir::{Block, Expr, Node, NodeKind, Variable, VariableId, VariableRole, Workflow};

/// Above this many parts a value keeps its name: an expression should fit on a screen.
const LARGE: usize = 200;

/// The simplest tree that means the same.
pub(super) fn simplify(workflow: &Workflow, variables: &mut Vec<Variable>) -> Block {
    let mut body = workflow.body.clone();
    decide(&mut body);
    assign(&mut body, variables);
    let mut uses = vec![0; variables.len()];
    count_block(&body, &mut uses);
    let inlined = vec![None; variables.len()];
    Rewrite { variables, uses, inlined }.block(&mut body);
    fold(&mut body);
    body
}

/// Counts uses from the end, so that what only unread values use is unread too.
fn count_block(block: &Block, uses: &mut [usize]) {
    if let Some(value) = &block.value {
        read(value, uses);
    }
    block.nodes.iter().rev().for_each(|node| count_node(node, uses));
}

fn read(expr: &Expr, uses: &mut [usize]) {
    expr.for_each_variable(&mut |id| uses[id.0 as usize] += 1);
}

fn count_node(node: &Node, uses: &mut [usize]) {
    if matches!(&node.kind, NodeKind::Let { variable, .. } if uses[variable.0 as usize] == 0) {
        return;
    }
    node.blocks().into_iter().for_each(|block| count_block(block, uses));
    if matches!(&node.kind, NodeKind::Map(iteration) if iteration.distributed.is_some()) {
        // Once more, so that nothing is calculated by each child that can be handed to all of them.
        node.blocks().into_iter().for_each(|block| count_block(block, uses));
    }
    node.exprs().into_iter().for_each(|expr| read(expr, uses));
}

/// What follows a node in its block.
#[derive(Clone, Copy, Default)]
struct Behind<'b> {
    nodes: &'b [Node],
    value: Option<&'b Expr>,
}

impl Behind<'_> {
    /// Whether the only use of a value that is another each time is evaluated at the same moment as its `let`, and once:
    /// no state works in between, and none is tried again with it.
    fn evaluates(self, variable: VariableId) -> bool {
        let uses = |expr: &Expr| expr.uses(variable) == 1;
        for node in self.nodes {
            match &node.kind {
                NodeKind::Let { value, .. } | NodeKind::Set { value, .. } if !uses(value) => {}
                NodeKind::Task(call) => {
                    return call.retry.is_none() && call.payload.as_ref().is_some_and(uses);
                }
                NodeKind::Map(iteration) => return uses(&iteration.items),
                NodeKind::Loop(_) => return false,
                _ => return node.exprs().into_iter().any(uses),
            }
        }
        self.value.is_some_and(uses)
    }
}

struct Rewrite<'w> {
    variables: &'w [Variable],
    uses: Vec<usize>,
    inlined: Vec<Option<Expr>>,
}

impl Rewrite<'_> {
    fn expr(&self, expr: &mut Expr) {
        *expr = expr.replace(&|id| self.inlined[id.0 as usize].clone());
    }

    fn block(&mut self, block: &mut Block) {
        let mut nodes = std::mem::take(&mut block.nodes).into_iter();
        while let Some(mut node) = nodes.next() {
            if self.is_kept(&mut node, Behind { nodes: nodes.as_slice(), value: block.value.as_ref() }) {
                block.nodes.push(node);
            }
        }
        block.value.iter_mut().for_each(|value| self.expr(value));
    }

    /// Rewrites a node, and says whether it is one still.
    fn is_kept(&mut self, node: &mut Node, behind: Behind<'_>) -> bool {
        node.blocks_mut().into_iter().for_each(|block| self.block(block));
        node.exprs_mut().into_iter().for_each(|expr| self.expr(expr));
        match &mut node.kind {
            NodeKind::Let { variable, value } => {
                let at = variable.0 as usize;
                let melts = self.uses[at] > 0
                    && self.melts(*variable, value)
                    && (!value.is_volatile() || behind.evaluates(*variable));
                if melts {
                    self.inlined[at] = Some(value.clone());
                }
                self.uses[at] > 0 && !melts
            }
            NodeKind::Set { variable, .. } => self.uses[variable.0 as usize] > 0,
            NodeKind::Loop(repeated) => {
                repeated.step.retain_mut(|node| self.is_kept(node, Behind::default()));
                true
            }
            _ => true,
        }
    }

    /// Whether a value is better off inside the expression that uses it. What changes, or is at hand on one transition
    /// only, is read where it is written.
    fn melts(&self, variable: VariableId, value: &Expr) -> bool {
        let role = |id: VariableId| self.variables[id.0 as usize].role;
        let mut stays = role(variable) == VariableRole::Mutable;
        value.for_each_variable(&mut |id| stays |= role(id) != VariableRole::Bound);
        let once = self.uses[variable.0 as usize] == 1;
        !stays && (value.is_trivial() || (once && !value.is_larger_than(LARGE)))
    }
}
