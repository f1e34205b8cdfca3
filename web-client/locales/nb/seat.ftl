# Plassen: den folkevalgtes nettbrett.

seat-title = { $name } – { $workshop }
seat-menu = Meny
welcome = Velkommen, { $name }
present-done = Du er registrert som til stede
present-soon = Registrerer deg som til stede …
your-group = Du sitter i
no-group = Du har ikke fått plass i en gruppe ennå
rules-title = Spilleregler
rules = Én snakker om gangen. Alle slipper til. Vi er uenige om sak, ikke om person. Skriv så andre forstår det. Det du deler, kan alle be om innsyn i.
privacy-title = Om personvern
privacy = Kladden din er privat og slettes når møtet heves, hvis du ikke deler den. Delte notater lagres per gruppe og bevares som del av plansaken. I anonyme runder lagres ikke hvem som har prioritert hva.
planned-wait = Siden åpner seg av seg selv når møteleder setter møtet.
open-wait = Møtet er satt. Første steg begynner snart.
closed-drafts = Kladden din er slettet.
late-title = Dette kom for sent
late-more = Møtet ble hevet før dette var lagret, så det er ikke med i notatene. Det står bare her, og blir borte når du lukker siden. Kopier det hvis du vil ta vare på det.
late-copy = Kopier
late-copied = Kopiert
break-back = Pause. Vi fortsetter når tiden er ute.
listen = Legg gjerne fra deg nettbrettet og følg med i rommet.
step-changed = Nå: { $title }

chair-open = Sett møtet
chair-open-ask = Vil du sette møtet?
chair-open-more = Fra nå kan de folkevalgte skrive og prioritere. Alle nettbrettene følger med.
chair-close = Hev møtet
chair-close-ask = Vil du heve møtet?
chair-close-more = Da stopper all skriving, og notatene fryses slik de står. Private kladder slettes. Dette kan ikke gjøres om.

new-note = Nytt punkt
new-note-in = Nytt punkt under { $column }
note-placeholder = Skriv et punkt …
note-field = Punkt under { $column }
note-empty = Tomt punkt
note-edit = Skriv i punktet: { $text }
note-more = Flere valg for punktet
note-up = Flytt opp
note-down = Flytt ned
note-move = Flytt til «{ $column }»
note-delete = Slett
note-done = Ferdig
note-full = Notatet er fullt. Del det gjerne i to.
notes-count = { $count ->
    [one] 1 punkt
   *[other] { $count } punkter
}
board-full = { $limit ->
    [one] Det er plass til ett punkt her.
   *[other] Det er plass til { $limit } punkter her.
}
board-empty = Her skriver gruppa sammen. Trykk «Nytt punkt» og begynn.
board-example = Ett punkt er én tanke. For eksempel: Bussen går for sjelden til at ungdom kan være med på kveldstid.
writes = { $name } skriver
writes-in = { $name } skriver i { $column }
saved-typed = Ikke lagret ennå
saved-device = På nettbrettet
saved-sent = Sendt
saved-saved = Lagret
trust-shared = Det du deler, ser gruppa. Kladden ser bare du.
columns = Kolonner
plenary-empty = Gruppene har ikke skrevet noe her ennå
other-groups-later = De andre gruppenes notater vises i plenum.

drafts = Min kladd
drafts-count = Min kladd ({ $count })
draft-field = Privat kladd
draft-placeholder = Skriv stikkord for deg selv …
draft-new = Ny kladd
draft-full = Kladden er full. Del eller slett en kladd før du begynner på en ny.
draft-share = Del med gruppa
draft-share-in = Del under:
draft-delete = Slett kladden
draft-later = Du kan dele når gruppa skriver på tavla.
draft-trust = Kladden ser bare du. Den ligger på dette nettbrettet og slettes når møtet heves.
draft-shared = Delt med gruppa

help = Vi trenger hjelp
help-asked = Hjelp er på vei
help-asked-more = Fasilitatoren ser at gruppa ber om hjelp.
undo = Angre
redo = Gjør om

merge-pick = Slå sammen …
merge-picked = Velg forslaget det skal slås sammen med.
merge-into = Slå sammen med dette
merge-stop = Avbryt
split = Ta ut igjen
merge-how = Er to forslag det samme, kan dere slå dem sammen. Ingenting blir skrevet om.

ballot-wait = Prioriteringen åpner snart
ballot-wait-more = Dere får { $dots } prikker hver, og kan sette høyst { $most } på samme forslag.
ballot-left = { $count ->
    [one] 1 prikk igjen
   *[other] { $count } prikker igjen
}
ballot-none-left = Ingen prikker igjen
ballot-dot = Prikk { $number } på { $option }
ballot-submit = Lever
ballot-change = Endre svaret
ballot-sending = Leverer …
ballot-delivered = Svaret ditt er levert. Du kan endre det til runden lukkes.
ballot-changed = Du har endringer som ikke er levert.
ballot-secret = Ingen i salen kan se hva du velger, heller ikke de som leder verkstedet. Svaret er forseglet, og slettes når runden er talt opp.
ballot-abstain = Du kan også levere uten prikker.
