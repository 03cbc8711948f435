//! `cargo sfn`: runs, shows and completes workflows on this machine. The only crate that prints, reads the user's files
//! and starts processes, so that everything below it can be used as a library.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the program that people look at")]

mod check;
mod complete;
mod convert;
mod definition;
mod dev;
mod diff;
mod display;
mod duration;
mod estimate;
mod fault;
mod fmt;
mod graph;
mod input;
mod links;
mod list;
mod new;
mod package;
mod personal;
mod policy;
mod project;
mod run;
mod running;
mod sample;
mod serve;
mod show;
mod style;
mod template;
mod timeline;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Trees of small values are made and dropped all the time, which the allocators of operating systems are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sagas in Rust, Amazon States Language out.
#[derive(Parser)]
#[command(name = "cargo-sfn", bin_name = "cargo sfn", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Fmt(fmt::Args),
    Convert(convert::Args),
    Graph(graph::Args),
    Estimate(estimate::Args),
    Diff(diff::Args),
    Run(run::Args),
    Dev(dev::Args),
    Complete(complete::Args),
    Serve(serve::Args),
    List(list::Args),
    Show(show::Args),
    New(new::Args),
    Package(package::Args),
    Template(template::Args),
    Policy(policy::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse_from(words(std::env::args_os())).command {
        Command::Check(args) => check::check(&args).map_err(Into::into),
        Command::Fmt(args) => fmt::fmt(&args).map_err(Into::into),
        Command::Convert(args) => convert::convert(&args).map_err(Into::into),
        Command::Graph(args) => graph::graph(&args).map_err(Into::into),
        Command::Estimate(args) => estimate::estimate(&args).map_err(Into::into),
        Command::Diff(args) => diff::diff(&args).map_err(Into::into),
        Command::Run(args) => run::run(&args),
        Command::Dev(args) => dev::dev(&args).map_err(Into::into),
        Command::Complete(args) => complete::complete(&args).map_err(Into::into),
        Command::Serve(args) => serve::serve(&args),
        Command::List(args) => list::list(&args).map_err(Into::into),
        Command::Show(args) => show::show(&args).map_err(Into::into),
        Command::New(args) => new::new(&args).map_err(Into::into),
        Command::Package(args) => package::package(&args).map_err(Into::into),
        Command::Template(args) => template::template(&args).map_err(Into::into),
        Command::Policy(args) => policy::policy(&args).map_err(Into::into),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            let style = style::Style::of_stderr();
            eprintln!("{}: {error}", style.error("error"));
            ExitCode::FAILURE
        }
    }
}

/// The command line without the extra word that cargo inserts: an installed `cargo-sfn` is started as `cargo-sfn sfn ..`.
fn words(all: impl IntoIterator<Item = std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let mut all: Vec<_> = all.into_iter().collect();
    if all.get(1).is_some_and(|word| word == "sfn") {
        all.remove(1);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_word_that_cargo_inserts_is_dropped() {
        for line in ["cargo-sfn sfn list", "cargo-sfn list"] {
            let words = words(line.split(' ').map(Into::into));
            assert!(matches!(Cli::try_parse_from(words), Ok(Cli { command: Command::List(_) })), "{line}");
        }
    }
}
