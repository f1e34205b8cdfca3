//! Every other page: facilitator, wall, spectator, replay and the start page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    verksted_web_client::app::open_room();
}
