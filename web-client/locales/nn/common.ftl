# Tekstar som fleire sider bruker.

product = Verksted
made-up = { $municipality } finst ikkje. Kommunen, menneska og planen er laga for å vise fram Verksted.
language = Språk
close = Lukk
cancel = Avbryt
back = Tilbake
loading = Hentar verkstaden …
loading-long = Får ikkje kontakt med serveren. Sjekk nettet. Sida prøver igjen av seg sjølv.

group = Gruppe { $number }
group-here = { $here } av { $all }
group-here-long = { $here } av { $all } i gruppa er til stades
step = { $number } · { $title }
board = Tavle
origin-politikk = Politikk
origin-fag = Fag
from-administration = Frå administrasjonen

time-left = att
time-over = Tida er ute
time-label = Tid att
time-minutes = { $minutes ->
    [one] 1 minutt att
   *[other] { $minutes } minutt att
}

link-live = Tilkopla
link-connecting = Koplar til
link-waiting = Koplar til att
link-needed = Du kan gjere dette når nettet er tilbake.
link-offline = Fråkopla – skriv vidare. Det du skriv, blir teke vare på her og sendt når nettet er tilbake.
link-offline-unkept = Fråkopla. Hald sida open til nettet er tilbake: nettbrettet kan ikkje ta vare på det du skriv dersom sida blir lukka.
link-offline-reader = Fråkopla – sida viser det som var kome
link-unwritable = Serveren får ikkje lagra akkurat no – det du skriv, ligg på nettbrettet
link-unwritable-reader = Serveren får ikkje lagra akkurat no – sida viser det som er lagra
storage-refused = Nettbrettet kan ikkje ta vare på det du skriv dersom sida blir lukka. Vent med å lukke henne til alt er merkt lagra.
late-saving = Lagrar …

no-link = Lenkja manglar
no-link-more = Skann koden på kortet ditt på nytt, eller be møtesekretæren om eit nytt kort.
close-1009 = Det du sende, var for stort. Skriv det i mindre delar.
close-1012 = Serveren startar på nytt. Sida koplar til att av seg sjølv.
close-1013 = Nettet er tregt. Sida hentar det som manglar.
close-4400 = Sida og serveren forstod ikkje kvarandre. Last sida på nytt.
close-4401 = Lenkja gjeld ikkje lenger. Be møtesekretæren om eit nytt kort.
close-4409 = Sida er opna på nytt ein annan stad. Last sida på nytt for å bruke ho her.
close-4429 = Plassen er open på for mange stader, eller sida sende for mykje. Lukk andre sider med same lenkje, og last denne på nytt.
close-4503 = Verkstaden kan ikkje opnast akkurat no. Sida prøver igjen av seg sjølv.
reload = Last sida på nytt

meeting-planned = Møtet er ikkje sett enno
meeting-closed = Møtet er heva
meeting-closed-more = Det som vart delt, er teke vare på som del av plansaka.

kind-opening = Opning
kind-presentation = Innleiing
kind-individual = Tenk sjølv
kind-group = Gruppearbeid
kind-plenary = Plenum
kind-priority = Rettleiande prioritering
kind-break = Pause

plan-in-force = Gjeldande plan
plan-vision = Visjon
plan-main-goal = Hovudmål
plan-land-use = Arealstrategi
plan-priority = Satsingsområde

dots = { $count ->
    [one] 1 prikk
   *[other] { $count } prikkar
}
support = støtte frå { $people } av { $all }
not-a-decision = Rettleiande – ikkje eit vedtak
about-rounds = Dette er ei rettleiande prioritering som viser kvar kommunestyret legg vekta. Det er ikkje eit vedtak.
result = Resultat
result-too-few = Runden er lukka. Færre enn tre svarte, så svara er sletta utan å bli talde.
result-tie = Likt tal
voted = Røysta: { $voted } av { $all }
proposals-none = Ingen forslag enno
merged-from = Slått saman med
made-up-label = Om kommunen
