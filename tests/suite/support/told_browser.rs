//! A program for `$BROWSER` that writes down what it was given.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A browser that opens nothing.
pub(crate) struct ToldBrowser {
    program: PathBuf,
    folder: PathBuf,
}

impl ToldBrowser {
    /// The program, in a folder of its own below this one; both have a blank in their names.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let folder = folder.join("a folder");
        std::fs::create_dir(&folder).unwrap();
        let program = folder.join("own program");
        let script = "#!/bin/sh
            cd \"${0%/*}\" || exit
            echo browser says hello; echo browser says so >&2
            printf '%s\\n' \"$@\" >words
            env >variables
            streams=$(for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done)
            printf '%s\\n' $streams >streams
            mv words told\n";
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
        Self { program, folder }
    }

    /// As `$BROWSER` has it.
    pub(crate) fn command(&self) -> String {
        format!("'{}'", self.program.display())
    }

    /// Words, variables and streams; waits until it was started, and forgets them.
    pub(crate) fn told(&self) -> [String; 3] {
        for _ in 0..6000 {
            if self.folder.join("told").exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        ["told", "variables", "streams"].map(|name| {
            let path = self.folder.join(name);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::remove_file(path).unwrap();
            text
        })
    }
}
