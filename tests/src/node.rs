//! Programs under Node in `tests/oracle`: the real Yjs, told what to do line by line.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::SOON;

/// A program that answers each line of JSON with one. It ends with its owner.
pub struct Node {
    _child: Child,
    ask: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Starts a program of `tests/oracle`.
    ///
    /// # Panics
    /// When Node or the packages are missing.
    #[must_use]
    pub fn start(program: &str) -> Self {
        let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
        assert!(oracle.join("node_modules/yjs").exists(), "the packages of tests/oracle are missing: make oracle");
        let mut child = Command::new("node")
            .arg(oracle.join(program))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node");
        let ask = child.stdin.take().expect("a way in");
        let answers = BufReader::new(child.stdout.take().expect("a way out")).lines();
        Self { _child: child, ask, answers }
    }

    /// Sends a line without waiting for its answer.
    ///
    /// # Panics
    /// When the program is gone.
    pub async fn send(&mut self, line: &Value) {
        self.ask.write_all(format!("{line}\n").as_bytes()).await.expect("a program that listens");
    }

    /// The next answer.
    ///
    /// # Panics
    /// When none comes.
    pub async fn answer(&mut self) -> Value {
        let line = timeout(SOON, self.answers.next_line()).await.expect("an answer in time").expect("text");
        serde_json::from_str(&line.expect("a program that lives")).expect("JSON")
    }

    /// Has something done; what came of it.
    ///
    /// # Panics
    /// When it failed.
    pub async fn ask(&mut self, line: &Value) -> Value {
        self.send(line).await;
        let mut answer = self.answer().await;
        assert!(answer.get("failed").is_none(), "{line}: {answer}");
        answer["ok"].take()
    }
}
