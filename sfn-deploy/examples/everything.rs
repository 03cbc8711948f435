//! Writes the templates of a stack that has everything into a folder, for other tools to judge (`.ci/templates`).
//! Separate from the tests because those tools are not Rust's.

#[path = "../tests/stacks/mod.rs"]
mod stacks;

use sfn_deploy::{Architecture, Request, Stack, cdk, sam, terraform};
use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder to write into")?);
    fs::create_dir_all(&folder)?;
    let workflows = stacks::rich();
    let workflows: Vec<_> = workflows.iter().map(|(entry, text)| (entry, text.as_str())).collect();
    let environment = ["ORDERS_TABLE".to_owned(), "LOG_LEVEL".to_owned()];
    let architecture = Architecture::Arm64;
    let stack = Stack::plan(&Request {
        package: "shop",
        workflows: &workflows,
        architecture,
        environment: &environment,
        links: &["ask".to_owned()],
    })?;
    for (entry, definition) in &workflows {
        fs::write(folder.join(&entry.file), definition)?;
    }
    for template in [sam(&stack), terraform(&stack), cdk(&stack)] {
        for file in template.yours.iter().chain([&template.generated]) {
            fs::write(folder.join(&file.name), &file.text)?;
        }
    }
    Ok(())
}
