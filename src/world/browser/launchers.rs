//! Which programs could open a browser here, the best first.

use super::PATIENCE;
use super::words::{Named, commands, named};
use crate::world::platform::Family;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A program that opens a browser, with the address in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Launcher {
    pub(super) program: PathBuf,
    pub(super) args: Vec<String>,
    /// How long it is watched.
    pub(super) patience: Duration,
    /// A status beside 0 that means success.
    pub(super) also_fine: Option<i32>,
}

/// What the choice depends on.
pub(super) struct Surroundings<'a> {
    pub(super) family: Family,
    pub(super) var: &'a dyn Fn(&str) -> Option<String>,
    /// Whether something that can be run stands there.
    pub(super) is_program: &'a dyn Fn(&Path) -> bool,
}

/// Browsers that need the terminal, which is ours.
const TEXT: [&str; 6] = ["lynx", "w3m", "links", "links2", "elinks", "www-browser"];

/// Programs of a desktop; `gio` takes a word before the address.
const DESKTOP: [(&str, &[&str]); 12] = [
    ("xdg-open", &[]),
    ("gio", &["open"]),
    ("gnome-open", &[]),
    ("kde-open", &[]),
    ("exo-open", &[]),
    ("sensible-browser", &[]),
    ("x-www-browser", &[]),
    ("firefox", &[]),
    ("google-chrome", &[]),
    ("chromium", &[]),
    ("chromium-browser", &[]),
    ("microsoft-edge", &[]),
];

/// Where Windows keeps them, for a WSL that does not take over the `PATH` of Windows.
const POWERSHELL: &str = "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe";
const EXPLORER: &str = "/mnt/c/Windows/explorer.exe";

/// What could open `url`, the best first, and what cannot and why.
pub(super) fn launchers(here: &Surroundings<'_>, url: &str) -> (Vec<Launcher>, Vec<String>) {
    let mut found = Vec::new();
    let mut failures = Vec::new();
    let browser = (here.var)("BROWSER").unwrap_or_default();
    for command in commands(&browser) {
        // A path with blanks that nobody quoted, as those of Windows are.
        let named = match (here.is_program)(Path::new(command)) {
            true => Ok(Named::program(command, url)),
            false => named(command, url),
        };
        match named.and_then(|named| of_variable(here, named)) {
            Ok(launcher) => found.push(launcher),
            Err(why) => failures.push(why),
        }
    }
    match here.family {
        Family::Wsl => {
            found.extend(of_wsl(here, url));
            found.extend(of_desktop(here, url));
        }
        Family::MacOs => found.push(launcher("/usr/bin/open".into(), &[], url)),
        Family::Windows => {
            let root = (here.var)("SystemRoot").unwrap_or_else(|| "C:\\Windows".to_owned());
            let program = format!("{root}\\System32\\rundll32.exe");
            found.push(launcher(program.into(), &["url.dll,FileProtocolHandler"], url));
        }
        Family::Linux | Family::Other => found.extend(of_desktop(here, url)),
    }
    if found.is_empty() && failures.is_empty() {
        failures.push(match has_display(here) {
            true => "no program that opens one is on `PATH`, such as `xdg-open`".to_owned(),
            false => "there is no display (`DISPLAY`, `WAYLAND_DISPLAY`), and `$BROWSER` is not set".to_owned(),
        });
    }
    (found, failures)
}

fn of_variable(here: &Surroundings<'_>, named: Named) -> Result<Launcher, String> {
    let Named { words, in_background } = named;
    let mut words = words.into_iter();
    let program = words.next().unwrap_or_default();
    let name = Path::new(&program).file_name().and_then(|name| name.to_str());
    if name.is_some_and(|name| TEXT.contains(&name)) {
        return Err(format!("`{program}` in `$BROWSER` needs the terminal for itself"));
    }
    let found = find(here, &program).ok_or_else(|| format!("`{program}` in `$BROWSER` is not there"))?;
    Ok(Launcher {
        program: found,
        args: words.collect(),
        patience: if in_background { Duration::ZERO } else { PATIENCE },
        also_fine: None,
    })
}

/// The browser of the Windows around us.
fn of_wsl(here: &Surroundings<'_>, url: &str) -> Vec<Launcher> {
    let beside = |name, path: &str| {
        find(here, name).or_else(|| Some(PathBuf::from(path)).filter(|path| (here.is_program)(path)))
    };
    let mut found = Vec::new();
    if let Some(program) = find(here, "wslview") {
        found.push(launcher(program, &[], url));
    }
    if let Some(program) = beside("powershell.exe", POWERSHELL) {
        // Between single quotation marks nothing is interpreted but themselves.
        let command = format!("Start-Process '{}'", url.replace('\'', "''"));
        found.push(launcher(
            program,
            &["-NoProfile", "-NonInteractive", "-Command"],
            &command,
        ));
    }
    if let Some(program) = beside("explorer.exe", EXPLORER) {
        found.push(Launcher {
            also_fine: Some(1),
            ..launcher(program, &[], url)
        });
    }
    found
}

/// The browser of a desktop. Without a display these would fail, or start a browser that wants our terminal.
fn of_desktop(here: &Surroundings<'_>, url: &str) -> Vec<Launcher> {
    let found = DESKTOP
        .iter()
        .filter_map(|(name, words)| Some(launcher(find(here, name)?, words, url)));
    if has_display(here) { found.collect() } else { Vec::new() }
}

fn launcher(program: PathBuf, words: &[&str], last: &str) -> Launcher {
    Launcher {
        program,
        args: words.iter().copied().chain([last]).map(str::to_owned).collect(),
        patience: PATIENCE,
        also_fine: None,
    }
}

fn has_display(here: &Surroundings<'_>) -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| (here.var)(name).is_some())
}

/// A program by its path, or by its name in the absolute folders of `PATH`: never from the folder that we stand in.
fn find(here: &Surroundings<'_>, program: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| (here.is_program)(path);
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| path.is_absolute() && is_program(path));
    }
    let path = (here.var)("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(program))
        .find(is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://login.example/authorize?a=1&b='2'";
    const PATH: (&str, &str) = ("PATH", "/usr/bin:.::/opt/bin");
    const DISPLAY: (&str, &str) = ("DISPLAY", ":0");

    /// What is tried, a line each, and what cannot be.
    fn tried(family: Family, variables: &[(&str, &str)], programs: &[&str]) -> (Vec<String>, Vec<String>) {
        let here = Surroundings {
            family,
            var: &|name| {
                let found = variables.iter().find(|(have, _)| *have == name);
                found.map(|(_, value)| (*value).to_owned())
            },
            is_program: &|path| programs.iter().any(|program| Path::new(program) == path),
        };
        let (found, failures) = launchers(&here, URL);
        let lines = found.iter().map(|launcher| {
            let mut line = launcher.program.display().to_string();
            for arg in &launcher.args {
                line += &format!(" {}", arg.replace(URL, "URL"));
            }
            if launcher.patience.is_zero() {
                line += " &";
            }
            if let Some(status) = launcher.also_fine {
                line += &format!(" or {status}");
            }
            line
        });
        (lines.collect(), failures)
    }

    #[test]
    fn each_system_has_its_own() {
        let wsl = "/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe -NoProfile -NonInteractive -Command \
                   Start-Process 'https://login.example/authorize?a=1&b=''2'''";
        for (family, variables, programs, expected) in [
            (Family::MacOs, &[][..], &[][..], &["/usr/bin/open URL"][..]),
            (
                Family::Windows,
                &[("SystemRoot", "D:\\Windows")],
                &[],
                &["D:\\Windows\\System32\\rundll32.exe url.dll,FileProtocolHandler URL"],
            ),
            (
                Family::Linux,
                &[PATH, DISPLAY],
                &["/opt/bin/xdg-open", "/usr/bin/gio", "/usr/bin/w3m", "./firefox"],
                &["/opt/bin/xdg-open URL", "/usr/bin/gio open URL"],
            ),
            (
                Family::Wsl,
                &[PATH],
                &["/usr/bin/wslview", POWERSHELL, EXPLORER, "/usr/bin/xdg-open"],
                &["/usr/bin/wslview URL", wsl, "/mnt/c/Windows/explorer.exe URL or 1"],
            ),
            (
                Family::Wsl,
                &[PATH, DISPLAY],
                &["/usr/bin/xdg-open"],
                &["/usr/bin/xdg-open URL"],
            ),
        ] {
            let (found, failures) = tried(family, variables, programs);
            assert_eq!(found, expected, "{family:?}");
            assert_eq!(failures, [""; 0], "{family:?}");
        }
    }

    #[test]
    fn the_variable_comes_first() {
        let programs = [
            "/usr/bin/a",
            "/opt/bin/b",
            "/usr/bin/xdg-open",
            "/mnt/c/Program Files/x.exe",
            "/usr/bin/w3m",
        ];
        for (value, expected, failed) in [
            ("a", &["/usr/bin/a URL"][..], &[][..]),
            ("/opt/bin/b -n %s x%%y &", &["/opt/bin/b -n URL x%y &"], &[]),
            ("a:b --u=%s", &["/usr/bin/a URL", "/opt/bin/b --u=URL"], &[]),
            ("'/mnt/c/Program Files/x.exe'", &["/mnt/c/Program Files/x.exe URL"], &[]),
            ("/mnt/c/Program\\ Files/x.exe", &["/mnt/c/Program Files/x.exe URL"], &[]),
            ("/mnt/c/Program Files/x.exe", &["/mnt/c/Program Files/x.exe URL"], &[]),
            ("--version", &[], &["`--version` in `$BROWSER` is no program"]),
            ("'' a", &[], &["`` in `$BROWSER` is no program"]),
            ("w3m", &[], &["`w3m` in `$BROWSER` needs the terminal for itself"]),
            ("c", &[], &["`c` in `$BROWSER` is not there"]),
            ("./a", &[], &["`./a` in `$BROWSER` is not there"]),
            ("a 'b", &[], &["`a 'b` in `$BROWSER` has a quotation mark too few"]),
            ("c:a", &["/usr/bin/a URL"], &["`c` in `$BROWSER` is not there"]),
        ] {
            let (found, failures) = tried(Family::Linux, &[PATH, ("BROWSER", value)], &programs);
            assert_eq!(found, expected, "{value}");
            assert_eq!(failures, failed, "{value}");
            let (found, _) = tried(Family::Linux, &[PATH, DISPLAY, ("BROWSER", value)], &programs);
            assert_eq!(found.last().unwrap(), "/usr/bin/xdg-open URL", "{value}");
        }
    }

    #[test]
    fn why_there_is_none_is_told() {
        let (found, failures) = tried(Family::Linux, &[PATH], &["/usr/bin/xdg-open"]);
        assert!(
            found.is_empty() && failures.concat().starts_with("there is no display"),
            "{failures:?}"
        );
        let (found, failures) = tried(Family::Linux, &[PATH, DISPLAY], &[]);
        assert!(
            found.is_empty() && failures.concat().contains("`xdg-open`"),
            "{failures:?}"
        );
    }
}
