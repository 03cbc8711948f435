//! What links need: their secret, the function behind them, and who may read and answer. Separate because most stacks have
//! none.

use super::{attribute, functions, policy_document, reference, statements};
use crate::iam::of_token_holder;
use crate::links::{ANSWER, ID, LinkPart, Links, READ_SECRET, SECRET_DESCRIPTION, SECRET_LENGTH};
use crate::stack::{Function, Stack};
use crate::yaml::{Entry, Node, entry};
use sfn_core::link_names::{KEY_ARN, URL};

const SECRET: &str = "LinkSecret";

/// The variables of a function that makes or serves links.
pub(super) fn variables(stack: &Stack, function: &Function) -> Vec<Entry> {
    let secret = entry(KEY_ARN, reference(SECRET));
    match stack.link_part(function) {
        None => Vec::new(),
        // SAM's own name for the URL of a function.
        Some(LinkPart::Makes) => {
            vec![entry(URL, attribute(&format!("{ID}FunctionUrl.FunctionUrl"))), secret]
        }
        Some(LinkPart::Serves) => vec![secret],
    }
}

/// The URL of the function that serves links.
pub(super) fn url(stack: &Stack, function: &Function) -> Option<Entry> {
    (stack.link_part(function)? == LinkPart::Serves).then(|| {
        entry("FunctionUrlConfig", [entry("AuthType", "NONE")])
            .about("Open to everybody: what it asks for is a link.")
    })
}

pub(super) fn resources(stack: &Stack, links: &Links) -> Vec<Entry> {
    let generated = [entry("PasswordLength", SECRET_LENGTH), entry("ExcludePunctuation", true)];
    let secret = entry(
        SECRET,
        [
            entry("Type", "AWS::SecretsManager::Secret"),
            entry(
                "Properties",
                [entry("Description", SECRET_DESCRIPTION), entry("GenerateSecretString", generated)],
            ),
        ],
    );
    let role = |function: &Function| reference(&format!("{}Role", function.id));
    let readers = links.makers.iter().map(|at| &stack.functions[*at]).chain([&links.function]);
    let mut resources = vec![secret];
    resources.extend(functions::resources(stack, &links.function));
    resources.push(policy(
        "LinkSecretPolicy",
        "link-secret",
        readers.map(role).collect(),
        vec![
            [entry("Effect", "Allow"), entry("Action", READ_SECRET), entry("Resource", reference(SECRET))]
                .into(),
        ],
    ));
    resources.extend(stack.machines.iter().filter(|machine| stack.has_links(machine)).map(|machine| {
        policy(
            &format!("{}LinkPolicy", machine.id),
            &format!("answer-{}", machine.name),
            vec![role(&links.function)],
            statements(stack, &of_token_holder(&ANSWER, [machine])),
        )
    }));
    resources
}

fn policy(id: &str, name: &str, roles: Vec<Node>, statements: Vec<Node>) -> Entry {
    entry(
        id,
        [
            entry("Type", "AWS::IAM::Policy"),
            entry(
                "Properties",
                [
                    entry("PolicyName", name),
                    entry("PolicyDocument", policy_document(statements)),
                    entry("Roles", roles),
                ],
            ),
        ],
    )
}
