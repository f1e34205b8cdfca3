# Plassen: nettbrettet til den folkevalde.

seat-title = { $name } – { $workshop }
seat-menu = Meny
welcome = Velkomen, { $name }
present-done = Du er registrert som til stades
present-soon = Registrerer deg som til stades …
your-group = Du sit i
no-group = Du har ikkje fått plass i ei gruppe enno
rules-title = Spelereglar
rules = Éin snakkar om gongen. Alle slepp til. Vi er usamde om sak, ikkje om person. Skriv slik at andre forstår det. Det du deler, kan alle be om innsyn i.
privacy-title = Om personvern
privacy = Kladden din er privat og blir sletta når møtet blir heva, om du ikkje deler han. Delte notat blir lagra per gruppe og tekne vare på som del av plansaka. I anonyme rundar blir det ikkje lagra kven som har prioritert kva.
planned-wait = Sida opnar seg av seg sjølv når møteleiaren set møtet.
open-wait = Møtet er sett. Første steg tek til snart.
closed-drafts = Kladden din er sletta.
late-title = Dette kom for seint
late-more = Møtet blei heva før dette var lagra, så det er ikkje med i notata. Det står berre her, og blir borte når du lukkar sida. Kopier det om du vil ta vare på det.
late-copy = Kopier
late-copied = Kopiert
break-back = Pause. Vi held fram når tida er ute.
listen = Legg gjerne frå deg nettbrettet og følg med i rommet.
step-changed = No: { $title }

chair-open = Set møtet
chair-open-ask = Vil du setje møtet?
chair-open-more = Frå no kan dei folkevalde skrive og prioritere. Alle nettbretta følgjer med.
chair-close = Hev møtet
chair-close-ask = Vil du heve møtet?
chair-close-more = Då stoppar all skriving, og notata blir frosne slik dei står. Private kladdar blir sletta. Dette kan ikkje gjerast om.

new-note = Nytt punkt
new-note-in = Nytt punkt under { $column }
note-placeholder = Skriv eit punkt …
note-field = Punkt under { $column }
note-empty = Tomt punkt
note-edit = Skriv i punktet: { $text }
note-more = Fleire val for punktet
note-up = Flytt opp
note-down = Flytt ned
note-move = Flytt til «{ $column }»
note-delete = Slett
note-done = Ferdig
note-full = Notatet er fullt. Del det gjerne i to.
notes-count = { $count ->
    [one] 1 punkt
   *[other] { $count } punkt
}
board-full = { $limit ->
    [one] Det er plass til eitt punkt her.
   *[other] Det er plass til { $limit } punkt her.
}
board-empty = Her skriv gruppa saman. Trykk «Nytt punkt» og start.
board-example = Eitt punkt er éin tanke. Til dømes: Bussen går for sjeldan til at ungdom kan vere med om kvelden.
writes = { $name } skriv
writes-in = { $name } skriv i { $column }
saved-typed = Ikkje lagra enno
saved-device = På nettbrettet
saved-sent = Sendt
saved-saved = Lagra
trust-shared = Det du deler, ser gruppa. Kladden ser berre du.
columns = Kolonnar
plenary-empty = Gruppene har ikkje skrive noko her enno
other-groups-later = Notata til dei andre gruppene kjem i plenum.

drafts = Kladden min
drafts-count = Kladden min ({ $count })
draft-field = Privat kladd
draft-placeholder = Skriv stikkord for deg sjølv …
draft-new = Ny kladd
draft-full = Kladden er full. Del eller slett ein kladd før du byrjar på ein ny.
draft-share = Del med gruppa
draft-share-in = Del under:
draft-delete = Slett kladden
draft-later = Du kan dele når gruppa skriv på tavla.
draft-trust = Kladden ser berre du. Han ligg på dette nettbrettet og blir sletta når møtet blir heva.
draft-shared = Delt med gruppa

help = Vi treng hjelp
help-asked = Hjelp er på veg
help-asked-more = Fasilitatoren ser at gruppa ber om hjelp.
undo = Angre
redo = Gjer om

merge-pick = Slå saman …
merge-picked = Vel forslaget det skal slåast saman med.
merge-into = Slå saman med dette
merge-stop = Avbryt
split = Ta ut att
merge-how = Er to forslag det same, kan de slå dei saman. Ingenting blir skrive om.

ballot-wait = Prioriteringa opnar snart
ballot-wait-more = De får { $dots } prikkar kvar, og kan setje høgst { $most } på same forslag.
ballot-left = { $count ->
    [one] 1 prikk att
   *[other] { $count } prikkar att
}
ballot-none-left = Ingen prikkar att
ballot-dot = Prikk { $number } på { $option }
ballot-submit = Lever
ballot-change = Endre svaret
ballot-sending = Leverer …
ballot-delivered = Svaret ditt er levert. Du kan endre det til runden blir lukka.
ballot-changed = Du har endringar som ikkje er leverte.
ballot-secret = Ingen i salen kan sjå kva du vel, heller ikkje dei som leier verkstaden. Svaret er forsegla, og blir sletta når runden er talt opp.
ballot-abstain = Du kan òg levere utan prikkar.
