//! Linking this device to a workspace.

use rusqlite::Transaction;
use sha2::{Digest, Sha256};

use super::{Changed, Engine};
use crate::env::{Env, random_bytes};
use crate::model::hex::Hex;
use crate::store::actors::Reason;
use crate::store::{actors, meta, outbox, scope};
use crate::sync::clock;
use crate::sync::http::{Call, HttpTransport, Pin, Transport};
use crate::sync::identity::Identity;
use crate::sync::session::{SyncError, refusal};
use crate::sync::wire::enrol::{EnrolReply, EnrolRequest, Invitation};
use crate::sync::wire::{self, Hash, Versions};

impl Engine {
    /// Trades an invitation's one-time code for a device of this workspace. Asking again with the same invitation is
    /// harmless: the token is made once and kept, so a reply that was lost is given again.
    ///
    /// # Errors
    /// No relay at that address, an expired or used code, a database of another workspace. Nothing is deleted.
    pub fn enrol(&self, invitation: &Invitation, device_name: &str) -> Result<Identity, SyncError> {
        let transport = HttpTransport::new(&invitation.address, invitation.pin.map(Pin))?;
        self.enrol_over(&transport, invitation, device_name)
    }

    /// The same over another transport.
    pub fn enrol_over(
        &self,
        transport: &dyn Transport,
        invitation: &Invitation,
        device_name: &str,
    ) -> Result<Identity, SyncError> {
        let (token, known) = self.store.write::<_, SyncError>(|tx| {
            // One token for one code: a reply that was lost is given again, and a new code finds a token that nobody
            // has seen, even where the lost reply had made a device of the old one.
            let kept = meta::get(tx, meta::PENDING_TOKEN)?.and_then(|kept| String::from_utf8(kept).ok());
            let known = kept.as_deref().and_then(|kept| kept.split_once(' '));
            let token = match known.filter(|(code, _)| *code == invitation.code) {
                Some((_, token)) => token.to_owned(),
                None => {
                    let token = Hex(&random_bytes::<32>(self.env())).to_string();
                    meta::put(tx, meta::PENDING_TOKEN, format!("{} {token}", invitation.code).as_bytes())?;
                    token
                }
            };
            Ok((token, Identity::load(tx)?))
        })?;
        let request = EnrolRequest {
            versions: Versions::SPOKEN,
            code: invitation.code.as_str().into(),
            token_hash: Hash(Sha256::digest(token.as_bytes()).into()),
            device_name: wire::Text::cut(device_name),
            workspace: known.map(|identity| identity.workspace),
        };
        let answer =
            transport.post(Call { path: "/v1/enrol", token: None, body: wire::encode(&request)? })?;
        if answer.status != 200 || answer.media_type != wire::MEDIA_TYPE {
            return Err(refusal(&answer));
        }
        let reply: EnrolReply = wire::decode(&answer.body)?;
        let identity = Identity {
            workspace: reply.workspace,
            device: reply.device,
            person: reply.person,
            relay: invitation.address.clone(),
            pin: invitation.pin,
            token,
            device_key: reply.device_key.0,
            workspace_key: reply.workspace_key.0,
            epoch: reply.epoch,
            home_territory: reply.scope.territories.first().copied(),
            policy: reply.policy,
        };
        self.store.write::<_, SyncError>(|tx| {
            if Identity::load(tx)?.is_some_and(|known| known.device != identity.device) {
                begin_anew(tx, self.env())?;
            }
            identity.save(tx)?;
            meta::remove(tx, meta::PENDING_TOKEN)?;
            actors::present(tx, self.env())?;
            clock::learn(tx, self.env(), reply.now_ms)?;
            Ok(())
        })?;
        self.listeners.tell(&Changed::Everything);
        Ok(identity)
    }
}

/// Linked again, as another device: its cursor and its actors are the old one's. The data stay, what is unsent is
/// written anew, and whatever is not in sight of the new device goes once everything in sight has come.
fn begin_anew(tx: &Transaction<'_>, env: &dyn Env) -> Result<(), SyncError> {
    for key in [meta::CURSOR, meta::SCOPE_VERSION, meta::SCOPE] {
        meta::remove(tx, key)?;
    }
    actors::replace(tx, env, Reason::Restore)?;
    outbox::all_anew(tx)?;
    Ok(scope::begin_anew(tx)?)
}
