import { html, useEffect, useRef, useState } from '../lib/preact.js';
import { bytes, duration, isoUtc, ms, number, plural, remember, remembered } from '../words.js';
import { Action, Dialog, Icon } from '../ui.js';

const COUNT_AFTER = 300;
const LOOK_EVERY = 1000;

/** Events that are kept, once more to one destination: the count first, and only then the button. */
export function ReplayDialog({ app, d, onClose }) {
  const { model } = app;
  const from = model.now - Math.min(86400, model.keptSeconds || 86400) * 1000;
  const [what, setWhat] = useState({ since: isoUtc(from), until: '', source: '', event: '' });
  const [count, setCount] = useState(null);
  const [error, setError] = useState('');
  const request = toRequest(d.name, what);
  useEffect(() => {
    let over = false, timer = 0;
    const abort = new AbortController();
    setCount(null);
    setError(request.error || '');
    if (request.error) return undefined;
    const look = async () => {
      try {
        let told = await app.api.replay({ ...request, dryRun: true }, abort.signal);
        while (!over && told.id != null && (told.state === 'running' || told.state === 'queued')) {
          setCount({ ...told, isPart: true });
          await new Promise(done => { timer = setTimeout(done, LOOK_EVERY); });
          told = (await app.api.replays(abort.signal)).replays.find(r => r.id === told.id) || { ...told, state: 'done' };
        }
        if (!over) setCount(told);
      } catch (e) {
        if (!over && e.name !== 'AbortError') setError(e.message);
      }
    };
    timer = setTimeout(look, COUNT_AFTER);
    return () => { over = true; clearTimeout(timer); abort.abort(); };
  }, [JSON.stringify(what)]);
  const start = async () => {
    await app.api.replay(request);
    await app.refreshReplays();
    onClose();
  };
  const field = (key, label, hint) => html`<label class="f">${label}<input value=${what[key]} placeholder=${hint} onInput=${e => setWhat({ ...what, [key]: e.target.value })} /></label>`;
  const isReady = count && !count.isPart && count.events > 0;
  return html`<${Dialog} title=${`Replay to ${d.name}`} note=${`Sends events that are still in the journal once more, to ${d.name} only.${model.keptSeconds ? ` Kept since ${isoUtc(model.now - model.keptSeconds * 1000)} UTC.` : ''}`} onClose=${onClose}
      foot=${html`<button type="button" class="btn" onClick=${onClose}>Cancel</button><${Action} css="pri" off=${isReady ? '' : 'Counted first'} onClick=${start}>${isReady ? `Replay ${plural(count.events, 'event')}` : 'Replay'}</${Action}>`}>
    <div class="two">${field('since', 'From, UTC', '2026-11-28 00:00:00')}${field('until', 'Until, UTC', 'now')}</div>
    <div class="two"><label class="f">Source<select value=${what.source} onChange=${e => setWhat({ ...what, source: e.target.value })}><option value="">All</option>${model.sources.map(s => html`<option value=${s.name}>${s.name}</option>`)}</select></label>
      ${field('event', 'Event name', 'All')}</div>
    <div role="status">${error ? html`<p class="err"><${Icon} name="bad" /><span>${error}</span></p>`
      : !count || count.isPart ? html`<p class="ban busy-b"><span class="busy"><${Icon} name="busy" /></span><span><b>Counting…</b>${count ? ` ${number(count.events)} so far` : ''}</span></p>`
      : html`<p><b>${plural(count.events, 'event')}</b> ${count.events === 1 ? 'matches' : 'match'}${count.bytes ? `, ${bytes(count.bytes)}` : ''}. ${!count.events ? '' : typeof count.seconds === 'number' ? `About ${duration(count.seconds)} beside live events.` : count.seconds || ''}${' '}Ids and times are the original ones: a destination that recognises an event it has keeps one, another gets it twice.</p>${count.note && html`<p class="t2 sm">${count.note}</p>`}
        ${count.names && Object.keys(count.names).length > 0 && html`<p class="t2 sm">${Object.entries(count.names).sort((a, b) => b[1] - a[1]).slice(0, 6).map(([n, c]) => `${n} ${number(c)}`).join(', ')}</p>`}`}</div>
    ${d.state !== 'up' && d.state !== 'idle' && html`<p class="ban warn-b"><span class="warn"><${Icon} name="bad" /></span><span>It does not take events as it should now. The replay goes on when it does.</span></p>`}</${Dialog}>`;
}

function toRequest(destination, what) {
  const request = { destination };
  for (const [key, label] of [['since', 'From'], ['until', 'Until']]) {
    const text = what[key].trim();
    if (!text) continue;
    const at = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : text.replace(' ', 'T') + (text.length <= 10 ? 'T00:00:00Z' : 'Z'));
    if (Number.isNaN(at)) return { error: `${label} must be a time such as 2026-11-28 03:00:00` };
    request[key] = new Date(at).toISOString();
  }
  if (request.since && request.until && request.since >= request.until) return { error: 'From must be before Until' };
  if (what.source) request.source = what.source;
  if (what.event.trim()) request.event = what.event.trim();
  return request;
}

/** Replays of one destination: under way, and those that ended and were not closed here. */
export function Replays({ app, destination }) {
  const [closed, setClosed] = useState(() => JSON.parse(remembered('evefan.replays-closed', '[]')));
  const opened = useRef(Date.now());
  const close = id => {
    const all = [...closed, id].slice(-100);
    remember('evefan.replays-closed', JSON.stringify(all));
    setClosed(all);
  };
  const mine = app.replays.filter(r => r.destination === destination && !r.dryRun && !closed.includes(r.id)
    && (r.state === 'queued' || r.state === 'running' || !r.ended || ms(r.ended) > opened.current - 3600000)).slice(-3).reverse();
  return mine.map(r => html`<${Progress} key=${r.id} app=${app} r=${r} onClose=${() => close(r.id)} />`);
}

function Progress({ app, r, onClose }) {
  const isOver = r.state === 'done' || r.state === 'stopped';
  const handled = (r.replayed || 0) + (r.rejected || 0) + (r.dead || 0) + (r.leftOut || 0);
  const percent = r.state === 'done' ? 100 : r.percent ?? (r.events ? Math.floor(100 * handled / r.events) : 0);
  const filter = [r.from && r.to && `accepted ${isoUtc(ms(r.from))} to ${isoUtc(ms(r.to))} UTC`, r.filter && r.filter.source && `source ${r.filter.source}`, r.filter && r.filter.event && `event ${r.filter.event}`].filter(Boolean).join(', ');
  const left = Math.max(0, (r.events || 0) - handled);
  return html`<section class="card replay"><div class="hd"><span class=${isOver ? r.state === 'done' ? 'up' : 'off' : 'busy'}><${Icon} name=${isOver ? r.state === 'done' ? 'up' : 'off' : 'busy'} /></span>
      <h2>${r.state === 'done' ? 'Replay finished' : r.state === 'stopped' ? 'Replay stopped' : r.state === 'queued' ? 'Replay waits for another' : 'Replay is running'}</h2><span class="t2 sm">${filter}</span><span class="sp"></span>
      ${isOver ? html`<button type="button" class="btn" onClick=${onClose}>Close</button>` : html`<${Action} onClick=${async () => { await app.api.stopReplay(r.id); await app.refreshReplays(); }}>Stop</${Action}>`}</div>
    <div class="bd stack"><div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent} aria-label="Replay"><svg viewBox="0 0 100 1" preserveAspectRatio="none"><rect width=${percent} height="1" class="m-busy" /></svg></div>
      <p class="sm"><b>${percent} %</b>, ${number(r.replayed || 0)}${r.events ? ` of ${number(r.events)}` : ''} delivered again${r.leftOut ? `, ${number(r.leftOut)} left out` : ''}${r.rejected || r.dead ? html`, <b class="bad">${number((r.rejected || 0) + (r.dead || 0))} became dead letters</b>` : ''}${r.missing ? `, ${number(r.missing)} no longer kept` : ''}.
        ${!isOver && r.eventsPerSecond ? ` ${number(r.eventsPerSecond)}/s${left ? `, done in about ${duration(left / r.eventsPerSecond)}` : ''}.` : ''} <span class="t2">New events go first; ids and timestamps are the original ones.</span></p>
      ${r.message && html`<p class="t2 sm">${r.message}</p>`}</div></section>`;
}
