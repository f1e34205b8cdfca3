//! Board 7, *De lange linjene*.

/// *Videreføres – hvorfor?*
pub(super) const KEPT: &[&str] = &[
    "Stabilt folketall. Det målet binder resten sammen",
    "Visjonen. Folk kjenner den igjen",
    "God helse og livskvalitet for alle, det er grunnmuren",
    "Variert næringsliv. Vi er sårbare hvis én bedrift forsvinner",
    "Vern av dyrka mark, for jorda får vi ikke tilbake",
    "Bosetting der det er skole og vei fra før",
    "Sunn økonomi. Uten den blir resten bare ord",
    "Samarbeidet med nabokommunene om beredskap",
    "Natur og klima, men gjør det mer konkret",
    "Å bygge i knutepunktene langs fylkesveien",
    "Kompetansemålet, for det er fagfolk vi mangler",
    "At frivilligheten er med i målene",
    "Hovedmålene er gode nok. Bruk tida på satsingsområdene",
    "Strandsonen skal fortsatt være åpen for alle",
    "Rekkefølgen. Folketallet skal stå først",
    "Fortetting i sentrum, så slipper vi å bygge ned jord",
];

/// *Endres – hvorfor?*
pub(super) const CHANGED: &[&str] = &[
    "7 000 innbyggere er ikke realistisk lenger. Velg et tall vi tror på",
    "Visjonen er for lik alle andres",
    "Målene må kunne måles, ellers vet vi ikke om vi lykkes",
    "Arealstrategien må si hvor vi ikke skal bygge",
    "Skriv inn tilhørighet. Det handler om mer enn tjenester",
    "Klimatilpasning må inn, ikke bare utslipp",
    "Seks hovedmål er for mange. Slå sammen to",
    "Åpne for flere hytter der veien er bygd, men aldri på myr",
    "Samfunnssikkerhet må omfatte strøm, vann og nett",
    "Si noe om boliger i grendene, ikke bare i sentrum",
    "Oppvekst fortjener et eget mål",
    "Mål hva slags arbeidsplasser vi får, ikke bare hvor mange",
    "Språket. Skriv så folk forstår det",
    "Eldre som ressurs, ikke bare som utgift",
    "Det må stå at vi skal gjøre mindre av noe",
    "Energi: vi må si hva vi vil med vind og sol",
];

/// *Uenige om*
pub(super) const DISAGREED: &[&str] = &[
    "Hvor mange skoler vi skal ha om ti år",
    "Vindkraft: noen sier ja på gode vilkår, andre sier nei",
    "Å bygge på dyrka mark når det gir boliger nær skolen",
    "Eiendomsskatten",
    "Om vekst skal være et mål i seg selv",
    "Flere hytter på fjellet",
    "Spredt eller samlet utbygging",
    "Om samarbeidet med naboen på sikt bør bli sammenslåing",
    "Om sentrum skal gå foran grendene",
    "Hvor mye klima skal veie når det koster penger",
    "Om visjonen betyr noe i hverdagen",
    "Rovdyr og beite, det ble en lang diskusjon",
    "Om kommunen skal kjøpe tomter eller la markedet ordne det",
    "Privat eller kommunal drift av omsorgsboliger",
];
