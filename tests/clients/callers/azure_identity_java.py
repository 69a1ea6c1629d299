"""azure-identity for Java: AzureCliCredential, AzureDeveloperCliCredential and DefaultAzureCredential get our tokens."""

from pathlib import Path

from harness import azure_identity, installs
from harness.java import Java

INSTALLS = ["java", "azure-identity-java"]
PROGRAM = Path(__file__).parents[1] / "programs/AzureIdentityGetsAToken.java"
GRAPH = "https://graph.microsoft.com/.default"


def run(bed):
    java = Java(bed, PROGRAM, bed.installs["azure-identity-java"])
    version = installs.version("azure-identity-java", "com.azure:azure-identity")
    caller = azure_identity.Caller(bed, java.command(), version)
    with bed.case(f"azure-identity runs, with {java.version()}"):
        caller.asks("AzureCliCredential")
    azure_identity.nobody_is_signed_in(caller, "CredentialUnavailableException")
    azure_identity.tokens(caller)
    bed.sandbox.control("POST", "revoke", {"user": bed.sandbox.user})
    with bed.case("AzureCliCredential, a sign-in that is needed again"):
        caller.fails("AzureCliCredential", "CredentialUnavailableException", "Please run 'az login'", scope=GRAPH)
    with bed.case("AzureDeveloperCliCredential, a sign-in that is needed again: it shows what Entra ID said, and the command"):
        caller.fails("AzureDeveloperCliCredential", "ClientAuthenticationException", "AADSTS50173", "entra-token login", scope=GRAPH)
