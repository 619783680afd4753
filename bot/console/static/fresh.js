/* Keeps an open page as the server would show it now, without moving what is under a thumb. */
import { $, $$, body, say, setClock, tick } from './page.js';
import { holds } from './offline.js';

/* ---- the cards of a list ---- */
export const cards = () => $$('article.q, a.entry');
export function select(card, focus = true) {
  for (const el of $$('.q-sel')) el.classList.remove('q-sel');
  if (!card) return;
  if (card.matches('.q')) card.classList.add('q-sel');
  if (focus) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: 'nearest' }); }
}
export const selected = () => $('.q-sel') || (document.activeElement && document.activeElement.closest('a.entry'));

/* ---- swap what changed, hold back what is new ---- */
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
/** Let go of what waits behind the button: the next load brings it again. */
export function forgetHeld() { held = null; }
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
export function showHeld() {
  if (!held) return;
  const old = document.getElementById(held.id), first = held.html;
  held = null;
  pill('', 0);
  if (first.hasAttribute('role')) old.setAttribute('role', first.getAttribute('role')); // an empty list is no feed
  old.replaceChildren(...[...first.children].map(el => document.importNode(el, true)));
  select(cards()[0], false);
  refresh();
}
export function drop(el) {
  const next = cards()[cards().indexOf(el) + 1] || cards()[cards().indexOf(el) - 1];
  const selected = el.classList.contains('q-sel') || el.contains(document.activeElement);
  el.remove();
  if (selected && next) select(next, el.contains(document.activeElement) || document.activeElement === body);
}
const ROWS = { list: el => [...el.children].filter(c => c.id), groups: el => $$('article[id]', el) };
function take(doc) {
  const main = $('main', doc), title = $('title', doc);
  if (title) document.title = title.textContent;
  if (main.dataset.now) setClock(main.dataset.now);
  for (const fresh of $$('[data-live]', doc)) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    const rows = ROWS[fresh.dataset.live];
    if (rows) merge(old, fresh, rows); else swap(old, document.importNode(fresh, true));
  }
  tick();
}
let asked = 0, running = null, loaded = 0;
const SOON = 60, GAP = 400; // ms: at once, but not more often than a person can follow
/** Load what changed, soon; many calls are one load. */
export function refresh() { asked ||= setTimeout(load, Math.max(SOON, GAP - (Date.now() - loaded))); }
/** Load what changed, now, after what is being loaded already, since that may be older.
 *  While something that was pressed here waits to be sent, the page stays as it is. */
export async function load() {
  clearTimeout(asked);
  asked = 0;
  while (running) await running;
  if (holds()) return;
  running = fetchParts();
  await running;
}
/* What somebody is writing stays on the page: they sign in in another tab and press the button again. */
function signedOut() {
  if (!writing(body)) return location.reload();
  say({ ok: false, title: 'You are signed out', sentence: 'What you wrote is still on this page. Open Backchannel in another tab, sign in there, then press the button here again.' });
}
async function fetchParts() {
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { 'X-Part': 'live' }, credentials: 'same-origin' });
    if (answer.status === 401) return signedOut();
    if (answer.ok) {
      const holder = document.createElement('template');
      holder.innerHTML = await answer.text();
      take(holder.content);
    }
  } catch { /* the stream says when we are back, and asks again */ } finally { running = null; loaded = Date.now(); }
}
