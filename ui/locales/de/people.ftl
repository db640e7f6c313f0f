# Startseite, Beiträge, Kommentare, Schreiben, Bilder, Profile, Freunde.

# Startseite
feed-choose = Welche Beiträge
feed-home = Freunde und Familie
feed-public = Von anderen
feed-share = Etwas teilen…
feed-new = { $count ->
    [one] 1 neuer Beitrag
   *[other] { $count } neue Beiträge
}
feed-new-more = { $count } neue Beiträge oder mehr
feed-seen = Du hast alles seit { $time } gesehen
feed-more = Mehr zeigen
feed-end-title = Das ist alles
feed-end-text = Du bist auf dem neuesten Stand. Hab einen schönen Tag.
feed-empty-title = Hier ist es noch ruhig
feed-empty-text = Hier siehst du, was Familie und Freunde teilen. Fang mit einem Foto oder ein paar Worten an, oder finde Leute, die du kennst.
feed-empty-write = Ersten Beitrag schreiben
feed-empty-friends = Leute finden
feed-public-empty-title = Noch nichts von anderen
feed-public-empty-text = Hier steht, was Leute, mit denen du nicht befreundet bist, mit allen teilen, hier und bei verbundenen Familien. Was du und deine Freunde öffentlich teilen, steht unter Start.
feed-aside = Mehr
feed-aside-all = Alle { $count } Freunde
feed-aside-alone = Freunde sehen, was du mit ihnen teilst, wo immer sie wohnen.

# Beiträge
post = Beitrag
post-by = Beitrag von { $name }
post-menu = Mehr zum Beitrag von { $name }
post-copy-link = Link kopieren
post-edit = Bearbeiten
post-edited = Gespeichert
post-history = Frühere Fassungen
post-delivery = Wo er angekommen ist
post-comments-off = Kommentare ausschalten
post-comments-on = Kommentare einschalten
post-remove-mention = Meine Erwähnung entfernen
post-delete = Löschen
post-deleted = Beitrag gelöscht.
post-deleted-text = Hier ist er weg. Jedem anderen Zuhause wird gesagt, dass es seine Kopie löscht; Hearth tut das, aber zwingen kann es niemand.
post-shared = Geteilt. Sichtbar für: { $audience }
post-refused-kept = Dein Beitrag wurde nicht geteilt und liegt bei deinen Entwürfen. { $reason }
edited = bearbeitet
link-copied = Link kopiert
link-not-copied = Der Link ließ sich nicht kopieren: { $link }
text-more = Mehr zeigen
text-less = Weniger zeigen
text-over = Höchstens { $max } Zeichen
mention-removed = Deine Erwähnung ist entfernt.
history-title = Frühere Fassungen
history-none = Es gibt keine früheren Fassungen, die du sehen darfst.

# Reaktionen
react = Reagieren
react-own = Ein anderes Emoji
react-own-error = Bitte ein einzelnes Emoji
react-do = Nehmen
reactions = Reaktionen
reaction-by = { $emoji } von { $names }
you = dir

# Bilder und Dateien
photos-count = { $count ->
    [one] 1 Foto
   *[other] { $count } Fotos
}
photo-by = Foto von { $name }
video-by = Video von { $name }
photo-open = Öffnen: { $what }
photo-open-of = { $number } von { $count } öffnen: { $what }
photo-on-its-way = Dieses Foto ist noch unterwegs
file-download = { $name } herunterladen, { $size }
viewer-title = Fotos von { $name }
viewer-info = Über dieses Foto
viewer-download = Herunterladen
viewer-previous = Voriges
viewer-next = Nächstes
zoom-in = Größer
zoom-out = Kleiner
media-alt = Was zu sehen ist
media-alt-none = Nicht beschrieben
media-caption = Bildunterschrift
media-file = Datei
media-pixels = Bildpunkte
media-bytes = Größe
alt-title = Bild beschreiben
alt-hint = Für Menschen, die es nicht sehen. Sag in einem Satz, worauf es ankommt.
alt-badge = Text
alt-add = Dieses Bild beschreiben
alt-edit = Beschreibung ändern
caption-hint = Steht unter dem Bild, für alle.
tray = Bilder und Dateien
tray-item = { $name }, { $number } von { $count }. Alt und Pfeiltasten verschieben es.
tray-moved = Jetzt an Stelle { $number } von { $count }
tray-remove = { $name } entfernen
tray-sending = { $name } wird gesendet
tray-failed = Noch einmal
tray-remove-short = Entfernen
tray-refused = Geht nicht
tray-too-large = Diese Datei ist größer als 100 MB. Wähle eine kleinere.
tray-empty = Diese Datei ist leer. Wähle eine andere.
tray-too-many = Hier passen höchstens { $max } Dateien hin. Die übrigen wurden weggelassen.

# Kommentare
comments = Kommentare
comments-all = Alle Kommentare
comments-count = { $count ->
    [one] 1 Kommentar
   *[other] { $count } Kommentare
}
comments-of = { $words }: Beitrag von { $name }
comments-earlier = { $count ->
    [one] 1 früheren Kommentar zeigen
   *[other] { $count } frühere Kommentare zeigen
}
comments-none = Noch keine Kommentare. Schreib etwas Nettes.
comments-off = { $name } hat die Kommentare ausgeschaltet.
comments-off-short = Kommentare aus
comments-not-you = Du kannst das lesen, aber nicht kommentieren.
post-kept = Von einem entfernten Zuhause
post-kept-hint = Das Zuhause, von dem das kam, wurde entfernt. Es ist nur zum Lesen behalten.
comments-now-on = Kommentare sind an
comments-now-off = Kommentare sind aus
comment-do = Kommentieren
comment-by = Kommentar von { $name }
comment-write = Schreib einen Kommentar…
comment-send = Senden
comment-sent = Kommentar gesendet
comment-empty = Schreib etwas oder füge ein Foto hinzu.
comment-reply = Antworten
comment-reply-to = { $name } antworten
comment-edit = Deinen Kommentar bearbeiten
comment-edited = Kommentar gespeichert
comment-menu = Mehr zum Kommentar von { $name }
comment-deleted = Dieser Kommentar wurde gelöscht.
comment-deleted-toast = Kommentar gelöscht.
comment-pending = Wartet auf { $home }
comment-refused = Nicht angenommen
comment-nowhere = Diesen Beitrag gibt es hier nicht mehr. Was du geschrieben hast, wurde nicht gesendet; kopiere es, wenn du es behalten willst.
comment-before-parent = Diese Antwort kam vor ihrem Kommentar an.
comment-continue = { $count ->
    [one] Weiter: noch 1 Antwort
   *[other] Weiter: noch { $count } Antworten
}
comment-fold = { $count ->
    [one] 1 Antwort ausblenden
   *[other] { $count } Antworten ausblenden
}
comment-unfold = { $count ->
    [one] 1 Antwort zeigen
   *[other] { $count } Antworten zeigen
}

# Schreiben
compose-title = Neuer Beitrag
compose-edit-title = Beitrag bearbeiten
compose-text = Was möchtest du teilen?
compose-placeholder = Was möchtest du teilen? Mit @ erwähnst du jemanden.
compose-photos = Fotos und Dateien
compose-drop = Hier loslassen
compose-share = Teilen
compose-share-more = Anders beenden
compose-keep = Als Entwurf behalten
compose-discard = Verwerfen
compose-empty = Schreib etwas oder füge ein Foto hinzu.
compose-kept = Nichts ist verloren: Hier ist alles wieder.
compose-kept-draft = Als Entwurf aufgehoben. Du findest ihn unter „{ $drafts }“, wenn du einen Beitrag schreibst.
compose-kept-edit = Deine Änderung ist als Entwurf aufgehoben. Sie ist wieder da, wenn du den Beitrag noch einmal bearbeitest.
compose-restored = Deine Änderungen vom letzten Mal sind wieder da.
compose-comments-on = Kommentare sind an. Ausschalten
compose-comments-off = Kommentare sind aus. Einschalten
compose-files-failed = { $count ->
    [one] 1 Datei wurde nicht angenommen. Unter den Bildern steht, warum: Versuch es noch einmal, wo das geht, oder entferne sie.
   *[other] { $count } Dateien wurden nicht angenommen. Unter den Bildern steht, warum: Versuch es noch einmal, wo das geht, oder entferne sie.
}
compose-files-refused = { $count ->
    [one] 1 Datei lässt sich nicht teilen. Unter den Bildern steht, warum. Entferne sie, dann teile.
   *[other] { $count } Dateien lassen sich nicht teilen. Unter den Bildern steht, warum. Entferne sie, dann teile.
}
compose-sending-files = { $count ->
    [one] 1 Datei wird gesendet
   *[other] { $count } Dateien werden gesendet
}
compose-waits-files = { $count ->
    [one] Wird geteilt, sobald 1 Datei da ist
   *[other] Wird geteilt, sobald { $count } Dateien da sind
}
audience-to = An
audience-counting = Wird gezählt…
audience-uncounted = Wird gezählt, wenn dein Zuhause wieder antwortet
audience-nobody = noch niemand
audience-nobody-long = Im Moment sieht das außer dir niemand.
audience-people-here = { $people ->
    [one] 1 Person in diesem Zuhause
   *[other] { $people } Leute in diesem Zuhause
}
audience-people-there = { $people ->
    [one] 1 Person in einem anderen Zuhause
   *[other] { $people } Personen in einem anderen Zuhause
}
audience-homes = { $homes ->
    [one] alle eines verbundenen Zuhauses
   *[other] alle von { $homes } verbundenen Familien
}
audience-people-homes = { $people ->
    [one] 1 Person, { $homes } Zuhause
   *[other] { $people } Leute, { $homes } Zuhause
}
audience-names = Wer es sieht
audience-more = und { $count } weitere
audience-loses = Nicht mehr sichtbar für { $names }. Kopien anderswo werden zurückverlangt: Ob sie verschwinden, liegt am Zuhause dort.
audience-gains = Neu sichtbar für { $names }.
mention-list = Leute zum Erwähnen
mention-none = Niemand mit diesem Namen könnte es sehen.
mention-outside = { $names } kann das nicht sehen und erfährt nichts davon.
drafts = Entwürfe
drafts-count = { $count ->
    [one] 1 Entwurf
   *[other] { $count } Entwürfe
}
draft-saving = Wird gespeichert…
draft-saved = Entwurf gespeichert
draft-not-saved = Noch nicht gespeichert. Es wird wieder versucht.
draft-refused = So bewahrt dein Zuhause es nicht auf. Es bleibt in diesem Browser.
draft-no-words = Ohne Worte
draft-delete = Diesen Entwurf löschen
draft-discarded = Entwurf verworfen.
draft-back = Dein Entwurf ist wieder in der Liste.
stale-title = Das wurde inzwischen geändert. Jetzt steht da:
stale-take = Das übernehmen
stale-mine = Bei meinem bleiben

# Zustellung
delivery-title = Wo er angekommen ist
delivery-intro = Was du teilst, liegt hier und geht an jedes Zuhause deiner Leser, sobald es erreichbar ist.
delivery-only-here = Er bleibt auf diesem Zuhause: Anderswo soll ihn niemand sehen.
delivery-state-delivered = Angekommen
delivery-state-waiting = Wartet
delivery-state-refused = Abgelehnt
delivery-state-taking-back = Wird zurückgeholt
delivery-is-taken-back = Er wird aus { $home } zurückgeholt. Das geht von selbst hinaus, sobald dieses Zuhause erreichbar ist; bis es geantwortet hat, kann der Beitrag dort noch gelesen werden.
delivery-readers = { $count ->
    [one] 1 Person liest mit
   *[other] { $count } Leute lesen mit
}
delivery-try-now = Jetzt versuchen
delivery-tried = Wird noch einmal versucht
delivery-next-now = Wird gerade versucht
delivery-next-seconds = Nächster Versuch in { $count } s
delivery-next-minutes = Nächster Versuch in { $count } min
delivery-next-at = Nächster Versuch { $time }
delivery-paused = Dein Zuhause sendet bis { $time } nichts. Danach geht es von selbst weiter.
delivery-reason-waiting = Er ist hier gespeichert und geht von selbst hinaus.
delivery-reason-overtaken = Es kam zu spät an, um dort zu erscheinen: Worauf es sich bezieht, war dort schon gelöscht, oder niemand dort darf es noch sehen.
delivery-reason-waiting-there = { $home } hebt es auf, bis da ist, worauf es sich bezieht, und zeigt es dann. Kommt das in 30 Tagen nicht, wird es dort verworfen.
delivery-reason-home-unreachable = { $home } schläft oder ist weg. Er geht von selbst hinaus, wenn es wieder da ist.
delivery-reason-not-authorised = { $home } nimmt das nicht von dir an. Frag dort, ob ihr noch befreundet seid.
delivery-reason-waited-too-long = Worauf er sich bezieht, kam in 30 Tagen nicht zu { $home }, darum wurde er dort verworfen. Ist es inzwischen da, schreib ihn neu.
delivery-reason-id-not-yours = { $home } hält ihn für den von jemand anderem: Er trägt eine Kennung, die nicht deine ist. Lösch ihn und schreib ihn neu.
delivery-reason-too-many-strangers = Über dein Zuhause hat { $home } schon so viele Menschen kennengelernt, wie es von einem einzigen annimmt; dich kennt es noch nicht. Darum kommt er dort nicht an.
delivery-reason-not-connected = { $home } ist nicht mehr mit deinem Zuhause verbunden.
delivery-reason-paused = Das Senden an { $home } ist angehalten.
delivery-reason-rate-limited = { $home } bat um etwas Geduld. Er geht von selbst hinaus.
delivery-reason-clock-skew = Die Uhren der beiden Zuhause gehen mehr als fünf Minuten auseinander. Prüf die Zeit auf beiden.
delivery-reason-unreachable = { $home } schläft oder ist weg. Er geht von selbst hinaus, wenn es wieder da ist.
delivery-reason-timeout = { $home } hat zu lange mit der Antwort gewartet. Er geht von selbst hinaus, wenn es wieder schneller ist.
delivery-reason-connection-lost = Die Verbindung zu { $home } ist abgebrochen. Er geht beim nächsten Versuch von selbst hinaus.
delivery-reason-wrong-node = An der Adresse von { $home } antwortet etwas anderes. Er wartet hier: Frag dort nach, wo ihr Zuhause jetzt ist.
delivery-reason-no-address = Von { $home } ist keine Adresse bekannt. Er geht von selbst hinaus, wenn es danach fragt oder eine neue Einladung eine Adresse bringt.
delivery-reason-malformed = Die Antwort von { $home } ergab keinen Sinn. Eines der beiden Zuhause braucht vielleicht eine Aktualisierung; er wartet hier.
delivery-reason-too-large = { $home } hat mehr geschickt, als auf einmal angenommen wird. Sein Hearth braucht vielleicht eine Aktualisierung; er wartet hier.
delivery-reason-internal = Bei { $home } ist etwas kaputtgegangen. Er geht bei einem späteren Versuch von selbst hinaus.
delivery-reason-storage-error = Dein Zuhause konnte nicht lesen oder speichern. Prüf den Datenträger; danach geht er von selbst hinaus.
delivery-reason-bad-signature = { $home } konnte nicht beweisen, wer es ist, darum wurde nichts gesendet. Wenn es so bleibt, verbindet die beiden neu.
delivery-reason-replayed = { $home } hielt ihn für etwas, das schon da war. Es wird von selbst wieder versucht.
delivery-reason-wrong-destination = An der Adresse von { $home } antwortet ein anderes Zuhause. Er wartet hier: Frag dort nach, wo ihr Zuhause jetzt ist.
delivery-reason-unsupported-version = { $home } hat eine andere Version von Hearth. Eines der beiden braucht eine Aktualisierung; er wartet hier.
delivery-reason-version-mismatch = { $home } hat eine andere Version von Hearth. Eines der beiden braucht eine Aktualisierung; er wartet hier.
delivery-reason-out-of-scope = Die Verbindung mit { $home } umfasst das nicht. Verbindet die beiden ganz, um es dort zu teilen.
delivery-reason-invalid-activity = { $home } konnte ihn nicht verstehen. Eines der beiden Zuhause braucht vielleicht eine Aktualisierung.
delivery-reason-unsupported-type = { $home } kennt diese Art noch nicht. Sein Hearth braucht eine Aktualisierung.
delivery-reason-sequence-gap = Die beiden Zuhause haben sich verzählt. Sie fangen von selbst da wieder an, wo es passt.
delivery-reason-epoch-changed = Eines der beiden Zuhause wurde aus einem älteren Stand wiederhergestellt. Sie vergleichen, was sie haben, dann geht er von selbst hinaus.
delivery-reason-cloned = Eine andere Kopie deines Zuhauses läuft gleichzeitig. Schalte eine der beiden aus; dann geht er von selbst hinaus.
delivery-reason-not-found = { $home } kennt nicht, wozu das gehört. Vielleicht wurde es dort gelöscht.
delivery-reason-unavailable = { $home } ist beschäftigt oder startet gerade. Er geht bei einem späteren Versuch von selbst hinaus.
delivery-reason-other = { $home } konnte das nicht annehmen. Versuch es noch einmal; wenn es so bleibt, sag dort Bescheid.

# Profile
profile = Profil
profile-yours = Dein Profil
profile-parts = Teile des Profils
profile-posts = Beiträge
profile-about = Über
profile-friends = Freunde
profile-photos = Neueste Fotos
profile-menu = Mehr
profile-your-home = wohnt bei dir
profile-mutual = Auch befreundet mit { $names }
profile-mutual-badge = Mit dir befreundet
profile-posts-of = Beiträge von { $name }
profile-posts-none = { $name } hat noch nichts geteilt
profile-posts-none-mine = Du hast noch nichts geteilt
profile-posts-none-mine-text = Ein Foto oder ein paar Worte: Hier stehen deine Beiträge für alle, die sie sehen dürfen.
profile-posts-hidden = Hier ist noch nichts zu sehen
profile-posts-hidden-text = Was { $name } mit Freunden teilt, siehst du, wenn ihr befreundet seid.
profile-friends-hidden = Diese Liste ist für dich nicht sichtbar
profile-friends-none = Noch keine Freunde zu zeigen
profile-rename = Deinen Namen ändern
profile-name = Dein Name
profile-name-hint = So, wie ihn Familie und Freunde sehen.
profile-name-empty = Gib einen Namen ein.
profile-picture-open = Das Bild von { $name } ansehen
profile-picture-change = Dein Bild ändern
profile-picture-remove = Dein Bild entfernen
picture-changed = Dein Bild ist geändert.
picture-removed = Dein Bild ist entfernt.
picture-unreadable = Dieses Bild lässt sich hier nicht lesen. Wähle ein JPEG, PNG, GIF oder WebP.
crop-title = Dein Bild
crop-frame = Der Teil, der gezeigt wird. Pfeiltasten verschieben ihn, Plus und Minus ändern seine Größe.
crop-zoom = Größe
crop-done = So nehmen
saved = Gespeichert
about-own-hint = Du entscheidest für jede Zeile, wer sie sieht. Drück auf eine Zeile, um sie zu ändern.
about-none-title = { $name } behält das für sich
about-none-text = Es ist nichts eingetragen, das du sehen darfst.
about-findable = Verbundene Zuhause können mich finden
about-findable-hint = Leute verbundener Zuhause sehen deinen Namen und können dich um Freundschaft bitten.
field-picture = Bild
field-picture-hint = Wer dein Bild sieht.
field-username = Anmeldename
field-birthday = Geburtstag
field-birth-year = Geburtsjahr
field-hometown = Heimatort
field-occupation = Beruf
field-bio = Über mich
field-website = Website
field-email = E-Mail
field-phone = Telefon
field-address = Adresse
field-friend-list = Freunde
field-friend-list-hint = Wer in deinem Zuhause sieht, mit wem du befreundet bist. Die Liste bleibt hier: Freunde, die anderswo wohnen, sehen sie nicht.
field-empty = Nicht eingetragen
field-add = Eintragen: { $name }
field-edit = Bearbeiten: { $name }
field-audience = Wer es sieht: { $name }

# Freunde
friend-add = Befreunden
friend-add-name = { $name } um Freundschaft bitten
friend-requested = Angefragt
friend-requested-name = Du hast { $name } gefragt
friend-cancel = Zurücknehmen
friend-cancel-name = Deine Anfrage an { $name } zurücknehmen
friend-accept = Annehmen
friend-accept-name = { $name } annehmen
friend-decline = Ablehnen
friend-decline-name = { $name } ablehnen
friend-is = Befreundet
friend-is-name = Du und { $name } seid befreundet
friend-remove = Freundschaft beenden
friend-now = Du und { $name } seid jetzt befreundet.
friend-asked = { $name } ist gefragt. Du hörst es, wenn eine Antwort da ist.
friend-declined = Abgelehnt. { $name } erfährt es nicht.
friend-cancelled = Deine Anfrage an { $name } ist zurückgenommen.
friend-ended = Du und { $name } seid nicht mehr befreundet.
friends-find = Nach Name oder Zuhause suchen
friends-yours = { $count ->
    [one] 1 Freund
   *[other] { $count } Freunde
}
friends-others = Leute, die du kennen könntest
friends-others-hint = Aus diesem Zuhause und jedem, mit dem es verbunden ist.
friends-none-yet = Du hast hier noch keine Freunde. Frag unten jemanden.
friends-nobody = Niemand gefunden für „{ $query }“
friends-nobody-hint = Hier stehen die Leute dieses Zuhauses und die aus verbundenen, die sich finden lassen. Wer fehlt, kann es dort unter Einstellungen, Privatsphäre erlauben.
friends-empty-title = Noch niemand hier
friends-empty-text = Freunde wohnen in diesem Zuhause oder in anderen. Verbinde dich mit dem Zuhause einer anderen Familie, um dort Freunde zu finden.
requests = Anfragen
request-new = Neu
request-title = { $name } fragen
request-what = Nach dem Annehmen seht ihr, was der andere mit Freunden teilt.
request-note = Ein paar Worte (wenn du magst)
request-send = Fragen
requests-in = Warten auf deine Antwort
requests-out = Warten auf eine Antwort an dich
requests-out-hint = Die anderen entscheiden in Ruhe.
requests-empty-title = Keine offenen Anfragen
requests-empty-text = Wenn jemand mit dir befreundet sein möchte, steht es hier.
requests-empty-do = Leute finden
