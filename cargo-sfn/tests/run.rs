//! `cargo sfn run` of a workflow that keeps something: what was done already, what is too large to travel, and to itself what is
//! personal; and that executes another.
//! Separate from the units, and without a test harness, because this program also serves the tasks, as it would on Lambda.

#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "what a Lambda function writes to stderr is its log")]

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use sfn::emit::{Package, Settings, Surroundings, prepare, write};
use sfn::prelude::*;

/// What is to be printed, and for whom.
#[derive(Debug, Clone, Serialize, Deserialize, Payload)]
struct Order {
    id: String,
    reader: Pii<String>,
}

/// A book as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Parcel {
    pages: usize,
    printed_once: bool,
    label: Pii<String>,
}

/// Prints pages, and says on the first who did it, and for which time.
#[task(timeout = "30s", idempotent = order)]
async fn print_pages(order: String) -> Result<Stored<Vec<String>>, Infallible> {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let title = format!("{order}, run {run} of {}", std::process::id());
    Ok(Stored::new(std::iter::once(title).chain((0..100).map(|page| format!("{page:01024}"))).collect()))
}

/// Packs what was printed, and was printed again.
#[task(timeout = "30s")]
async fn pack(
    first: Stored<Vec<String>>,
    second: Stored<Vec<String>>,
    reader: Pii<String>,
) -> Result<Parcel, Infallible> {
    eprintln!("packed for {}", reader.expose());
    Ok(Parcel { pages: first.len(), printed_once: *first == *second, label: reader })
}

/// Has a parcel signed for.
#[task(timeout = "30s")]
async fn sign(name: Pii<String>) -> Result<bool, Infallible> {
    eprintln!("signed by {}", name.expose());
    Ok(true)
}

/// Hands a parcel over.
#[workflow]
async fn hand_over(parcel: Parcel) -> Result<Parcel, Failed> {
    if !sign(&parcel.label).await? {
        return Err(fail("Unsigned", "nobody was there"));
    }
    Ok(Parcel { pages: parcel.pages, printed_once: parcel.printed_once, label: parcel.label })
}

/// Prints twice, a day apart.
#[workflow]
async fn publish(order: Order) -> Result<Parcel, Failed> {
    let first = print_pages(&order.id).await?;
    sleep(days(1)).await;
    let second = print_pages(&order.id).await?;
    let parcel = pack(&first, &second, &order.reader).await?;
    let parcel = hand_over(&parcel).await?;
    Ok(parcel)
}

fn main() -> ExitCode {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        let tasks = publish::tasks().into_iter().chain(hand_over::tasks());
        return sfn::lambda::serve(tasks, sfn::Setup::new());
    }
    let both = [publish::definition(), hand_over::definition()];
    let shop = workspace("run", &both);
    check(&shop, &[], "[pii]", &["pack: packed for [pii]", "sign: signed by [pii]", "│ ✓ Sign"]);
    let exposed = &["pack: packed for Ada Lovelace", "sign: signed by Ada Lovelace"];
    check(&shop, &["--expose"], "Ada Lovelace", exposed);
    let alone = workspace("run-alone", &both[..1]);
    let (succeeded, shown, _) = run(&alone, &[]);
    let told = "`publish` executes `hand-over`, which cannot be executed here: no build script of this workspace emits it; \
                give `sfn::build::emit` its `hand_over::definition()` too";
    assert!(!succeeded && shown.contains(told), "{shown}");
    ExitCode::SUCCESS
}

/// Runs the workflow of a workspace; `told` is what is shown meanwhile.
fn check(workspace: &Path, options: &[&str], label: &str, told: &[&str]) {
    let (succeeded, shown, output) = run(workspace, options);
    assert!(succeeded, "{shown}");
    let parcel: Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(parcel, json!({ "pages": 101, "printed_once": true, "label": label }), "{shown}");
    for told in told {
        assert!(shown.contains(told), "no `{told}` in {shown}");
    }
    assert_eq!(shown.contains("Lovelace"), label.contains("Lovelace"), "{shown}");
    let stored = fs::read_dir(workspace.join("target/sfn/stored")).expect("values are kept").count();
    assert!(stored > 0, "{shown}");
}

/// Runs the workflow of a workspace: whether it succeeds, what is shown meanwhile, and what it gives.
fn run(workspace: &Path, options: &[&str]) -> (bool, String, Vec<u8>) {
    let input = json!({ "id": format!("o-1 {}", options.join(" ")), "reader": "Ada Lovelace" });
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-sfn"))
        .args(["run", "publish", "--virtual-time", "--input", &input.to_string()])
        .args(options)
        .current_dir(workspace)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("the program starts");
    let shown = String::from_utf8(output.stderr).expect("text");
    (output.status.success(), shown, output.stdout)
}

/// A workspace whose program is this one, and whose artifacts are those of these workflows.
fn workspace(name: &str, workflows: &[sfn::Definition]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(folder.join("target/sfn"));
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let write_file = |name: &str, text: &str| fs::write(folder.join(name), text).expect("it is written");
    write_file("Cargo.toml", "[package]\nname = \"press\"\nedition = \"2024\"\n\n[workspace]\n");
    let program = std::env::current_exe().expect("this program has a path");
    let program = program.to_string_lossy();
    write_file(
        "src/main.rs",
        &format!(
            "use std::os::unix::process::CommandExt as _;\n\
             fn main() {{ panic!(\"{{}}\", std::process::Command::new({program:?}).exec()); }}\n"
        ),
    );
    let surroundings = Surroundings {
        package: Package { name: "press".to_owned(), dir: "../..".to_owned() },
        manifest_dir: folder.clone(),
        shared: folder.join("target/sfn"),
        out_dir: folder.join("target/out"),
        stamp: None,
    };
    let artifacts = prepare(&surroundings.package, workflows, &Settings::default());
    write(&artifacts.expect("they are workflows"), &surroundings).expect("they are written");
    folder
}
