/* What was pressed without a connection: kept on this device, sent in order, each once, and shown until then. */
import { $, $$, body, clock, lasting, now, say } from './page.js';

const PLACE = 'unsent', HOUR = 3600e3, LASTS = 12 * HOUR, SHOWN = 24 * HOUR;
const PATIENCE = 10000, SOON = 3000, AGAIN = 5000, NOTICE = 5000; // ms
const KEPT = /\/(questions|items)\/(?!\d+\/(claim|release|preview|show-hidden)$)/; // what may be sent later
const LATER = [408, 425, 429, 502, 503, 504];
const who = body.dataset.who || '';
const waiting = new Map(); // key -> what the page does with the answer
const titles = new Map(); // key -> what the button was about, while this page is open
let memory = null, sending = null, wanted = false, flying = '', stuck = false, signedOut = false, lostAt = 0, again = 0;
let whenSent = () => {};

/* ---- the list, in the order of pressing; of one person, and gone when they sign out ---- */
function all() {
  if (memory) return memory;
  try { return JSON.parse(localStorage.getItem(PLACE)) || []; } catch { return []; }
}
function keep(rows) {
  if (!memory) {
    try { if (rows.length) localStorage.setItem(PLACE, JSON.stringify(rows)); else localStorage.removeItem(PLACE); } catch { memory = rows; }
  } else memory = rows; // no room on this device: they last as long as the page
  draw();
}
const unsent = () => all().filter(row => !row.refused);
const change = (key, how) => keep(all().flatMap(row => row.key === key ? how(row) : [row]));
const drawKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(n => n.toString(16).padStart(2, '0')).join('');

/** Whether something waits here: then what the server shows is not yet what the person did. */
export const holds = () => stuck && unsent().length > 0;
/** Whether the page knows that there is no connection. */
export const cut = () => lostAt > 0 || holds();
export const keepable = path => KEPT.test(path);
export function onSent(work) { whenSent = work; }

/** Press a button. Gives the server's answer, or `{ ok, waits }` when it waits on this device. */
export function act(path, fields, label, title = '') {
  const row = { key: drawKey(), who, at: Date.now(), path, fields: String(fields), label };
  titles.set(row.key, title);
  return new Promise(answered => {
    waiting.set(row.key, answered);
    setTimeout(() => leave(row), SOON);
    keep([...all(), row]);
    flush();
  });
}
/** The page goes on without the answer. */
function leave(row) {
  const answered = waiting.get(row.key);
  if (!answered || !keepable(row.path)) return;
  waiting.delete(row.key);
  stuck = true;
  answered({ ok: true, waits: true, sentence: 'Kept on this device. It is sent as soon as there is a connection.' });
  draw();
}

/* ---- sending: one after the other, one page at a time ---- */
export function flush() {
  wanted = true;
  sending ??= run().finally(() => { sending = null; flying = ''; draw(); });
  return sending;
}
async function run() {
  clearTimeout(again);
  while (wanted) {
    wanted = false;
    await (navigator.locks ? navigator.locks.request(PLACE, sendAll) : sendAll());
  }
}
async function sendAll() {
  let late = 0;
  for (let row; (row = unsent()[0]);) {
    flying = row.key;
    const done = await send(row);
    if (!done) return failed();
    if (settle(row, done)) late += 1;
  }
  stuck = false;
  if (late) { say({ ok: true, sentence: late === 1 ? 'What you did is sent.' : `All ${late} things you did are sent.` }); whenSent(); }
}
async function send(row) {
  const headers = { Accept: 'application/json', 'Idempotency-Key': row.key };
  try {
    const answer = await fetch(row.path, { method: 'POST', body: new URLSearchParams(row.fields), headers, credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE) });
    signedOut = answer.status === 401;
    if (signedOut || LATER.includes(answer.status)) return null;
    return await answer.json().catch(() => ({ ok: answer.ok, sentence: answer.ok ? 'Done.' : 'The server refused it. Nothing was changed.' }));
  } catch { return null; }
}
/** The server has answered: the page takes it, or it is shown later. Gives whether it was sent late and done. */
function settle(row, done) {
  const answered = waiting.get(row.key);
  waiting.delete(row.key);
  change(row.key, one => answered || done.ok ? [] : [{ ...one, refused: done.sentence }]);
  answered?.(done);
  return !answered && done.ok;
}
function failed() {
  for (const row of unsent()) {
    if (keepable(row.path)) { leave(row); continue; }
    change(row.key, () => []);
    waiting.get(row.key)?.({ ok: false, sentence: signedOut ? 'You are signed out. Nothing was changed: sign in again.' : 'There is no connection. Nothing was changed: try again in a moment.' });
    waiting.delete(row.key);
  }
  stuck = unsent().length > 0;
  clearTimeout(again);
  if (stuck) again = setTimeout(flush, AGAIN);
}

/** The stream was heard from (true) or broke off (false). */
export function contact(heard) {
  if (heard) { lostAt = 0; if (unsent().length) flush(); } else lostAt ||= Date.now();
  draw();
}

/* ---- what the person sees of it ---- */
const place = $('#offline'), list = $('#unsent'), refusals = $('#refusals');
const about = row => titles.get(row.key) || row.path.replace(/^.*\/(questions|items)\/(\d+)?.*$/, (_, kind, id) => id ? `${kind === 'items' ? 'post' : 'question'} ${id}` : 'a question');
function draw() {
  if (!place) return;
  const rows = stuck ? unsent() : [], out = lostAt && Date.now() - lostAt >= NOTICE;
  const minutes = Math.floor((Date.now() - lostAt) / 60000);
  place.hidden = !rows.length && !out;
  place.className = `banner banner-${rows.length ? 'bad' : 'warn'}`;
  write($('[data-head]', place), signedOut && rows.length ? 'You are signed out'
    : lostAt ? rows.length ? minutes ? `No connection for ${minutes} minute${minutes === 1 ? '' : 's'}` : 'No connection' : `Reconnecting. You have everything up to ${clock(now() - (Date.now() - lostAt))}`
      : 'Not sent yet');
  write($('[data-words]', place), rows.length ? `${count(rows)}. ${signedOut ? 'Sign in again as the same person: then it is sent.' : 'Keep this page open.'}` : 'You can keep working. What you do is sent as soon as we are back.');
  $('[data-again]', place).hidden = $('details', place).hidden = !rows.length;
  fill(list, rows, row => [`${row.label}: ${about(row)}, ${lasting(Math.floor((Date.now() - row.at) / 1000))} ago`, 'Take it back', row.key === flying]);
  fill(refusals, all().filter(row => row.refused), row => [`“${row.label}” was not done (${about(row)}, ${clock(row.at)}). ${row.refused}${typed(row)}`, 'Remove this note']);
}
const write = (el, words) => { if (el.textContent !== words) el.textContent = words; };
const typed = row => { const words = new URLSearchParams(row.fields); return ['text', 'wording'].filter(name => words.get(name)).map(name => ` You wrote: ${words.get(name)}`).join(''); };
function count(rows) {
  const labels = [...new Set(rows.map(row => row.label))].map(label => `${rows.filter(row => row.label === label).length} “${label}”`);
  return `${rows.length} thing${rows.length === 1 ? ' you did is' : 's you did are'} waiting on this device: ${labels.join(', ')}`;
}
function fill(el, rows, tell) {
  const lines = rows.map(row => {
    const [words, label, busy] = tell(row), line = document.createElement('li'), said = document.createElement('span'), button = document.createElement('button');
    said.dir = 'auto'; said.textContent = words;
    Object.assign(button, { type: 'button', className: 'btn btn-s', textContent: label, disabled: Boolean(busy) });
    button.dataset.drop = row.key;
    line.append(said, button);
    return line;
  });
  if (el.textContent !== lines.map(line => line.textContent).join('')) el.replaceChildren(...lines);
  el.hidden = !rows.length;
}

if (place) {
  const old = all().filter(row => row.who === who && Date.now() - row.at < SHOWN)
    .map(row => Date.now() - row.at < LASTS || row.refused ? row : { ...row, refused: 'It waited over 12 hours without a connection, so it was not sent. Do it again if it still counts.' });
  stuck = old.some(row => !row.refused);
  keep(old);
  if (stuck) flush();
  setInterval(draw, 1000);
  addEventListener('online', () => { if (unsent().length) flush(); });
  addEventListener('storage', event => { if (event.key === PLACE) draw(); });
  document.addEventListener('click', event => {
    const drop = event.target.closest('[data-drop]'), tries = event.target.closest('[data-again]');
    if (tries) flush();
    if (drop && drop.dataset.drop !== flying) { change(drop.dataset.drop, () => []); stuck = unsent().length > 0; whenSent(); }
  });
}

/* ---- signing out leaves nothing behind ---- */
document.addEventListener('submit', async event => {
  const form = event.target;
  if (form.getAttribute('action') !== '/signout' || !all().length) return;
  event.preventDefault();
  if (!form.dataset.sure) await flush();
  if (unsent().length && !form.dataset.sure) {
    form.dataset.sure = '1';
    for (const button of $$('button', form)) button.textContent = 'Sign out and drop it';
    return say({ ok: false, title: 'Not signed out yet', sentence: `${count(unsent())}. Signing out drops it. Wait for the connection, or press again.` });
  }
  keep([]);
  form.submit();
});
