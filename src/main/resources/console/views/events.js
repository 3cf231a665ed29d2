import { html, useEffect, useRef, useState } from '../lib/preact.js';
import { bothZones, clock, millis, ms, number, rate } from '../words.js';
import { go, Icon, Part } from '../ui.js';
import { rowStanding, titleOf } from '../event.js';
import { EventPanel } from './event.js';

const SHOWN = 200;
const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
const eventHref = id => '#/events/' + encodeURIComponent(id);

/** Where a row leads: to the event, or where it has no id, to what was refused. */
const hrefOf = row => row.messageId ? eventHref(row.messageId) : '#/dead-letters/ingest';

export function Events({ app, parts }) {
  const id = parts[1];
  const { live, model } = app;
  const [filter, setFilter] = useState(app.eventFilter || {});
  const [typed, setTyped] = useState(filter);
  const [held, setHeld] = useState(null);
  const table = useRef(null);
  app.eventFilter = filter;
  useEffect(() => { live.watchEvents(filter); }, [JSON.stringify(filter)]);
  useEffect(() => () => live.watchEvents(null), []);
  useEffect(() => {
    const later = setTimeout(() => setFilter(tidy(typed)), 300);
    return () => clearTimeout(later);
  }, [JSON.stringify(typed)]);

  // The list stands still while it is paused, while an event is open, and while somebody is at a row or further down.
  const paused = app.paused;
  useEffect(() => {
    const isBusy = () => paused || id || window.scrollY > 160 || (table.current && table.current.contains(document.activeElement));
    const decide = () => setHeld(h => isBusy() ? h || live.rows : null);
    live.onRows = decide;
    decide();
    addEventListener('scroll', decide, { passive: true });
    document.addEventListener('focusout', decide);
    return () => { live.onRows = () => {}; removeEventListener('scroll', decide); document.removeEventListener('focusout', decide); };
  }, [paused, id]);
  useEffect(() => setHeld(null), [JSON.stringify(filter)]);

  const rows = held || live.rows;
  const more = held ? newer(live.rows, held) : 0;
  const { matched, shown } = live.seen;
  const share = shown && matched > shown ? matched / shown : 1;
  const show = () => { scrollTo(0, 0); if (document.activeElement) document.activeElement.blur(); app.setPaused(false); if (id) location.hash = '#/events'; setHeld(null); };
  const field = (key, label, options) => html`<select aria-label=${label} value=${typed[key] || ''} onChange=${e => setTyped({ ...typed, [key]: e.target.value })}>
    <option value="">${label}</option>${options.map(([v, w]) => html`<option value=${v} selected=${typed[key] === v}>${w || v}</option>`)}</select>`;
  const text = (key, label) => html`<input aria-label=${label} placeholder=${label} value=${typed[key] || ''} onInput=${e => setTyped({ ...typed, [key]: e.target.value })} />`;
  const isFiltered = Object.keys(tidy(typed)).length > 0;

  return html`<div class="title"><h1>Live events</h1><span class="sp"></span><button type="button" class="btn" aria-pressed=${paused ? 'true' : 'false'}
      onClick=${() => app.setPaused(!paused)}><${Icon} name=${paused ? 'play' : 'pause'} />${paused ? 'Resume' : 'Pause'} <kbd>p</kbd></button></div>
    <div class=${'split ' + (id ? 'ev-open' : 'one')}><section class="card evlist"><div class="bd filters">
        ${field('source', 'All sources', model.sources.map(s => [s.name]))}${field('type', 'All types', TYPES.map(t => [t]))}
        ${field('state', 'All states', [['refused', 'Refused'], ['accepted', 'Accepted']])}
        ${text('name', 'Event name')}${text('user', 'userId or anonymousId')}${text('text', 'Text in the event')}
        ${isFiltered && html`<button type="button" class="link" onClick=${() => setTyped({})}>Clear</button>`}</div>
      <div class="note" role="status">${paused ? html`<span><b>Paused.</b> Evefan goes on as before.</span>`
        : html`<span>Newest first, of the last 1,000. ${share > 1 ? `${number(matched)} a second match, 1 in ${number(share)} is shown; refused ones always.` : `${rate(model.acceptedRate)} events/s come in.`}</span>`}
        ${more > 0 && html`<button type="button" class="btn sm" onClick=${show}>${more >= 1000 ? '1,000' : number(more)} more</button>`}</div>
      <div class="tw"><table class="resp ev" ref=${table}><thead><tr><th>Time</th><th>Event</th><th class="opt">Type</th><th class="opt">Source</th><th>User</th><th>Where it stands</th></tr></thead>
        <tbody>${rows.slice(0, SHOWN).map(row => html`<${Row} key=${keyOf(row)} row=${row} model=${model} open=${row.messageId && row.messageId === id} />`)}</tbody></table>
        ${!rows.length && html`<p class="bd t2">${isFiltered ? html`No event of the last 1,000 matches. The field at the top finds events in the whole journal by messageId or userId, or <button type="button" class="link" onClick=${() => setTyped({})}>clear the filters</button>.`
          : model.everAccepted ? 'No event has come since the start. The next one appears here by itself.' : html`No event has come yet. <a class="link" href="#/overview">How to send the first one</a>`}</p>`}</div></section>
    ${id && html`<${Part} name="The event"><${EventPanel} key=${id} app=${app} id=${id} row=${rows.find(r => r.messageId === id)} /></${Part}>`}</div>`;
}

const tidy = filter => Object.fromEntries(Object.entries(filter).filter(([, v]) => v));

const KEYS = new WeakMap();
let keys = 0;
function keyOf(row) {
  if (!KEYS.has(row)) KEYS.set(row, ++keys);
  return KEYS.get(row);
}

/** How many came after those that are shown. */
function newer(all, held) {
  const at = held.length ? all.indexOf(held[0]) : all.length;
  return at < 0 ? all.length : at;
}

function Row({ row, model, open }) {
  const at = ms(row.at), href = hrefOf(row), refused = row.state === 'refused';
  const stands = refused ? null : rowStanding(row, model);
  const user = row.userId || row.anonymousId;
  const sign = refused ? html`<span class="bad"><${Icon} name="bad" /></span>` : html`<span class=${stands.waiting.length ? 'busy' : 'up'}><${Icon} name=${stands.waiting.length ? 'busy' : 'up'} /></span>`;
  return html`<tr class=${'go' + (refused ? ' rej' : '')} aria-selected=${open ? 'true' : 'false'} onClick=${go(href)}>
    <td class="mono nw"><time title=${bothZones(at)}>${clock(at)}<span class="dim">${millis(at)}</span></time></td>
    <td class="name"><a href=${href}><b>${titleOf(row)}</b></a></td><td class="hidem opt t2">${row.type}</td><td class="hidem opt">${row.source}</td>
    <td class="hidem mono user">${user === 'hidden' ? html`<span class="dim">hidden</span>` : row.userId || (row.anonymousId ? html`<span class="dim">anon ${row.anonymousId}</span>` : html`<span class="bad">none</span>`)}</td>
    <td class="hidem stands">${refused ? html`<span class="st bad"><${Icon} name="bad" />Refused: ${row.reason}</span>`
      : html`<span class="st">${sign}${stands.delivered} of ${stands.all} have it${stands.waiting.length > 0 && html`<span class="t2">${stands.waiting.length > 2 ? stands.waiting.length + ' wait'
        : stands.waiting.map(d => d.name).join(', ') + (stands.waiting.length > 1 ? ' wait' : ' waits')}</span>`}${stands.refusing.length > 0 && html`<span class="bad">${stands.refusing.map(d => d.name).join(', ')} may have refused it</span>`}</span>`}</td>
    <td class="narrow">${sign}<span class="vh">${refused ? 'Refused: ' + row.reason : ''}</span></td></tr>`;
}
