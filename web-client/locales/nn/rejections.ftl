# Kvifor noko ikkje vart gjort. Éi setning, og helst kva ein kan gjere.

rejection-not_allowed = Dette kan ikkje gjerast frå denne sida.
rejection-meeting_not_open = Møtet er ikkje sett enno.
rejection-meeting_closed = Møtet er heva. Det kan ikkje skrivast meir.
rejection-step_moved = Rommet er på eit anna steg no. Sjå ein gong til.
rejection-no_such_step = Steget finst ikkje.
rejection-round_still_open = Lukk prioriteringa først.
rejection-board_not_open = Tavla er ikkje open no. Det du skreiv, ligg i kladden din.
rejection-no_such_column = Kolonnen finst ikkje.
rejection-no_group = Du har ikkje fått plass i ei gruppe enno. Sei frå til administrasjonen.
rejection-no_such_note = Notatet finst ikkje i gruppa di. Det du skreiv, ligg i kladden din.
rejection-note_deleted = Nokon i gruppa sletta notatet. Det du skreiv, ligg i kladden din.
rejection-note_id_taken = Notatet finst allereie.
rejection-too_many_notes = { $limit ->
    [one] Det er plass til eitt notat her. Det du skreiv, ligg i kladden din.
   *[other] Det er plass til { $limit } notat her. Slett eitt først. Det du skreiv, ligg i kladden din.
}
rejection-board_full = Tavla til gruppa er full. Kort ned eit langt notat, eller skriv vidare på neste tavle.
rejection-text_too_long = Notatet er fullt. Del det gjerne i to.
rejection-text_unfit = Notatet vart henta på nytt. Det du skreiv, ligg i kladden din.
rejection-no_such_seat = Plassen finst ikkje.
rejection-no_such_group = Gruppa finst ikkje.
rejection-no_such_proposal = Forslaga kan ikkje slåast saman no.
rejection-same_proposal = Forslaga står saman allereie.
rejection-nothing_to_prioritise = Det er ingen forslag å prioritere enno.
rejection-too_many_options = Ei prioritering kan ha høgst { $limit } forslag. Slå saman nokre først.
rejection-round_not_open = Runden er lukka.
rejection-not_present = Du er ikkje registrert som til stades enno. Last sida på nytt, og lever igjen.
rejection-too_many_dots = { $limit ->
    [one] Du har éin prikk.
   *[other] Du har { $limit } prikkar.
}
rejection-too_many_on_one = { $limit ->
    [one] Høgst éin prikk på same forslag.
   *[other] Høgst { $limit } prikkar på same forslag.
}
rejection-no_such_option = Forslaget er ikkje med i denne runden.
rejection-message_length = Ei melding har 1 til { $limit } teikn.
rejection-malformed = Serveren forstod ikkje sida. Last sida på nytt.
rejection-too_fast = Det gjekk litt fort. Sida prøver igjen.
rejection-storage_unavailable = Serveren får ikkje lagra akkurat no. Det du skriv, ligg på nettbrettet.
