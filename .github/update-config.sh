# What Tauri's tool is told so that it signs what the app is updated with, if there is a key.
if [ -n "$HEARTH_UPDATE_KEY" ]; then
  printf '{"bundle":{"createUpdaterArtifacts":true},"plugins":{"updater":{"pubkey":"%s"}}}' "$HEARTH_UPDATE_KEY"
else
  printf '{}'
fi
