# Einstellungen.

settings-appearance = Darstellung
settings-account = Konto
settings-devices = Angemeldete Geräte
