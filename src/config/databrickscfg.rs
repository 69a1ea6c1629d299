//! `.databrickscfg`, as the Databricks CLI reads it: sections in brackets, `key = value` or `key: value`, comments on lines
//! of their own or after ` #` or ` ;`, values in quotes or not, the last of two equal keys winning. Only what says which
//! workspace is meant is kept; the tokens and passwords that may stand beside it are wiped with the text.

use crate::error::{Error, Kind};
use crate::remedy::quoted;
use crate::services::{DatabricksFile, DatabricksProfile};
use crate::world::World;
use crate::world::files::Unreadable;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Longest file that is read, in bytes.
const LIMIT: u64 = 1024 * 1024;

/// The section that is no profile.
const SETTINGS: &str = "__settings__";

/// The section to which keys before the first header belong.
const DEFAULT: &str = "DEFAULT";

/// Reads the file that `DATABRICKS_CONFIG_FILE` names, else `.databrickscfg` in the home folder; one that is missing says
/// nothing.
///
/// # Errors
/// `config`: it cannot be trusted or read; the message names the line, and never what stands there.
pub fn workspaces(world: &World, file: Option<&str>) -> Result<DatabricksFile, Error> {
    let path = path(world, file)?;
    let shown = path.display().to_string();
    let bytes = match world.files.read_settings(&path, LIMIT, world.platform.user()) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(Unreadable::Missing) => {
            return Ok(DatabricksFile {
                path: shown,
                ..DatabricksFile::default()
            });
        }
        Err(why) => return Err(unreadable(&path, &why)),
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Error::new(Kind::Config, format!("`{shown}` is not UTF-8 text")).hint(format!("edit `{shown}`"))
    })?;
    let (default_profile, profiles) = parse(text).map_err(|line| {
        Error::new(
            Kind::Config,
            format!("`{shown}`, line {line}: neither a `[section]` nor `key = value`"),
        )
        .hint(format!("edit line {line} of `{shown}`"))
    })?;
    Ok(DatabricksFile {
        path: shown,
        default_profile,
        profiles,
    })
}

/// `~` is the home folder wherever it stands first.
fn path(world: &World, file: Option<&str>) -> Result<PathBuf, Error> {
    let file = file.unwrap_or("~/.databrickscfg");
    let in_home = match file.strip_prefix('~') {
        None => return Ok(PathBuf::from(file)),
        Some(rest) => rest.trim_start_matches('/'),
    };
    let home = ["HOME", "USERPROFILE"]
        .into_iter()
        .find_map(|name| world.environment.var(name))
        .map(PathBuf::from)
        .or_else(|| world.platform.home_by_password_database());
    home.map(|home| home.join(in_home)).ok_or_else(|| {
        Error::new(Kind::Config, "no home folder, so `.databrickscfg` cannot be read")
            .hint("set `HOME`, or `DATABRICKS_CONFIG_FILE` to an absolute path")
    })
}

fn unreadable(path: &Path, why: &Unreadable) -> Error {
    let path = path.display().to_string();
    let (cause, hint) = match why {
        Unreadable::Wide(mode) => (
            format!("other users may write it (mode {mode:04o})"),
            format!("run: chmod go-w {}", quoted(&path)),
        ),
        why => (
            why.to_string(),
            format!("make `{path}` a readable file of your own, or move it away"),
        ),
    };
    Error::new(Kind::Config, format!("`{path}` is not used: {cause}")).hint(hint)
}

/// The default profile and the profiles; or the number of the line that cannot be read.
fn parse(text: &str) -> Result<(Option<String>, Vec<DatabricksProfile>), usize> {
    let mut default_profile = None;
    let mut profiles: Vec<DatabricksProfile> = Vec::new();
    let mut section = DEFAULT;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err(at + 1);
        }
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.rfind(']').and_then(|end| rest.get(..end)).ok_or(at + 1)?.trim();
            continue;
        }
        let (key, value) = line.split_once(['=', ':']).ok_or(at + 1)?;
        let (key, value) = (key.trim(), value_of(value));
        if section == SETTINGS {
            if key == "default_profile" {
                default_profile = said(value);
            }
            continue;
        }
        let place = profiles.iter().position(|profile| profile.name == section);
        let place = place.unwrap_or_else(|| {
            profiles.push(DatabricksProfile {
                name: section.to_owned(),
                ..DatabricksProfile::default()
            });
            profiles.len() - 1
        });
        if let Some(profile) = profiles.get_mut(place) {
            keep(profile, key, value);
        }
    }
    Ok((default_profile, profiles))
}

fn keep(profile: &mut DatabricksProfile, key: &str, value: &str) {
    match key {
        "host" => profile.host = said(value),
        "account_id" => profile.account_id = said(value),
        "workspace_id" => profile.workspace_id = said(value),
        "auth_type" => profile.auth_type = said(value),
        "azure_tenant_id" => profile.azure_tenant_id = said(value),
        "client_id" => profile.client_id = said(value),
        "token" | "password" | "client_secret" => profile.has_secret |= !value.is_empty(),
        _ => {}
    }
}

fn said(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// A value without the comment after it and the quotes around it.
fn value_of(text: &str) -> &str {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('`')
        && let Some(end) = rest.rfind('`')
    {
        return rest.get(..end).unwrap_or_default();
    }
    let comment = text.find(" #").or_else(|| text.find(" ;"));
    let text = comment.and_then(|at| text.get(..at)).unwrap_or(text).trim();
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fake::Fake;

    const PATH: &str = "/home/ana/.databrickscfg";

    fn read(text: &str) -> Result<DatabricksFile, Error> {
        let fake = Fake::default().var("HOME", "/home/ana").file(PATH, text);
        workspaces(&fake.world(), None)
    }

    fn hosts(text: &str) -> Vec<(String, String)> {
        let pair = |profile: DatabricksProfile| (profile.name, profile.host.unwrap_or_default());
        read(text).unwrap().profiles.into_iter().map(pair).collect()
    }

    #[test]
    fn the_dialect() {
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("", &[]),
            ("host = https://a.example\n", &[("DEFAULT", "https://a.example")]),
            ("[DEFAULT]\nhost=h\n[dev]\nhost : g", &[("DEFAULT", "h"), ("dev", "g")]),
            ("\u{feff}[ my dev ] \r\nhost\t=\th\r\n", &[("my dev", "h")]),
            ("[a]\n# c\n; c\n\nhost = h#1 # c\n", &[("a", "h#1")]),
            ("[a]\nhost = h ; c\n", &[("a", "h")]),
            (
                "[a]\nhost = \"h\"\n[b]\nhost = 'g' # c\n[c]\nhost = `f # g`",
                &[("a", "h"), ("b", "g"), ("c", "f # g")],
            ),
            ("[a]\nhost = 1\nhost = 2\n[b]\n[a]\nhost = 3\n", &[("a", "3")]),
            ("[a]\nhost = h?o=1\n", &[("a", "h?o=1")]),
            ("[a]\nHost = h\nhost =\n", &[("a", "")]),
            ("[__settings__]\nhost = h\n", &[]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(n, h)| ((*n).to_owned(), (*h).to_owned()))
                .collect();
            assert_eq!(hosts(text), expected, "{text}");
        }
    }

    #[test]
    fn settings_and_everything_that_is_kept() {
        let file = read(
            "[__settings__]\ndefault_profile = dev\n[dev]\nhost = h\naccount_id = a\nworkspace_id = 1\n\
             auth_type = pat\nazure_tenant_id = t\nclient_id = c\ntoken = planted-secret\n",
        )
        .unwrap();
        assert_eq!(file.default_profile.as_deref(), Some("dev"));
        assert_eq!(file.path, PATH);
        let some = |text: &str| Some(text.to_owned());
        let dev = DatabricksProfile {
            name: "dev".into(),
            host: some("h"),
            account_id: some("a"),
            workspace_id: some("1"),
            auth_type: some("pat"),
            azure_tenant_id: some("t"),
            client_id: some("c"),
            has_secret: true,
        };
        assert_eq!(file.profile("dev"), Some(&dev));
        assert!(!format!("{file:?}").contains("planted"));
    }

    #[test]
    fn a_line_that_is_nothing_is_named_and_not_repeated() {
        for text in [
            "[a]\nplanted-secret\n",
            "[a]\n[planted-secret\n",
            "[a]\nhost = \u{1b}planted\n",
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.kind(), Kind::Config);
            assert!(error.message().contains("line 2"), "{error}");
            assert!(!format!("{error:?}").contains("planted"), "{error}");
        }
    }

    #[test]
    fn where_it_stands() {
        let fake = Fake::default()
            .var("HOME", "/home/ana")
            .file("/x/cfg", "host = x")
            .file("/home/ana/cfg", "host = y");
        let at = |file: Option<&str>| workspaces(&fake.world(), file).unwrap();
        assert_eq!(at(Some("/x/cfg")).profiles[0].host.as_deref(), Some("x"));
        assert_eq!(at(Some("~/cfg")).profiles[0].host.as_deref(), Some("y"));
        assert_eq!(at(None).profiles, []);
        assert_eq!(
            workspaces(&Fake::default().home("/h").world(), None).unwrap().path,
            "/h/.databrickscfg"
        );
        assert_eq!(
            workspaces(&Fake::default().world(), None).unwrap_err().kind(),
            Kind::Config
        );
    }

    #[test]
    fn a_file_that_others_may_write_is_not_used() {
        let fake = Fake::default().var("HOME", "/home/ana").wide(PATH, 0o666);
        let error = workspaces(&fake.world(), None).unwrap_err();
        assert!(error.remedy().unwrap().contains("chmod go-w"), "{error}");
    }
}
