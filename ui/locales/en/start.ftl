# Welcome, creating a home, joining, signing in.

welcome-title = Welcome to Hearth
