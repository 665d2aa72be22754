//! The relay as a process: first start, its command line beside it, a phone that links over TLS, a gentle stop.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

const RELAY: &str = env!("CARGO_BIN_EXE_cartera-relay");

fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(RELAY);
    command
        .args(args)
        .arg("--data-dir")
        .arg(data)
        .env_remove("CARTERA_DATA_DIR")
        .env_remove("CARTERA_LISTEN")
        .env_remove("LANG");
    command
}

fn run(data: &Path, args: &[&str]) -> Output {
    command(data, args).output().unwrap()
}

fn answer(data: &Path, args: &[&str]) -> String {
    let output = run(data, args);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{args:?}: {err}");
    out
}

fn error(data: &Path, args: &[&str]) -> String {
    let output = run(data, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A relay that runs until dropped.
struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Serving {
    fn start(data: &Path, args: &[&str]) -> Self {
        Self::log_to(data, "warn", Stdio::inherit(), args)
    }

    fn log_to(data: &Path, level: &str, log: Stdio, args: &[&str]) -> Self {
        let args: Vec<_> = ["serve", "--log", level].iter().chain(args).copied().collect();
        let mut child = command(data, &args).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// The rest of the next line that begins so.
    fn line(&mut self, prefix: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.out.read_line(&mut line).unwrap() > 0, "it ended before {prefix:?}");
            if let Some(rest) = line.strip_prefix(prefix) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Asks it to stop, and gives what it printed until then.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        rest
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_start_shows_key_and_login_and_the_second_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0"]);
    let url = relay.line("Relay at ");
    assert!(url.starts_with("http://127.0.0.1:"));
    let key = relay.line("Recovery key: ");
    assert_eq!(key.split('-').count(), 11);
    let file = std::fs::read_to_string(data.join("recovery.key")).unwrap();
    assert!(file.contains(&key));
    relay.line("One-time login for ");
    assert!(relay.stop().contains("Stopped"));
    assert!(!data.join("relay.db-wal").exists(), "everything is in the one file");

    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0"]);
    relay.line("Relay at ");
    let rest = relay.stop();
    assert!(!rest.contains("Recovery key") && !rest.contains(&key), "{rest}");
}

#[test]
fn a_phone_links_over_tls_of_the_relays_own_making() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let tls = ["--listen", listen.as_str(), "--tls", "own"];
    let mut relay = Serving::start(&data, &tls);
    assert_eq!(relay.line("Relay at "), format!("https://{listen}"));
    let pin = relay.line("Key pin (SHA-256) ");
    relay.line("One-time login for ");

    answer(&data, &["territory", "add", "Zona Norte"]);
    answer(&data, &["people", "add", "Ana Ruiz", "--role", "rep", "--territory", "zona norte"]);
    let svg = dir.path().join("qr.svg");
    let shown = answer(&data, &[&["enrol", "ana ruiz", "--svg", svg.to_str().unwrap()], &tls[..]].concat());
    assert!(std::fs::read_to_string(&svg).unwrap().contains("<svg"));
    let invitation = shown.lines().find_map(|line| line.trim().strip_prefix("https://")).unwrap();
    let invitation: cartera_core::sync::wire::Invitation = format!("https://{invitation}").parse().unwrap();
    assert!(invitation.to_string().ends_with(&pin));
    link(dir.path(), &invitation);

    let devices = answer(&data, &["device", "list", "--person", "Ana Ruiz"]);
    assert!(devices.contains("Pixel 9"), "{devices}");
    let id = devices.split_whitespace().next().unwrap().to_owned();
    answer(&data, &["device", "revoke", &id, "--salvage"]);
    assert!(answer(&data, &["audit"]).contains("device.revoked"));
    relay.stop();
}

/// The real engine, with a database of its own.
#[cfg(feature = "demo")]
fn link(dir: &Path, invitation: &cartera_core::sync::wire::Invitation) {
    use cartera_core::engine::Engine;
    use cartera_core::env::SystemEnv;

    let phone =
        Engine::open(&dir.join("phone.db"), None, "Europe/Madrid", std::sync::Arc::new(SystemEnv)).unwrap();
    let wrong = cartera_core::sync::wire::Invitation { pin: Some([0; 32]), ..invitation.clone() };
    assert!(phone.enrol(&wrong, "Pixel 9").is_err(), "somebody who poses as the relay");
    let identity = phone.enrol(invitation, "Pixel 9").unwrap();
    assert_eq!(phone.enrol(invitation, "Pixel 9").unwrap_err().code(), "conflict", "the code is used");
    assert_eq!(identity.relay, invitation.address);
}

fn link_once(dir: &Path, text: &str) {
    link(dir, &text.parse().unwrap());
}

#[cfg(not(feature = "demo"))]
fn link(_: &Path, _: &cartera_core::sync::wire::Invitation) {}

#[test]
fn of_several_first_starts_at_once_one_makes_the_workspace() {
    for round in 0..8 {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let serve = ["serve", "--log", "warn", "--listen", "127.0.0.1:0", "--tls", "own"];
        let serving: Vec<Child> = (0..3)
            .map(|_| command(&data, &serve).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
            .collect();
        // Commands ask all the while, until they find somebody there.
        let ask = |args: &[&str]| {
            loop {
                let output = run(&data, args);
                let error = String::from_utf8(output.stderr).unwrap();
                if output.status.success() && !output.stdout.is_empty() {
                    return;
                }
                let early = ["no_workspace", "not_found"].iter().any(|code| error.contains(code));
                assert!(output.status.success() || early, "round {round}: {error}");
            }
        };
        std::thread::scope(|scope| {
            let enrol = &["enrol", "Administrador", "--public-url", "https://x.example", "--tls", "own"][..];
            for args in [&["people", "list"][..], &["people", "list"], enrol] {
                scope.spawn({
                    let ask = &ask;
                    move || ask(args)
                });
            }
        });
        let mut keys = Vec::new();
        for mut child in serving {
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            while !line.starts_with("Recovery key: ") {
                line.clear();
                if out.read_line(&mut line).unwrap() == 0 {
                    break;
                }
            }
            if line.is_empty() {
                let output = child.wait_with_output().unwrap();
                let error = String::from_utf8(output.stderr).unwrap();
                assert!(error.contains("already_serving"), "round {round}: {error}");
            } else {
                keys.push(line["Recovery key: ".len()..].trim().to_owned());
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
        let [key] = &keys[..] else { panic!("round {round}: {} relays began", keys.len()) };
        assert!(std::fs::read_to_string(data.join("recovery.key")).unwrap().contains(key));
        assert_eq!(answer(&data, &["people", "list"]).lines().count(), 1, "one administrator");
    }
}

#[test]
fn enrol_shows_how_the_relay_is_reached_and_not_its_own_options() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0", "--tls", "own"]);
    let url = relay.line("Relay at ");
    let pin = relay.line("Key pin (SHA-256) ");
    relay.line("One-time login for ");
    let shown = |args: &[&str]| {
        let shown = answer(&data, &[&["enrol", "Administrador"], args].concat());
        let link = shown.lines().find(|line| line.contains("/enrol#")).unwrap().trim().to_owned();
        (link, shown)
    };
    let (link, told) = shown(&[]);
    assert!(url.starts_with("https://") && link.starts_with(&format!("{url}/enrol#")), "{link}");
    assert!(link.ends_with(&format!(".{pin}")), "{link}");
    assert!(!told.contains("No relay serves"), "{told}");
    assert!(answer(&data, &["login", "Administrador"]).contains(&format!("{url}/v1/session")));
    link_once(dir.path(), &link);
    // Another address of the same relay has the same key; TLS that was named has its own.
    let (link, _) = shown(&["--public-url", "https://relay.example"]);
    assert!(link.starts_with("https://relay.example/enrol#") && link.ends_with(&pin), "{link}");
    let (link, _) = shown(&["--public-url", "https://relay.example", "--tls", "off"]);
    assert!(link.starts_with("https://relay.example/enrol#") && !link.contains(&pin), "{link}");
    let second = error(&data, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(second.contains("already_serving") && second.contains(&url), "{second}");
    relay.stop();

    let (link, told) = shown(&[]);
    assert!(link.starts_with(&url) && link.ends_with(&pin) && told.contains("No relay serves"), "{told}");
    std::fs::remove_file(data.join("serving.toml")).unwrap();
    let unknown = error(&data, &["enrol", "Administrador"]);
    assert!(unknown.contains("address_unknown") && unknown.contains("--public-url"), "{unknown}");
    // What the file says is known without a relay.
    std::fs::write(data.join("relay.toml"), "public_url = \"https://file.example\"\ntls = \"own\"\n")
        .unwrap();
    let (link, _) = shown(&[]);
    assert!(link.starts_with("https://file.example/enrol#") && link.ends_with(&pin), "{link}");
}

#[test]
fn nothing_is_restored_beneath_a_relay_that_serves() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0"]);
    relay.line("One-time login for ");
    let file = answer(&data, &["backup"]).lines().next().unwrap().to_owned();
    let order = ["restore", &file, "--replace", "--yes"];
    let refused = error(&data, &order);
    assert!(refused.contains("already_serving"), "{refused}");
    relay.stop();
    assert!(answer(&data, &order).contains("Restored into"));
}

#[test]
fn what_a_person_reads_is_in_the_language_of_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0"]);
    relay.line("One-time login for ");
    relay.stop();
    let spanish = |args: &[&str], fine: bool| {
        let output = command(&data, args).env("LANG", "es_ES.UTF-8").output().unwrap();
        assert_eq!(output.status.success(), fine, "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(spanish(&["backup", "list"], true).starts_with("No hay ninguna copia"));
    let made = spanish(&["backup"], true);
    assert!(made.contains("está en buen estado") && made.contains("1 personas"), "{made}");
    let file = made.lines().next().unwrap().to_owned();
    assert!(spanish(&["backup", "list"], true).contains("hace 0 h"));
    assert!(spanish(&["backup", "verify", &file], true).contains("está en buen estado"));
    let plan = spanish(&["restore", &file, "--replace"], true);
    assert!(plan.contains("haría esto") && plan.contains("No se ha hecho nada"), "{plan}");
    let done = spanish(&["restore", &file, "--replace", "--without-journal", "--yes"], true);
    assert!(
        done.contains("Restaurado en") && done.contains("order list") && done.contains("device confirm"),
        "{done}"
    );
    assert!(spanish(&["device", "confirm", "--all"], true).contains("Móviles confirmados: 0"));
    assert!(spanish(&["order", "release", "--all"], true).contains("desde ahora: 0"));
    assert_eq!(spanish(&["order", "list"], true) + &spanish(&["quarantine", "list"], true), "");
    assert!(
        error(&data, &["order", "registered", "01JC0000000000000000000001", "P-1"]).contains("not_found")
    );
    assert!(error(&data, &["order", "release", "x"]).contains("not_found"));
    for language in ["en_US.UTF-8", "es_ES.UTF-8"] {
        let args: [&[&str]; 4] =
            [&["device", "list"], &["people", "list"], &["token", "list"], &["client", "proposals"]];
        for args in args {
            let output = command(&data, args).env("LANG", language).output().unwrap();
            let out = String::from_utf8(output.stdout).unwrap();
            assert!(output.status.success() && !out.contains("cli-") && !out.contains('{'), "{out}");
        }
    }
}

#[test]
fn bad_input_is_told_with_a_code_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert!(error(&data, &["people", "list"]).contains("no_workspace"));
    assert!(!data.exists());
    let open = error(&data, &["serve", "--listen", "0.0.0.0:0"]);
    assert!(open.contains("config_together") && open.contains("--tls own"), "{open}");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let bind = error(&data, &["serve", "--listen", &listen]);
    assert!(bind.contains("bind") && bind.contains(&listen), "{bind}");
    let log = error(&data, &["serve", "--log", "=="]);
    assert!(log.contains("usage") && log.contains("log"), "{log}");
    assert!(!data.join("relay.db").exists(), "nothing was begun");
    assert_eq!(run(&data, &["serve", "--lisen", "x"]).status.code(), Some(2));

    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0"]);
    relay.line("One-time login for ");
    relay.stop();
    assert!(error(&data, &["people", "add", " "]).contains("invalid"));
    assert!(error(&data, &["people", "add", "Ana", "--territory", "Sur"]).contains("not_found"));
    assert!(error(&data, &["enrol", "Nadie"]).contains("not_found"));
    answer(&data, &["people", "add", "Ana"]);
    answer(&data, &["people", "add", "ana"]);
    assert!(error(&data, &["enrol", "Ana"]).contains("ambiguous"));
    let unreachable = error(&data, &["enrol", "Administrador", "--listen", "0.0.0.0:1", "--tls", "own"]);
    assert!(unreachable.contains("--public-url"), "{unreachable}");
    assert!(error(&data, &["settings", "sales_months=0"]).contains("invalid"));
    assert!(error(&data, &["settings", "sales_months"]).contains("usage"));
    std::fs::rename(data.join("recovery.key"), data.join("elsewhere")).unwrap();
    assert!(error(&data, &["people", "list"]).contains("key_file_missing"));
    std::fs::rename(data.join("elsewhere"), data.join("recovery.key")).unwrap();
    std::fs::write(data.join("relay.db"), "no database").unwrap();
    assert!(error(&data, &["people", "list"]).contains("storage_not_a_database"));
}

/// What the database lacks of the journal, or the journal of the database, is told, and nothing is begun anew.
#[test]
fn an_empty_database_a_missing_journal_and_another_workspaces_key_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for data in [&data, &dir.path().join("other")] {
        let mut relay = Serving::start(data, &["--listen", "127.0.0.1:0"]);
        relay.line("One-time login for ");
        relay.stop();
    }
    answer(&data, &["people", "add", "Ana"]);
    let file = |name: &str| data.join(name);
    let [database, journal, key] = [file("relay.db"), file("journal.log"), file("recovery.key")];
    let whole = [&database, &journal, &key].map(|path| std::fs::read(path).unwrap());
    let refused = || {
        let serve = ["serve", "--listen", "127.0.0.1:0"];
        let told = [&["people", "list"][..], &serve[..]].map(|args| error(&data, args));
        let codes = told.each_ref().map(|told| told.split(": ").nth(1).unwrap().to_owned());
        assert_eq!(codes[0], codes[1], "{told:?}");
        told[0].clone()
    };

    std::fs::write(&database, "").unwrap();
    let told = refused();
    assert!(told.contains("journal_ahead") && told.contains("restore"), "{told}");
    assert_eq!(std::fs::read(&database).unwrap(), b"", "left as it was");
    std::fs::write(&database, &whole[0]).unwrap();

    let first = whole[1].iter().position(|byte| *byte == b'\n').unwrap();
    let other = std::fs::read(dir.path().join("other/journal.log")).unwrap();
    let one_of_another = &other[..=other.iter().position(|byte| *byte == b'\n').unwrap()];
    for shorter in [b"", &whole[1][..=first], one_of_another] {
        std::fs::write(&journal, shorter).unwrap();
        let told = refused();
        assert!(told.contains("journal_behind") && told.contains("new-journal"), "{told}");
        assert_eq!(std::fs::read(&journal).unwrap(), shorter, "left as it was");
    }
    std::fs::remove_file(&journal).unwrap();
    assert!(refused().contains("journal_behind"), "as where its disk is not mounted");
    assert!(!journal.exists());

    std::fs::copy(dir.path().join("other/recovery.key"), &key).unwrap();
    std::fs::write(&journal, &whole[1]).unwrap();
    assert!(refused().contains("storage_other_workspace"), "and not that the journal is damaged");
    std::fs::write(&key, &whole[2]).unwrap();
    assert!(answer(&data, &["people", "list"]).contains("Ana"));

    let told = error(&data, &["new-journal"]);
    assert!(told.contains("journal_whole"), "{told}");
    assert_eq!(std::fs::read(&journal).unwrap(), whole[1], "left as it was");

    std::fs::remove_file(&journal).unwrap();
    let begun = answer(&data, &["new-journal"]);
    assert!(begun.contains(journal.to_str().unwrap()), "{begun}");
    answer(&data, &["people", "add", "Berta"]);
    let people = answer(&data, &["people", "list"]);
    assert!(people.contains("Ana") && people.contains("Berta"), "{people}");
    assert!(answer(&data, &["audit"]).contains("journal.begun"));
}

/// The demo tells a story; each of its turns is looked for by what is said of it.
#[cfg(feature = "demo")]
#[test]
fn the_demo_keeps_what_it_promises() {
    let dir = tempfile::tempdir().unwrap();
    let given = |args: &[&str]| {
        let mut command = Command::new(RELAY);
        command.args(["demo", "--once", "--customers", "600"]).args(args).env_remove("LANG");
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let folder = dir.path().join("demo");
    let (done, told) = given(&["--folder", folder.to_str().unwrap()]);
    assert!(done, "{told}");
    for said in [
        "600 clients",
        "Ana and Luis change the phone number of ",
        "writes other payment terms for ",
        "· not taken, ",
        "You may not do this",
        "· instead the office is asked for it: 1.",
        "· merged, ",
        "Phone 555 010 111, says Ana",
        "Phone 555 020 222, says Luis",
        "Marta sees 2 records, Luis's among them; Luis's phone has it no longer",
        "New client in the office: Discos La Corriente",
        "Unsent on the three phones: 0. Nothing lost, nothing twice",
        "In square brackets: how many records are behind a figure",
        "curl -H 'Authorization: Bearer ",
        "/v1/export/visits.csv",
    ] {
        assert!(told.contains(said), "{said:?} is not in\n{told}");
    }
    assert!(!told.contains("put right with the relay"), "{told}");
    // What was told is what the office has.
    let data = folder.join("relay");
    let visits = answer(&data, &["export", "visits", "--columns", "id,notes"]);
    for notes in ["Pregunta por las novedades", "Quiere que vuelva Ana", "Pregunta por el nuevo catálogo"] {
        assert_eq!(visits.matches(notes).count(), 1, "{notes}");
    }
    let (done, told) = given(&["--folder", folder.to_str().unwrap()]);
    assert!(!done && told.contains("demo_folder"), "{told}");
    let (done, told) = given(&["--data-dir", data.to_str().unwrap()]);
    assert!(!done && told.contains("usage") && told.contains("--folder"), "{told}");
    let (done, told) = given(&["--language", "es"]);
    assert!(done && told.contains("Nada perdido, nada dos veces"), "{told}");
    assert!(!told.contains("demo-") || !told.contains("{ $"), "{told}");
}

/// Typical traffic, and what goes wrong in it: nothing that people wrote, and no secret, is in the log.
#[cfg(feature = "demo")]
#[test]
fn the_log_holds_nothing_of_what_people_wrote_and_no_secret() {
    use cartera_core::document::{FieldKey, FieldValue};
    use cartera_core::engine::{ClientEdit, Engine, NewClient};
    use cartera_core::env::SystemEnv;
    use cartera_core::model::profile::Value;
    use cartera_core::model::record::{Note, Outcome, Visit};

    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let log_file = dir.path().join("log");
    let log = std::fs::File::create(&log_file).unwrap();
    let mut relay = Serving::log_to(&data, "debug", log.into(), &["--listen", "127.0.0.1:0"]);
    let url = relay.line("Relay at ");
    let recovery = relay.line("Recovery key: ");
    let login = relay.line("One-time login for ");
    let login = login.rsplit(' ').find(|word| word.len() > 20).unwrap_or_default().to_owned();

    let public = ["--public-url", url.as_str()];
    answer(&data, &["territory", "add", "Zona Quevedo"]);
    answer(&data, &["people", "add", "Ximena Ruiz", "--role", "rep", "--territory", "zona quevedo"]);
    let shown = answer(&data, &[&["enrol", "ximena ruiz"], &public[..]].concat());
    let invitation = shown.lines().find(|line| line.contains("/enrol#")).unwrap().trim().to_owned();
    let invitation: cartera_core::sync::wire::Invitation = invitation.parse().unwrap();
    let export = answer(&data, &["token", "create", "Power BI", "--scope", "export"]).trim().to_owned();

    let phone =
        Engine::open(&dir.path().join("phone.db"), None, "Europe/Madrid", std::sync::Arc::new(SystemEnv))
            .unwrap();
    let identity = phone.enrol(&invitation, "Telefono de Ximena").unwrap();
    let put =
        |key: &str, value: FieldValue| ClientEdit { key: FieldKey::new(key).unwrap(), value: Some(value) };
    let number = Value::Phone(cartera_core::model::phone::Phone::parse("612 345 987", Some("ES")));
    let fields = vec![
        put("name", FieldValue::Text("Panaderia Quintanilla".into())),
        put("email", FieldValue::Text("compras@zurbaran.example".into())),
        put("phone", number.to_scalar()),
    ];
    let client = phone.create_client(NewClient { fields, territory: None }).unwrap();
    phone.record(&client, Note::new("Debe tres meses de alquiler")).unwrap();
    phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    phone.sync().unwrap();
    assert_eq!(phone.enrol(&invitation, "Telefono de Ximena").unwrap_err().code(), "conflict");

    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::blocking::Client::new();
    let ask = |method: &str, path: &str, token: &str, body: &str| {
        let request = http.request(method.parse().unwrap(), format!("{url}{path}")).bearer_auth(token);
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let answer = request.send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap())
    };
    let mut traffic = 0;
    let mut expect = |status: u16, (was, body): (u16, String)| {
        traffic += 1;
        assert_eq!(was, status, "{body}");
        body
    };
    let body = expect(201, ask("POST", "/v1/session", "", &format!("{{\"code\":\"{login}\"}}")));
    let session: serde_json::Value = serde_json::from_str(&body).unwrap();
    let session = session["token"].as_str().unwrap().to_owned();
    let exported = expect(200, ask("GET", "/v1/export/clients.csv", &export, ""));
    assert!(exported.contains("Panaderia Quintanilla") && exported.contains("+34612345987"), "{exported}");
    expect(200, ask("GET", &format!("/v1/clients/{client}/history"), &export, ""));
    expect(200, ask("GET", &format!("/v1/clients/{client}/document"), &session, ""));
    expect(400, ask("GET", "/v1/export/visits.csv?territory=Quintanilla", &export, ""));
    expect(404, ask("GET", "/v1/export/Quintanilla.csv", &export, ""));
    expect(404, ask("GET", "/Quintanilla/612345987?q=compras@zurbaran.example", &export, ""));
    expect(404, ask("GET", "/v1/clients/Quintanilla/history", &export, ""));
    expect(401, ask("GET", "/v1/export", "Quintanilla-Quintanilla-Quintanilla-Quintanilla", ""));
    expect(403, ask("GET", "/v1/people", &export, ""));
    expect(400, ask("POST", "/v1/people", &session, "{\"name\": Quintanilla}"));
    expect(400, ask("POST", "/v1/clients/moves", &session, "{\"territory\":\"Quintanilla\",\"x\":1}"));
    expect(401, ask("POST", "/v1/session", "", "{\"code\":\"QUEVEDOQUEVEDOQUEVEDOQUEVE\"}"));
    relay.stop();

    let log = std::fs::read_to_string(&log_file).unwrap();
    assert!(log.matches("answered").count() > traffic, "{log}");
    assert!(log.contains("DEBUG") || log.contains("route=\"/v1/sync\""), "{log}");
    let secrets = [
        identity.token.as_str(),
        &invitation.code,
        &export,
        &session,
        &login,
        &recovery,
        "Quintanilla",
        "Panader",
        "612345987",
        "612 345 987",
        "zurbaran",
        "compras@",
        "alquiler",
        "Ximena",
        "Quevedo",
        "QUEVEDO",
        "Telefono",
        "Power BI",
    ];
    for secret in secrets {
        assert!(secret.len() > 4, "nothing to look for: {secret:?}");
        assert!(!log.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in the log:\n{log}");
    }
}

/// Runs a command to which somebody types a line.
fn typed(data: &Path, args: &[&str], line: &str) -> (bool, String) {
    let mut child = command(data, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), text)
}

#[test]
fn backups_are_made_while_it_serves_and_bring_the_workspace_back_on_another_machine() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backups, other) =
        (dir.path().join("data"), dir.path().join("backups"), dir.path().join("other"));
    let to = backups.to_str().unwrap();
    let mut relay = Serving::start(&data, &["--listen", "127.0.0.1:0", "--backup-dir", to]);
    let key = relay.line("Recovery key:");
    assert_eq!(relay.line("Backups go to"), to);
    let listed = || answer(&data, &["backup", "list", "--backup-dir", to]);
    // The first one is due at once.
    let made = (0..10_000).map(|_| listed()).find(|list| list.contains(".age")).unwrap();
    assert_eq!(made.lines().count(), 1, "{made}");
    answer(&data, &["people", "add", "Ana de los Ríos"]);
    // It has its name a moment before the relay is done with it.
    let made = (0..10_000).map(|_| run(&data, &["backup", "--to", to])).find(|output| {
        let busy = String::from_utf8_lossy(&output.stderr).contains("backup_busy");
        assert!(busy || output.status.success());
        !busy
    });
    let made = String::from_utf8(made.unwrap().stdout).unwrap();
    let file = made.lines().next().unwrap().to_owned();
    assert!(made.contains("found sound"), "{made}");
    answer(&data, &["people", "add", "Berta del martes"]);
    relay.stop();
    let sound = answer(&data, &["backup", "verify", &file]);
    assert!(sound.contains("2 people"), "{sound}");
    let spoilt = dir.path().join("spoilt");
    std::fs::write(&spoilt, &std::fs::read(&file).unwrap()[..1000]).unwrap();
    assert!(error(&data, &["backup", "verify", spoilt.to_str().unwrap()]).contains("not_a_backup"));

    let journal = data.join("journal.log");
    let order = ["restore", &file, "--follow", journal.to_str().unwrap()];
    let (done, plan) = typed(&other, &order, &key);
    assert!(done && plan.contains("Nothing was done") && plan.contains("1 decisions"), "{plan}");
    assert!(!other.join("relay.db").exists() && !other.join("recovery.key").exists());
    let order: Vec<_> = order.into_iter().chain(["--yes"]).collect();
    let wrong = key.replace(&key[..5], "00000");
    assert!(!typed(&other, &order, &wrong).0, "a mistyped key opens nothing");
    let (done, told) = typed(&other, &order, &key);
    assert!(done && told.contains("Restored into"), "{told}");
    let people = answer(&other, &["people", "list"]);
    assert!(people.contains("Ana de los Ríos") && people.contains("Berta del martes"), "{people}");
    assert!(error(&other, &order).contains("restore_in_the_way"));
    let names =
        std::fs::read_dir(&other).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.contains("partial")), "nothing half-done is left");

    // A database that is gone is never taken for a first start.
    std::fs::remove_file(data.join("relay.db")).unwrap();
    assert!(error(&data, &["serve", "--listen", "127.0.0.1:0"]).contains("journal_ahead"));
    let text = std::fs::read_to_string(&journal).unwrap();
    assert!(
        error(&data, &["backup", "verify", spoilt.with_extension("none").to_str().unwrap()])
            .contains("backup_file")
    );
    std::fs::write(&journal, text.replacen("\"number\":1,", "\"number\":2,", 1)).unwrap();
    assert!(error(&data, &["serve", "--listen", "127.0.0.1:0"]).contains("journal_damaged"));
}
