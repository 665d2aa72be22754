//! The relay on a socket, inside any program: bind, ask for the address, serve, stop.
//!
//! [`Listener::bind`] comes first, since the address and the pin that phones are told may only be known after
//! it (port 0, a key of the relay's own). [`serve`] then runs the relay on threads of its own until
//! [`Running::stop`]: no new connections, requests in flight finish within [`limits::STOP_DEADLINE`].

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::sync::watch;

use super::limits::{self, Deadlines};
use super::tls::{self, Tls, TlsError};
use crate::app::App;
use crate::figures::{cross_sell, refit};
use crate::projection;
use crate::segments::watch as segments;
use crate::settings::Settings;
use crate::storage::StorageError;
use crate::sync::{tidy, window};

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Port 0 takes a free one.
    pub address: SocketAddr,
    pub tls: Tls,
    /// Its host goes into a certificate of the relay's own.
    pub public_host: Option<String>,
}

impl Listen {
    /// A free port on loopback, plain HTTP: for tests and the demo.
    pub fn loopback() -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), tls: Tls::Off, public_host: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{address} cannot be listened on: {detail}. Is another program, or another relay, on that port?")]
    Bind { address: SocketAddr, detail: String },
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the relay's threads cannot be started: {detail}")]
    Threads { detail: String },
    #[error("the relay stopped by itself: {detail}")]
    Stopped { detail: String },
}

impl ServeError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bind { .. } => "bind",
            Self::Tls(error) => error.code(),
            Self::Threads { .. } => "threads",
            Self::Stopped { .. } => "stopped",
        }
    }
}

/// A bound socket, before anybody is answered.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<tls::Ready>,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Listener {
    pub fn bind(listen: &Listen) -> Result<Self, ServeError> {
        let failed =
            |error: std::io::Error| ServeError::Bind { address: listen.address, detail: error.to_string() };
        let socket = TcpListener::bind(listen.address).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let tls = match &listen.tls {
            Tls::Own { folder, names } => {
                let mut all = tls::local_names(address.ip(), listen.public_host.as_deref());
                all.extend(names.iter().cloned());
                tls::prepare(&Tls::Own { folder: folder.clone(), names: all })?
            }
            other => tls::prepare(other)?,
        };
        Ok(Self { socket, address, tls })
    }

    /// The pin that phones are told with this TLS, without listening anywhere.
    pub fn pin_of(tls: &Tls) -> Result<Option<[u8; 32]>, TlsError> {
        Ok(tls::prepare(tls)?.and_then(|tls| tls.pin))
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:8080`, without a slash at the end.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    pub fn pin(&self) -> Option<[u8; 32]> {
        self.tls.as_ref().and_then(|tls| tls.pin)
    }

    /// What phones are told when nothing else was configured.
    pub fn settings(&self) -> Settings {
        Settings { public_url: self.url(), pin: self.pin(), ..Settings::default() }
    }
}

/// A relay that answers. Dropping it stops it as [`Running::stop`] does.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    url: String,
    handle: Handle<SocketAddr>,
    app: App,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Takes no more connections, lets requests in flight finish, and waits for that.
    pub fn stop(mut self) -> Result<(), ServeError> {
        self.finish()
    }

    /// Waits until it stops by itself, which is an error, or until another thread stops it.
    pub fn wait(mut self) -> Result<(), ServeError> {
        self.join()
    }

    /// Lets another thread stop it.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.handle.clone(), stopping: self.app.stop_announcer() }
    }

    fn finish(&mut self) -> Result<(), ServeError> {
        self.stopper().stop();
        self.join()
    }

    fn join(&mut self) -> Result<(), ServeError> {
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(ServeError::Stopped { detail: "a panic".into() }))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.finish() {
            tracing::error!(code = error.code(), %error, "stopping failed");
        }
    }
}

/// Stops a relay from elsewhere: a signal handler, a test. It does not keep the store open.
#[derive(Debug, Clone)]
pub struct Stopper {
    handle: Handle<SocketAddr>,
    stopping: Arc<watch::Sender<bool>>,
}

impl Stopper {
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.handle.graceful_shutdown(Some(limits::STOP_DEADLINE));
    }
}

/// Answers on `listener` until stopped.
pub fn serve(app: App, listener: Listener) -> Result<Running, ServeError> {
    serve_within(app, listener, Deadlines::default())
}

pub(super) fn serve_within(
    app: App,
    listener: Listener,
    deadlines: Deadlines,
) -> Result<Running, ServeError> {
    let threads = |error: std::io::Error| ServeError::Threads { detail: error.to_string() };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(limits::WORKERS)
        .max_blocking_threads(limits::USE_CASES + 16)
        .thread_name("relay")
        .enable_all()
        .build()
        .map_err(threads)?;
    let (address, url) = (listener.address, listener.url());
    let handle = Handle::new();
    let run = {
        let (app, handle) = (app.clone(), handle.clone());
        move || {
            let answered = runtime.block_on(answer(app, listener, handle, deadlines));
            runtime.shutdown_timeout(limits::STOP_DEADLINE);
            answered.map_err(|error| ServeError::Stopped { detail: error.to_string() })
        }
    };
    let thread = std::thread::Builder::new().name("relay-main".into()).spawn(run).map_err(threads)?;
    Ok(Running { address, url, handle, app, thread: Some(thread) })
}

async fn answer(
    app: App,
    listener: Listener,
    handle: Handle<SocketAddr>,
    deadlines: Deadlines,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener.socket)?
        .handle(handle)
        .first_request_timeout(deadlines.head)
        .accept_error_handler(|_, error| tracing::debug!(%error, "connection not accepted"));
    bound(server.http_builder(), &deadlines);
    tokio::spawn(project(app.clone()));
    tokio::spawn(tidy(app.clone()));
    tokio::spawn(make_ahead(app.clone()));
    tokio::spawn(hear_others(app.clone()));
    let service = super::router_within(app, &deadlines).into_make_service_with_connect_info::<SocketAddr>();
    match listener.tls {
        None => server.serve(service).await,
        Some(tls) => {
            let acceptor =
                RustlsAcceptor::new(RustlsConfig::from_config(tls.config)).handshake_timeout(deadlines.head);
            server.acceptor(acceptor).serve(service).await
        }
    }
}

/// Makes rows anew that another version of the program made, from the start on.
async fn project(app: App) {
    let mut due = tokio::time::interval(limits::PROJECT_EVERY);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = due.tick() => {}
        }
        if let Err(problem) = app.run(|app| projection::run(app, || app.is_stopping())).await {
            tracing::warn!(?problem, "rows could not be made anew; it goes on from where it was");
        }
    }
}

/// Housekeeping, again and again until the relay stops.
async fn tidy(app: App) {
    let mut due = tokio::time::interval(limits::TIDY_EVERY);
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = due.tick() => {}
        }
        let work = app.run(|app| -> Result<(), StorageError> {
            let passed = window::advance(app)?;
            if passed > 0 {
                tracing::info!(passed, "sales left the window that phones keep");
            }
            // What reads rows waits while they are made anew: half of them would make clients leave every segment.
            if app.storage.projecting()?.is_none() {
                if let Some(version) = refit::if_due(app)? {
                    let records = cross_sell::publish(app)?;
                    tracing::info!(version, records, "what hangs on the whole base was computed anew");
                }
                let looked = segments::look(app)?;
                if looked != segments::Looked::default() {
                    tracing::info!(?looked, "who entered or left segments");
                }
            }
            let moved = tidy::compact(app, || app.is_stopping())?;
            if moved > 0 {
                tracing::info!(moved, "bytes of old changes moved into snapshots");
            }
            Ok(())
        });
        if let Err(problem) = work.await {
            tracing::warn!(?problem, "housekeeping failed; it is tried again");
        }
    }
}

/// Makes what phones will fetch, whenever the log has grown; not at once, so that a start or an import has the machine to
/// itself.
async fn make_ahead(app: App) {
    let first = tokio::time::Instant::now() + limits::AHEAD_EVERY;
    let mut due = tokio::time::interval_at(first, limits::AHEAD_EVERY);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut done = 0;
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = due.tick() => {}
        }
        let work = app.run(move |app| -> Result<u64, StorageError> {
            let end = app.storage.tip()?.number;
            if end != done {
                tidy::make_ahead(app, || app.is_stopping())?;
            }
            Ok(end)
        });
        match work.await {
            Ok(end) => done = end,
            Err(problem) => tracing::warn!(?problem, "nothing could be made ahead; it is tried again"),
        }
    }
}

/// So that listeners hear of what the command line did beside the relay.
async fn hear_others(app: App) {
    let mut due = tokio::time::interval(limits::HEAR_OTHERS_EVERY);
    due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping() => return,
            _ = due.tick() => {}
        }
        if let Err(problem) = app.run(|app| app.storage.hear_others()).await {
            tracing::warn!(?problem, "what other processes wrote could not be looked for; it is tried again");
        }
    }
}

/// What one connection may take.
fn bound(builder: &mut Builder<TokioExecutor>, deadlines: &Deadlines) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(deadlines.head)
        .max_buf_size(limits::CONNECTION_BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::STREAMS)
        .max_header_list_size(limits::HEADERS_MAX)
        .keep_alive_interval(limits::KEEP_ALIVE)
        .keep_alive_timeout(deadlines.head);
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;
    use crate::app::Folder;
    use cartera_core::env::SeededEnv;

    fn app(dir: &tempfile::TempDir, settings: Settings) -> App {
        let env = Arc::new(SeededEnv::new(1, 1_790_000_000_000));
        App::open_or_create(&Folder::new(dir.path()), env, settings).unwrap()
    }

    fn get(address: SocketAddr, path: &str) -> String {
        let mut socket = TcpStream::connect(address).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn it_answers_on_a_free_port_and_stops() {
        let dir = tempfile::tempdir().unwrap();
        let listener = Listener::bind(&Listen::loopback()).unwrap();
        let relay = serve(app(&dir, listener.settings()), listener).unwrap();
        let address = relay.address();
        assert!(get(address, "/health").starts_with("HTTP/1.1 200"));
        assert_eq!(relay.app().settings.public_url, format!("http://{address}"));
        relay.stop().unwrap();
        assert!(TcpStream::connect(address).is_err());
    }

    #[test]
    fn a_port_in_use_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = Listen { address: taken.local_addr().unwrap(), ..Listen::loopback() };
        let error = Listener::bind(&listen).unwrap_err();
        assert_eq!(error.code(), "bind");
        assert!(error.to_string().contains(&listen.address.port().to_string()));
    }

    #[test]
    fn a_request_in_flight_finishes_before_it_stops() {
        let dir = tempfile::tempdir().unwrap();
        let listener = Listener::bind(&Listen::loopback()).unwrap();
        let relay = serve(app(&dir, listener.settings()), listener).unwrap();
        let metrics = Arc::clone(&relay.app().metrics);
        let mut socket = TcpStream::connect(relay.address()).unwrap();
        let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n";
        write!(socket, "{head}{{\"code\":").unwrap();
        while metrics.in_flight.get() == 0 {
            std::thread::yield_now();
        }
        let address = relay.address();
        let stopper = relay.stopper();
        let waiting = std::thread::spawn(move || relay.wait());
        stopper.stop();
        while TcpStream::connect(address).is_ok() {
            std::thread::yield_now(); // until it takes nobody in any more
        }
        write!(socket, "\"abc\"}}").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        waiting.join().unwrap().unwrap();
    }

    #[test]
    fn tls_of_its_own_making_is_trusted_by_its_pin() {
        let dir = tempfile::tempdir().unwrap();
        let tls = Tls::Own { folder: dir.path().into(), names: Vec::new() };
        let listener = Listener::bind(&Listen { tls, ..Listen::loopback() }).unwrap();
        let pin = listener.pin().unwrap();
        let relay = serve(app(&dir, listener.settings()), listener).unwrap();
        assert!(relay.url().starts_with("https://127.0.0.1:"));

        let mut roots = rustls::RootCertStore::empty();
        let chain = own_chain(relay.address());
        assert_eq!(tls::pin(&chain).unwrap(), pin);
        roots.add(chain).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "localhost".try_into().unwrap();
        let mut session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut socket = TcpStream::connect(relay.address()).unwrap();
        let mut stream = rustls::Stream::new(&mut session, &mut socket);
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    }

    /// The certificate that the relay shows, trusted blindly to look at it.
    fn own_chain(address: SocketAddr) -> rustls::pki_types::CertificateDer<'static> {
        #[derive(Debug)]
        struct Blind(rustls::crypto::CryptoProvider);
        impl rustls::client::danger::ServerCertVerifier for Blind {
            fn verify_server_cert(
                &self,
                _: &rustls::pki_types::CertificateDer<'_>,
                _: &[rustls::pki_types::CertificateDer<'_>],
                _: &rustls::pki_types::ServerName<'_>,
                _: &[u8],
                _: rustls::pki_types::UnixTime,
            ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
                Ok(rustls::client::danger::ServerCertVerified::assertion())
            }
            fn verify_tls12_signature(
                &self,
                _: &[u8],
                _: &rustls::pki_types::CertificateDer<'_>,
                _: &rustls::DigitallySignedStruct,
            ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
                Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
            }
            fn verify_tls13_signature(
                &self,
                _: &[u8],
                _: &rustls::pki_types::CertificateDer<'_>,
                _: &rustls::DigitallySignedStruct,
            ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
                Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
            }
            fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
                self.0.signature_verification_algorithms.supported_schemes()
            }
        }
        let provider = rustls::crypto::ring::default_provider();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(provider.clone()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Blind(provider)))
            .with_no_client_auth();
        let name = "localhost".try_into().unwrap();
        let mut session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let mut socket = TcpStream::connect(address).unwrap();
        while session.is_handshaking() {
            session.complete_io(&mut socket).unwrap();
        }
        session.peer_certificates().unwrap()[0].clone().into_owned()
    }
}
