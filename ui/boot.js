// Starts the window. Runs before the first paint, so that the chosen look is there at once, then loads the app.
(function () {
  "use strict";
  var root = document.documentElement;
  try {
    // "<theme> <text size> <language>", kept by src/kit/prefs.rs.
    var kept = (localStorage.getItem("hearth.look") || "").split(" ");
    if (kept[0] === "light" || kept[0] === "dark") root.dataset.theme = kept[0];
    var size = Number(kept[1]);
    if (size >= 80 && size <= 140) root.style.setProperty("--text-scale", String(size / 100));
    var language = kept[2] && kept[2] !== "auto" ? kept[2] : navigator.language || "en";
    root.lang = language.slice(0, 2) === "de" ? "de" : "en";
  } catch (e) {
    // A browser that keeps nothing still starts.
  }

  function failed(error) {
    console.error(error);
    var words = document.getElementById("boot-error");
    if (!words) return;
    words.hidden = false;
    var other = words.querySelector(root.lang === "de" ? "[lang=en]" : "[lang=de]");
    if (other) other.hidden = true;
  }

  // In a browser, a page for when the home does not answer; the desktop window is part of its home.
  if (/^https?:$/.test(location.protocol) && "serviceWorker" in navigator && !("__TAURI_INTERNALS__" in window)) {
    navigator.serviceWorker.register("/sw.js").catch(function () {
      // A browser that does not trust the certificate does without.
    });
  }

  import("/hearth_ui.js")
    .then(function (app) {
      return app.default({ module_or_path: "/hearth_ui_bg.wasm" }).then(function () {
        if (document.readyState === "loading") {
          document.addEventListener("DOMContentLoaded", function () {
            app.start();
          });
        } else {
          app.start();
        }
      });
    })
    .catch(failed);
})();
