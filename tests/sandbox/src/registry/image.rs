//! The one image: a configuration and no layers.

use super::failure;
use crate::http::response::Response;
use crate::random::sha256;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const CONFIGURATION: &str =
    r#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}"#;

pub(super) fn answer(path: &str) -> Response {
    let manifest = manifest();
    let digest = digest(&manifest);
    if path == "/v2/" {
        return Response::json(200, &serde_json::json!({})).header("Docker-Distribution-Api-Version", "registry/2.0");
    }
    if let Some(reference) = path.strip_prefix("/v2/demo/manifests/") {
        return match reference == "latest" || reference == digest {
            true => Response::text(200, MANIFEST, &manifest).header("Docker-Content-Digest", digest),
            false => failure(404, "MANIFEST_UNKNOWN", "manifest is not found"),
        };
    }
    match path.strip_prefix("/v2/demo/blobs/") {
        Some(blob) if blob == self::digest(CONFIGURATION) => Response::text(200, CONFIG, CONFIGURATION),
        Some(_) => failure(404, "BLOB_UNKNOWN", "blob is not found"),
        None => failure(404, "NAME_UNKNOWN", "repository is not found"),
    }
}

fn manifest() -> String {
    let (digest, size) = (digest(CONFIGURATION), CONFIGURATION.len());
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"{CONFIG}","size":{size},"digest":"{digest}"}},"layers":[]}}"#
    )
}

fn digest(text: &str) -> String {
    format!("sha256:{}", sha256(text))
}
