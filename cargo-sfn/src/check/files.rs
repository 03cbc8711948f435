//! Which files hold definitions, and work on many of them at once. Apart from judging, because `fmt` and `convert` look for
//! the same files.

use sfn_asl::Format;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// The standard input.
    Stdin,
    /// A file that somebody named.
    Named(PathBuf),
    /// A file that a folder has.
    Found(PathBuf),
}

impl Source {
    /// Its name in messages.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Stdin => Path::new("<stdin>"),
            Self::Named(path) | Self::Found(path) => path,
        }
    }

    /// All its bytes.
    pub(crate) fn read(&self) -> Result<Vec<u8>, FilesError> {
        let bytes = match self {
            Self::Stdin => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            Self::Named(path) | Self::Found(path) => std::fs::read(path),
        };
        bytes.map_err(|source| FilesError::Unreadable { path: self.path().to_owned(), source })
    }

    /// What it is written in: as its name says, or else its text.
    pub(crate) fn format(&self, bytes: &[u8]) -> Format {
        let name = self.path().to_string_lossy();
        Format::of_file_name(&name).unwrap_or_else(|| Format::of_text(&String::from_utf8_lossy(bytes)))
    }
}

/// Why files cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FilesError {
    #[error("there is no file or folder `{}`", .0.display())]
    Missing(PathBuf),
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error(
        "`{}` is Terraform, which is not read: check the file that it renders with `templatefile`, or the rendered \
         `definition` of `terraform show -json`", .0.display()
    )]
    Terraform(PathBuf),
    #[error(
        "`{}` is a program, and holds no definition before it has run: check what it writes, such as \
         `cdk.out/*.template.json` after `cdk synth` or `target/sfn/*.asl.json` after `cargo build`", .0.display()
    )]
    Program(PathBuf),
    #[error("a folder cannot be searched: {0}")]
    Walk(#[from] ignore::Error),
}

/// The files that are named, and those in the folders that are named which may hold definitions.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Source>, FilesError> {
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Source::Stdin);
        } else if path.is_dir() {
            walk(path, &mut sources)?;
        } else if path.exists() {
            let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
            match &*extension {
                "tf" | "hcl" => return Err(FilesError::Terraform(path.clone())),
                "ts" | "js" | "py" | "java" | "cs" | "go" | "rs" => {
                    return Err(FilesError::Program(path.clone()));
                }
                _ => sources.push(Source::Named(path.clone())),
            }
        } else {
            return Err(FilesError::Missing(path.clone()));
        }
    }
    Ok(sources)
}

/// The files of a folder, by name, without what `.gitignore` names.
fn walk(folder: &Path, sources: &mut Vec<Source>) -> Result<(), FilesError> {
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.require_git(false).sort_by_file_name(Ord::cmp);
    walk.filter_entry(|entry| entry.file_name() != "node_modules");
    for entry in walk.build() {
        let entry = entry?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let name = entry.file_name().to_string_lossy();
        if is_file && (Format::of_file_name(&name).is_some() || name.ends_with(".template")) {
            let path = entry.into_path();
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            sources.push(Source::Found(path));
        }
    }
    Ok(())
}

/// Whether a file's name says that it is a definition.
pub(crate) fn is_definition_by_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    [".asl.json", ".asl.yaml", ".asl.yml"].iter().any(|ending| name.ends_with(ending))
}

/// Whether the bytes of a file may hold a definition, at a glance.
pub(crate) fn may_hold_definition(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let is_definition = text.contains("StartAt") && text.contains("States");
    is_definition || text.contains("::StateMachine")
}

/// Does something with each source, on all cores, and keeps the order.
pub(crate) fn in_parallel<T: Send, E: Send>(
    sources: &[Source],
    may_show_progress: bool,
    work: impl Fn(&Source) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    /// Fewer files are done before anybody has read a bar.
    const MANY: usize = 50;
    let is_shown = may_show_progress && sources.len() >= MANY && io::stderr().is_terminal();
    let bar = if is_shown {
        indicatif::ProgressBar::new(sources.len() as u64).with_message("checking")
    } else {
        indicatif::ProgressBar::hidden()
    };
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(sources.len()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(sources.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((index, source)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    sources.get(index).map(|source| (index, source))
                } {
                    let result = work(source);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_sources() {
        let sources: Vec<_> = (0..200).map(|index| Source::Named(index.to_string().into())).collect();
        let names = in_parallel(&sources, true, |source| Ok::<_, ()>(source.path().to_owned()));
        let expected: Vec<_> = (0..200).map(|index| PathBuf::from(index.to_string())).collect();
        assert_eq!(names, Ok(expected));
    }
}
