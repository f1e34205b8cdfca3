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

/// Structs of one client as Yjs writes them: start, then text with the unit it stands after.
fn group(client: ClientId, start: u8, text: &str, origin: (ClientId, u8)) -> Vec<u8> {
    let number = |value: u32| {
        // Client ids of the tests fit in two bytes.
        if value < 0x80 { vec![value as u8] } else { vec![(value & 0x7f) as u8 | 0x80, (value >> 7) as u8] }
    };
    let head = [vec![1], number(client.0), vec![start, 0x84], number(origin.0.0), vec![origin.1]].concat();
    [head, vec![text.len() as u8], text.as_bytes().to_vec()].concat()
}

fn update(groups: &[Vec<u8>]) -> TextUpdate {
    TextUpdate([vec![groups.len() as u8], groups.concat(), vec![0]].concat())
}

#[test]
fn hand_made_bytes_are_read_as_an_update_when_they_are_in_order() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "0123456789");
    let honest = update(&[group(KARI, 10, "zzzz", (KARI, 9))]);
    assert_eq!(kari.check(&honest, anyone), Ok(()));
    kari.apply(&honest);
    assert_eq!(kari.read(), "0123456789zzzz");
}

/// The merge takes one writer's groups for one run, and would overwrite letters that others hold on to.
#[test]
fn one_writer_in_two_groups_is_refused() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "0123456789");
    let twice = update(&[group(KARI, 10, "zzzz", (KARI, 9)), group(KARI, 3, "yy", (KARI, 2))]);
    assert_eq!(kari.check(&twice, anyone), Err(TextRefusal::Malformed));
}

/// It would wait for itself for ever, acknowledged and never seen.
#[test]
fn a_letter_that_stands_after_itself_or_a_later_one_is_refused() {
    let mut kari = NoteText::written_by(KARI);
    kari.splice(0, 0, "01");
    for origin in [2, 3, 9] {
        let itself = update(&[group(KARI, 2, "zz", (KARI, origin))]);
        assert_eq!(kari.check(&itself, anyone), Err(TextRefusal::Malformed), "{origin}");
    }
    let each_other = update(&[group(KARI, 2, "z", (OLA, 0)), group(OLA, 0, "y", (KARI, 2))]);
    assert_eq!(kari.check(&each_other, anyone), Err(TextRefusal::Gap));
}

/// Of two sets, the merge would keep the last.
#[test]
fn one_writers_deletions_in_two_sets_are_refused() {
    let mut kari = NoteText::written_by(ClientId(100));
    kari.splice(0, 0, "0123456789");
    let once = TextUpdate(vec![0, 1, 100, 2, 0, 1, 4, 1]);
    assert_eq!(kari.check(&once, anyone), Ok(()));
    let twice = TextUpdate(vec![0, 2, 100, 1, 0, 1, 100, 1, 4, 1]);
    assert_eq!(kari.check(&twice, anyone), Err(TextRefusal::Malformed));
}

#[test]
fn nothing_stands_both_before_and_after_one_letter() {
    let mut server = NoteText::new();
    server.apply(&NoteText::written_by(ClientId(100)).splice(0, 0, "012"));
    let between = |right| TextUpdate(vec![1, 1, 101, 0, 0xc4, 100, 0, 100, right, 1, b'x', 0]);
    assert_eq!(server.check(&between(1), anyone), Ok(()));
    assert_eq!(server.check(&between(0), anyone), Err(TextRefusal::Malformed));
}

/// Many claims of nothing cost nothing.
#[test]
fn a_group_with_nothing_in_it_is_refused() {
    let empty = TextUpdate(vec![1, 0, 100, 0, 0]);
    assert_eq!(NoteText::new().check(&empty, anyone), Err(TextRefusal::Malformed));
}

/// Letters left alone between deleted ones cannot be put together, so each takes the room of many.
#[test]
fn a_document_has_a_limit_of_its_own_beside_that_of_its_text() {
    let mut kari = NoteText::written_by(KARI);
    let mut server = NoteText::new();
    let edits =
        (0..).flat_map(|_| [(0, 0, "ab".repeat(500))].into_iter().chain((0..500).map(|at| (at, 1, String::new()))));
    for (at, delete, insert) in edits {
        let update = kari.splice(at, delete, &insert);
        if server.check(&update, anyone).is_err() {
            break;
        }
        server.apply(&update);
    }
    assert!(server.len() < LONGEST_TEXT - 1_000, "{} letters", server.len());
    let size = server.state().0.len();
    assert!((LARGEST_DOCUMENT / 2..=LARGEST_DOCUMENT).contains(&size), "{size} bytes");
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
