//! What lies in the files of the data directory, byte by byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use verksted_server::ballots::FILE_NAME;
use verksted_tests::wire::holds;

/// Bytes of each piece that is searched for. Sixteen random bytes do not come up by chance.
const PIECE: usize = 16;

/// Every file of the data directory.
fn files(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(data).expect("the data directory");
    let paths = entries.map(|entry| entry.expect("a file").path());
    paths.map(|path| (path.clone(), std::fs::read(path).expect("a file that can be read"))).collect()
}

/// Whether any file holds the phrase.
pub(crate) fn on_disk(data: &Path, phrase: &str) -> bool {
    files(data).iter().any(|(_, bytes)| holds(bytes, phrase))
}

/// What an open ballot box holds: its key, its slots (which only the key links to seats) and its sealed ballots.
pub(crate) struct Secrets {
    /// How many ballots there were.
    pub(crate) ballots: usize,
    pieces: BTreeMap<[u8; PIECE], &'static str>,
}

impl Secrets {
    /// Reads them from a copy of the box, as somebody might who has got hold of the disk.
    pub(crate) fn of(data: &Path) -> Self {
        let elsewhere = tempfile::tempdir().expect("a directory");
        let copy = elsewhere.path().join(FILE_NAME);
        std::fs::copy(data.join(FILE_NAME), &copy).expect("a copy");
        let conn = Connection::open(copy).expect("the box is a database");
        let column = |sql: &str| -> Vec<Vec<u8>> {
            let mut query = conn.prepare(sql).expect("the box has its tables");
            let rows = query.query_map([], |row| row.get(0)).expect("rows");
            rows.map(|row| row.expect("bytes")).collect()
        };
        let (keys, slots) = (column("SELECT key FROM round"), column("SELECT slot FROM ballot"));
        let sealed = column("SELECT sealed FROM ballot");
        assert_eq!((keys.len(), slots.len()), (1, sealed.len()));
        let mut pieces = BTreeMap::new();
        for (name, all) in [("a key", &keys), ("a slot", &slots), ("a sealed ballot", &sealed)] {
            // Every whole piece, so that half a ballot in a freed page is found too.
            for bytes in all.iter().flat_map(|bytes| bytes.as_chunks::<PIECE>().0) {
                pieces.insert(*bytes, name);
            }
        }
        Self { ballots: sealed.len(), pieces }
    }

    /// Where anything of them is found, and what.
    pub(crate) fn left_in(&self, data: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for (path, bytes) in files(data) {
            let pieces = bytes.windows(PIECE).filter_map(|window| self.pieces.get(window));
            found.extend(pieces.map(|what| format!("{what} in {}", path.display())));
        }
        found
    }
}
