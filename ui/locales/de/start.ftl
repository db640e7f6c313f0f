# Willkommen, ein Zuhause anlegen, beitreten, anmelden.

welcome-title = Willkommen bei Hearth
