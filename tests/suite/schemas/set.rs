//! The schemas as a whole: they refer to each other by their file names.

use jsonschema::{Registry, Validator};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A validator for each schema, by its name.
pub(super) struct Set(BTreeMap<String, Validator>);

impl Set {
    /// Every schema, by its name, from the files.
    pub(super) fn read() -> BTreeMap<String, Value> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                let name = name
                    .strip_suffix(".schema.json")
                    .unwrap_or_else(|| panic!("{name}: what is it?"));
                let schema = serde_json::from_slice(&std::fs::read(&path).unwrap());
                (
                    name.to_owned(),
                    schema.unwrap_or_else(|error| panic!("{name}: {error}")),
                )
            })
            .collect()
    }

    pub(super) fn schema(name: &str) -> Value {
        Self::read().remove(name).unwrap()
    }

    /// The first example of a schema.
    pub(super) fn example(name: &str) -> Value {
        Self::schema(name)["examples"][0].clone()
    }

    pub(super) fn load() -> Self {
        let schemas = Self::read();
        let pairs = schemas.values().map(|schema| (schema["$id"].as_str().unwrap(), schema));
        let registry = Registry::new().extend(pairs).unwrap().prepare().unwrap();
        let build = |schema| jsonschema::options().with_registry(&registry).build(schema).unwrap();
        Self(
            schemas
                .iter()
                .map(|(name, schema)| (name.clone(), build(schema)))
                .collect(),
        )
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn fits(&self, name: &str, value: &Value) -> bool {
        self.0[name].is_valid(value)
    }

    #[track_caller]
    pub(super) fn check(&self, name: &str, value: &Value) {
        let errors = self.0[name]
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()));
        let errors: Vec<_> = errors.collect();
        assert!(errors.is_empty(), "{name}: {value:#}\n{}", errors.join("\n"));
    }
}
