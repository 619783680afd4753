/* Shows one page of ours while the server is away. It keeps nothing that is about anybody, and touches nothing else. */
'use strict';
const SHELL = {{ shell|tojson }}, STORE = 'shell-{{ version }}';
const AWAY = [502, 503, 504]; // of what stands before the server
const PROJECTOR = /\/screens?\/[^/]+$/; // a room must not read what is meant for a facilitator

addEventListener('install', event => {
  event.waitUntil(caches.open(STORE).then(store => store.addAll(SHELL)).then(() => skipWaiting()));
});
addEventListener('activate', event => {
  event.waitUntil(caches.keys().then(all => Promise.all(all.filter(name => name !== STORE).map(name => caches.delete(name)))).then(() => clients.claim()));
});
addEventListener('fetch', event => {
  const { request } = event, path = new URL(request.url).pathname;
  if (request.method !== 'GET' || PROJECTOR.test(path)) return;
  if (request.mode === 'navigate') event.respondWith(visit(request));
  else if (path !== SHELL[0] && SHELL.includes(path)) event.respondWith(caches.match(request).then(kept => kept || fetch(request)));
});
async function visit(request) {
  try {
    const answer = await fetch(request);
    return AWAY.includes(answer.status) ? await caches.match(SHELL[0]) || answer : answer;
  } catch { return await caches.match(SHELL[0]) || Response.error(); }
}
