//! What is wrong with a text before it is a tree.
//! Separate because JSON and YAML say it in the same words.

use std::fmt::Display;
use std::ops::Range;

use crate::rules::duplicate_field;
use crate::{Code, Diagnostic, Pointer};

/// What is wrong with a text, with the bytes that show it.
pub(crate) type TextFault = (Diagnostic, Range<usize>);

/// One step from a container to its child.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<K> {
    Key(K),
    Index(usize),
}

/// The pointer of a path.
pub(crate) fn pointer<'n, K: Copy>(path: &[Step<K>], name: impl Fn(K) -> &'n str) -> Pointer {
    let mut pointer = Pointer::root();
    for step in path {
        match *step {
            Step::Key(key) => pointer.push(name(key)),
            Step::Index(index) => pointer.push(index),
        }
    }
    pointer
}

/// A text that cannot be read on.
pub(crate) fn syntax(code: Code, pointer: Pointer, message: impl Display, bytes: Range<usize>) -> TextFault {
    (Diagnostic::error(code, pointer, message.to_string()), bytes)
}

/// A field that is there already.
pub(crate) fn duplicate(pointer: Pointer, name: &str, bytes: Range<usize>) -> TextFault {
    let message = format!("the field `{name}` stands here twice");
    let diagnostic = Diagnostic::error(duplicate_field::CODE, pointer, message);
    (diagnostic.with_help("keep one of them"), bytes)
}
