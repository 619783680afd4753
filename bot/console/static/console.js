/* Makes the pages quicker: live news, held-back arrivals, keys, undo. Every page works without it. */
'use strict';
const html = document.documentElement, body = document.body;
const $ = (what, from = document) => from.querySelector(what);
const $$ = (what, from = document) => [...from.querySelectorAll(what)];
html.classList.add('script');

/* ---- time: the server's clock decides ---- */
let skew = Date.parse(body.dataset.now) - Date.now() || 0;
const now = () => Date.now() + skew;
const clock = at => new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', hour12: true, timeZone: body.dataset.zone })
  .format(at).replace(/\s/g, '').replace(/^0/, '').toLowerCase();
const lasting = s => s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
function ago(at) {
  const s = Math.floor((now() - at) / 1000);
  return s < 5 ? 'now' : s < 60 ? `${s} s ago` : s < 3600 ? `${Math.floor(s / 60)} min ago` : null;
}
function tick() {
  for (const el of $$('time[data-ago]')) {
    const words = ago(Date.parse(el.dateTime));
    if (words && el.textContent !== el.dataset.ago + words) el.textContent = el.dataset.ago + words;
    else if (!words && / (s|min) ago$/.test(el.textContent)) el.textContent = el.dataset.ago + clock(Date.parse(el.dateTime));
  }
  for (const el of $$('[data-until]')) {
    const left = Math.max(0, Math.ceil((Date.parse(el.dataset.until) - now()) / 1000));
    const words = 'bare' in el.dataset ? lasting(left) : left ? `Goes out in ${lasting(left)}` : 'Going out now';
    if (el.textContent !== words) el.textContent = words;
  }
  for (const el of $$('progress[data-bar]')) el.value = el.max - Math.max(0, (Date.parse(el.dataset.bar) - now()) / 1000);
}
setInterval(tick, 1000);

/* ---- say what was done, offer undo for ten seconds ---- */
const toast = $('#toast'), problem = $('#problem');
let fade = 0;
function hideLater() { clearTimeout(fade); fade = setTimeout(() => { if (toast) toast.hidden = true; }, 10000); }
function say(done) {
  if (done.ok) {
    if (problem) problem.replaceChildren();
    if (!toast) return;
    $('[data-say]', toast).textContent = done.sentence;
    const form = $('[data-undo]', toast);
    form.hidden = !done.undo;
    if (done.undo) form.setAttribute('action', done.undo);
    toast.hidden = false;
    hideLater();
  } else if (problem) {
    const banner = document.createElement('div'), inside = document.createElement('div');
    const head = document.createElement('h2'), words = document.createElement('p');
    banner.className = 'banner banner-warn';
    head.textContent = 'That was not done';
    words.textContent = done.sentence;
    inside.append(head, words);
    banner.append(inside);
    problem.replaceChildren(banner);
    problem.scrollIntoView({ block: 'nearest' });
  }
}
if (toast && !toast.hidden) hideLater();

/* ---- keep the page fresh without moving what is under a thumb ---- */
const shape = el => {
  const copy = el.cloneNode(true);
  for (const t of $$('time, [data-until]', copy)) t.textContent = '';
  for (const p of $$('progress', copy)) p.removeAttribute('value');
  for (const d of $$('details', copy)) d.removeAttribute('open');
  copy.classList.remove('q-sel');
  for (const name of ['aria-posinset', 'aria-setsize']) copy.removeAttribute(name);
  if (copy.tagName === 'DETAILS') copy.removeAttribute('open');
  return copy.outerHTML.replace(/\s+/g, ' ');
};
const writing = el => {
  const at = document.activeElement;
  if (at && el.contains(at) && /^(TEXTAREA|INPUT|SELECT)$/.test(at.tagName)) return true;
  return $$('textarea, input:not([type=hidden])', el).some(f => f.type === 'checkbox' || f.type === 'radio' ? f.checked !== f.defaultChecked : f.value !== f.defaultValue);
};
function swap(old, fresh) {
  if (shape(old) === shape(fresh) || writing(old)) return;
  const at = document.activeElement, had = old.contains(at);
  const again = had && (at.id ? `#${CSS.escape(at.id)}` : at.getAttribute('formaction') ? `[formaction="${at.getAttribute('formaction')}"]` : at.getAttribute('href') ? `a[href="${at.getAttribute('href')}"]` : '');
  const open = $$('details', old).map(d => d.open);
  $$('details', fresh).forEach((d, i) => { if (open[i]) d.open = true; });
  if (old.classList.contains('q-sel')) fresh.classList.add('q-sel');
  old.replaceWith(fresh);
  if (had) (again && fresh.querySelector(again) || fresh).focus({ preventScroll: true });
}
let held = null;
function merge(old, fresh, rows) {
  const there = new Map(rows(fresh).map(el => [el.id, el]));
  const mine = rows(old);
  for (const el of mine) {
    const news = there.get(el.id);
    if (!news) { if (!writing(el)) drop(el); } else swap(el, document.importNode(news, true));
  }
  const known = new Set(mine.map(el => el.id));
  const count = [...there.keys()].filter(id => !known.has(id)).length;
  held = count ? { id: old.id, html: fresh, count } : null;
  if (count && !rows(old).length) return showHeld();
  pill(old.dataset.noun, count);
}
function pill(noun, count) {
  const box = $('[data-new]');
  if (!box) return;
  const words = count ? `Show ${count} new ${noun}${count === 1 ? '' : 's'}` : '';
  if ($('[data-new-words]', box).textContent !== words) $('[data-new-words]', box).textContent = words;
  box.hidden = !count;
}
function showHeld() {
  if (!held) return;
  const old = document.getElementById(held.id), first = held.html;
  held = null;
  pill('', 0);
  old.replaceChildren(...[...first.children].map(el => document.importNode(el, true)));
  select(cards()[0], false);
  refresh();
}
function drop(el) {
  const next = cards()[cards().indexOf(el) + 1] || cards()[cards().indexOf(el) - 1];
  const selected = el.classList.contains('q-sel') || el.contains(document.activeElement);
  el.remove();
  if (selected && next) select(next, el.contains(document.activeElement) || document.activeElement === body);
}
const ROWS = { list: el => [...el.children].filter(c => c.id), groups: el => $$('article[id]', el) };
function take(doc) {
  const main = $('main', doc), title = $('title', doc);
  if (title) document.title = title.textContent;
  if (main.dataset.now) skew = Date.parse(main.dataset.now) - Date.now();
  for (const fresh of $$('[data-live]', doc)) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    const rows = ROWS[fresh.dataset.live];
    if (rows) merge(old, fresh, rows); else swap(old, document.importNode(fresh, true));
  }
  tick();
}
let asked = 0, running = false;
function refresh() { clearTimeout(asked); asked = setTimeout(load, 250); }
async function load() {
  if (running) return refresh();
  running = true;
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { 'X-Part': 'live' }, credentials: 'same-origin' });
    if (answer.status === 401) return location.reload();
    if (answer.ok) {
      const holder = document.createElement('template');
      holder.innerHTML = await answer.text();
      take(holder.content);
    }
  } catch { /* the stream says when we are back, and asks again */ } finally { running = false; }
}

/* ---- the stream ---- */
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

/* ---- buttons without leaving the page ---- */
async function post(form, path, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button && button.name) fields.append(button.name, button.value);
  try {
    const answer = await fetch(path, { method: 'POST', body: fields, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    const done = await answer.json();
    say(done);
    return done;
  } catch {
    say({ ok: false, sentence: 'There is no connection. Nothing was changed: try again in a moment.' });
    return { ok: false };
  }
}
document.addEventListener('submit', async event => {
  const form = event.target, button = event.submitter;
  const path = (button && button.getAttribute('formaction')) || form.getAttribute('action');
  if (form.method !== 'post' || !path || 'plain' in form.dataset) return;
  const live = 'act' in form.dataset || 'undo' in form.dataset || 'staysForm' in form.dataset;
  if (!live) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const card = form.closest('article'), more = button && button.closest('details');
  if (more) more.open = false;
  const done = await post(form, path, button);
  delete form.dataset.busy;
  if (done.ok && card && 'act' in form.dataset && !(button && 'stays' in button.dataset)) drop(card);
  if ('undo' in form.dataset) form.hidden = true;
  if (done.ok && 'undo' in form.dataset) { held = null; await load(); showHeld(); } else refresh();
});
document.addEventListener('click', event => {
  const el = event.target.closest('[data-new] button, [data-help], [data-keys-switch], [data-copy]');
  if (!el) {
    for (const d of $$('.more[open]')) if (!d.contains(event.target)) d.open = false;
    return;
  }
  if (el.closest('[data-new]')) showHeld();
  else if ('help' in el.dataset) $('#shortcuts').showModal();
  else if ('keysSwitch' in el.dataset) keys(!keysOn());
  else navigator.clipboard.writeText(document.getElementById(el.dataset.copy).innerText).then(() => say({ ok: true, sentence: 'Copied.' }));
});
for (const el of $$('[data-copy], [data-help]')) el.hidden = false;

/* ---- an answer, as the server fits it, while it is written ---- */
const composer = $('[data-answer]');
if (composer) {
  let wait = 0;
  $('textarea', composer).addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const answer = await fetch(composer.dataset.answer, { method: 'POST', body: new URLSearchParams(new FormData(composer)), headers: { 'X-Part': 'live' }, credentials: 'same-origin' });
      if (answer.ok) $('#previews').innerHTML = await answer.text();
    }, 400);
  });
}
for (const box of $$('textarea[data-count]')) {
  const out = $(`[data-count-for="${box.id}"]`);
  const count = () => {
    const n = [...box.value].length, over = n > Number(box.dataset.count);
    out.textContent = n ? `${n} characters${over ? '. Long: harder to read in the room' : ''}` : '';
    out.className = over ? 'count count-near' : 'count';
  };
  box.addEventListener('input', count);
  count();
}
function openHash() { const el = location.hash && document.getElementById(location.hash.slice(1)); if (el && el.tagName === 'DETAILS') { el.open = true; $('textarea', el)?.focus(); } }
addEventListener('hashchange', openHash);
openHash();
const claim = $('[data-claim]');
if (claim) setTimeout(() => { const b = $('[data-claim]'); if (b) post(b.form, b.getAttribute('formaction'), null).then(refresh); }, 1500);

/* ---- keys ---- */
const cards = () => $$('article.q, a.entry');
function select(card, focus = true) {
  for (const el of $$('.q-sel')) el.classList.remove('q-sel');
  if (!card) return;
  if (card.matches('.q')) card.classList.add('q-sel');
  if (focus) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: 'nearest' }); }
}
const selected = () => $('.q-sel') || (document.activeElement && document.activeElement.closest('a.entry'));
const keysOn = () => localStorage.getItem('keys') !== 'off';
function keys(on) {
  localStorage.setItem('keys', on ? 'on' : 'off');
  html.classList.toggle('keys-on', on);
  for (const el of $$('[data-keys-panel]')) el.hidden = !on;
  for (const el of $$('[data-keys-switch]')) el.textContent = el.closest('dialog') ? `Turn single keys ${on ? 'off' : 'on'}` : 'Turn off';
}
keys(keysOn());
document.addEventListener('focusin', event => { const card = event.target.closest('article.q'); if (card) select(card, false); });
if (matchMedia('(hover: hover)').matches) select(cards()[0], false);
const press = key => {
  const from = selected() || $('#main');
  const el = $(`[data-key="${key}"]`, from) || (from.id !== 'main' && !$('#list') ? $(`[data-key="${key}"]`) : null);
  if (el) el.click();
  return Boolean(el);
};
const step = by => {
  const all = cards(), at = all.indexOf(selected());
  select(all[Math.min(all.length - 1, Math.max(0, at + by))]);
};
const DO = {
  j: () => step(1), k: () => step(-1), n: showHeld,
  u: () => { const form = $('[data-undo]'); if (form && !form.hidden && !toast.hidden) form.requestSubmit(); },
  '/': () => { const box = $('input[type=search]'); if (box) box.focus(); else location.href = $('.nav a[href$="/everything"]').href; },
  '?': () => $('#shortcuts').showModal(),
  a: () => press('a') || $('[data-answered]')?.click(),
  escape: () => { const open = $('.more[open]'); if (open) open.open = false; else $('[data-esc]')?.click(); },
  enter: () => { const card = selected(); if (card && document.activeElement === card && card.dataset.open) location.href = card.dataset.open; },
};
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !keysOn() && event.key !== '?') return;
  const at = event.target;
  if (at.closest('input, textarea, select, dialog[open]') || at.isContentEditable) return;
  const key = event.key.toLowerCase();
  if (key === 'enter' && at.closest('a, button, summary')) return;
  if (DO[key]) { if (key !== 'enter' && key !== 'escape') event.preventDefault(); DO[key](); }
  else if ('rpdech'.includes(key) && key.length === 1 && press(key)) event.preventDefault();
});
