//! `cargo sfn dev` in a workspace whose files are edited. Separate from the units because only a real build shows it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A package whose build script emits what lies beside it, as `sfn::build::emit` would.
fn workspace(folder: &Path) {
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it is written");
    write("Cargo.toml", "[package]\nname = \"hail\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n");
    write(".gitignore", "*.log\n/target\n");
    write("src/main.rs", "fn main() {}\n");
    write(
        "manifest.json",
        r#"{"formatVersion": 1, "workflows": [{"name": "greet", "package": "hail", "packageDir": "../..", "file": "greet.asl.json",
            "type": "STANDARD", "tasks": [], "states": {}}]}"#,
    );
    write(
        "build.rs",
        r#"fn main() {
            let out = std::path::PathBuf::from(std::env::var_os("SFN_OUT_DIR").unwrap());
            std::fs::create_dir_all(&out).unwrap();
            for name in ["manifest.json", "greet.asl.json"] {
                println!("cargo::rerun-if-changed={name}");
                std::fs::copy(name, out.join(name)).unwrap();
            }
        }"#,
    );
}

fn greeting(text: &str, waits: bool) -> String {
    let wait = if waits { r#""Wait": {"Type": "Wait", "Seconds": 3600, "Next": "Say"},"# } else { "" };
    let start = if waits { "Wait" } else { "Say" };
    format!(
        r#"{{"QueryLanguage": "JSONata", "StartAt": "{start}", "States": {{{wait}
            "Say": {{"Type": "Pass", "Output": "{text}", "End": true}}}}}}"#
    )
}

/// The lines that a program writes, as they come.
struct Lines(mpsc::Receiver<String>);

impl Lines {
    fn of(source: impl Read + Send + 'static) -> Self {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(source).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self(told)
    }

    #[track_caller]
    fn wait_for(&self, piece: &str) {
        self.next_with(piece);
    }

    /// The next line with a piece.
    #[track_caller]
    fn next_with(&self, piece: &str) -> String {
        let mut seen = Vec::new();
        while let Ok(line) = self.0.recv_timeout(Duration::from_mins(1)) {
            if line.contains(piece) {
                return line;
            }
            seen.push(line);
        }
        panic!("{piece:?} was not said, but\n{}", seen.join("\n"));
    }
}

struct Running {
    child: Child,
    folder: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Also when an assertion fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn what_is_saved_is_built_and_run_again() {
    let folder = std::env::temp_dir().join(format!("sfn-dev-test-{}", std::process::id()));
    workspace(&folder);
    let save = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it is saved");
    save("greet.asl.json", &greeting("hello", false));
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .args(["dev", "greet", "--input", "{}"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("SFN_OUT_DIR", folder.join("target/sfn"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = Lines::of(child.stdout.take().expect("stdout"));
    let told = Lines::of(child.stderr.take().expect("stderr"));
    let _running = Running { child, folder: folder.clone() };

    output.wait_for("\"hello\"");
    told.wait_for("waiting for a file to be saved");
    // What `.gitignore` names is no source, wherever it is written: only the next file is told.
    save("run.log", "one");
    save("src/run.log", "two");
    std::thread::sleep(Duration::from_millis(500));
    save("greet.asl.json", &greeting("good evening", false));
    assert!(told.next_with("was saved").contains("greet.asl.json"));
    output.wait_for("\"good evening\"");

    // What does not build is said, and the next change tried.
    told.wait_for("waiting for a file to be saved");
    save("src/main.rs", "fn main() { oh no }\n");
    told.wait_for("`cargo build` failed");
    told.wait_for("waiting for a file to be saved");
    save("src/main.rs", "fn main() {}\n");
    output.wait_for("\"good evening\"");

    // A run that would go on for an hour is stopped.
    told.wait_for("waiting for a file to be saved");
    save("greet.asl.json", &greeting("never", true));
    told.wait_for("Finished");
    while fs::read_dir(folder.join("target/sfn/run")).is_ok_and(|mut runs| runs.next().is_none()) {
        std::thread::sleep(Duration::from_millis(20));
    }
    save("greet.asl.json", &greeting("good night", false));
    output.wait_for("\"good night\"");
}
