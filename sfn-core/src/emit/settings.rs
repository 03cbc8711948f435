//! What an `sfn.toml` says: how bad a team finds what rules and lints report.
//! Separate because `cargo sfn check` reads the same file for definitions that no workflow stands behind.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::lint::{self, Level, Levels};

/// The name of the file, looked for in a folder and in those above.
const NAME: &str = "sfn.toml";

/// How strictly to judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Levels by code.
    pub levels: Levels,
    /// Whether every warning is an error.
    pub deny_warnings: bool,
    /// The file that says so, if there is one.
    pub file: Option<PathBuf>,
}

/// Why settings cannot be told.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A code that nothing is reported under.
    #[error("{}: there is no code `{code}`{}", path.display(), meant(code))]
    UnknownCode {
        /// The file.
        path: PathBuf,
        /// The code.
        code: String,
    },
    /// A file that is there and cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that says something else.
    #[error("{}: {source}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
}

/// The code that a misspelt one is likely to mean, as the end of a sentence.
fn meant(code: &str) -> String {
    let lints = lint::ALL.iter().map(|lint| lint.code());
    let codes = sfn_asl::rules().iter().map(|rule| rule.code.as_str()).chain(lints);
    match sfn_asl::nearest::nearest(code, codes) {
        Some(near) => format!(", did you mean `{near}`?"),
        None => "; `cargo sfn check --explain all` lists them".to_owned(),
    }
}

/// An `sfn.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Toml {
    #[serde(default)]
    check: Check,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Check {
    #[serde(default)]
    deny_warnings: bool,
    #[serde(default)]
    levels: BTreeMap<String, Word>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Allow,
    Warn,
    Deny,
}

impl From<Word> for Level {
    fn from(word: Word) -> Self {
        match word {
            Word::Allow => Self::Allow,
            Word::Warn => Self::Warn,
            Word::Deny => Self::Deny,
        }
    }
}

impl Settings {
    /// What the nearest `sfn.toml` in a folder or above it says.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or says what settings cannot.
    pub fn above(folder: &Path) -> Result<Self, SettingsError> {
        let Ok(absolute) = Path::new(".").join(folder).canonicalize() else { return Ok(Self::default()) };
        let Some(path) = absolute.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
        else {
            return Ok(Self::default());
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(SettingsError::Unreadable { path, source }),
        };
        let Toml { check } = match toml::from_str(&text) {
            Ok(toml) => toml,
            Err(source) => return Err(SettingsError::Invalid { path, source: Box::new(source) }),
        };
        if let Some(code) = check.levels.keys().find(|code| !is_known(code)) {
            return Err(SettingsError::UnknownCode { code: code.clone(), path });
        }
        let levels = check.levels.into_iter().map(|(code, word)| (code, word.into())).collect();
        Ok(Self { levels, deny_warnings: check.deny_warnings, file: Some(path) })
    }
}

fn is_known(code: &str) -> bool {
    sfn_asl::rule(code).is_some() || lint::ALL.iter().any(|lint| lint.code() == code)
}
