//! What links need: their secret, the function behind them, and who may read and answer. Separate because most stacks have
//! none.

use super::{assign, function, function_member, machine_member};
use crate::links::{ANSWER, Links, READ_SECRET, SECRET_DESCRIPTION, SECRET_LENGTH};
use crate::stack::{Function, Stack};
use crate::typescript::{Ts, bare, indent, text, written};
use sfn_core::link_names::{KEY_ARN, URL};

/// The module that the secret comes from.
pub(super) const IMPORT: &str = "import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';\n";

/// What tells the functions of links apart from others.
pub(super) const MEMBER: &str = "  readonly environment?: Record<string, string>;\n";

/// The variables of a function that makes links, and of the one behind them.
pub(super) fn made() -> Ts {
    Ts::Object(vec![
        (URL.to_owned(), bare("answerLinkUrl.url")),
        (KEY_ARN.to_owned(), bare("linkSecret.secretArn")),
    ])
}

pub(super) fn served() -> Ts {
    Ts::Object(vec![(KEY_ARN.to_owned(), bare("linkSecret.secretArn"))])
}

/// The secret, the function and its URL, before the functions that are told of them.
pub(super) fn serving(stack: &Stack, links: &Links) -> String {
    let generated = vec![
        ("passwordLength".to_owned(), bare(SECRET_LENGTH.to_string())),
        ("excludePunctuation".to_owned(), bare("true")),
    ];
    let options = vec![
        ("description".to_owned(), text(SECRET_DESCRIPTION)),
        ("generateSecretString".to_owned(), Ts::Object(generated)),
    ];
    let arguments = vec![bare("this"), text("LinkSecret"), Ts::Object(options)];
    let secret = Ts::Call("new secretsmanager.Secret".to_owned(), arguments);
    let member = function_member(&links.function);
    let open = Ts::Object(vec![("authType".to_owned(), bare("lambda.FunctionUrlAuthType.NONE"))]);
    let url = Ts::Call(format!("this.{member}.addFunctionUrl"), vec![open]);
    let place = indent(2);
    format!(
        "\n{place}const linkSecret = {};\n{}{place}// Open to everybody: what it asks for is a link.\n\
         {place}const answerLinkUrl = {};\n",
        written(&secret, 2),
        assign(&member, &function(stack, &links.function)),
        written(&url, 2),
    )
}

/// Who may read the secret, and what the function may do on the machines.
pub(super) fn rights(stack: &Stack, links: &Links) -> String {
    let member = |function: &Function| bare(format!("this.{}", function_member(function)));
    let readers = links.makers.iter().map(|at| &stack.functions[*at]).chain([&links.function]);
    let allow = |id: &str, functions: Vec<Ts>, actions: &[&str], to: &[String]| {
        let actions = actions.iter().map(|action| text(*action)).collect();
        let mut arguments = vec![text(id), Ts::List(functions), Ts::List(actions)];
        arguments.extend(to.iter().map(bare));
        format!("{}{};\n", indent(2), written(&Ts::Call("this.allow".to_owned(), arguments), 2))
    };
    let secret = allow(
        "LinkSecretPolicy",
        readers.map(member).collect(),
        &[READ_SECRET],
        &["linkSecret.secretArn".to_owned()],
    );
    let machines = stack.machines.iter().filter(|machine| stack.has_links(machine)).map(|machine| {
        let id = format!("{}LinkPolicy", machine.id);
        let arn = format!("this.{}.machine.stateMachineArn", machine_member(machine));
        allow(&id, vec![member(&links.function)], &ANSWER, &[arn, "props.key".to_owned()])
    });
    format!("\n{secret}{}", machines.collect::<String>())
}
