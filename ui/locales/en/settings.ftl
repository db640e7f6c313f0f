# Settings.

settings-appearance = Appearance
settings-account = Account
settings-devices = Signed-in devices
