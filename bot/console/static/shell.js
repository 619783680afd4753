/* Grey shapes while another list is loaded, and a page of ours while the server is away. */
import { $, $$, html } from './page.js';

/* ---- nothing for 300 ms, then grey shapes; the browser itself shows that it loads elsewhere ---- */
const QUIET = 300; // ms
let wait = 0;
function loaded() {
  clearTimeout(wait);
  html.classList.remove('loading');
  for (const el of $$('[data-loading]')) el.hidden = true;
}
function loading() {
  html.classList.add('loading');
  for (const el of $$('[data-loading]')) el.hidden = false;
}
document.addEventListener('click', event => {
  const link = event.target.closest('.tabs a, .filters a, .qmore .menu a, .list-end a');
  if (!link || !$('[data-loading]') || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (new URL(link.href).pathname !== location.pathname) return; // another page has other shapes
  clearTimeout(wait);
  wait = setTimeout(loading, QUIET);
});
for (const turn of ['pageshow', 'pagehide']) addEventListener(turn, loaded);

/* ---- the page that the browser keeps for when there is no connection ---- */
navigator.serviceWorker?.register('/worker.js').catch(() => { /* not every browser may; then its own page says it */ });
