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
#[test]
fn every_mistake_is_told_once() {
    let ui = workspace_root().join("tests/ui");
    let cases: Vec<_> = files(&ui, "rs").into_iter().filter(|case| is_mistake(case)).collect();
    assert!(!cases.is_empty());
    let binaries: Vec<_> = cases.into_iter().map(|case| (name(&case), case)).collect();
    let mut errors: BTreeMap<&str, u32> = binaries.iter().map(|(name, _)| (name.as_str(), 0)).collect();
    let told = check("mistakes", &binaries);
    for error in &told {
        *errors.entry(&error.binary).or_default() += 1;
    }
    errors.retain(|_, count| *count != 1);
    assert!(errors.is_empty(), "cases that do not print one error: {errors:?}\n{told:#?}");
}

/// What the pages of codes show as mistakes: each in a module of its own, which draws the page's code and nothing else.
#[test]
fn every_page_shows_its_mistake() {
    let path = Path::new(concat!(env!("OUT_DIR"), "/mistakes.rs"));
    let text = fs::read_to_string(path).expect("the build script writes it");
    let binary = [("explained".to_owned(), path.to_owned())];
    let told = check("explained", &binary);
    let begins =
        |line: &str| line.strip_prefix("pub mod bad_")?.strip_suffix(" {").map(|name| name.replace('_', "-"));
    let mut modules: Vec<(usize, String, Vec<String>)> =
        text.lines().enumerate().filter_map(|(at, line)| Some((at + 1, begins(line)?, Vec::new()))).collect();
    assert!(!modules.is_empty());
    for error in told {
        let module = modules.iter_mut().rev().find(|(line, ..)| *line <= error.line);
        module.unwrap_or_else(|| panic!("{error:?} is in no page's mistake")).2.push(error.message);
    }
    modules
        .retain(|(_, code, told)| !matches!(told.as_slice(), [only] if only.ends_with(&format!("[{code}]"))));
    assert!(modules.is_empty(), "pages whose mistakes do not draw their codes: {modules:#?}");
}

/// What a user names who has not switched on the feature that it needs.
const SWITCHED_OFF: &[(&str, &str)] = &[
    ("stored", "pub fn f(_: sfn::Stored<String>) {}"),
    ("stored", "use sfn::{Stored as Kept, prelude::*};"),
    ("stored", "use sfn::prelude::Summary;"),
    (
        "links",
        "pub fn f(token: sfn::TaskToken<u32>) { let _ = token.links(sfn::days(3)).succeed(\"Yes?\", 1); }",
    ),
    ("links", "use sfn::Link;"),
    ("lambda", "sfn::lambda::main!(crate::shop::order);"),
    ("client", "use sfn::client::Client;"),
    ("worker", "sfn::worker::main!(crate::shop::order);"),
    ("local", "use sfn::local::Local;"),
];

#[test]
fn what_is_switched_off_names_its_feature() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("switched_off.rs");
    let modules =
        SWITCHED_OFF.iter().enumerate().map(|(at, (_, code))| format!("pub mod m{at} {{ {code} }}\n"));
    fs::write(&path, modules.chain(["fn main() {}\n".to_owned()]).collect::<String>())
        .expect("a file of ours");
    let mut told = check("switched-off", &[("switched_off".to_owned(), path)]);
    told.sort_by_key(|error| error.line);
    let lines: Vec<usize> = told.iter().map(|error| error.line).collect();
    assert_eq!(lines, (1..=SWITCHED_OFF.len()).collect::<Vec<_>>(), "each is told once: {told:#?}");
    for (error, (feature, _)) in told.iter().zip(SWITCHED_OFF) {
        assert!(error.rendered.contains(&format!("the `{feature}` feature")), "{}", error.rendered);
    }
}

/// An error of rustc's.
#[derive(Debug)]
struct Told {
    binary: String,
    line: usize,
    message: String,
    /// With what rustc says below.
    rendered: String,
}

/// The errors in binaries of a package.
///
/// Built incrementally, as users build: rustc then recognises only unresolved names as the same error, and would print
/// a type error of an expansion beside the user's own.
fn check(package: &str, binaries: &[(String, PathBuf)]) -> Vec<Told> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let package = folder.join(package);
    write_package(&package, binaries);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json", "--target-dir"])
        .arg(folder.join("mistakes/target"))
        .current_dir(&package)
        .env("CARGO_INCREMENTAL", "1")
        .output()
        .expect("cargo runs");
    let mut told = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let report: serde_json::Value = serde_json::from_str(line).expect("cargo prints JSON");
        let message = &report["message"];
        // A message without a place only counts the others.
        let spans = message["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let primary = spans.iter().find(|span| span["is_primary"] == true).map(outermost);
        if let (Some(place), "error") = (primary, message["level"].as_str().unwrap_or_default()) {
            told.push(Told {
                binary: report["target"]["name"].as_str().expect("a target has a name").to_owned(),
                line: usize::try_from(place["line_start"].as_u64().expect("a number")).expect("a line"),
                message: message["message"].as_str().unwrap_or_default().to_owned(),
                rendered: message["rendered"].as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    told
}

/// The place of a span in what the user wrote, where it lies in a macro's.
fn outermost(mut span: &serde_json::Value) -> &serde_json::Value {
    while span["expansion"]["span"].is_object() {
        span = &span["expansion"]["span"];
    }
    span
}

/// A package of binaries.
fn write_package(package: &Path, binaries: &[(String, PathBuf)]) {
    let root = workspace_root();
    let mut manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nsfn = {{ path = '{}' }}\nthiserror = \"2\"\n",
        root.join("sfn").display()
    );
    for (name, path) in binaries {
        write!(manifest, "\n[[bin]]\nname = '{name}'\npath = '{}'\n", path.display())
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
