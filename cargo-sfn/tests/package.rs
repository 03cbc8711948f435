//! `cargo sfn package` for another processor than this machine's, with a stand-in of cargo-lambda. Separate from the units
//! because it is about where three programs put their files.

#![cfg(unix)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Writes the program of the package `hail` where it is told to or, untold, where cargo-lambda does.
const CARGO_LAMBDA: &str = r#"#!/bin/sh
set -e
folder=target/lambda
while [ $# -gt 0 ]; do
    case "$1" in
        --version) exit 0 ;;
        --lambda-dir) folder=$2; shift ;;
    esac
    shift
done
mkdir -p "$folder/hail"
printf 'for another processor' > "$folder/hail/bootstrap"
"#;

const OTHER: &str = if cfg!(target_arch = "x86_64") { "arm64" } else { "x86_64" };

#[test]
fn programs_of_two_processors_do_not_take_each_others_place() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    let _ = fs::remove_dir_all(&folder);
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("it is written");
    };
    write(
        "Cargo.toml",
        "[package]\nname = \"hail\"\nedition = \"2024\"\n[profile.lambda]\ninherits = \"release\"\n[workspace]\n",
    );
    write("src/main.rs", "fn main() {}\n");
    write(
        "target/sfn/manifest.json",
        r#"{"formatVersion": 1, "workflows": [{"name": "greet", "package": "hail", "packageDir": "../..", "file": "greet.asl.json",
            "type": "STANDARD", "tasks": [], "states": {}}]}"#,
    );
    // What this machine has built for itself, in the folder of the profile.
    write("target/lambda/hail", "for this processor");
    write("bin/cargo-lambda", CARGO_LAMBDA);
    let tool = folder.join("bin/cargo-lambda");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("it may run");

    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .args(["package", "--arch", OTHER])
        .current_dir(&folder)
        .env("PATH", format!("{}:{path}", folder.join("bin").display()))
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let zip = fs::File::open(folder.join("infra/bootstrap.zip")).expect("it was written");
    let mut zip = zip::ZipArchive::new(zip).expect("an archive");
    let mut program = String::new();
    zip.by_name("bootstrap").expect("a program").read_to_string(&mut program).expect("text");
    assert_eq!(program, "for another processor");
    let own = fs::read_to_string(folder.join("target/lambda/hail")).expect("it is still there");
    assert_eq!(own, "for this processor");
}
