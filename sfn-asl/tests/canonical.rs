//! Canonical documents: reading and writing gives the same bytes.
//! Separate from the recorded definitions because these hold every field of the language, in canonical order.

use sfn_asl::{Level, Options, Severity, StateMachine, validate};

fn check(text: &str) {
    let text = text.trim_end();
    let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(machine.to_json_pretty(), text);
    assert_eq!(StateMachine::from_value(&machine.to_value()), Ok(machine.clone()));
    let by_serde: StateMachine = serde_json::from_str(text).expect("serde reads it too");
    assert_eq!(by_serde, machine);
    let written = serde_json::to_string(&machine).expect("serde writes it too");
    assert_eq!(written.parse::<StateMachine>(), Ok(machine.clone()));
    // These documents hold every field once; what flows through them makes no sense.
    let options = Options::STANDARD.with_level("impossible-path", Level::Allow);
    let errors: Vec<_> =
        validate(&machine, &options).into_iter().filter(|fault| fault.severity == Severity::Error).collect();
    assert_eq!(errors, []);
}

#[test]
fn every_field_of_jsonata_states_survives() {
    check(include_str!("canonical/jsonata.json"));
}

#[test]
fn every_field_of_jsonpath_states_survives() {
    check(include_str!("canonical/jsonpath.json"));
}

#[test]
fn what_the_language_does_not_know_survives_behind_what_it_knows() {
    let text = r#"{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "End": true,
      "z": 1,
      "a": {
        "y": null,
        "b": []
      }
    }
  },
  "x": [
    {}
  ]
}"#;
    let machine: StateMachine = text.parse().expect("unknown fields can be read");
    assert_eq!(machine.to_json_pretty(), text);
}

#[test]
fn the_order_of_known_fields_and_the_way_numbers_are_written_do_not_matter() {
    let machine: StateMachine = r#"{
        "States": {"B": {"End": true, "Seconds": 1e1, "Type": "Wait"}, "A": {"Next": "B", "Type": "Pass"}},
        "StartAt": "A"}"#
        .parse()
        .expect("it is a definition");
    let expected = r#"{"StartAt":"A","States":{"B":{"Type":"Wait","Seconds":10,"End":true},"A":{"Type":"Pass","Next":"B"}}}"#;
    assert_eq!(machine.to_value().to_string(), expected);
}
