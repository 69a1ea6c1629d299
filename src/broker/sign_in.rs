//! Signing in: by the way that was chosen; then check whose it is, and remember it.

use super::{Broker, Call, check, refresh};
use crate::cache::{Login, Pointed, Pointer};
use crate::clouds;
use crate::entra::{self, Answer, Endpoints, Patience};
use crate::error::{Error, Kind};
use crate::flow::{self, place};
use crate::how::{How, Redirect, ResponseMode, Way};
use crate::remedy;
use crate::request::{Authority, Tenant, TokenRequest};
use crate::secret::Secret;
use crate::services::SignedIn;
use crate::token::{Credential, Origin};

/// The home tenant of whoever signs in, if it is a work or school account.
const HOME_TENANT: &str = "organizations";

impl Broker<'_> {
    /// Signs in by the way that was chosen.
    ///
    /// # Errors
    /// Any [`Kind`]; what was held before stays as it was.
    pub fn sign_in(&self, call: &Call<'_>, how: &How) -> Result<SignedIn, Error> {
        let (authority, tenant) = self.where_to(call)?;
        let client_id = call.request.client_id.clone().unwrap_or_default();
        let known = clouds::of(&authority).is_some();
        let endpoints = if known {
            Endpoints::of_cloud(&authority)
        } else {
            entra::discover(self.world, &authority, &tenant, call.until)?
        };
        let context = entra::Context {
            authority: &authority,
            endpoints: &endpoints,
            tenant: &tenant,
            client_id: &client_id,
            scopes: &call.request.scopes,
            claims: call.request.claims.as_ref(),
            sign_in: remedy::sign_in(call.request, None),
            until: call.until,
            patience: Patience::Retry,
        };
        let flow = flow::name(&how.way);
        let mut signed_in = None;
        flow::sign_in(self.world, &context, how, &mut |answer| {
            check::belongs(&context, &answer.identity)?;
            let refresh_token = refresh_token(how, answer, &context)?;
            let login = login(&context, flow, answer, refresh_token, call.request, known);
            check::who(call.request.account.as_ref(), &tenant, &login)?;
            signed_in = Some(self.settle(call, &login, answer, flow)?);
            Ok(())
        })?;
        signed_in.ok_or_else(|| Error::new(Kind::Internal, "the sign-in brought no answer"))
    }

    /// The way that this place allows, and one line that says so.
    ///
    /// # Errors
    /// `bad_request` if nobody can sign in here.
    pub fn usual_way(&self) -> Result<(Way, String), Error> {
        let place = place::place(self.world);
        let (suited, line) = place::choose(&place);
        let redirect = |opens| Redirect {
            opens,
            response_mode: ResponseMode::FormPost,
            port: 0,
        };
        let way = match suited {
            place::Way::Browser => Way::Browser(redirect(true)),
            // Where somebody pastes, the browser is mostly on another machine.
            place::Way::Paste => Way::Paste { port: 0 },
            place::Way::DeviceCode => Way::DeviceCode,
            place::Way::Nobody => return Err(place::nobody(&place)),
        };
        Ok((way, line))
    }

    /// Authority and tenant: as asked, else as the host tells, else everybody's.
    fn where_to(&self, call: &Call<'_>) -> Result<(Authority, Tenant), Error> {
        let internal = |why| Error::new(Kind::Internal, why);
        let authority = match &call.request.authority {
            Some(authority) => authority.clone(),
            None => Authority::parse(clouds::PUBLIC).map_err(internal)?,
        };
        match (&call.request.tenant, &call.request.host) {
            (Some(tenant), _) => Ok((authority, tenant.clone())),
            (None, Some(host)) if call.host_tells_tenant => {
                let (told, tenant) = self.tenant_of(host, Some(&authority), call.until)?;
                let tenant = if tenant.is_collective() {
                    Tenant::parse(HOME_TENANT).map_err(internal)?
                } else {
                    tenant
                };
                Ok((told, tenant))
            }
            _ => Ok((authority, Tenant::parse(HOME_TENANT).map_err(internal)?)),
        }
    }

    /// Remembers the login and everything that points at it.
    fn settle(&self, call: &Call<'_>, login: &Login, answer: &Answer, flow: &'static str) -> Result<SignedIn, Error> {
        let token: Credential = refresh::credential(answer, call.request, &login.tenant, &login.account);
        let before = self.cache.pointed(&Pointer::Default);
        let mut notes = self.cache.store_login(login, &token)?;
        let pointed = Pointed::new(login, &login.tenant);
        let asked = call.request.tenant.clone().filter(|tenant| !tenant.is_collective());
        let host = call.request.host.as_ref();
        self.cache.point(&Pointer::Default, &pointed.signed_in_for(host))?;
        let pointers = [
            call.request.host.clone().map(Pointer::Host),
            call.request.profile.clone().map(Pointer::Profile),
            asked.map(Pointer::Tenant),
            Tenant::parse(&login.tenant).ok().map(Pointer::Tenant),
        ];
        for pointer in pointers.into_iter().flatten() {
            self.cache.point(&pointer, &pointed)?;
        }
        if let Some(before) = before.filter(|before| before.id() != pointed.id())
            && let Some(id) = before.id()
        {
            let other = &before.account;
            notes.push(format!(
                "this is the default login now; it was `{other}`, to go back: entra-token use {}",
                id.as_str()
            ));
        }
        Ok(SignedIn {
            id: login.id().as_str().to_owned(),
            account: login.account.clone(),
            tenant: login.tenant.clone(),
            authority: login.authority.url(),
            client_id: login.client_id.as_str().to_owned(),
            flow,
            granted: super::granted(token, Origin::Refresh),
            notes,
        })
    }
}

/// What brings new tokens from now on: without one, nobody is signed in.
fn refresh_token(how: &How, answer: &Answer, context: &entra::Context<'_>) -> Result<Secret, Error> {
    match (&answer.refresh_token, &how.way) {
        (Some(new), _) => Ok(new.clone()),
        (None, Way::RefreshToken(held)) => Ok(held.clone()),
        (None, _) => Err(Error::new(
            Kind::Config,
            format!(
                "the authority gave no refresh token to application `{}`; nothing was stored",
                context.client_id.as_str()
            ),
        )
        .hint("allow its registration the delegated permission `offline_access`, or leave `--client-id` out")),
    }
}

fn login(
    context: &entra::Context<'_>,
    flow: &str,
    answer: &Answer,
    refresh_token: Secret,
    request: &TokenRequest,
    known: bool,
) -> Login {
    let identity = &answer.identity;
    let asked = request.account.as_ref().map(|account| account.as_str().to_owned());
    let account = identity.username.clone().or(asked).unwrap_or_default();
    let received = answer.obtained_ms.div_euclid(1000);
    Login {
        authority: context.authority.clone(),
        token_endpoint: (!known).then(|| context.endpoints.token.clone()),
        client_id: context.client_id.clone(),
        // Without client_info and id_token (a foreign authority) the name is all there is to tell accounts apart.
        home_account_id: identity.home_account_id.clone().unwrap_or_else(|| account.clone()),
        account,
        tenant: identity
            .tenant
            .clone()
            .unwrap_or_else(|| context.tenant.as_str().to_owned()),
        flow: flow.to_owned(),
        signed_in_on: received,
        refresh_token,
        refresh_token_obtained_on: received,
    }
}
