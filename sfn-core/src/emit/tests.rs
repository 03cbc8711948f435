//! Emission into folders of its own: what is written, what is left alone, what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sfn_asl::{Code, Diagnostic, Place};

use super::surroundings::{relative, target_dir};
use super::{
    Artifacts, Excerpt, Excerpts, Look, Package, Settings, Sources, Surroundings, WriteError, prepare,
    render, write,
};
use crate::{Definition, Manifest, literal, secs};

/// A workspace of its own, removed at the end.
struct Workspace(PathBuf);

impl Workspace {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sfn-emit-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn package(&self, name: &str) -> Surroundings {
        let manifest_dir = self.0.join(name);
        fs::create_dir_all(&manifest_dir).unwrap();
        fs::write(manifest_dir.join("Cargo.toml"), "").unwrap();
        Surroundings {
            package: Package { name: name.to_owned(), dir: format!("../../{name}") },
            manifest_dir,
            shared: self.shared(),
            out_dir: self.0.join("target/debug/build").join(name).join("out"),
            stamp: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000)),
        }
    }

    fn shared(&self) -> PathBuf {
        self.0.join("target/sfn")
    }

    fn manifest(&self) -> Manifest {
        serde_json::from_str(&fs::read_to_string(self.shared().join("manifest.json")).unwrap()).unwrap()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn workflow(name: &str, output: &str) -> Definition {
    Definition::from_flow(name, "Says something.", |flow| {
        flow.sleep(secs(1));
        flow.succeed(literal(output));
    })
}

fn artifacts(surroundings: &Surroundings, definitions: &[Definition]) -> Artifacts {
    prepare(&surroundings.package, definitions, &Settings::default()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

#[test]
fn artifacts_are_written_once_and_then_left_alone() {
    let workspace = Workspace::new("once");
    let surroundings = workspace.package("app");
    let artifacts = artifacts(&surroundings, &[workflow("b", "1"), workflow("a", "2")]);
    let first = write(&artifacts, &surroundings).unwrap();
    assert_eq!(names(&workspace.shared()), ["a.asl.json", "b.asl.json", "manifest.json"]);
    assert_eq!(names(&surroundings.out_dir), names(&workspace.shared()));
    assert_eq!(first.changed, first.paths);
    let second = write(&artifacts, &surroundings).unwrap();
    assert_eq!(second.paths, first.paths);
    assert_eq!(second.changed, Vec::<PathBuf>::new());
    let modified = fs::metadata(&first.paths[0]).unwrap().modified().unwrap();
    assert_eq!(Some(modified), surroundings.stamp, "no younger than the build script");
    let manifest = workspace.manifest();
    let entry = manifest.workflow("a").unwrap();
    assert_eq!((entry.package.as_str(), entry.comment.as_deref()), ("app", Some("Says something.")));
    assert!(entry.states["Wait1Second"].file.ends_with("tests.rs"));
}

#[test]
fn packages_share_the_manifest_side_by_side() {
    let workspace = Workspace::new("parallel");
    let packages: Vec<_> = (0..8).map(|at| workspace.package(&format!("app{at}"))).collect();
    std::thread::scope(|scope| {
        for surroundings in &packages {
            scope.spawn(|| {
                let name = format!("flow-of-{}", surroundings.package.name);
                write(&artifacts(surroundings, &[workflow(&name, "x")]), surroundings).unwrap();
            });
        }
    });
    let manifest = workspace.manifest();
    let names: Vec<_> = manifest.workflows.iter().map(|entry| entry.name.as_str()).collect();
    let expected: Vec<_> = (0..8).map(|at| format!("flow-of-app{at}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn what_is_no_longer_emitted_is_removed() {
    let workspace = Workspace::new("removed");
    let (app, gone) = (workspace.package("app"), workspace.package("gone"));
    write(&artifacts(&app, &[workflow("old", "x"), workflow("kept", "x")]), &app).unwrap();
    write(&artifacts(&gone, &[workflow("orphan", "x")]), &gone).unwrap();
    fs::remove_file(gone.manifest_dir.join("Cargo.toml")).unwrap();
    write(&artifacts(&app, &[workflow("kept", "x")]), &app).unwrap();
    assert_eq!(names(&workspace.shared()), ["kept.asl.json", "manifest.json"]);
    assert_eq!(workspace.manifest().workflows.len(), 1);
}

#[test]
fn a_deleted_or_edited_artifact_is_written_again() {
    let workspace = Workspace::new("edited");
    let app = workspace.package("app");
    let artifacts = artifacts(&app, &[workflow("a", "x")]);
    let paths = write(&artifacts, &app).unwrap().paths;
    fs::remove_file(&paths[0]).unwrap();
    fs::write(&paths[1], "not a manifest").unwrap();
    assert_eq!(write(&artifacts, &app).unwrap().changed, paths);
    assert_eq!(workspace.manifest().workflows.len(), 1);
}

#[test]
fn two_packages_may_not_emit_different_workflows_of_one_name() {
    let workspace = Workspace::new("clash");
    let (one, two) = (workspace.package("one"), workspace.package("two"));
    write(&artifacts(&one, &[workflow("pay", "x")]), &one).unwrap();
    let error = write(&artifacts(&two, &[workflow("pay", "y")]), &two).unwrap_err();
    assert!(matches!(&error, WriteError::DuplicateWorkflow { workflow, package, other, .. }
        if (workflow.as_str(), package.as_str(), other.as_str()) == ("pay", "two", "one")));
    assert_eq!(workspace.manifest().workflow("pay").unwrap().package, "one");
}

#[test]
fn two_workflows_of_one_call_may_not_share_a_name() {
    let package = Package { name: "app".to_owned(), dir: String::new() };
    let faults =
        prepare(&package, &[workflow("pay", "x"), workflow("pay", "x")], &Settings::default()).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code.as_str(), "duplicate-workflow-name");
    assert_eq!(faults[0].notes.len(), 1);
}

#[test]
fn what_is_wrong_in_all_that_a_function_is_defined_for_is_told_once() {
    let inexact = |name| {
        Definition::from_flow(name, "", |flow| {
            let total = flow.input::<f32>("total").into_erased();
            flow.succeed(total.add(&literal(1)));
        })
    };
    let package = Package { name: "app".to_owned(), dir: String::new() };
    let faults = prepare(&package, &[inexact("pay-1"), inexact("pay-2")], &Settings::default()).unwrap_err();
    let codes: Vec<_> = faults.iter().map(|fault| fault.code.as_str()).collect();
    assert_eq!(codes, ["unsupported-arithmetic"], "{faults:#?}");
}

#[test]
fn names_that_the_service_does_not_take_are_refused() {
    let package = Package { name: "app".to_owned(), dir: String::new() };
    for (name, is_taken) in [
        ("pay", true),
        (&"x".repeat(80), true),
        (&"x".repeat(81), false),
        ("", false),
        ("order saga", false),
        ("gr\u{f6}\u{df}e", false),
    ] {
        let prepared = prepare(&package, &[workflow(name, "x")], &Settings::default());
        let codes: Vec<_> =
            prepared.err().unwrap_or_default().iter().map(|fault| fault.code.as_str().to_owned()).collect();
        let expected = if is_taken { Vec::new() } else { vec!["workflow-name"] };
        assert_eq!(codes, expected, "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let workspace = Workspace::new("unwritable");
    let app = Surroundings { shared: workspace.0.join("app/Cargo.toml/sfn"), ..workspace.package("app") };
    let error = write(&artifacts(&app, &[workflow("a", "x")]), &app).unwrap_err().to_string();
    assert!(error.starts_with("cannot create `"), "{error}");
    assert!(error.contains("SFN_OUT_DIR"), "{error}");
}

#[test]
fn a_definition_of_more_than_a_mebibyte_is_refused() {
    let package = Package { name: "app".to_owned(), dir: String::new() };
    let huge = workflow("huge", &"x".repeat(1 << 20));
    let faults = prepare(&package, &[huge], &Settings::default()).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code.as_str() == "definition-too-large"), "{faults:?}");
}

#[test]
fn the_target_folder_is_found_with_and_without_a_triple() {
    let triple = "x86_64-unknown-linux-gnu";
    let found = |out_dir: &str| target_dir(Path::new(out_dir), triple);
    assert_eq!(found("/w/target/debug/build/app-1f/out"), Path::new("/w/target"));
    assert_eq!(found("/w/target/x86_64-unknown-linux-gnu/release/build/app-1f/out"), Path::new("/w/target"));
    assert_eq!(found("/build/elsewhere/lambda/build/app-1f/out"), Path::new("/build/elsewhere"));
}

#[test]
fn the_way_to_a_package_does_not_name_the_workspace() {
    assert_eq!(
        relative(Path::new("/w/target/sfn"), Path::new("/w/crates/app")),
        Path::new("../../crates/app")
    );
    assert_eq!(relative(Path::new("/elsewhere/sfn"), Path::new("/w/app")), Path::new("../../w/app"));
}

#[test]
fn a_diagnostic_shows_the_line_it_is_about() {
    let sources = Sources::new(|file| {
        (file == "src/saga.rs").then(|| "fn saga() {\n    let net = total / days;\n}\n".to_owned())
    });
    let origin = sfn_asl::Origin { file: "src/saga.rs".into(), line: 2, column: 15, length: None };
    let other = sfn_asl::Origin { file: "src/other.rs".into(), line: 7, column: 1, length: None };
    let diagnostic =
        Diagnostic::error(Code::new("unsupported-arithmetic"), Place::Rust(origin), "`/` on a `u64`")
            .with_help("use a `u32`")
            .with_note(Some(Place::Rust(other)), "declared here");
    insta::assert_snapshot!(render(&diagnostic, &sources, Look::Plain));
}

#[test]
fn what_an_origin_begins_is_marked_as_far_as_it_goes() {
    let marked = |line: &'static str, column: u32| {
        let sources = Sources::new(move |_| Some(line.to_owned()));
        let origin = sfn_asl::Origin { file: "src/saga.rs".into(), line: 1, column, length: None };
        let Excerpt::Lines { text, span, .. } = sources.excerpt(&Place::Rust(origin)) else {
            panic!("a line")
        };
        text[span].to_owned()
    };
    assert_eq!(marked("    let net = total / days;", 15), "total");
    assert_eq!(marked("    charge(&order.id, (1 + 2)).await?;", 5), "charge(&order.id, (1 + 2))");
    assert_eq!(marked("    sns::publish(&topic, \"a\").await?;", 5), "sns::publish(&topic, \"a\")");
    assert_eq!(marked("    join!(ping(), pong()).await?;", 5), "join!(ping(), pong())");
    assert_eq!(marked("    match charge(&order).await {", 5), "match charge(&order).await");
    assert_eq!(marked("    if order.total > 5 {", 5), "if order.total > 5");
    assert_eq!(marked("    charge(", 5), "charge");
    assert_eq!(marked("    + 1", 5), "+");
}
