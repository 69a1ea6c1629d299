//! Go's `GOAUTH` command (`go help goauth`): called once without a URL, then with one and with the answer that refused it on
//! standard input.

use super::options::{Options, SELECTORS, bad};
use super::{Call, Face, Outcome, Services, target};
use crate::error::{Error, Kind};
use crate::request::Host;
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["goauth"],
    links: &[],
    is_verb: false,
    claims: |_| false,
    about: "Go's authentication command: GOAUTH=\"entra-token as goauth\"",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| match answer(call, services) {
        Ok(outcome) => outcome,
        // Not ours: nothing is said.
        Err(error) if error.kind() == Kind::TargetNotSupported => Outcome::Done(0),
        Err(error) => call.failed(&error, FACE.forbidden),
    },
};

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS], &[])?;
    let url = match options.words.as_slice() {
        // Nobody says yet what a token would be for.
        [] => return Ok(Outcome::Done(0)),
        [url] => url,
        _ => return Err(bad("Go calls it with one URL")),
    };
    let Ok(host) = Host::parse(url) else {
        return Ok(Outcome::Done(0));
    };
    let refused = call
        .input()
        .map_err(|why| bad("Go's answer cannot be read").caused_by(why))?;
    let refused = String::from_utf8_lossy(&refused);
    let challenges = refused.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("www-authenticate").then_some(value.trim())
    });
    // Go hands the header to every address that begins so, part by part of the path: to this host and no other.
    let prefix = host.url();
    let ask = target::of_host(host, options.selectors()?, challenges);
    let credential = services.tokens.token(&ask)?.credential;
    let token = credential.access_token.expose();
    if [token, &credential.token_type]
        .iter()
        .any(|text| text.chars().any(char::is_control))
    {
        return Err(Error::new(Kind::Internal, "the token holds a control character"));
    }
    let text = [
        &prefix,
        "\n\nAuthorization: ",
        &credential.token_type,
        " ",
        token,
        "\n\n",
    ]
    .concat();
    Ok(call.done(&Zeroizing::new(text.into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TENANT, TOKEN};

    #[test]
    fn answers() {
        assert_eq!(Caller::of(&FACE).call().ok(), "");
        let response = format!(
            "HTTP/1.1 401 Unauthorized\r\nDate: x\r\nWww-Authenticate: Bearer \
             authorization_uri=https://login.microsoftonline.com/{TENANT}\r\n\r\n"
        );
        let seen = Caller::of(&FACE)
            .args(&[
                "--profile",
                "ci",
                "https://dev.azure.com/contoso/web/_git/api.git?go-get=1",
            ])
            .input(response)
            .call();
        assert_eq!(seen.only_ask().explicit.tenant.as_ref().unwrap().as_str(), TENANT);
        assert_eq!(
            seen.ok(),
            format!("https://dev.azure.com\n\nAuthorization: Bearer {TOKEN}\n\n")
        );
    }

    #[test]
    fn what_is_not_ours_or_malformed() {
        let stranger = Caller::of(&FACE).args(&["https://proxy.golang.org/x"]);
        assert_eq!(stranger.failing(Kind::TargetNotSupported).call().ok(), "");
        assert_eq!(Caller::of(&FACE).args(&["http://dev.azure.com/x"]).call().ok(), "");
        for args in [&["https://a.example", "PLANTED"][..], &["--PLANTED"], &["--profile"]] {
            let seen = Caller::of(&FACE).args(args).call();
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{args:?}");
            assert!(!seen.err.contains("PLANTED"), "{}", seen.err);
        }
    }
}
