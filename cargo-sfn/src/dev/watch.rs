//! Which files of a workspace were saved. Separate from what is done about it, because editors and systems save in many ways.

use ignore::{IncrementalIgnore, WalkBuilder};
use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long nothing must be saved until what was saved is complete.
const QUIET: Duration = Duration::from_millis(150);

/// The folders of a workspace that hold its sources, watched.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    root: PathBuf,
    target: PathBuf,
    folders: BTreeSet<PathBuf>,
    /// What `.gitignore` named when the folders were looked for.
    ignored: Vec<IncrementalIgnore>,
    saved: mpsc::UnboundedReceiver<PathBuf>,
}

impl Watch {
    /// Watches a folder and those below it, but for what is built and what `.gitignore` names.
    pub(super) fn of(root: &Path, target: &Path) -> notify::Result<Self> {
        let (tell, saved) = mpsc::unbounded_channel();
        let (root, target) = (root.to_owned(), target.to_owned());
        let built = target.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // What cannot be watched any more is watched again after the next change.
            let Ok(event) = event else { return };
            for path in event.paths.into_iter().filter(|path| is_saved(event.kind, path, &built)) {
                // Nobody listens only when the program ends.
                let _ = tell.send(path);
            }
        })?;
        let (folders, ignored) = (BTreeSet::new(), Vec::new());
        let mut watch = Self { watcher, root, target, folders, ignored, saved };
        watch.look_again()?;
        Ok(watch)
    }

    /// Watches folders that are new, too. Each is watched by itself: there are many below those that are left out.
    pub(super) fn look_again(&mut self) -> notify::Result<()> {
        let target = self.target.clone();
        let mut walk = WalkBuilder::new(&self.root);
        walk.require_git(false)
            .filter_entry(move |entry| entry.path() != target && entry.file_name() != "node_modules");
        let folders: BTreeSet<PathBuf> = walk
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()))
            .map(ignore::DirEntry::into_path)
            .collect();
        for folder in &folders {
            if self.folders.contains(folder) {
                continue;
            }
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                // It was there a moment ago.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                outcome => outcome?,
            }
        }
        self.folders = folders;
        self.ignored = walk.build_matchers();
        Ok(())
    }

    /// Forgets what was saved so far.
    pub(super) fn forget(&mut self) {
        while self.saved.try_recv().is_ok() {}
    }

    /// Waits until something is saved, and until all that is saved with it is: the first of it.
    pub(super) async fn changed(&mut self) -> PathBuf {
        let first = self.next().await;
        while timeout(QUIET, self.next()).await.is_ok() {}
        first
    }

    /// The next file that is saved and that `.gitignore` does not name.
    async fn next(&mut self) -> PathBuf {
        loop {
            // The sender lives in the watcher, and the watcher here.
            let Some(path) = self.saved.recv().await else { return std::future::pending().await };
            let below = path.strip_prefix(&self.root).unwrap_or(&path);
            let is_folder = path.is_dir();
            if !self.ignored.iter_mut().any(|ignored| ignored.matched(below, is_folder).is_ignore()) {
                return path;
            }
        }
    }
}

/// Whether it may be a source that was saved: neither read, nor an editor's own file, nor what cargo writes.
fn is_saved(kind: EventKind, path: &Path, target: &Path) -> bool {
    let is_change = match kind {
        EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)),
        EventKind::Create(_) | EventKind::Remove(_) => true,
        EventKind::Access(_) | EventKind::Any | EventKind::Other => false,
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Cargo makes it under another name, which begins so, and gives it its own then.
    let is_target = path.parent() == target.parent()
        && target.file_name().is_some_and(|target| name.starts_with(&*target.to_string_lossy()));
    let is_editors = name.starts_with(['.', '#']) || name.ends_with(['~', '#']) || name == "4913";
    is_change && !is_target && !is_editors && name != "Cargo.lock"
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind, RemoveKind};

    #[test]
    fn sources_are_told_from_all_else_that_happens_to_files() {
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let told = |kind: EventKind, name: &str| {
            is_saved(kind, &Path::new("/shop").join(name), Path::new("/shop/target"))
        };
        for name in ["src/lib.rs", "inputs/a.json", "Cargo.toml", "src/target.rs"] {
            assert!(told(written, name), "{name}");
        }
        for name in [
            ".lib.rs.swp",
            "src/.#lib.rs",
            "src/#lib.rs#",
            "src/lib.rs~",
            "src/4913",
            "Cargo.lock",
            "targetx1Y",
        ] {
            assert!(!told(written, name), "{name}");
        }
        assert!(told(EventKind::Create(CreateKind::File), "src/lib.rs"));
        assert!(told(EventKind::Remove(RemoveKind::File), "src/lib.rs"));
        assert!(!told(EventKind::Access(AccessKind::Any), "src/lib.rs"));
        assert!(!told(EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)), "src/lib.rs"));
    }
}
