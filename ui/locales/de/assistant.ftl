# Gespräche mit dem Assistenten, Modelle und Anbieter.

chats-list = Gespräche
chats-search = Gespräche suchen
chats-pinned = Angeheftet
chats-week = Letzte 7 Tage
chats-month = Letzte 30 Tage
chats-older = Älter
chats-archived = Archiv
chats-back-to-all = Zurück zu allen Gesprächen
chats-none-found = Kein Gespräch heißt „{ $query }“. Versuch es mit weniger Buchstaben.
chats-none-archived = Im Archiv ist nichts.
chats-empty = Hier stehen später deine Gespräche.
chats-new = Neues Gespräch
chats-running = Eine Antwort wird geschrieben
chats-draft = Hat einen Entwurf
chats-menu = Was mit „{ $title }“ geschehen soll
chats-title = Titel
chats-rename = Umbenennen
chats-pin = Anheften
chats-unpin = Lösen
chats-archive = Archivieren
chats-unarchive = Aus dem Archiv holen
chats-delete = Löschen
chats-archived-done = Archiviert
chats-unarchived-done = Aus dem Archiv geholt
chats-deleted = „{ $title }“ gelöscht
chats-select = Mehrere auswählen
chats-select-one = Auswählen
chats-select-all = Alle gezeigten auswählen
chats-select-none = Keines auswählen
chats-select-done = Auswahl beenden
chats-select-first = Wähle zuerst ein Gespräch aus.
chats-selected = { $count ->
    [0] Keines ausgewählt
    [one] 1 ausgewählt
   *[other] { $count } ausgewählt
}
chats-pinned-many = { $count ->
    [one] 1 Gespräch angeheftet
   *[other] { $count } Gespräche angeheftet
}
chats-unpinned-many = { $count ->
    [one] 1 Gespräch gelöst
   *[other] { $count } Gespräche gelöst
}
chats-archived-many = { $count ->
    [one] 1 Gespräch archiviert
   *[other] { $count } Gespräche archiviert
}
chats-unarchived-many = { $count ->
    [one] 1 Gespräch aus dem Archiv geholt
   *[other] { $count } Gespräche aus dem Archiv geholt
}
chats-deleted-many = { $count ->
    [one] 1 Gespräch gelöscht
   *[other] { $count } Gespräche gelöscht
}

chat-gone = Dieses Gespräch ist nicht mehr da
chat-gone-text = Es wurde in einem anderen Fenster oder auf einem anderen Gerät gelöscht, oder es war nie deins.
chat-new-title = Neues Gespräch
chat-log = Gespräch
chat-you = Du
chat-answer = Antwort
chat-menu = Was mit diesem Gespräch geschehen soll
chat-message-menu = Was mit deiner Nachricht geschehen soll
chat-answer-menu = Mehr zu dieser Antwort
chat-earlier = { $count ->
    [one] 1 frühere Nachricht zeigen
   *[other] { $count } frühere Nachrichten zeigen
}
chat-sending = Wird gesendet
chat-show-all = Alles zeigen
chat-show-less = Weniger zeigen
chat-composer = Deine Nachricht
chat-placeholder = Frag etwas
chat-send = Senden
chat-stop = Antwort anhalten
chat-focus = Zum Nachrichtenfeld
chat-copy-last = Letzte Antwort kopieren
chat-characters = { $count } von { $max }
chat-too-long = Das sind mehr als 200.000 Zeichen. Kürze es, oder schick es in Teilen.
chat-wait-or-stop = Dein Text bleibt hier. Sende ihn, wenn die Antwort fertig ist, oder halte sie vorher an.
chat-kept = Deine Nachricht steht noch hier.
chat-blocked = Das kann noch nicht gesendet werden. Sieh über dem Nachrichtenfeld nach.
chat-blocked-no-provider = Es ist noch kein Modell eingerichtet.
chat-blocked-model = Das Modell dieses Gesprächs gibt es nicht mehr. Wähle unten ein anderes.
chat-blocked-consent = Deine Nachrichten gingen an { $provider }. Lies erst, was gesendet wird, und stimme zu.
chat-blocked-unreachable = { $provider } hat zuletzt nicht geantwortet. Du kannst es versuchen oder unter Modelle nachsehen.
chat-to-models = Zu den Modellen
chat-message-deleted = Gelöscht, mit dem, was folgte
copy-refused = Der Browser lässt das Kopieren nicht zu. Markiere den Text und kopiere ihn von Hand.

chat-phase-queued = Wartet, bis sie dran ist
chat-phase-retrieving = Schlägt nach
chat-phase-loading = Lädt das Modell
chat-phase-waiting = Wartet auf das erste Wort
chat-phase-thinking = Denkt nach
chat-phase-streaming = Schreibt
chat-phase-approval = Wartet auf deine Entscheidung
chat-phase-done = Antwort vollständig
chat-phase-stopped = Angehalten
chat-phase-interrupted = Die Antwort brach ab. Was da ist, bleibt.
chat-phase-failed = Es gibt keine Antwort. Deine Frage bleibt erhalten.
chat-reasoning = Gedankengang
chat-reasoning-now = Denkt nach
chat-length = Größte Länge erreicht
chat-empty-answer = Das Modell hat nichts gesagt
chat-ask-again = Noch einmal fragen
chat-other-model = Anderes Modell wählen
chat-retry-in = Ein neuer Versuch lohnt sich in
chat-quote = Zitieren
chat-copy-plain = Als reinen Text kopieren
chat-rate-up = Gute Antwort
chat-rate-down = Keine gute Antwort
chat-details = Über diese Antwort
chat-delete-from-here = Ab hier löschen
chat-tokens = { $count ->
    [one] 1 Token
   *[other] { $count } Token
}
chat-tokens-about = { $count ->
    [one] etwa 1 Token
   *[other] etwa { $count } Token
}
chat-speed = { $speed } Tok/s
chat-milliseconds = { $count } ms
chat-info-model = Modell
chat-info-provider = Anbieter
chat-info-place = Wo es lief
chat-info-prompt = Frage und Kontext
chat-info-completion = Antwort
chat-info-reasoning = Davon Gedankengang
chat-info-first = Bis zum ersten Wort
chat-info-speed = Tempo
chat-info-error = Was schiefging
chat-info-finish = Warum sie endete
chat-info-parameters = Verwendete Einstellungen
chat-info-nothing-set = Nichts: Es galt, was der Server selbst eingestellt hat.
chat-info-left-out = Eingestellt, aber von diesem Server nicht angenommen: { $names }
chat-finish-stop = Das Modell war fertig
chat-finish-stopped = Du hast sie angehalten
chat-trace = Was geschah
chat-trace-time = { $seconds } s
chat-trace-continued = Machte mit dem weiter, was da war
chat-trace-prepared = { $count ->
    [one] Nahm 1 Nachricht von { $of }, etwa { $tokens } Token
   *[other] Nahm { $count } Nachrichten von { $of }, etwa { $tokens } Token
}
chat-trace-asked = Fragte den Server
chat-trace-retrying = Der Server war nicht bereit; nächster Versuch nach { $seconds } s
chat-trace-loading = Der Server lädt das Modell
chat-trace-adapted = Der Server lehnte eine Einstellung ab; ohne sie gefragt
chat-trace-trimmed = Es passte nicht; mit der Hälfte noch einmal gefragt
chat-trace-first = Das erste Wort kam
chat-trace-last = Das letzte Wort kam
chat-trace-ended = Zu Ende
chat-trace-unknown = Etwas, das diese Version nicht kennt

parameters-open = Wie das Modell hier antwortet
parameters-open-set = Wie das Modell hier antwortet: etwas ist eingestellt
parameters-title = Wie das Modell hier antwortet
parameters-title-account = Wie Modelle antworten
parameters-about = Für dieses Gespräch. Was du leer lässt, ist wie in deinen Vorgaben, und sonst so, wie der Server es hat.
parameters-about-account = Für alle deine Gespräche, die selbst nichts einstellen. Was du leer lässt, wird nicht gesendet; der Server macht es dann wie üblich.
parameters-to-account = Deine Vorgaben unter Modelle ändern
parameters-saved = Gespeichert. Es gilt ab der nächsten Antwort.
parameters-none = Nichts ist eingestellt; die Server machen es wie üblich.
parameters-pair = { $name }: { $value }
parameters-change = Ändern
parameters-clear = Alles leeren
parameters-temperature = Temperatur
parameters-temperature-hint = 0 bis 2. Niedrig ist genau, hoch ist abwechslungsreich.
parameters-top-p = Top-p
parameters-top-p-hint = 0 bis 1. Wie viel vom Wahrscheinlichen in Betracht kommt. Ändere dies oder die Temperatur, nicht beides.
parameters-max-tokens = Längste Antwort
parameters-max-tokens-hint = In Token, 1 bis 131.072. Ein Token ist etwa drei Viertel eines Wortes.
parameters-stop = Texte, die eine Antwort beenden
parameters-stop-hint = Einer je Zeile, bis zu 4. Schreib \n für ein Zeilenende.
parameters-context = Kontext
parameters-context-hint = In Token: wie viel vom Gespräch gesendet wird. Wie viel das Modell aufnimmt, ist auf seinem Server eingestellt.
parameters-context-ollama = In Token: wie viel das Modell aufnimmt. Ollama erfährt es; mehr braucht mehr Speicher.
parameters-default = Deine Vorgabe: { $value }
parameters-server = Wie der Server es hat
parameters-model = Wie das Modell es hat
entry-no-number = Gib eine Zahl ein, zum Beispiel 0,7.
entry-no-whole = Gib eine ganze Zahl ein.

chat-welcome = Wobei kann ich helfen?
chat-welcome-text = Frag, entwirf, plane, lass dir etwas erklären. Nur du siehst deine Gespräche, und neben dem Modell steht immer, wohin deine Worte gehen.
chat-starters = Möglichkeiten zu beginnen
chat-starter-1 = Ein Wochenende planen
chat-starter-1-text = Plane ein Wochenende mit zwei Kindern, teils draußen und nicht teuer. Frag mich erst, was du dafür wissen musst.
chat-starter-2 = Einen Brief erklären
chat-starter-2-text = Erklär mir diesen Brief in einfachen Worten und sag mir, was ich bis wann tun muss:

    {""}
chat-starter-3 = Kochen mit dem, was da ist
chat-starter-3-text = Was kann ich in 40 Minuten für vier Leute kochen mit dem, was ich hier habe:{" "}
chat-no-model-title = Zuerst ein Modell
chat-no-model-text = Der Assistent antwortet mit einem Sprachmodell. Es kann auf diesem Rechner laufen, dann verlässt ihn nichts, oder auf einem Server deiner Wahl.
chat-no-model-do = Modell einrichten

model-picker = Modell
model-picker-now = { $label }: { $model }
model-none = Modell wählen
model-search = Modelle suchen
model-search-none = Kein Modell heißt so.
model-picker-empty = Es sind noch keine Modelle bekannt. Prüfe die Verbindung unter Modelle.
model-manage = Modelle und Anbieter
model-context = { $count } Token Kontext
model-loaded = im Speicher
model-can-vision = Bilder
model-can-tools = Werkzeuge
model-can-reasoning = Gedankengang
model-can-embedding = nur zum Suchen
model-can-audio = Ton
model-can-chat = Gespräche
model-form-title = Über { $model }
model-form-can = Was es kann
model-form-embedding = Suchen (Embeddings)
model-form-context-hint = In Token, 512 bis 2.097.152. Leer ist so, wie der Server es angibt.
model-form-told = Der Server gibt { $value } an
model-form-untold = Der Server gibt es nicht an
model-form-reset = Wie der Server es angibt
provider-offline-note = Antwortet gerade nicht
provider-consent-note = Braucht erst deine Zustimmung

models-default-title = Für neue Gespräche
models-default-hint = Jedes Gespräch kann trotzdem ein anderes nutzen.
models-for-me = Für mich
models-for-me-hint = Geht dem des Zuhauses vor.
models-for-home = Für dieses Zuhause
models-for-home-hint = Für alle, die keines gewählt haben.
models-default-clear = Keines nutzen ({ $what })
models-default-me = Mein Standard
models-default-home = Standard des Zuhauses
models-use-for-me = Für meine neuen Gespräche nutzen
models-use-for-home = Für dieses Zuhause nutzen
models-menu = Was mit { $model } geschehen soll
models-add = Modell mit seiner Kennung hinzufügen
models-add-id = Kennung des Modells
models-add-hint = Der Name, unter dem der Server es kennt, Buchstabe für Buchstabe.
models-add-do = Modell hinzufügen
models-added = { $model } hinzugefügt
models-describe = Anders beschreiben
models-remove = Entfernen
models-removed = { $model } entfernt
models-by-hand = Von Hand hinzugefügt
models-described = Anders beschrieben
models-described-tip = Jemand hat es anders beschrieben als sein Server.

models-empty-title = Woher sollen die Antworten kommen?
models-empty-text = Der Assistent braucht ein Sprachmodell. Du kannst das jederzeit ändern.
models-begin-here = Auf diesem Rechner
models-begin-here-text = Mit Ollama, kostenlos. Nichts, was du schreibst, verlässt diese Maschine.
models-begin-here-do = Ollama verbinden
models-step-install = Ollama installieren
models-step-pull = Ein Modell holen, zum Beispiel:
models-step-connect = Hier verbinden
models-begin-server = Auf einem anderen Server
models-begin-server-text = Einer in deinem Netz oder der Dienst einer Firma, der das Protokoll von OpenAI spricht: LM Studio, vLLM, TabbyAPI, llama.cpp, OpenAI und andere.
models-begin-server-note = Bevor etwas dorthin geht, liest du, was und wohin, und stimmst zu.
models-begin-server-do = Server verbinden

providers-title = Anbieter
providers-hint = Server, die Modelle für dich ausführen.
provider-add = Anbieter hinzufügen
provider-edit = Anbieter ändern
provider-menu = Was mit { $name } geschehen soll
provider-kind = Art
provider-kind-ollama = Ollama
provider-kind-ollama-hint = Auf diesem Rechner oder einem in deinem Netz
provider-kind-openai = OpenAI-kompatibel
provider-kind-openai-hint = LM Studio, vLLM, TabbyAPI, Dienste
provider-name = Name
provider-name-hint = So wird er dir gezeigt.
provider-name-missing = Gib ihm einen Namen.
provider-address = Adresse
provider-address-example = https://modelle.example.org/v1
provider-address-hint = Beginnt mit http:// oder https://
provider-address-wrong = Gib eine Adresse ein, die mit http:// oder https:// beginnt.
provider-key = Schlüssel
provider-key-hint = Nur wenn der Server einen verlangt. Er liegt verschlüsselt und wird nie wieder gezeigt.
provider-key-stored = Ein Schlüssel ist hinterlegt. Lass das Feld leer, um ihn zu behalten.
provider-key-remove = Hinterlegten Schlüssel entfernen
provider-moved = Mit einer anderen Adresse fällt der hinterlegte Schlüssel weg, und alle stimmen neu zu, bevor etwas dorthin geht.
provider-owner = Für wen
provider-owner-home = Das ganze Zuhause
provider-owner-home-hint = Alle hier können ihn nutzen
provider-owner-me = Nur ich
provider-owner-me-hint = Niemand sonst sieht oder nutzt ihn
provider-limits = Wie lange gewartet wird
provider-limits-hint = In Sekunden, 10 bis 900. Lass leer, was wie üblich sein soll.
provider-limit-connect = Auf eine Verbindung
provider-limit-first = Auf das erste Wort
provider-limit-first-usual = üblich 120, hier 300
provider-limit-idle = Zwischen zwei Wörtern
provider-limit-turn = Auf die ganze Antwort
provider-limit-usual = üblich { $count }
provider-online = Antwortet
provider-offline = Antwortet nicht
provider-refuses = Lehnt den Schlüssel ab
provider-trouble = Antwortet, aber nicht wie erwartet
provider-unchecked = Noch nicht geprüft
provider-has-key = Mit Schlüssel
provider-check = Verbindung prüfen
provider-checking = Wird geprüft
provider-checked = Geprüft
provider-models = { $count ->
    [one] 1 Modell
   *[other] { $count } Modelle
}
provider-models-all = Alle { $count } zeigen
provider-models-less = Weniger zeigen
provider-no-models = Der Server nennt keine Modelle.
provider-no-models-ollama = Ollama läuft, hat aber noch kein Modell. Hol eines mit „ollama pull llama3.2“ und prüfe dann noch einmal.
provider-delete = Löschen
provider-delete-title = { $name } löschen?
provider-delete-text = Die Adresse und der hinterlegte Schlüssel verschwinden. Gespräche bleiben; um eines fortzusetzen, wählst du ein anderes Modell.
provider-deleted = { $name } gelöscht
locality-cloud = die Cloud von { $name }
locality-unknown = Unklar, wo
locality-unknown-hint = Die Adresse ist gerade nicht zu finden; niemand kann sagen, wohin deine Worte gingen.

check-title = Was die Prüfung ergab
check-good = Die Verbindung steht.
check-bad = Die Verbindung steht noch nicht.
check-reached = Der Server antwortet.
check-reached-in = Der Server antwortet, in { $count } ms.
check-not-reached = Unter dieser Adresse antwortet kein Server. Ist er eingeschaltet, und stimmt die Adresse?
check-key-good = Du darfst ihn nutzen.
check-key-bad = Er lehnt den Schlüssel ab. Gib unter „Anbieter ändern“ den richtigen ein.
check-models = { $count ->
    [0] Er nennt keine Modelle.
    [one] 1 Modell gefunden.
   *[other] { $count } Modelle gefunden.
}
check-hint-v1 = In der Adresse fehlt /v1. Diese geht: { $address }
check-hint-address = Der Server antwortet unter einer anderen Adresse: { $address }
check-hint-ollama = Das ist ein Ollama-Server. Wähle die Art Ollama.
check-hint-openai = Das ist ein OpenAI-kompatibler Server. Wähle diese Art.
check-hint-no-list = Der Server sagt nicht, welche Modelle er hat. Füge unten eines mit seiner Kennung hinzu.
check-hint-not-encrypted = Die Verbindung geht unverschlüsselt über das Internet. Nimm https, wenn der Server es anbietet.
check-hint-incomplete = Der Server ist langsam; einige Angaben zu seinen Modellen fehlen.
check-hint-profile = Es scheint ein anderer Server zu sein als bisher. Das ist jetzt berücksichtigt.

consent-title = Bevor etwas an { $name } geht
consent-title-cloud = Manche Modelle hier antworten aus einer Cloud
consent-what = Was gesendet wird
consent-what-text = Was du in Gesprächen schreibst, die ihn nutzen, das Gespräch bis dahin und der Name des Modells.
consent-where = Wohin
consent-where-network = An { $host }, eine Maschine in deinem eigenen Netz. Wer sie betreibt, kann es lesen.
consent-where-internet = Über das Internet an { $host }. Wer den Dienst betreibt, kann es lesen und nach eigenen Bedingungen behalten.
consent-where-cloud = { $name } läuft auf diesem Rechner, gibt die Gespräche mancher Modelle aber über das Internet an einen Dienst weiter, der sie lesen und behalten kann.
consent-where-unknown = An { $host }. Die Adresse ist gerade nicht zu finden, deshalb ist unklar, wo das ist. Prüfe zuerst die Adresse.
consent-not = Was nicht gesendet wird
consent-not-text = Deine Beiträge, Freunde, Bilder und anderen Gespräche.
consent-later = Du kannst das jederzeit zurücknehmen.
consent-agree = Zustimmen
consent-given = Du hast zugestimmt, dass deine Nachrichten an { $name } gehen
consent-since = Seit { $time }, für { $host }
consent-take-back = Zurücknehmen
consent-taken-back = An { $name } geht nichts mehr
