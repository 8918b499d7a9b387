//! License files and machine files, which Keygen signs with the account's key.
//!
//! Getting one is a request of the device plane. Verifying one is pure: it reads the file, the public key and the
//! allowed products, and neither the clock nor the network. Whether the file is still good is for the caller, who knows
//! the time.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivationId, Error, ErrorKind, KeyCode, LicenseKey, LicenseStatus, OfflineProof, Operation, ProductId,
    ProvenLicense, Result, Timestamp,
};
use anykey_http::{ApiRequest, JsonTimestamp};
use data_encoding::BASE64;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::answer::segment;
use crate::device::{DevicePlane, by_license};
use crate::signature::PublicKey;
use crate::wire::{Document, LicenseBody, MachineBody, MetaBody};
use crate::{NAME, map};

/// The format of a proof about a license and one of its machines.
const MACHINE_FILE: &str = "machine-file";
/// The format of a proof about a license alone.
const LICENSE_FILE: &str = "license-file";

/// The arguments of `check-out`. Without a `ttl` a file lasts a month (server's code, June 2026).
#[derive(Serialize)]
struct CheckOut {
    /// The further records in the file. A machine file without the license would not name the key.
    include: &'static [&'static str],
}

/// The answer to a check-out.
#[derive(Deserialize)]
struct FileBody {
    /// The file's members.
    attributes: FileAttributes,
}

/// The members of a file. Its dates are not read here, since only those inside are signed.
#[derive(Deserialize)]
struct FileAttributes {
    /// The file, as it is stored.
    certificate: String,
}

/// What a file contains, before its signature is verified.
#[derive(Deserialize)]
struct Envelope {
    /// The document in Base64, or encrypted: three parts in Base64, separated by dots.
    enc: String,
    /// The signature of the kind, a slash and `enc`, in Base64.
    sig: String,
    /// Encoding and signature, such as `base64+ed25519`.
    alg: String,
}

/// The document in a license file.
#[derive(Deserialize)]
struct LicenseFile {
    /// The license at the time of issue.
    data: LicenseBody,
    /// When the file was issued and ends.
    meta: FileMeta,
}

/// The document in a machine file.
#[derive(Deserialize)]
struct MachineFile<'a> {
    /// The machine.
    data: MachineBody,
    /// Further records, among them the license. Records of other kinds are skipped.
    #[serde(borrow, default)]
    included: Vec<&'a RawValue>,
    /// When the file was issued and ends.
    meta: FileMeta,
}

/// The dates of a file.
#[derive(Deserialize)]
struct FileMeta {
    /// When Keygen made the file, by its own clock.
    issued: JsonTimestamp,
    /// When the file ends; `null` for one without an end.
    expiry: Option<JsonTimestamp>,
}

impl DevicePlane {
    /// The proof of a valid answer: a machine file, or a license file without a seat. `None` if Keygen gives none,
    /// since the answer itself holds.
    pub(crate) async fn proof(
        &self,
        operation: Operation,
        code: &KeyCode,
        key: &LicenseKey,
        seat: Option<&ActivationId>,
    ) -> Option<OfflineProof> {
        let (format, call) = match seat {
            Some(seat) => {
                let id = segment("activation id", seat.as_str(), operation).ok()?;
                (MACHINE_FILE, ApiRequest::post(operation).path(&["machines"]).segment(id))
            }
            None => {
                let id = segment("license key id", key.id.as_str(), operation).ok()?;
                (LICENSE_FILE, ApiRequest::post(operation).path(&["licenses"]).segment(id))
            }
        };
        let include: &[&str] = if seat.is_some() { &["license"] } else { &[] };
        let call =
            call.path(&["actions", "check-out"]).json(&MetaBody { meta: CheckOut { include } }).read_only();
        let response = self.api.succeed(by_license(call, code).ok()?, &[code.expose()]).await.ok()?;
        let file = response.json::<Document<FileBody>>().ok()?.data.attributes;
        Some(OfflineProof::new(format, file.certificate))
    }
}

/// Verifies a file and reads what it states about the key `code`.
///
/// # Errors
///
/// `InvalidRequest` for everything that is not such a file, signed with `public_key`, about a usable key with this code
/// of one of `products`, of which an empty list accepts any.
pub(crate) fn verify(
    public_key: PublicKey,
    products: &[ProductId],
    proof: &OfflineProof,
    code: &KeyCode,
) -> Result<ProvenLicense> {
    read(public_key, products, proof, code).map_err(|message| {
        Error::new(ErrorKind::InvalidRequest, message)
            .with_provider(NAME)
            .with_operation(Operation::VerifyProof)
    })
}

/// The checks of [`verify`], each with a message of its own. The signature comes before the contents are decrypted or
/// parsed.
///
/// An expired license passes: the policy may accept it, and its expiry is in the result for the caller to decide.
fn read(
    key: PublicKey,
    products: &[ProductId],
    proof: &OfflineProof,
    code: &KeyCode,
) -> Result<ProvenLicense, &'static str> {
    const UNREADABLE: &str = "the proof cannot be read";
    let kind = match proof.format() {
        MACHINE_FILE => "machine",
        LICENSE_FILE => "license",
        _ => return Err("the proof is neither a license file nor a machine file"),
    };
    let envelope = open(proof.expose(), kind).ok_or(UNREADABLE)?;
    let Some((encoding, "ed25519")) = envelope.alg.split_once('+') else {
        return Err("the proof is not signed with Ed25519");
    };
    let signature = BASE64.decode(envelope.sig.as_bytes()).map_err(|_| UNREADABLE)?;
    if !key.is_signed(format!("{kind}/{}", envelope.enc).as_bytes(), &signature) {
        return Err("the proof is not signed with `public_key`, or was altered");
    }
    let text = match encoding {
        "base64" => BASE64.decode(envelope.enc.as_bytes()).ok(),
        "aes-256-gcm" if kind == "license" => decrypted(&envelope.enc, code.expose()),
        _ => return Err("the proof is encrypted, which only a license file may be"),
    };
    let text = text.ok_or("the proof is about another license key, or cannot be decrypted")?;
    let (license, machine, meta) = if kind == "machine" {
        let MachineFile { data, included, meta } = serde_json::from_slice(&text).map_err(|_| UNREADABLE)?;
        let mut licenses =
            included.iter().filter_map(|found| serde_json::from_str::<LicenseBody>(found.get()).ok());
        let license = licenses.next();
        (license.ok_or("the proof does not contain the license")?, Some(map::machine(data)), meta)
    } else {
        let LicenseFile { data, meta } = serde_json::from_slice(&text).map_err(|_| UNREADABLE)?;
        (data, None, meta)
    };
    let license = map::license(license, None);
    if license.code != *code {
        return Err("the proof is about another license key");
    }
    if !products.is_empty() && license.product.as_ref().is_none_or(|product| !products.contains(product)) {
        return Err("the proof is about a license key of another product");
    }
    if !license.status.is_usable() && license.status != LicenseStatus::Expired {
        return Err("the proof is about a license key that was not in force");
    }
    if machine.as_ref().and_then(|machine| machine.key_id.as_ref()).is_some_and(|id| *id != license.id) {
        return Err("the proof is about a machine of another license key");
    }
    let mut proven = ProvenLicense::new(Timestamp::from(meta.issued));
    proven.expires_at = meta.expiry.map(Into::into);
    proven.key = Some(license);
    proven.installation = machine.as_ref().and_then(|machine| machine.installation);
    proven.activation = machine.map(|machine| machine.id);
    Ok(proven)
}

/// The document between the first and the last line. `kind` is
/// `license` or `machine`; a file of the other kind is none.
fn open(text: &str, kind: &str) -> Option<Envelope> {
    let kind = kind.to_ascii_uppercase();
    let body = text.trim().strip_prefix(&format!("-----BEGIN {kind} FILE-----"))?;
    let body = body.strip_suffix(&format!("-----END {kind} FILE-----"))?;
    let encoded: String = body.split_ascii_whitespace().collect();
    serde_json::from_slice(&BASE64.decode(encoded.as_bytes()).ok()?).ok()
}

/// Ciphertext, initialization vector and tag; the key is the digest of the license key. AES-256 in Galois/Counter Mode,
/// with an initialization vector of 12 bytes. `None` also for a file that was encrypted for another license key.
fn decrypted(enc: &str, secret: &str) -> Option<Vec<u8>> {
    let mut parts = enc.split('.').map(|part| BASE64.decode(part.as_bytes()).ok());
    let (mut text, iv, tag) = (parts.next()??, parts.next()??, parts.next()??);
    let key =
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, digest(&SHA256, secret.as_bytes()).as_ref()).ok()?);
    text.extend_from_slice(&tag);
    let nonce = Nonce::try_assume_unique_for_key(&iv).ok()?;
    key.open_in_place(nonce, Aad::empty(), &mut text).ok().map(|text| text.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

    /// Files that were made with another implementation.
    #[test]
    fn independently_made_files_are_opened() {
        let plain = "-----BEGIN LICENSE FILE-----\n\
            eyJlbmMiOiJleUprWVhSaElqcDdJbWxrSWpvaWJHbGpJaXdpZEhsd1pTSTZJ\n\
            bXhwWTJWdWMyVnpJbjBzSW0xbGRHRWlPbnNpYVhOemRXVmtJam9pTWpBeU5p\n\
            MHdNUzB3TVZRd01Eb3dNRG93TUM0d01EQmFJaXdpWlhod2FYSjVJam9pTWpB\n\
            eU5pMHdNaTB3TVZRd01Eb3dNRG93TUM0d01EQmFJaXdpZEhSc0lqb3lOamM0\n\
            TkRBd2ZYMD0iLCJzaWciOiJXTitxQTF0eHo1Q1RiWWx6VVY0Q0NUNDRybE1k\n\
            enN1eGF1U0VHMnEzTC95cHZsTE52djFtYnJjRWNyM1YxbGhEV0lJcjYxV1A1\n\
            K2lBUFBUSW1VVG5CUT09IiwiYWxnIjoiYmFzZTY0K2VkMjU1MTkifQ==\n\
            -----END LICENSE FILE-----\n";
        let envelope = open(plain, "license").unwrap();
        let key = PublicKey::new(crate::credential::public_key(KEY).unwrap());
        let signature = BASE64.decode(envelope.sig.as_bytes()).unwrap();
        assert!(key.is_signed(format!("license/{}", envelope.enc).as_bytes(), &signature));
        assert!(open(plain, "machine").is_none());

        let enc = "9t2LY4uNYx5g2debboWMIAP6Ya+3p3d9QNw5haXIP9/4bUWWDeVbhsSl/31K/uJBL3KaWXLFg9bXk/EAS97r6YzUHgdlE+JN+GZUHHWkPZG4jKpBbaVEq+GiL6LuLPBPv3aMWd4JlIAi5RShQx74NsENT9zMeqXRjP71henBjueRXdgYFN4=.AAECAwQFBgcICQoL.5L/y6Jvz8LZPT1oh4P0D5g==";
        let sig = "nB948NZp8DeeQTRb77Y4wvrdmosgED07FZbHobJOSQ+42XxIsAPCo1X6E9g5fHGxeeJhgug0L1CuQqZiCL15AQ==";
        assert!(key.is_signed(format!("license/{enc}").as_bytes(), &BASE64.decode(sig.as_bytes()).unwrap()));
        let text = decrypted(enc, "ABCDEF-123456-V3").unwrap();
        assert!(text.starts_with(br#"{"data":{"id":"lic""#));
        assert!(decrypted(enc, "ABCDEF-123456-V4").is_none());
    }
}
