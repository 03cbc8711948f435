//! How strictly to judge: what the command line says, and what an `sfn.toml` says for the folders below it. Apart from
//! judging, because a level is a team's decision and a rule is not.

use super::files::Source;
use serde::Deserialize;
use sfn_asl::{Level, nearest, rules};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name of the file, looked for in the folder of what is checked and in those above.
const NAME: &str = "sfn.toml";

/// Levels by code.
type ByCode = BTreeMap<String, Level>;

/// How strictly to judge what lies where.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    command_line: Settings,
    /// What the nearest file above says, by the folder of what is checked.
    folders: BTreeMap<PathBuf, Settings>,
}

#[derive(Debug, Default, Clone)]
struct Settings {
    levels: ByCode,
    deny_warnings: bool,
}

/// Why levels cannot be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LevelsError {
    #[error("there is no code `{code}`{}", meant(.code))]
    UnknownCode { code: String },
    #[error("{}: there is no code `{code}`{}", .path.display(), meant(.code))]
    UnknownCodeInFile { path: PathBuf, code: String },
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}", .path.display())]
    Invalid { path: PathBuf, source: toml::de::Error },
}

fn meant(code: &str) -> String {
    let codes = rules().iter().map(|rule| rule.code.as_str());
    match nearest::nearest(code, codes) {
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
    /// Whether every warning is an error.
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

/// The code, if a rule has it.
pub(crate) fn known(code: &str) -> Result<&'static sfn_asl::Rule, LevelsError> {
    sfn_asl::rule(code).ok_or_else(|| LevelsError::UnknownCode { code: code.to_owned() })
}

impl Levels {
    /// What the command line says, and what the files above the sources say.
    pub(crate) fn read(
        sources: &[Source],
        allow: &[String],
        warn: &[String],
        deny: &[String],
    ) -> Result<Self, LevelsError> {
        let mut command_line = Settings::default();
        for (codes, level) in [(allow, Level::Allow), (warn, Level::Warn), (deny, Level::Deny)] {
            for code in codes {
                if level == Level::Deny && code == "warnings" {
                    command_line.deny_warnings = true;
                } else {
                    command_line.levels.insert(known(code)?.code.as_str().to_owned(), level);
                }
            }
        }
        let mut folders = BTreeMap::new();
        for source in sources {
            let folder = folder_of(source.path());
            if folders.contains_key(folder) {
                continue;
            }
            let mut settings = read_above(folder)?;
            settings.levels.extend(command_line.levels.clone());
            settings.deny_warnings |= command_line.deny_warnings;
            folders.insert(folder.to_owned(), settings);
        }
        Ok(Self { command_line, folders })
    }

    /// The levels of a file.
    pub(crate) fn of(&self, path: &Path) -> &ByCode {
        &self.settings(path).levels
    }

    /// Whether the warnings of a file are errors.
    pub(crate) fn deny_warnings(&self, path: &Path) -> bool {
        self.settings(path).deny_warnings
    }

    fn settings(&self, path: &Path) -> &Settings {
        self.folders.get(folder_of(path)).unwrap_or(&self.command_line)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// What the nearest file in a folder or above says.
fn read_above(folder: &Path) -> Result<Settings, LevelsError> {
    let Ok(absolute) = Path::new(".").join(folder).canonicalize() else {
        return Ok(Settings::default());
    };
    let Some(file) = absolute.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file()) else {
        return Ok(Settings::default());
    };
    let text = std::fs::read_to_string(&file)
        .map_err(|source| LevelsError::Unreadable { path: file.clone(), source })?;
    let Toml { check } =
        toml::from_str(&text).map_err(|source| LevelsError::Invalid { path: file.clone(), source })?;
    if let Some(code) = check.levels.keys().find(|code| sfn_asl::rule(code).is_none()) {
        return Err(LevelsError::UnknownCodeInFile { path: file, code: code.clone() });
    }
    let levels = check.levels.into_iter().map(|(code, word)| (code, word.into())).collect();
    Ok(Settings { levels, deny_warnings: check.deny_warnings })
}
