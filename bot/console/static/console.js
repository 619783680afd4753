/* Makes the pages quicker: buttons without leaving the page, previews, keys. Every page works without it. */
import { $, $$, body, html, say, toast } from './page.js';
import { cards, drop, forgetHeld, load, refresh, select, selected, showHeld } from './fresh.js';
import { act, cut, keepable } from './offline.js';
import './live.js';
html.classList.add('script');

/* ---- buttons without leaving the page; without a connection they wait on this device ---- */
const label = el => { const copy = el.cloneNode(true); for (const key of $$('kbd', copy)) key.remove(); return copy.textContent.trim().replace(/\s+/g, ' '); };
const text = el => (el && el.textContent.trim().replace(/\s+/g, ' ').slice(0, 80)) || '';
async function post(form, path, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button && button.name) fields.append(button.name, button.value);
  return act(path, fields, button ? label(button) : 'Sent', text($('.q-text', form.closest('article') || document)));
}
document.addEventListener('submit', async event => {
  const form = event.target, button = event.submitter;
  const path = (button && button.getAttribute('formaction')) || form.getAttribute('action');
  if (form.method !== 'post' || !path || 'plain' in form.dataset) return;
  const acts = 'act' in form.dataset, undo = 'undo' in form.dataset, stays = 'staysForm' in form.dataset;
  const later = !acts && !undo && !stays && cut() && keepable(path); // else the browser would lose what was written
  if (!acts && !undo && !stays && !later) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const card = form.closest('article'), more = button && button.closest('details.more');
  if (more) more.open = false;
  const done = await post(form, path, button);
  delete form.dataset.busy;
  say(done);
  if (later && done.ok) form.reset();
  if (done.ok && card && acts && !(button && 'stays' in button.dataset)) drop(card);
  if (undo) form.hidden = true;
  if (done.ok && undo) { forgetHeld(); await load(); showHeld(); } else refresh();
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

/* ---- say that one is reading, and go on saying so while the page is looked at; it lapses by itself ---- */
async function reading() {
  const place = $('[data-reading]');
  if (!place || document.visibilityState === 'hidden' || cut()) return;
  try { await fetch(place.dataset.reading, { method: 'POST', body: new URLSearchParams(), headers: { Accept: 'application/json' }, credentials: 'same-origin' }); } catch { /* the stream says that we are cut off */ }
}
if ($('[data-reading]')) { setTimeout(reading, 1500); setInterval(reading, 60000); }

/* ---- keys ---- */
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
  else if ('rpdechs'.includes(key) && key.length === 1 && press(key)) event.preventDefault();
});
