//! Recorded definitions: each is read, written and judged.
//! Separate from the fixtures of the rules because these documents lie outside the project and may be absent.

use std::fs;
use std::path::{Path, PathBuf};

use sfn_asl::{Options, Severity, StateMachine, Value, lint};

/// The folder of recorded cases: `SFN_CONFORMANCE`, or its usual place beside the workspace.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn folder() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let folder = std::env::var_os("SFN_CONFORMANCE").map_or(usual, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no folder {}; set SFN_CONFORMANCE to the recorded cases", folder.display());
    None
}

/// Definitions recorded as valid that are none, or that have the fault they are reported for; with the reason.
const OPINIONS: &[(&str, &str)] = &[
    (
        "valid-task-intrisic-function.json",
        "its `Resource` is an object of CloudFormation; what reaches the service is a string in its place",
    ),
    (
        "test_parallel_catch_error[PARALLEL_CATCH_ERROR_VARIABLE_SAMPLING]",
        "it ran over its Catcher only; its State `Finish` reads a Variable that nobody assigns and can but fail",
    ),
];

/// A recorded definition: its name, its text and what it was run as.
struct Recorded {
    name: String,
    text: String,
    options: Options,
}

/// Definitions that the service ran to a good end, or that are published as valid.
fn valid(folder: &Path) -> Vec<Recorded> {
    let mut recorded = documents(&folder.join("definitions/valid"));
    let lines = fs::read_to_string(folder.join("executions.jsonl")).expect("the executions are there");
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is a JSON object");
        let field = |name: &str| case.get(name).cloned().unwrap_or_default();
        if field("expected_status").as_str() != Some("SUCCEEDED") {
            continue;
        }
        let express = field("type").as_str() == Some("EXPRESS");
        recorded.push(Recorded {
            name: field("id").as_str().unwrap_or_default().to_owned(),
            text: field("definition").as_str().map_or_else(|| field("definition").to_string(), str::to_owned),
            options: if express { Options::EXPRESS } else { Options::STANDARD },
        });
    }
    recorded.retain(|case| !OPINIONS.iter().any(|(name, _)| case.name.ends_with(name)));
    recorded
}

fn documents(folder: &Path) -> Vec<Recorded> {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| Recorded {
        name: path.file_name().expect("a file").to_string_lossy().into_owned(),
        text: fs::read_to_string(path).expect("a text"),
        options: Options::STANDARD,
    };
    paths.iter().map(read).collect()
}

#[test]
fn recorded_definitions_survive_reading_and_writing() {
    let Some(folder) = folder() else { return };
    for Recorded { name, text, .. } in valid(&folder) {
        let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let original: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(machine.to_value(), original, "{name} lost something");
        let canonical = machine.to_json_pretty();
        let again: StateMachine = canonical.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again, machine, "{name} reads differently once written");
        assert_eq!(again.to_json_pretty(), canonical, "{name} is written differently the second time");
    }
}

#[test]
fn recorded_definitions_that_work_have_no_errors() {
    let Some(folder) = folder() else { return };
    let mut alarms = Vec::new();
    for Recorded { name, text, options } in valid(&folder) {
        let found = lint(&text, &options);
        let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        alarms.extend(errors.map(|diagnostic| format!("{name}: {diagnostic}")));
    }
    assert!(alarms.is_empty(), "{} false alarms:\n{}", alarms.len(), alarms.join("\n"));
}

/// The documents published as invalid, each with the codes and places of its faults.
///
/// Two have none: their expressions have no blank, or more than one, inside of `{%` and `%}`. The service only asks
/// for nothing outside of them.
const INVALID: &[(&str, &[(&str, &str)])] = &[
    ("invalid-choice-state.json", &[("missing-field", "/States/ChoiceState/Choices/0")]),
    (
        "invalid-dupe-fields.asl.json",
        &[("conflicting-template-fields", "/States/PassState/Parameters/dynamic/conflict.$")],
    ),
    (
        "invalid-duplicate-fields-nested.json",
        &[(
            "conflicting-template-fields",
            "/States/Publish to Slack/Parameters/slackMessage/blocks/0/text/type.$",
        )],
    ),
    ("invalid-error-equals-type.json", &[("wrong-type", "/States/Testing/Catch/0/ErrorEquals/0")]),
    ("invalid-exercise-ajv.asl.json", &[("invalid-path", "/States/PassState/InputPath")]),
    ("invalid-fail-dupe-error.json", &[("conflicting-fields", "/States/Hello/ErrorPath")]),
    ("invalid-inexistant-state.json", &[("missing-target", "/States/Start State/Next")]),
    ("invalid-json-surround-syntax-extra-spaces.json", &[]),
    (
        "invalid-jsonata-path-fields.asl.json",
        &[("wrong-query-language", "/States/Verification/Branches/0/States/Check Identity/OutputPath")],
    ),
    ("invalid-jsonata-surround-syntax-no-spaces.json", &[]),
    ("invalid-jsonata-syntax-mismatched-parens.json", &[("jsonata-syntax", "/States/X/Output")]),
    (
        "invalid-map-distributed.asl.json",
        &[("conflicting-fields", "/States/Map/ItemReader/ReaderConfig/MaxItemsPath")],
    ),
    ("invalid-map-dupe-state.json", &[("duplicate-state-name", "/States/Map/Iterator/States/Final State")]),
    (
        "invalid-map-item-batcher-dupe-subfields.json",
        &[
            ("conflicting-fields", "/States/Map/ItemBatcher/MaxItemsPerBatchPath"),
            ("conflicting-fields", "/States/Map/ItemBatcher/MaxInputBytesPerBatchPath"),
        ],
    ),
    ("invalid-map-items.asl.json", &[("wrong-query-language", "/States/ProcessAnimals/ItemsPath")]),
    ("invalid-map-missing-iterator.json", &[("missing-field", "/States/Map")]),
    (
        "invalid-map-ob-link.json",
        &[("missing-target", "/States/Map/Iterator/States/ChoiceState/Choices/1/Next")],
    ),
    ("invalid-next-with-end.json", &[("conflicting-fields", "/States/Send SNS Message/End")]),
    ("invalid-parallel-branch-type.json", &[("wrong-type", "/States/A/Branches/0")]),
    (
        "invalid-state-name-too-long.json",
        &[(
            "state-name-too-long",
            "/States/This is an exceptionally long state name that I know will fail when I try to deploy to AWS",
        )],
    ),
    (
        "invalid-task-alias-function.json",
        &[
            ("invalid-resource", "/States/MissingAlias/Resource"),
            ("invalid-resource", "/States/InvalidAlias/Resource"),
        ],
    ),
    ("invalid-task-credentials-object.json", &[("invalid-path", "/States/X/Credentials/expectPath.$")]),
    ("invalid-task-heartbeat.json", &[("conflicting-fields", "/States/X/HeartbeatSecondsPath")]),
    ("invalid-unreachable-state.json", &[("unreachable-state", "/States/Finished Choice")]),
];

#[test]
fn published_faults_are_found_where_they_are() {
    let Some(folder) = folder() else { return };
    for (name, expected) in INVALID {
        let text = fs::read_to_string(folder.join("definitions/invalid").join(name)).expect(name);
        let found = lint(&text, &Options::STANDARD);
        let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        let shown: Vec<_> = errors.map(|error| (error.code.as_str(), error.place.to_string())).collect();
        let shown: Vec<_> = shown.iter().map(|(code, pointer)| (*code, pointer.as_str())).collect();
        assert_eq!(shown, *expected, "{name}");
    }
}

/// Definitions that the service refused, but for refusals that are about something else than the definition. Where its
/// words end with a place, an error of ours is at that place or within it.
#[test]
fn definitions_that_the_service_refused_have_errors_where_it_says() {
    let Some(folder) = folder() else { return };
    let lines = fs::read_to_string(folder.join("rejected.jsonl")).expect("the rejections are there");
    let mut missed = Vec::new();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("a line is a JSON object");
        let field = |name: &str| case.get(name).cloned().unwrap_or_default();
        let is_about_the_text =
            field("expected_error").as_str().is_none_or(|error| error == "InvalidDefinition");
        if !is_about_the_text {
            continue;
        }
        let express = field("type").as_str() == Some("EXPRESS");
        let options = if express { Options::EXPRESS } else { Options::STANDARD };
        let definition = field("definition");
        let text = definition.as_str().map_or_else(|| definition.to_string(), str::to_owned);
        let found = lint(&text, &options);
        let errors = found.iter().filter(|fault| fault.severity == Severity::Error);
        let places: Vec<_> = errors.map(|error| error.place.to_string()).collect();
        let words = field("expected_cause");
        let place = words.as_str().and_then(|words| words.rsplit_once(" at /")).map(|(_, place)| place);
        let place = format!("/{}", place.unwrap_or_default().trim_end_matches('\''));
        if !places.iter().any(|found| found.starts_with(&place)) {
            missed.push(format!("{}: found {places:?}, expected {place}\n{text}", field("id")));
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}
