# Aktivität: was gemeldet wurde, was läuft, was sich nicht speichern ließ. Und das Menü der Person.

nav-activity = Aktivität
nav-activity-unsaved = { $count ->
    [one] 1 nicht gespeichert
   *[other] { $count } nicht gespeichert
}
me-menu = { $name }: Menü
me-menu-group = Du und dieses Fenster
me-profile = Dein Profil
me-keys = Tasten
me-theme-system = Design: wie das System
me-theme-light = Design: hell
me-theme-dark = Design: dunkel

activity-unsaved = Nicht gespeichert
activity-unsaved-hint = Was dein Zuhause abgelehnt oder nicht bekommen hat. Es bleibt hier, bis du es sendest oder verwirfst, auch nach einem Neustart dieses Fensters.
activity-jobs = Läuft gerade
activity-said = Meldungen
activity-said-hint = Alles, was gemeldet wurde, seit dieses Fenster offen ist.
activity-empty-title = Alles ruhig
activity-empty-text = Was getan wurde, was läuft und was sich nicht speichern ließ, erscheint hier.
activity-upload = „{ $name }“ wird gesendet
activity-upload-waiting = „{ $name }“ wartet aufs Senden
activity-cancel = „{ $what }“ abbrechen
activity-for = läuft seit { $time }

unsaved-post = Beitrag
unsaved-comment = Kommentar
unsaved-reply = Antwort
unsaved-edit = Änderung an einem Kommentar
unsaved-words = Text
unsaved-files = { $count ->
    [one] 1 Datei
   *[other] { $count } Dateien
}
unsaved-by-itself = Es geht von selbst hinaus, sobald dein Zuhause wieder da ist.
unsaved-sent = Gesendet.
unsaved-discarded = Verworfen.
unsaved-back = Es steht wieder in der Liste.
