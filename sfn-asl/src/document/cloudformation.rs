//! The functions of CloudFormation, as values that are put in later.
//! Separate because a template says them in two spellings, and a definition is judged as if they were placeholders.

use super::tree::{Kind, NodeRef, Tree};

/// How a function of CloudFormation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As a short tag: `!Ref Name`.
    Tags,
    /// In either way: `!Ref Name` or `{"Ref": "Name"}`.
    Any,
}

/// The longest text that a function is made into.
const MAX_BYTES: usize = 1 << 24;

/// Makes every function of a tree opaque.
pub(super) fn make_opaque(tree: &mut Tree, spelling: Spelling) {
    let mut found = Vec::new();
    let mut left = MAX_BYTES;
    for index in 0..tree.len() {
        let node = tree.node(index);
        let Some((name, argument)) = function(node, spelling) else { continue };
        let meant = resolve(name, argument);
        left = left.saturating_sub(meant.len());
        if left > 0 {
            found.push((index, meant));
        }
    }
    if !found.is_empty() {
        tree.make_opaque(&found);
    }
}

/// Whether a value is written as it is, not as a function.
pub(super) fn is_literal(node: NodeRef<'_>) -> bool {
    function(node, Spelling::Any).is_none()
}

/// The name and the argument of a function.
fn function(node: NodeRef<'_>, spelling: Spelling) -> Option<(&str, NodeRef<'_>)> {
    let children = match node.kind() {
        Kind::Object(children) | Kind::Opaque(_, children) if children.len() == 1 => children,
        _ => return None,
    };
    let argument = node.children(children).next()?;
    let name = argument.name();
    let is_tag = argument.written_name().starts_with('!');
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    (is_function && (is_tag || spelling == Spelling::Any)).then_some((name, argument))
}

/// The string that a function stands for, with placeholders for what is not known.
fn resolve(name: &str, argument: NodeRef<'_>) -> String {
    let first = || argument.items().and_then(|mut items| items.next());
    let resolved = match name {
        "Ref" => argument.as_str().map(|name| format!("${{{name}}}")),
        "Fn::Sub" => argument.as_str().or_else(|| first()?.as_str()).map(str::to_owned),
        "Fn::GetAtt" => argument.as_str().map(|name| format!("${{{name}}}")).or_else(|| {
            let names: Option<Vec<_>> = argument.items()?.map(NodeRef::as_str).collect();
            Some(format!("${{{}}}", names?.join(".")))
        }),
        "Fn::Join" => join(argument).map(|pieces| pieces.into_iter().map(|piece| piece.meant).collect()),
        _ => None,
    };
    resolved.unwrap_or_else(|| format!("${{{name}}}"))
}

/// A part of a string that a template puts together.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The number of the value it comes from.
    pub(super) index: usize,
    pub(super) meant: String,
}

/// What a string in a template is put together from: itself, the argument of a Sub, the parts of a Join.
pub(super) fn pieces(node: NodeRef<'_>) -> Option<Vec<Piece>> {
    let piece = |node: NodeRef<'_>| Some(Piece { index: node.index(), meant: node.as_str()?.to_owned() });
    match function(node, Spelling::Any) {
        None => Some(vec![piece(node)?]),
        Some(("Fn::Sub", argument)) => {
            let first = argument.items().and_then(|mut items| items.next());
            Some(vec![piece(first.unwrap_or(argument))?])
        }
        Some(("Fn::Join", argument)) => join(argument),
        Some(_) => None,
    }
}

fn join(argument: NodeRef<'_>) -> Option<Vec<Piece>> {
    let mut arguments = argument.items()?;
    let separator = arguments.next()?;
    let mut pieces = Vec::new();
    for item in arguments.next()?.items()? {
        if !pieces.is_empty() {
            pieces.push(Piece { index: separator.index(), meant: separator.as_str()?.to_owned() });
        }
        let meant = match function(item, Spelling::Any) {
            // A Join within a Join would let a small text stand for a large one.
            Some((name @ "Fn::Join", _)) => format!("${{{name}}}"),
            Some((name, argument)) => resolve(name, argument),
            None => item.as_str()?.to_owned(),
        };
        pieces.push(Piece { index: item.index(), meant });
    }
    Some(pieces)
}
