//! A hand-written saga in which documents are lost: what is reported, where, and which States are named for it.
//! Separate from the fixtures of the rules because here several rules and many States work together.

use sfn_asl::{Options, lint};

const PARCEL: &str = include_str!("data_flow/parcel.asl.yaml");

/// The codes that speak of data and integrations, with their places and the States they blame.
fn judged(text: &str) -> Vec<(&'static str, String, Vec<String>)> {
    let found = lint(text, &Options::STANDARD).into_iter();
    let found = found.filter(|fault| {
        ["impossible-path", "unreturned-field", "unknown-integration"].contains(&fault.code.as_str())
    });
    let blamed = |fault: &sfn_asl::Diagnostic| {
        let places = fault.notes.iter().filter_map(|note| note.place.as_ref());
        places.map(ToString::to_string).collect()
    };
    found.map(|fault| (fault.code.as_str(), fault.place.to_string(), blamed(&fault))).collect()
}

#[test]
fn every_lost_document_is_found_with_the_states_that_lost_it() {
    let fault = |code: &'static str, place: &str, blamed: &[&str]| {
        let blamed = blamed.iter().map(|state| format!("/States/{state}")).collect();
        (code, format!("/States/{place}"), blamed)
    };
    assert_eq!(
        judged(PARCEL),
        [
            fault("impossible-path", "FreeSlot/Parameters/MessageBody.$", &["Bill", "BookSlot"]),
            fault("impossible-path", "Archive/Parameters/Item/id/S.$", &["Tell", "Bill", "BookSlot"]),
            fault(
                "impossible-path",
                "Tell/Branches/0/States/Mail/Parameters/Destination/ToAddresses.$",
                &["Bill", "BookSlot"]
            ),
            fault("unreturned-field", "Confirm/Parameters/parcelId.$", &["BookSlot"]),
            fault("unknown-integration", "Tell/Branches/0/States/Mail/Resource", &[]),
        ]
    );
}

#[test]
fn results_that_stand_beside_the_document_lose_nothing() {
    let kept = PARCEL
        .replace("    HeartbeatSeconds: 60\n", "    HeartbeatSeconds: 60\n    ResultPath: $.booking\n")
        .replace("      slot.$: $.slot\n", "      slot.$: $.booking.slot\n")
        .replace("        Next: FreeSlot\n", "        ResultPath: $.error\n        Next: FreeSlot\n")
        .replace("      MessageBody.$: $.slot\n", "      MessageBody.$: $.booking.slot\n")
        .replace("    Next: Tell\n", "    ResultPath: $.bill\n    Next: Tell\n")
        .replace("$.Payload.invoice", "$.bill.Payload.invoice")
        .replace("    Next: Archive\n", "    ResultPath: null\n    Next: Archive\n")
        .replace(":::ses:", ":::aws-sdk:ses:");
    assert_eq!(judged(&kept), []);
}

/// What is said of `path` in the last State of a chain, and the advice.
fn told(states: &str, path: &str) -> (Vec<String>, Option<String>) {
    let text = format!(
        r#"{{"StartAt": "A", "States": {{{states},
            "Last": {{"Type": "Pass", "Parameters": {{"it.$": "{path}"}}, "End": true}}}}}}"#
    );
    let found = lint(&text, &Options::STANDARD);
    let fault = found.into_iter().find(|fault| fault.code.as_str() == "impossible-path");
    let fault = fault.unwrap_or_else(|| panic!("nothing is said of {path} in {text}"));
    (fault.notes.into_iter().map(|note| note.message).collect(), fault.help)
}

#[test]
fn the_advice_fits_what_has_lost_the_document() {
    const BRANCHES: &str = r#""A": {"Type": "Parallel", "Next": "Last", "Branches": [
        {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}},
        {"StartAt": "Two", "States": {"Two": {"Type": "Pass", "End": true}}}]}"#;
    const TOLD: &str = r#""A": {"Type": "Pass", "Parameters": {"text.$": "$.text"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Last",
            "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:news", "Message.$": "$.text"}}"#;
    for (states, path, notes, help) in [
        (
            BRANCHES,
            "$.order",
            &["the array of what the Branches of `A` give replaces the whole document here: it has 2 items"]
                [..],
            "set `ResultPath` of `A`, for instance to `$.a`, so that results stand beside the input",
        ),
        (
            BRANCHES,
            "$[2]",
            &["the array of what the Branches of `A` give replaces the whole document here: it has 2 items"],
            "read what is there, or make an earlier State put it there",
        ),
        (
            TOLD,
            "$.order",
            &[
                "the answer of `sns:publish` to `B` replaces the whole document here: it has `MessageId`, \
                 `SequenceNumber`, `SdkHttpMetadata`, `SdkResponseMetadata`",
                "`A` had put the whole document together before",
            ],
            "set `ResultPath` of `B`, for instance to `$.b`, so that results stand beside the input, and add \
             it to what `A` puts together",
        ),
    ] {
        let (said, advice) = told(states, path);
        assert_eq!(advice.as_deref(), Some(help), "{path}");
        assert_eq!(said, notes, "{path}");
    }
}
