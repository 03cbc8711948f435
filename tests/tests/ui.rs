//! What users see when they make a mistake: the cases of `ui/`, each with rustc's own words beside it.
//!
//! Separate from the macros' own tests because only rustc can tell what it says twice, and where it points.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sfn_tests::{files, workspace_root};

#[test]
fn good_code_compiles() {
    trybuild::TestCases::new().pass("ui/*/pass/*.rs");
}

/// Apart from the good code: without any of it, all the mistakes are one build.
#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/*/fail/*.rs");
}

/// One mistake, one error, though much of what the user writes is compiled twice.
///
/// Built incrementally, as users build: rustc then recognises only unresolved names as the same error, and would print
/// a type error of an expansion beside the user's own.
#[test]
fn every_mistake_is_told_once() {
    let ui = workspace_root().join("tests/ui");
    let cases: Vec<_> = files(&ui, "rs").into_iter().filter(|case| is_mistake(case)).collect();
    assert!(!cases.is_empty());
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    write_package(&package, &cases);

    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json", "--target-dir"])
        .arg(package.join("target"))
        .current_dir(&package)
        .env("CARGO_INCREMENTAL", "1")
        .output()
        .expect("cargo runs");
    let mut errors: BTreeMap<String, u32> = cases.iter().map(|case| (name(case), 0)).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let report: serde_json::Value = serde_json::from_str(line).expect("cargo prints JSON");
        let message = &report["message"];
        // A message without a place only counts the others.
        let placed = message["spans"].as_array().is_some_and(|spans| !spans.is_empty());
        if message["level"] == "error" && placed {
            let case = report["target"]["name"].as_str().expect("a target has a name");
            *errors.entry(case.to_owned()).or_default() += 1;
        }
    }
    errors.retain(|_, count| *count != 1);
    assert!(
        errors.is_empty(),
        "cases that do not print one error: {errors:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A package with a binary for each case.
fn write_package(package: &Path, cases: &[PathBuf]) {
    let root = workspace_root();
    let mut manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nsfn = {{ path = '{}' }}\nthiserror = \"2\"\n",
        root.join("sfn").display()
    );
    for case in cases {
        write!(manifest, "\n[[bin]]\nname = '{}'\npath = '{}'\n", name(case), case.display())
            .expect("strings take text");
    }
    fs::create_dir_all(package).expect("a writable folder");
    fs::write(package.join("Cargo.toml"), manifest).expect("a writable folder");
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).expect("a writable folder");
}

fn is_mistake(case: &Path) -> bool {
    case.parent().is_some_and(|folder| folder.ends_with("fail"))
}

/// `task-not_async` of `task/fail/not_async.rs`.
fn name(case: &Path) -> String {
    let macro_name =
        case.ancestors().nth(2).and_then(Path::file_name).expect("a case stands in the folder of its macro");
    let mistake = case.file_stem().expect("a case has a name");
    format!("{}-{}", macro_name.to_string_lossy(), mistake.to_string_lossy())
}
