//! `cargo sfn check`, `fmt` and `convert`, as somebody sees them who runs them in a folder of definitions.
//! Separate from the units because exit status, streams and files only meet in the program.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/definitions")
}

/// What a command line prints in a folder, and how it ends.
fn run_in(folder: &Path, line: &str, input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input may be gone before it is written.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = output.status.code().expect("a status");
    format!("{}{}[{status}]", text(&output.stdout), text(&output.stderr))
}

fn run(line: &str) -> String {
    run_in(&fixtures(), line, "")
}

#[test]
fn a_folder_is_searched_for_definitions_and_they_are_judged() {
    insta::assert_snapshot!(run("check"));
}

#[test]
fn faults_become_annotations() {
    insta::assert_snapshot!(run("check broken.asl.yaml --format github"));
}

#[test]
fn json_says_everything() {
    insta::assert_snapshot!(run("check template.yaml --format json"));
}

#[test]
fn sarif_is_a_log_with_rules_and_results() {
    let printed = run("check broken.asl.yaml --format sarif");
    let log: serde_json::Value =
        serde_json::from_str(printed.strip_suffix("[1]").expect("it ends with errors")).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() > Some(0) && region["startColumn"].as_u64() > Some(0));
    }
}

#[test]
fn levels_decide_what_fails() {
    let ask = fs::read_to_string(fixtures().join("lenient/ask.asl.json")).expect("the fixture");
    let status =
        |line: &str| run_in(&fixtures(), line, &ask).rsplit_once('[').expect("a status").1.to_owned();
    assert_eq!(status("check -"), "0]");
    assert_eq!(status("check - --deny warnings"), "1]");
    assert_eq!(status("check - --deny callback-without-timeout"), "1]");
    assert_eq!(status("check - --deny warnings --allow callback-without-timeout"), "0]");
    // The folder's own `sfn.toml` denies warnings.
    assert!(run("check lenient").ends_with("[1]"));
}

fn estimate(line: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estimates");
    run_in(&folder, &format!("estimate shipping.asl.json {line}"), "")
}

#[test]
fn an_estimate_shows_costs_quotas_and_what_was_assumed() {
    insta::assert_snapshot!(estimate(
        "--loops Arrived?=20 --items Each=100 --failures Ship=0.1 --per-day 1000"
    ));
}

#[test]
fn a_policy_is_what_the_calls_of_a_definition_need() {
    let definition = r#"{"QueryLanguage": "JSONata", "StartAt": "Store", "States": {
        "Store": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "Call",
            "Arguments": {"TableName": "{% $table %}", "Item": {}}},
        "Call": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Next": "Crawl",
            "Arguments": {"ApiEndpoint": "https://example.com", "Method": "GET",
                "Authentication": {"ConnectionArn": "${ShopConnectionArn}"}}},
        "Crawl": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "End": true,
            "Arguments": {"Name": "c"}}}}"#;
    let printed =
        run_in(&fixtures(), "policy - --name order --region eu-west-1 --account 123456789012", definition);
    insta::assert_snapshot!(printed);
}

#[test]
fn an_estimate_is_json_too() {
    let printed = estimate(
        "--odds Arrived?/Arrived=0.25 --items 4 --region-prices zurich.json --per-day 10 --format json",
    );
    let json: serde_json::Value =
        serde_json::from_str(printed.strip_suffix("[0]").expect("it succeeds")).expect("it is JSON");
    // The Map, the report, and per item one Ship and four times Pause, Ask and Arrived?, then Arrived.
    let transitions = 2.0 + 4.0 * (1.0 + 3.0 * 4.0 + 1.0);
    assert_eq!(json["typical"]["counts"]["transitions"], transitions);
    let standard = json["typical"]["dollars"]["standard"].as_f64().expect("dollars");
    assert!((standard - transitions * 0.000_03).abs() < 1e-12, "{standard}");
    let total = json["typical"]["dollars"]["total"].as_f64().expect("dollars");
    assert!((json["perDay"]["typical"].as_f64().expect("dollars") - 10.0 * total).abs() < 1e-9);
    let ask = json["states"].as_array().expect("states").iter().find(|state| state["name"] == "Ask");
    assert_eq!(ask.expect("it is there")["visits"], 16.0);
}

#[test]
fn what_cannot_be_estimated_is_said_in_one_line() {
    let lines = [
        "--odds Arrived?/Gone=0.1",
        "--odds Arived?/Arrived=0.1",
        "--odds Arrived?/Arrived=1.5",
        "--odds Arrived?/Arrived=0",
        "--loops Pause=3",
        "--loops Arrived?=0.5",
        "--loops 3",
        "--items Ship=3",
        "--items Eech=3",
        "--memory Pause=128",
        "--region-prices shipping.asl.json",
        "--definition Other",
        "--items -5",
        "--items NaN",
        "--failures 1.5",
        "--memory -1",
        "--payload inf",
        "--per-day -3",
    ];
    insta::assert_snapshot!(lines.map(|line| format!("{line}: {}", estimate(line))).join("\n"));
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let told = [
        run("check nowhere"),
        run("check --deny unreachable-stat"),
        run("check --explain no-such-code"),
        run("check --explain droped-result"),
        run("check --deny dropped-result"),
        run("check --fix -"),
        run("convert nowhere.json"),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn codes_of_workflows_are_explained_beside_those_of_definitions() {
    insta::assert_snapshot!(run("check --explain unreachable-compensation"));
    let of_both = run("check --explain unknown-field");
    assert!(
        of_both.contains("A flow reads or sets a field") && of_both.contains("Of a definition:"),
        "{of_both}"
    );
    let all = run("check --explain all");
    assert!(all.contains("\nunreachable-state ") && all.contains("\nnot-awaited "), "{all}");
}

#[test]
fn a_fix_changes_nothing_else() {
    let folder = std::env::temp_dir().join(format!("sfn-fix-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let text = "# Keep me.\nStartAt: A\nStates:\n  A: # and me\n    Type: Pass\n    Comment: \"quoted\"\n";
    fs::write(folder.join("a.asl.yaml"), text).expect("a file");
    let told = run_in(&folder, "check --fix", "");
    let mended = fs::read_to_string(folder.join("a.asl.yaml")).expect("the file");
    fs::remove_dir_all(&folder).expect("the folder can go");
    assert_eq!(mended, text.to_owned() + "    End: true\n");
    assert!(told.contains("a.asl.yaml: 1 fault mended: missing-field") && told.ends_with("[0]"), "{told}");
}

#[test]
fn formatting_is_canonical_or_refused() {
    let messy =
        r#"{"States": {"A": {"End": true, "Retry": [], "Type": "Task", "Resource": "r"}}, "StartAt": "A"}"#;
    let canonical = run_in(&fixtures(), "fmt -", messy);
    insta::assert_snapshot!(canonical);
    let again = canonical.strip_suffix("[0]").expect("it ends well");
    assert_eq!(run_in(&fixtures(), "fmt --check -", again), "[0]");
    assert_eq!(run_in(&fixtures(), "fmt --check -", messy), "<stdin> is not in canonical form\n[1]");
    let comments = run_in(&fixtures(), "fmt -", "# why\nStartAt: A\nStates: {A: {Type: Succeed}}\n");
    assert_eq!(comments, "# why\nStartAt: A\nStates:\n  A:\n    Type: Succeed\n[0]");
}

#[test]
fn conversion_keeps_order_and_numbers() {
    let json = run("convert order.json --to json");
    let json = json.strip_suffix("[0]").expect("it ends well");
    let yaml = run_in(&fixtures(), "convert -", json);
    insta::assert_snapshot!(yaml);
    let yaml = yaml.strip_suffix("[0]").expect("it ends well");
    assert_eq!(run_in(&fixtures(), "convert - --to json", yaml), format!("{json}[0]"));
}
