import { html, useEffect, useState } from '../lib/preact.js';
import { isoUtc, ms, number, plural, when } from '../words.js';
import { Failed, go, session } from '../ui.js';
import { titleOf } from '../event.js';
import { EventPanel } from './event.js';

const MOST = 100;

/** A messageId or userId within the journal's retention: the event itself, and those of the user, the newest first. */
export function Find({ app, parts }) {
  const sought = parts[1] || '';
  const open = parts[2];
  const [found, setFound] = useState({ byId: undefined, rows: [], looked: 0, kept: 0, isOver: false, error: null });
  const [stopped, setStopped] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    const abort = new AbortController();
    setStopped(false);
    setFound({ byId: undefined, rows: [], looked: 0, kept: 0, isOver: false, error: null });
    app.stopFinding = () => { over = true; abort.abort(); setStopped(true); };
    const look = async () => {
      try {
        const byId = await app.api.whereabouts(sought, abort.signal);
        if (over) return;
        setFound(f => ({ ...f, byId }));
        let rows = [], before;
        do {
          const piece = await app.api.eventsOf(sought, before, abort.signal);
          if (over) return;
          rows = [...rows, ...piece.events].slice(0, MOST);
          before = piece.next;
          const isOver = before == null || rows.length >= MOST;
          const all = rows;
          setFound(f => ({ ...f, rows: all, looked: piece.looked, kept: piece.kept, keptSince: piece.keptSince, isOver }));
          if (isOver) return;
        } while (!over);
      } catch (error) {
        if (!over && error.name !== 'AbortError') setFound(f => ({ ...f, error, isOver: true }));
      }
    };
    if (sought) look();
    return () => { over = true; abort.abort(); };
  }, [sought, round]);
  const id = open || (found.byId && !found.rows.length ? sought : null);
  const base = '#/find/' + encodeURIComponent(sought);
  const isOver = found.isOver || stopped;
  return html`<div class="title"><h1>Events of <code>${sought}</code></h1></div>
    <div class=${'split ' + (id ? 'ev-open' : 'one')}><section class="card evlist"><div class="note" role="status">${found.error
        ? session.role !== 'admin' && found.error.status === 403 ? html`<span>A user’s events are event content: hidden from the read-only token. A messageId can be looked up.</span>` : html`<${Failed} what="The look-up" error=${found.error} again=${() => setRound(n => n + 1)} />`
        : !isOver ? html`<span>Looking through the journal: ${number(found.looked)}${found.kept ? ` of ${number(found.kept)}` : ''} events …</span><button type="button" class="btn sm" onClick=${() => app.stopFinding()}>Stop</button>`
        : html`<span>${stopped ? 'Stopped. ' : ''}${found.rows.length ? `${plural(found.rows.length, 'event')}${found.rows.length >= MOST ? ', the newest' : ''}, newest first.` : found.byId ? 'One event has this messageId.' : 'No event has this messageId or userId.'}
          ${found.keptSince ? ` Events are kept since ${isoUtc(ms(found.keptSince))} UTC.` : ''}</span>`}</div>
      <div class="tw"><table class="resp ev"><thead><tr><th>Time</th><th>Event</th><th class="opt">Type</th><th class="opt">Source</th><th>messageId</th></tr></thead><tbody>
        ${found.rows.map(row => html`<tr key=${row.messageId + row.at} class="go" aria-selected=${row.messageId === id ? 'true' : 'false'} onClick=${go(base + '/' + encodeURIComponent(row.messageId))}>
          <td class="mono nw">${when(ms(row.at))}</td><td class="name"><a href=${base + '/' + encodeURIComponent(row.messageId)}><b>${titleOf(row)}</b></a></td>
          <td class="hidem opt t2">${row.type}</td><td class="hidem opt">${row.source}</td><td class="hidem mono user">${row.messageId}</td><td class="narrow"></td></tr>`)}</tbody></table></div></section>
    ${id && html`<${EventPanel} key=${id} app=${app} id=${id} row=${found.rows.find(r => r.messageId === id)} back=${found.rows.length ? base : '#/events'} />`}</div>`;
}
