// Shows a page when the home cannot be reached. It keeps nothing else: what is in the home stays there.
"use strict";

const KEPT = "hearth-offline-1";
const PAGE = "/offline.html";
const FILES = [PAGE, "/offline.css", "/assets/mark.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE).then((page) => page || Response.error())));
  } else if (path !== PAGE && FILES.includes(path)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(path).then((file) => file || Response.error())));
  }
});
