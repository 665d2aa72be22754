//! `enrol`, `login` and `device`.

use std::io::Write;
use std::path::PathBuf;

use cartera_core::model::DeviceId;
use clap::{ArgGroup, Args, Subcommand};

use super::config::Config;
use super::words::{say, shown, words};
use super::{CliError, people, qr, time};
use crate::app::App;
use crate::devices::enrol::{invitation, invite};
use crate::devices::{Purpose, RevokeOrder, manage};
use crate::people::access::By;
use crate::refused::Refused;
use crate::secret::grouped;
use crate::serving;

#[derive(Debug, Args)]
pub(super) struct Enrol {
    /// Whose phone it is: id, or exact name
    person: String,
    /// Write the QR code to an SVG file too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Enrol {
    pub(super) fn run(self, app: &App, config: &Config, out: &mut dyn Write) -> Result<(), CliError> {
        let address = app.settings.public_url.as_str();
        if [":0", "://0.0.0.0", "://[::]"]
            .iter()
            .any(|none| address.contains(none) && !address.contains(":0."))
        {
            let told = "no phone can reach this address; say with --public-url where the relay is";
            return Err(CliError::Usage(format!("{address}: {told}")));
        }
        let person = people::find(app, &self.person)?;
        let invite = invite(app, By::CONSOLE, person.id, Purpose::Device)?;
        let link = invitation(app, &invite.code).to_string();
        if let Some(code) = qr::terminal(&link) {
            writeln!(out, "{code}")?;
        }
        if let Some(path) = &self.svg {
            let drawn = qr::svg(&link).unwrap_or_default();
            crate::files::create_private(path, drawn.as_bytes())?;
            say(out, "enrol-drawn", &[("file", shown(path.display()))])?;
        }
        say(out, "enrol-scan", &[("name", shown(&person.name))])?;
        writeln!(out, "  {link}")?;
        let typed = [("address", shown(address)), ("code", shown(grouped(&invite.code, 5)))];
        say(out, "enrol-type", &typed)?;
        say(out, "enrol-until", &[("when", shown(time(invite.expires_ms)))])?;
        if !serving::is_on(&config.folder) {
            say(out, "enrol-not_serving", &[])?;
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Login {
    /// Who logs in: id, or exact name
    person: String,
}

impl Login {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        let person = people::find(app, &self.person)?;
        let invite = invite(app, By::CONSOLE, person.id, Purpose::Session)?;
        super::serve::show_login(app, &person.name, &invite, out)?;
        Ok(())
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    /// All phones, or one person's
    List {
        /// Id, or exact name
        #[arg(long)]
        person: Option<String>,
    },
    /// Serve a phone no more
    Revoke(Revoke),
    /// Serve phones again after a restore without its journal: those named, or --all
    Confirm {
        /// Ids of phones
        #[arg(required_unless_present = "all")]
        devices: Vec<String>,
        #[arg(long, conflicts_with = "devices")]
        all: bool,
    },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("order").required(true)))]
pub(super) struct Revoke {
    /// The phone's id
    device: String,
    /// Unsent work is to be handed in, for an administrator to look at
    #[arg(long, group = "order")]
    salvage: bool,
    /// Everything on the phone is to be deleted, unsent work too; the order is kept, but not given to phones yet
    #[arg(long, group = "order")]
    wipe: bool,
}

impl Device {
    pub(super) fn run(self, app: &App, out: &mut dyn Write) -> Result<(), CliError> {
        match self {
            Self::List { person } => {
                let person = person.map(|text| people::find(app, &text)).transpose()?.map(|person| person.id);
                for device in manage::list(app, By::CONSOLE, person)? {
                    let linked = if device.unconfirmed { "unconfirmed" } else { "linked" };
                    let state = device.revoked.map_or(linked, |revoked| revoked.order.name());
                    let args = [
                        ("device", shown(device.id)),
                        ("person", shown(device.person)),
                        ("state", shown(words(&format!("device-{state}"), &[]))),
                        ("when", shown(time(device.seen_ms))),
                        ("name", shown(device.name)),
                    ];
                    say(out, "device-listed", &args)?;
                }
            }
            Self::Confirm { devices, all } => {
                let parse = |text: &String| text.parse().map_err(|_| Refused::unknown("device", text));
                let ids: Vec<DeviceId> = devices.iter().map(parse).collect::<Result<_, _>>()?;
                let confirmed = manage::confirm(app, By::CONSOLE, (!all).then_some(&ids[..]))?;
                say(out, "device-confirmed", &[("count", confirmed.into())])?;
            }
            Self::Revoke(revoke) => {
                let id: DeviceId =
                    revoke.device.parse().map_err(|_| Refused::unknown("device", &revoke.device))?;
                let order = if revoke.wipe { RevokeOrder::Wipe } else { RevokeOrder::Salvage };
                manage::revoke(app, By::CONSOLE, id, order)?;
                say(out, "device-revoked", &[("device", shown(id)), ("order", shown(order.name()))])?;
            }
        }
        Ok(())
    }
}
