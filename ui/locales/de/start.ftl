# Willkommen, ein Zuhause anlegen, beitreten, anmelden.

start-look = Sprache und Aussehen
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel

welcome-title = Willkommen bei Hearth
welcome-text = Ein Zuhause im Netz für deine Familie: eure Bilder, eure Worte, eure Leute, auf eurem eigenen Rechner.
welcome-create = Unser Zuhause anlegen
welcome-create-hint = Dauert etwa zwei Minuten.
welcome-promise-home = Alles liegt auf diesem Rechner. Keine Firma dazwischen.
welcome-promise-friends = Verbinde dich mit dem Zuhause von Menschen, denen du vertraust, mit vorgelesenen Wörtern.
welcome-promise-assistant = Ein Assistent, der auch zu Hause bleiben kann.
welcome-invited = Hat dich jemand in sein Zuhause eingeladen? Öffne den Link, den du bekommen hast, in deinem Browser.
welcome-elsewhere = Dieses Zuhause ist noch nicht eingerichtet. Mach das an dem Rechner, auf dem Hearth läuft; dann komm wieder.
welcome-invite-waits = Deine Einladung, dich mit einem anderen Zuhause zu verbinden, wartet, bis deines eingerichtet ist.

create-step-home = Zuhause
create-step-you = Du
create-step-password = Passwort
create-home-title = Wie heißt euer Zuhause?
create-home-text = Freunde anderswo sehen diesen Namen neben deinem.
create-home-name = Name des Zuhauses
create-home-name-hint = Du kannst ihn später ändern.
create-home-name-example = Haus am Hang
create-you-title = Wer bist du?
create-you-text = Du wohnst als Erste oder Erster hier und kümmerst dich um das Zuhause.
create-password-title = Wähle ein Passwort
create-password-text = Ein langes ist besser als ein seltsames. Füge eines ein oder lass dir fünf Wörter geben.
create-do = Unser Zuhause anlegen

start-your-name = Dein Name
start-your-name-hint = So, wie Familie und Freunde dich kennen.
start-username = Name zum Anmelden
start-username-hint = Nur zum Anmelden; sonst sieht ihn niemand.
start-birth = Geburtsdatum
date-day = Tag
date-month = Monat
date-year = Jahr
start-birth-hint = Schützt Kinder hier. Freunde sehen Tag und Monat, das Jahr nur du. In deinem Profil kannst du das ändern.
start-password = Passwort
start-picture = Bild hinzufügen
start-picture-other = Anderes Bild
start-picture-remove = Ohne Bild
start-error-empty = Das wird gebraucht.
start-error-length = Bitte zwischen { $least } und { $most } Zeichen.
start-error-birth = Gib ein Datum mit Tag, Monat und Jahr ein.
start-error-birth-range = Dieses Datum kann nicht stimmen.

done-title = { $home } ist bereit
done-text = Das Licht ist an. Was möchtest du zuerst tun?
done-family = Familie einladen
done-family-hint = Gib den Menschen, mit denen du wohnst, ein eigenes Konto.
done-pair = Mit einem anderen Zuhause verbinden
done-pair-hint = Teile mit Familie und Freunden, die auch ein Zuhause haben.
done-assistant = Den Assistenten einrichten
done-assistant-hint = Mit einem Modell auf diesem Rechner oder einem Dienst deiner Wahl.
done-post = Den ersten Beitrag schreiben
done-post-hint = Ein Bild vom Küchentisch genügt.
done-invite-waits = Jemand hat dein Zuhause eingeladen, sich zu verbinden.
done-open-invite = Ansehen

join-title = Zieh ein: { $home }
join-text = Du wurdest zu einem eigenen Konto hier eingeladen.
join-code = Einladung
join-code-hint = Der Link, den du bekommen hast, oder der Code darin.
join-do = Einziehen

device-title = Dieses Gerät verbinden
device-text = Hearth öffnet sich hier wie zu Hause. Tu das auf einem Gerät, das dir gehört.
device-text-no-code = Dieses Zuhause kennt dieses Gerät noch nicht.
device-step-1 = Öffne am Rechner des Zuhauses oder auf einem verbundenen Gerät Einstellungen, Geräte.
device-step-2 = Wähle „Gerät verbinden“.
device-step-3 = Scanne den Code mit der Kamera dieses Geräts, oder füge den Link hier ein.
device-code = Link oder Code
device-code-hint = Gilt zehn Minuten, und einmal.
device-name = Name dieses Geräts
device-name-hint = Damit du es in der Liste findest.
device-connect = Verbinden
device-other-code = Anderen Code verwenden

signin-title = Anmelden: { $home }
signin-title-plain = Anmelden
signin-people = Wer sich hier angemeldet hat
signin-forget-person = { $name } auf diesem Gerät vergessen
signin-do = Anmelden
signin-code-title = Noch ein Schritt
signin-code-text = Gib die sechs Ziffern aus deiner Authenticator-App ein.
signin-code = Code
signin-recovery-title = Wiederherstellungscode benutzen
signin-recovery-text = Einer der zehn Codes, die du beim Einrichten aufbewahrt hast. Jeder gilt einmal.
signin-recovery = Wiederherstellungscode
signin-use-recovery = Wiederherstellungscode benutzen
signin-use-code = Doch die App benutzen
signin-have-invite = Ich habe eine Einladung
signin-forgot = Passwort vergessen?
signin-forgot-text = Frag jemanden, der sich um dieses Zuhause kümmert. Du kommst dann wieder hinein, ohne dass jemand dein Passwort sieht.

welcome-restore = Aus einer Sicherung wiederherstellen
welcome-restore-hint = Dein Zuhause von einem anderen Rechner oder von früher.
restore-title = Aus einer Sicherung wiederherstellen
restore-text = Wähle die Sicherung deines Zuhauses. Nichts wird verändert, bevor alles geprüft ist.
restore-choose = Datei wählen
restore-drop = oder hier ablegen
restore-sending = Die Datei wird gelesen
restore-made = Gemacht { $time }
restore-old-off = Lass den alten Rechner ausgeschaltet: Zwei Zuhause mit einem Schlüssel verwirren die Zuhause deiner Freunde.
