//! Removes from a tree the names that cost more than they say: of values used once, of values nobody reads.
//! Separate because tree in, tree out: the lowering behind it need not know that it ran.

use super::assigning::assign;
use super::fold::fold;
use crate::ir::{
    Arm, Block, Call, Choice, Compensation, Expr, Iteration, Loop, Node, NodeKind, Rule, Variable,
    VariableId, VariableRole, Workflow,
};

/// Above this many parts a value keeps its name: an expression should fit on a screen.
const LARGE: usize = 200;

/// The simplest tree that means the same.
pub(super) fn simplify(workflow: &Workflow, variables: &mut Vec<Variable>) -> Block {
    let mut body = workflow.body.clone();
    assign(&mut body, variables);
    let mut uses = vec![0; variables.len()];
    count_block(&body, &mut uses);
    let inlined = vec![None; variables.len()];
    let mut rewrite = Rewrite { variables, uses, inlined };
    let mut body = rewrite.block(&body);
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
    match &node.kind {
        NodeKind::Let { variable, value } => {
            if uses[variable.0 as usize] > 0 {
                read(value, uses);
            }
        }
        NodeKind::Set { value, .. } => read(value, uses),
        NodeKind::Loop(repeated) => {
            repeated.step.iter().for_each(|node| count_node(node, uses));
            count_block(&repeated.body, uses);
        }
        NodeKind::Break { value, .. } => value.iter().for_each(|value| read(value, uses)),
        NodeKind::Continue { .. } | NodeKind::Commit => {}
        NodeKind::Task(call) => {
            call.ok
                .iter()
                .chain(call.arms.iter().map(|arm| &arm.body))
                .for_each(|body| count_block(body, uses));
            for undo in call.compensation.iter().chain(&call.unknown) {
                let captured = undo.captured.as_ref().map(|(_, given)| given);
                undo.call.payload.iter().chain(captured).for_each(|expr| read(expr, uses));
            }
            call.payload.iter().for_each(|expr| read(expr, uses));
        }
        NodeKind::Choice(choice) => {
            count_block(&choice.otherwise, uses);
            for rule in &choice.rules {
                count_block(&rule.body, uses);
                read(&rule.condition, uses);
            }
        }
        NodeKind::Parallel { branches, .. } => {
            for (body, _) in branches {
                count_block(body, uses);
            }
        }
        NodeKind::Map(iteration) => {
            count_block(&iteration.body, uses);
            if let Some(distributed) = &iteration.distributed {
                // Once more, so that nothing is calculated by each child that can be handed to all of them.
                count_block(&iteration.body, uses);
                distributed.exprs().into_iter().for_each(|expr| read(expr, uses));
            }
            read(&iteration.items, uses);
        }
        NodeKind::Wait { seconds: expr } | NodeKind::Return(expr) | NodeKind::Rethrow { failure: expr } => {
            read(expr, uses);
        }
        NodeKind::Fail { error, cause } => {
            read(error, uses);
            read(cause, uses);
        }
    }
}

struct Rewrite<'w> {
    variables: &'w [Variable],
    uses: Vec<usize>,
    inlined: Vec<Option<Expr>>,
}

impl Rewrite<'_> {
    fn expr(&self, expr: &Expr) -> Expr {
        expr.replace(&|id| self.inlined[id.0 as usize].clone())
    }

    fn block(&mut self, block: &Block) -> Block {
        let nodes = block.nodes.iter().filter_map(|node| self.node(node)).collect();
        Block { nodes, value: block.value.as_ref().map(|value| self.expr(value)) }
    }

    fn node(&mut self, node: &Node) -> Option<Node> {
        let kind = match &node.kind {
            NodeKind::Let { variable, value } => {
                let at = variable.0 as usize;
                let value = self.expr(value);
                if self.uses[at] == 0 {
                    return None;
                }
                if self.melts(*variable, &value) {
                    self.inlined[at] = Some(value);
                    return None;
                }
                NodeKind::Let { variable: *variable, value }
            }
            NodeKind::Set { variable, value } => {
                if self.uses[variable.0 as usize] == 0 {
                    return None;
                }
                NodeKind::Set { variable: *variable, value: self.expr(value) }
            }
            NodeKind::Loop(repeated) => NodeKind::Loop(Box::new(Loop {
                id: repeated.id,
                body: self.block(&repeated.body),
                step: repeated.step.iter().filter_map(|node| self.node(node)).collect(),
                result: repeated.result,
                ends: repeated.ends,
            })),
            NodeKind::Break { of, value } => {
                NodeKind::Break { of: *of, value: value.as_ref().map(|value| self.expr(value)) }
            }
            NodeKind::Continue { of } => NodeKind::Continue { of: *of },
            NodeKind::Commit => NodeKind::Commit,
            NodeKind::Task(call) => NodeKind::Task(Box::new(self.call(call))),
            NodeKind::Choice(choice) => NodeKind::Choice(Choice {
                text: choice.text.clone(),
                kind: choice.kind,
                result: choice.result,
                rules: choice.rules.iter().map(|rule| self.rule(rule)).collect(),
                otherwise: self.block(&choice.otherwise),
            }),
            NodeKind::Parallel { branches, name } => NodeKind::Parallel {
                branches: branches.iter().map(|(body, result)| (self.block(body), *result)).collect(),
                name: name.clone(),
            },
            NodeKind::Map(iteration) => NodeKind::Map(Box::new(Iteration {
                items: self.expr(&iteration.items),
                items_name: iteration.items_name.clone(),
                item: iteration.item,
                place: iteration.place,
                body: self.block(&iteration.body),
                result: iteration.result,
                max_concurrency: iteration.max_concurrency,
                name: iteration.name.clone(),
                distributed: iteration.distributed.clone().map(|mut distributed| {
                    distributed.exprs_mut().into_iter().for_each(|expr| *expr = self.expr(expr));
                    distributed
                }),
            })),
            NodeKind::Wait { seconds } => NodeKind::Wait { seconds: self.expr(seconds) },
            NodeKind::Return(value) => NodeKind::Return(self.expr(value)),
            NodeKind::Fail { error, cause } => {
                NodeKind::Fail { error: self.expr(error), cause: self.expr(cause) }
            }
            NodeKind::Rethrow { failure } => NodeKind::Rethrow { failure: self.expr(failure) },
        };
        Some(Node { origin: node.origin, kind })
    }

    /// Whether a value is better off inside the expression that uses it. What changes is read where it is written.
    fn melts(&self, variable: VariableId, value: &Expr) -> bool {
        let role = |id: VariableId| self.variables[id.0 as usize].role;
        let mut stays = role(variable) == VariableRole::Mutable
            || value.root().is_some_and(|root| role(root) == VariableRole::Fleeting);
        value.for_each_variable(&mut |id| stays |= role(id) == VariableRole::Mutable);
        let once = self.uses[variable.0 as usize] == 1;
        !stays && (value.is_trivial() || (once && !value.is_larger_than(LARGE)))
    }

    fn call(&mut self, call: &Call) -> Call {
        Call {
            spec: call.spec,
            service: call.service.clone(),
            payload: call.payload.as_ref().map(|payload| self.expr(payload)),
            retry: call.retry,
            timeout: call.timeout,
            heartbeat: call.heartbeat,
            name: call.name.clone(),
            result: call.result,
            value: call.value,
            compensation: call.compensation.as_ref().map(|undo| self.compensation(undo)),
            unknown: call.unknown.as_ref().map(|undo| self.compensation(undo)),
            ok: call.ok.as_ref().map(|body| self.block(body)),
            arms: call.arms.iter().map(|arm| self.arm(arm)).collect(),
        }
    }

    fn compensation(&mut self, undo: &Compensation) -> Box<Compensation> {
        Box::new(Compensation {
            origin: undo.origin,
            call: self.call(&undo.call),
            captured: undo.captured.as_ref().map(|(id, given)| (*id, self.expr(given))),
        })
    }

    fn arm(&mut self, arm: &Arm) -> Arm {
        Arm {
            origin: arm.origin,
            errors: arm.errors.clone(),
            fields: arm.fields,
            failure: arm.failure,
            body: self.block(&arm.body),
        }
    }

    fn rule(&mut self, rule: &Rule) -> Rule {
        Rule { condition: self.expr(&rule.condition), text: rule.text.clone(), body: self.block(&rule.body) }
    }
}
