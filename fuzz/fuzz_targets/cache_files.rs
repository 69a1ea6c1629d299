//! The files of a login. The first line of an input names the file, the rest is what stands in it.
#![no_main]

use entra_token::cache::{Cache, Login, Pointed, Pointer, Refusal};
use entra_token::error::Kind;
use entra_token::request::{Ask, Host, Scopes, Tenant};
use entra_token::token::Credential;
use entra_token::world::http::Fault;
use entra_token_fuzz::check;
use entra_token_fuzz::home::{self, HOME, WORKSPACE, login, sign_in, wish};
use entra_token_fuzz::scene::{NOW, Scene};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::path::{Path, PathBuf};

fuzz_target!(|data: &[u8]| {
    let Some(at) = data.iter().position(|b| *b == b'\n') else {
        return;
    };
    let (name, bytes) = (&data[..at], &data[at + 1..]);
    let Some((path, kind)) = file(name) else { return };
    let scene = || {
        let scene = home::signed_in();
        scene.put(&path, bytes);
        scene
    };
    offline(&scene());
    silent(&scene(), kind);
    healed(&scene(), &path, kind, bytes);
    same(&scene());
});

/// What a file is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Login,
    Token,
    Refusals,
    Pointer,
}

fn file(name: &[u8]) -> Option<(PathBuf, Of)> {
    Some(match name {
        b"login" => (home::login_file("login.json"), Of::Login),
        b"token" => (home::token_file(), Of::Token),
        b"refusals" => (home::login_file("refusals.json"), Of::Refusals),
        b"default" => (home::pointer_file("default"), Of::Pointer),
        b"host" => (home::pointer_file(&format!("host {WORKSPACE}")), Of::Pointer),
        b"profile" => (home::pointer_file("profile dev"), Of::Pointer),
        b"tenant" => (home::pointer_file("tenant contoso.example"), Of::Pointer),
        _ => return None,
    })
}

/// What is held can be told, whatever state the files are in.
fn offline(scene: &Scene) {
    let status = ask(scene, r#"{"v":1,"op":"status"}"#);
    assert!(status.get("result").is_some(), "{status}");
    let (exit, out, err) = scene.run(&["status"], b"");
    assert_eq!((exit, err.as_str()), (0, ""));
    check::shown(std::str::from_utf8(&out).expect("text"));
}

/// A call for a token gives one that lives or says why not; only a login that cannot be used, or failures that are
/// remembered, stand in its way while the authority answers.
fn silent(scene: &Scene, kind: Of) {
    for request in [
        r#"{"v":1,"op":"get"}"#,
        r#"{"v":1,"op":"get","profile":"dev"}"#,
        r#"{"v":1,"op":"get","tenant":"contoso.example"}"#,
        r#"{"v":1,"op":"get","force_refresh":true}"#,
    ] {
        let answer = ask(scene, request);
        let given = lives(&answer);
        let may_fail = matches!(kind, Of::Login | Of::Refusals);
        assert!(given || may_fail, "{request} is answered {answer}");
        assert_ne!(answer["error"]["code"], "internal", "{request} is answered {answer}");
    }
    scene.network(|_, _| Err(Fault::Timeout));
    lives(&ask(scene, r#"{"v":1,"op":"get"}"#));
}

/// A sign-in mends everything, and what could not be used is set aside, not deleted.
fn healed(scene: &Scene, path: &Path, kind: Of, bytes: &[u8]) {
    let usable = matches!(
        Cache::open(&scene.world(), HOME.into()).map(|cache| cache.login(&login())),
        Ok(Ok(Some(_)))
    );
    sign_in(scene, &Ask::default());
    let answer = ask(scene, r#"{"v":1,"op":"get"}"#);
    assert!(lives(&answer), "after a sign-in: {answer}");
    if kind == Of::Login && !usable {
        let aside = |other: &PathBuf| {
            other
                .to_string_lossy()
                .starts_with(&format!("{}.aside-", path.display()))
        };
        let kept = scene
            .paths()
            .into_iter()
            .filter(aside)
            .any(|other| scene.get(&other).as_deref() == Some(bytes));
        assert!(kept, "the login that could not be used is gone");
    }
}

/// What was read and is written again is read as the same.
fn same(scene: &Scene) {
    let world = scene.world();
    let cache = Cache::open(&world, HOME.into()).expect("our own folder");
    let held = cache.held(&login(), &wish());
    if let Ok(Some(login)) = cache.login(&login()) {
        let id = login.id();
        let notes = cache
            .store_login(&login, &token(&login.tenant))
            .expect("a login is stored");
        assert!(notes.is_empty(), "{notes:?}");
        let again = cache
            .login(&id)
            .expect("it was just written")
            .expect("it was just written");
        assert_eq!(shape(&again), shape(&login));
        let pointed = Pointed::new(&login, &login.tenant);
        point(&cache, &Pointer::Profile("new".to_owned()), &pointed);
        if let Some(token) = held.token
            && let Ok(scopes) = Scopes::parse(token.scope.iter().map(String::as_str))
        {
            let key = entra_token::cache::TokenKey::of(&token.tenant, &scopes);
            let redeemed = login.refresh_token.fingerprint();
            let stored = cache.store_refreshed(&id, &redeemed, None, &token, held.claims.clone());
            assert!(stored.is_ok(), "{stored:?}");
            let again = cache.held(&id, &key);
            let rejected = again.refuses(&token.fingerprint());
            assert!(
                rejected || again.token.as_ref().map(parts) == Some(parts(&token)),
                "{again:?} of {token:?}"
            );
            assert!(rejected || again.claims == held.claims);
        }
    }
    for pointer in [
        Pointer::Default,
        Pointer::Host(Host::parse(WORKSPACE).expect("a host")),
        Pointer::Profile("dev".to_owned()),
        Pointer::Tenant(Tenant::parse("contoso.example").expect("a tenant")),
    ] {
        if let Some(pointed) = cache.pointed(&pointer) {
            point(&cache, &Pointer::Profile("again".to_owned()), &pointed);
        }
    }
    for refusal in cache.refusals(&login()) {
        remembered(&cache, refusal);
    }
}

fn point(cache: &Cache<'_>, pointer: &Pointer, pointed: &Pointed) {
    cache.point(pointer, pointed).expect("a pointer is written");
    assert_eq!(cache.pointed(pointer).as_ref(), Some(pointed));
}

fn remembered(cache: &Cache<'_>, refusal: Refusal) {
    cache.remember(&login(), refusal.clone()).expect("a refusal is written");
    assert!(cache.refusals(&login()).contains(&refusal), "{refusal:?}");
    let error = refusal.error(NOW * 1000);
    assert_eq!(error.kind(), refusal.kind);
    assert_eq!(error.wait().is_some(), error.kind() == Kind::Throttled);
}

/// A login in comparable parts.
fn shape(login: &Login) -> impl PartialEq + std::fmt::Debug + use<> {
    let Login {
        authority,
        token_endpoint,
        client_id,
        home_account_id,
        account,
        tenant,
        flow,
        signed_in_on,
        refresh_token,
        refresh_token_obtained_on,
    } = login.clone();
    (
        (authority, token_endpoint, client_id, home_account_id, account, tenant),
        (
            flow,
            signed_in_on,
            refresh_token.fingerprint(),
            refresh_token_obtained_on,
        ),
    )
}

/// A token in comparable parts.
fn parts(token: &Credential) -> impl PartialEq + std::fmt::Debug + use<> {
    let Credential {
        access_token,
        token_type,
        obtained_ms,
        expires_on,
        refresh_on,
        scope,
        tenant,
        account,
    } = token.clone();
    (
        access_token.fingerprint(),
        token_type,
        obtained_ms,
        expires_on,
        refresh_on,
        scope,
        tenant,
        account,
    )
}

/// A token that came with a sign-in.
fn token(tenant: &str) -> Credential {
    Credential {
        access_token: entra_token::secret::Secret::new("a.b.c".to_owned()),
        token_type: "Bearer".to_owned(),
        obtained_ms: NOW * 1000,
        expires_on: NOW + 3600,
        refresh_on: None,
        scope: Scopes::databricks().as_slice().to_vec(),
        tenant: tenant.to_owned(),
        account: None,
    }
}

/// Asks by the native protocol.
fn ask(scene: &Scene, request: &str) -> Value {
    let (exit, out, _) = scene.run(&["rpc"], request.as_bytes());
    let answer = check::answer(&out);
    assert_eq!(exit, check::exit(&answer));
    answer
}

/// Whether a token was given; it lives then.
fn lives(answer: &Value) -> bool {
    let Some(result) = answer.get("result") else {
        return false;
    };
    let expires_on = result["expires_on"].as_i64().expect("when it expires");
    assert!(expires_on > NOW, "a dead token: {answer}");
    true
}
