//! What two replicas tell each other to be in step, as other people's Yjs editors do it: what is known, what is lacking,
//! and what of an update is news.

use yrs::updates::encoder::Encode;
use yrs::{IdSet, ReadTxn, StateVector, Transact};

use crate::ids::ClientId;
use crate::lib0::{Reader, put_number};

use super::{LARGEST_UPDATE, NoteText, ROOT, TextRefusal, TextUpdate, inspect};

impl TextUpdate {
    /// Whose writing is in it; `None` when it is no plain text.
    #[must_use]
    pub fn writers(&self) -> Option<Vec<ClientId>> {
        inspect::inspect(&self.0, ROOT).map(|found| found.groups.into_keys().collect())
    }
}

impl NoteText {
    /// How far each client's writing is known here: a Yjs state vector.
    #[must_use]
    pub fn known(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// What somebody lacks who knows as much as `known` says; `None` when that is no state vector.
    #[must_use]
    pub fn lacking(&self, known: &[u8]) -> Option<TextUpdate> {
        let mut bytes = Reader::new(known);
        let mut theirs = StateVector::default();
        for _ in 0..bytes.number()? {
            theirs.set_max(yrs::block::ClientID::new(bytes.number()?.into()), bytes.number()?);
        }
        bytes.rest.is_empty().then(|| TextUpdate(self.doc.transact().encode_diff_v1(&theirs)))
    }

    /// What of `update` is not here yet; `None` when all of it is. Whoever connects again sends back what others wrote,
    /// which is no writing of theirs.
    ///
    /// # Errors
    /// As [`NoteText::check`], but for who signed it.
    pub fn news(&self, update: &TextUpdate) -> Result<Option<TextUpdate>, TextRefusal> {
        if update.0.len() > LARGEST_UPDATE {
            return Err(TextRefusal::TooLong);
        }
        let found = inspect::inspect(&update.0, ROOT).ok_or(TextRefusal::Malformed)?;
        let here = self.doc.transact().snapshot();
        let known = |client: ClientId| here.state_map.get(&yrs::block::ClientID::new(client.0.into()));
        let groups: Vec<_> = found.groups.iter().filter(|(client, group)| group.end > known(**client)).collect();
        let mut deletions = IdSet::new();
        for (client, clocks) in &found.deleted {
            let first = yrs::ID::new(yrs::block::ClientID::new(client.0.into()), clocks.start);
            deletions.insert(first, clocks.end - clocks.start);
        }
        deletions.diff_with(&here.delete_set);
        if groups.is_empty() && deletions.is_empty() {
            return Ok(None);
        }
        let mut news = Vec::with_capacity(update.0.len());
        // As many as there were, at most.
        put_number(&mut news, u32::try_from(groups.len()).unwrap_or_default());
        groups.iter().for_each(|(_, group)| news.extend(&update.0[group.bytes.clone()]));
        news.extend(deletions.encode_v1());
        Ok(Some(TextUpdate(news)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KARI: ClientId = ClientId(1001);
    const OLA: ClientId = ClientId(1002);

    #[test]
    fn two_replicas_that_tell_what_they_know_end_with_the_same_words() {
        let (mut kari, mut ola) = (NoteText::written_by(KARI), NoteText::written_by(OLA));
        kari.splice(0, 0, "Flere busser 👵");
        ola.splice(0, 0, "Trygg skolevei");
        let (to_ola, to_kari) = (kari.lacking(&ola.known()).unwrap(), ola.lacking(&kari.known()).unwrap());
        ola.apply(&to_ola);
        kari.apply(&to_kari);
        assert_eq!(kari, ola);
        assert_eq!(kari.lacking(&[0xff, 0xff, 0xff, 0xff, 0x0f]), None);
        assert_eq!(kari.lacking(&[0, 0]), None);
    }

    #[test]
    fn whoever_claims_to_know_half_a_letter_or_more_than_there_is_breaks_nothing() {
        let mut text = NoteText::written_by(KARI);
        text.splice(0, 0, "a👵\u{1f468}\u{200d}\u{1f467}ø");
        text.splice(1, 2, "");
        let mut whole = 0;
        for clock in 0..20 {
            let mut known = vec![1];
            put_number(&mut known, KARI.0);
            put_number(&mut known, clock);
            let lacking = text.lacking(&known).expect("a state vector");
            let mut replica = NoteText::new();
            replica.apply(&lacking);
            whole += u32::from(replica == text);
        }
        assert_eq!(whole, 1, "only whoever knows nothing is told all");
    }

    #[test]
    fn only_what_is_new_is_news() {
        let (mut kari, mut server) = (NoteText::written_by(KARI), NoteText::new());
        let first = kari.splice(0, 0, "Flere busser");
        server.apply(&first);
        let mut ola = server.fork(OLA);
        let removal = ola.splice(0, 6, "");
        server.apply(&removal);
        assert_eq!(server.news(&ola.state()), Ok(None));
        assert_eq!(server.news(&first), Ok(None));
        assert_eq!(server.news(&TextUpdate(vec![0, 0])), Ok(None));
        ola.splice(0, 0, "Nye ");
        let news = server.news(&ola.state()).unwrap().expect("something new");
        assert_eq!(news.writers(), Some(vec![OLA]));
        assert_eq!(server.check(&news, |client| client == OLA), Ok(()));
        server.apply(&news);
        assert_eq!(server, ola);
        let mut bare = ola.fork(KARI);
        bare.splice(0, 2, "");
        let news = server.news(&bare.state()).unwrap().expect("a deletion is new");
        assert_eq!(news.writers(), Some(vec![]));
    }

    #[test]
    fn pages_that_wrote_beside_each_other_without_a_network_are_taken_together() {
        let mut before = NoteText::written_by(KARI);
        before.splice(0, 0, "buss");
        let mut after = before.fork(OLA);
        after.splice(2, 0, "ss");
        let mut again = after.fork(KARI);
        again.splice(3, 0, "x");
        assert_eq!(NoteText::new().check(&again.state(), |_| true), Ok(()));
        let mut server = NoteText::new();
        server.apply(&again.state());
        assert_eq!(server, again);
    }
}
