//! `cargo sfn serve`: the Step Functions API on this machine, for any AWS client.
//! Apart from `run`, which knows the workspace and one workflow of it; this knows neither.

use crate::style::Style;
use sfn_engine::api::Endpoint;
use sfn_engine::control::Control;
use sfn_engine::driver::Engine;
use sfn_engine::journal::Disk;
use sfn_engine::mocks::Mocks;
use sfn_engine::objects::FolderStore;
use sfn_engine::services::{Handler, Services};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

/// Serves the Step Functions API on this machine.
///
/// The address goes to stdout. Any AWS client finds it by the variable AWS_ENDPOINT_URL_SFN; any credentials will do.
/// For StartSyncExecution and TestState the clients put `sync-` before the host's name: for boto3 and the AWS command
/// line set AWS_DISABLE_HOST_PREFIX_INJECTION=true.
/// What is created is kept in memory until Ctrl-C, or with --data in a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The port; 0 takes any that is free.
    #[arg(long, default_value_t = 8083)]
    port: u16,
    /// The folder that keeps what is created and how far executions have come. They outlive this process, however it
    /// ends, and go on with the next one that is given the folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder whose subfolders are the buckets that Map States and `aws-sdk:s3` tasks read and write.
    #[arg(long, value_name = "DIR")]
    s3: Option<PathBuf>,
    /// Who answers for a Lambda function (by name, ARN or placeholder) or for another `Resource`: an HTTP endpoint that
    /// is sent the payload, or a shell command that reads it from its standard input. Repeat it for each.
    #[arg(long, value_name = "NAME=URL|CMD")]
    lambda: Vec<Route>,
    /// A DynamoDB table, with the names of its partition key and, if it has one, its sort key. It is
    /// empty, unless `--data` has items of it. Repeat it for each.
    #[arg(long, value_name = "NAME=KEY[,KEY]")]
    table: Vec<Table>,
    /// A mock configuration in the format of Step Functions Local; start an execution of `ARN#TestCase` to use it.
    #[arg(long, value_name = "FILE")]
    mock: Option<PathBuf>,
}

/// A name, and who answers for it.
#[derive(Clone, Debug)]
struct Route {
    name: String,
    handler: Handler,
}

impl FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected NAME=URL or NAME=COMMAND, such as `charge=http://localhost:9000`";
        let (name, target) = text.split_once('=').ok_or_else(|| format!("found no `=`, {expected}"))?;
        if name.is_empty() || target.trim().is_empty() {
            return Err(format!("found nothing on one side of the `=`, {expected}"));
        }
        let handler = if target.starts_with("http://") || target.starts_with("https://") {
            Handler::http(target).map_err(|error| error.to_string())?
        } else {
            Handler::command("sh", ["-c", target])
        };
        Ok(Self { name: name.to_owned(), handler })
    }
}

/// A table and its keys.
#[derive(Clone, Debug)]
struct Table {
    name: String,
    key: Vec<String>,
}

impl FromStr for Table {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, keys) = text.split_once('=').unwrap_or((text, ""));
        let key: Vec<_> = keys.split(',').map(|name| name.trim().to_owned()).collect();
        if name.is_empty() || key.len() > 2 || key.iter().any(String::is_empty) {
            return Err("expected NAME=KEY or NAME=KEY,KEY, such as `orders=customer,id`".to_owned());
        }
        Ok(Self { name: name.to_owned(), key })
    }
}

/// Serves until Ctrl-C.
pub(crate) fn serve(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let mut services = services(args)?;
    if let Some(folder) = &args.s3 {
        services = services.objects(Arc::new(FolderStore::new(folder)));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let endpoint = Endpoint::bind(args.port).await.map_err(|error| {
            format!("port {} cannot be had: {error}; choose another with --port", args.port)
        })?;
        let mut engine = Engine::builder(services.clone());
        if let Some(folder) = &args.s3 {
            engine = engine.objects(FolderStore::new(folder));
        }
        let control = Arc::new(match &args.data {
            Some(folder) => Control::open(engine, Disk::open(folder)?)?,
            None => Control::new(engine.spawn()),
        });
        services.connect(&control);
        let server = endpoint.tables(&services).serve(Control::clone(&control));
        println!("{}", server.url());
        let style = Style::of_stderr();
        eprintln!("{} at {}", style.good("Step Functions is"), server.url());
        eprintln!("  export AWS_ENDPOINT_URL_SFN={}", server.url());
        eprintln!("  export AWS_DISABLE_HOST_PREFIX_INJECTION=true  # for StartSyncExecution and TestState");
        if !args.table.is_empty() {
            eprintln!("  export AWS_ENDPOINT_URL_DYNAMODB={}", server.url());
        }
        eprintln!("  aws stepfunctions list-state-machines");
        let end = match &args.data {
            Some(folder) => format!("Ctrl-C ends it, {} keeps all it has", folder.display()),
            None => "Ctrl-C ends it, and all that it keeps".to_owned(),
        };
        eprintln!("{}", style.dim(&format!("  any credentials and region will do; {end}")));
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            error = control.failure() => return Err(error.into()),
        }
        server.shut_down().await;
        Ok::<_, Box<dyn Error>>(())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn services(args: &Args) -> Result<Services, Box<dyn Error>> {
    let mut services = Services::new();
    for Route { name, handler } in &args.lambda {
        services = services.route(name.as_str(), handler.clone());
    }
    for Table { name, key } in &args.table {
        services = services.table(name, key);
    }
    if let Some(file) = &args.mock {
        let cannot = |error: &dyn std::fmt::Display| format!("{} cannot be used: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| cannot(&error))?;
        let mocks: Mocks = text.parse().map_err(|error| cannot(&error))?;
        services = services.mocks(mocks);
    }
    if let Some(folder) = args.s3.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(
            format!("{} is no folder, expected one with a subfolder per bucket", folder.display()).into()
        );
    }
    Ok(services)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_one_key_or_two() {
        for (text, keys) in [("orders=id", &["id"][..]), ("orders=customer, id", &["customer", "id"])] {
            assert_eq!(text.parse::<Table>().expect(text).key, keys);
        }
        for text in ["orders", "orders=", "=id", "orders=a,b,c", "orders=a,"] {
            assert!(text.parse::<Table>().is_err(), "{text}");
        }
    }

    #[test]
    fn routes_name_a_function_and_who_answers() {
        for (text, name) in [
            ("charge=http://localhost:9000/a=b", "charge"),
            ("charge=./charge.sh --fast", "charge"),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:charge=cat",
                "arn:aws:lambda:us-east-1:123456789012:function:charge",
            ),
        ] {
            assert_eq!(text.parse::<Route>().expect(text).name, name);
        }
        for text in ["charge", "=cat", "charge=", "charge=https://[", "charge=http://"] {
            assert!(text.parse::<Route>().is_err(), "{text}");
        }
    }
}
