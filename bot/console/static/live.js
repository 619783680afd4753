/* The stream of changes: tells when to load again, and whether we are connected. */
import { $, body } from './page.js';
import { refresh } from './fresh.js';

let stream = null, last = body.dataset.after || '', heard = Date.now(), lost = 0;
const conn = $('[data-conn]'), offline = $('#offline');
function shown(live) {
  clearTimeout(lost);
  if (live) {
    conn.hidden = false; conn.className = 'conn'; conn.textContent = 'Live'; offline.hidden = true;
  } else {
    lost = setTimeout(() => { conn.hidden = false; conn.className = 'conn conn-wait'; conn.textContent = 'Reconnecting'; offline.hidden = false; }, 5000);
  }
}
function listen() {
  if (stream) stream.close();
  stream = new EventSource(`${body.dataset.live}?after=${last}`);
  const hear = work => event => { heard = Date.now(); shown(true); if (event.lastEventId) last = event.lastEventId; work(event); };
  stream.addEventListener('hello', hear(() => {}));
  stream.addEventListener('change', hear(refresh));
  stream.addEventListener('reset', hear(refresh));
  stream.onerror = () => {
    shown(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { listen(); refresh(); }, 3000);
  };
}
if (body.dataset.live && conn) {
  listen();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - heard > 20000) { listen(); refresh(); }
  });
  addEventListener('pagehide', () => stream.close());
}
