//! The examples as a reader finds them: the committed ASL and pictures are what their workflows emit, and what their READMEs show is what the files say.
//!
//! Separate from the corpus because these files are documentation first.

use std::fs;
use std::path::Path;

use sfn::Definition;
use sfn::emit::{Package, Settings, prepare};
use sfn_deploy::{Architecture, Request, Stack, cdk, sam, terraform};
use sfn_tests::{BLESS, workspace_root};

#[test]
fn hello_is_current() {
    check("hello", &greetings::hello::definition());
}

#[test]
fn the_order_saga_is_current() {
    check("order-saga", &orders::order_saga::definition());
}

#[test]
fn the_readme_shows_files_as_they_are() {
    check_shown_files(&workspace_root().join("README.md"));
}

#[test]
fn the_guide_shows_messages_as_they_are() {
    check_shown_files(&workspace_root().join("sfn/src/guide/mistakes.md"));
}

/// Compares an example's committed ASL, picture and README with what its workflow emits now.
fn check(name: &str, definition: &Definition) {
    let folder = workspace_root().join("examples").join(name);
    let lowered = definition.lower().unwrap_or_else(|faults| panic!("{name} is a workflow: {faults:#?}"));
    assert!(lowered.warnings.is_empty(), "{name} draws no warning: {:#?}", lowered.warnings);
    agree(&folder.join(format!("{name}.asl.json")), &format!("{}\n", lowered.machine));
    agree(&folder.join(format!("{name}.svg")), &sfn_graph::svg(&lowered.machine));
    check_shown_files(&folder.join("README.md"));
    check_infra(name, &folder.join("infra"), definition);
}

/// Compares what `cargo sfn template` has written with what it would write now.
fn check_infra(name: &str, folder: &Path, definition: &Definition) {
    let package = Package { name: name.to_owned(), dir: String::new() };
    let artifacts = prepare(&package, std::slice::from_ref(definition), &Settings::default())
        .expect("the example is a workflow");
    let workflows: Vec<_> =
        artifacts.workflows.iter().map(|artifact| (&artifact.entry, artifact.definition.as_str())).collect();
    let stack = Stack::plan(&Request {
        package: name,
        workflows: &workflows,
        architecture: Architecture::X86_64,
        environment: &[],
        links: &[],
    });
    let stack = stack.expect("the example can be deployed");
    for (workflow, definition) in workflows {
        agree(&folder.join(&workflow.file), definition);
    }
    for template in [sam(&stack), terraform(&stack), cdk(&stack)] {
        for file in template.yours.iter().chain([&template.generated]) {
            agree(&folder.join(&file.name), &file.text);
        }
    }
}

/// Every fenced block of a page that follows `<!-- file: PATH -->` holds that file, heading comments aside.
fn check_shown_files(path: &Path) {
    let folder = path.parent().expect("a page lies in a folder");
    let page = fs::read_to_string(path).expect("there is a page");
    let mut current = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("<!-- file: ") {
        let (name, after) = after.split_once(" -->\n```").expect("a fence follows the comment");
        let (language, after) = after.split_once('\n').expect("a fence has lines");
        let (_, after) = after.split_once("\n```\n").expect("a fence ends");
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let shown = shown(&text);
        current += before;
        current += &["<!-- file: ", name, " -->\n```", language, "\n", shown, "\n```\n"].concat();
        rest = after;
    }
    agree(path, &(current + rest));
}

/// A file without what only its own reader needs: the heading comment.
fn shown(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n')
        && (line.starts_with("//!") || line.is_empty())
    {
        rest = after;
    }
    rest.trim_end()
}

fn agree(path: &Path, current: &str) {
    if std::env::var_os(BLESS).is_some() {
        fs::write(path, current).expect("a golden file can be written");
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == current,
        "{} is not current; run `cargo bless` and look at the difference",
        path.display()
    );
}
