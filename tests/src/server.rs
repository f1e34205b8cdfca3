//! Servers: one in this process, which stops in good order, and one of its own process, which can be killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use verksted_protocol::ids::{Seq, StreamId};
use verksted_protocol::workshop::Workshop;
use verksted_server::config::Config;
use verksted_server::registry::Registry;
use verksted_server::{ADMIN_TOKEN_FILE, Server};

/// A server in this process, with a data directory of its own. Dropping it stops it.
pub struct TestServer {
    data: TempDir,
    address: SocketAddr,
    base: String,
    admin: String,
    registry: Arc<Registry>,
    stop: DropGuard,
    serving: JoinHandle<anyhow::Result<()>>,
}

impl TestServer {
    /// A server with nothing in it, on a free port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_with(tempfile::tempdir().expect("a directory")).await
    }

    /// A server with what a data directory holds, on a free port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(data: TempDir) -> Self {
        Self::on(data, SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    async fn on(data: TempDir, listen: SocketAddr) -> Self {
        let config = Config { listen, ..Config::new(data.path()) };
        let server = Server::open(&config).await.expect("the server opens");
        let (address, base, admin) = (server.address(), server.base().to_owned(), server.admin_token().to_owned());
        let (registry, stop) = (Arc::clone(server.registry()), CancellationToken::new());
        let serving = tokio::spawn(server.serve(stop.clone()));
        Self { data, address, base, admin, registry, stop: stop.drop_guard(), serving }
    }

    /// Stops it in good order and starts it again on the same data and the same port.
    ///
    /// # Panics
    /// When it does not stop, or does not start.
    pub async fn restart(self) -> Self {
        let Self { data, address, registry, stop, serving, .. } = self;
        drop(stop);
        serving.await.expect("the server's task").expect("an orderly stop");
        drop(registry);
        Self::on(data, address).await
    }

    /// Stops it in good order; its data.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(self) -> TempDir {
        let Self { data, stop, serving, .. } = self;
        drop(stop);
        serving.await.expect("the server's task").expect("an orderly stop");
        data
    }

    /// Where it is.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The token that makes workshops.
    #[must_use]
    pub fn admin(&self) -> &str {
        &self.admin
    }

    /// Its data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// What `look` sees in the server's own state of a workshop, and its last event.
    ///
    /// # Panics
    /// When the stream does not run.
    pub async fn look<T: Send + 'static>(
        &self,
        workshop: &StreamId,
        look: impl FnOnce(Seq, &Workshop) -> T + Send + 'static,
    ) -> T {
        self.registry.stream(workshop).look(look).await.expect("the stream runs")
    }

    /// The last event of a workshop.
    pub async fn head(&self, workshop: &StreamId) -> Seq {
        self.look(workshop, |seq, _| seq).await
    }
}

/// The real program in a process of its own. Dropping it kills it.
pub struct ChildServer {
    binary: PathBuf,
    data: TempDir,
    child: Child,
    base: String,
}

impl ChildServer {
    /// Starts `binary` with nothing in it, on a free port.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(binary: &str) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let (child, base) = serve(Path::new(binary), data.path(), "127.0.0.1:0");
        Self { binary: binary.into(), data, child, base }
    }

    /// Starts `binary` with what a copy of a data directory holds.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_with(binary: &str, copy: &Path) -> Self {
        let data = tempfile::tempdir().expect("a directory");
        for entry in std::fs::read_dir(copy).expect("a copy") {
            let entry = entry.expect("a file");
            std::fs::copy(entry.path(), data.path().join(entry.file_name())).expect("a copy of it");
        }
        let (child, base) = serve(Path::new(binary), data.path(), "127.0.0.1:0");
        Self { binary: binary.into(), data, child, base }
    }

    /// Kills it on the spot (SIGKILL) and waits until it is gone.
    ///
    /// # Panics
    /// When there is nothing to kill.
    pub fn kill(&mut self) {
        self.child.kill().expect("a living process");
        self.child.wait().expect("its end");
    }

    /// Starts it again on the same data and the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&mut self) {
        let listen = self.base.trim_start_matches("http://");
        let (child, base) = serve(&self.binary, self.data.path(), listen);
        assert_eq!(base, self.base);
        self.child = child;
    }

    /// From now on no file it writes may be longer than this, as on a disk that is full.
    ///
    /// # Panics
    /// When the limit cannot be set.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let mut command = Command::new("prlimit");
        command.args(["--pid", &self.child.id().to_string(), &format!("--fsize={limit}:unlimited")]);
        assert!(command.status().expect("prlimit").success(), "{limit}");
    }

    /// Its data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Asks it to stop, and waits until it has; whether it ended in good order.
    ///
    /// # Panics
    /// When there is nothing to stop.
    pub fn stop(&mut self) -> bool {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        asked.success() && self.child.wait().expect("its end").success()
    }

    /// Where it is.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The token that makes workshops.
    ///
    /// # Panics
    /// When the server has not written it.
    #[must_use]
    pub fn admin(&self) -> String {
        let path = self.data.path().join(ADMIN_TOKEN_FILE);
        std::fs::read_to_string(path).expect("the administrator's token").trim().to_owned()
    }
}

impl Drop for ChildServer {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program and waits until it says where it listens.
fn serve(binary: &Path, data: &Path, listen: &str) -> (Child, String) {
    // A file that may grow no longer is to be an error to the program, as a full disk is, and not its end.
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#]).arg(binary);
    command.arg("serve").args(["--listen", listen]).arg("--data").arg(data);
    // Its log lines go where its data are: a disk that is full is full for both.
    let lines = File::options().create(true).append(true).open(data.join("lines.log")).expect("a file");
    command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(lines);
    let mut child = command.spawn().expect("the program starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("its standard output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let base = line.trim().rsplit(' ').next().expect("an address").to_owned();
    assert!(base.starts_with("http://"), "{line}");
    (child, base)
}
