//! Where the entra-token under test is.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, not a part of entra-token: it builds and looks for entra-token"
)]

use std::env::{self, consts::EXE_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;

use entra_sandbox::{Error, Result};

/// The folder of this program, in which cargo puts entra-token too.
pub(crate) fn folder() -> Result<PathBuf> {
    let own = env::current_exe().map_err(|error| Error::new("looking for this program", error))?;
    Ok(own.parent().map(Path::to_owned).unwrap_or_default())
}

/// `given`, or the entra-token beside this program, built first if it is not there.
pub(crate) fn find_or_build(given: Option<&Path>) -> Result<PathBuf> {
    let what = "looking for entra-token";
    if let Some(given) = given {
        return given
            .canonicalize()
            .map_err(|error| Error::new(format!("{what} at `{}`", given.display()), error));
    }
    let folder = folder()?;
    let binary = folder.join(format!("entra-token{EXE_SUFFIX}"));
    if !binary.exists() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(workspace)
            .args(["build", "--quiet", "--package", "entra-token"]);
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        cargo
            .status()
            .map_err(|error| Error::new("building entra-token", error))?;
    }
    if !binary.exists() {
        return Err(Error::new(
            what,
            format!("`{}` is not there; `--binary PATH` names another one", binary.display()),
        ));
    }
    Ok(binary)
}
