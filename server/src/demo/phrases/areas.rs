//! Boards 11 to 13: the priority areas that groups choose between, each in several wordings, because no two groups put
//! it the same way. The chair's simulated member tells from the wording which proposals are about the same.

/// Something a group may want to raise.
pub(crate) struct Area {
    /// How dear it is to this council: the chance that a group chooses it and a member gives it dots.
    pub(crate) weight: u32,
    /// What names it in a headline, in small letters.
    pub(crate) words: &'static [&'static str],
    /// Ways of putting it, one for each group.
    pub(crate) wordings: [&'static str; 5],
}

/// What stands between the headline of a proposal and its reason.
const BEFORE_REASON: &str = " – ";

/// The areas.
pub(crate) const AREAS: &[Area] = &[
    Area {
        weight: 9,
        words: &["bolig", "tomter"],
        wordings: [
            "Boliger i hele kommunen – fordi det ikke finnes noe å flytte til",
            "Varierte boliger – da kan folk bli boende når livet endrer seg",
            "Bolig for unge familier – uten dem mister vi skole og butikk",
            "Bolig først – folketallet følger boligene",
            "Boliger i sentrum og grender – vi trenger begge deler",
        ],
    },
    Area {
        weight: 8,
        words: &["fagfolk", "rekrutter", "ansatte", "arbeidsgiver"],
        wordings: [
            "Rekruttere og beholde fagfolk – ellers står tjenestene stille",
            "Fagfolk i helse og skole – vi konkurrerer med alle andre",
            "Ta vare på de ansatte – sykefraværet koster mest",
            "Attraktiv arbeidsgiver – da slipper vi vikarbyrå",
            "Rekruttering – én av fire går av med pensjon snart",
        ],
    },
    Area {
        weight: 7,
        words: &["oppvekst", "barn", "tidlig innsats", "skole"],
        wordings: [
            "Trygg oppvekst – det er billigst å hjelpe tidlig",
            "Tidlig innsats for barn – det varer hele livet",
            "Barn og unge først – de skal bo her om tjue år",
            "Oppvekst med gode skoler – familiene ser etter det",
            "Barn i lavinntektsfamilier – alle skal få være med",
        ],
    },
    Area {
        weight: 6,
        words: &["eldre", "omsorg", "bo hjemme"],
        wordings: [
            "Eldre som bor hjemme lenger – vi har ikke folk nok til annet",
            "Aktive eldre – de er en ressurs vi ikke bruker",
            "Omsorg som varer – vi blir 400 flere over 80",
            "Bo hjemme trygt – det ønsker de fleste selv",
            "Eldre og hverdagsmestring – forebygging lønner seg",
        ],
    },
    Area {
        weight: 6,
        words: &["buss", "kollektiv", "samferdsel", "vei"],
        wordings: [
            "Buss mellom bygdene – ellers må alle ha to biler",
            "Kollektivtilbud for unge – de kommer seg ikke på trening",
            "Samferdsel – arbeidsmarkedet følger veien",
            "Trygge veier til skolen – foreldre skal slippe å kjøre",
            "Buss som passer til jobb – da kan folk bli boende",
        ],
    },
    Area {
        weight: 5,
        words: &["utenfor", "inkluder", "møteplass", "frivillig"],
        wordings: [
            "Unge utenfor inn i arbeid – hver og en teller",
            "Inkludering – vi trenger alle som bor her",
            "Møteplasser i grendene – ensomhet gjør folk syke",
            "Ingen utenfor – det begynner i lag og foreninger",
            "Frivilligheten – den løser det vi ikke har penger til",
        ],
    },
    Area {
        weight: 5,
        words: &["næring", "arbeidsplass", "landbruk", "bedrift"],
        wordings: [
            "Nye arbeidsplasser – folk flytter etter jobben",
            "Landbruk og næring i bygdene – det holder lys i husene",
            "Næringsutvikling – vi lever for mye av offentlige jobber",
            "Arbeidsplasser for unge – da har de noe å komme hjem til",
            "Et næringsliv på flere bein – vi er sårbare i dag",
        ],
    },
    Area {
        weight: 4,
        words: &["beredskap", "flom", "klima", "strøm", "bredbånd", "fiber"],
        wordings: [
            "Beredskap – strøm, vann og nett må virke når det blåser",
            "Flomsikring – det som kom i fjor kommer igjen",
            "Klimatilpasning – det er dyrere å reparere",
            "Fiber og strøm til alle – ingen bedrift klarer seg uten",
            "Beredskap i hele kommunen – hjelpen er langt unna",
        ],
    },
    Area {
        weight: 3,
        words: &["økonomi", "budsjett"],
        wordings: [
            "Orden i økonomien – så vi kan velge selv",
            "Sunn økonomi – uten den blir resten bare ord",
            "Økonomisk handlefrihet – fondet er snart tomt",
            "Økonomi først – vi må si hva vi slutter med",
            "Budsjett som følger planen – ellers skjer ingenting",
        ],
    },
];

/// The place in [`AREAS`] of what a proposal is about, by the first word in its headline that names one.
#[must_use]
pub(crate) fn area_of(proposal: &str) -> Option<usize> {
    let lowered = proposal.to_lowercase();
    let headline = lowered.split(BEFORE_REASON.trim()).next()?;
    let first = |area: &Area| area.words.iter().filter_map(|word| headline.find(word)).min();
    let named = AREAS.iter().enumerate().filter_map(|(index, area)| Some((first(area)?, index)));
    named.min().map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_is_recognised_as_its_own_area() {
        for (index, area) in AREAS.iter().enumerate() {
            for wording in area.wordings {
                assert_eq!(area_of(wording), Some(index), "{wording}");
                assert!(wording.contains(BEFORE_REASON), "{wording}");
            }
        }
        assert_eq!(area_of("Noe helt annet"), None);
    }
}
