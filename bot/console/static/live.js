/* The stream of changes: tells when to load again, and whether we are connected. */
import { $, $$, body, now } from './page.js';
import { contact, onSent } from './offline.js';
import { refresh } from './fresh.js';

const SILENT = 40000, HIDDEN = 60000, AGAIN = 3000, NOTICE = 5000; // ms; the server speaks at least every 15 s
const conn = $('[data-conn]');
let stream = null, last = body.dataset.after || '', heard = Date.now(), lost = 0, rest = 0, retry = 0;

function live() {
  clearTimeout(lost);
  lost = 0;
  heard = Date.now();
  conn.hidden = false; conn.className = 'conn';
  if (conn.textContent !== 'Live') conn.textContent = 'Live';
  contact(true);
}
function broken() {
  contact(false);
  lost ||= setTimeout(() => { conn.hidden = false; conn.className = 'conn conn-wait'; conn.textContent = 'Reconnecting'; }, NOTICE);
}
function listen() {
  clearTimeout(retry);
  stream?.close();
  stream = new EventSource(`${body.dataset.live}?after=${last}`);
  const hear = work => event => { live(); if (event.lastEventId) last = event.lastEventId; work?.(); };
  let fresh = false; // a stream that opens again may have missed what was not told one by one
  stream.addEventListener('hello', hear(() => { if (fresh) refresh(); fresh = true; }));
  stream.addEventListener('ping', hear());
  stream.addEventListener('change', hear(refresh));
  stream.addEventListener('reset', hear(refresh));
  stream.onerror = () => {
    broken();
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(again, AGAIN); // the browser gave up
  };
}
function again() { listen(); refresh(); }
function shut() { clearTimeout(retry); stream?.close(); stream = null; }

if (body.dataset.live && conn) {
  listen();
  onSent(refresh);
  setInterval(() => { // a phone that slept may hold a dead connection for open
    if (stream && Date.now() - heard > SILENT) { broken(); heard = Date.now(); again(); }
    if ($$('[data-lapses]').some(el => Date.parse(el.dataset.lapses) < now())) refresh();
  }, 5000);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(rest);
    if (document.visibilityState === 'hidden') rest = setTimeout(shut, HIDDEN); // a browser has few connections
    else if (!stream || Date.now() - heard > SILENT / 2) again();
  });
  for (const turn of ['offline', 'online']) addEventListener(turn, again); // either may be wrong: only trying tells
  addEventListener('pageshow', event => { if (event.persisted) again(); });
  addEventListener('pagehide', shut);
}
