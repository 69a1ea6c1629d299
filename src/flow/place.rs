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
        return (
            Way::Nobody,
            format!("{why}, and there is no terminal: nobody can sign in here"),
        );
    }
    let (way, what, others) = match (place.can_open_browser, place.has_terminal) {
        (true, true) => (
            Way::Browser,
            "signing in with the browser",
            "`--paste` or `--device-code`",
        ),
        (true, false) => (Way::Browser, "signing in with the browser", "`--device-code`"),
        (false, true) => (
            Way::Paste,
            "signing in with a browser on any machine, and a paste",
            "`--browser` or `--device-code`",
        ),
        (false, false) => (Way::DeviceCode, "signing in with a code", "`--browser`"),
    };
    (way, format!("{what}, since {why} (otherwise: {others})"))
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
    let is_toolbox = ["TOOLBOX_PATH", "DISTROBOX_ENTER_PATH"]
        .iter()
        .any(|name| is_set(&name));
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
