//! The first and the last page of a device's sign-in.

use crate::entra::pages::{alert, escape, first, layout};

/// Where the user code is typed.
pub(crate) fn code(problem: Option<&str>) -> String {
    let body = format!(
        "<form method=\"post\" action=\"/devicelogin\">\n\
         <p>Enter the code that your program or device shows. \
         Never enter a code that somebody has sent you: it would sign them in as you.</p>\n\
         {}<label>Code\n<input name=\"otc\" autocomplete=\"off\" autocapitalize=\"characters\" required autofocus></label>\n\
         {}</form>",
        alert(problem),
        first("next", "Next")
    );
    layout("Enter code to allow access", &body)
}

/// How it ended.
pub(crate) fn done(app: &str, approved: bool) -> String {
    let app = escape(app);
    if approved {
        let text = format!("<p id=\"done\">You have signed in to {app} on your device. You may close this window.</p>");
        layout("You are signed in", &text)
    } else {
        let text = format!("<p id=\"done\">{app} was not signed in. You may close this window.</p>");
        layout("Nothing was approved", &text)
    }
}
