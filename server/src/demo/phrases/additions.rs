//! What a group mate adds to a note that is there already.

use verksted_protocol::ids::{ColumnId, StepId};

const TO_FACTS: &[&str] = &[
    "Enig, og det haster.",
    "Enig. Det hører jeg overalt.",
    "Enig, og det gjelder hele kommunen.",
    "Enig. Be om tall til neste verksted.",
    "Samme erfaring hos oss i øvre del.",
    "Ja, og nabokommunen står i det samme.",
    "Ja, særlig for barnefamiliene.",
    "Ja, og spør dem det gjelder.",
    "Godt poeng, ta det opp i plenum.",
    "Viktig. Hvem har ansvaret i dag?",
    "Kan vi få se utviklingen over ti år?",
    "Litt uenig, men jeg ser poenget.",
    "Det visste jeg ikke.",
];

const TO_QUESTIONS: &[&str] = &[
    "Lurer på det samme.",
    "Og hva har vi prøvd før?",
    "Ja, og hva gjør nabokommunen?",
    "Noen må ha tall på dette.",
    "Spør dem det gjelder.",
    "Godt spørsmål, ta det i plenum.",
    "Fylkeskommunen vet nok noe om dette.",
    "Det bør vi få svar på til neste gang.",
    "Og hva koster det?",
    "Her tror jeg svaret er forskjellig fra grend til grend.",
    "Ja, og hvor lenge har det vært slik?",
    "Ungdomsrådet kan svare på noe av det.",
];

const TO_CHOICES: &[&str] = &[
    "Enig, men hva må vi la være da?",
    "Enig, og dette må følges opp i økonomiplanen.",
    "Enig. Det er dette folk spør oss om.",
    "Enig, og da må det stå hvem som har ansvaret.",
    "Enig, og sett en frist.",
    "Her er vi samstemte på tvers av partiene.",
    "Støttes, men vær konkret.",
    "Godt poeng, ta det opp i plenum.",
    "Ja, det var uklart forrige gang også.",
    "Ja, og si det med færre ord.",
    "Litt uenig, men jeg skjønner tanken.",
    "Enig. Det samme sa vi i valgkampen.",
    "Viktig, og det må kunne måles.",
];

const TO_DISAGREEMENT: &[&str] = &[
    "To syn i gruppa, begge bør med videre.",
    "Vi trenger tall før vi blir enige.",
    "Her kom vi ikke lenger i dag.",
    "Enige om målet, uenige om veien dit.",
    "Ta det opp i plenum.",
    "Noen av oss kan flytte seg på dette.",
    "Hva sier de andre gruppene?",
    "Skillet går ikke mellom partiene her.",
    "Kan administrasjonen vise følgene av begge deler?",
    "Dette avgjøres ikke i dag.",
    "Best å si det rett ut i planen.",
    "Flere er i tvil enn det ser ut til.",
];

/// What fits a note in this column.
#[must_use]
pub(crate) fn additions(board: StepId, column: ColumnId) -> &'static [&'static str] {
    match (board.0, column.0) {
        (4, 1) => TO_QUESTIONS,
        (4, _) => TO_FACTS,
        (7, 2) => TO_DISAGREEMENT,
        _ => TO_CHOICES,
    }
}

/// Whether somebody has added to a note already.
#[must_use]
pub(crate) fn has_addition(text: &str) -> bool {
    [TO_FACTS, TO_QUESTIONS, TO_CHOICES, TO_DISAGREEMENT].iter().copied().flatten().any(|words| text.contains(words))
}
