//! The runs of this workspace that are under way, and where each can be reached: one small file per process. Apart from
//! `run`, because another terminal reads what it writes.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The workflow's name.
    pub(crate) workflow: String,
    /// Where it serves the Step Functions API.
    pub(crate) url: String,
}

/// An announced run; it is withdrawn when this is dropped.
#[derive(Debug)]
pub(crate) struct Announced {
    file: PathBuf,
}

impl Run {
    /// Lets other terminals find this run.
    pub(crate) fn announce(&self, artifacts: &Path) -> io::Result<Announced> {
        let folder = folder(artifacts);
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{}.json", std::process::id()));
        std::fs::write(&file, serde_json::to_vec(self)?)?;
        Ok(Announced { file })
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        // Whoever finds the file later finds nobody there.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Every announced run, in a stable order. Some may have died without a word.
pub(crate) fn all(artifacts: &Path) -> io::Result<Vec<Run>> {
    let entries = match std::fs::read_dir(folder(artifacts)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    // A file that vanishes, or is still being written, belongs to a run that ends or begins this very moment.
    let read = |file: &PathBuf| serde_json::from_slice(&std::fs::read(file).ok()?).ok();
    let mut runs: Vec<Run> = files.iter().filter_map(read).collect();
    runs.sort();
    Ok(runs)
}

fn folder(artifacts: &Path) -> PathBuf {
    artifacts.join("run")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_until_it_is_over() {
        let artifacts = std::env::temp_dir().join(format!("sfn-running-{}", std::process::id()));
        let run = Run { workflow: "order-saga".to_owned(), url: "http://127.0.0.1:4711".to_owned() };
        assert_eq!(all(&artifacts).unwrap(), []);
        let announced = run.announce(&artifacts).unwrap();
        assert_eq!(all(&artifacts).unwrap(), [run]);
        drop(announced);
        assert_eq!(all(&artifacts).unwrap(), []);
        std::fs::remove_dir_all(artifacts).unwrap();
    }
}
