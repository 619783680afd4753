/* Single keys, outside fields only; one click turns them off for good on this device. */
import { $, $$, html, toast } from './page.js';
import { cards, select, selected, showHeld } from './fresh.js';

const on = () => localStorage.getItem('keys') !== 'off';
function show() {
  html.classList.toggle('keys-on', on());
  for (const el of $$('[data-keys-panel]')) el.hidden = !on();
  for (const el of $$('[data-keys-switch]')) el.textContent = el.closest('dialog') ? `Turn single keys ${on() ? 'off' : 'on'}` : 'Turn off';
}
/** Turn them off, or on again. */
export function flip() {
  localStorage.setItem('keys', on() ? 'off' : 'on');
  show();
}
show();
/* The hints of a selected card make its buttons wider: while a pointer is down nothing may move, or its click is lost. */
let down = false;
function choose(el) { const card = el && el.closest && el.closest('article.q'); if (card) select(card, false); }
document.addEventListener('pointerdown', () => { down = true; }, true);
for (const up of ['pointerup', 'pointercancel']) document.addEventListener(up, () => setTimeout(() => { down = false; choose(document.activeElement); }), true);
document.addEventListener('focusin', event => { if (!down) choose(event.target); });
if (matchMedia('(hover: hover)').matches) select(cards()[0], false);

/** Press what a key stands for: on the selected card, if one is; else on the page, which is about one thing then. */
function press(key) {
  const card = selected(), name = `[data-key="${key}"]`;
  const el = $(name, card || document) || (!$('#list') && $(name)) || null;
  if (el) el.click();
  return Boolean(el);
}
function step(by) {
  const all = cards(), at = all.indexOf(selected());
  if (!all.length) return void press(by > 0 ? 'j' : 'k');
  select(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}
function search() {
  const box = $('input[type=search]'), page = $('.nav a[href$="/everything"]');
  if (box && box.offsetParent) box.focus(); else if (page) location.href = page.href;
}
let theming = 0; // until when a digit means a theme
function theme(number) {
  theming = 0;
  const button = $(`[data-theme="${number}"]`, selected() || document), choice = $('#theme');
  if (button) return button.click();
  if (!choice || number >= choice.options.length) return;
  choice.selectedIndex = number;
  choice.form.requestSubmit();
}
function reword() {
  const here = $('#reword');
  if (!here) return press('e');
  here.open = true;
  $('textarea', here).focus();
  return true;
}
function group() {
  const box = $('#find');
  if (!box) return press('g');
  box.focus();
  return true;
}
function back() {
  const open = $('.more[open]');
  if (open) { open.open = false; $('summary', open).focus(); } else $('[data-esc]')?.click();
}
function open() {
  const card = selected();
  if (card && document.activeElement === card && card.dataset.open) location.href = card.dataset.open;
}
const DO = {
  j: () => step(1), k: () => step(-1), n: showHeld, e: reword, g: group, escape: back, enter: open, '/': search,
  t: () => { theming = Date.now() + 3000; },
  u: () => { const form = $('[data-undo]'); if (form && !form.hidden && toast && !toast.hidden) form.requestSubmit(); },
  a: () => press('a') || $('[data-answered]')?.click(),
  '?': () => $('#shortcuts')?.showModal(),
};
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !on() && event.key !== '?') return;
  const at = event.target;
  if (at.closest('input:not([type=checkbox]), textarea, select, dialog[open]') || at.isContentEditable) return;
  const key = event.key.toLowerCase();
  if (key === 'enter' && at.closest('a, button, summary, input')) return;
  if (/^[1-9]$/.test(key) && Date.now() < theming) { event.preventDefault(); theme(Number(key)); }
  else if (DO[key]) { if (key !== 'enter' && key !== 'escape') event.preventDefault(); DO[key](); }
  else if ('rpdchs'.includes(key) && key.length === 1 && press(key)) event.preventDefault();
});
