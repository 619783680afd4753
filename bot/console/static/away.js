/* While the server is away: what waits on this device, and the page that was wanted as soon as it can be had. */
const EVERY = 3000; // ms
const list = document.getElementById('unsent');
/** What `offline.js` keeps: in words that were on the buttons, nothing of what was read. */
function waiting() {
  try { return (JSON.parse(localStorage.getItem('unsent')) || []).filter(row => !row.refused); } catch { return []; }
}
for (const row of waiting()) {
  const line = document.createElement('li');
  line.textContent = row.label;
  list.append(line);
}
list.hidden = !list.children.length;
async function look() {
  try {
    const answer = await fetch('/away', { cache: 'no-store', signal: AbortSignal.timeout(EVERY) });
    if (answer.ok) return location.reload();
  } catch { /* still away */ }
  setTimeout(look, EVERY);
}
if (location.pathname !== '/away') look();
