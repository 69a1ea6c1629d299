//! The pages of a sign-in, a form each.

use crate::entra::pages::{escape, hidden, layout};
use crate::entra::signin::{Signin, Step};

/// The page of `step`; `ctx` finds the sign-in again.
pub(crate) fn page(step: Step, signin: &Signin, ctx: &str, alert: Option<&str>) -> String {
    let app = escape(&signin.app.name);
    let who = signin
        .user
        .or(signin.choose)
        .map(|user| user.upn)
        .or(signin.name.as_deref())
        .map(escape)
        .unwrap_or_default();
    let alert = alert.map_or(String::new(), |alert| {
        format!("<p class=\"alert\" id=\"error\" role=\"alert\">{}</p>\n", escape(alert))
    });
    let (title, body) = match step {
        Step::Choose => (
            "Pick an account",
            format!(
                "{}{}{CANCEL}",
                button("choose", &who),
                button("other", "Use another account")
            ),
        ),
        Step::Name => (
            "Sign in",
            format!(
                "<p>to continue to {app}</p>\n{alert}<label>Email or user name\n\
                 <input name=\"loginfmt\" type=\"email\" autocomplete=\"username\" required autofocus></label>\n{}{CANCEL}",
                button("next", "Next")
            ),
        ),
        Step::Password => (
            "Enter password",
            format!(
                "<p>{who}</p>\n{alert}<label>Password\n\
                 <input name=\"passwd\" type=\"password\" autocomplete=\"current-password\" autofocus></label>\n{}{}{CANCEL}",
                button("signin", "Sign in"),
                button("other", "Use another account")
            ),
        ),
        Step::SecondFactor => (
            "Enter code",
            format!(
                "<p>{who}</p>\n<p>Enter the code that your authenticator app shows.</p>\n{alert}<label>Code\n\
                 <input name=\"otc\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required autofocus></label>\n{}{CANCEL}",
                button("verify", "Verify")
            ),
        ),
        Step::Confirm => (
            "Are you trying to sign in?",
            format!(
                "<p>{who}</p>\n<p>You are about to sign in to <strong>{app}</strong> on another device. \
                 Only continue if you started this yourself, from a program that you trust.</p>\n{}{CANCEL}",
                button("continue", "Continue")
            ),
        ),
        Step::Consent => (
            "Permissions requested",
            format!(
                "<p>{who}</p>\n<p><strong>{app}</strong> would like to:</p>\n\
                 <ul><li>Access {} as you ({})</li><li>Keep access to what you have given it access to</li></ul>\n\
                 <p class=\"note\">Accepting means that you allow this for all who use {app} in your name.</p>\n{}{CANCEL}",
                escape(signin.resource.name),
                escape(signin.resource.permission),
                button("accept", "Accept")
            ),
        ),
    };
    layout(title, &format!("<h1>{title}</h1>\n{}", form(ctx, &body)))
}

/// The way back to the application from a page that says why it did not work.
pub(crate) fn back(ctx: &str) -> String {
    form(ctx, &button("return", "Return to the application"))
}

/// The last page of a device's sign-in.
pub(crate) fn device_done(app: &str, approved: bool) -> String {
    let app = escape(app);
    let text = if approved {
        format!("You have signed in to {app} on your device. You may now close this window.")
    } else {
        format!("{app} was not signed in. You may now close this window.")
    };
    let title = if approved { "You are signed in" } else { "You cancelled" };
    layout(title, &format!("<h1>{title}</h1>\n<p id=\"done\">{text}</p>"))
}

/// Where a device's user code is typed.
pub(crate) fn device_code(alert: Option<&str>) -> String {
    let alert = alert.map_or(String::new(), |alert| {
        format!("<p class=\"alert\" id=\"error\" role=\"alert\">{}</p>\n", escape(alert))
    });
    layout(
        "Enter code",
        &format!(
            "<h1>Enter code to allow access</h1>\n<form method=\"post\" action=\"/devicelogin\">\n\
             <p>Only enter a code from a program that you started yourself. Do not enter codes that somebody sent you.</p>\n\
             {alert}<label>Code\n<input name=\"otc\" autocomplete=\"off\" autocapitalize=\"characters\" required autofocus></label>\n{}</form>",
            button("next", "Next")
        ),
    )
}

const CANCEL: &str = "<button name=\"action\" value=\"cancel\" formnovalidate>Cancel</button>\n";

fn button(action: &str, text: &str) -> String {
    format!("<button name=\"action\" value=\"{action}\">{text}</button>\n")
}

/// Where the form goes says nothing; what it carries does.
fn form(ctx: &str, body: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/common/login\">\n{}\n{body}</form>",
        hidden("ctx", ctx)
    )
}
