//! `why`: every value that decides a call, and who said it; offline.

use super::selectors::SelectorFlags;
use super::text::columns;
use super::{Act, Answer};
use crate::error::Error;
use crate::services::{Choice as _, Reason};
use crate::world::World;

const EXAMPLES: &str = "Examples:
  entra-token why
  entra-token why --host https://adb-1234567890123456.7.azuredatabricks.net -o json

A flag goes before ENTRA_TOKEN_*, that before the profile, that before the variables of other tools (DATABRICKS_HOST,
ARM_TENANT_ID, AZURE_TENANT_ID, AZURE_AUTHORITY_HOST, ARM_ENVIRONMENT), those before what is remembered, that before the
defaults. A host decides what nothing at its rank or above it says.";

/// The flags of `why`.
#[derive(clap::Parser)]
#[command(after_help = EXAMPLES)]
pub(super) struct Why {
    /// `table` for people, or `json`: a list of objects with field, value and source
    #[arg(short, long, value_name = "FORM", value_enum, default_value_t = Form::Table, hide_possible_values = true)]
    output: Form,
    #[command(flatten)]
    selectors: SelectorFlags,
}

/// A form of the answer; the help tells what each is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Table,
    Json,
}

impl Act for Why {
    fn act(self, world: &World) -> Result<Answer, Error> {
        let ask = self.selectors.ask("why", world)?;
        let reasons = super::desk(world)?.why(&ask)?;
        Ok(match self.output {
            Form::Json => Answer::json(&reasons),
            Form::Table => Answer::text(&table(&reasons)),
        })
    }
}

fn table(reasons: &[Reason]) -> String {
    let mut rows = vec![["FIELD".to_owned(), "VALUE".to_owned(), "SOURCE".to_owned()]];
    rows.extend(reasons.iter().map(|Reason { field, value, source }| {
        let value = if value.is_empty() { "-" } else { value };
        [(*field).to_owned(), value.to_owned(), source.clone()]
    }));
    columns(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_for_each_value() {
        let reason = |field, value: &str, source: &str| Reason {
            field,
            value: value.into(),
            source: source.into(),
        };
        assert_eq!(
            table(&[reason("tenant", "t", "flag `--tenant`"), reason("host", "", "not said")]),
            "FIELD   VALUE  SOURCE\ntenant  t      flag `--tenant`\nhost    -      not said\n"
        );
    }
}
