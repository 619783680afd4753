/* What every script of a page needs: its parts, the server's clock, a place to say what was done. */
export const html = document.documentElement, body = document.body;
export const $ = (what, from = document) => from.querySelector(what);
export const $$ = (what, from = document) => [...from.querySelectorAll(what)];

/* ---- time: the server's clock decides ---- */
let skew = Date.parse(body.dataset.now) - Date.now() || 0;
export const now = () => Date.now() + skew;
export const clock = at => new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', hour12: true, timeZone: body.dataset.zone })
  .format(at).replace(/\s/g, '').replace(/^0/, '').toLowerCase();
export const lasting = s => s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
function ago(at) {
  const s = Math.floor((now() - at) / 1000);
  return s < 5 ? 'now' : s < 60 ? `${s} s ago` : s < 3600 ? `${Math.floor(s / 60)} min ago` : null;
}
export function tick() {
  for (const el of $$('time[data-ago]')) {
    const words = ago(Date.parse(el.dateTime));
    if (words && el.textContent !== el.dataset.ago + words) el.textContent = el.dataset.ago + words;
    else if (!words && / (s|min) ago$/.test(el.textContent)) el.textContent = el.dataset.ago + clock(Date.parse(el.dateTime));
  }
  for (const el of $$('time[data-lag]')) {
    const words = lasting(Math.max(0, Math.floor((now() - Date.parse(el.dateTime)) / 1000)));
    if (el.textContent !== words) el.textContent = words;
  }
  for (const el of $$('[data-until]')) {
    const left = Math.max(0, Math.ceil((Date.parse(el.dataset.until) - now()) / 1000));
    const words = 'bare' in el.dataset ? lasting(left) : left ? `Goes out in ${lasting(left)}` : 'Going out now';
    if (el.textContent !== words) el.textContent = words;
  }
  for (const el of $$('progress[data-bar]')) el.value = el.max - Math.max(0, (Date.parse(el.dataset.bar) - now()) / 1000);
}
setInterval(tick, 1000);
/** The server said what time it is. */
export function setClock(stamp) { skew = Date.parse(stamp) - Date.now(); }

/* ---- say what was done, offer undo for ten seconds ---- */
export const toast = $('#toast');
const problem = $('#problem');
let fade = 0;
function hideLater() { clearTimeout(fade); fade = setTimeout(() => { if (toast) toast.hidden = true; }, 10000); }
export function say(done) {
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
    head.textContent = done.title || 'That was not done';
    words.textContent = done.sentence;
    inside.append(head, words);
    if (done.again) inside.append(again(done));
    banner.append(inside);
    problem.replaceChildren(banner);
    problem.scrollIntoView({ block: 'nearest' });
  }
}
/** Somebody was first: the same button once more, for the state that it is in now. */
function again(done) {
  const form = document.createElement('form'), seen = document.createElement('input'), button = document.createElement('button');
  Object.assign(form, { method: 'post', action: done.again, className: 'acts' });
  form.dataset.staysForm = '';
  Object.assign(seen, { type: 'hidden', name: 'seen', value: done.state });
  Object.assign(button, { className: 'btn btn-s', textContent: 'Do it anyway' });
  form.append(seen, button);
  return form;
}
if (toast && !toast.hidden) hideLater();
