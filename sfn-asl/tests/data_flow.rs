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
