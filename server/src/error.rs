//! The one HTTP error: a status, a code for programs and a sentence for people.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::AuthError;
use crate::http::api::{MOST_SEATS, MOST_STEPS};
use crate::log::LogError;
use crate::stream::StreamGone;

/// Why a request was not answered as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No link, or one that does not reach this.
    #[error("this needs a link that gives access to it")]
    Forbidden,
    /// Nothing by that name.
    #[error("there is nothing here by that name")]
    NotFound,
    /// There is one already.
    #[error("there is one of that name already")]
    Exists,
    /// Cards are printed before the meeting.
    #[error("the meeting has been opened: seat cards are now made by the administrator alone")]
    MeetingOpened,
    /// The body does not say what is needed.
    #[error("the request does not say what is needed: see /api/openapi.json")]
    Unclear,
    /// More seats or steps than a workshop may have, or none.
    #[error("a workshop has 1 to {MOST_SEATS} seats and 1 to {MOST_STEPS} steps")]
    Sizes,
    /// A page or a program of another version.
    #[error("the page is of another version than the server: load it again")]
    OtherVersion,
    /// A page from elsewhere tried to open a socket.
    #[error("the socket may only be opened from the server's own pages")]
    ForeignOrigin,
    /// The log or the stream cannot answer now.
    #[error("the server cannot do this now: try again in a moment")]
    Unavailable,
}

/// The body of an error.
#[derive(Serialize, ToSchema)]
pub struct ApiErrorBody {
    /// For programs.
    code: &'static str,
    /// For people.
    message: String,
}

impl ApiError {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Exists => (StatusCode::CONFLICT, "exists"),
            Self::MeetingOpened => (StatusCode::CONFLICT, "meeting_opened"),
            Self::Unclear => (StatusCode::UNPROCESSABLE_ENTITY, "unclear"),
            Self::Sizes => (StatusCode::UNPROCESSABLE_ENTITY, "sizes"),
            Self::OtherVersion => (StatusCode::UPGRADE_REQUIRED, "other_version"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "foreign_origin"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        (status, Json(ApiErrorBody { code, message: self.to_string() })).into_response()
    }
}

impl From<StreamGone> for ApiError {
    fn from(_: StreamGone) -> Self {
        Self::Unavailable
    }
}

impl From<LogError> for ApiError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Conflict { .. } => Self::Exists,
            // The request is larger than an event may be.
            LogError::Malformed { .. } => Self::Unclear,
            error => {
                tracing::error!(%error, "the log refused a request");
                Self::Unavailable
            }
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        tracing::error!(%error, "the links refused a request");
        Self::Unavailable
    }
}
