//! A home in which somebody is signed in, made by the program itself.

use crate::scene::{Scene, response};
use entra_token::cache::{LoginId, TokenKey};
use entra_token::desk::Desk;
use entra_token::how::{How, Page, Way};
use entra_token::request::{Ask, Authority, ClientId, Scopes, Selectors};
use entra_token::secret::{Secret, sha256_hex};
use entra_token::services::SignIn as _;
use entra_token::world::http::{Fault, Response};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

/// Where it is.
pub const HOME: &str = "/h/.entra-token";

/// The refresh token that is held.
pub const REFRESH: &str = "PLANTED.refresh";

/// How every access token begins that [`well`] gives.
pub const ACCESS: &str = "PLANTED.access";

/// What must not be told.
pub const SECRETS: [&str; 2] = [REFRESH, ACCESS];

/// The tenant that was signed in to.
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// The workspace that the settings and the allow-list know.
pub const WORKSPACE: &str = "adb-1.2.azuredatabricks.net";

const ACCOUNT: &str = "9f4880d8-80ba-4c40-97bc-f7a23c703084.72f988bf-86f1-41af-91ab-2d7cd011db47";

/// `{"uid":"9f48…","utid":"72f9…"}` in base64.
const CLIENT_INFO: &str = "eyJ1aWQiOiI5ZjQ4ODBkOC04MGJhLTRjNDAtOTdiYy1mN2EyM2M3MDMwODQiLCJ1dGlkIjoiNzJmOTg4YmYtODZmMS00MWFmLTkxYWItMmQ3Y2QwMTFkYjQ3In0";

/// `{"preferred_username":"ana@contoso.example","tid":"72f9…"}`, signed by nobody.
const ID_TOKEN: &str = "e30.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhbmFAY29udG9zby5leGFtcGxlIiwidGlkIjoiNzJmOTg4YmYtODZmMS00MWFmLTkxYWItMmQ3Y2QwMTFkYjQ3In0.c2ln";

const SETTINGS: &str = r#"
[profiles.dev]
host = "https://adb-1.2.azuredatabricks.net"
min_ttl = 600
[profiles.local]
tenant = "contoso.example"
authority_host = "http://localhost:8081"
[[host]]
name = "db.contoso.example"
[[host]]
name = "http://localhost:8080"
authority = "http://localhost:8081"
resource = "api://x"
"#;

/// An empty home, in a world whose network answers well.
#[must_use]
pub fn empty() -> Scene {
    let scene = Scene::new(Path::new(HOME));
    scene.network(well);
    scene
}

/// A home with settings, one login, a token of two hours, and pointers of every kind.
#[must_use]
pub fn signed_in() -> Scene {
    // Made once: every run begins with a copy of the files.
    static ORIGIN: OnceLock<Scene> = OnceLock::new();
    let origin = ORIGIN.get_or_init(|| {
        let scene = empty();
        scene.put(&path("config.toml"), SETTINGS.as_bytes());
        let mut ask = Ask {
            explicit: Selectors {
                profile: Some("dev".to_owned()),
                ..Selectors::default()
            },
            ..Ask::default()
        };
        sign_in(&scene, &ask);
        ask.explicit.profile = None;
        sign_in(&scene, &ask);
        scene
    });
    let scene = origin.again();
    scene.network(well);
    scene
}

/// Signs in with [`REFRESH`]: must succeed.
pub fn sign_in(scene: &Scene, ask: &Ask) {
    let world = scene.world();
    let how = How {
        way: Way::RefreshToken(Secret::new(REFRESH.to_owned())),
        page: Page::default(),
        patience: Duration::from_secs(30),
    };
    let signed_in = Desk::open(&world).and_then(|desk| desk.sign_in(ask, &how));
    assert!(signed_in.is_ok(), "signing in failed: {:?}", signed_in.err());
}

/// A network without faults: a workspace tells its tenant, an authority its endpoints and a new token for each request.
///
/// # Errors
/// None.
pub fn well(url: &str, before: usize) -> Result<Response, Fault> {
    if url.ends_with("/aad/auth") {
        let page = format!("https://login.microsoftonline.com/{TENANT}/oauth2/authorize?client_id=x");
        return Ok(response(302, &[("location", &page)], b""));
    }
    let json = [("content-type", "application/json")];
    if url.ends_with("/.well-known/openid-configuration") {
        let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
        let body = format!(r#"{{"token_endpoint":"{origin}/{TENANT}/oauth2/v2.0/token"}}"#);
        return Ok(response(200, &json, body.as_bytes()));
    }
    let body = format!(
        r#"{{"token_type":"Bearer","access_token":"{ACCESS}.{before}","expires_in":7200,"refresh_token":"{REFRESH}",
        "client_info":"{CLIENT_INFO}","id_token":"{ID_TOKEN}"}}"#
    );
    Ok(response(200, &json, body.as_bytes()))
}

/// The login of [`signed_in`].
#[must_use]
pub fn login() -> LoginId {
    let authority = Authority::parse("login.microsoftonline.com").expect("a cloud's authority");
    LoginId::of(&authority, &ClientId::default(), ACCOUNT)
}

/// The wish whose token is held.
#[must_use]
pub fn wish() -> TokenKey {
    TokenKey::of(TENANT, &Scopes::databricks())
}

/// A file of the home.
#[must_use]
pub fn path(below: &str) -> PathBuf {
    Path::new(HOME).join(below)
}

/// A file of the login.
#[must_use]
pub fn login_file(name: &str) -> PathBuf {
    path("v1/logins").join(login().as_str()).join(name)
}

/// The file of the token that is held.
#[must_use]
pub fn token_file() -> PathBuf {
    let text = format!("{TENANT}\n{}", Scopes::databricks().joined());
    login_file(&format!("token-{}.json", &sha256_hex(text.as_bytes())[..32]))
}

/// A pointer's file; `of` is `default`, or a kind and what it is named by.
#[must_use]
pub fn pointer_file(of: &str) -> PathBuf {
    let name = match of.split_once(' ') {
        None => of.to_owned(),
        Some((kind, name)) => format!("{kind}-{}", &sha256_hex(name.as_bytes())[..32]),
    };
    path("v1/pointers").join(format!("{name}.json"))
}
