//! Linking a phone: an administrator makes a one-time code, the phone trades it.
//!
//! The phone makes its token and sends the token's hash with the code, so the relay never sees the token before it
//! is used. The same code and hash get the same answer within the code's 15 minutes, since the reply may have been
//! lost; another hash, or a late code, is refused and recorded. The device's key is derived from the recovery key,
//! so that it is in no database and no backup.

use cartera_core::env::random_bytes;
use cartera_core::model::access::Action;
use cartera_core::model::{DeviceId, PersonId, TokenId};
use cartera_core::sync::wire::{EnrolReply, EnrolRequest, Invitation, Mac, Versions};

use super::{CODE_MS, CODES_OPEN_MAX, NAME_CHARS_MAX, OneTimeCode, Purpose};
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::secret::{SecretHash, from_base32, to_base32};
use crate::settings::policy;
use crate::storage::StorageError;
use crate::storage::devices::{CodeAdded, Trade, Traded};

/// A one-time code, as it is shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    pub id: TokenId,
    /// 26 characters.
    pub code: String,
    pub person: PersonId,
    pub expires_ms: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error("the code is not one of this relay's; ask for a new one")]
    UnknownCode,
    #[error("the code has expired; ask for a new one")]
    Expired,
    #[error("the code was used by another phone; ask for a new one")]
    Used,
    #[error("the person works here no more, or the phone was revoked")]
    Revoked,
    #[error("the token belongs to another device; make a new one")]
    TokenTaken,
    #[error("the person has {} phones already; revoke one", super::DEVICES_PER_PERSON_MAX)]
    TooManyDevices,
    #[error(
        "the phone's database belongs to another workspace; link it where it belongs, or use a new database"
    )]
    OtherWorkspace,
    #[error("the app speaks versions {}-{}, the relay {}-{}", .0.oldest, .0.newest, Versions::SPOKEN.oldest, Versions::SPOKEN.newest)]
    Version(Versions),
    #[error("the device's name is empty, longer than {NAME_CHARS_MAX} characters, or has control characters")]
    Name,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes a one-time code for a person.
pub fn invite(app: &App, by: By, person: PersonId, purpose: Purpose) -> Result<Invite, Refused> {
    by.require(match purpose {
        Purpose::Device => Action::EnrolDevice,
        Purpose::Session => Action::ManagePeople,
    })?;
    let env = app.env.as_ref();
    let code = to_base32(&random_bytes::<16>(env));
    let now_ms = env.now_ms();
    let stored = OneTimeCode {
        id: TokenId::new(env),
        hash: SecretHash::of(&code),
        purpose,
        person,
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(CODE_MS),
    };
    let deed = Deed {
        at_ms: now_ms,
        actor: by.actor,
        action: match purpose {
            Purpose::Device => "code.device",
            Purpose::Session => "code.login",
        },
        subject: Subject::Person(person),
        detail: format!("code {}", stored.id),
    };
    match app.storage.add_code(&stored, &deed)? {
        CodeAdded::Done => Ok(Invite { id: stored.id, code, person, expires_ms: stored.expires_ms }),
        CodeAdded::UnknownPerson => Err(Refused::unknown("person", person)),
        CodeAdded::Left => Err(Refused::Conflict(format!("{person} works here no more"))),
        CodeAdded::TooMany => Err(Refused::Limit { what: "open codes", max: CODES_OPEN_MAX }),
    }
}

/// What the QR code holds.
pub fn invitation(app: &App, code: &str) -> Invitation {
    Invitation { address: app.settings.public_url.clone(), code: code.to_owned(), pin: app.settings.pin }
}

/// The code as it was made, however it was typed.
pub fn canonical(code: &str) -> Option<String> {
    from_base32::<16>(code).map(|bytes| to_base32(&bytes))
}

/// Trades a code for a device.
pub fn enrol(app: &App, request: &EnrolRequest) -> Result<EnrolReply, EnrolError> {
    let version = Versions::SPOKEN.agree(request.versions).ok_or(EnrolError::Version(request.versions))?;
    if request.workspace.is_some_and(|workspace| workspace != app.workspace.id) {
        return Err(EnrolError::OtherWorkspace);
    }
    let name = request.device_name.trim();
    if !(1..=NAME_CHARS_MAX).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(EnrolError::Name);
    }
    let code = canonical(&request.code).ok_or(EnrolError::UnknownCode)?;
    let now_ms = app.env.now_ms();
    let trade = Trade {
        code: SecretHash::of(&code),
        token: SecretHash::from_bytes(request.token_hash.0),
        device: DeviceId::new(app.env.as_ref()),
        name: name.to_owned(),
        now_ms,
    };
    let (device, person) = match app.storage.trade_code(&trade)? {
        Traded::Done { device, person, .. } => (device, person),
        Traded::UnknownCode => return Err(EnrolError::UnknownCode),
        Traded::Expired(_) => return Err(EnrolError::Expired),
        Traded::Used(_) => return Err(EnrolError::Used),
        Traded::Revoked(_) => return Err(EnrolError::Revoked),
        Traded::TokenTaken(_) => return Err(EnrolError::TokenTaken),
        Traded::TooManyDevices(_) => return Err(EnrolError::TooManyDevices),
    };
    let epoch = app.storage.workspace()?.map_or(app.workspace.epoch, |workspace| workspace.epoch);
    Ok(EnrolReply {
        version,
        workspace: app.workspace.id,
        device,
        person: person.id,
        device_key: Mac(app.keys.device_key(device)),
        workspace_key: app.keys.workspace_key().into(),
        epoch,
        scope: app.storage.scope_of(device)?.unwrap_or_default(),
        policy: policy(app)?,
        now_ms,
    })
}
