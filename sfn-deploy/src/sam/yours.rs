//! The user's own template: it takes the generated one in and is the place for everything else. Separate because it is
//! written once.

use super::parameters::required;
use super::{GENERATED, reference};
use crate::File;
use crate::stack::Stack;
use crate::yaml::{Entry, document, entry};

pub(super) fn template(stack: &Stack) -> File {
    let required = required(stack);
    let mut passed = vec![entry("LogLevel", "ERROR"), entry("LogRetentionInDays", 30)];
    passed.extend(required.iter().map(|(name, _)| entry(name, reference(name))));
    let parameters: Vec<Entry> = required
        .iter()
        .map(|(name, description)| entry(name, [entry("Type", "String"), entry("Description", description)]))
        .collect();
    let workflows = entry(
        "Workflows",
        [
            entry("Type", "AWS::Serverless::Application"),
            entry("Properties", [entry("Location", GENERATED), entry("Parameters", passed)]),
        ],
    );
    let mut sections = vec![
        entry("AWSTemplateFormatVersion", "2010-09-09"),
        entry("Transform", "AWS::Serverless-2016-10-31"),
        entry("Description", format!("{}, and what belongs to it.", stack.package)),
    ];
    if !parameters.is_empty() {
        sections.push(entry("Parameters", parameters));
    }
    sections.push(entry("Resources", [workflows]));
    let mut heading = HEADING.to_owned();
    if let Some(function) = stack.functions.first() {
        heading += &RIGHTS.replace("ROLE", &format!("{}RoleName", function.id));
    }
    File::new("template.yaml", document(&heading, &sections))
}

const HEADING: &str = "Yours: written once by `cargo sfn template sam`, and left alone from then on.

    cargo sfn package && cargo sfn template sam
    sam deploy --guided --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND

Queues, tables and topics of your own stand here; `Parameters` of `Workflows` is where they are filled in.";

const RIGHTS: &str = "
What a task may do beyond its log is a policy for its role:

    Type: AWS::IAM::Policy
    Properties:
      Roles: [!GetAtt Workflows.Outputs.ROLE]";
