//! The house rules, run as tests: layers, headings, file length, unfinished work, banned names.
//!
//! Separate from clippy because these rules speak of the tree, not of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sfn_tests::{files, workspace_root};

/// Who may know whom. Every edge between our crates that is not in this table is a decision that ARCHITECTURE.md must explain first.
const LAYERS: &[(&str, &[&str])] = &[
    ("sfn-jsonata", &[]),
    ("sfn-catalogue", &[]),
    ("sfn-asl", &["sfn-catalogue", "sfn-jsonata"]),
    ("sfn-core", &["sfn-asl", "sfn-catalogue", "sfn-jsonata"]),
    ("sfn-macros", &[]),
    ("sfn-client", &["sfn-core"]),
    ("sfn-lambda", &["sfn-client", "sfn-core"]),
    ("sfn-engine", &["sfn-asl", "sfn-catalogue", "sfn-jsonata"]),
    ("sfn-graph", &["sfn-asl"]),
    ("sfn-estimate", &["sfn-asl"]),
    ("sfn-deploy", &["sfn-asl", "sfn-catalogue", "sfn-core"]),
    ("sfn", &["sfn-client", "sfn-core", "sfn-engine", "sfn-lambda", "sfn-macros"]),
    ("cargo-sfn", &["sfn-asl", "sfn-core", "sfn-deploy", "sfn-engine", "sfn-estimate", "sfn-graph"]),
];

/// Lines a source file may have before its tests (see CONTRIBUTING.md).
const LONGEST_FILE: usize = 600;

const BANNED_FILE_NAMES: &[&str] = &["utils", "util", "common", "misc", "helpers", "helper", "types"];

#[test]
fn crates_depend_only_downwards() {
    let root = workspace_root();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(&root)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let allowed: BTreeMap<_, BTreeSet<_>> =
        LAYERS.iter().map(|(name, below)| (*name, below.iter().copied().collect())).collect();

    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().expect("a list of packages") {
        let name = package["name"].as_str().expect("a name");
        let Some(below) = allowed.get(name) else { continue };
        seen.insert(name);
        for dependency in package["dependencies"].as_array().expect("a list of dependencies") {
            let target = dependency["name"].as_str().expect("a name");
            let ours = allowed.contains_key(target);
            let normal = dependency["kind"].is_null();
            assert!(
                !ours || !normal || below.contains(target),
                "`{name}` depends on `{target}`, which is not an edge of the layers; see ARCHITECTURE.md"
            );
        }
    }
    let missing: Vec<_> = allowed.keys().filter(|name| !seen.contains(**name)).collect();
    assert!(missing.is_empty(), "crates in the table of layers but not in the workspace: {missing:?}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    complain("files whose first line is not a `//!` heading", &sources(), |_, text| {
        (!text.starts_with("//!")).then(|| text.lines().next().unwrap_or_default().to_owned())
    });
}

#[test]
fn source_files_stay_short() {
    complain("files that are too long before their tests", &sources(), |path, text| {
        let is_test =
            path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "benches")));
        let before_tests =
            text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        (!is_test && before_tests > LONGEST_FILE)
            .then(|| format!("{before_tests} lines, at most {LONGEST_FILE}"))
    });
}

#[test]
fn nothing_is_left_unfinished() {
    // Spelt in halves, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    complain("unfinished work", &sources(), |_, text| {
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        marks.iter().find(|mark| words.contains(**mark)).map(|mark| format!("`{mark}`"))
    });
}

#[test]
fn file_names_say_what_is_inside() {
    complain("files with a name that says nothing", &sources(), |path, _| {
        let stem = path.file_stem()?.to_str()?;
        BANNED_FILE_NAMES.contains(&stem).then(|| format!("`{stem}` is banned"))
    });
}

#[test]
fn nobody_turns_on_arbitrary_precision() {
    let root = workspace_root();
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--edges=features", "--invert=serde_json", "--offline"])
        .current_dir(&root)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(
        !tree.contains("arbitrary_precision"),
        "serde_json's `arbitrary_precision` breaks untagged and flattened floats:\n{tree}"
    );
}

/// Our own sources: no generated files, no trybuild cases (which show what a user may write).
fn sources() -> Vec<PathBuf> {
    let root = workspace_root();
    files(&root, "rs").into_iter().filter(|path| !path.starts_with(root.join("tests/ui"))).collect()
}

/// Applies `fault` to every file and fails with the list of those it found something in.
fn complain(what: &str, paths: &[PathBuf], fault: impl Fn(&Path, &str) -> Option<String>) {
    assert!(!paths.is_empty(), "no sources found");
    let root = workspace_root();
    let faults: Vec<String> = paths
        .iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).expect("sources are UTF-8");
            let found = fault(path, &text)?;
            Some(format!("{}: {found}", path.strip_prefix(&root).unwrap_or(path).display()))
        })
        .collect();
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}
