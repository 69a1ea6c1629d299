//! The pages of a sign-in, a form each.

use crate::directory::{Mfa, USERS, User};
use crate::entra::pages::{alert, escape, first, hidden, layout, other};
use crate::entra::signin::{Signin, Step};

/// The page of `step`; `ctx` finds the sign-in again, `control` is where the second factor can be looked up.
pub(crate) fn page(step: Step, signin: &Signin, ctx: &str, problem: Option<&str>, control: &str) -> String {
    let body = match step {
        Step::Choose => choose(signin),
        Step::Name => name(signin, problem),
        Step::Password => password(signin, problem),
        Step::SecondFactor => second_factor(signin, problem, control),
        Step::Confirm => confirm(signin),
        Step::Consent => consent(signin),
    };
    let help = match step {
        Step::Name | Step::Password => users(),
        _ => String::new(),
    };
    layout(title(step), &(form(ctx, &body) + &help))
}

/// The way back to the application from a page that says why it did not work.
pub(crate) fn back(ctx: &str) -> String {
    form(ctx, &first("return", "Return to the application"))
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Choose => "Pick an account",
        Step::Name => "Sign in",
        Step::Password => "Enter password",
        Step::SecondFactor => "Enter code",
        Step::Confirm => "Are you trying to sign in?",
        Step::Consent => "Permissions requested",
    }
}

fn choose(signin: &Signin) -> String {
    first("choose", &who(signin)) + &other("other", "Use another account") + &cancel()
}

fn name(signin: &Signin, problem: Option<&str>) -> String {
    format!(
        "<p>to continue to {}</p>\n{}<label>User name\n\
         <input name=\"loginfmt\" type=\"email\" autocomplete=\"username\" required autofocus></label>\n{}{}",
        escape(&signin.app.name),
        alert(problem),
        first("next", "Next"),
        cancel()
    )
}

fn password(signin: &Signin, problem: Option<&str>) -> String {
    format!(
        "<p class=\"who\">{}</p>\n{}<label>Password\n\
         <input name=\"passwd\" type=\"password\" autocomplete=\"current-password\" required autofocus></label>\n{}{}{}",
        who(signin),
        alert(problem),
        first("signin", "Sign in"),
        other("other", "Use another account"),
        cancel()
    )
}

fn second_factor(signin: &Signin, problem: Option<&str>, control: &str) -> String {
    let enrol = if signin.user.is_some_and(|user| user.mfa == Mfa::NotEnrolled) {
        "<p>Your organization needs more information to keep your account secure. Set up your authenticator app now.</p>\n"
    } else {
        ""
    };
    format!(
        "<p class=\"who\">{}</p>\n{enrol}<p>Enter the code that your authenticator app shows.</p>\n{}<label>Code\n\
         <input name=\"otc\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required autofocus></label>\n{}{}\n\
         <p class=\"note\">The authenticator app of this sandbox is its control API: \
         <a href=\"{control}/sign-ins\" target=\"_blank\">the code</a>.</p>\n",
        who(signin),
        alert(problem),
        first("verify", "Verify"),
        cancel(),
        control = escape(control)
    )
}

fn confirm(signin: &Signin) -> String {
    format!(
        "<p class=\"who\">{}</p>\n<p>You are about to sign in to <strong>{}</strong> on another device. \
         Continue only if you started this yourself, from a program that you trust.</p>\n{}{}",
        who(signin),
        escape(&signin.app.name),
        first("continue", "Continue"),
        cancel()
    )
}

fn consent(signin: &Signin) -> String {
    let app = escape(&signin.app.name);
    format!(
        "<p class=\"who\">{}</p>\n<p><strong>{app}</strong> would like to:</p>\n\
         <ul>\n<li>access {} as you (<code>{}</code>)</li>\n<li>keep the access that you give it</li>\n</ul>\n\
         <p class=\"note\">Accept only if you trust {app}.</p>\n{}{}",
        who(signin),
        escape(signin.resource.name),
        escape(signin.resource.permission),
        first("accept", "Accept"),
        cancel()
    )
}

/// Who signs in, as far as the page knows.
fn who(signin: &Signin) -> String {
    let user = signin.user.or(signin.choose).map(|user| user.upn);
    escape(user.or(signin.name.as_deref()).unwrap_or_default())
}

fn cancel() -> String {
    other("cancel", "Cancel")
}

/// Whom one can be here.
fn users() -> String {
    let row = |user: &&User| format!("<tr><td>{}</td><td>{}</td></tr>\n", user.upn, user.password);
    format!(
        "\n<details>\n<summary>Who can sign in here?</summary>\n\
         <table>\n<tr><th>User name</th><th>Password</th></tr>\n{}</table>\n</details>",
        USERS.iter().map(row).collect::<String>()
    )
}

/// Where the form goes says nothing; what it carries does.
fn form(ctx: &str, body: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/common/login\">\n{}\n{body}</form>",
        hidden("ctx", ctx)
    )
}
