//! The files of the logins, as a test looks at them and ages them.

use serde_json::Value;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// `~/.entra-token`.
pub(crate) struct Store(PathBuf);

impl Store {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Makes the folder.
    pub(crate) fn make(&self) {
        std::fs::DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(&self.0)
            .unwrap();
    }

    /// The folders of the logins.
    pub(crate) fn logins(&self) -> Vec<PathBuf> {
        list(&self.0.join("v1/logins"))
            .into_iter()
            .filter(|path| !name(path).starts_with('.'))
            .collect()
    }

    /// The folder of the only login.
    #[track_caller]
    pub(crate) fn login(&self) -> PathBuf {
        match self.logins().as_slice() {
            [only] => only.clone(),
            several => panic!("{} logins", several.len()),
        }
    }

    /// The token files of the only login.
    pub(crate) fn tokens(&self) -> Vec<PathBuf> {
        list(&self.login())
            .into_iter()
            .filter(|path| name(path).starts_with("token-") && name(path).ends_with(".json"))
            .collect()
    }

    /// The refresh token of the only login.
    pub(crate) fn refresh_token(&self) -> String {
        read(&self.login().join("login.json"))["refresh_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Makes every token of the only login older, as if that many seconds had passed.
    pub(crate) fn age(&self, seconds: i64) {
        for path in self.tokens() {
            let mut file = read(&path);
            let token = &mut file["token"];
            token["obtained_ms"] = (token["obtained_ms"].as_i64().unwrap() - seconds * 1000).into();
            token["expires_on"] = (token["expires_on"].as_i64().unwrap() - seconds).into();
            if let Some(refresh_on) = token["refresh_on"].as_i64() {
                token["refresh_on"] = (refresh_on - seconds).into();
            }
            write(&path, file.to_string());
        }
    }

    /// Forgets remembered failures.
    pub(crate) fn forgive(&self) {
        let _ = std::fs::remove_file(self.login().join("refusals.json"));
    }

    /// Every file below, with its bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for path in list(&folder) {
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push((path.clone(), std::fs::read(&path).unwrap()))
                }
            }
        }
        files
    }
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Replaces a file, mode 0600.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) {
    let _ = std::fs::remove_file(path);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    std::io::Write::write_all(&mut file, text.as_ref()).unwrap();
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}
