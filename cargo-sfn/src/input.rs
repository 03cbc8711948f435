//! The input of a run: a file, JSON on the command line, or the sample that lies next to the workflow's package. Apart from
//! `run`, because most of it is about what can be wrong with it.

use serde_json::Value;
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is not JSON: {source}", .path.display())]
    NotJson { path: PathBuf, source: serde_json::Error },
    #[error("`--input {text}` is neither a file nor JSON: {source}")]
    Neither { text: String, source: serde_json::Error },
    #[error(
        "the workflow needs an input: pass `--input FILE` or `--input JSON`, or write a sample to {}",
        .0.display()
    )]
    Missing(PathBuf),
}

/// What `--input` says; without it, the sample.
pub(crate) fn read(option: Option<&str>, sample: &Path) -> Result<Value, InputError> {
    let Some(text) = option else {
        return if sample.exists() {
            parse_file(sample)
        } else {
            Err(InputError::Missing(sample.to_owned()))
        };
    };
    let file = Path::new(text);
    if file.is_file() {
        return parse_file(file);
    }
    serde_json::from_str(text).map_err(|source| {
        let meant_as_file = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if meant_as_file {
            InputError::Unreadable { path: file.to_owned(), source: io::ErrorKind::NotFound.into() }
        } else {
            InputError::Neither { text: text.to_owned(), source }
        }
    })
}

fn parse_file(path: &Path) -> Result<Value, InputError> {
    let bytes =
        std::fs::read(path).map_err(|source| InputError::Unreadable { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| InputError::NotJson { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(option: Option<&str>, sample: &Path, expected: &Result<Value, &str>) {
        let outcome = read(option, sample).map_err(|error| error.to_string());
        assert_eq!(outcome.as_ref().map_err(String::as_str), expected.as_ref().map_err(|text| *text));
    }

    #[test]
    fn the_option_is_a_file_or_json_and_the_sample_stands_in() {
        let folder = std::env::temp_dir().join(format!("sfn-input-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (good, bad, none) = (folder.join("good.json"), folder.join("bad.json"), Path::new("none.json"));
        std::fs::write(&good, "[1]").unwrap();
        std::fs::write(&bad, "[1").unwrap();
        let (good_name, bad_name) = (good.to_str().unwrap(), bad.to_str().unwrap());

        check(None, &good, &Ok(serde_json::json!([1])));
        check(Some(good_name), none, &Ok(serde_json::json!([1])));
        check(Some(r#"{"a":1}"#), none, &Ok(serde_json::json!({ "a": 1 })));
        check(
            None,
            none,
            &Err(
                "the workflow needs an input: pass `--input FILE` or `--input JSON`, or write a sample to none.json",
            ),
        );
        let not_json = format!("{bad_name} is not JSON: EOF while parsing a list at line 1 column 2");
        check(Some(bad_name), none, &Err(&not_json));
        check(Some("none.json"), none, &Err("none.json cannot be read: entity not found"));
        check(
            Some("{a"),
            none,
            &Err("`--input {a` is neither a file nor JSON: key must be a string at line 1 column 2"),
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
