//! What a template says it puts into a definition, held against the names the definition has.
//! Separate because it looks at the text of all strings, whatever they mean in the language.

use std::collections::HashMap;

use super::Document;
use super::tree::{Kind, NodeRef};
use crate::nearest::{listed, nearest};
use crate::rules::{unsubstituted_name, unused_substitution};
use crate::{Diagnostic, Place, Pointer};

/// Names without a substitution, and substitutions without a name.
pub(super) fn faults(document: &Document) -> Vec<Diagnostic> {
    let Some(known) = &document.substitutions else { return Vec::new() };
    let mut used = HashMap::new();
    find(document.root(), &Pointer::root(), &mut used);
    let mut missing: Vec<_> = used.iter().filter(|(name, _)| !known.contains(name)).collect();
    missing.sort_by_key(|(_, place)| place.order);
    let missing = missing.into_iter().map(|(name, use_)| {
        let message =
            format!("`DefinitionSubstitutions` has no `{name}`, so the text `${{{name}}}` stays as it is");
        let fault = Diagnostic::warning(unsubstituted_name::CODE, use_.place.clone(), message);
        match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => fault.with_help(format!("did you mean `${{{near}}}`?")),
            None => fault.with_help(format!("add `{name}` to `DefinitionSubstitutions`")),
        }
    });
    let unused: Vec<_> = known.iter().filter(|name| !used.contains_key(*name)).map(String::as_str).collect();
    let unused = (!unused.is_empty()).then(|| {
        let message = format!("`DefinitionSubstitutions` has {}, and nothing here uses it", listed(&unused));
        let help = "remove it, or write its name as `${Name}` where its value belongs";
        Diagnostic::warning(unused_substitution::CODE, Pointer::root(), message).with_help(help)
    });
    missing.chain(unused).collect()
}

/// The first use of a name.
struct Use {
    /// The how many-th name it is in the text.
    order: usize,
    place: Place,
}

fn find(node: NodeRef<'_>, pointer: &Pointer, used: &mut HashMap<String, Use>) {
    match node.kind() {
        // What a function stands for is put in by the template itself.
        Kind::Opaque(..) => {}
        Kind::Object(_) => {
            for field in node.fields().into_iter().flatten() {
                let pointer = pointer.join(field.name());
                for (name, _) in names(field.name()) {
                    note(name, used, || Place::Name(pointer.clone()));
                }
                find(field, &pointer, used);
            }
        }
        Kind::Array(_) => {
            for (index, item) in node.items().into_iter().flatten().enumerate() {
                find(item, &pointer.join(index), used);
            }
        }
        _ => {
            for (name, span) in node.as_str().into_iter().flat_map(names) {
                note(name, used, || Place::Definition { pointer: pointer.clone(), span: Some(span) });
            }
        }
    }
}

/// Takes note of a name, unless it has been used before.
fn note(name: &str, used: &mut HashMap<String, Use>, place: impl FnOnce() -> Place) {
    let order = used.len();
    used.entry(name.to_owned()).or_insert_with(|| Use { order, place: place() });
}

/// The names that a text has as `${Name}`, each with its bytes.
fn names(text: &str) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
    text.match_indices("${").filter_map(|(start, _)| {
        let name = &text[start + 2..];
        let name = &name[..name.find('}')?];
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name.then(|| (name, start..start + name.len() + 3))
    })
}

#[cfg(test)]
mod tests {
    use crate::{Document, Format, Options};

    #[test]
    fn names_are_found_in_the_names_of_fields_too() {
        let template = r#"{"Resources": {"Saga": {"Type": "AWS::Serverless::StateMachine", "Properties": {
            "DefinitionSubstitutions": {"Charge": "x"},
            "Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Result": {"of ${Charge}": 1, "${Chrage}": {"b": 2}}}}}}}}}"#;
        let document = Document::parse(template, Format::Json).expect("it is JSON");
        let definition = document.definitions().remove(0).document.expect("it can be read");
        let found = definition.lint(&Options::STANDARD);
        let [fault] = &found[..] else { panic!("{found:?}") };
        assert_eq!(fault.code.as_str(), "unsubstituted-name");
        assert_eq!(fault.help.as_deref(), Some("did you mean `${Charge}`?"));
        assert_eq!(&template[definition.highlight(&fault.place)], "\"${Chrage}\"");
    }
}
