//! The councillor's page as a program of its own: a tablet on a hall's network loads nothing that other seats need.

fn main() {
    #[cfg(target_arch = "wasm32")]
    verksted_web_client::app::open_seat();
}
