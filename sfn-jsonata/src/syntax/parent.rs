//! Finds the step that each `%` refers to.
//! Separate because looking leftwards through paths, blocks and filters is a small algorithm of its own.

use std::sync::Arc;

use super::Span;
use super::ast::{Kind, Node, Slot};
use crate::error::ParseError;

/// Every `%` of an expression and how far it still has to look.
#[derive(Default)]
pub(super) struct Ancestry(Vec<Search>);

struct Search {
    /// Steps still to be climbed.
    level: i32,
    /// The tuple field that will hold the ancestor; several `%` may share one.
    label: u32,
}

impl Ancestry {
    pub(super) fn new_slot(&mut self) -> Slot {
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push(Search { level: 1, label: number });
        Slot(number)
    }

    /// The names of the tuple fields, by slot. No variable can have such a name.
    pub(super) fn labels(&self) -> Vec<Arc<str>> {
        self.0.iter().map(|search| format!("!{}", search.label).into()).collect()
    }

    fn search(&mut self, slot: Slot) -> &mut Search {
        &mut self.0[slot.0 as usize]
    }

    /// Lets what the last step of a path seeks look through the steps before it.
    pub(super) fn resolve(&mut self, node: &mut Node) -> Result<(), ParseError> {
        let Kind::Path(path) = &mut node.kind else { return Ok(()) };
        let Some((last, before)) = path.steps.split_last_mut() else { return Ok(()) };
        if let Kind::Parent(slot) = last.kind {
            last.seeking.push(slot);
        }
        for slot in last.seeking.clone() {
            let mut left = before.len();
            while self.search(slot).level > 0 {
                if left == 0 {
                    node.seeking.push(slot);
                    break;
                }
                left -= 1;
                // Steps that all bind variables stand for one and the same context.
                while left > 0 && before[left].focus.is_some() && before[left - 1].focus.is_some() {
                    left -= 1;
                }
                self.seek(&mut before[left], slot)?;
            }
        }
        Ok(())
    }

    /// Lets what a filter seeks look at the step it stands on.
    pub(super) fn resolve_in_filter(&mut self, step: &mut Node, predicate: &Node) -> Result<(), ParseError> {
        for slot in &predicate.seeking {
            if self.search(*slot).level == 1 {
                self.seek(step, *slot)?;
            } else {
                self.search(*slot).level -= 1;
            }
        }
        if !predicate.seeking.is_empty() {
            step.seeking.extend(sought(&[predicate]));
        }
        Ok(())
    }

    fn seek(&mut self, node: &mut Node, slot: Slot) -> Result<(), ParseError> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.search(slot).level -= 1;
                if self.search(slot).level == 0 {
                    if let Some(earlier) = node.ancestor {
                        self.search(slot).label = self.search(earlier).label;
                    }
                    node.ancestor = Some(slot);
                    node.tuple = true;
                }
            }
            Kind::Parent(_) => self.search(slot).level += 1,
            Kind::Block(expressions) => {
                if let Some(last) = expressions.last_mut() {
                    node.tuple = true;
                    self.seek(last, slot)?;
                }
            }
            Kind::Path(path) => {
                node.tuple = true;
                let mut steps = path.steps.iter_mut().rev();
                if let Some(last) = steps.next() {
                    self.seek(last, slot)?;
                }
                for step in steps {
                    if self.search(slot).level <= 0 {
                        break;
                    }
                    self.seek(step, slot)?;
                }
            }
            _ => return Err(no_parent(node.span)),
        }
        Ok(())
    }
}

/// What the parts of a node still seek.
pub(super) fn sought(parts: &[&Node]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for part in parts {
        slots.extend_from_slice(&part.seeking);
        if let Kind::Parent(slot) = part.kind {
            slots.push(slot);
        }
    }
    slots
}

/// There is nothing that a `%` could refer to.
pub(super) fn no_parent(span: Span) -> ParseError {
    ParseError::new("S0217", span, "the parent `%` cannot be derived from this expression")
}
