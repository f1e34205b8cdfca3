use proptest::prelude::*;

use super::*;

const KARI: ClientId = ClientId(1001);
const OLA: ClientId = ClientId(1002);

fn anyone(_: ClientId) -> bool {
    true
}

#[test]
fn two_people_in_one_note_end_with_the_same_words() {
    let mut kari = NoteText::written_by(KARI);
    let mut ola = NoteText::written_by(OLA);
    let first = kari.splice(0, 0, "Vi blir eldre");
    ola.apply(&first);
    let hers = kari.splice(13, 0, " 👵");
    let his = ola.splice(0, 0, "Ja. ");
    kari.apply(&his);
    ola.apply(&hers);
    assert_eq!(kari.read(), "Ja. Vi blir eldre 👵");
    assert_eq!(kari, ola);
    assert_eq!(kari.fingerprint(), ola.fingerprint());
}

#[test]
fn a_position_inside_an_emoji_moves_before_it() {
    let mut text = NoteText::written_by(KARI);
    text.splice(0, 0, "a👵b");
    text.splice(2, 1, "x");
    assert_eq!(text.read(), "axb");
    text.splice(99, 5, "!");
    assert_eq!(text.read(), "axb!");
}

#[test]
fn undo_takes_back_only_ones_own_words() {
    let mut kari = WrittenText::new(&NoteText::new(), KARI);
    let mut ola = WrittenText::new(&NoteText::new(), OLA);
    let hers = kari.splice(Moment(0), 0, 0, "buss");
    ola.text.apply(&hers);
    let his = ola.splice(Moment(0), 4, 0, " og tog");
    kari.text.apply(&his);
    let undone = kari.undo().expect("she wrote something");
    assert_eq!(kari.text.read(), " og tog");
    assert_eq!(ola.text.check(&undone, |author| author == KARI), Ok(()));
    ola.text.apply(&undone);
    assert_eq!(ola.text.read(), " og tog");
    assert!(kari.undo().is_none());
    kari.redo().expect("what was undone");
    assert_eq!(kari.text.read(), "buss og tog");
}

#[test]
fn quick_typing_is_undone_as_one_and_slow_typing_is_not() {
    let mut kari = WrittenText::new(&NoteText::new(), KARI);
    kari.splice(Moment(10_000), 0, 0, "b");
    kari.splice(Moment(10_200), 1, 0, "y");
    kari.splice(Moment(20_000), 2, 0, "!");
    kari.undo();
    assert_eq!(kari.text.read(), "by");
    kari.undo();
    assert_eq!(kari.text.read(), "");
}

#[test]
fn a_caret_keeps_its_place_while_others_write() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "buss");
    let caret = kari.stick(4).unwrap();
    kari.splice(0, 0, "Flere ");
    assert_eq!(kari.unstick(&caret), Some(10));
}

#[test]
fn writing_in_anothers_name_is_refused() {
    let mut forger = NoteText::written_by(OLA);
    let update = forger.splice(0, 0, "x");
    assert_eq!(NoteText::new().check(&update, |author| author == KARI), Err(TextRefusal::Forged));
}

#[test]
fn writing_that_builds_on_something_unseen_is_refused() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "første");
    let second = kari.splice(6, 0, " andre");
    assert_eq!(NoteText::new().check(&second, anyone), Err(TextRefusal::Gap));
    let mut ola = NoteText::written_by(OLA);
    ola.apply(&kari.state());
    let removal = ola.splice(0, 3, "");
    assert_eq!(NoteText::new().check(&removal, anyone), Err(TextRefusal::Gap));
}

#[test]
fn a_text_may_reach_the_limit_but_not_pass_it() {
    let mut kari = NoteText::written_by(KARI);
    let full = kari.splice(0, 0, &"x".repeat(LONGEST_TEXT as usize));
    assert_eq!(NoteText::new().check(&full, anyone), Ok(()));
    let mut server = NoteText::new();
    server.apply(&full);
    let swap = kari.splice(0, 10, "0123456789");
    assert_eq!(server.check(&swap, anyone), Ok(()));
    server.apply(&swap);
    let more = kari.splice(0, 0, "y");
    assert_eq!(server.check(&more, anyone), Err(TextRefusal::TooLong));
}

#[test]
fn structure_other_than_plain_text_in_the_root_is_refused() {
    let doc = Doc::with_options(Options::with_client_id(yrs::block::ClientID::new(1001)));
    let other = doc.get_or_insert_text("other");
    other.insert(&mut doc.transact_mut(), 0, "x");
    let elsewhere = TextUpdate(doc.transact().encode_state_as_update_v1(&yrs::StateVector::default()));
    assert_eq!(NoteText::new().check(&elsewhere, anyone), Err(TextRefusal::Malformed));

    let doc = Doc::with_options(Options::with_client_id(yrs::block::ClientID::new(1001)));
    let root = doc.get_or_insert_text(ROOT);
    root.insert_embed(&mut doc.transact_mut(), 0, true);
    let embedded = TextUpdate(doc.transact().encode_state_as_update_v1(&yrs::StateVector::default()));
    assert_eq!(NoteText::new().check(&embedded, anyone), Err(TextRefusal::Malformed));
    assert_eq!(NoteText::new().check(&TextUpdate(vec![]), anyone), Err(TextRefusal::Malformed));
}

#[test]
fn a_rebuilt_text_equals_the_one_it_came_from() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "Čáhci og æøå 👩‍👧");
    kari.splice(0, 6, "Vann");
    let json = serde_json::to_string(&kari).unwrap();
    let rebuilt: NoteText = serde_json::from_str(&json).unwrap();
    assert_eq!(rebuilt, kari);
}

proptest! {
    /// Whatever bytes arrive, the check answers and a passed update applies without leaving anything pending.
    #[test]
    fn no_bytes_stop_the_check(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let update = TextUpdate(bytes);
        let mut text = NoteText::new();
        if text.check(&update, anyone).is_ok() {
            text.apply(&update);
            prop_assert!(!text.doc.transact().has_missing_updates());
        }
    }

    /// Three writers, random edits, exchanged late: all read the same, and every update passes the check in order.
    #[test]
    fn writers_converge(edits in proptest::collection::vec((0_usize..3, 0_u32..40, 0_u32..6, "[a-zæøåčđŋ👵 ]{0,6}"), 1..40)) {
        let mut replicas: Vec<NoteText> = (0..3).map(|n| NoteText::written_by(ClientId(1000 + n))).collect();
        let mut server = NoteText::new();
        for (who, at, delete, insert) in edits {
            let update = replicas[who].splice(at, delete, &insert);
            prop_assert_eq!(server.check(&update, |author| author.0 == 1000 + who as u32), Ok(()));
            server.apply(&update);
        }
        for replica in &mut replicas {
            replica.apply(&server.state());
            prop_assert_eq!(replica.read(), server.read());
        }
    }
}
