//! Judges what is to be emitted: durations the service can count, and the document by every rule of the language.
//! Separate because it finds faults and builds nothing.

use std::collections::BTreeSet;

use sfn_asl::{Code, Diagnostic, Options, Place, Pointer, Severity};

use super::Lowered;
use crate::Origin;
use crate::ir::{Block, Call, NodeKind, Workflow};
use crate::lint::Levels;

/// Pushes the calls whose durations the service cannot count.
pub(super) fn check_durations(block: &Block, diagnostics: &mut Vec<Diagnostic>) {
    for node in &block.nodes {
        if let NodeKind::Task(call) = &node.kind {
            check_call(call, node.origin, diagnostics);
            for undo in call.compensation.iter().chain(&call.unknown) {
                check_call(&undo.call, undo.origin, diagnostics);
            }
        }
        node.blocks().into_iter().for_each(|body| check_durations(body, diagnostics));
    }
}

fn check_call(call: &Call, origin: Origin, diagnostics: &mut Vec<Diagnostic>) {
    let policy = call.retry.as_ref();
    let durations = [
        ("timeout", call.timeout),
        ("heartbeat", call.heartbeat),
        ("retry interval", policy.map(|policy| policy.interval)),
        ("longest retry delay", policy.and_then(|policy| policy.max_delay)),
    ];
    for (what, duration) in durations {
        if let Some(duration) = duration.filter(|duration| duration.subsec_nanos() != 0) {
            let task = call.spec.name;
            let message =
                format!("the {what} of `{task}` is {duration:?}; the service counts in whole seconds");
            let diagnostic =
                Diagnostic::error(Code::new("duration-not-in-seconds"), Place::Rust(origin.into()), message);
            diagnostics.push(diagnostic.with_help("use whole seconds"));
        }
    }
}

/// What the rules say of a way that is never taken, which rustc has accepted: it knows what there is to read.
const OF_DEAD_CODE: Code = Code::new("impossible-path");

/// Pushes what the language's rules find in the document, each at the Rust place of its state.
pub(super) fn check_document(
    lowered: &Lowered,
    by_hand: &BTreeSet<String>,
    levels: Levels,
    workflow: &Workflow,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let found = sfn_asl::validate(&lowered.machine, &Options { levels, ..Options::new(workflow.kind) });
    // Advice is for who reads the document (`cargo sfn check` gives it); a build that works says nothing.
    for found in found.into_iter().filter(|found| found.severity > Severity::Advice) {
        let state = found.pointer().and_then(state_at);
        if found.code == OF_DEAD_CODE && !state.as_ref().is_some_and(|name| by_hand.contains(name)) {
            continue;
        }
        let origin = state.and_then(|name| lowered.origin_of(&name)).or(workflow.origin);
        diagnostics.push(match origin {
            Some(origin) => Diagnostic { place: Place::Rust(origin.into()), ..found },
            None => found,
        });
    }
}

/// The Rust place, or else the whole definition.
pub(super) fn place(origin: Option<Origin>) -> Place {
    let whole = || Place::Definition { pointer: Pointer::root(), span: None };
    origin.map_or_else(whole, |origin| Place::Rust(origin.into()))
}

/// The innermost state that a JSON pointer leads into.
fn state_at(pointer: &Pointer) -> Option<String> {
    let tokens: Vec<_> = pointer.tokens().collect();
    let at = tokens.iter().rposition(|token| token == "States")?;
    tokens.get(at + 1).map(ToString::to_string)
}
