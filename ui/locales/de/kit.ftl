# Wörter, die überall vorkommen.

action-undo = Rückgängig
action-try-again = Noch einmal versuchen
action-copy = Kopieren
action-copy-text = Text kopieren
action-discard = Verwerfen
action-close = Schließen
action-cancel = Abbrechen
action-back = Zurück
action-save = Speichern
action-continue = Weiter
action-to-feed = Zur Startseite
copied = Kopiert
loading = Wird geladen

time-just-now = gerade eben
time-minutes = { $count } Min.
time-hours = { $count } Std.
time-today = Heute
time-yesterday = Gestern

toasts = Meldungen
toast-more = { $count ->
    [one] 1 weitere Meldung
   *[other] { $count } weitere Meldungen
}
toast-not-saved = Nicht gespeichert. { $reason }
toast-sent-later = Dein Zuhause ist nicht erreichbar. Was du geschrieben hast, bleibt hier und geht von selbst hinaus, sobald es wieder da ist.

offline = Dein Zuhause ist nicht erreichbar. Du siehst, was hier gespeichert ist; was du schreibst, bleibt hier, bis es wieder da ist.
session-ended = Du wurdest abgemeldet.

not-found-title = Das finden wir nicht
not-found-text = Vielleicht wurde es gelöscht oder nie mit dir geteilt.

skip-to-content = Zum Inhalt springen
nav-main = Hauptnavigation
nav-home = Start
nav-friends = Freunde
nav-requests = Freundschaftsanfragen
nav-requests-count = { $count ->
    [one] 1 Freundschaftsanfrage
   *[other] { $count } Freundschaftsanfragen
}
nav-unread-count = { $count ->
    [one] 1 ungelesen
   *[other] { $count } ungelesen
}
nav-assistant = Assistent
nav-notifications = Mitteilungen
nav-health = Zustand
nav-models = Modelle
nav-settings = Einstellungen
nav-search = Suche
nav-more = Mehr
nav-compose = Neuer Beitrag
pane-resize = Breite der Liste

command-help = Tasten zeigen
command-palette = Suche und Befehle
command-next-pane = Nächster Teil des Fensters
command-previous-pane = Voriger Teil des Fensters
command-undo = Rückgängig
command-toasts = Zu den Meldungen
command-new-post = Neuer Beitrag
command-new-chat = Neues Gespräch mit dem Assistenten
command-pair = Mit einem anderen Zuhause verbinden
command-theme = Zwischen Hell und Dunkel wechseln
command-sign-out = Abmelden
command-submit = Absenden
shortcuts-title = Tasten

palette = Suche und Befehle
palette-placeholder = Personen, Befehle, Einstellungen suchen
palette-results = Treffer
palette-none = Nichts gefunden. Gesucht wird nach Personen, Befehlen und Einstellungen, nicht in Beiträgen, Kommentaren und Gesprächen.
palette-count = { $count ->
    [one] 1 Treffer
   *[other] { $count } Treffer
}

audience-me = Nur ich
audience-me-hint = Niemand sonst sieht es.
audience-local = Mein Zuhause
audience-local-hint = Alle, die in diesem Zuhause leben.
audience-friends = Freunde
audience-friends-hint = Deine Freunde, hier und anderswo.
audience-public = Öffentlich
audience-public-hint = Alle in diesem Zuhause und in jedem, das mit ihm verbunden ist.
audience-label = Sichtbar für: { $audience }
audience-choose = Wer es sehen darf
audience-choose-now = { $label }: { $audience }

delivery-sending = Auf dem Weg zu deinem Zuhause
delivery-waiting = { $homes ->
    [one] Hier gespeichert. 1 Zuhause wartet noch darauf.
   *[other] Hier gespeichert. { $homes } Zuhause warten noch darauf.
}
delivery-some = { $delivered ->
    [one] 1 der { $homes } Zuhause hat es
   *[other] { $delivered } der { $homes } Zuhause haben es
}
delivery-all = { $homes ->
    [one] 1 Zuhause hat es
   *[other] Alle { $homes } Zuhause haben es
}
delivery-taking-back = { $homes ->
    [one] Wird zurückgeholt: 1 Zuhause hat es noch
   *[other] Wird zurückgeholt: { $homes } Zuhause haben es noch
}
delivery-refused = { $refused ->
    [one] 1 Zuhause hat es abgelehnt
   *[other] { $refused } Zuhause haben es abgelehnt
}

locality-here = Bleibt hier
locality-here-hint = Das Modell läuft auf diesem Rechner. Nichts verlässt ihn.
locality-network = Bleibt in deinem Netz
locality-network-hint = Das Modell läuft auf einem Rechner in deinem eigenen Netz.
locality-remote = Geht an { $name }
locality-remote-hint = Was du schreibst und was dazugehört, geht über das Internet an { $name }.

people-and-more = { $names } und { $count } weitere
mention-unknown = jemand

password-show = Passwort zeigen
password-hide = Passwort verbergen
passphrase-show = Passphrase zeigen
passphrase-hide = Passphrase verbergen
password-generate = Fünf Wörter
password-rule = Mindestens 8 Zeichen
password-too-short = Zu kurz: mindestens 8 Zeichen
password-weak = Leicht zu erraten
password-fair = Könnte stärker sein
password-good = Gut
password-strong = Sehr stark

confirm-type = Gib zur Bestätigung „{ $word }“ ein
confirm-type-mismatch = Das ist noch nicht „{ $word }“.

stepper = Schritt { $current } von { $count }
jump-latest = Neueste
jump-new = { $count ->
    [one] 1 neu
   *[other] { $count } neu
}
task-done = Erledigt
task-open = Offen
markdown-table = Tabelle
code-wrap = Zeilen umbrechen
combobox-more = { $count ->
    [one] und 1 weitere: tippe ein paar Buchstaben
   *[other] und { $count } weitere: tippe ein paar Buchstaben
}
combobox-none = Nichts passt. Versuch es mit weniger Buchstaben.
