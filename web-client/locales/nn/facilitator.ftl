# Sida til den som leier verkstaden.
lead-title = Lei verkstaden
lead-programme = Køyreplan
lead-minutes = { $minutes } min
lead-step-done = Ferdig
lead-step-now = No
lead-step-next = Neste
lead-total = { $minutes } min i alt
lead-over = Møtet er heva
lead-over-more = Alt er lagra. Ingen kan skrive meir, og du kan framleis velje kva storskjermen viser.
lead-waiting = Møteleiar har ikkje sett møtet enno
lead-waiting-more = Køyreplanen startar når møteleiar har sett møtet. Så lenge kan du skrive ut plasskort og sjå kven som er på plass.

lead-extend = + { $minutes } min
lead-extend-long = + { $minutes } min, gi meir tid
lead-start = Start «{ $title }»
lead-next = Neste steg
lead-next-ask = Gå til { $number } · { $title }?
lead-next-ask-more = Alle nettbrett byter med ein gong. Steget varer { $minutes } minutt.
lead-next-ask-shares = Tavla frå steg { $board } blir synleg for alle gruppene.
lead-start-ask = Start { $number } · { $title }?
lead-back-ask = Gå tilbake til { $number } · { $title }?
lead-go = Gå til steget
lead-step-runs = Dette steget går no.

lead-groups = Gruppene
lead-connected = tilkopla
lead-notes = { $count ->
    [0] Ingen notat enno
    [one] 1 notat
   *[other] { $count } notat
  }
lead-activity = Skriving dei siste { $minutes } minutta
lead-writing = Skriv no
lead-silent = Stille i { $minutes } min
lead-help-since = { $minutes ->
    [0] Ber om hjelp
   *[other] Ber om hjelp, { $minutes } min
  }
lead-help-done = Hjelpt
lead-help-done-long = Hjelpt: gruppe { $number }
lead-help-call = Gruppe { $number } ber om hjelp.
lead-last-lines = Sist skrive
lead-members = Kven sit her
lead-person-away = ikkje tilkopla
lead-person-move = Flytt { $name } til
lead-person-no-group = Utan gruppe

lead-missing = { $count ->
    [0] Alle er tilkopla.
    [one] 1 er ikkje tilkopla
   *[other] { $count } er ikkje tilkopla
  }
lead-print = Skriv ut plasskort
lead-message = Melding til alle
lead-message-more = Blir vist på alle nettbrett, merkt som frå administrasjonen.
lead-message-field = Melding, høgst { $limit } teikn
lead-message-left = { $left } teikn att
lead-message-too-long = { $over ->
    [one] 1 teikn for langt
   *[other] { $over } teikn for langt
  }
lead-message-send = Send til alle
lead-message-standing = Står på nettbretta no
lead-message-withdraw = Ta ned meldinga

lead-round = Rettleiande prioritering
lead-round-open = Opne prioriteringa
lead-round-again = Opne ein ny runde
lead-round-open-ask = Opne prioriteringa?
lead-round-open-more = { $options ->
    [one] Eitt forslag kjem
   *[other] { $options } forslag kjem
  } opp på alle nettbrett. Kvar får { $dots } prikkar, høgst { $most } på same forslag. Ingen ser noko resultat før du lukkar.
lead-round-close = Lukk prioriteringa
lead-round-close-ask = Lukke prioriteringa?
lead-round-close-more = { $voted } av { $present } har levert. Resultatet blir vist for alle samstundes, og ingen kan endre svaret etterpå.
lead-round-close-few = Færre enn { $fewest } har levert. Då blir svara sletta utan å bli talde, så ingen kan sjå kva nokon valde.
lead-round-voted = { $voted } av { $present } har levert
lead-round-hidden = Ingen ser kva nokon har valt, heller ikkje du, før runden er lukka.
lead-round-nothing = Det er ingen forslag å prioritere enno.
lead-round-waits = Du kan ikkje gå vidare medan prioriteringa er open.
lead-round-closed = Prioriteringa er lukka
lead-round-result = Sjå resultatet i kolonnen for storskjermen.

lead-screen = Storskjerm
lead-screen-shows = Viser no: { $scene }
lead-screen-ready = Klart til å bli vist: { $scene }
lead-scene-joining = Bli med
lead-scene-step = Steget
lead-scene-groups = Gruppene
lead-scene-proposals = Forslaga
lead-scene-result = Resultatet

lead-no-pen = Du ser alt som blir delt, men kan ikkje skrive eller endre det gruppene skriv.
lead-ready = Møtet er sett
lead-ready-more = Start det første steget når alle er klare.
lead-person-move-ask = Flytte { $name } til gruppe { $group }?
lead-person-move-more = Nettbrettet byter gruppe med ein gong. Det som er skrive, blir ståande i gruppa der det vart skrive.
lead-person-go = Flytt
