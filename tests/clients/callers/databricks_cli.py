"""The Databricks CLI, the real one: lists clusters with our tokens by az, serve and exec; and stands behind our link."""

import datetime
import json
import re

from harness import installs, public_cloud
from harness.errors import check, check_equal

MODULE = "github.com/databricks/cli"
INSTALLS = ["openssl", "databricks-cli"]
BUNDLE = """bundle:
  name: lab
targets:
  dev:
    default: true
    workspace:
      host: HOST
"""


def run(bed):
    folder = {"object_type": "DIRECTORY", "object_id": 1, "path": "/Workspace"}
    proxy = public_cloud.opened(bed, also={"GET /api/2.0/workspace/get-status": folder})
    address = f"https://{public_cloud.WORKSPACE}"
    version = installs.version("databricks-cli", MODULE)
    folders = {name: bed.folder / name for name in ("az", "databricks", "real")}
    for name, folder in folders.items():
        folder.mkdir()
        if name != "real":
            bed.entra("link", folder, name)
    (folders["real"] / "databricks").symlink_to(bed.installs["databricks-cli"] / "bin/cli")
    plain = bed.environment()["PATH"]
    real, ours = folders["real"] / "databricks", folders["databricks"] / "databricks"
    # What a user has for azure-cli, and what else is needed here: the way to the workspace.
    by_az = f"{folders['az']}:{plain}"

    def variables(**more):
        return proxy.environment(DATABRICKS_HOST=address, **more)

    def lists(ran):
        check_equal("the clusters", len(ran.json()), 5)

    clusters = ("clusters", "list", "--output", "json")
    described = ("auth", "describe", "--output", "json")
    with bed.case(f"{version}: nobody is signed in: it goes through all ways, our az among them, and says that none is"):
        refused = bed.run([real, *clusters], env=variables(PATH=by_az), status=1)
        check("cannot configure default credentials" in refused.stderr, refused.stderr)
    public_cloud.sign_in(bed, proxy)
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with bed.case(f"clusters list, azure-cli by a link on PATH, in {zone}"):
            lists(bed.run([real, *clusters], env=variables(PATH=by_az, TZ=zone, DATABRICKS_AUTH_TYPE="azure-cli")))
    with bed.case("clusters list, no way chosen: it goes past its own store to our az"):
        lists(bed.run([real, *clusters], env=variables(PATH=by_az)))
    with bed.case("clusters list, metadata-service by serve, for one command"):
        lists(bed.entra("serve", "--host", address, "--", real, *clusters, env=variables()))
    with bed.case("clusters list, by exec, for one command"):
        lists(bed.entra("exec", "--host", address, "--", real, *clusters, env=variables()))
    with bed.case("auth describe: who is signed in, and by which way"):
        for way, told in (
            ("azure-cli", bed.run([real, *described], env=variables(PATH=by_az, DATABRICKS_AUTH_TYPE="azure-cli"))),
            ("metadata-service", bed.entra("serve", "--host", address, "--", real, *described, env=variables())),
            ("pat", bed.entra("exec", "--host", address, "--", real, *described, env=variables())),
        ):
            found = told.json()
            check_equal("the state", (found["status"], found["username"]), ("success", bed.sandbox.user))
            check_equal("the way", found["details"]["auth_type"], way)
    with bed.case("bundle validate, in an environment with nothing but HOME, PATH and the way to the workspace"):
        bundle = bed.home / "bundle"
        bundle.mkdir()
        (bundle / "databricks.yml").write_text(BUNDLE.replace("HOST", address))
        whole = variables(PATH=by_az)
        bare = {name: whole[name] for name in ("HOME", "PATH", "HTTPS_PROXY", "SSL_CERT_FILE")}
        told = bed.run([real, "bundle", "validate", "--output", "json"], env=bare, cwd=bundle).json()
        check_equal("the user", told["workspace"]["current_user"]["userName"], bed.sandbox.user)
    with bed.case("our link before it on PATH: what is not ours goes to it, and it asks our az"):
        path = f"{folders['databricks']}:{folders['real']}:{by_az}"
        lists(bed.run([ours, *clusters], env=variables(PATH=path, DATABRICKS_AUTH_TYPE="azure-cli")))
        told = bed.run([ours, "auth", "token", "--host", address], env=variables(PATH=path)).json()
        bed.sandbox.takes(told["access_token"])
    with bed.case("auth token: ours has the members, the layout and the time of the real one"):
        held = bed.entra("get", "--host", address, env=proxy.environment()).json()
        (bed.home / ".databrickscfg").write_text(f"[lab]\nhost = {address}\nauth_type = databricks-cli\n")
        store = bed.home / ".databricks"
        store.mkdir(mode=0o700, exist_ok=True)
        # As the real one stores it: with the fraction and the zone that its clock had.
        tokyo = datetime.timezone(datetime.timedelta(hours=9))
        end = datetime.datetime.fromtimestamp(held["expires_on"], tokyo) + datetime.timedelta(microseconds=1)
        kept = {"access_token": held["access_token"], "token_type": "Bearer", "expiry": end.isoformat()}
        (store / "token-cache.json").write_text(json.dumps({"version": 1, "tokens": {"lab": kept}}))
        words = ("auth", "token", "--profile", "lab")
        environment = proxy.environment(DATABRICKS_AUTH_STORAGE="plaintext", TZ="Asia/Tokyo")
        theirs, mine = (bed.run([program, *words], env=environment) for program in (real, ours))
        for text in (theirs.stdout, mine.stdout):
            check_equal("the token", json.loads(text)["access_token"], held["access_token"])
        check_equal("all but the time", *(without_time(told.stdout) for told in (mine, theirs)))
    with bed.case("auth profiles and auth describe: ours says what the real one says"):
        profiles = [bed.run([program, "auth", "profiles", "--skip-validate"], env=environment) for program in (ours, real)]
        check_equal("the profiles", *(told.stdout for told in profiles))
        mine, theirs = (bed.run([program, *described, "--profile", "lab"], env=environment).json() for program in (ours, real))
        # Where its own tokens are, and that it is itself.
        theirs.pop("token_storage")
        theirs["details"]["configuration"].pop("databricks_cli_path")
        # We answer as databricks-cli whatever a profile says.
        theirs["details"]["configuration"]["auth_type"]["source"] = {"type": "dynamic configuration"}
        check_equal("the description", mine, theirs)
    proxy.close()


def without_time(text):
    """The digits of the expiry go, its shape stays."""
    return re.sub(r'("expiry": ")([^"]*)', lambda found: found[1] + re.sub(r"\d", "0", found[2]), text)
