# Siden til den som leder verkstedet.
lead-title = Led verkstedet
lead-programme = Kjøreplan
lead-minutes = { $minutes } min
lead-step-done = Ferdig
lead-step-now = Nå
lead-step-next = Neste
lead-total = { $minutes } min i alt
lead-over = Møtet er hevet
lead-over-more = Alt er lagret. Ingen kan skrive mer, og du kan fortsatt velge hva storskjermen viser.
lead-waiting = Møteleder har ikke satt møtet ennå
lead-waiting-more = Kjøreplanen starter når møteleder har satt møtet. Så lenge kan du skrive ut plasskort og se hvem som er på plass.

lead-extend = + { $minutes } min
lead-extend-long = + { $minutes } min, gi mer tid
lead-start = Start «{ $title }»
lead-next = Neste steg
lead-next-ask = Gå til { $number } · { $title }?
lead-next-ask-more = Alle nettbrett bytter med en gang. Steget varer { $minutes } minutter.
lead-next-ask-shares = Tavla fra steg { $board } blir synlig for alle gruppene.
lead-start-ask = Start { $number } · { $title }?
lead-back-ask = Gå tilbake til { $number } · { $title }?
lead-go = Gå til steget
lead-step-runs = Dette steget pågår nå.

lead-groups = Gruppene
lead-connected = tilkoblet
lead-notes = { $count ->
    [0] Ingen notater ennå
    [one] 1 notat
   *[other] { $count } notater
  }
lead-activity = Skriving de siste { $minutes } minuttene
lead-writing = Skriver nå
lead-silent = Stille i { $minutes } min
lead-help-since = { $minutes ->
    [0] Ber om hjelp
   *[other] Ber om hjelp, { $minutes } min
  }
lead-help-done = Hjulpet
lead-help-done-long = Hjulpet: gruppe { $number }
lead-help-call = Gruppe { $number } ber om hjelp.
lead-last-lines = Sist skrevet
lead-members = Hvem sitter her
lead-person-away = ikke tilkoblet
lead-person-move = Flytt { $name } til
lead-person-no-group = Uten gruppe

lead-missing = { $count ->
    [0] Alle er tilkoblet.
    [one] 1 er ikke tilkoblet
   *[other] { $count } er ikke tilkoblet
  }
lead-print = Skriv ut plasskort
lead-message = Melding til alle
lead-message-more = Vises på alle nettbrett, merket som fra administrasjonen.
lead-message-field = Melding, høyst { $limit } tegn
lead-message-left = { $left } tegn igjen
lead-message-too-long = { $over ->
    [one] 1 tegn for langt
   *[other] { $over } tegn for langt
  }
lead-message-send = Send til alle
lead-message-standing = Står på nettbrettene nå
lead-message-withdraw = Ta ned meldingen

lead-round = Veiledende prioritering
lead-round-open = Åpne prioriteringen
lead-round-again = Åpne en ny runde
lead-round-open-ask = Åpne prioriteringen?
lead-round-open-more = { $options ->
    [one] Ett forslag kommer
   *[other] { $options } forslag kommer
  } opp på alle nettbrett. Hver får { $dots } prikker, høyst { $most } på samme forslag. Ingen ser noe resultat før du lukker.
lead-round-close = Lukk prioriteringen
lead-round-close-ask = Lukke prioriteringen?
lead-round-close-more = { $voted } av { $present } har levert. Resultatet vises for alle samtidig, og ingen kan endre svaret etterpå.
lead-round-close-few = Færre enn { $fewest } har levert. Da blir svarene slettet uten å bli talt, så ingen kan se hva noen valgte.
lead-round-voted = { $voted } av { $present } har levert
lead-round-hidden = Ingen ser hva noen har valgt, heller ikke du, før runden er lukket.
lead-round-nothing = Det er ingen forslag å prioritere ennå.
lead-round-waits = Du kan ikke gå videre mens prioriteringen er åpen.
lead-round-closed = Prioriteringen er lukket
lead-round-result = Se resultatet i kolonnen for storskjermen.

lead-screen = Storskjerm
lead-screen-shows = Viser nå: { $scene }
lead-screen-ready = Klart til å vises: { $scene }
lead-scene-joining = Bli med
lead-scene-step = Steget
lead-scene-groups = Gruppene
lead-scene-proposals = Forslagene
lead-scene-result = Resultatet

lead-no-pen = Du ser alt som deles, men kan ikke skrive eller endre det gruppene skriver.
lead-ready = Møtet er satt
lead-ready-more = Start det første steget når alle er klare.
lead-person-move-ask = Flytte { $name } til gruppe { $group }?
lead-person-move-more = Nettbrettet bytter gruppe med en gang. Det som er skrevet, blir stående i gruppa der det ble skrevet.
lead-person-go = Flytt
