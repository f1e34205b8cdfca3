//! Everything that is not a socket: pages, health, metrics, and what is under `/api`.

pub mod api;
pub mod sheet;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::OpenApi;
use verksted_protocol::ids::StreamId;
use verksted_protocol::role::{Actor, Role};

use crate::demo::DemoDoors;
use crate::error::ApiError;
use crate::rate::Allowance;
use crate::registry::Registry;
use crate::yjs::people::Rooms;
use crate::{assets, socket, yjs};

/// Where the client's pages live. All but the councillor's are one document; the client looks at the address.
pub const PAGES: [&str; 6] = ["/", SEAT_PAGE, "/led", "/vegg", "/folg", "/planlegg"];
/// The councillor's page, a lighter document of its own.
const SEAT_PAGE: &str = "/plass";

/// Nothing from elsewhere, nothing inline. The client is WebAssembly, which needs its own word.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The streams.
    pub registry: Arc<Registry>,
    /// The address people type, without a slash at the end.
    pub base: Arc<str>,
    /// The doors of the demonstration, when this is one.
    pub demo: Option<Arc<DemoDoors>>,
    /// Where people are in notes that they write in with editors of their own.
    pub people: Arc<Rooms>,
    /// Open sockets, so that a stop can wait for their farewells.
    pub sockets: TaskTracker,
    /// Cancelled when the server is about to stop.
    pub stop: CancellationToken,
    /// How fast wrong join codes may be tried, by all together: they are short.
    wrong_codes: Arc<Mutex<Allowance>>,
}

impl AppState {
    /// The state of a server at `base`.
    #[must_use]
    pub fn new(registry: Arc<Registry>, base: &str, demo: Option<Arc<DemoDoors>>, stop: CancellationToken) -> Self {
        let wrong_codes = Arc::new(Mutex::new(Allowance::of_commands(Instant::now())));
        Self {
            registry,
            base: base.into(),
            demo,
            people: Arc::default(),
            sockets: TaskTracker::new(),
            stop,
            wrong_codes,
        }
    }

    /// What a link's token, or a join code, gives access to.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`] for one that nobody was given; [`ApiError::Unavailable`] for any code while so many wrong
    /// ones are being tried that a right one might be a guess.
    pub fn access(&self, token: &str) -> Result<(StreamId, Actor), ApiError> {
        let links = &self.registry.services().links;
        if let Some(grant) = links.resolve(token) {
            let role = Role::named(&grant.role).ok_or(ApiError::Forbidden)?;
            return Ok((grant.stream, Actor { role, seat: grant.seat }));
        }
        let mut wrong_codes = self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong_codes.is_used_up(Instant::now()) {
            return Err(ApiError::Unavailable);
        }
        match links.resolve_code(token) {
            Some(stream) => Ok((stream, Actor::staff(Role::Spectator))),
            None => {
                wrong_codes.take(Instant::now());
                Err(ApiError::Forbidden)
            }
        }
    }
}

/// All routes.
pub fn router(state: AppState) -> Router {
    let pages = PAGES.into_iter().fold(Router::new(), |router, page| {
        router.route(page, if page == SEAT_PAGE { get(assets::seat) } else { get(assets::page) })
    });
    pages
        .route("/assets/{*path}", get(assets::asset))
        .route("/sw.js", get(assets::worker))
        .route(sheet::SHEET_CSS_PATH, get(sheet_css))
        .route("/ws", any(socket::open))
        .route("/yjs/{workshop}/{note}", any(yjs::open))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route("/api/openapi.json", get(openapi))
        .route("/api/demo", get(api::demo))
        .route("/api/demo/seat", post(api::demo_seat))
        .route("/api/workshops", post(api::create))
        .route("/api/workshops/{id}/join", get(api::join))
        .route("/api/workshops/{id}/log", get(api::log))
        .route("/api/workshops/{id}/sheet", post(api::sheet))
        .layer(map_response(with_policy))
        .with_state(state)
}

async fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Links carry their secret in the fragment, which is never sent; this keeps the rest at home too.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn sheet_css() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], sheet::SHEET_CSS)
}

/// The process lives.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The log answers.
async fn readyz(State(state): State<AppState>) -> Response {
    match state.registry.services().log.streams().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the log does not answer\n").into_response()
        }
    }
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], state.registry.services().metrics.text())
}

async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(api::Documented::openapi())
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(axum::http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
