//! OAuth 2.0 Form Post Response Mode: the browser carries the answer over, by a script or by hand.

use crate::entra::pages::{escape, hidden};

/// A form that sends itself to `action`.
pub(crate) fn page<'a>(action: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let inputs: String = fields.into_iter().map(|(name, value)| hidden(name, value)).collect();
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Working...</title></head><body>\
         <form method=\"POST\" name=\"hiddenform\" action=\"{}\">{inputs}\
         <noscript><p>Script is disabled. Click Submit to continue.</p>\
         <input type=\"submit\" value=\"Submit\"></noscript></form>\
         <script language=\"javascript\">document.forms[0].submit();</script></body></html>\n",
        escape(action)
    )
}
