//! Who hears of executions that go wrong: alarms on what the service counts, and a rule for each that failed. Separate
//! from the state machine, which runs without them.

use super::{reference, when};
use crate::stack::Machine;
use crate::yaml::{Entry, Node, entry};

pub(super) fn resources(machine: &Machine, id: &str) -> Vec<Entry> {
    let mut resources: Vec<Entry> =
        crate::ALARMS.iter().map(|(metric, meaning)| alarm(machine, id, metric, meaning)).collect();
    // EventBridge hears nothing of Express executions.
    if !machine.express {
        resources.push(rule(machine, id));
    }
    resources
}

fn alarm(machine: &Machine, id: &str, metric: &str, meaning: &str) -> Entry {
    let dimension: Node = [entry("Name", "StateMachineArn"), entry("Value", reference(id))].into();
    entry(
        format!("{}{metric}Alarm", machine.id),
        [
            entry("Type", "AWS::CloudWatch::Alarm"),
            entry(
                "Properties",
                [
                    entry("AlarmDescription", format!("{}: {meaning}.", machine.name)),
                    entry("Namespace", "AWS/States"),
                    entry("MetricName", metric),
                    entry("Dimensions", vec![dimension]),
                    entry("Statistic", "Sum"),
                    entry("Period", 300),
                    entry("EvaluationPeriods", 1),
                    entry("Threshold", 1),
                    entry("ComparisonOperator", "GreaterThanOrEqualToThreshold"),
                    entry("TreatMissingData", "notBreaching"),
                    entry("AlarmActions", when("HasAlarmTopic", vec![reference("AlarmTopicArn")].into())),
                ],
            ),
        ],
    )
}

fn rule(machine: &Machine, id: &str) -> Entry {
    let texts = |all: &[&str]| -> Node { Node::Row(all.iter().map(|text| (*text).into()).collect()) };
    let detail =
        [entry("stateMachineArn", Node::Row(vec![reference(id)])), entry("status", texts(&crate::FAILED))];
    let pattern = [
        entry("source", texts(&["aws.states"])),
        entry("detail-type", texts(&["Step Functions Execution Status Change"])),
        entry("detail", detail),
    ];
    let target: Node =
        vec![Node::from([entry("Id", "failed-executions"), entry("Arn", reference("FailureTargetArn"))])]
            .into();
    entry(
        format!("{}FailedRule", machine.id),
        [
            entry("Type", "AWS::Events::Rule"),
            entry(
                "Properties",
                [
                    entry("Description", format!("Executions of {} that did not succeed.", machine.name)),
                    entry("EventPattern", pattern),
                    entry("Targets", when("HasFailureTarget", target)),
                ],
            ),
        ],
    )
}
