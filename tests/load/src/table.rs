//! What is printed: one Markdown table, and a line for each run while it is being made.

use std::io::Write;

/// Says something while it goes on, to standard error.
pub fn say(line: &str) {
    // Nobody listening is no reason to stop measuring.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// The table.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 5]>,
}

impl Table {
    /// Adds a line: the row of the issue, the work, the server, what was measured, and whether everything was whole.
    pub fn add(&mut self, row: [String; 5]) {
        say(&format!("| {} |", row.join(" | ")));
        self.rows.push(row);
    }

    /// The table in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let head = "| # | work | server | measured | whole |\n| --- | --- | --- | --- | --- |\n".to_owned();
        self.rows.iter().fold(head, |text, row| text + &format!("| {} |\n", row.join(" | ")))
    }
}

/// The middle one of three, or of any odd number.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
