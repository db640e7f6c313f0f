tray-unread = { $count ->
    [0] Nichts Ungelesenes
    [one] { $count } ungelesen
   *[other] { $count } ungelesen
 }
tray-status = Alles ist angekommen
tray-status-help = Etwas braucht dich
tray-status-signed-out = Niemand ist angemeldet
tray-status-waiting = { $count ->
    [one] { $count } Sache wartet auf Zustellung
   *[other] { $count } Sachen warten auf Zustellung
 }
tray-status-paused = { $count ->
    [0] Senden angehalten bis { $time }
    [one] Senden angehalten bis { $time }: { $count } Sache wartet
   *[other] Senden angehalten bis { $time }: { $count } Sachen warten
 }
tray-post = Neuer Beitrag
tray-assistant = Den Assistenten fragen
tray-pause = Senden 1 Stunde anhalten
tray-resume = Jetzt wieder senden
tray-open = Hearth öffnen
tray-quit = Beenden
tray-quit-waiting = { $count ->
    [one] Beenden; 1 Sache wartet dann bis zum nächsten Start
   *[other] Beenden; { $count } Sachen warten dann bis zum nächsten Start
}

stays-title = Hearth läuft weiter
stays-body = Deine Familie kann dich weiter erreichen.
stays-body-tray = Deine Familie kann dich weiter erreichen. Du findest es im Infobereich.

ended-title = Hearth ist beendet
ended-waiting = { $count ->
    [one] 1 Sache wartet bis zum nächsten Start.
   *[other] { $count } Sachen warten bis zum nächsten Start.
}

notify-hidden = Etwas Neues in Hearth
notify-open = Öffnen
notify-people-one = { $name }
notify-people-two = { $name } und { $other }
notify-people-more = { $count ->
    [one] { $name } und 1 weitere Person
   *[other] { $name } und { $count } weitere
}
notify-friend-request = Freundschaftsanfrage von { $who }
notify-friend-accepted = Deine Freundschaftsanfrage ist angenommen: { $who }
notify-friend-post = Neuer Beitrag von { $who }
notify-comment = Neuer Kommentar von { $who }
notify-reply = Neue Antwort von { $who }
notify-reaction = Neue Reaktion von { $who }
notify-mention = Du wurdest erwähnt von { $who }
notify-delivery-refused = Ein Beitrag von dir wurde nicht angenommen
notify-security = An deinem Konto hat sich etwas geändert
notify-node-changed = { $what ->
    [connected] Dein Zuhause ist mit { $home } verbunden
    [ended] Die Verbindung mit { $home } ist beendet
    [ended_there] { $home } hat die Verbindung beendet
    [words_differ] Die Sicherheitswörter waren verschieden: { $home } ist nicht verbunden
    [words_differ_there] Bei { $home } waren die Sicherheitswörter nicht gleich
    [restored] { $home } wurde auf einen älteren Stand zurückgesetzt
   *[other] { $home } hat sich geändert
}
notify-node-unreachable = { $home } ist seit einem Tag still
notify-quota-warning = Dein Speicher ist fast voll
notify-account-state = Dein Konto hat sich geändert
notify-backup-failed = Die Sicherung ist fehlgeschlagen
