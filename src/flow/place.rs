//! Where we are, and which way of signing in that allows.

use crate::error::{Error, Kind};
use crate::world::World;
use crate::world::platform::Family;
use std::path::Path;

/// What kind of place this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The person sits at this machine.
    Desktop,
    /// The person sits elsewhere, and came by SSH.
    Ssh,
    /// Linux inside of the person's Windows.
    Wsl,
    /// A container.
    Container,
    /// GitHub Codespaces.
    Codespaces,
    /// A build, with nobody who could answer.
    Ci,
    /// A machine without a display.
    Headless,
}

/// Where we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of place this is.
    pub setting: Setting,
    /// Whether a person could type an answer.
    pub has_terminal: bool,
    /// Whether a browser of the person's can be opened from here, and finds its way back.
    pub can_open_browser: bool,
    /// What tells so, as a sentence without a full stop.
    pub why: String,
}

/// A way of signing in that a place allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A browser that we open, and that comes back to a port of ours.
    Browser,
    /// A browser anywhere, and a paste into the terminal.
    Paste,
    /// A code that is typed on another device.
    DeviceCode,
    /// Nobody is there to sign in; see [`nobody`].
    Nobody,
}

/// Says where we are. Looks at variables first, and at a few files; asks nothing and opens nothing.
#[must_use]
pub fn place(world: &World) -> Place {
    let has_terminal = world.terminal.is_there();
    let (setting, why) = setting(world, has_terminal);
    // Editors set it to a helper that opens the browser at which the person sits, and forwards the port.
    let named = world.environment.var("BROWSER").is_some();
    let as_root = setting == Setting::Desktop && is_sudo(world);
    let (can_open_browser, why) = match setting {
        Setting::Ci => (false, why),
        _ if named => (true, "`$BROWSER` is set".to_owned()),
        Setting::Desktop if as_root => (
            false,
            "this is root by `sudo`, and the browser is somebody else's".to_owned(),
        ),
        Setting::Desktop | Setting::Wsl => (true, why),
        Setting::Ssh | Setting::Container | Setting::Codespaces | Setting::Headless => (false, why),
    };
    Place {
        setting,
        has_terminal,
        can_open_browser,
        why,
    }
}

/// The way that suits a place, and one line that says so and how to have it otherwise.
#[must_use]
pub fn choose(place: &Place) -> (Way, String) {
    let why = &place.why;
    if place.setting == Setting::Ci {
        return (Way::Nobody, nobody(place).message().to_owned());
    }
    match (place.can_open_browser, place.has_terminal) {
        (true, true) => (
            Way::Browser,
            format!("signing in with the browser, since {why} (otherwise: `--paste` or `--device-code`)"),
        ),
        (true, false) => (
            Way::Browser,
            format!("signing in with the browser, since {why} (otherwise: `--device-code`)"),
        ),
        (false, true) => (
            Way::Paste,
            format!(
                "signing in with a browser on any machine and a paste, since {why} (otherwise: `--browser` or \
                 `--device-code`)"
            ),
        ),
        (false, false) => (
            Way::DeviceCode,
            format!("signing in with a code, since {why}, and there is no terminal (otherwise: `--browser`)"),
        ),
    }
}

/// What to say where nobody can sign in.
#[must_use]
pub fn nobody(place: &Place) -> Error {
    Error::new(
        Kind::BadRequest,
        format!("{}, and there is no terminal: nobody can sign in here", place.why),
    )
    .hint(
        "run: entra-token login --refresh-token-stdin < FILE; or, if somebody reads this output meanwhile: entra-token \
         login --device-code",
    )
}

/// Variables that build servers set.
const CI: [&str; 8] = [
    "CI",
    "GITHUB_ACTIONS",
    "TF_BUILD",
    "GITLAB_CI",
    "JENKINS_URL",
    "BUILDKITE",
    "TEAMCITY_VERSION",
    "CODEBUILD_BUILD_ID",
];

fn setting(world: &World, has_terminal: bool) -> (Setting, String) {
    let var = |name: &str| world.environment.var(name);
    let is_set = |name: &str| var(name).is_some();
    let said = |name: &str| format!("`{name}` is set");
    if !has_terminal && let Some(name) = CI.iter().find(|name| var(name).is_some_and(|value| is_yes(&value))) {
        return (Setting::Ci, said(name));
    }
    if var("CODESPACES").is_some_and(|value| is_yes(&value)) {
        return (Setting::Codespaces, said("CODESPACES"));
    }
    if let Some(name) = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
        .into_iter()
        .find(|name| is_set(name))
    {
        return (Setting::Ssh, said(name));
    }
    let family = world.platform.family();
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set);
    // These share the desktop and the network of their machine.
    let is_toolbox = ["TOOLBOX_PATH", "DISTROBOX_ENTER_PATH"].iter().any(|name| is_set(name));
    if !(is_toolbox && has_display)
        && let Some(sign) = container(world, family)
    {
        return (Setting::Container, format!("this is a container ({sign})"));
    }
    match family {
        Family::Wsl => (Setting::Wsl, "this is WSL, and the browser that of Windows".to_owned()),
        Family::MacOs | Family::Windows => (Setting::Desktop, "this is a desktop".to_owned()),
        Family::Linux | Family::Other if has_display => (Setting::Desktop, "there is a display".to_owned()),
        Family::Linux | Family::Other => (
            Setting::Headless,
            "there is no display (`DISPLAY`, `WAYLAND_DISPLAY`)".to_owned(),
        ),
    }
}

/// What gives a container away (as MSAL does it, and Kubernetes).
fn container(world: &World, family: Family) -> Option<String> {
    const FILES: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];
    const CGROUP: &str = "/proc/1/cgroup";
    const WORDS: [&str; 5] = ["docker", "containerd", "kubepods", "lxc", "libpod"];
    if !matches!(family, Family::Linux | Family::Wsl) {
        return None;
    }
    if world.environment.var("KUBERNETES_SERVICE_HOST").is_some() {
        return Some("`KUBERNETES_SERVICE_HOST` is set".to_owned());
    }
    if let Some(file) = FILES.iter().find(|file| world.files.look(Path::new(file)).is_ok()) {
        return Some(format!("`{file}`"));
    }
    let groups = world.files.read_start(Path::new(CGROUP), 16 * 1024).ok()?;
    WORDS
        .iter()
        .any(|word| groups.contains(word))
        .then(|| format!("`{CGROUP}`"))
}

/// Root's browser would be another than the person's, or none.
fn is_sudo(world: &World) -> bool {
    let unix = !matches!(world.platform.family(), Family::Windows);
    unix && world.platform.user() == 0 && world.environment.var("SUDO_USER").is_some()
}

fn is_yes(value: &str) -> bool {
    !["0", "false", "no"].contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    /// A fake world of `NAME=value` variables and `/files`.
    fn world(family: Family, signs: &[&str]) -> Fake {
        signs
            .iter()
            .fold(Fake::default().on(family), |fake, sign| match sign.split_once('=') {
                Some((name, value)) => fake.var(name, value),
                None => fake.file(sign, "0::/\n"),
            })
    }

    #[test]
    fn each_place_has_its_way() {
        use Family::{Linux, MacOs, Windows, Wsl};
        use Setting::{Ci, Codespaces, Container, Desktop, Headless, Ssh};
        use Way::{Browser, DeviceCode, Nobody, Paste};
        const HELPER: &str = "BROWSER=/vscode/bin/helpers/browser.sh";
        const SSH: &str = "SSH_CONNECTION=203.0.113.7 1 203.0.113.8 22";
        // Where; what it is; the way with a terminal, and without.
        for (family, signs, setting, at_terminal, without) in [
            (Linux, &["DISPLAY=:0"][..], Desktop, Browser, Browser),
            (Linux, &["WAYLAND_DISPLAY=wayland-0"], Desktop, Browser, Browser),
            (Linux, &[], Headless, Paste, DeviceCode),
            (Linux, &[HELPER], Headless, Browser, Browser),
            (Family::Other, &[], Headless, Paste, DeviceCode),
            (MacOs, &[], Desktop, Browser, Browser),
            (Windows, &[], Desktop, Browser, Browser),
            (Wsl, &["WSL_DISTRO_NAME=Debian"], Setting::Wsl, Browser, Browser),
            (Wsl, &["/.dockerenv"], Container, Paste, DeviceCode),
            (Linux, &[SSH, "DISPLAY=localhost:10.0"], Ssh, Paste, DeviceCode),
            (Linux, &["SSH_TTY=/dev/pts/1"], Ssh, Paste, DeviceCode),
            (Linux, &[SSH, HELPER], Ssh, Browser, Browser),
            (MacOs, &[SSH], Ssh, Paste, DeviceCode),
            (Wsl, &[SSH], Ssh, Paste, DeviceCode),
            (Linux, &["CODESPACES=true"], Codespaces, Paste, DeviceCode),
            (Linux, &["CODESPACES=true", HELPER], Codespaces, Browser, Browser),
            (Linux, &["/.dockerenv"], Container, Paste, DeviceCode),
            (Linux, &["/run/.containerenv"], Container, Paste, DeviceCode),
            (
                Linux,
                &["KUBERNETES_SERVICE_HOST=10.0.0.1"],
                Container,
                Paste,
                DeviceCode,
            ),
            (Linux, &["/.dockerenv", HELPER], Container, Browser, Browser),
            (
                Linux,
                &["/run/.containerenv", "DISPLAY=:0"],
                Container,
                Paste,
                DeviceCode,
            ),
            (
                Linux,
                &["/run/.containerenv", "DISPLAY=:0", "TOOLBOX_PATH=/usr/bin/toolbox"],
                Desktop,
                Browser,
                Browser,
            ),
            // macOS has no such files, and nothing is asked of it.
            (MacOs, &["/.dockerenv"], Desktop, Browser, Browser),
            (Linux, &["CI=false", "DISPLAY=:0"], Desktop, Browser, Browser),
        ] {
            let fake = world(family, signs);
            for (fake, way) in [(fake.clone().at_a_terminal(), at_terminal), (fake, without)] {
                let place = place(&fake.world());
                let (chosen, line) = choose(&place);
                assert_eq!((place.setting, chosen), (setting, way), "{family:?} {signs:?}: {line}");
            }
        }
        // A build, unless somebody sits at its terminal.
        for (signs, at_terminal) in [
            (&["CI=true"][..], Paste),
            (&["GITHUB_ACTIONS=true", "DISPLAY=:99"], Browser),
            (&["TF_BUILD=True", "/.dockerenv"], Paste),
            (&["JENKINS_URL=https://ci.example/", HELPER], Browser),
        ] {
            let fake = world(Linux, signs);
            let place = place(&fake.world());
            assert_eq!((place.setting, choose(&place).0), (Ci, Nobody), "{signs:?}");
            let place = super::place(&fake.at_a_terminal().world());
            assert_eq!(choose(&place).0, at_terminal, "{signs:?}");
        }
    }

    /// Somebody else's browser would not come back to us, or not open at all.
    #[test]
    fn root_by_sudo_has_no_browser() {
        for (user, variables, way) in [
            (0, &["DISPLAY=:0", "SUDO_USER=ana"][..], Way::Paste),
            (0, &["DISPLAY=:0"], Way::Browser),
            (1001, &["DISPLAY=:0", "SUDO_USER=ana"], Way::Browser),
            (0, &["DISPLAY=:0", "SUDO_USER=ana", "BROWSER=x"], Way::Browser),
        ] {
            let fake = world(Family::Linux, variables).at_a_terminal().by_user(user);
            assert_eq!(choose(&place(&fake.world())).0, way, "{user} {variables:?}");
        }
    }

    #[test]
    fn containers_are_known_by_their_group() {
        for (groups, container) in [
            ("12:pids:/docker/4f2a\n1:name=systemd:/docker/4f2a\n", true),
            ("0::/kubepods.slice/kubepods-besteffort.slice\n", true),
            ("0::/machine.slice/libpod-4f2a.scope\n", true),
            ("0::/init.scope\n", false),
            ("0::/\n", false),
        ] {
            let fake = Fake::default().var("DISPLAY", ":0").file("/proc/1/cgroup", groups);
            let setting = place(&fake.world()).setting;
            assert_eq!(setting == Setting::Container, container, "{groups}");
        }
    }

    #[test]
    fn the_choice_is_told_in_one_line() {
        for (signs, at_terminal, line) in [
            (
                &["DISPLAY=:0"][..],
                true,
                "signing in with the browser, since there is a display (otherwise: `--paste` or `--device-code`)",
            ),
            (
                &["DISPLAY=:0"],
                false,
                "signing in with the browser, since there is a display (otherwise: `--device-code`)",
            ),
            (
                &["BROWSER=x", "/.dockerenv"],
                false,
                "signing in with the browser, since `$BROWSER` is set (otherwise: `--device-code`)",
            ),
            (
                &["SSH_TTY=x"],
                true,
                "signing in with a browser on any machine and a paste, since `SSH_TTY` is set (otherwise: `--browser` or \
                 `--device-code`)",
            ),
            (
                &["/.dockerenv"],
                false,
                "signing in with a code, since this is a container (`/.dockerenv`), and there is no terminal (otherwise: \
                 `--browser`)",
            ),
            (
                &["GITLAB_CI=true"],
                false,
                "`GITLAB_CI` is set, and there is no terminal: nobody can sign in here",
            ),
        ] {
            let fake = world(Family::Linux, signs);
            let fake = if at_terminal { fake.at_a_terminal() } else { fake };
            let place = place(&fake.world());
            assert_eq!(choose(&place).1, line);
            assert_eq!(nobody(&place).message() == line, line.contains("nobody"), "{line}");
        }
    }
}
