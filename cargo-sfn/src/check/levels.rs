//! How strictly to judge: what the command line says, and what an `sfn.toml` says for the folders below it. Apart from
//! judging, because a level is a team's decision and a rule is not.

use super::files::Source;
use sfn_asl::{Level, nearest, rules};
use sfn_core::emit::{Settings, SettingsError};
use sfn_core::explained::{explanation, explanations};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How strictly to judge what lies where.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    command_line: Settings,
    /// What the nearest file above says, by the folder of what is checked.
    folders: BTreeMap<PathBuf, Settings>,
}

/// Why levels cannot be told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LevelsError {
    #[error("there is no code `{code}`{}", meant(.code))]
    UnknownCode { code: String },
    #[error(
        "`{code}` is not a code of definitions: `cargo build` reports it, at levels of `#[workflow(..)]` or an `sfn.toml`"
    )]
    OfWorkflows { code: String },
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

fn meant(code: &str) -> String {
    let pages = explanations().map(|page| page.code);
    let codes = rules().iter().map(|rule| rule.code.as_str()).chain(pages);
    match nearest::nearest(code, codes) {
        Some(near) => format!(", did you mean `{near}`?"),
        None => "; `cargo sfn check --explain all` lists them".to_owned(),
    }
}

/// The code, if a rule has it.
pub(crate) fn known(code: &str) -> Result<&'static sfn_asl::Rule, LevelsError> {
    sfn_asl::rule(code).ok_or_else(|| match explanation(code) {
        Some(_) => LevelsError::OfWorkflows { code: code.to_owned() },
        None => LevelsError::UnknownCode { code: code.to_owned() },
    })
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
            let mut settings = Settings::above(folder)?;
            settings.levels.extend(command_line.levels.clone());
            settings.deny_warnings |= command_line.deny_warnings;
            folders.insert(folder.to_owned(), settings);
        }
        Ok(Self { command_line, folders })
    }

    /// The levels of a file.
    pub(crate) fn of(&self, path: &Path) -> &sfn_core::lint::Levels {
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
