//! Options as az reads them, which is as Python's `argparse` does: in any order, `--name value` or `--name=value`, a long
//! name cut short while it is clear, `-o json` or `-ojson` or `-o=json`.

/// One option of a command.
pub(super) struct Spec {
    /// Its names, in the order in which az tells them; it is asked for by the first.
    pub(super) names: &'static [&'static str],
    /// What follows it.
    pub(super) takes: Takes,
    /// The only values that it has, in any case; none if it has any.
    pub(super) choices: &'static [&'static str],
    /// Whether it must be said.
    pub(super) required: bool,
}

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    One,
    /// At least one.
    Some,
    /// None, one or more.
    Many,
}

/// An option without a value.
pub(super) const fn flag(names: &'static [&'static str]) -> Spec {
    Spec {
        names,
        takes: Takes::Nothing,
        choices: &[],
        required: false,
    }
}

/// An option with one value.
pub(super) const fn one(names: &'static [&'static str]) -> Spec {
    Spec {
        takes: Takes::One,
        ..flag(names)
    }
}

/// The options that every command has.
const GLOBAL: [Spec; 8] = [
    flag(&["--help", "-h"]),
    flag(&["--verbose"]),
    flag(&["--debug"]),
    flag(&["--only-show-errors"]),
    Spec {
        choices: &["json", "jsonc", "yaml", "yamlc", "table", "tsv", "none"],
        ..one(&["--output", "-o"])
    },
    one(&["--query"]),
    flag(&["--acquire-policy-token"]),
    one(&["--change-reference"]),
];

/// What was said.
pub(super) struct Options(Vec<(&'static str, String)>);

/// Why it cannot be understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Nothing of that kind is known here.
    Unknown(String),
    /// It is known, and wrong.
    Bad(String),
}

impl Options {
    /// Reads what stands after a command's words.
    pub(super) fn parse(words: &[&str], own: &'static [Spec], args: &[&str]) -> Result<Self, Wrong> {
        let mut said = Vec::new();
        let mut unknown: Vec<&str> = Vec::new();
        let mut args = args.iter().copied().peekable();
        while let Some(arg) = args.next() {
            if arg == "--" {
                unknown.push(arg);
                unknown.extend(args.by_ref());
                break;
            }
            let Some((spec, attached)) = option(own, arg)? else {
                unknown.push(arg);
                continue;
            };
            let name = spec.names[0];
            // Of what is said twice the last counts, with all that it brings.
            said.retain(|(have, _)| *have != name);
            match (spec.takes, attached) {
                (Takes::Nothing, None) => said.push((name, String::new())),
                (Takes::Nothing, Some(value)) => {
                    return Err(Wrong::Bad(format!(
                        "argument {}: ignored explicit argument '{value}'",
                        spec.names.join("/")
                    )));
                }
                (_, Some(value)) => said.push((name, spec.checked(words, value)?)),
                (Takes::One, None) => match args.next_if(|next| is_value(next)) {
                    Some(value) => said.push((name, spec.checked(words, value)?)),
                    None => {
                        return Err(Wrong::Bad(format!(
                            "argument {}: expected one argument",
                            spec.names.join("/")
                        )));
                    }
                },
                (Takes::Some | Takes::Many, None) => {
                    if spec.takes == Takes::Some && !args.peek().is_some_and(|next| is_value(next)) {
                        return Err(Wrong::Bad(format!(
                            "argument {}: expected at least one argument",
                            spec.names.join("/")
                        )));
                    }
                    while let Some(value) = args.next_if(|next| is_value(next)) {
                        said.push((name, spec.checked(words, value)?));
                    }
                }
            }
        }
        let options = Self(said);
        if options.has("--help") {
            return Ok(options);
        }
        let missing = own.iter().find(|spec| spec.required && !options.has(spec.names[0]));
        if let Some(spec) = missing {
            return Err(Wrong::Bad(format!(
                "the following arguments are required: {}",
                spec.names.join("/")
            )));
        }
        if !unknown.is_empty() {
            return Err(Wrong::Unknown(unknown.join(" ")));
        }
        Ok(options)
    }

    /// Whether it was said.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(have, _)| *have == name)
    }

    /// What was said. An empty value is none, as in az: scripts say `--subscription "$NOT_SET"`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).last().filter(|value| !value.is_empty())
    }

    /// All that was said.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(have, _)| *have == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Spec {
    fn checked(&self, words: &[&str], value: &str) -> Result<String, Wrong> {
        if self.choices.is_empty() {
            return Ok(value.to_owned());
        }
        let known = self.choices.iter().find(|known| known.eq_ignore_ascii_case(value));
        known.map(|known| (*known).to_owned()).ok_or_else(|| {
            Wrong::Bad(format!(
                "az {}: '{value}' is not a valid value for '{}'. Allowed values: {}.",
                words.join(" "),
                self.names[0],
                self.choices.join(", ")
            ))
        })
    }
}

/// The option that an argument is, and the value that is attached to it.
fn option<'a>(own: &'static [Spec], arg: &'a str) -> Result<Option<(&'static Spec, Option<&'a str>)>, Wrong> {
    let specs = || own.iter().chain(&GLOBAL);
    let exact = |name: &str| specs().find(|spec| spec.names.contains(&name));
    let (name, attached) = match arg.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (arg, None),
    };
    if is_value(arg) {
        return Ok(None);
    }
    if let Some(spec) = exact(name) {
        return Ok(Some((spec, attached)));
    }
    if !name.starts_with("--") {
        // `-ojson`
        let short = arg.get(..2).and_then(exact);
        return Ok(short
            .filter(|spec| spec.takes != Takes::Nothing)
            .map(|spec| (spec, arg.get(2..))));
    }
    let names: Vec<_> = specs()
        .flat_map(|spec| spec.names.iter().map(move |full| (spec, *full)))
        .filter(|(_, full)| full.starts_with(name))
        .collect();
    match names.as_slice() {
        [] => Ok(None),
        [(spec, _), others @ ..] if others.iter().all(|(other, _)| other.names == spec.names) => {
            Ok(Some((*spec, attached)))
        }
        several => {
            let full: Vec<_> = several.iter().map(|(_, full)| *full).collect();
            Err(Wrong::Bad(format!(
                "ambiguous option: {arg} could match {}",
                full.join(", ")
            )))
        }
    }
}

/// Whether it stands for itself: `-` alone does, and a negative number.
fn is_value(arg: &str) -> bool {
    match arg.strip_prefix('-') {
        None | Some("") => true,
        Some(rest) => rest.parse::<f64>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[Spec] = &[
        one(&["--resource"]),
        one(&["--resource-type"]),
        Spec {
            takes: Takes::Many,
            ..flag(&["--scope"])
        },
        one(&["--subscription", "-s", "--name", "-n"]),
    ];

    fn parse(line: &str) -> Result<Vec<(&'static str, String)>, Wrong> {
        let args: Vec<_> = line.split_whitespace().collect();
        Options::parse(&["account", "x"], OWN, &args).map(|options| options.0)
    }

    #[test]
    fn every_form_is_one() {
        for line in [
            "-o json",
            "-o=json",
            "-ojson",
            "--output json",
            "--output=json",
            "--out json",
            "--outp=JSON",
        ] {
            assert_eq!(parse(line).unwrap(), [("--output", "json".to_owned())], "{line}");
        }
        for line in ["-s a", "--subscription=a", "--sub a", "-n a", "--name a", "-na"] {
            assert_eq!(parse(line).unwrap(), [("--subscription", "a".to_owned())], "{line}");
        }
        let said = parse("--scope a b --debug --scope c --resource=x=y").unwrap();
        let names: Vec<_> = said.iter().map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(names, ["--debug ", "--scope c", "--resource x=y"]);
    }

    #[test]
    fn what_is_said_twice_and_what_is_empty() {
        let options = |line: &str| {
            let args: Vec<_> = line.split(' ').collect();
            Options::parse(&["account", "x"], OWN, &args).unwrap()
        };
        let said = options("--scope a b --scope c -o tsv -o json");
        assert_eq!(said.all("--scope").collect::<Vec<_>>(), ["c"]);
        assert_eq!(said.get("--output"), Some("json"));
        // An empty word, as of a variable that is not set.
        let said = options("--subscription  --resource=");
        assert_eq!((said.get("--subscription"), said.get("--resource")), (None, None));
        assert_eq!(options("--scope").all("--scope").count(), 0);
    }

    #[test]
    fn what_is_wrong() {
        let bad = |text: &str| Err(Wrong::Bad(text.to_owned()));
        let unknown = |text: &str| Err(Wrong::Unknown(text.to_owned()));
        assert_eq!(parse("--bogus x"), unknown("--bogus x"));
        assert_eq!(parse("extra -z"), unknown("extra -z"));
        assert_eq!(parse("x -- -o json"), unknown("x -- -o json"));
        assert_eq!(
            parse("--o json"),
            bad("ambiguous option: --o could match --only-show-errors, --output")
        );
        assert_eq!(parse("--query"), bad("argument --query: expected one argument"));
        assert_eq!(
            parse("-s --debug"),
            bad("argument --subscription/-s/--name/-n: expected one argument")
        );
        assert_eq!(
            parse("--res x"),
            bad("ambiguous option: --res could match --resource, --resource-type")
        );
        assert_eq!(
            parse("-o bad"),
            bad(
                "az account x: 'bad' is not a valid value for '--output'. Allowed values: json, jsonc, yaml, yamlc, table, tsv, none."
            )
        );
        assert_eq!(
            parse("--debug=x"),
            bad("argument --debug: ignored explicit argument 'x'")
        );
    }
}
