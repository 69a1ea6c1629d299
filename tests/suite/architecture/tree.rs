//! The files of `src/`.

use std::path::{Path, PathBuf};

/// One file of `src/`.
pub(super) struct File {
    /// From the package's root.
    pub(super) path: String,
    pub(super) text: String,
}

/// Every file of `src/`.
pub(super) fn files() -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let from_root = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                files.push(File {
                    text: read(&from_root),
                    path: from_root,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The modules in a folder, sorted.
pub(super) fn modules_in(folder: &str) -> Vec<String> {
    let mut modules: Vec<_> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|stem| stem != "mod")
        .collect();
    modules.sort();
    modules
}

pub(super) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
