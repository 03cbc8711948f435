//! Definitions within templates: what a CloudFormation, SAM or Serverless file says of its state machines.
//! Separate because a template is not a definition; it holds some, as values or as text within a string.

use std::ops::Range;
use std::sync::Arc;

use super::cloudformation::{self, Piece, Spelling};
use super::edit::{Replacement, replaced};
use super::tree::NodeRef;
use super::write::json_string;
use super::{Document, Format, place};
use crate::{ExecutionType, Pointer, ReadError};

/// A definition that a template carries.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// What the template calls the state machine.
    pub name: String,
    /// The kind of Executions it is for, as far as the template says.
    pub kind: ExecutionType,
    /// The definition, whose places are places in the template; or why its text cannot be read.
    pub document: Result<Document, ReadError>,
}

impl Embedded {
    fn new(owner: NodeRef<'_>, kind: Option<NodeRef<'_>>, document: Result<Document, ReadError>) -> Self {
        let is_express =
            kind.and_then(NodeRef::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("EXPRESS"));
        let kind = if is_express { ExecutionType::Express } else { ExecutionType::Standard };
        Self { name: owner.name().to_owned(), kind, document }
    }
}

/// The text around a definition that is a string of a template.
#[derive(Debug)]
pub(super) struct Outer {
    document: Document,
    /// What the template calls the state machine.
    name: String,
    /// What the text is put together from, and where in it each piece begins.
    pieces: Vec<(usize, Piece)>,
}

impl Outer {
    pub(super) fn text(&self) -> &str {
        self.document.source()
    }

    /// The bytes of the template that bytes of the definition come from.
    pub(super) fn range(&self, inner: &Range<usize>) -> Range<usize> {
        let start = self.offset(inner.start);
        start..self.offset(inner.end).max(start)
    }

    /// The definition after replacements in its text, made in the template; nothing if the template would then not say
    /// the expected text.
    pub(super) fn edit(
        &self,
        replacements: &[Replacement],
        expected: &str,
    ) -> Result<Option<Document>, ReadError> {
        let text = self.text();
        let tree = &self.document.tree;
        let outward = replacements.iter().map(|(bytes, new)| {
            let bytes = self.range(bytes);
            let mut strings = self.pieces.iter().map(|(_, piece)| tree.node(piece.index).span());
            let string = strings.rfind(|span| (span.start..=span.end).contains(&bytes.start));
            let new = string.map_or_else(|| new.clone(), |span| written_in(&text[span], new));
            (bytes, new)
        });
        let edited = Document::parse(replaced(text, &outward.collect::<Vec<_>>()), self.document.format)?;
        let mut again = edited.definitions().into_iter().filter(|embedded| embedded.name == self.name);
        let definition = again.next().and_then(|embedded| embedded.document.ok());
        Ok(definition.filter(|definition| definition.source() == expected))
    }

    fn offset(&self, inner: usize) -> usize {
        let at = self.pieces.partition_point(|(start, _)| *start <= inner).saturating_sub(1);
        let Some((start, piece)) = self.pieces.get(at) else { return 0 };
        let Document { format, tree, .. } = &self.document;
        let node = tree.node(piece.index);
        match node.as_str() {
            Some(meant) if meant == piece.meant && !node.is_opaque() => {
                place::offset_in_string(tree.source(), *format, node, inner - start)
            }
            _ => node.span().start,
        }
    }
}

/// A text as it is written within a string of a template, whose own text is given.
fn written_in(string: &str, new: &str) -> String {
    match string.chars().next() {
        Some('"') => {
            let quoted = json_string(new);
            quoted[1..quoted.len() - 1].to_owned()
        }
        Some('\'') => new.replace('\'', "''"),
        Some('|' | '>') => {
            let lines = string.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
            let margin = &lines[..lines.len() - lines.trim_start().len()];
            new.replace('\n', &format!("\n{margin}"))
        }
        _ => new.to_owned(),
    }
}

impl Document {
    /// The definitions that the document carries, if it is a template of CloudFormation, of SAM, or of the Serverless
    /// Framework's plugin for Step Functions: their `Definition` objects, and their `DefinitionString`s as far as
    /// `Fn::Sub` and `Fn::Join` can be followed.
    ///
    /// ```
    /// use sfn_asl::{Document, Format, Options};
    ///
    /// let template = r#"
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties:
    ///       Definition:
    ///         StartAt: Pay
    ///         States:
    ///           Pay: {Type: Task, Resource: !GetAtt Charge.Arn, Next: Ship}
    /// "#;
    /// let document = Document::parse(template, Format::Yaml)?;
    /// let [orders] = &document.definitions()[..] else { panic!("there is one") };
    /// assert_eq!(orders.name, "Orders");
    /// let definition = orders.document.as_ref().expect("it can be read");
    /// let found = definition.lint(&Options::STANDARD);
    /// assert_eq!(&template[definition.highlight(&found[0].place)], "Ship");
    /// # Ok::<(), sfn_asl::ReadError>(())
    /// ```
    pub fn definitions(&self) -> Vec<Embedded> {
        let root = self.root();
        let resources = root.field("Resources").and_then(NodeRef::fields).into_iter().flatten();
        let machines = root.field("stepFunctions").and_then(|plugin| plugin.field("stateMachines"));
        let machines = machines.and_then(NodeRef::fields).into_iter().flatten();
        resources
            .filter_map(|resource| self.of_resource(resource))
            .chain(machines.filter_map(|machine| {
                machine.field("definition").filter(|value| value.fields().is_some())?;
                let at =
                    Pointer::from("/stepFunctions/stateMachines").join(machine.name()).join("definition");
                Some(Embedded::new(machine, machine.field("type"), Ok(self.inline(&at)?)))
            }))
            .collect()
    }

    fn of_resource(&self, resource: NodeRef<'_>) -> Option<Embedded> {
        let of_type = resource.field("Type")?.as_str()?;
        if !matches!(of_type, "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine") {
            return None;
        }
        let properties = resource.field("Properties")?;
        let kind = properties.field("StateMachineType").or_else(|| properties.field("Type"));
        let at = Pointer::from("/Resources").join(resource.name()).join("Properties").join("Definition");
        let mut document = match properties.field("Definition").and_then(NodeRef::fields) {
            Some(_) => Ok(self.inline(&at)?),
            None => self.quoted(resource.name(), properties.field("DefinitionString")?)?,
        };
        let is_function = |node: NodeRef<'_>| !cloudformation::is_literal(node);
        let names = properties.field("DefinitionSubstitutions");
        let is_open =
            names.is_some_and(is_function) || properties.field("DefinitionString").is_some_and(is_function);
        if let (Ok(document), false) = (&mut document, is_open) {
            let names = names.and_then(NodeRef::fields).into_iter().flatten();
            document.substitutions = Some(Arc::new(names.map(|field| field.name().to_owned()).collect()));
        }
        Some(Embedded::new(resource, kind, document))
    }

    /// The definition that is a value of the template; the document itself at the root.
    pub(super) fn inline(&self, at: &Pointer) -> Option<Self> {
        let mut document = self.clone();
        if *at != Pointer::root() {
            let mut definition = self.root();
            for token in at.tokens() {
                definition = definition.below(&token)?;
            }
            document.tree = document.tree.rooted_at(definition.index());
            cloudformation::make_opaque(&mut document.tree, Spelling::Any);
            document.at = at.clone();
        }
        Some(document)
    }

    /// A definition that is text in a string of the template.
    fn quoted(&self, name: &str, definition: NodeRef<'_>) -> Option<Result<Self, ReadError>> {
        let pieces = cloudformation::pieces(definition)?;
        let mut inner = String::new();
        let mut located = Vec::new();
        for piece in pieces {
            located.push((inner.len(), piece.clone()));
            inner.push_str(&piece.meant);
        }
        let outer = Arc::new(Outer { document: self.clone(), name: name.to_owned(), pieces: located });
        let format = Format::of_text(&inner);
        Some(match Self::parse(inner, format) {
            Ok(document) => Ok(Self { outer: Some(outer), ..document }),
            Err(error) => Err(error.moved(outer.text(), |bytes| outer.range(bytes))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Format};
    use crate::{Edit, Options};

    /// The codes of what is found, each with the text that is marked.
    fn check(template: &str, expected: &[(&str, &str)]) {
        let document = Document::parse(template, Format::of_text(template)).expect(template);
        let definitions = document.definitions();
        assert_eq!(definitions.len(), 1);
        let definition = definitions[0].document.as_ref().unwrap_or_else(|error| panic!("{error}"));
        let found = definition.lint(&Options::STANDARD);
        let shown: Vec<_> = found
            .iter()
            .map(|fault| (fault.code.as_str(), &template[definition.highlight(&fault.place)]))
            .collect();
        assert_eq!(shown, expected, "{found:?}");
    }

    #[test]
    fn a_definition_may_be_text_in_a_string() {
        check(
            "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub |\n        {\n          \"StartAt\": \"A\",\n          \"States\": {\"A\": {\"Type\": \"Wait\", \"Seconds\": ${Time}, \"Next\": \"B\"}}\n        }\n",
            &[("missing-target", "\"B\"")],
        );
        check(
            r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString":
                {"Fn::Join": ["", ["{\"StartAt\": \"A\", \"States\": {\"A\":",
                "{\"Type\": \"Task\", \"Resource\": \"", {"Fn::GetAtt": ["F", "Arn"]}, "\", \"Next\": \"B\"}}}"]]}}}}}"#,
            &[("missing-target", r#"\"B\""#)],
        );
    }

    /// Adds an `End` to the State `A` of the definition in a template.
    #[track_caller]
    fn check_edit(template: &str, expected: &str) {
        let document = Document::parse(template, Format::of_text(template)).expect(template);
        let definition = document.definitions().swap_remove(0).document.expect(template);
        let end = Edit::Insert { pointer: "/States/A/End".into(), value: true.into() };
        let edited = definition.edit(&[end]);
        assert_eq!(edited.as_ref().map(Document::text), Ok(expected), "{template}");
    }

    #[test]
    fn text_in_a_string_is_edited_in_the_template() {
        let yaml = |string: &str| {
            format!(
                "# why\nResources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: {string}\n"
            )
        };
        for (before, after) in [
            (
                r#"'{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}'"#,
                r#"'{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'"#,
            ),
            (
                r#""{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\"}}}""#,
                r#""{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}""#,
            ),
            (
                "!Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\n          \"Type\": \"Pass\"}}}",
                "!Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\n          \"Type\": \"Pass\",\n          \"End\": true}}}",
            ),
            (
                "|\n        StartAt: A\n        States:\n          A:\n            Type: Pass # so",
                "|\n        StartAt: A\n        States:\n          A:\n            Type: Pass # so\n            End: true",
            ),
        ] {
            check_edit(&yaml(before), &yaml(after));
        }
    }

    #[test]
    fn a_text_at_the_end_keeps_its_quotes() {
        let template = |next: &str| {
            format!(
                r#"{{"Resources": {{"M": {{"Type": "AWS::StepFunctions::StateMachine", "Properties": {{"DefinitionString":
                    "{{\"StartAt\": \"{next}\", \"States\": {{\"Ay\": {{\"Type\": \"Succeed\"}}}}}}"}}}}}}}}"#
            )
        };
        let document = Document::parse(template("A"), Format::Json).unwrap();
        let definition = document.definitions().swap_remove(0).document.unwrap();
        let start = Edit::Replace { pointer: "/StartAt".into(), value: "Ay".into() };
        assert_eq!(definition.edit(&[start]).unwrap().text(), template("Ay"));
    }

    #[test]
    fn a_definition_may_be_a_value_with_functions() {
        check(
            r#"{"Resources": {"M": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition":
                {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]},
                "TimeoutSeconds": {"Ref": "T"}, "Parameters": {"Name": {"Ref": "N"}}, "Next": "B"}}}}}}}"#,
            &[("missing-target", "\"B\"")],
        );
        check(
            "stepFunctions:\n  stateMachines:\n    m:\n      definition:\n        StartAt: A\n        States:\n          A: {Type: Task, Resource: 'Fn::GetAtt', Next: B}\n",
            &[("missing-target", "B"), ("invalid-resource", "'Fn::GetAtt'")],
        );
    }
}
