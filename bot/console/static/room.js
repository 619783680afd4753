/* The projector's page: shows what changed, keeps the words inside the picture, and hides them on one key. */
const body = document.body, LOST = 120000, SILENT = 40000, GAP = 300; // ms
let stream = null, last = body.dataset.after, heard = Date.now(), asked = 0, hidden = false;
const safe = document.getElementById('safe');

/** A step smaller while the words do not fit: scripts and fonts differ in width. */
function fit() {
  const words = document.querySelector('#stage .stage-text'), around = words?.parentElement;
  const fits = () => {
    const box = around.getBoundingClientRect(), top = around.firstElementChild.nextElementSibling.getBoundingClientRect().top;
    return top >= box.top && around.lastElementChild.getBoundingClientRect().bottom <= box.bottom && words.scrollWidth <= words.clientWidth;
  };
  for (const size of ['len-m', 'len-l', 'len-xl']) {
    if (!words || !around.clientHeight || fits()) return;
    words.className = `stage-text ${size}`;
  }
}
function draw() {
  safe.hidden = !hidden && Date.now() - heard < LOST; // what we cannot check any more is not left standing
  document.getElementById('stage').hidden = !safe.hidden;
}
async function load() {
  asked = 0;
  try {
    const answer = await fetch(location.href, { headers: { 'X-Part': 'live' }, credentials: 'same-origin' });
    if ([401, 403, 404, 410].includes(answer.status)) return location.reload();
    if (!answer.ok) return;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector('#stage'), old = document.getElementById('stage');
    if (!fresh) return;
    heard = Date.now();
    if (fresh.innerHTML !== old.innerHTML) old.replaceWith(fresh);
    draw();
    fit();
  } catch { /* the stream says when we are back, and asks again */ }
}
const refresh = () => { asked ||= setTimeout(load, asked ? GAP : 20); };
function listen() {
  stream?.close();
  stream = new EventSource(`${body.dataset.live}?after=${last}`);
  const hear = work => event => { heard = Date.now(); if (event.lastEventId) last = event.lastEventId; draw(); work?.(); };
  for (const name of ['hello', 'change', 'reset']) stream.addEventListener(name, hear(refresh));
  stream.addEventListener('ping', hear());
  stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) setTimeout(again, 3000); };
}
function again() { listen(); refresh(); }

document.addEventListener('keydown', event => {
  if (event.key.toLowerCase() !== 's' || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  hidden = !hidden;
  draw();
});
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') { awake(); again(); } });
addEventListener('resize', fit);
for (const turn of ['offline', 'online']) addEventListener(turn, again);
setInterval(() => { draw(); if (Date.now() - heard > SILENT) again(); }, 5000);
/** The machine must not fall asleep before a room; not every browser can be asked. */
async function awake() { try { await navigator.wakeLock?.request('screen'); } catch { /* then it sleeps as it is set to */ } }
document.fonts.ready.then(fit);
awake();
listen();
