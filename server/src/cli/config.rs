//! Where the relay's configuration comes from: a flag, else the environment, else the file, else a default.
//!
//! Every value is read as text and checked here, so that an error can say which of them it came from. The file is
//! TOML with the same names (`listen = "0.0.0.0:8443"`); it is `relay.toml` in the data folder unless another one
//! is named. Names that it does not know are refused: a misspelt one would otherwise be a silent default.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::Folder;
use crate::backup::schedule::Schedule;
use crate::backup::{Keep, Places};
use crate::http::serve::Listen;
use crate::http::tls::Tls;

/// Every option, by the name that it has in the file.
const NAMES: [&str; 16] = [
    "data_dir",
    "recovery_key_file",
    "journal",
    "listen",
    "public_url",
    "tls",
    "tls_certificate",
    "tls_key",
    "tls_pinned",
    "behind_proxy",
    "log",
    "log_format",
    "backup_dir",
    "backup_every_hours",
    "backup_keep_daily",
    "backup_keep_weekly",
];
/// Of which these are yes or no.
const SWITCHES: [&str; 2] = ["tls_pinned", "behind_proxy"];
const ENV_PREFIX: &str = "CARTERA_";
const FILE_BYTES_MAX: u64 = 64 << 10;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// The flags that every command takes.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Configuration (each also as CARTERA_..., and by its name in relay.toml)")]
pub struct Flags {
    /// Folder of the database, made if it is not there [default: cartera-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// TOML file to read [default: relay.toml in the data folder, if there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    /// File of the recovery key [default: recovery.key in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    recovery_key_file: Option<String>,
    /// File of the journal, best on another disk than the data folder [default: journal.log in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    journal: Option<String>,
    /// Address to listen on [default: 127.0.0.1:8484]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Address that phones are told, such as https://relay.example:8484
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// off, own (a key of its own making, pinned in the QR code) or files [default: off]
    #[arg(long, global = true, value_name = "MODE")]
    tls: Option<String>,
    /// Certificate chain as PEM, the relay's own certificate first
    #[arg(long, global = true, value_name = "FILE")]
    tls_certificate: Option<String>,
    /// The certificate's key as PEM
    #[arg(long, global = true, value_name = "FILE")]
    tls_key: Option<String>,
    /// Pin the certificate's key in the QR code: for a certificate that no public authority signed
    #[arg(long, global = true)]
    tls_pinned: bool,
    /// A proxy before the relay ends TLS and sets X-Forwarded-For
    #[arg(long, global = true)]
    behind_proxy: bool,
    /// What to log: error, warn, info, debug, or as tracing's filters [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Folder of backups, best on another disk; while serving they are made by themselves [default: none]
    #[arg(long, global = true, value_name = "FOLDER")]
    backup_dir: Option<String>,
    /// Hours from one backup to the next [default: 24]
    #[arg(long, global = true, value_name = "HOURS")]
    backup_every_hours: Option<String>,
    /// How many days keep their newest backup [default: 7]
    #[arg(long, global = true, value_name = "DAYS")]
    backup_keep_daily: Option<String>,
    /// How many weeks keep their newest backup [default: 8]
    #[arg(long, global = true, value_name = "WEEKS")]
    backup_keep_weekly: Option<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag(String),
    Environment(String),
    File(PathBuf),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "from the flag {flag}"),
            Self::Environment(name) => write!(f, "from {name} in the environment"),
            Self::File(path) => write!(f, "from {}", path.display()),
            Self::Default => f.write_str("the default"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{name} = {value:?} ({source_}): {why}")]
    Value { name: &'static str, value: String, source_: Source, why: String },
    #[error("the configuration file {path} cannot be read: {detail}")]
    File { path: PathBuf, detail: String },
    #[error("the configuration file {path} is not valid: {detail}")]
    Syntax { path: PathBuf, detail: String },
    #[error("{detail}")]
    Together { detail: String },
}

impl ConfigError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Value { .. } => "config_value",
            Self::File { .. } => "config_file",
            Self::Syntax { .. } => "config_syntax",
            Self::Together { .. } => "config_together",
        }
    }
}

/// Everything that was configured, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub folder: Folder,
    pub listen: Listen,
    /// As configured; without it phones are told where the relay listens.
    pub public_url: Option<String>,
    /// Which of these this very command was told, by a flag or its environment.
    pub told: Told,
    pub behind_proxy: bool,
    pub log: String,
    pub log_json: bool,
    /// Without a folder none are made while serving.
    pub backups: Option<Schedule>,
}

/// What a command was told of how the relay is reached, and did not read in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    pub public_url: bool,
    pub listen: bool,
    pub tls: bool,
}

impl Config {
    /// `env` looks a variable up by its name.
    pub fn resolve(flags: &Flags, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut values = Values { flags: flags.given(), env, file: None };
        let named = flags.config.clone().or_else(|| env(&format!("{ENV_PREFIX}CONFIG")));
        if let Some(path) = &named {
            values.file = Some(read_file(Path::new(path))?);
        }
        let data = PathBuf::from(values.get("data_dir").map_or("cartera-data".into(), |(value, _)| value));
        let beside = data.join("relay.toml");
        if named.is_none() && beside.exists() {
            values.file = Some(read_file(&beside)?);
        }
        let mut folder = Folder::new(data);
        if let Some((path, _)) = values.get("recovery_key_file") {
            folder.key_file = path.into();
        }
        if let Some((path, _)) = values.get("journal") {
            folder.journal = path.into();
        }
        let public_url = values.checked("public_url", public_url)?;
        let address = values.checked("listen", address)?.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8484)));
        let behind_proxy = values.checked("behind_proxy", switch)?.unwrap_or(false);
        let tls = tls(&values, &folder)?;
        if tls == Tls::Off && !address.ip().is_loopback() && !behind_proxy {
            return Err(ConfigError::Together {
                detail: format!(
                    "{address} can be reached from other machines, and without TLS anybody in between can read along. \
                     Use --tls own, or --tls-certificate and --tls-key, or --behind-proxy if a proxy ends TLS"
                ),
            });
        }
        let backups = backups(&values, &folder)?;
        let told = Told {
            public_url: values.told(&["public_url"]),
            listen: values.told(&["listen"]),
            tls: values.told(&["tls", "tls_certificate", "tls_key", "tls_pinned"]),
        };
        let public_host = public_url.as_deref().map(|url| host(url).to_owned());
        Ok(Self {
            folder,
            listen: Listen { address, tls, public_host },
            public_url,
            told,
            behind_proxy,
            log: values.get("log").map_or("info".into(), |(value, _)| value),
            log_json: values.checked("log_format", log_format)?.unwrap_or(false),
            backups,
        })
    }
}

impl Flags {
    fn given(&self) -> BTreeMap<&'static str, String> {
        let texts = [
            ("data_dir", &self.data_dir),
            ("recovery_key_file", &self.recovery_key_file),
            ("journal", &self.journal),
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("tls", &self.tls),
            ("tls_certificate", &self.tls_certificate),
            ("tls_key", &self.tls_key),
            ("log", &self.log),
            ("log_format", &self.log_format),
            ("backup_dir", &self.backup_dir),
            ("backup_every_hours", &self.backup_every_hours),
            ("backup_keep_daily", &self.backup_keep_daily),
            ("backup_keep_weekly", &self.backup_keep_weekly),
        ];
        let switches = [("tls_pinned", self.tls_pinned), ("behind_proxy", self.behind_proxy)];
        let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?)));
        let switches = switches.into_iter().filter(|(_, on)| *on).map(|(name, _)| (name, "true".to_owned()));
        texts.chain(switches).collect()
    }
}

struct Values<'a> {
    flags: BTreeMap<&'static str, String>,
    env: &'a dyn Fn(&str) -> Option<String>,
    file: Option<(PathBuf, BTreeMap<String, String>)>,
}

impl Values<'_> {
    fn get(&self, name: &'static str) -> Option<(String, Source)> {
        if let Some(value) = self.flags.get(name) {
            return Some((value.clone(), Source::Flag(format!("--{}", name.replace('_', "-")))));
        }
        let variable = format!("{ENV_PREFIX}{}", name.to_uppercase());
        if let Some(value) = (self.env)(&variable) {
            return Some((value, Source::Environment(variable)));
        }
        let (path, values) = self.file.as_ref()?;
        values.get(name).map(|value| (value.clone(), Source::File(path.clone())))
    }

    fn told(&self, names: &[&'static str]) -> bool {
        names.iter().any(|name| matches!(self.get(name), Some((_, Source::Flag(_) | Source::Environment(_)))))
    }

    fn checked<T>(
        &self,
        name: &'static str,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some((value, source_)) = self.get(name) else { return Ok(None) };
        check(&value).map(Some).map_err(|why| ConfigError::Value { name, value, source_, why })
    }
}

fn read_file(path: &Path) -> Result<(PathBuf, BTreeMap<String, String>), ConfigError> {
    let unreadable = |detail: String| ConfigError::File { path: path.to_path_buf(), detail };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > FILE_BYTES_MAX {
        return Err(unreadable(format!("{size} bytes, more than {FILE_BYTES_MAX}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let invalid = |detail: String| ConfigError::Syntax { path: path.to_path_buf(), detail };
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| invalid(error.to_string().trim().to_owned()))?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !NAMES.contains(&name.as_str()) {
            return Err(invalid(format!("there is no option {name:?}; there are {}", NAMES.join(", "))));
        }
        let is_switch = SWITCHES.contains(&name.as_str());
        let text = match value {
            toml::Value::String(text) if !is_switch => text,
            toml::Value::Boolean(on) if is_switch => on.to_string(),
            _ if is_switch => return Err(invalid(format!("{name} is true or false, without quotes"))),
            _ => return Err(invalid(format!("{name} is a text in quotes"))),
        };
        values.insert(name, text);
    }
    Ok((path.to_path_buf(), values))
}

fn tls(values: &Values<'_>, folder: &Folder) -> Result<Tls, ConfigError> {
    let certificate = values.get("tls_certificate").map(|(path, _)| PathBuf::from(path));
    let key = values.get("tls_key").map(|(path, _)| PathBuf::from(path));
    let pinned = values.checked("tls_pinned", switch)?.unwrap_or(false);
    let mode = values.checked("tls", |text| match text {
        "off" | "own" | "files" => Ok(text.to_owned()),
        _ => Err("one of off, own, files".into()),
    })?;
    let mode =
        mode.as_deref().unwrap_or(if certificate.is_some() || key.is_some() { "files" } else { "off" });
    let together = |detail: &str| Err(ConfigError::Together { detail: detail.to_owned() });
    match (mode, certificate, key) {
        ("files", Some(certificate), Some(key)) => Ok(Tls::Files { certificate, key, pinned }),
        ("files", ..) => together("TLS from files needs both tls_certificate and tls_key"),
        (_, Some(_), _) | (_, _, Some(_)) => together(
            "tls_certificate and tls_key go with tls = \"files\" only; leave them out, or change tls",
        ),
        ("own", ..) => Ok(Tls::Own { folder: folder.data.clone(), names: Vec::new() }),
        _ => Ok(Tls::Off),
    }
}

fn backups(values: &Values<'_>, folder: &Folder) -> Result<Option<Schedule>, ConfigError> {
    let every = values.checked("backup_every_hours", |text| within(text, 1, 8_784))?;
    let daily = values.checked("backup_keep_daily", |text| within(text, 0, 3_660))?;
    let weekly = values.checked("backup_keep_weekly", |text| within(text, 0, 520))?;
    let Some((to, _)) = values.get("backup_dir") else {
        if every.or(daily).or(weekly).is_some() {
            return Err(ConfigError::Together {
                detail: "backup_every_hours, backup_keep_daily and backup_keep_weekly need backup_dir".into(),
            });
        }
        return Ok(None);
    };
    let default = Keep::default();
    Ok(Some(Schedule {
        places: Places { to: to.into(), work: folder.data.clone() },
        every_ms: i64::from(every.unwrap_or(24)) * HOUR_MS,
        keep: Keep { daily: daily.unwrap_or(default.daily), weekly: weekly.unwrap_or(default.weekly) },
    }))
}

fn within(text: &str, min: u16, max: u16) -> Result<u16, String> {
    let number = text.parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| format!("a whole number from {min} to {max}"))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an address and a port, such as 127.0.0.1:8484 or [::]:8484".into())
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("true or false".into()),
    }
}

fn log_format(text: &str) -> Result<bool, String> {
    match text {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err("text or json".into()),
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match rest {
        Some(authority) if !authority.is_empty() && authority.chars().all(legal) && !host(url).is_empty() => {
            Ok(url.to_owned())
        }
        _ => Err("http:// or https://, a host, perhaps a port, and no path".into()),
    }
}

/// The host of an address that [`public_url`] let through.
fn host(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(flags: Flags, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let look_up =
            |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::resolve(&flags, &look_up)
    }

    fn in_dir(dir: &tempfile::TempDir) -> Flags {
        Flags { data_dir: Some(dir.path().to_str().unwrap().into()), ..Flags::default() }
    }

    fn error(flags: Flags, env: &[(&str, &str)]) -> String {
        resolve(flags, env).unwrap_err().to_string()
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
        let dir = tempfile::tempdir().unwrap();
        let port = |flags, env: &[_]| resolve(flags, env).unwrap().listen.address.port();
        assert_eq!(port(in_dir(&dir), &[]), 8484);
        std::fs::write(dir.path().join("relay.toml"), "listen = \"127.0.0.1:1\"").unwrap();
        assert_eq!(port(in_dir(&dir), &[]), 1);
        let env = [("CARTERA_LISTEN", "127.0.0.1:2")];
        assert_eq!(port(in_dir(&dir), &env), 2);
        let flags = Flags { listen: Some("127.0.0.1:3".into()), ..in_dir(&dir) };
        assert_eq!(port(flags, &env), 3);
    }

    #[test]
    fn backups_need_a_folder_and_have_bounds() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(resolve(in_dir(&dir), &[]).unwrap().backups, None);
        let folder = ("CARTERA_BACKUP_DIR", "/elsewhere");
        let found =
            resolve(in_dir(&dir), &[folder, ("CARTERA_BACKUP_EVERY_HOURS", "6")]).unwrap().backups.unwrap();
        assert_eq!((found.every_ms, found.keep), (6 * HOUR_MS, Keep { daily: 7, weekly: 8 }));
        assert_eq!(found.places, Places { to: "/elsewhere".into(), work: dir.path().into() });
        for (name, value) in [("EVERY_HOURS", "0"), ("KEEP_DAILY", "3661"), ("KEEP_WEEKLY", "x")] {
            let name = format!("CARTERA_BACKUP_{name}");
            assert!(error(in_dir(&dir), &[folder, (&name, value)]).contains("whole number"), "{name}");
        }
        assert!(error(in_dir(&dir), &[("CARTERA_BACKUP_KEEP_DAILY", "3")]).contains("backup_dir"));
    }

    #[test]
    fn an_error_says_where_the_value_came_from() {
        let dir = tempfile::tempdir().unwrap();
        let flags = Flags { listen: Some("nowhere".into()), ..in_dir(&dir) };
        assert!(error(flags, &[]).contains("from the flag --listen"));
        assert!(
            error(in_dir(&dir), &[("CARTERA_LISTEN", "x")]).contains("CARTERA_LISTEN in the environment")
        );
        let file = dir.path().join("relay.toml");
        std::fs::write(&file, "tls = \"maybe\"").unwrap();
        let text = error(in_dir(&dir), &[]);
        assert!(text.contains("relay.toml") && text.contains("off, own, files"), "{text}");
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"").unwrap();
        assert!(error(in_dir(&dir), &[]).contains("no option \"lisen\""));
        std::fs::write(&file, "behind_proxy = \"true\"").unwrap();
        assert!(error(in_dir(&dir), &[]).contains("without quotes"));
        std::fs::write(&file, "listen = ").unwrap();
        assert!(error(in_dir(&dir), &[]).contains("line 1"));
        let missing = Flags { config: Some("/no/such.toml".into()), ..in_dir(&dir) };
        assert_eq!(resolve(missing, &[]).unwrap_err().code(), "config_file");
        std::fs::write(&file, vec![b'#'; FILE_BYTES_MAX as usize + 1]).unwrap();
        assert_eq!(resolve(in_dir(&dir), &[]).unwrap_err().code(), "config_file");
        std::fs::write(&file, vec![b'#'; FILE_BYTES_MAX as usize]).unwrap();
        resolve(in_dir(&dir), &[]).unwrap();
    }

    #[test]
    fn an_open_address_without_tls_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Flags { listen: Some("0.0.0.0:8484".into()), ..in_dir(&dir) };
        assert_eq!(resolve(open(), &[]).unwrap_err().code(), "config_together");
        assert!(resolve(Flags { behind_proxy: true, ..open() }, &[]).unwrap().behind_proxy);
        assert!(resolve(open(), &[("CARTERA_BEHIND_PROXY", "yes")]).is_ok());
        assert_eq!(resolve(open(), &[("CARTERA_BEHIND_PROXY", "no")]).unwrap_err().code(), "config_together");
        let own = resolve(Flags { tls: Some("own".into()), ..open() }, &[]).unwrap();
        assert_eq!(own.listen.tls, Tls::Own { folder: dir.path().into(), names: Vec::new() });
    }

    #[test]
    fn certificate_and_key_go_together() {
        let dir = tempfile::tempdir().unwrap();
        let with = |tls: Option<&str>, certificate: Option<&str>, key: Option<&str>| Flags {
            tls: tls.map(Into::into),
            tls_certificate: certificate.map(Into::into),
            tls_key: key.map(Into::into),
            ..in_dir(&dir)
        };
        let config = resolve(with(None, Some("c.pem"), Some("k.pem")), &[]).unwrap();
        let files = Tls::Files { certificate: "c.pem".into(), key: "k.pem".into(), pinned: false };
        assert_eq!(config.listen.tls, files);
        for wrong in [
            with(None, Some("c.pem"), None),
            with(None, None, Some("k.pem")),
            with(Some("files"), None, None),
            with(Some("own"), Some("c.pem"), Some("k.pem")),
            with(Some("off"), Some("c.pem"), Some("k.pem")),
        ] {
            assert_eq!(resolve(wrong, &[]).unwrap_err().code(), "config_together");
        }
    }

    #[test]
    fn a_public_address_has_a_host_and_no_path() {
        assert_eq!(public_url("https://relay.example:8443/"), Ok("https://relay.example:8443".into()));
        assert_eq!(host("https://relay.example:8443"), "relay.example");
        assert_eq!(host("http://[2001:db8::1]:80"), "[2001:db8::1]");
        for wrong in ["", "relay.example", "ftp://x", "https://", "https://x/y", "https://u@x", "https://:80"]
        {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
