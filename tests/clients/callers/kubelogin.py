"""kubelogin, Azure's plugin for kubectl: gets our token by `az` and by `azd`, and kubectl a cluster with it."""

import datetime

from harness import installs
from harness.errors import check, check_equal
from harness.guarded import RESOURCE, Answer, Guarded
from harness.kubeconfig import Kubectl

INSTALLS = ["openssl", "kubectl", "kubelogin"]
MODULE = "github.com/Azure/kubelogin"
# Its word for a way to sign in, and the link that it takes then.
WAYS = (("azurecli", "az", "Please run 'az login' to setup account."), ("azd", "azd", "azd auth login"))


def run(bed):
    version = installs.version("kubelogin", MODULE)
    program = bed.installs["kubelogin"] / "bin/kubelogin"
    server = Guarded(bed, lambda asked: Answer(b'{"asked": "' + asked.path.encode() + b'"}'))
    links = bed.folder / "links"
    links.mkdir()
    bed.entra("link", links, "az", "azd")

    def environment(**more):
        return server.environment(PATH=f"{links}:{bed.environment()['PATH']}", **more)

    def asks(way, *words, status=0, **more):
        command = [program, "get-token", "--login", way, "--server-id", RESOURCE, *words]
        return bed.run(command, env=environment(**more), status=status)

    for way, _, remedy in WAYS:
        with bed.case(f"{version}, {way}: nobody is signed in: it shows how to sign in"):
            check(remedy in asks(way, status=1).stderr, "it does not")
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    held = bed.entra("get", "--host", server.url, env=server.environment()).json()
    for way, _, _ in WAYS:
        for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
            with bed.case(f"{way}: the token and its true expiry in {zone}"):
                told = asks(way, TZ=zone).json()["status"]
                check_equal("the token", told["token"], held["access_token"])
                ends = datetime.datetime.fromisoformat(told["expirationTimestamp"]).timestamp()
                check_equal("its expiry", ends, held["expires_on"])
    with bed.case("azurecli, with a tenant and a subscription, as it may have both: the token"):
        words = ("--tenant-id", bed.sandbox.tenant, "--subscription", "d41c7b9e-5f02-4a68-93e1-0c8b6d2f7a15")
        check_equal("the token", asks("azurecli", *words).json()["status"]["token"], held["access_token"])
    with bed.case("kubectl, with kubelogin as its plugin and our az: a request with our token"):
        server.takes_the_held_token()
        kubectl = Kubectl(bed, server)
        kubectl.knows([program, "get-token", "--login", "azurecli", "--server-id", RESOURCE], "v1beta1")
        told = kubectl("get", "--raw", "/version", env=environment()).json()
        check_equal("the answer", told, {"asked": "/version"})
        check_equal("the scheme", server.schemes[-1], "Bearer")
    server.close()
