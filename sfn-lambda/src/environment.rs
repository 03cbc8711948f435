//! What Lambda promises to set for a function, checked before anything relies on it. Apart from serving, because
//! `lambda_runtime` panics where a person who starts the program by hand needs a sentence.

/// Why this process is not a Lambda function.
#[derive(Debug, thiserror::Error)]
#[error(
    "this program serves tasks to AWS Lambda, which would set `{}`; deploy it, or run its workflow with \
     `cargo sfn run <workflow>`",
    .missing.join("`, `")
)]
pub(crate) struct NotLambda {
    missing: Vec<&'static str>,
}

/// Checks that every variable is there without which the runtime cannot start.
pub(crate) fn check(variable: impl Fn(&str) -> Option<String>) -> Result<(), NotLambda> {
    let missing: Vec<_> = REQUIRED.into_iter().filter(|name| variable(name).is_none()).collect();
    if missing.is_empty() { Ok(()) } else { Err(NotLambda { missing }) }
}

const REQUIRED: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_lambda_the_missing_variables_and_the_way_out_are_named() {
        let error = check(|name| (name != "AWS_LAMBDA_RUNTIME_API").then(String::new)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this program serves tasks to AWS Lambda, which would set `AWS_LAMBDA_RUNTIME_API`; deploy it, or run its \
             workflow with `cargo sfn run <workflow>`"
        );
    }
}
