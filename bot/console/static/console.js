/* Makes the pages quicker: buttons without leaving the page, previews, keys. Every page works without it. */
import { $, $$, body, html, say, toast } from './page.js';
import { drop, forgetHeld, load, refresh, showHeld } from './fresh.js';
import { act, cut, keepable } from './offline.js';
import { flip } from './keys.js';
import './live.js';
import './shell.js';
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
  say(done.state ? { ...done, again: path } : done);
  if (later && done.ok) form.reset();
  if (done.ok && card && acts && !(button && 'stays' in button.dataset)) drop(card);
  if (undo) form.hidden = true;
  if (done.ok && undo) { forgetHeld(); await load(); showHeld(); } else refresh();
});
document.addEventListener('click', event => {
  const el = event.target.closest('[data-new] button, [data-help], [data-keys-switch], [data-copy], [data-fill], [data-pick-all]');
  if (!el) {
    for (const d of $$('.more[open]')) if (!d.contains(event.target)) d.open = false;
    return;
  }
  if (el.closest('[data-new]')) showHeld();
  else if ('help' in el.dataset) $('#shortcuts').showModal();
  else if ('keysSwitch' in el.dataset) flip();
  else if ('fill' in el.dataset) fill(document.getElementById(el.dataset.fill), el.dataset.words);
  else if ('pickAll' in el.dataset) { for (const box of $$('[data-pick]')) box.checked = true; picked(); }
  else navigator.clipboard.writeText(document.getElementById(el.dataset.copy).innerText).then(() => say({ ok: true, sentence: 'Copied.' }));
});
for (const el of $$('[data-copy], [data-help], [data-saved], [data-pick-all]')) el.hidden = false;

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
addEventListener('load', () => requestAnimationFrame(openHash)); // the browser takes the focus away again when it goes to the fragment

/* ---- say that one is reading, and go on saying so while the page is looked at; it lapses by itself ---- */
async function reading() {
  const place = $('[data-reading]');
  if (!place || document.visibilityState === 'hidden' || cut()) return;
  try { await fetch(place.dataset.reading, { method: 'POST', body: new URLSearchParams(), headers: { Accept: 'application/json' }, credentials: 'same-origin' }); } catch { /* the stream says that we are cut off */ }
}
if ($('[data-reading]')) { setTimeout(reading, 1500); setInterval(reading, 60000); }

/* ---- saved replies, and several questions at once ---- */
function fill(box, words) {
  box.value = words;
  box.focus();
  box.dispatchEvent(new Event('input', { bubbles: true }));
}
function picked() {
  const out = $('[data-picked]'), n = $$('[data-pick]:checked').length;
  if (out) out.textContent = n ? `${n} question${n === 1 ? '' : 's'} chosen.` : 'Tick questions, then choose where they go.';
}
document.addEventListener('change', event => { if (event.target.matches('[data-pick]')) picked(); });
