//! `unknown-integration`: a `Resource` names a service or an action that Step Functions does not have.
//! Separate because every rule has a file of its own.

use sfn_catalogue::{Resource, Service, optimised_services, sdk_service, sdk_services};

use super::{Check, Example, Rule};
use crate::nearest::nearest;
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, Severity, State};

const CODE: Code = Code::new("unknown-integration");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    what: "A `Resource` that names a service or an action that Step Functions does not integrate with.",
    why: "The service refuses the definition. Only a few services have optimised integrations, each with a few \
          actions; all others are reached through `aws-sdk:`, where services are called as in the AWS SDK for Java \
          and actions are in camelCase.",
    instead: "Write `arn:aws:states:::aws-sdk:SERVICE:ACTION` for what has no optimised integration.",
    invalid: &[
        Example::new(
            "/States/Mail/Resource",
            r#"{"StartAt": "Mail", "States": {"Mail": {
                "Type": "Task", "Resource": "arn:aws:states:::ses:sendEmail", "End": true}}}"#,
        ),
        Example::new(
            "/States/Find/Resource",
            r#"{"StartAt": "Find", "States": {"Find": {
                "Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "End": true}}}"#,
        ),
        Example::new(
            "/States/Log/Resource",
            r#"{"StartAt": "Log", "States": {"Log": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:logs:putLogEvents", "End": true}}}"#,
        ),
        Example::new(
            "/States/Read/Resource",
            r#"{"StartAt": "Read", "States": {"Read": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:GetObject", "End": true}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Mail", "States": {"Mail": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sesv2:sendEmail", "End": true}}}"#,
        r#"{"StartAt": "Any", "States": {"Any": {
            "Type": "Task", "Resource": "arn:${AWS::Partition}:states:::aws-sdk:${Service}:${Action}", "End": true}}}"#,
        r#"{"StartAt": "Old", "States": {"Old": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:qldb:listLedgers", "End": true}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        let (message, help) = match site.resource {
            Resource::UnknownService { is_sdk, service, action, suffix } => {
                let message = if is_sdk {
                    format!("there is no AWS SDK integration for a service `{service}`")
                } else {
                    format!("there is no optimised integration `{service}:{action}`")
                };
                (message, instead_of_service(site, is_sdk, service, action, suffix))
            }
            Resource::UnknownAction { service, action, suffix } => {
                let message = if service.is_optimised() {
                    format!("there is no optimised integration `{}:{action}`", service.name())
                } else {
                    format!("the service `{}` has no action `{action}`", service.name())
                };
                (message, instead_of_action(site, service, action, suffix))
            }
            _ => continue,
        };
        found.push(Diagnostic::error(CODE, site.field("Resource"), message).with_help(help));
    }
}

fn instead_of_service(site: &Site<'_>, is_sdk: bool, service: &str, action: &str, suffix: &str) -> String {
    if let Some(found) = through_the_sdk(service, action) {
        return write(site, &format!("aws-sdk:{found}{suffix}"));
    }
    let near = if is_sdk {
        nearest(service, sdk_services().map(Service::name))
    } else {
        nearest(service, optimised_services().map(Service::name))
    };
    match near {
        Some(near) => format!("did you mean the service `{near}`?"),
        None => {
            "write `aws-sdk:` and the service's name in the AWS SDK for Java, in small letters".to_owned()
        }
    }
}

fn instead_of_action(site: &Site<'_>, service: Service, action: &str, suffix: &str) -> String {
    let near = nearest(action, service.actions().map(sfn_catalogue::Action::name));
    let sdk = if service.is_optimised() { "" } else { "aws-sdk:" };
    let through_the_sdk = service.is_optimised().then(|| through_the_sdk(service.name(), action)).flatten();
    // An action that the SDK does have by that very name is meant rather than a similar one.
    let is_exact = through_the_sdk.as_ref().is_some_and(|found| found.ends_with(&format!(":{action}")));
    match (through_the_sdk, near) {
        (_, Some(near)) if !is_exact => write(site, &format!("{sdk}{}:{near}{suffix}", service.name())),
        (Some(found), _) => write(site, &format!("aws-sdk:{found}{suffix}")),
        (None, _) => "write the name of the API's operation in camelCase".to_owned(),
    }
}

/// The AWS SDK integration for a service and an action that go by these names or nearly so.
fn through_the_sdk(service: &str, action: &str) -> Option<String> {
    let by_cli_name =
        || sdk_services().find(|known| known.cli_name() == service || known.name() == service.to_lowercase());
    let service = sdk_service(service).or_else(by_cli_name)?;
    let action = nearest(action, service.actions().map(sfn_catalogue::Action::name))?;
    Some(format!("{}:{action}", service.name()))
}

/// Advice to write another integration, in the partition of the one that stands there.
fn write(site: &Site<'_>, integration: &str) -> String {
    let partition = match site.state {
        State::Task(task) => task.resource.split(":states:::").next(),
        _ => None,
    };
    format!("write `{}:states:::{integration}`", partition.unwrap_or("arn:aws"))
}
