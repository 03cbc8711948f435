//! Writes the templates of a stack that has everything into a folder, for other tools to judge (`.ci/templates`); links in it
//! are made by the tasks that are named behind the folder.
//! Separate from the tests because those tools are not Rust's.

#[path = "../tests/stacks/mod.rs"]
mod stacks;

use sfn_deploy::{Architecture, Request, Stack, cdk, sam, terraform};
use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write into")?);
    let links: Vec<_> = arguments.collect();
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
        links: &links,
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
