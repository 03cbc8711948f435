//! Writes the snippets of the explained codes as Rust: those that build into one file, the compiler's mistakes into another.
//! Separate from the tests because the first file is compiled with them.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use sfn_core::explained::{SHOP, Told, explanations};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out_dir = env::var_os("OUT_DIR").expect("a build script has a folder");
    let (mut building, mut cases) = (String::new(), String::new());
    // Every module takes what the shop takes.
    let shop = module("shop", &SHOP.replace("\nuse ", "\npub use "));
    let mut mistakes = format!("fn main() {{}}\n{shop}");
    for page in explanations() {
        let ident = page.code.replace('-', "_");
        let mut add = |kind: &str, snippet: &str, is_good: bool| {
            let name = format!("{kind}_{ident}");
            let text = with_definitions(snippet);
            building += &module(&name, &format!("use super::shop::*;\n{text}"));
            writeln!(cases, "(\"{}\", {is_good}, {name}::all as fn() -> Vec<sfn::Definition>),", page.code)
        };
        add("good", page.good, true).expect("strings take text");
        match page.told {
            Told::Building => add("bad", page.bad, false).expect("strings take text"),
            Told::Compiling => {
                let text = as_items(page.bad);
                mistakes += &module(&format!("bad_{ident}"), &format!("use super::shop::*;\n{text}"));
            }
        }
    }
    building += &shop;
    let all = format!("pub const CASES: &[(&str, bool, fn() -> Vec<sfn::Definition>)] = &[\n{cases}];\n");
    let write = |name: &str, text: &str| {
        fs::write(Path::new(&out_dir).join(name), text).expect("the folder is writable");
    };
    write("explained.rs", &(building + &all));
    write("mistakes.rs", &mistakes);
}

fn module(name: &str, text: &str) -> String {
    format!("pub mod {name} {{\n{}\n}}\n", text.trim())
}

/// A snippet as items: statements become the body of a workflow.
fn as_items(snippet: &str) -> String {
    let snippet = snippet.trim();
    if ["#[workflow", "#[task", "#[expr", "#[derive", "fn definition"]
        .iter()
        .any(|mark| snippet.contains(mark))
    {
        return snippet.to_owned();
    }
    format!(
        "#[workflow]\npub async fn order_saga(order: Order) -> Result<(), Failed> {{\n{snippet}\nOk(())\n}}"
    )
}

/// The same, and a function that gives the definitions of its workflows.
fn with_definitions(snippet: &str) -> String {
    let text = as_items(snippet);
    let all = if text.contains("fn definitions()") {
        "definitions()".to_owned()
    } else if text.contains("fn definition()") {
        "vec![definition()]".to_owned()
    } else {
        let whole = text.split("#[workflow").skip(1).filter(|rest| !rest.starts_with("(inline"));
        let names = whole.filter_map(|rest| rest.split_once("async fn ")?.1.split_once('('));
        format!("vec![{}]", names.last().map(|(name, _)| format!("{name}::definition()")).unwrap_or_default())
    };
    format!("{text}\npub fn all() -> Vec<sfn::Definition> {{ {all} }}")
}
