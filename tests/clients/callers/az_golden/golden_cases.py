"""Every command that is compared, and every deviation, with its reason.

A row is a command line, as a shell splits it, after variables that are set for it; what stands behind `##` names its
deviations. Without one the two programs give the same bytes. `{user}` and the like are the sandbox's."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Deviation:
    """A difference that is wanted, or that nobody minds."""

    reason: str
    # By stream, what az gives and what we give instead: patterns of the whole.
    instead: dict[str, tuple[str, str]] = field(default_factory=dict)
    # What is done to az's standard error to get ours.
    rewrites: Callable[[str], str] | None = None


@dataclass
class Row:
    """A command that is compared."""

    text: str
    line: str
    variables: dict[str, str]
    deviations: list[str]


def rewriting(pattern: str, by: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, flags=re.DOTALL)


TOKEN = r'\{\n  "accessToken": "TOKEN",\n(?:.*\n)*\}\n'
TRACEBACK = r"(?s:ERROR: The command failed with an unexpected error\. Here is the traceback:\n.*)"
LINES = r"(?:.+\n)*?"
IDS = r"Trace ID: ID\nCorrelation ID: ID\nTimestamp: TIME\n"
# az's words for every refusal of Entra ID.
REFUSED = (
    rf"ERROR: AADSTS\d+: {LINES}"
    r"Run the command below to authenticate interactively; additional arguments may be added as needed:\n"
    r"az logout\naz login --tenant .+\n"
)
NEEDED = r"ERROR: Please run 'az login' to setup account\.\nInteractive authentication is needed\. Please run:\n"

DEVIATIONS = {
    "examples": Deviation(
        "examples are for people, who have az's own help",
        rewrites=rewriting(r"Examples from command's help:\n.*?(?=https://aka\.ms/cli_ref)", ""),
    ),
    "not found": Deviation(
        "the Databricks SDK for Java takes `not found` for a missing az",
        rewrites=rewriting(r"' not found\.", "' is not known."),
    ),
    "both": Deviation(
        "several callers name both a tenant and a subscription: the tenant decides",
        {
            "status": ("1", "0"),
            "stdout": ("", TOKEN),
            "stderr": (r"ERROR: Please specify only one of subscription and tenant, not both\n", ""),
        },
    ),
    "sign in": Deviation(
        "a line that every SDK knows, two that VS Code's extension looks for, then what happened, and our own command",
        {
            "stderr": (
                REFUSED,
                rf"{NEEDED}az login --scope \S+\n.*AADSTS\d+.*\n.*entra-token login.*\n{LINES}{IDS}",
            )
        },
    ),
    "refused": Deviation(
        "signing in again will not help, so no `az login` is shown, but what will",
        {"stderr": (REFUSED, rf"(?!(?s:.*)az login)ERROR: .*AADSTS\d+.*\n{LINES}{IDS}")},
    ),
    "no such tenant": Deviation(
        "az shows a traceback", {"stderr": (TRACEBACK, rf"ERROR: .*AADSTS90002.*\n.+\n{IDS}")}
    ),
    "no tenant": Deviation(
        "az shows a traceback", {"stderr": (TRACEBACK, r"ERROR: tenant `a/b` is neither a GUID nor a domain\n")}
    ),
    "crash": Deviation(
        "az shows a traceback where an answer is possible",
        {"status": ("1", "0"), "stdout": ("", "(?s:.*)"), "stderr": (TRACEBACK, "")},
    ),
    "no scope": Deviation(
        "an empty scope is most likely a variable that is not set; az gets some token of Microsoft Graph by it",
        {"status": ("0", "1"), "stdout": (TOKEN, ""), "stderr": ("", r"ERROR: no scope given\n")},
    ),
    "throttled": Deviation(
        "az shows a traceback",
        {"stderr": (TRACEBACK, r"ERROR: `localhost` asks to wait for 3 s: .+\nTry again in 3 s\n")},
    ),
    "unreachable": Deviation(
        "az shows what its HTTP library says, at some length",
        {"stderr": (r"(?s)(?:.+\n)?ERROR: .+", r"(?!(?s:.*)az login)ERROR: .*`?localhost`?.*\n(?:.+\n)*")},
    ),
    "tenants": Deviation(
        "a login without subscriptions is one account, that of its tenant; `--tenant` gets at the others",
        {
            "stdout": (
                r"(?s)\[\n  \{.*\n  \},\n  \{.*\n  \}\n\]\n",
                r"(?s)\[\n  \{(?:(?!\n  \},).)*\n  \}\n\]\n",
            )
        },
        rewrites=rewriting(r"WARNING: The following tenants .*", ""),
    ),
    "verbose": Deviation(
        "there is nothing to tell of us", rewrites=rewriting(r"INFO: Command ran in N seconds \(.*\)\n", "")
    ),
    "version": Deviation(
        "there is no Python to tell of, and nothing is looked up in the network",
        {
            "stdout": (
                r"azure-cli {25}2\.91\.0\n\ncore {30}2\.91\.0\ntelemetry {26}1\.1\.0\n\nDependencies:\n(?s:.*)",
                r"azure-cli {25}2\.91\.0\n\ncore {30}2\.91\.0\ntelemetry {26}1\.1\.0\n\nAnswered by entra-token .+\n",
            ),
            "stderr": (r"WARNING: Unable to check if your CLI is up-to-date\..*\n", ""),
        },
    ),
    "password": Deviation(
        "README says what speaks against passwords; standard error is for what went wrong",
        rewrites=rewriting(r"WARNING: Using authentication with username and password in the command line [^\n]+\n", ""),
    ),
    "misspelt cloud": Deviation(
        "who misspells a cloud does not want the public one",
        {
            "status": (r"\d", "1"),
            "stdout": ("(?s:.*)", ""),
            "stderr": (
                r"The cloud 'nope' is not registered\.\nResetting active cloud to'AzureCloud'\.\n(?s:.*)",
                r"ERROR: The cloud 'nope' is not registered\.\n",
            ),
        },
    ),
}

# That a fork gives the true bytes is seen with these.
SAMPLE = [
    "account get-access-token",
    "account list -o table",
    "account show --query user -o yaml",
    "account get-access-token --bogus",
    "account get-access-token -s nope",
    "account set",
]

REFUSALS = [700082, 50173, 50076, 65001, 53003, 500011]

# In this order, after one sign-in.
SIGNED_IN = [
    "what a token is for",
    "whose it is",
    "calls that are wrong",
    "every form of output",
    "accounts",
    "signing in again",
]

FAULTS = {
    "no answer": {"kind": "reset", "acted": False, "path": "/token"},
    "no JSON": {"kind": "not_json", "path": "/token"},
    "too many requests": {"kind": "status", "status": 429, "headers": {"Retry-After": "3"}, "path": "/token"},
}

FORMS = ["json", "jsonc", "tsv", "table", "yaml", "yamlc", "none"]

ROWS = {
    "nobody is signed in": """
        account get-access-token
        account get-access-token -s x
        account get-access-token -t contoso.example
        account get-access-token -o tsv --query accessToken
        account show
        account show -s x -o table
        account list
        account list --all
        account list --refresh
        account list --only-show-errors
        AZURE_CORE_ONLY_SHOW_ERRORS=1 account list
        AZURE_CORE_ONLY_SHOW_ERRORS=no account list
        account list --query [0].id -o tsv
        account set -s x
        logout
        version --query keys(@)
        cloud show
        cloud show -n AzureUSGovernment
        cloud show -n azurecloud
        cloud show -n nope
        cloud show -n ''
        cloud show --query endpoints.resourceManager -o tsv
        cloud show --query keys(@)
        cloud show --query keys(endpoints) -o tsv
        cloud show --query keys(suffixes) -o tsv
        cloud list --query [].name -o tsv
        cloud list --query [0] -o table
        cloud list --all
        cloud set -n nope
        cloud set -n ''
        cloud set -n AzureCloud
        cloud set ## examples
        cloud set -n AzureUSGovernment
        cloud set -n AzureUSGovernment
        cloud show --query name
        cloud list --query [?isActive].name -o tsv
        account show
        account list
        account set -s x
        account get-access-token
        AZURE_CLOUD_NAME=AzureChinaCloud cloud show --query name
        cloud set -n AzureCloud --only-show-errors
        cloud show --query name
        AZURE_CLOUD_NAME=AzureUSGovernment cloud show --query name
        AZURE_CLOUD_NAME=AzureUSGovernment account list
        AZURE_CLOUD_NAME=nope cloud show --query name ## misspelt cloud
        AZURE_CLOUD_NAME=nope account get-access-token ## misspelt cloud
        --version ## version
        -v ## version
        --version x ## version
        version x
    """,
    "what a token is for": """
        account get-access-token
        account get-access-token --resource {databricks}
        account get-access-token --resource={databricks}
        account get-access-token --scope {databricks}/.default
        account get-access-token --scope={databricks}/.default
        account get-access-token --resource https://graph.microsoft.com
        account get-access-token --resource https://graph.microsoft.com/
        account get-access-token --resource https://management.azure.com/
        account get-access-token --resource https://management.azure.com
        account get-access-token --scope https://management.azure.com//.default
        account get-access-token --scope https://graph.microsoft.com/User.Read
        account get-access-token --scope x/.default --scope {databricks}/.default
        account get-access-token --scope
        account get-access-token --scope '' ## no scope
        account get-access-token --resource ''
        account get-access-token --resource {databricks} --scope https://graph.microsoft.com/.default
        account get-access-token --resource {databricks} --resource-type arm
        account get-access-token --scope {databricks}/.default --resource-type arm
        account get-access-token --resource-type arm
        account get-access-token --resource-type ms-graph
        account get-access-token --resource-type MS-Graph
        account get-access-token --resource-type batch ## refused
        account get-access-token --resource-type media ## refused
        account get-access-token --resource-type data-lake ## refused
        account get-access-token --resource nowhere ## refused
        account get-access-token --resource https://nowhere.example/ ## refused
        account get-access-token --scope nowhere/.default ## refused
        account get-access-token --scope x ## refused
        account get-access-token --resource-t arm
        account get-access-token --sc {databricks}/.default
    """,
    "whose it is": """
        account get-access-token -s {first}
        account get-access-token -s {fourth}
        account get-access-token -s {FOURTH}
        account get-access-token -s{fourth}
        account get-access-token -s={fourth}
        account get-access-token --subscription {fourth}
        account get-access-token --subscription={fourth}
        account get-access-token --subscription ''
        account get-access-token -n Fabrikam
        account get-access-token --name fabrikam
        account get-access-token --name=FABRIKAM
        account get-access-token --sub {first}
        account get-access-token --n {first}
        account get-access-token -s nope ## not found
        account get-access-token -t {tenant}
        account get-access-token -t={tenant}
        account get-access-token -t{tenant}
        account get-access-token --tenant {tenant}
        account get-access-token --tenant={tenant}
        account get-access-token --t {tenant}
        account get-access-token --ten {tenant}
        account get-access-token --tenant contoso.example
        account get-access-token --tenant fabrikam.example
        account get-access-token --tenant common
        account get-access-token --tenant organizations
        account get-access-token --tenant ''
        account get-access-token --tenant x -t {tenant}
        account get-access-token --tenant nowhere.example ## no such tenant
        account get-access-token --tenant 11111111-1111-4111-8111-111111111111 ## no such tenant
        account get-access-token --tenant a/b ## no tenant
        account get-access-token --tenant {tenant} --subscription {first} ## both
        account get-access-token --tenant common --subscription {first} ## both
        account get-access-token --tenant {tenant} --subscription ''
    """,
    "calls that are wrong": """
        account get-access-token --bogus
        account get-access-token --bogus x -o tsv
        account get-access-token -x
        account get-access-token -z 1
        account get-access-token extra
        account get-access-token -- x
        account get-access-token -- -o json
        account get-access-token --o tsv
        account get-access-token --s x ## examples
        account get-access-token --res x ## examples
        account get-access-token --reso x ## examples
        account get-access-token --resource ## examples
        account get-access-token -s ## examples
        account get-access-token --tenant ## examples
        account get-access-token -o ## examples
        account get-access-token -o bad ## examples
        account get-access-token --resource-type nope ## examples
        account get-access-token --debug=x ## examples
        account get-access-token --query
        account get-access-token --query [[
        account get-access-token --query ''
        account show --bogus
        account show extra
        account show --query '[?x]'
        account show --query a[
        account show -s nope ## not found
        account list --bogus
        account list --query 'contains(@, '
        account set
        account set --bogus
        account set -s nope
        account clear --bogus
        account clear x
        version --bogus
        cloud show --bogus
        cloud list --bogus
        login --bogus
        login --scope ## examples
        login --tenant ## examples
        login --skip-subscription-discovery
        login --username a --use-device-code
        logout --bogus
        AZURE_CORE_OUTPUT=bad account get-access-token ## crash
        AZURE_CORE_OUTPUT= account list ## crash
    """,
    "accounts": """
        account show
        account show -s {fourth}
        account show -n fabrikam
        account show -s ''
        account show --query keys(@)
        account show --query keys(user)
        account list --query keys([0])
        account list --all
        account list --refresh
        account list --all --refresh
        account set -s {fourth}
        account show
        account get-access-token
        account get-access-token -t contoso.example
        account list -o table
        account set -n 'contoso production'
        account show
        account list -o tsv
        account set --subscription={first}
        account set -s ''
        account show
    """,
    "signing in again": """
        login --username {user} --password {password} ## password
        login --username {user} --password {password} -o table ## password
        account list
        login -u {user} -p {password} --query [0].name ## password
        login -u {user} -p {password} -s 'Contoso production' ## password
        account show
        login --username {user} --password={password} --tenant contoso.example --query [0].id -o tsv ## password
        account list --query length(@)
        login -u {user} -p {password} -s nope ## password, not found
    """,
    "signing out": """
        logout --username nope@contoso.example
        account show
        logout --username {user}
        account show
        logout
        account list
        account clear
    """,
    "no subscription": """
        login --username {user} --password {password} --tenant contoso.example --allow-no-subscriptions ## password
        account show
        account list
        account list --all -o table
        account show --query keys(@)
        account list --query keys([0])
        account get-access-token
        account get-access-token -s {tenant}
        account set -s {tenant}
        account set -s nope
        login --username {user} --password {password} --allow-no-subscriptions ## password, tenants
        account list ## tenants
    """,
    "too many requests": """
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 ## throttled
        account show
    """,
    "no answer": """
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 ## unreachable
        account show
    """,
    "no JSON": """
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 ## unreachable
        account show
    """,
    "the sign-in was revoked": """
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 ## sign in
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 -o tsv --query accessToken ## sign in
        account show
        account list
    """,
    **{
        f"AADSTS{code}": f"""
        account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 ## {name}
        account get-access-token -t fabrikam.example --scope {{databricks}}/.default ## {name}
        account show
        """
        for code, name in [
            (700082, "sign in"),
            (50173, "sign in"),
            (50076, "sign in"),
            (65001, "sign in"),
            (53003, "sign in"),
            (500011, "refused"),
        ]
    },
}

QUERIES = {
    "account get-access-token": [
        "accessToken",
        "expires_on",
        "[accessToken, tokenType]",
        "{a: tokenType, b: tenant}",
        "nope",
        "expires_on > `5`",
        "keys(@)",
        "length(@)",
    ],
    "account list": [
        "[]",
        "[].id",
        "[].{name:name, id:id}",
        "[?isDefault].name | [0]",
        "[0].user",
        "[0]",
        "length(@)",
        "[].[name, state]",
        "[?name=='nope']",
        "sort_by(@, &name)[-1].name",
        "[].managedByTenants",
    ],
    "account show": ["@", "user", "user.name", "isDefault", "managedByTenants", "{Sub:name, User:user.name}"],
    "version": ['"azure-cli"', "extensions"],
}


def forms() -> Iterator[str]:
    """Every form of output, with every query."""
    for form in FORMS:
        for command in [*QUERIES, "account get-access-token -t {tenant}"]:
            yield f"{command} -o {form}"
            for query in QUERIES.get(command, []):
                yield f"{command} --query {shlex.quote(query)} -o {form}"
        for command in ("account get-access-token", "account list"):
            yield f"AZURE_CORE_OUTPUT={form} {command}"
        yield f"AZURE_CORE_OUTPUT={form} account get-access-token --query accessToken"
    for said in ("--output=table", "-oTSV", "-o=tsv", "-o JSON", "-ojson", "--out yaml", "-o json -o tsv"):
        yield f"account get-access-token {said}"
    yield "account get-access-token --q tenant -o tsv"
    yield "AZURE_CORE_OUTPUT=json account get-access-token -o tsv"
    yield "account get-access-token --only-show-errors"
    yield "account get-access-token --verbose ## verbose"


def rows(name: str, sandbox) -> list[Row]:
    """The rows of that name."""
    texts = forms() if name == "every form of output" else ROWS[name].strip().splitlines()
    return [row(text.strip(), sandbox) for text in texts]


def used(sandbox) -> set[str]:
    """The deviations that some row names."""
    return {name for title in ROWS for each in rows(title, sandbox) for name in each.deviations} | {"verbose"}


def row(text: str, sandbox) -> Row:
    said, _, names = text.partition(" ## ")
    known = {
        "databricks": sandbox.databricks,
        "tenant": sandbox.tenant,
        "user": sandbox.user,
        "password": sandbox.password(sandbox.user),
        "first": "d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15",
        "fourth": "a8f3150d-72c9-4eb6-b0d4-6e1f9c5a8273",
    }
    known["FOURTH"] = known["fourth"].upper()
    for name, value in known.items():
        said = said.replace(f"{{{name}}}", value)
    variables = dict(re.findall(r"(?:^|(?<= ))([A-Z_]+)=(\S*)(?= )", said.partition(" -")[0]))
    line = said
    for name, value in variables.items():
        line = line.removeprefix(f"{name}={value} ")
    return Row(text, line, variables, names.split(", ") if names else [])


def judged(row: Row, theirs: dict[str, str], ours: dict[str, str]) -> Iterator[str]:
    """What is wrong with a row's outcome: a difference without a reason, or a reason without its difference."""
    for name in row.deviations:
        deviation = DEVIATIONS[name]
        before = dict(theirs)
        if deviation.rewrites:
            theirs = {**theirs, "stderr": deviation.rewrites(theirs["stderr"])}
        for stream, (az, we) in deviation.instead.items():
            if re.fullmatch(az, theirs[stream]) and re.fullmatch(we, ours[stream]):
                theirs = {**theirs, stream: ours[stream]}
        if before == theirs:
            yield f"there is no difference `{name}`"
        lost = set(re.findall(r"AADSTS\d+", before["stderr"])) - set(re.findall(r"AADSTS\d+", ours["stderr"]))
        if lost:
            yield f"ours does not say {' '.join(sorted(lost))}"
    for stream, text in theirs.items():
        if text != ours[stream]:
            yield f"{stream} is\n{ours[stream]}instead of\n{text}"
