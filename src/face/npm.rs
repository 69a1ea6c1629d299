//! pnpm's token helper: no arguments, no input, one line that is the `Authorization` header. For Azure Artifacts, since
//! nothing tells for which host the token is.

use super::options::{Options, SELECTORS, bad};
use super::{Call, Face, Outcome, Services};
use crate::error::{Error, Kind};
use crate::request::{Ask, Scopes};
use zeroize::Zeroizing;

/// The row of this face.
pub(super) const FACE: Face = Face {
    names: &["npm"],
    links: &["npm-token-entra"],
    is_verb: false,
    claims: |_| false,
    about: "pnpm's token helper, for Azure Artifacts: //pkgs.dev.azure.com/…/:tokenHelper=/…/npm-token-entra",
    variables: &[],
    margin: 0,
    forbidden: &[],
    run: |call, services| answer(call, services).unwrap_or_else(|error| call.failed(&error, FACE.forbidden)),
};

/// Azure DevOps, of which Azure Artifacts is a part.
const DEVOPS: &str = "499b84ac-1321-427f-aa17-267ca6975798";

fn answer(call: &Call<'_>, services: &Services<'_>) -> Result<Outcome, Error> {
    let options = Options::parse(&call.words(), &[&SELECTORS], &[])?;
    if !options.words.is_empty() {
        return Err(bad("pnpm's token helper takes options only"));
    }
    let mut explicit = options.selectors()?;
    explicit.scopes = Scopes::of_resource(DEVOPS).ok();
    let credential = services
        .tokens
        .token(&Ask {
            explicit,
            ..Ask::default()
        })?
        .credential;
    let token = credential.access_token.expose();
    if [token, &credential.token_type]
        .iter()
        .any(|text| text.chars().any(char::is_control))
    {
        return Err(Error::new(Kind::Internal, "the token holds a control character"));
    }
    let text = [&credential.token_type, " ", token, "\n"].concat();
    Ok(call.done(&Zeroizing::new(text.into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::testing::{Caller, TOKEN};

    #[test]
    fn one_line_for_azure_artifacts() {
        let seen = Caller::of(&FACE).args(&["--tenant", "t.example"]).call();
        let explicit = &seen.only_ask().explicit;
        assert_eq!(explicit.scopes.as_ref().unwrap().resource(), Some(DEVOPS));
        assert_eq!(explicit.tenant.as_ref().unwrap().as_str(), "t.example");
        assert_eq!(seen.ok(), format!("Bearer {TOKEN}\n"));
    }

    #[test]
    fn malformed() {
        for args in [&["PLANTED"][..], &["--PLANTED"], &["--tenant"]] {
            let seen = Caller::of(&FACE).args(args).call();
            assert_eq!((seen.outcome, seen.out.as_str()), (Outcome::Done(2), ""), "{args:?}");
            assert!(!seen.err.contains("PLANTED"), "{}", seen.err);
        }
    }
}
