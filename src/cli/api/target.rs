//! What is called: a method, a path, and the host that it belongs to.

use super::bad;
use crate::error::{Error, Kind};
use crate::request::{Ask, Host, Selectors};
use crate::services::Directory;
use crate::world::http::Method;
use url::Url;

/// A path with its query, and the host if it was a whole URL.
#[derive(Debug)]
pub(super) struct Target {
    named: Option<Host>,
    /// Begins with a slash.
    path: String,
}

impl Target {
    /// Reads `[METHOD] PATH`. The words are not repeated in errors: a query may hold what nobody should see.
    pub(super) fn parse(words: &[String], with_data: bool) -> Result<(Method, Self), Error> {
        let (method, path) = match words {
            [path] => (if with_data { Method::Post } else { Method::Get }, path),
            [method, path] => (method_of(method)?, path),
            _ => return Err(bad("`api` needs a path")),
        };
        Ok((method, Self::of(path).map_err(bad)?))
    }

    fn of(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() || method_of(text).is_ok() {
            return Err("`api` needs a path, such as `/api/2.0/clusters/list`");
        }
        if text.chars().any(char::is_control) {
            return Err("the path holds a control character");
        }
        if text.contains('#') {
            return Err("the path holds a `#`, which would end it; write `%23` if it is meant");
        }
        let scheme = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        let Some((_, rest)) = text.split_once("://").filter(|(before, _)| scheme(before)) else {
            let slash = if text.starts_with('/') { "" } else { "/" };
            return Ok(Self {
                named: None,
                path: format!("{slash}{text}"),
            });
        };
        let host = Host::parse(text).map_err(|_| "the URL must be https, or http on loopback, without a user name")?;
        let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self {
            named: Some(host),
            path: format!("{slash}{path}"),
        })
    }

    /// The host that is called, from the URL or as every verb finds it, and the call with it in its place. It is on the
    /// allow-list.
    pub(super) fn host(&self, mut ask: Ask, directory: &dyn Directory) -> Result<(Ask, Host), Error> {
        match (&self.named, &ask.explicit.host) {
            (Some(named), Some(host)) if named != host => {
                return Err(bad("the URL and `--host` name different hosts"));
            }
            (Some(named), _) => ask.explicit.host = Some(named.clone()),
            (None, _) => {}
        }
        if let Some(host) = directory.host(&ask)? {
            return Ok((ask, host));
        }
        // A variable of another tool may name a host that is on no list: `get` goes on without it, we cannot.
        if let Some(host) = ask.door.host.take() {
            ask.explicit.host = Some(host);
            directory.host(&ask)?;
        }
        if ask.explicit == Selectors::default()
            && let Some(host) = directory.remembered_host()
        {
            ask.explicit.host = Some(host.clone());
            directory.host(&ask)?;
            return Ok((ask, host));
        }
        Err(Error::new(Kind::BadRequest, "nothing names the host that is called")
            .hint("give `--host https://adb-….azuredatabricks.net`, or a profile with a host, or set DATABRICKS_HOST"))
    }

    /// The address, which is always on that host.
    pub(super) fn url(&self, host: &Host) -> Result<Url, Error> {
        let Self { named: _, path } = self;
        Url::parse(&format!("{}{path}", host.url()))
            .ok()
            .filter(|url| Host::parse(url.as_str()).as_ref() == Ok(host))
            .ok_or_else(|| bad("the path cannot be read"))
    }
}

fn method_of(word: &str) -> Result<Method, Error> {
    Method::ALL
        .into_iter()
        .find(|method| word.eq_ignore_ascii_case(method.word()))
        .ok_or_else(|| {
            let known: Vec<_> = Method::ALL
                .iter()
                .map(|method| format!("`{}`", method.word()))
                .collect();
            bad(format!(
                "the method must be one of {}, before the path",
                known.join(", ")
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Selectors;

    const HOST: &str = "https://adb-1.2.azuredatabricks.net";

    fn url(words: &[&str], with_data: bool) -> Result<(Method, String), Error> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (method, target) = Target::parse(&words, with_data)?;
        Ok((method, target.url(&Host::parse(HOST).unwrap())?.as_str().to_owned()))
    }

    #[test]
    fn methods_and_paths() {
        for (words, with_data, method, path) in [
            (&["/api/2.0/x"][..], false, Method::Get, "/api/2.0/x"),
            (&["/api/2.0/x"], true, Method::Post, "/api/2.0/x"),
            (
                &["patch", "api/x?a=b c&d=%20"],
                true,
                Method::Patch,
                "/api/x?a=b%20c&d=%20",
            ),
            (&["HEAD", "/"], false, Method::Head, "/"),
            (
                &["DELETE", "//evil.example/x"],
                false,
                Method::Delete,
                "//evil.example/x",
            ),
            (&["@evil.example/"], false, Method::Get, "/@evil.example/"),
            (&["\\\\evil.example/"], false, Method::Get, "///evil.example/"),
            (&["/a/../../b"], false, Method::Get, "/b"),
            (&[":8443/"], false, Method::Get, "/:8443/"),
            (
                &["x?to=https://b.example/"],
                false,
                Method::Get,
                "/x?to=https://b.example/",
            ),
            (
                &["https://adb-1.2.azuredatabricks.net:443/x?y"],
                false,
                Method::Get,
                "/x?y",
            ),
            (&["https://adb-1.2.azuredatabricks.net?y"], false, Method::Get, "/?y"),
            (&["https://adb-1.2.azuredatabricks.net"], false, Method::Get, "/"),
        ] {
            assert_eq!(
                url(words, with_data).unwrap(),
                (method, format!("{HOST}{path}")),
                "{words:?}"
            );
        }
    }

    #[test]
    fn what_is_no_path() {
        for words in [
            &["GET"][..],
            &[""],
            &["GET", "POST"],
            &["FETCH", "/planted"],
            &["/planted\r\nHost: x"],
            &["/planted#x"],
            &["http://adb-1.2.azuredatabricks.net/planted"],
            &["https://planted:pw@adb-1.2.azuredatabricks.net/"],
            &["ftp://planted/"],
        ] {
            let error = url(words, false).unwrap_err();
            assert_eq!(error.kind(), Kind::BadRequest, "{words:?}");
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
    }

    /// Knows one host, what the profile says, and what was signed in for.
    struct Known(Option<&'static str>, Option<&'static str>);

    impl Directory for Known {
        fn host(&self, ask: &Ask) -> Result<Option<Host>, Error> {
            match &ask.explicit.host {
                Some(host) if host.url() == HOST => Ok(Some(host.clone())),
                Some(_) => Err(Error::new(Kind::TargetNotSupported, "on no list")),
                None => Ok(self.0.map(|host| Host::parse(host).unwrap())),
            }
        }

        fn remembered_host(&self) -> Option<Host> {
            self.1.map(|host| Host::parse(host).unwrap())
        }
    }

    fn found(
        path: &str,
        explicit: Option<&str>,
        door: Option<&str>,
        profile: Option<&'static str>,
    ) -> Result<Host, Kind> {
        let host = |text: Option<&str>| Selectors {
            host: text.map(|text| Host::parse(text).unwrap()),
            ..Selectors::default()
        };
        let ask = Ask {
            explicit: host(explicit),
            door: host(door),
            ..Ask::default()
        };
        let target = Target::of(path).unwrap();
        let (ask, host) = target.host(ask, &Known(profile, None)).map_err(|error| error.kind())?;
        assert!(
            target.named.is_none() || ask.explicit.host.as_ref() == Some(&host),
            "the token is for it"
        );
        Ok(host)
    }

    #[test]
    fn the_host_is_named_once_and_is_on_the_list() {
        let host = Host::parse(HOST).unwrap();
        let whole = format!("{HOST}/x");
        assert_eq!(found("/x", None, None, Some(HOST)), Ok(host.clone()));
        assert_eq!(found("/x", Some(HOST), None, None), Ok(host.clone()));
        assert_eq!(found(&whole, None, None, None), Ok(host.clone()));
        assert_eq!(found(&whole, Some(HOST), Some("other.example"), None), Ok(host));
        assert_eq!(found(&whole, Some("other.example"), None, None), Err(Kind::BadRequest));
        assert_eq!(
            found("https://other.example/x", None, None, Some(HOST)),
            Err(Kind::TargetNotSupported)
        );
        assert_eq!(found("/x", None, None, None), Err(Kind::BadRequest));
        assert_eq!(
            found("/x", None, Some("other.example"), None),
            Err(Kind::TargetNotSupported)
        );
    }

    #[test]
    fn the_host_that_was_signed_in_for_is_called_if_nothing_is_named() {
        let called = |ask, remembered| {
            let target = Target::of("/x").unwrap();
            let found = target.host(ask, &Known(None, Some(remembered)));
            found.map(|(ask, host)| {
                assert_eq!(ask.explicit.host.as_ref(), Some(&host), "the token is for it");
                host.url()
            })
        };
        assert_eq!(called(Ask::default(), HOST).unwrap(), HOST);
        // The list of today decides, and whoever names anything says the host as well.
        let gone = called(Ask::default(), "https://other.example").unwrap_err();
        assert_eq!(gone.kind(), Kind::TargetNotSupported);
        let mut ask = Ask::default();
        ask.explicit.profile = Some("p".into());
        assert_eq!(called(ask, HOST).unwrap_err().kind(), Kind::BadRequest);
    }
}
