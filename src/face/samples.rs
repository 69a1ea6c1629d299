//! One call of each face that asks for a token, for the tests that all faces pass.

use super::testing::{Caller, TENANT, TOKEN};
use crate::error::Kind;

/// A call of a face that asks for a token.
pub(super) struct Sample {
    /// The face's first name.
    pub(super) face: &'static str,
    pub(super) args: &'static [&'static str],
    pub(super) variables: &'static [(&'static str, &'static str)],
    pub(super) input: &'static str,
    /// What the answer holds.
    pub(super) holds: &'static str,
    /// The exit status of a failure of this kind.
    pub(super) exit: fn(Kind) -> u8,
}

/// One for each face, in the order of `FACES`.
pub(super) const SAMPLES: &[Sample] = &[
    Sample {
        face: "rpc",
        args: &[],
        variables: &[],
        input: r#"{"v":1,"op":"get"}"#,
        holds: TOKEN,
        exit: Kind::exit,
    },
    Sample {
        face: "az",
        args: &["account", "get-access-token"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 1,
    },
    Sample {
        face: "databricks",
        args: &["auth", "token", "--host", "adb-1.2.azuredatabricks.net"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 1,
    },
    Sample {
        face: "git",
        args: &["get"],
        variables: &[],
        input: "protocol=https\nhost=dev.azure.com\n\n",
        holds: TOKEN,
        exit: |kind| match kind {
            Kind::TargetNotSupported => 0,
            _ => kind.exit(),
        },
    },
    Sample {
        face: "kubectl",
        args: &[],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: Kind::exit,
    },
    Sample {
        face: "azd",
        args: &[
            "auth",
            "token",
            "--output",
            "json",
            "--no-prompt",
            "--scope",
            "a/.default",
        ],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 1,
    },
    Sample {
        face: "terraform",
        args: &[],
        variables: &[],
        input: "{}",
        holds: TENANT,
        exit: Kind::exit,
    },
    Sample {
        face: "bazel",
        args: &["get"],
        variables: &[],
        input: r#"{"uri":"https://dev.azure.com/contoso"}"#,
        holds: TOKEN,
        exit: Kind::exit,
    },
    Sample {
        face: "cargo",
        args: &["--cargo-plugin"],
        variables: &[],
        input: r#"{"v":1,"kind":"get","registry":{"index-url":"sparse+https://pkgs.dev.azure.com/contoso/"}}"#,
        holds: TOKEN,
        exit: |_| 0,
    },
    Sample {
        face: "docker",
        args: &["get"],
        variables: &[],
        input: "contoso.azurecr.io",
        holds: TOKEN,
        exit: |_| 1,
    },
    Sample {
        face: "keyring",
        args: &["get", "https://pkgs.dev.azure.com/contoso/", "VssSessionToken"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 1,
    },
    Sample {
        face: "credprovider",
        args: &["-Uri", "https://pkgs.dev.azure.com/contoso/"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 2,
    },
    Sample {
        face: "goauth",
        args: &["https://dev.azure.com/contoso"],
        variables: &[],
        input: "HTTP/1.1 401 Unauthorized\r\n\r\n",
        holds: TOKEN,
        exit: |kind| match kind {
            Kind::TargetNotSupported => 0,
            _ => kind.exit(),
        },
    },
    Sample {
        face: "npm",
        args: &[],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: Kind::exit,
    },
    Sample {
        face: "google",
        args: &["--resource", "a"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: |_| 0,
    },
    Sample {
        face: "dotnet",
        args: &["--resource", "a"],
        variables: &[],
        input: "",
        holds: TOKEN,
        exit: Kind::exit,
    },
];

impl Sample {
    /// The call, not made yet.
    pub(super) fn caller(&self) -> Caller {
        let caller = Caller::of(super::named(self.face).unwrap())
            .args(self.args)
            .input(self.input);
        let set = |caller: Caller, (name, value): &(&str, &str)| caller.var(name, value);
        self.variables.iter().fold(caller, set)
    }
}
