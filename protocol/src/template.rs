//! Ready programmes (*maler*, domain 5.4): steps, minutes, prompts and boards that a workshop starts from.

use serde::Deserialize;

use crate::workshop::programme::Step;

/// A ready programme.
#[derive(Clone, Debug, Deserialize)]
pub struct Template {
    /// Its title.
    pub title: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// *Mal 1*: knowledge base, long lines and priority areas; 14 steps, 210 minutes.
///
/// # Panics
/// Never: the text is part of the crate, and a test reads it.
#[must_use]
pub fn first_workshop() -> Template {
    serde_json::from_str(include_str!("../templates/mal1.json")).expect("the template is checked by a test")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StepId;
    use crate::workshop::programme::StepKind;

    #[test]
    fn mal_1_has_its_fourteen_steps_and_210_minutes() {
        let steps = first_workshop().steps;
        assert_eq!(steps.len(), 14);
        assert_eq!(steps.iter().map(|step| step.minutes).sum::<u16>(), 210);
        assert!(steps.iter().zip(1..).all(|(step, number)| step.id == StepId(number)));
    }

    #[test]
    fn every_board_a_step_works_on_is_a_group_steps_own() {
        let steps = first_workshop().steps;
        let group = |id| steps.iter().any(|step| step.id == id && step.kind == StepKind::Group);
        for step in &steps {
            assert!(step.board.is_none_or(group), "{}", step.id);
            assert_eq!(step.kind == StepKind::Group, !step.columns.is_empty(), "{}", step.id);
        }
    }
}
