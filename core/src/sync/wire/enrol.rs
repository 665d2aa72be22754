//! `POST /v1/enrol`: a phone trades a one-time code for a device; and the invitation that carries the code.
//!
//! The phone makes its token itself, 256 random bits as text, and sends only the SHA-256 of that text; from then on
//! it shows the token as `Authorization: Bearer <token>`. The same code and hash get the same answer for as long as
//! the code is good, since the reply may have been lost: phone and relay need not agree on whether it arrived.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use super::bounded::Text;
use super::limits;
use super::names::{Epoch, Hash, Mac};
use super::scope::Scope;
use super::versions::Versions;
use crate::model::hex::{self, Hex};
use crate::model::{DeviceId, PersonId, WorkspaceId};

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    #[n(0)]
    pub versions: Versions,
    /// The one-time code: 26 characters of base 32 as ULIDs have.
    #[n(1)]
    pub code: Text<{ limits::CODE_BYTES }>,
    /// SHA-256 of the token's text.
    #[n(2)]
    pub token_hash: Hash,
    /// What the phone calls itself, for the list of devices.
    #[n(3)]
    pub device_name: Text<{ limits::DEVICE_NAME_BYTES }>,
    /// The workspace that the phone's database is bound to, if it is: another one refuses.
    #[n(4)]
    pub workspace: Option<WorkspaceId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolReply {
    /// The version that both ends speak.
    #[n(0)]
    pub version: u16,
    #[n(1)]
    pub workspace: WorkspaceId,
    #[n(2)]
    pub device: DeviceId,
    #[n(3)]
    pub person: PersonId,
    /// Authenticates wipe and erase orders. The relay keeps it neither in its database nor in backups.
    #[n(4)]
    pub device_key: Mac,
    /// To which unsent work can be sealed as a file: an age recipient, `age1...`; empty if the relay has none.
    #[n(5)]
    pub workspace_key: Text<{ limits::WORKSPACE_KEY_BYTES }>,
    #[n(6)]
    pub epoch: Epoch,
    #[n(7)]
    pub scope: Scope,
    #[n(8)]
    pub policy: Policy,
    /// The relay's clock, in milliseconds since 1970.
    #[n(9)]
    pub now_ms: i64,
}

/// What the workspace asks of its phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Policy {
    /// Days without a sync after which the app locks until it has synced; absent: never. Nothing is deleted.
    #[n(0)]
    pub offline_days: Option<u16>,
    /// Days for which a client that left the scope may still be written to.
    #[n(1)]
    pub write_after_leave_days: u16,
    /// Months of sales with their lines that the phone keeps.
    #[n(2)]
    pub sales_months: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self { offline_days: Some(30), write_after_leave_days: 90, sales_months: 15 }
    }
}

/// What the QR code holds: where the relay is, the one-time code and the pin of the relay's key.
///
/// As text `<address>/enrol#<code>` or `<address>/enrol#<code>.<pin>`, the pin being 64 hexadecimal digits. What
/// follows `#` is never sent to a server, should somebody open it in a browser. It never holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// `https://relay.example:8443`, without a slash at the end.
    pub address: String,
    pub code: String,
    /// SHA-256 of the SubjectPublicKeyInfo of the relay's key; without it the phone's own authorities decide.
    pub pin: Option<[u8; 32]>,
}

/// The text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no invitation to link a phone: {0}")]
pub struct InvitationError(pub &'static str);

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/enrol#{}", self.address, self.code)?;
        let Some(pin) = &self.pin else { return Ok(()) };
        write!(f, ".{}", Hex(pin))
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    fn from_str(text: &str) -> Result<Self, InvitationError> {
        let text = text.trim();
        if text.len() > limits::INVITATION_BYTES {
            return Err(InvitationError("it is too long"));
        }
        let (address, secret) = text.split_once("/enrol#").ok_or(InvitationError("it has no `/enrol#`"))?;
        let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let legal = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@' | '#' | '?');
        if !host.is_some_and(|host| !host.is_empty() && host.chars().all(legal)) {
            return Err(InvitationError("its address is no http or https address"));
        }
        let (code, pin) = match secret.split_once('.') {
            None => (secret, None),
            Some((code, pin)) => {
                (code, Some(hex::decode(pin).ok_or(InvitationError("its pin is not 64 digits"))?))
            }
        };
        if code.is_empty()
            || code.len() > limits::CODE_BYTES
            || !code.bytes().all(|c| c.is_ascii_alphanumeric())
        {
            return Err(InvitationError("its code is not of letters and digits"));
        }
        Ok(Self { address: address.to_owned(), code: code.to_owned(), pin })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        Invitation {
            address: "https://relay.example:8443".into(),
            code: "0123456789ABCDEFGHJKMNPQRS".into(),
            pin: Some(std::array::from_fn(|at| at as u8)),
        }
    }

    #[test]
    fn an_invitation_comes_back_from_its_text() {
        let with_pin = invitation();
        let without = Invitation { pin: None, ..invitation() };
        for invitation in [with_pin, without] {
            assert_eq!(invitation.to_string().parse(), Ok(invitation.clone()));
            assert_eq!(format!(" {invitation}\n").parse(), Ok(invitation));
        }
        assert_eq!(
            invitation().to_string(),
            "https://relay.example:8443/enrol#0123456789ABCDEFGHJKMNPQRS.\
             000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        );
    }

    #[test]
    fn what_is_no_invitation_is_refused() {
        let right = invitation().to_string();
        for wrong in [
            String::new(),
            "https://relay.example".into(),
            "ftp://relay.example/enrol#ABC".into(),
            "https:///enrol#ABC".into(),
            "https://a b/enrol#ABC".into(),
            "https://user@host/enrol#ABC".into(),
            "https://relay.example/enrol#".into(),
            "https://relay.example/enrol#A-B".into(),
            right[..right.len() - 1].into(),
            format!("{right}0"),
            right.replace("0102", "01é2"),
            format!("https://{}/enrol#ABC", "a".repeat(limits::INVITATION_BYTES)),
        ] {
            assert!(wrong.parse::<Invitation>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn request_and_reply_come_back_and_limits_hold() {
        let request = EnrolRequest {
            versions: Versions::SPOKEN,
            code: "0123456789ABCDEFGHJKMNPQRS".into(),
            token_hash: Hash([7; 32]),
            device_name: "Pixel 9".into(),
            workspace: None,
        };
        let body = super::super::encode(&request).unwrap();
        assert_eq!(super::super::decode::<EnrolRequest>(&body).unwrap(), request);
        let edge =
            EnrolRequest { device_name: "x".repeat(limits::DEVICE_NAME_BYTES).into(), ..request.clone() };
        super::super::decode::<EnrolRequest>(&super::super::encode(&edge).unwrap()).unwrap();
        let past = EnrolRequest { device_name: "x".repeat(limits::DEVICE_NAME_BYTES + 1).into(), ..request };
        assert!(super::super::encode(&past).is_err());

        let reply = EnrolReply {
            version: 1,
            workspace: WorkspaceId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            person: PersonId::from_bytes([3; 16]),
            device_key: Mac([4; 32]),
            workspace_key: "".into(),
            epoch: Epoch([5; 8]),
            scope: Scope { version: 1, ..Scope::default() },
            policy: Policy::default(),
            now_ms: 1_790_000_000_000,
        };
        let body = super::super::encode(&reply).unwrap();
        assert_eq!(super::super::decode::<EnrolReply>(&body).unwrap(), reply);
    }
}
