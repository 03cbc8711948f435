//! `cargo sfn diff` on pairs of what was and what is: each folder of `tests/diffs` is a case, with what is printed for it.
//! Separate from the units because only whole pairs show what a change means.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diffs")
}

fn diff(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .arg("diff")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = output.status.code().expect("a status");
    format!("{}{}[{status}]", text(&output.stdout), text(&output.stderr))
}

/// The old and the new side of a case: `old` and `new`, or files beside them.
fn sides(folder: &Path) -> [String; 2] {
    ["old", "new"].map(|side| {
        let file = format!("{side}.asl.json");
        let lone = || "order.asl.json".to_owned();
        [side.to_owned(), file].into_iter().find(|name| folder.join(name).exists()).unwrap_or_else(lone)
    })
}

#[test]
fn changes_are_judged() {
    let mut folders: Vec<_> =
        fs::read_dir(cases()).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    assert!(folders.len() > 5, "the cases are gone");
    for folder in folders {
        let [old, new] = sides(&folder);
        let printed = diff(&folder, &[&old, &new]);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("expected", printed));
    }
}

#[test]
fn what_is_allowed_does_not_fail() {
    let status = |case: &str, level: &str| {
        let folder = cases().join(case);
        let [old, new] = sides(&folder);
        diff(&folder, &[&old, &new, "--allow", level]).rsplit_once('[').expect("a status").1.to_owned()
    };
    assert_eq!(["harmless", "risky", "breaking"].map(|level| status("contracts", level)), ["1]", "1]", "0]"]);
    assert_eq!(["harmless", "risky"].map(|level| status("renamed-states", level)), ["1]", "0]"]);
    assert_eq!(status("nothing", "harmless"), "0]");
}

#[test]
fn json_says_whom_a_change_concerns() {
    let printed = diff(&cases().join("contracts"), &["old", "new", "--format", "json"]);
    let json: serde_json::Value =
        serde_json::from_str(printed.strip_suffix("[1]").expect("it breaks")).expect("it is JSON");
    let first = &json["workflows"][0]["findings"][0];
    assert_eq!(first["level"], "breaking");
    assert_eq!(first["affects"], serde_json::json!(["callers"]));
}

#[test]
fn what_cannot_be_compared_is_said_in_one_line() {
    let contracts = cases().join("contracts");
    let said = [
        ["none.json", "new"],
        ["no-such-revision", "new"],
        ["old/order.asl.json", "."],
        ["newer/manifest.json", "new"],
    ]
    .map(|sides| diff(&contracts, &sides))
    .join("\n");
    let lone = diff(&cases().join("workflows"), &["../nothing/old.asl.json", "new"]);
    insta::assert_snapshot!(format!("{said}\n{lone}"));
}

#[test]
fn a_revision_is_built_apart_and_leaves_nothing_behind() {
    let folder = std::env::temp_dir().join(format!("sfn-diff-test-{}", std::process::id()));
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it is written");
    let old = cases().join("contracts/old");
    write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n");
    write("src/lib.rs", "");
    write(".gitignore", "target\n");
    for name in ["manifest.json", "order.asl.json"] {
        fs::copy(old.join(name), folder.join(name)).expect("it is copied");
    }
    // A build script that emits what lies beside it, as `sfn::build::emit` would.
    write(
        "build.rs",
        r#"fn main() {
            let out = std::path::PathBuf::from(std::env::var_os("SFN_OUT_DIR").unwrap());
            std::fs::create_dir_all(&out).unwrap();
            for name in ["manifest.json", "order.asl.json"] { std::fs::copy(name, out.join(name)).unwrap(); }
        }"#,
    );
    let git = |line: &str| {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(line.split(' '))
            .current_dir(&folder)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    git("init --quiet");
    git("add .");
    git("commit --quiet --message old");

    let new = cases().join("contracts/new");
    let printed = diff(&folder, &["HEAD", new.to_str().expect("a path")]);
    let expected = diff(&cases().join("contracts"), &["old", "new"]);
    let until_cargo = |text: &str| text.split("harmless\n").next().unwrap_or_default().to_owned();
    assert_eq!(until_cargo(&printed), until_cargo(&expected), "{printed}");
    assert_eq!(git("worktree list").lines().count(), 1);
    fs::remove_dir_all(folder).expect("the folder is removed");
}
