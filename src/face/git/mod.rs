//! git's credential protocol (git-credential(1), gitcredentials(7)): `git-credential-entra get|store|erase|capability`,
//! for the hosts that tokens are given for, Azure Repos first of all. For every other host nothing is answered, so that
//! git asks the next helper.

mod answer;
mod asked;

use super::options::{Options, SELECTORS};
use super::talk::reported;
use super::{Call, Face, Outcome, Services, target};
use crate::error::{Error, Kind};
use crate::request::{Account, Ask};
use asked::Asked;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["git"],
    links: &["git-credential-entra"],
    is_verb: false,
    claims: |_| false,
    about: "git's credential helper, for Azure Repos: entra-token link --git",
    variables: &[],
    margin: 120,
    forbidden: &[],
    run,
};

fn run(call: &mut Call<'_>, services: &Services<'_>) -> Outcome {
    let options = match Options::parse(&call.words(), &[&SELECTORS], &[]) {
        Ok(options) => options,
        Err(error) => return call.failed(&error, FACE.forbidden),
    };
    match options.words.first().map(String::as_str) {
        Some("get") => get(call, services, &options),
        Some("erase") => erase(call, services, &options),
        Some("capability") => call.done(answer::CAPABILITIES),
        // What we gave is ours already, and operations of later versions are to be passed over (gitcredentials(7)).
        Some(_) => Outcome::Done(0),
        None => {
            let error = Error::new(
                Kind::BadRequest,
                "git calls it with `get`, `store`, `erase` or `capability`",
            )
            .hint("to let git do so, run: entra-token link --git");
            call.failed(&error, FACE.forbidden)
        }
    }
}

fn get(call: &Call<'_>, services: &Services<'_>, options: &Options) -> Outcome {
    let (asked, ask) = match understood(call, options) {
        Ok(Some(understood)) => understood,
        Ok(None) => return Outcome::Done(0),
        Err(error) => return call.failed(&error, FACE.forbidden),
    };
    match services.tokens.token(&ask) {
        Ok(granted) => {
            let expiry = reported(granted.credential.expires_on, FACE.margin, call.now);
            match answer::credential(&asked, &granted.credential, expiry) {
                Ok(answer) => call.done(&answer),
                Err(error) => call.failed(&error, FACE.forbidden),
            }
        }
        // Not ours: the next helper's.
        Err(error) if error.kind() == Kind::TargetNotSupported => Outcome::Done(0),
        Err(error) => call.failed(&error, FACE.forbidden),
    }
}

/// git was refused with a credential. If it was ours, a newer one is got now, so that the next command succeeds.
fn erase(call: &Call<'_>, services: &Services<'_>, options: &Options) -> Outcome {
    let (asked, mut ask) = match understood(call, options) {
        Ok(Some(understood)) => understood,
        Ok(None) => return Outcome::Done(0),
        Err(error) => return call.failed(&error, FACE.forbidden),
    };
    let Some(refused) = asked.credential else {
        return Outcome::Done(0);
    };
    ask.terms.rejected = Some(refused.fingerprint());
    // Whoever is to be told will ask for a token.
    drop(services.tokens.token(&ask));
    Outcome::Done(0)
}

/// What git sent, and what it means; nothing if it cannot be meant for us.
fn understood(call: &Call<'_>, options: &Options) -> Result<Option<(Asked, Ask)>, Error> {
    let unread = |why| Error::new(Kind::BadRequest, "what git sent cannot be read").caused_by(why);
    let asked = Asked::parse(&call.input().map_err(|why| unread(why.to_string()))?)?;
    let Some(host) = asked.host() else {
        return Ok(None);
    };
    let mut explicit = options.selectors()?;
    // The user that Azure's clone addresses name is the organisation; a user name has an `@`.
    let user = asked.username.as_deref().filter(|name| name.contains('@'));
    explicit.account = explicit
        .account
        .or_else(|| user.and_then(|name| Account::parse(name).ok()));
    let ask = target::of_host(host, explicit, asked.challenges());
    Ok(Some((asked, ask)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, Seen, TOKEN};
    use crate::secret::Fingerprint;

    fn call(operation: &str, input: &str) -> Seen {
        Caller::of(&FACE).args(&[operation]).input(input).call()
    }

    #[test]
    fn both_dialects() {
        let bearer = format!(
            "capability[]=authtype\nauthtype=Bearer\ncredential={TOKEN}\nephemeral=1\npassword_expiry_utc=1795345080\n"
        );
        let basic = |user: &str| format!("username={user}\npassword={TOKEN}\npassword_expiry_utc=1795345080\n");
        for (input, answer) in [
            (
                "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=dev.azure.com\n\n",
                bearer.clone(),
            ),
            (
                "capability[]=state\nprotocol=https\nhost=dev.azure.com\n",
                basic("EntraToken"),
            ),
            ("protocol=https\nhost=contoso.visualstudio.com", basic("EntraToken")),
            (
                "protocol=https\nhost=dev.azure.com:443\nusername=contoso\n\n",
                basic("contoso"),
            ),
            // Basic's user name ends at a colon.
            (
                "protocol=https\nhost=dev.azure.com\nusername=id://a\n\n",
                basic("EntraToken"),
            ),
            // A list begins anew where it is empty.
            (
                "capability[]=authtype\ncapability[]=\nprotocol=https\nhost=dev.azure.com\n\n",
                basic("EntraToken"),
            ),
            (
                "capability[]=authtype\nprotocol=https\nhost=dev.azure.com\nunknown=1\nunknown[]=2\n\nrest\n",
                bearer,
            ),
        ] {
            assert_eq!(call("get", input).ok(), answer, "{input}");
        }
    }

    #[test]
    fn what_is_asked_for() {
        let seen = call(
            "get",
            "protocol=https\nhost=dev.azure.com\npath=contoso/web/_git/api\nusername=Ana@contoso.example\n\
             wwwauth[]=Basic realm=\"x\"\n\
             wwwauth[]=Bearer authorization_uri=https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47\n\n",
        );
        let ask = seen.only_ask();
        assert_eq!(ask.explicit.host.as_ref().unwrap().name(), "dev.azure.com");
        assert_eq!(ask.explicit.account.as_ref().unwrap().as_str(), "ana@contoso.example");
        assert_eq!(
            ask.explicit.tenant.as_ref().unwrap().as_str(),
            "72f988bf-86f1-41af-91ab-2d7cd011db47"
        );
        let own = "protocol=https\nhost=git.contoso.example\n\
                   wwwauth[]=Bearer authorization_uri=\"https://login.microsoftonline.com/contoso.example\"\n\n";
        let seen = call("get", own);
        assert_eq!(seen.only_ask().explicit.tenant, None);
        assert_eq!(
            seen.only_ask().door.tenant.as_ref().unwrap().as_str(),
            "contoso.example"
        );
        let seen = Caller::of(&FACE)
            .args(&["--tenant", "t.example", "get"])
            .input(own)
            .call();
        assert_eq!(seen.only_ask().explicit.tenant.as_ref().unwrap().as_str(), "t.example");
    }

    #[test]
    fn a_tenant_is_never_taken_from_a_stranger() {
        for header in [
            "Bearer authorization_uri=https://login.evil.example/contoso.example",
            "Bearer authorization_uri=http://login.microsoftonline.com/contoso.example",
            "Bearer authorization_uri=https://login.microsoftonline.com.evil.example/contoso.example",
            "Bearer authorization_uri=https://login.microsoftonline.com/common",
            "Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000",
            "Bearer authorization_uri=https://login.microsoftonline.com/",
        ] {
            let seen = call(
                "get",
                &format!("protocol=https\nhost=dev.azure.com\nwwwauth[]={header}\n\n"),
            );
            assert_eq!(seen.only_ask().explicit.tenant, None, "{header}");
        }
    }

    #[test]
    fn what_is_not_ours_is_passed_over_in_silence() {
        let nobodys = Caller::of(&FACE)
            .args(&["get"])
            .input("protocol=https\nhost=github.com\n\n")
            .failing(Kind::TargetNotSupported);
        assert_eq!(nobodys.call().ok(), "");
        for (operation, input) in [
            ("get", "protocol=http\nhost=dev.azure.com\n\n"),
            ("get", "protocol=ssh\nhost=dev.azure.com\n\n"),
            ("get", "protocol=https\nhost=dev.azure.com#.evil.example\n\n"),
            ("get", "protocol=https\nhost=dev.azure.com/@evil.example\n\n"),
            ("get", "protocol=https\nhost=dev.azure.com?.evil.example\n\n"),
            ("get", "protocol=https\nhost=dev.azure.com evil.example\n\n"),
            ("get", "protocol=cert\npath=/x\n\n"),
            ("get", ""),
            (
                "store",
                "protocol=https\nhost=dev.azure.com\nusername=a\npassword=b\n\n",
            ),
            ("erase", "protocol=https\nhost=dev.azure.com\n\n"),
            ("erase", "protocol=https\nhost=dev.azure.com\nusername=a\npassword=\n\n"),
            ("frobnicate", ""),
        ] {
            let seen = call(operation, input);
            assert!(seen.asked.is_empty(), "{operation} {input}");
            assert_eq!(seen.ok(), "", "{operation} {input}");
        }
    }

    #[test]
    fn a_refused_credential_is_spoken_of_by_its_hash() {
        for input in [
            "protocol=https\nhost=dev.azure.com\nusername=EntraToken\npassword=old\n\n",
            "capability[]=authtype\nauthtype=Bearer\ncredential=old\nprotocol=https\nhost=dev.azure.com\n\n",
        ] {
            let seen = call("erase", input);
            assert_eq!(seen.only_ask().terms.rejected, Some(Fingerprint::of("old")));
            assert_eq!(seen.ok(), "");
        }
    }

    #[test]
    fn what_git_can_be_told_of() {
        assert_eq!(call("capability", "").ok(), "version 0\ncapability authtype\n");
    }

    #[test]
    fn malformed_input_is_refused_without_a_word_of_it() {
        for input in [
            "protocol=https\nhost=dev.azure.com\r\n\n",
            "protocol=https\r\nhost=dev.azure.com\r\n\r\n",
            "protocol=https\nhost=dev.azure.com\npath=PLANTED\0x\n\n",
            "protocol=https\nPLANTED\nhost=dev.azure.com\n\n",
        ] {
            let seen = call("get", input);
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{input:?}");
            assert!(!seen.err.contains("PLANTED"), "{}", seen.err);
        }
        let long = format!("protocol=https\nhost=dev.azure.com\npath={}\n\n", "x".repeat(2 << 20));
        assert_eq!(call("get", &long).outcome, Outcome::Done(2));
        assert_eq!(Caller::of(&FACE).call().outcome, Outcome::Done(2));
    }

    #[test]
    fn a_failure_is_told_and_answers_nothing() {
        let seen = Caller::of(&FACE)
            .args(&["get"])
            .input("protocol=https\nhost=dev.azure.com\n\n")
            .failing(Kind::InteractionRequired)
            .call();
        assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(4), ""));
        assert_eq!(seen.err, "entra-token: it is as it is; run: entra-token login\n");
    }
}
