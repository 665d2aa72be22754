//! What tests share: a relay in a temporary folder with a clock of its own, asked without a socket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use cartera_core::env::{SeededEnv, random_bytes};
use cartera_core::model::access::{Action, Reach, reach};
use cartera_core::model::{PersonId, TerritoryId};
use cartera_core::sync::wire::{EnrolRequest, Hash, Versions};
use tower::ServiceExt;

use crate::app::{App, Folder};
use crate::audit::{Actor, Deed, Subject};
use crate::devices::{Purpose, enrol};
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::secret::SecretHash;
use crate::settings::Settings;

/// 2026-09-21, about noon.
pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

pub(crate) struct Relay {
    pub(crate) app: App,
    pub(crate) env: Arc<SeededEnv>,
    pub(crate) dir: tempfile::TempDir,
}

impl Relay {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let env = Arc::new(SeededEnv::new(1, NOW_MS));
        let app = App::open_or_create(&Folder::new(dir.path()), env.clone(), settings).unwrap();
        Self { app, env, dir }
    }

    /// Another process on the same data.
    pub(crate) fn restarted(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(self.dir.path());
        let app = App::open(&folder, self.env.clone(), (*self.app.settings).clone()).unwrap();
        Self { app, env: self.env.clone(), dir }
    }

    pub(crate) fn router(&self) -> Router {
        crate::http::router(self.app.clone())
    }

    /// A new person; whoever may see every client and has no territories by name sees all.
    pub(crate) fn person(&self, role: Role, territories: &[TerritoryId]) -> Person {
        let person = Person {
            id: PersonId::new(self.env.as_ref()),
            name: format!("{} of a test", role.as_str()),
            role,
            all_territories: territories.is_empty() && reach(role, Action::ViewClient) == Reach::All,
            territories: territories.to_vec(),
            scope_version: 1,
            created_ms: NOW_MS,
            left_ms: None,
        };
        let deed = self.deed(Subject::Person(person.id));
        let added = self.app.storage.add_people(std::slice::from_ref(&person), &[deed]).unwrap();
        assert_eq!(added, crate::storage::people::PeopleAdded::Done);
        person
    }

    /// A phone of the person's; its token.
    pub(crate) fn phone(&self, person: &Person) -> String {
        let invite = enrol::invite(&self.app, By::CONSOLE, person.id, Purpose::Device).unwrap();
        let token = crate::secret::to_base32(&random_bytes::<32>(self.env.as_ref()));
        let request = EnrolRequest {
            versions: Versions::SPOKEN,
            code: invite.code.into(),
            token_hash: Hash(*SecretHash::of(&token).as_bytes()),
            device_name: "phone".into(),
            workspace: None,
        };
        enrol::enrol(&self.app, &request).unwrap();
        token
    }

    /// Imports a file of the source `erp`, read as its titles say.
    pub(crate) fn import(&self, kind: crate::import::Kind, file: &str) -> crate::import::Report {
        use crate::import::file::{Request, import};
        let options = crate::import::Options::default();
        let request = Request { kind, source: "erp".into(), mapping: None, options };
        let mut input = std::io::Cursor::new(file.to_owned());
        let go_on = &mut |_| std::ops::ControlFlow::Continue(());
        import(&self.app, By::CONSOLE, &mut input, &request, go_on).unwrap()
    }

    /// Logs somebody new of that role in; the token.
    pub(crate) fn login(&self, role: Role) -> String {
        self.login_of(role, &[])
    }

    /// The same of somebody who looks after these territories, or leads those who do.
    pub(crate) fn login_of(&self, role: Role, territories: &[TerritoryId]) -> String {
        let person = self.person(role, territories);
        let code = enrol::invite(&self.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
        crate::tokens::manage::log_in(&self.app, &code, "").unwrap().0
    }

    /// The status and the body's JSON of an answer to somebody who is logged in.
    pub(crate) fn ask_json(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| body.to_string().into());
        let (head, body) = ask(&self.router(), request.body(body).unwrap());
        (head.status().as_u16(), serde_json::from_str(&body).unwrap_or_default())
    }

    pub(crate) fn deed(&self, subject: Subject) -> Deed {
        Deed { at_ms: NOW_MS, actor: Actor::Console, action: "test", subject, detail: String::new() }
    }
}

/// The answer's head and its body as bytes.
pub(crate) fn ask_bytes(router: &Router, mut request: Request<Body>) -> (Response<()>, Vec<u8>) {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, 64 << 20).await.unwrap();
        (Response::from_parts(head, ()), body.to_vec())
    })
}

pub(crate) fn ask(router: &Router, request: Request<Body>) -> (Response<()>, String) {
    let (head, body) = ask_bytes(router, request);
    (head, String::from_utf8(body).unwrap())
}

/// The code in a problem's body.
pub(crate) fn code(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    body["code"].as_str().unwrap().to_owned()
}

/// The relay as a phone reaches it, without a socket.
#[cfg(feature = "demo")]
pub(crate) struct InProcess(pub(crate) Router);

#[cfg(feature = "demo")]
impl cartera_core::sync::http::Transport for InProcess {
    fn post(
        &self,
        call: cartera_core::sync::http::Call<'_>,
    ) -> Result<cartera_core::sync::http::Answer, cartera_core::sync::http::TransportError> {
        let mut request =
            Request::post(call.path).header("content-type", cartera_core::sync::wire::MEDIA_TYPE);
        if let Some(token) = call.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let (head, body) = ask_bytes(&self.0, request.body(Body::from(call.body)).unwrap());
        let media_type = head.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        Ok(cartera_core::sync::http::Answer {
            status: head.status().as_u16(),
            media_type: media_type.unwrap_or_default(),
            body,
        })
    }
}

#[cfg(feature = "demo")]
impl Relay {
    /// A phone of the person's with the real engine, enrolled.
    pub(crate) fn engine(&self, seed: u64, person: &Person) -> cartera_core::engine::Engine {
        let env = Arc::new(SeededEnv::new(seed, NOW_MS));
        let path = self.dir.path().join(format!("phone-{seed}.db"));
        let engine = cartera_core::engine::Engine::open(&path, None, "Europe/Madrid", env).unwrap();
        let code = enrol::invite(&self.app, By::CONSOLE, person.id, Purpose::Device).unwrap().code;
        let invitation = enrol::invitation(&self.app, &code);
        engine.enrol_over(&self.in_process(), &invitation, "phone").unwrap();
        engine
    }

    pub(crate) fn in_process(&self) -> InProcess {
        InProcess(self.router())
    }
}
