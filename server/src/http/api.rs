//! What is under `/api`: for the client's pages, and with a bearer token for other programs.
#![expect(unused_qualifications, reason = "utoipa writes the names of parameter types out in full")]

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use verksted_protocol::grouping::deal;
use verksted_protocol::ids::{GroupId, Moment, SeatId, Seq, StreamId};
use verksted_protocol::role::{Actor, Role};
use verksted_protocol::stream::{Aggregate, Recorded, decode_stored};
use verksted_protocol::template::first_workshop;
use verksted_protocol::visibility::View;
use verksted_protocol::workshop::groups::Group;
use verksted_protocol::workshop::meeting::{About, MeetingEvent, MeetingStatus, PlanItem};
use verksted_protocol::workshop::programme::Step;
use verksted_protocol::workshop::seats::NewSeat;
use verksted_protocol::workshop::{Event, Workshop};

use super::{AppState, bearer, sheet};
use crate::auth::Links;
use crate::error::{ApiError, ApiErrorBody};

/// Largest council, in seats (domain 1.10: 87 as a margin over the largest looked up).
pub const MOST_SEATS: usize = 200;
/// Most steps in a programme.
pub const MOST_STEPS: usize = 60;
/// The stream that administrators' links belong to; no workshop can be made by this name.
pub const ADMIN_STREAM: &str = "admin";
/// The role of administrators' links. It opens no workshop.
pub const ADMIN_ROLE: &str = "administrator";
/// Most events in one answer of the log.
const LOG_PAGE: usize = 1_000;

/// What `/api/openapi.json` describes.
#[derive(OpenApi)]
#[openapi(
    info(title = "Verksted", description = "Political workshops: what programs may ask", license(name = "EUPL-1.2")),
    paths(demo, demo_seat, create, join, log, sheet)
)]
pub struct Documented;

/// The doors of a demonstration.
#[utoipa::path(get, path = "/api/demo", responses((status = 200, description = "Addresses by role"), (status = 404, body = ApiErrorBody)))]
pub async fn demo(State(state): State<AppState>) -> Result<impl IntoResponse, ApiError> {
    Ok(Json(state.demo.ok_or(ApiError::NotFound)?.doors()))
}

/// A seat nobody sits in yet.
#[utoipa::path(post, path = "/api/demo/seat", responses((status = 200, description = "name, party, group, url"), (status = 404, body = ApiErrorBody)))]
pub async fn demo_seat(State(state): State<AppState>) -> Result<impl IntoResponse, ApiError> {
    let demo = state.demo.ok_or(ApiError::NotFound)?;
    Ok(Json(demo.next_free_seat().ok_or(ApiError::NotFound)?))
}

/// A workshop to be made.
#[derive(Deserialize, ToSchema)]
pub struct NewWorkshop {
    /// Its name in addresses: 1 to 40 of a-z, 0-9 and -.
    #[schema(value_type = String)]
    id: StreamId,
    /// The municipality.
    municipality: String,
    /// The title.
    title: String,
    /// The body that meets.
    body: String,
    /// Whether the municipality is composed, which every page then says.
    #[serde(default)]
    fictional: bool,
    /// The plan in force.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    plan: Vec<PlanItem>,
    /// The programme; *mal 1* when absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    steps: Option<Vec<Step>>,
    /// The council, of 1 to 200 seats. Groups are dealt across parties.
    seats: Vec<NewMember>,
}

/// A councillor.
#[derive(Deserialize, ToSchema)]
pub struct NewMember {
    name: String,
    party: String,
    #[serde(default)]
    chair: bool,
}

/// The links of a new workshop. They are not stored and cannot be shown again.
#[derive(Serialize, ToSchema)]
pub struct NewLinks {
    facilitator: String,
    screen: String,
    planner: String,
    spectator: String,
    /// One for each seat, in the order given.
    seats: Vec<String>,
}

/// Makes a workshop. Needs the administrator's token.
#[utoipa::path(post, path = "/api/workshops", request_body = NewWorkshop,
    responses((status = 201, body = NewLinks), (status = 403, body = ApiErrorBody), (status = 409, body = ApiErrorBody), (status = 422, body = ApiErrorBody)))]
pub async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(new): Json<NewWorkshop>,
) -> Result<impl IntoResponse, ApiError> {
    let links = &state.registry.services().links;
    if !bearer(&headers).is_some_and(|token| is_administrator(&state, token)) {
        return Err(ApiError::Forbidden);
    }
    let id = new.id.clone();
    if id.as_str() == ADMIN_STREAM {
        return Err(ApiError::Exists);
    }
    let prepared = prepare(new)?;
    let MeetingEvent::Prepared { seats, .. } = &prepared else { return Err(ApiError::Unclear) };
    let seats: Vec<(SeatId, bool)> = seats.iter().map(|seat| (seat.id, seat.chair)).collect();
    state.registry.create(&id, prepared).await?;
    let mut made = Vec::new();
    for (seat, chair) in seats {
        let role = if chair { Role::Chair } else { Role::Member };
        made.push(link(links, &state.base, &id, role, Some(seat)).await?);
    }
    let spectator = format!("{}/folg#{}", state.base, links.join_code(&id).await?);
    let body = NewLinks {
        facilitator: link(links, &state.base, &id, Role::Facilitator, None).await?,
        screen: link(links, &state.base, &id, Role::Screen, None).await?,
        planner: link(links, &state.base, &id, Role::Planner, None).await?,
        spectator,
        seats: made,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

fn prepare(new: NewWorkshop) -> Result<MeetingEvent, ApiError> {
    let steps = new.steps.unwrap_or_else(|| first_workshop().steps);
    let one_chair = new.seats.iter().filter(|seat| seat.chair).count() == 1;
    let numbered = steps.iter().zip(1..).all(|(step, number)| step.id.0 == number);
    let sizes = (1..=MOST_SEATS).contains(&new.seats.len()) && (1..=MOST_STEPS).contains(&steps.len());
    if !sizes {
        return Err(ApiError::Sizes);
    }
    if !one_chair || !numbered {
        return Err(ApiError::Unclear);
    }
    let parties: Vec<&str> = new.seats.iter().map(|seat| seat.party.as_str()).collect();
    let groups = deal(&parties);
    let tables: std::collections::BTreeSet<GroupId> = groups.iter().copied().collect();
    let seats = new.seats.into_iter().zip(groups).zip(1..).map(|((seat, group), number)| NewSeat {
        id: SeatId(number),
        name: seat.name,
        party: seat.party,
        chair: seat.chair,
        group: Some(group),
    });
    let NewWorkshop { municipality, title, body, fictional, plan, .. } =
        NewWorkshop { seats: vec![], steps: None, ..new };
    Ok(MeetingEvent::Prepared {
        about: About { municipality, title, body, fictional, plan },
        steps,
        seats: seats.collect(),
        groups: tables.into_iter().map(|id| Group { id }).collect(),
    })
}

/// A new link's address.
///
/// # Errors
/// What the links answer.
pub async fn link(
    links: &Links,
    base: &str,
    stream: &StreamId,
    role: Role,
    seat: Option<SeatId>,
) -> Result<String, crate::auth::AuthError> {
    let token = links.issue(stream, role.name(), seat).await?;
    let page = match role {
        Role::Member | Role::Chair => "/plass",
        Role::Facilitator => "/led",
        Role::Screen => "/vegg",
        Role::Planner => "/planlegg",
        Role::Spectator | Role::Server => "/folg",
    };
    Ok(format!("{base}{page}#{}", token.as_str()))
}

/// How spectators come in.
#[derive(Serialize, ToSchema)]
pub struct JoinInfo {
    /// The address with the code in it.
    url: String,
    /// The code to type.
    code: String,
    /// The address as a QR code, in SVG.
    qr: String,
}

/// How spectators come in, for the wall and the facilitator.
#[utoipa::path(get, path = "/api/workshops/{id}/join", params(("id" = String, Path)),
    responses((status = 200, body = JoinInfo), (status = 403, body = ApiErrorBody)))]
pub async fn join(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<JoinInfo>, ApiError> {
    let (stream, _) = granted(&state, &headers, &id, &[Role::Screen, Role::Facilitator, Role::Spectator])?;
    let code = state.registry.services().links.join_code(&stream).await?;
    let url = format!("{}/folg#{code}", state.base);
    let qr = sheet::qr(&url).ok_or(ApiError::Unavailable)?;
    Ok(Json(JoinInfo { url, code, qr }))
}

/// Where in the log to begin.
#[derive(Deserialize, IntoParams)]
pub struct After {
    /// The last event the asker has.
    #[serde(default)]
    after: u64,
}

/// A page of the log, as the administration may see it.
#[derive(Serialize, ToSchema)]
pub struct LogPage {
    /// The events, in order. Some numbers are left out: they hold what nobody is shown.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Recorded<Event>>,
    /// The last number this page covers; the `after` of the next. The same as asked when there are no more.
    #[schema(value_type = u64)]
    last: Seq,
    /// When the first event of the stream happened, in milliseconds since 1970.
    #[schema(value_type = Option<i64>)]
    first_at: Option<Moment>,
}

/// The history of a workshop, for replay.
#[utoipa::path(get, path = "/api/workshops/{id}/log", params(("id" = String, Path), After),
    responses((status = 200, body = LogPage), (status = 403, body = ApiErrorBody)))]
pub async fn log(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Result<Json<LogPage>, ApiError> {
    let (stream, _) = granted(&state, &headers, &id, &[Role::Planner, Role::Facilitator])?;
    let log = &state.registry.services().log;
    let page = log.read(&stream, Seq(after), LOG_PAGE).await?;
    let first = log.read(&stream, Seq(0), 1).await?.first().map(|record| record.at);
    let last = page.last().map_or(Seq(after), |record| record.seq);
    // Whoever replays folds from the first event, so lanes are never news: the state adds nothing to the filter.
    let nothing = Workshop::default();
    let mut events = Vec::with_capacity(page.len());
    for record in page {
        let event = decode_stored(record.seq, record.at, &record.payload).map_err(|_| ApiError::Unavailable)?;
        events.extend(nothing.shown(View::Staff, &event));
    }
    Ok(Json(LogPage { events, last, first_at: first }))
}

/// The form behind the button that prints seat cards.
#[derive(Deserialize, ToSchema)]
pub struct SheetForm {
    /// The facilitator's token, or the administrator's.
    token: String,
}

/// Seat cards with QR codes, ready for printing. Every card gets a new link; earlier ones still work. Whoever has a card is
/// the councillor it names, so the facilitator prints before the meeting is opened, and after that only the administrator.
#[utoipa::path(post, path = "/api/workshops/{id}/sheet", params(("id" = String, Path)),
    request_body(content = SheetForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "An HTML page"), (status = 403, body = ApiErrorBody), (status = 409, body = ApiErrorBody)))]
pub async fn sheet(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Form(form): Form<SheetForm>,
) -> Result<Html<String>, ApiError> {
    let administrator = is_administrator(&state, &form.token);
    let stream = if administrator {
        id.parse().map_err(|_| ApiError::NotFound)?
    } else {
        let (stream, actor) = state.access(&form.token)?;
        if stream.as_str() != id || actor.role != Role::Facilitator {
            return Err(ApiError::Forbidden);
        }
        stream
    };
    let handle = state.registry.stream(&stream);
    let look = |_, workshop: &Workshop| {
        let meeting = &workshop.meeting;
        (meeting.status, meeting.about.clone(), workshop.seats.list.clone())
    };
    let (status, about, seats) = handle.look(look).await?;
    if status != MeetingStatus::Planned && !administrator {
        return Err(ApiError::MeetingOpened);
    }
    tracing::info!(workshop.id = %stream, administrator, "seat cards made");
    let mut urls = BTreeMap::new();
    for (seat, who) in &seats {
        let role = if who.chair { Role::Chair } else { Role::Member };
        let links = &state.registry.services().links;
        urls.insert(*seat, link(links, &state.base, &stream, role, Some(*seat)).await?);
    }
    let cards: Vec<sheet::SheetSeat<'_>> = seats
        .iter()
        .filter_map(|(seat, who)| {
            let url = urls.get(seat)?;
            Some(sheet::SheetSeat { name: &who.name, party: &who.party, group: who.group, url })
        })
        .collect();
    let title = sheet::SheetTitle { municipality: &about.municipality, workshop: &about.title, base: &state.base };
    Ok(Html(sheet::sheet(title, &cards)))
}

/// Who asks, if their link reaches this workshop and is of one of these roles.
fn granted(state: &AppState, headers: &HeaderMap, id: &str, roles: &[Role]) -> Result<(StreamId, Actor), ApiError> {
    let (stream, actor) = state.access(bearer(headers).ok_or(ApiError::Forbidden)?)?;
    let reaches = stream.as_str() == id && roles.contains(&actor.role);
    reaches.then_some((stream, actor)).ok_or(ApiError::Forbidden)
}

fn is_administrator(state: &AppState, token: &str) -> bool {
    state.registry.services().links.resolve(token).is_some_and(|grant| grant.role == ADMIN_ROLE)
}
