//! What went wrong, for the person.

use serde_json::Value;

use crate::entra::pages::{escape, layout};

/// The error in `body`, and a form that leads back to the application, if there is a way.
pub(crate) fn page(body: &Value, back: Option<&str>) -> String {
    let text = |member: &str| escape(body[member].as_str().unwrap_or_default());
    let description = text("error_description");
    let first = description.split("\r\n").next().unwrap_or_default();
    layout(
        "We’re having trouble signing you in",
        &format!(
            "<p class=\"alert\" id=\"error\">{first}</p>\n{}\n<p class=\"note\">Correlation ID: {}<br>\n\
             Trace ID: {}<br>\nTimestamp: {}</p>",
            back.unwrap_or_default(),
            text("correlation_id"),
            text("trace_id"),
            text("timestamp"),
        ),
    )
}
