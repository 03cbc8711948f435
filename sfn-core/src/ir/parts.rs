//! The parts of a node: the blocks inside it and the expressions of its own.
//! Separate from questions about whole trees, which are asked of these parts.

use super::{Block, Call, Expr, Node, NodeKind};

macro_rules! parts {
    ($blocks:ident, $exprs:ident, $of_call:ident, $iter:ident, $exprs_of:ident $(, $mutable:tt)?) => {
        impl Node {
            /// The blocks inside it.
            pub(crate) fn $blocks(&$($mutable)? self) -> Vec<&$($mutable)? Block> {
                match &$($mutable)? self.kind {
                    NodeKind::Task(call) => {
                        let arms = call.arms.$iter().map(|arm| &$($mutable)? arm.body);
                        call.ok.$iter().chain(arms).collect()
                    }
                    NodeKind::Choice(choice) => {
                        let rules = choice.rules.$iter().map(|rule| &$($mutable)? rule.body);
                        rules.chain([&$($mutable)? choice.otherwise]).collect()
                    }
                    NodeKind::Loop(repeated) => vec![&$($mutable)? repeated.body],
                    NodeKind::Parallel { branches, .. } => {
                        branches.$iter().map(|(body, _)| body).collect()
                    }
                    NodeKind::Map(iteration) => vec![&$($mutable)? iteration.body],
                    _ => Vec::new(),
                }
            }

            /// The expressions of its own, outside of these blocks.
            pub(crate) fn $exprs(&$($mutable)? self) -> Vec<&$($mutable)? Expr> {
                match &$($mutable)? self.kind {
                    NodeKind::Let { value: expr, .. }
                    | NodeKind::Set { value: expr, .. }
                    | NodeKind::Wait { seconds: expr }
                    | NodeKind::Return(expr)
                    | NodeKind::Rethrow { failure: expr } => vec![expr],
                    NodeKind::Fail { error, cause } => vec![error, cause],
                    NodeKind::Break { value, .. } => value.$iter().collect(),
                    NodeKind::Continue { .. } | NodeKind::Commit | NodeKind::Parallel { .. } => Vec::new(),
                    NodeKind::Task(call) => $of_call(call),
                    NodeKind::Choice(choice) => {
                        choice.rules.$iter().map(|rule| &$($mutable)? rule.condition).collect()
                    }
                    NodeKind::Loop(repeated) => {
                        repeated.step.$iter().flat_map(|node| node.$exprs()).collect()
                    }
                    NodeKind::Map(iteration) => {
                        let distributed = iteration.distributed.$iter();
                        let distributed = distributed.flat_map(|distributed| distributed.$exprs_of());
                        [&$($mutable)? iteration.items].into_iter().chain(distributed).collect()
                    }
                }
            }
        }

        fn $of_call(call: &$($mutable)? Call) -> Vec<&$($mutable)? Expr> {
            let undo = call.compensation.$iter().chain(call.unknown.$iter());
            let undo = undo.flat_map(|undo| undo.call.payload.$iter());
            let output = call.service.$iter().map(|service| &$($mutable)? service.output);
            call.payload.$iter().chain(output).chain(undo).collect()
        }
    };
}

parts!(blocks, exprs, exprs_of_call, iter, exprs);
parts!(blocks_mut, exprs_mut, exprs_of_call_mut, iter_mut, exprs_mut, mut);
