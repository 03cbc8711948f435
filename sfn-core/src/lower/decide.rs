//! Takes out of a tree what constants decide: ways that are never taken, and whatever stands behind an end.
//! Separate because it goes through the tree once as an execution does, from the front, and knows what variables hold.

use super::known::Known;
use crate::ir::{Block, Call, Choice, Expr, Loop, LoopId, Node, NodeKind, VariableId};

/// What is left of a block when every condition that is known has been asked.
pub(super) fn decide(block: &mut Block) {
    Decide::default().block(block, &mut Known::default());
}

#[derive(Default)]
struct Decide {
    /// The loops around, the innermost last, and what is known wherever one is left.
    loops: Vec<(LoopId, Option<VariableId>, Joined)>,
}

/// What is known where several ways meet: nothing, if none of them leads here.
#[derive(Default)]
struct Joined(Option<Known>);

impl Joined {
    fn with(&mut self, known: Known) {
        self.0 = Some(match self.0.take() {
            Some(others) => others.joined(&known),
            None => known,
        });
    }
}

impl Decide {
    /// Decides a block, and says whether any way leads to its end.
    fn block(&mut self, block: &mut Block, known: &mut Known) -> bool {
        let nodes = std::mem::take(&mut block.nodes);
        let goes_on = self.nodes(nodes, &mut block.nodes, known);
        if !goes_on {
            block.value = None;
        }
        goes_on
    }

    fn nodes(&mut self, nodes: Vec<Node>, kept: &mut Vec<Node>, known: &mut Known) -> bool {
        for mut node in nodes {
            if let NodeKind::Choice(choice) = &mut node.kind {
                ask(choice, known);
                if choice.rules.is_empty() {
                    let Block { nodes, value } = std::mem::take(&mut choice.otherwise);
                    if !self.nodes(nodes, kept, known) {
                        return false;
                    }
                    if let (Some(variable), Some(value)) = (choice.result, value) {
                        known.learn(variable, &value);
                        kept.push(Node { kind: NodeKind::Let { variable, value }, ..node });
                    }
                    continue;
                }
            }
            let goes_on = self.node(&mut node, known);
            kept.push(node);
            if !goes_on {
                return false;
            }
        }
        true
    }

    fn node(&mut self, node: &mut Node, known: &mut Known) -> bool {
        match &mut node.kind {
            NodeKind::Let { variable, value } | NodeKind::Set { variable, value } => {
                known.learn(*variable, value);
                true
            }
            NodeKind::Choice(choice) => {
                let Choice { rules, otherwise, result, .. } = choice;
                let bodies = rules.iter_mut().map(|rule| &mut rule.body).chain([otherwise]);
                self.one_of(bodies.collect(), *result, known)
            }
            NodeKind::Task(call) => self.call(call, known),
            NodeKind::Loop(repeated) => self.repeated(repeated, known),
            NodeKind::Break { of, value } => {
                if let Some((_, result, left)) = self.loops.iter_mut().find(|(id, ..)| id == of) {
                    let mut known = std::mem::take(known);
                    if let (Some(result), Some(value)) = (*result, value) {
                        known.learn(result, value);
                    }
                    left.with(known);
                }
                false
            }
            NodeKind::Parallel { branches, failure, .. } => {
                for (branch, _) in branches.iter_mut() {
                    self.block(branch, &mut known.clone());
                }
                failure.is_some() || branches.iter().all(|(branch, _)| branch.succeeds())
            }
            NodeKind::Map(iteration) => {
                self.block(&mut iteration.body, &mut known.clone());
                true
            }
            NodeKind::Wait { .. } | NodeKind::Commit => true,
            NodeKind::Continue { .. }
            | NodeKind::Return(_)
            | NodeKind::Fail { .. }
            | NodeKind::Rethrow { .. } => false,
        }
    }

    /// Blocks of which one runs.
    fn one_of(&mut self, blocks: Vec<&mut Block>, result: Option<VariableId>, known: &mut Known) -> bool {
        let mut joined = Joined::default();
        for block in blocks {
            let mut known = known.clone();
            if self.block(block, &mut known) {
                if let (Some(result), Some(value)) = (result, &block.value) {
                    known.learn(result, value);
                }
                joined.with(known);
            }
        }
        joined.0.is_some_and(|there| {
            *known = there;
            true
        })
    }

    fn call(&mut self, call: &mut Call, known: &mut Known) -> bool {
        let mut nothing = Block::default();
        let ok = call.ok.as_mut().unwrap_or(&mut nothing);
        let blocks = [ok].into_iter().chain(call.arms.iter_mut().map(|arm| &mut arm.body));
        self.one_of(blocks.collect(), call.value, known)
    }

    fn repeated(&mut self, repeated: &mut Loop, known: &mut Known) -> bool {
        let again = |kind: &NodeKind| matches!(kind, NodeKind::Continue { of } if *of == repeated.id);
        if !repeated.body.diverges() || repeated.body.has(&again) {
            // A turn may begin with whatever another has left.
            let step = repeated.step.iter();
            for changed in repeated.body.changed().into_iter().chain(step.flat_map(Node::changed)) {
                known.forget(changed);
            }
        }
        self.loops.push((repeated.id, repeated.result, Joined::default()));
        self.block(&mut repeated.body, known);
        let left = self.loops.pop().and_then(|(.., left)| left.0);
        repeated.ends = left.is_some();
        left.is_some_and(|there| {
            *known = there;
            true
        })
    }
}

/// Leaves out rules that never hold, and all behind one that always does.
fn ask(choice: &mut Choice, known: &Known) {
    let decided = |condition: &Expr| known.of(condition).decided();
    choice.rules.retain(|rule| decided(&rule.condition) != Some(false));
    if let Some(always) = choice.rules.iter().position(|rule| decided(&rule.condition) == Some(true)) {
        choice.otherwise = std::mem::take(&mut choice.rules[always].body);
        choice.rules.truncate(always);
    }
}
