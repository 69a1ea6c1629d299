//! Which way to sign in: what was asked for, else what this place allows.

use super::secret::{self, PASSWORD, REFRESH_TOKEN};
use crate::cli::get::{TIMEOUT, seconds};
use crate::cli::selectors::bad_flag;
use crate::error::Error;
use crate::flow::place;
use crate::how::{How, Page, Password, Prompt, Redirect, ResponseMode, Way};
use crate::request::Account;
use crate::world::World;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::time::Duration;

/// How long a person is waited for unless it is said, in seconds: as azure-identity does.
const PATIENCE: u64 = 300;

/// How long one may be waited for, in seconds.
const LONGEST: u64 = 3600;

/// How to sign in.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "How (default: by what this place allows)")]
pub(super) struct WayFlags {
    /// A browser on this machine
    #[arg(long, group = "way")]
    browser: bool,
    /// A browser anywhere: paste the address at which it ends
    #[arg(long, group = "way")]
    paste: bool,
    /// A code that is typed into a page on any device; many organisations block it
    #[arg(long, group = "way")]
    device_code: bool,
    /// User name and password, asked for without echo; fails with multi-factor authentication
    #[arg(long, value_name = "NAME", group = "way")]
    username: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, requires = "username")]
    password_stdin: bool,
    /// Read a refresh token from the first line of standard input, and sign in with it
    #[arg(long, group = "way")]
    refresh_token_stdin: bool,
    /// Print the address and open no browser
    #[arg(long)]
    no_browser: bool,
    /// Port that the browser comes back to (default: any free one)
    #[arg(long, value_name = "PORT")]
    redirect_port: Option<String>,
    /// How the code comes back: form_post, or query, in the address (default: form_post)
    #[arg(long, value_name = "MODE", value_enum, hide_possible_values = true)]
    response_mode: Option<ResponseMode>,
    /// none, login, consent, select_account (default: select_account, unless a name is known)
    #[arg(long, value_name = "PROMPT", value_enum, hide_possible_values = true)]
    prompt: Option<Prompt>,
    /// User name that the page fills in (default: that of `--account`)
    #[arg(long, value_name = "NAME")]
    login_hint: Option<String>,
    /// Domain of the account, which spares a question
    #[arg(long, value_name = "DOMAIN")]
    domain_hint: Option<String>,
    /// Seconds to wait for a person, else for all networking (default: 300, a code's life, or 30)
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<String>,
}

/// What was chosen.
pub(super) struct Chosen {
    /// How to sign in.
    pub(super) how: How,
    /// The time for networking before and besides the person.
    pub(super) network: Duration,
    /// The one line that tells the choice, if the place made it.
    pub(super) line: Option<String>,
}

impl WayFlags {
    /// Chooses, and reads the secret that the way wants from standard input.
    pub(super) fn choose(&self, world: &World, account: Option<&Account>) -> Result<Chosen, Error> {
        let asked = self.timeout.as_deref();
        let timeout = |default| seconds(asked, default, LONGEST).map_err(|why| bad_flag("login", why));
        let network = Duration::from_secs(TIMEOUT);
        let (way, line) = self.way(world)?;
        self.fits(&way)?;
        let silent = match &way {
            Way::RefreshToken(_) => true,
            Way::Password(user) => user.password.is_some(),
            Way::Browser(_) | Way::Paste { .. } | Way::DeviceCode => false,
        };
        Ok(Chosen {
            network: if silent { timeout(TIMEOUT)? } else { network },
            how: How {
                page: self.page(account)?,
                patience: timeout(match &way {
                    // As long as the code is good.
                    Way::DeviceCode => LONGEST,
                    _ => PATIENCE,
                })?,
                way,
            },
            line,
        })
    }

    fn way(&self, world: &World) -> Result<(Way, Option<String>), Error> {
        if self.refresh_token_stdin {
            return Ok((Way::RefreshToken(secret::first_line(world, &REFRESH_TOKEN)?), None));
        }
        if let Some(username) = &self.username {
            let password = match self.password_stdin {
                true => Some(secret::first_line(world, &PASSWORD)?),
                false => None,
            };
            let username = checked("--username", username)?;
            return Ok((Way::Password(Password { username, password }), None));
        }
        let redirect = self.redirect()?;
        if self.browser {
            return Ok((Way::Browser(redirect), None));
        }
        if self.device_code {
            return Ok((Way::DeviceCode, None));
        }
        // Where somebody pastes, the browser is mostly on another machine: none is opened.
        let paste = Way::Paste { port: redirect.port };
        if self.paste {
            return Ok((paste, None));
        }
        let place = place::place(world);
        let (suited, line) = place::choose(&place);
        let way = match suited {
            place::Way::Browser => Way::Browser(redirect),
            place::Way::Paste => paste,
            place::Way::DeviceCode => Way::DeviceCode,
            place::Way::Nobody => return Err(place::nobody(&place)),
        };
        Ok((way, Some(line)))
    }

    fn redirect(&self) -> Result<Redirect, Error> {
        let port = match self.redirect_port.as_deref().map(str::parse::<u16>) {
            None => 0,
            Some(Ok(port)) if port > 0 => port,
            Some(_) => {
                return Err(bad_flag(
                    "login",
                    "`--redirect-port`: expected a number from 1 to 65535".to_owned(),
                ));
            }
        };
        Ok(Redirect {
            opens: !self.no_browser,
            response_mode: self.response_mode.unwrap_or(ResponseMode::FormPost),
            port,
        })
    }

    fn page(&self, account: Option<&Account>) -> Result<Page, Error> {
        let hint = |flag, text: &Option<String>| text.as_deref().map(|text| checked(flag, text)).transpose();
        // `uid.utid` is no name that the page could fill in.
        let known = account.map(Account::as_str).filter(|name| name.contains('@'));
        let login_hint = hint("--login-hint", &self.login_hint)?.or_else(|| known.map(str::to_owned));
        Ok(Page {
            // Whoever has several accounts would otherwise get the one that the browser happens to hold.
            prompt: self
                .prompt
                .or_else(|| login_hint.is_none().then_some(Prompt::SelectAccount)),
            login_hint,
            domain_hint: hint("--domain-hint", &self.domain_hint)?,
        })
    }

    /// Refuses what the way has no use for: whoever said it meant another way.
    fn fits(&self, way: &Way) -> Result<(), Error> {
        let pages = matches!(way, Way::Browser(_) | Way::Paste { .. });
        let browser = matches!(way, Way::Browser(_));
        let useless = [
            ("--no-browser", self.no_browser && !pages),
            ("--redirect-port", self.redirect_port.is_some() && !pages),
            ("--response-mode", self.response_mode.is_some() && !browser),
            ("--prompt", self.prompt.is_some() && !pages),
            ("--login-hint", self.login_hint.is_some() && !pages),
            ("--domain-hint", self.domain_hint.is_some() && !pages),
        ];
        match useless.iter().find(|(_, useless)| *useless) {
            None => Ok(()),
            Some((flag, _)) => {
                let only = if *flag == "--response-mode" {
                    "`--browser`"
                } else {
                    "`--browser` and `--paste`"
                };
                Err(bad_flag("login", format!("`{flag}` is for {only} only")))
            }
        }
    }
}

/// A name that is shown and sent.
fn checked(flag: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.len() > 320 || text.chars().any(char::is_control) {
        return Err(bad_flag("login", format!("`{flag}`: expected a name")));
    }
    Ok(text.to_owned())
}

impl ValueEnum for ResponseMode {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::FormPost, Self::Query]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

impl ValueEnum for Prompt {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}
