# Verbinden, Zustand, Mitteilungen.

pair-intro = Verbinde dein Zuhause mit dem von Menschen, denen du vertraust. Dann finden sich Freunde, und Beiträge gehen direkt von Zuhause zu Zuhause.
pair-invite-title = Ein Zuhause einladen
pair-invite-text = Du machst eine Einladung und gibst sie jemandem, der ein anderes Zuhause betreibt: als Code zum Scannen, als Link oder als Datei.
pair-invite-do = Einladung machen
pair-accept-title = Ich habe eine Einladung
pair-link = Link der Einladung
pair-link-hint = Beginnt mit hearth://i/. Die ganze Nachricht geht auch.
pair-link-missing = Füg erst den Link ein, oder wähle die Datei.
pair-open = Einladung ansehen
pair-choose-file = Datei oder Bild des Codes wählen
pair-drop = oder hier ablegen oder einfügen
pair-picture-no-code = Auf diesem Bild ist kein Code zu erkennen. Nimm eines von näher, gerade und scharf, oder bitte um den Link.
pair-picture-unread = Dieses Bild lässt sich hier nicht öffnen. Schick es als PNG oder JPEG oder bitte um den Link.
pair-invite-opened = Eine Einladung
pair-admins-only = Nur wer dieses Zuhause betreibt, kann es verbinden
pair-admins-only-text = Frag die Person, die es eingerichtet hat.
pair-pending = { $home } wartet, bis ihr die Sicherheitswörter verglichen habt.
pair-compare = Wörter vergleichen
pair-step-invite = Einladen
pair-step-look = Ansehen
pair-step-compare = Wörter vergleichen
pair-step-done = Verbunden
pair-preview-title = Ein Zuhause lädt deines ein
pair-preview-text = Bis jetzt wurde nichts dorthin gesendet. Von wem eine Einladung ist, steht nicht darin: Du weißt, von wem du sie hast. Den Namen siehst du beim Vergleichen der Wörter.
pair-preview-until = Gilt bis
pair-preview-shared = Was geteilt wird
pair-preview-shared-text = Die Namen beider Zuhause und der Personen, die sie verbinden, und was Leute öffentlich teilen. Alles andere geht nur an Freunde.
pair-preview-known = Dieses Zuhause ist schon verbunden. Wenn du annimmst, wird die Verbindung erneuert; nichts geht verloren.
pair-preview-nothing = Wenn du verbindest, meldet sich dein Zuhause bei dem anderen unter diesen Adressen.
pair-connect = Verbinden
pair-connecting = Wird verbunden
pair-not-now = Nicht jetzt
pair-other-invite = Andere Einladung nehmen
pair-next-expired = Bitte um eine neue: Sie ist schnell gemacht.
pair-next-used = Jede Einladung gilt einmal. Ist die Verbindung beim Öffnen abgebrochen, zeigt das andere Zuhause deines vielleicht schon, und doch sind die beiden nicht verbunden: Bitte um eine neue, sie ersetzt die erste.
pair-next-own = Schick sie der Person, die das andere Zuhause betreibt; sie öffnet sie dort.
pair-next-invalid = Kopiere den ganzen Link, von hearth:// bis zum Ende, oder wähle die Datei.
pair-next-unreachable = Ist der andere Rechner an und verbunden? Versucht wurde: { $addresses }. Von außerhalb seines Netzes braucht das andere Zuhause eine Adresse, die aus dem Internet erreichbar ist.
pair-next-clock = Auf diesem Rechner ist es { $time }. Stimmt das, geht die andere Uhr falsch.
pair-next-version = Das ältere der beiden Zuhause braucht eine Aktualisierung. Die Einladung gilt so lange weiter, bis ihre Zeit um ist.
pair-next-identity = Unter dieser Adresse hat jemand anderes geantwortet. Bitte um eine neue Einladung und geht die Adressen zusammen durch.
pair-words-title = Stimmen diese Wörter überein?
pair-words-text = Ruf die Person bei { $home } an und lest euch die Wörter vor.
pair-words-label = Sicherheitswörter
pair-words-how = Der andere Bildschirm muss dieselben fünf Wörter in derselben Reihenfolge zeigen. Dann hört niemand dazwischen mit.
pair-words-language = Ein Fenster in einer anderen Sprache zeigt die Wörter in dieser. Schalt dann hier um, bis ihr beide in derselben Sprache lest.
pair-words-in-english = Die englischen Wörter zeigen
pair-words-in-german = Die deutschen Wörter zeigen
pair-same = Sie stimmen überein
pair-not-same = Nicht gleich
pair-done-said = Verbunden.
pair-not-same-title = Die Wörter sind verschieden: Die Verbindung wurde getrennt
pair-not-same-text = Nichts wurde geteilt, und die Einladung gilt nicht mehr. Meist hat einer von euch auf eine andere Einladung geschaut. Es kann aber auch jemand dazwischen gewesen sein.
pair-not-same-1 = Mach eine neue Einladung und gib sie auf anderem Weg weiter: persönlich oder mit einem Messenger, dem du traust.
pair-not-same-2 = Sind die Wörter wieder verschieden, verbindet euch nicht über dieses Netz.
pair-cut-title = { $home } hat die Verbindung beendet
pair-cut-words = Dort hieß es, die Wörter sind nicht gleich. Jetzt ist nichts mehr verbunden, und die Einladung gilt nicht mehr. Meist hat einer von euch auf eine andere Einladung geschaut. Es kann aber auch jemand dazwischen gewesen sein.
pair-cut-text = Sie endete, während du hier warst: Nichts ist mehr verbunden, und die Einladung gilt nicht mehr. Ruft euch an: Hieß es dort, die Wörter sind nicht gleich, dann nehmt sie nicht als gleich.
pair-new-invite = Neue Einladung machen
pair-to-health = Zum Zustand
pair-connected-title = Du bist mit { $home } verbunden
pair-connected-text = Ihr beide, die ihr sie verbunden habt, findet euch jetzt. Alle anderen werden dort erst gefunden, wenn sie es wollen: Das entscheidet jeder selbst, hier oder unter Einstellungen, Privatsphäre. Geteilt wird erst etwas, wenn zwei befreundet sind, außer dem, was öffentlich ist.
pair-add-contact = { $name } als Freund hinzufügen
pair-asked = { $name } ist gefragt
pair-to-friends = Zu deinen Freunden
pair-close = Fertig

invite-intro = Mit einer Einladung kann sich ein anderes Zuhause mit deinem verbinden.
invite-step-1 = Mach sie und gib sie der Person, die das andere Zuhause betreibt.
invite-step-2 = Sie öffnet sie in ihrem Hearth.
invite-step-3 = Ihr vergleicht fünf Wörter, zum Beispiel am Telefon. Dann sind beide verbunden.
invite-for = Gilt
invite-15-minutes = 15 Minuten
invite-hour = 1 Stunde
invite-two-days = 2 Tage
invite-week = 1 Woche
invite-create = Einladung machen
invite-made = Die Einladung ist fertig.
invite-qr = Code der Einladung, zum Scannen mit dem anderen Zuhause
invite-valid = Gilt noch
invite-over = Ihre Zeit ist um. Mach eine neue.
invite-how = Lass die andere Person den Code scannen, oder schick ihr den Link oder die Datei.
invite-link = Link
invite-copy = Link kopieren
invite-save = Als Datei sichern
invite-cancel = Zurückziehen
invite-cancelled = Die Einladung ist zurückgezogen
invite-once = Sie gilt einmal und ist nur jetzt zu sehen. Wer sie hat, kann um die Verbindung bitten; schick sie also sonst niemandem.
invite-waiting = Wartet auf das andere Zuhause. Du kannst diese Seite verlassen; die Wörter warten dann beim Zustand.
invite-open = Offene Einladungen
invite-open-hint = Früher gemacht, noch nicht benutzt.
invite-made-at = Gemacht

health-good = Alles in Ordnung
health-good-alone = Dein Zuhause läuft. Es ist noch mit keinem anderen verbunden.
health-good-text = Alles ist angekommen.
health-asleep = { $home } schläft
health-asleep-many = { $count ->
    [one] 1 Zuhause schläft
   *[other] { $count } Zuhause schlafen
}
health-pending = { $home } ist noch nicht ganz verbunden
health-pending-text = Vergleicht noch die Sicherheitswörter.
health-compare = Die Wörter mit { $home } sind noch nicht verglichen
health-compare-text = Ihr seid verbunden, aber erst dieselben fünf Wörter auf beiden Seiten zeigen, dass niemand dazwischen ist. Vergleicht sie unten.
health-shut-out = { $home } nimmt nichts von deinem Zuhause an
health-shut-out-text = Es antwortet, lässt dein Zuhause aber nicht ein: Vielleicht hat es dieses blockiert oder kennt es nicht mehr. Was dafür wartet, bleibt hier.
health-waiting = Etwas wartet
health-nothing-waits = Es wartet nichts darauf. Die Verbindung kommt von selbst wieder.
health-things-wait = { $count ->
    [one] 1 Sache wartet und geht von selbst hinaus.
   *[other] { $count } Sachen warten und gehen von selbst hinaus.
}
health-pause = Senden 1 Stunde anhalten
health-pause-said = Bis { $time } wird nichts gesendet.
health-paused = Das Senden ist angehalten bis { $time }
health-paused-text = Was hier geschrieben wird, wartet und geht danach von selbst hinaus. Was andere Zuhause senden, kommt weiter an.
health-resume = Jetzt wieder senden
health-resumed = Was wartete, geht jetzt hinaus.
health-trouble = Etwas braucht dich
health-refused = { $count ->
    [one] { $home } hat 1 Sache abgelehnt. Sie bleibt hier; der Grund steht unten.
   *[other] { $home } hat { $count } Sachen abgelehnt. Sie bleiben hier; der Grund steht unten.
}
health-homes = Verbundene Zuhause
health-connect = Zuhause verbinden
health-no-homes = Noch mit keinem verbunden
health-no-homes-text = Dein Zuhause läuft für sich. Verbinde es mit dem von Familie oder Freunden, um mit ihnen zu teilen.
health-parts = Dieses Zuhause
health-database = Datenbank
health-database-ok = In Ordnung, { $size }
health-database-bad = Sie ist nicht zu lesen. Prüfe die Festplatte und starte Hearth neu.
health-disk = Festplatte
health-disk-ok = { $size } frei
health-disk-low = Nur noch { $size } frei. Schaff Platz; bis dahin werden keine neuen Bilder angenommen.
health-clock = Uhr
health-clock-ok = Wie anderswo
health-clock-alone = Wird mit anderen verglichen, sobald ein Zuhause verbunden ist
health-clock-off = { $count ->
    [one] 1 Minute Abstand zu einem verbundenen Zuhause. Prüft die Uhren beider Rechner.
   *[other] { $count } Minuten Abstand zu einem verbundenen Zuhause. Prüft die Uhren beider Rechner.
}
health-listener = Für andere Zuhause
health-listener-ok = Offen unter { $address }
health-listener-off = Geschlossen: Andere erreichen dieses Zuhause nicht, es erreicht nur sie.
health-access = Für deine eigenen Geräte
health-access-off = Aus: für Handys und andere Rechner ist nichts offen.
health-access-ok = { $count ->
    [one] Offen an Port { $port }; das Zertifikat gilt noch { $count } Tag.
   *[other] Offen an Port { $port }; das Zertifikat gilt noch { $count } Tage.
}
health-access-old = { $count ->
    [0] Das Zertifikat, dem deine Geräte vertrauen, ist abgelaufen. Schalte den Zugang unter Einstellungen, Geräte aus und wieder ein: Dann entsteht ein neues, dem jedes Gerät einmal vertrauen muss.
    [one] Das Zertifikat, dem deine Geräte vertrauen, läuft in { $count } Tag ab. Schalte den Zugang unter Einstellungen, Geräte aus und wieder ein: Dann entsteht ein neues, dem jedes Gerät einmal vertrauen muss.
   *[other] Das Zertifikat, dem deine Geräte vertrauen, läuft in { $count } Tagen ab. Schalte den Zugang unter Einstellungen, Geräte aus und wieder ein: Dann entsteht ein neues, dem jedes Gerät einmal vertrauen muss.
}
health-access-shut = Handys und andere Rechner kommen nicht herein: Port { $port } lässt sich nicht verwenden. Wähle unter Einstellungen, Geräte einen anderen, oder beende das Programm, das ihn belegt, und starte Hearth neu.
health-provider = Modell-Server
health-provider-none = Keiner eingerichtet
health-provider-ok = { $count ->
    [one] 1 eingerichtet
   *[other] { $count } eingerichtet
}
health-provider-off = { $count ->
    [one] 1 gibt keine Antworten
   *[other] { $count } geben keine Antworten
}
health-secrets = Schlüssel
health-secrets-passphrase = Mit deiner Passphrase verschlüsselt
health-secrets-keychain = Verschlüsselt, mit dem Schlüssel im Schlüsselbund dieses Rechners
health-secrets-file = Verschlüsselt, mit dem Schlüssel auf diesem Rechner
health-secrets-bad = Die Schlüssel sind nicht zu lesen. Hol die Schlüsseldatei aus deiner Sicherung zurück.
health-mending = Verlorenes kommt zurück
health-cloned = Zwei Kopien von { $home } laufen gleichzeitig. Eine der beiden muss ausgeschaltet werden.
health-given-up = Der Vergleich mit { $home } wurde abgebrochen: Es hatte immer noch mehr zu sagen. Frag dort, ob mit ihrem Hearth alles stimmt.
health-restored-name = Wiederhergestellt
health-restored = Dieses Zuhause wurde aus einem älteren Stand wiederhergestellt. Was verloren ging, geben verbundene Zuhause zurück: { $done } von { $homes } fertig.
health-restored-done = Dieses Zuhause wurde aus einem älteren Stand wiederhergestellt. Was verbundene Zuhause aufgehoben hatten, ist zurück.
health-restored-aside = { $count ->
    [one] Dieses Zuhause wurde aus einem älteren Stand wiederhergestellt. Was verbundene Zuhause aufgehoben hatten, ist zurück, bis auf 1 Sache, die nicht genommen werden konnte.
   *[other] Dieses Zuhause wurde aus einem älteren Stand wiederhergestellt. Was verbundene Zuhause aufgehoben hatten, ist zurück, bis auf { $count } Sachen, die nicht genommen werden konnten.
}
home-cloned = Zwei Kopien dieses Zuhauses laufen gleichzeitig, deshalb wird von keiner etwas genommen. Schalte eine der beiden aus.
home-restored = Es wurde aus einem älteren Stand wiederhergestellt. Was ihm fehlt, bekommt es zurück.
home-fetching = Was hier verloren ging, wird von dort geholt.
home-claims = Es sagt, dass die Daten hier älter sind als das, was es davon kennt. Was fehlt, wird von dort geholt; andere Zuhause merken davon nichts. Wenn dieses Zuhause nicht aus einer älteren Kopie zurückgespielt wurde und keine Kopie davon anderswo läuft, liegt der Fehler bei jenem: Sag es den Leuten dort, oder blockiere es, wenn es nicht aufhört.
home-given-up = Nach einer Wiederherstellung wurde der Vergleich mit diesem Zuhause abgebrochen: Es hatte immer noch mehr zu sagen. Was es bis dahin gesagt hat, wurde genommen. Frag dort, ob mit ihrem Hearth alles stimmt.
home-fetches = Es lässt sich von hier nicht anrufen. Was für es bestimmt ist, holt es selbst ab, und was für dich ist, bringt es.
health-part-ok = In Ordnung
health-part-bad = Braucht einen Blick
health-level-ok = In Ordnung
health-level-waiting = Wartet
health-level-trouble = Braucht dich
health-kept = Behalten, was von anderswo kam
health-kept-hint = Wer es sehen konnte, als das Zuhause entfernt wurde, kann es weiter lesen.
health-kept-posts = { $count ->
    [one] Ein Beitrag
   *[other] { $count } Beiträge
}
health-kept-files = { $count ->
    [one] { $posts }, ein Bild oder eine Datei ({ $size })
   *[other] { $posts }, { $count } Bilder und Dateien ({ $size })
}
health-kept-erase = Löschen
health-kept-erase-of = Löschen, was von { $name } behalten ist
health-kept-erase-title = Löschen, was von { $name } behalten ist?
health-kept-erase-text = Die Beiträge, Kommentare und Bilder von { $name }, die hier behalten sind, sind dann für alle in diesem Zuhause weg. Das lässt sich nicht zurücknehmen.
health-kept-erased = Gelöscht, was von { $name } behalten war
health-copies = Kopien von Dateien anderer Zuhause
health-copies-hint = Bilder und Dateien, die dein Zuhause geholt hat, damit sie gleich aufgehen. Was am längsten nicht benutzt wurde, geht zuerst und wird wieder geholt, wenn jemand es ansieht.
health-copies-used = { $used } von { $allowed }
health-copies-room = Platz für Kopien
health-copies-room-hint = In GB, zum Beispiel 5 oder 0,5. Bei 0 bleibt keine.
health-copies-edit = Ändern
health-copies-saved = Gespeichert. Was darüber war, ist gelöscht.
health-copies-wrong = Gib eine Zahl von 0 bis 100000 GB ein.
health-reach = Wie andere dieses Zuhause erreichen
health-reach-hint = Diese Adressen stehen in deinen Einladungen.
health-no-address = Keine Adresse ist bekannt. Andere sind von hier aus erreichbar, aber nicht umgekehrt.
health-addresses = Adressen
health-addresses-hint = Eine je Zeile, als Name:Port oder IP:Port, bis zu 8.
health-addresses-edit = Ändern
health-addresses-saved = Adressen gesichert

home-state-ok = Wach
home-state-fetches = Holt selbst ab
home-state-asleep = Schläft
home-state-shut-out = Nimmt nichts an
home-state-pending = Noch nicht verglichen
home-state-blocked = Blockiert
home-state-removed = Entfernt
home-state-trouble = Braucht dich
home-own-name = Nennt sich { $name }
home-contact = Verbunden über { $name }
home-menu = Was mit { $name } geschehen soll
home-rename = Spitzname
home-block = Blockieren
home-unblock = Freigeben
home-remove = Entfernen
home-last-contact = Letzter Kontakt
home-never = Noch keiner
home-waiting = Noch zu senden
home-nothing = Nichts
home-items = { $count ->
    [one] 1 Sache
   *[other] { $count } Sachen
}
home-refused = Abgelehnt
home-clock = Seine Uhr
home-clock-ahead = { $count ->
    [one] geht 1 Minute vor
   *[other] geht { $count } Minuten vor
}
home-clock-behind = { $count ->
    [one] geht 1 Minute nach
   *[other] geht { $count } Minuten nach
}
home-next-try = Nächster Versuch in
home-version = Version
home-try-now = Jetzt versuchen
home-tried = Versucht.
home-aside = Was wartet
home-aside-title = Zwischen hier und { $name }
home-aside-nothing = Nichts wartet, und nichts wurde abgelehnt.
home-aside-outgoing = Wartet darauf, dorthin zu gehen
home-aside-refused-there = Dort abgelehnt
home-aside-incoming = Kam von dort, wartet hier auf das, wozu es gehört
home-aside-refused-here = Kam von dort, wurde hier nicht angenommen
home-aside-more = { $count ->
    [one] und 1 weiteres
   *[other] und { $count } weitere
}
home-aside-hint = Nur die Art der Sache. Was geschrieben wurde, können nur die lesen, für die es ist.
home-thing-post = Beitrag
home-thing-comment = Kommentar
home-thing-reaction = Reaktion
home-thing-profile = Profil
home-thing-friendship = Freundschaft
home-thing-home = Was das Zuhause von sich sagt
home-thing-post-edit = Änderung eines Beitrags
home-thing-post-deletion = Löschung eines Beitrags
home-thing-post-retraction = Bitte, Kopien von Beiträgen zu löschen
home-thing-post-comments = Kommentare eines Beitrags an oder aus
home-thing-comment-edit = Änderung eines Kommentars
home-thing-comment-deletion = Löschung eines Kommentars
home-thing-mention = Name aus einem Beitrag oder Kommentar genommen
home-thing-profile-deletion = Löschung eines Kontos
home-thing-other = Etwas aus einer anderen Version
home-details = Einzelheiten
home-addresses = Adressen
home-id = Kennung
home-since = Verbunden seit
home-error-unreachable = Es antwortet nicht: Vielleicht ist es aus, oder seine Adresse ist eine andere. Alles ist gespeichert und geht von selbst hinaus.
home-error-connection-lost = Die Verbindung ist abgebrochen. Es wird von selbst wieder versucht.
home-error-timeout = Es hat zu lange mit der Antwort gewartet. Es wird von selbst wieder versucht.
home-error-wrong-node = An seiner Adresse antwortet etwas anderes. Frag dort nach, wo ihr Zuhause jetzt ist.
home-error-no-address = Keine Adresse davon ist bekannt. Es holt selbst, was auf es wartet, oder eine neue Einladung bringt eine.
home-error-malformed = Seine Antwort ergab keinen Sinn. Eines der beiden Zuhause braucht vielleicht eine Aktualisierung.
home-error-too-large = Es wurde mehr geschickt, als auf einmal angenommen wird. Warte, bis das davor beantwortet ist; vielleicht braucht eines der beiden Zuhause eine Aktualisierung.
home-error-unsupported-version = Es hat eine andere Version von Hearth. Eines der beiden braucht eine Aktualisierung.
home-error-rate-limited = Es hat um eine Pause gebeten. Es wird von selbst wieder versucht.
home-error-sequence-gap = Die beiden Zuhause haben sich verzählt und fangen da wieder an, wo es passt.
home-error-unavailable = Es ist beschäftigt oder startet gerade. Es wird von selbst wieder versucht.
home-error-internal = Dort ist etwas kaputtgegangen. Es wird von selbst wieder versucht.
home-error-not-connected = Es antwortet, nimmt von diesem Zuhause aber nichts an: Vielleicht wurde es dort blockiert, oder eines der beiden wurde aus einer Kopie zurückgespielt, die älter ist als eure letzte Verbindung. Was hier ist, bleibt. Frag dort nach: Ist deines blockiert, können sie das zurücknehmen; sonst öffne hier eine neue Einladung von dort, dann geht alles da weiter, wo es war.
home-error-unknown = Der letzte Versuch ging nicht ({ $code }). Es wird von selbst wieder versucht.
home-nickname = Wie du es nennst
home-nickname-hint = Nur die Leute in deinem Zuhause sehen das. Leer zeigt seinen eigenen Namen.
home-unblocked = { $name } ist freigegeben und holt auf
home-blocked = { $name } ist blockiert
home-block-title = { $name } blockieren?
home-block-1 = Nichts geht mehr dorthin oder kommt von dort.
home-block-2 = Was von dort kam, ist verborgen, nicht gelöscht.
home-block-3 = Du kannst es jederzeit freigeben; dann holen beide auf.
home-renew-keys = Schlüssel erneuern
home-keys-renewing = Neue Schlüssel werden mit { $name } vereinbart.
home-keys-renewed = Du und { $name } benutzt jetzt neue Schlüssel
home-removed = { $name } ist entfernt
home-remove-title = { $name } entfernen?
home-remove-text = Die Verbindung endet auf beiden Seiten. Freundschaften mit Leuten dort enden. Das andere Zuhause wird gebeten, zu löschen, was es von hier hat. Für eine neue Verbindung braucht es eine neue Einladung.
home-remove-password = Dein Passwort
home-remove-wrong = Das Passwort stimmt nicht.
home-remove-copies = Was Leute dort geteilt haben
home-remove-erase = Hier löschen
home-remove-erase-hint = Wie üblich: Es war geteilt, solange ihr verbunden wart.
home-remove-keep = Behalten, nur zum Lesen
home-remove-keep-hint = Wer es jetzt sehen kann, sieht es weiter. Niemand kann es kommentieren oder darauf reagieren, und du kannst es später löschen.

notice-empty-title = Alles gesehen
notice-empty-text = Wenn dir jemand antwortet, mit dir befreundet sein möchte oder dich erwähnt, steht es hier.
notice-mark-all = Alle als gelesen markieren
notice-mark-read = Als gelesen markieren
notice-new = Neu
notice-settings = Einstellungen der Mitteilungen
notice-more = Ältere zeigen
notice-accept = Annehmen
notice-decline = Nein
notice-now-friends = Du und { $name } seid Freunde
notice-declined = Abgelehnt. { $name } erfährt es nicht.
notice-somebody = Jemand
notice-a-home = Ein Zuhause
notice-two = { $first } und { $second }
notice-many = { $count ->
    [one] { $first }, { $second } und 1 weitere Person
   *[other] { $first }, { $second } und { $count } weitere
}
notice-friend-request = { $names } möchte mit dir befreundet sein
notice-friend-accepted = { $names } hat angenommen: Ihr seid jetzt Freunde
notice-friend-post = { $count ->
    [one] { $names } hat etwas geteilt
   *[other] { $names } haben etwas geteilt
}
notice-comment = { $count ->
    [one] { $names } hat deinen Beitrag kommentiert
   *[other] { $names } haben deinen Beitrag kommentiert
}
notice-reply = { $count ->
    [one] { $names } hat dir geantwortet
   *[other] { $names } haben dir geantwortet
}
notice-reaction = { $count ->
    [one] { $names } hat auf deinen Beitrag reagiert
   *[other] { $names } haben auf deinen Beitrag reagiert
}
notice-reaction-comment = { $count ->
    [one] { $names } hat auf deinen Kommentar reagiert
   *[other] { $names } haben auf deinen Kommentar reagiert
}
notice-mention = { $count ->
    [one] { $names } hat dich erwähnt
   *[other] { $names } haben dich erwähnt
}
notice-delivery-refused = Ein Zuhause hat deinen Beitrag abgelehnt
notice-home-changed = Die Verbindung mit { $home } hat sich geändert
notice-home-connected = Dein Zuhause ist mit { $home } verbunden
notice-home-ended = Die Verbindung mit { $home } wurde hier beendet; Freundschaften mit Leuten dort sind es auch
notice-home-ended-there = { $home } hat die Verbindung beendet; Freundschaften mit Leuten dort sind es auch
notice-home-words = Die Verbindung mit { $home } wurde getrennt, weil die Sicherheitswörter verschieden waren
notice-home-words-there = { $home } hat die Verbindung getrennt: Die Sicherheitswörter waren dort nicht gleich
notice-home-restored = { $home } wurde auf einen älteren Stand zurückgesetzt; was dort fehlt, wird zurückgegeben
notice-backup-failed = Die Sicherung ist fehlgeschlagen. Die vorige ist noch da.
notice-home-silent = { $home } schweigt seit mehr als einem Tag
notice-quota = Dein Speicher ist fast voll
notice-security = An der Sicherheit deines Kontos hat sich etwas geändert
notice-security-device = Ein neues Gerät hat sich mit deinem Konto angemeldet
notice-security-password = Dein Passwort wurde geändert
notice-security-reset-code = { $names } hat einen Code gemacht, mit dem du ein neues Passwort wählen kannst
notice-security-reset-code-here = Am Rechner des Zuhauses wurde ein Code gemacht, mit dem du ein neues Passwort wählen kannst
notice-security-reset = Dein Passwort wurde mit einem Code neu festgelegt; du wurdest überall abgemeldet
notice-security-totp-on = Der zweite Schritt beim Anmelden ist eingeschaltet
notice-security-totp-off = Der zweite Schritt beim Anmelden ist ausgeschaltet
notice-security-role = Deine Rolle in diesem Zuhause wurde geändert
notice-security-codes = Deine Wiederherstellungscodes wurden erneuert
notice-security-username = Dein Anmeldename wurde geändert
notice-account = An deinem Konto hat sich etwas geändert
notice-account-suspended = Dein Konto wurde gesperrt
notice-account-reinstated = Dein Konto wurde entsperrt
notice-account-deleting = Dein Konto wird in 14 Tagen gelöscht
notice-account-restored = Dein Konto wird nicht gelöscht

invite-intro-limited = Mit dieser Einladung verbindet sich ein anderes Zuhause nur mit dir: Deine Freunde dort sehen, was du mit Freunden teilst, und von niemandem sonst geht etwas dorthin.
invite-scope = Was sie öffnet
invite-scope-full = Das Zuhause von Freunden
invite-scope-full-text = Das ganze Zuhause: Leute hier und dort können Freunde werden. Jeder entscheidet selbst, ob Leute verbundener Zuhause ihn finden.
invite-scope-person = Begrenzt: nur mit dir
invite-scope-person-text = Nur du und Leute aus jenem Zuhause können Freunde werden. Von anderen aus diesem Zuhause geht nichts dorthin.
invite-limited = Begrenzt, nur mit dir
pair-invite-self = Jemanden für dich einladen
pair-preview-limited-text = Diese Einladung ist auf die Person begrenzt, die sie gemacht hat. Leute hier können sich mit ihr anfreunden; sonst geht nichts hin oder her.
home-limited = Begrenzt
home-limited-text = Diese Verbindung ist nur für das da, was diese Personen mit Freunden teilen:
home-end = Beenden
home-end-title = Die Verbindung für { $name } beenden?
home-end-text = { $name } und Leute, die über { $home } verbunden sind, sind keine Freunde mehr, und Kopien von dem, was sie teilten, werden auf beiden Seiten gelöscht. Für eine neue Verbindung braucht es eine neue Einladung.
home-ended = Die Verbindung für { $name } ist beendet
home-loses-friendships = { $count ->
    [one] Eine Freundschaft endet.
   *[other] { $count } Freundschaften enden.
}
home-loses-posts = { $count ->
    [one] Ein Beitrag von dort wird hier gelöscht.
   *[other] { $count } Beiträge von dort werden hier gelöscht.
}
home-loses-files = { $count ->
    [one] Ein Bild oder eine Datei von dort wird hier gelöscht ({ $size }).
   *[other] { $count } Bilder und Dateien von dort werden hier gelöscht ({ $size }).
}
home-loses-waiting = { $count ->
    [one] Eine Sache, die darauf wartet, wird nie gesendet.
   *[other] { $count } Dinge, die darauf warten, werden nie gesendet.
}
home-loses-kept = Was Leute hier geschrieben haben, bleibt hier.

health-files = Bilder und Dateien
health-files-ok = Alle da
health-files-gone = { $count ->
    [one] 1 Bild oder eine Datei dieses Zuhauses fehlt auf der Festplatte. Hat jemand sie verschoben, leg sie zurück; sonst stell unter Einstellungen, Sicherungen die letzte gute Sicherung wieder her.
   *[other] { $count } Bilder und Dateien dieses Zuhauses fehlen auf der Festplatte. Hat jemand sie verschoben, leg sie zurück; sonst stell unter Einstellungen, Sicherungen die letzte gute Sicherung wieder her.
}
health-files-copies = { $count ->
    [one] 1 Kopie einer Datei eines anderen Zuhauses fehlt; sie wird wieder geholt, wenn jemand sie öffnet.
   *[other] { $count } Kopien von Dateien anderer Zuhause fehlen; jede wird wieder geholt, wenn jemand sie öffnet.
}
health-files-bad = Ihr Ordner lässt sich nicht lesen. Sieh nach der Festplatte und starte Hearth dann neu.
health-backup = Sicherung
health-backup-none = Noch keine. Richte sie unter Einstellungen, Sicherungen ein.
health-backup-due = Es ist keine da. Die nächste wird { $time } gemacht, oder gleich unter Einstellungen, Sicherungen.
health-backup-old = Die neueste ist von { $time }, lange her. Die nächste wird { $next } gemacht, oder gleich unter Einstellungen, Sicherungen.
health-backup-folder = Der Ordner für Sicherungen ist nicht da, also lässt sich keine machen. Liegt er auf einem anderen Laufwerk, schließ es an; sieh unter Einstellungen, Sicherungen nach.
health-backup-ok = Die neueste ist von { $time }.
health-backup-elsewhere = Die neueste ist von { $time }. Sie liegt außerhalb des Ordners für Sicherungen, wo niemand nach ihr sieht.
health-backup-bad = Die letzte ist fehlgeschlagen. Die vorige ist noch da; sieh unter Einstellungen, Sicherungen nach.
