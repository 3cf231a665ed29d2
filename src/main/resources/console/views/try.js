import { html, useEffect, useState } from '../lib/preact.js';
import { Code, Icon, say, session } from '../ui.js';

const SAMPLE = JSON.stringify({ type: 'track', event: 'Order Completed', userId: 'ada', properties: { order_id: 'A-1', total: 129.9, currency: 'EUR' } }, null, 2);

/** What each destination would get of an event, and why; nothing is sent or kept. */
export function Try({ app }) {
  const { model } = app;
  const [text, setText] = useState(app.tryText ?? SAMPLE);
  const [source, setSource] = useState(app.trySource || (model.sources[0] || {}).name || '');
  const [told, setTold] = useState(null);
  app.tryText = text;
  app.trySource = source;
  const ask = async () => {
    setTold({ busy: true });
    try {
      setTold({ result: await app.api.explain(text, { source }) });
    } catch (error) { setTold({ error }); }
  };
  app.onTry = ask;
  useEffect(() => () => { app.onTry = null; }, []);
  const last = async () => {
    const row = app.live.rows.find(r => r.state === 'accepted' && r.messageId && (!source || r.source === source));
    if (!row) { say('No event has come from this source since the start'); return; }
    const content = await app.api.content(row.messageId);
    if (!content) { say('It is not in the journal any more'); return; }
    const { evefan, receivedAt, ...event } = content.event;
    setText(JSON.stringify(event, null, 2));
  };
  useEffect(() => { app.live.watchEvents({ state: 'accepted' }); return () => app.live.watchEvents(null); }, []);
  return html`<div class="title"><h1>Try it</h1><span class="t2">What would each destination get? Nothing is sent or kept.</span></div>
    <div class="split half"><section class="card"><div class="hd"><h2><label for="event-to-try">An event</label></h2><span class="sp"></span><select aria-label="Source" value=${source} onChange=${e => setSource(e.target.value)}>${model.sources.map(s => html`<option value=${s.name} selected=${s.name === source}>${s.name}</option>`)}</select>
        ${session.content && html`<button type="button" class="btn" onClick=${() => last().catch(e => say(e.message))}>Use the last live event</button>`}</div>
      <div class="bd stack"><textarea id="event-to-try" rows="20" spellcheck="false" value=${text} onInput=${e => setText(e.target.value)}></textarea>
        <div class="row"><button type="button" class="btn pri" onClick=${ask}>Show what each would get</button><kbd>Ctrl Enter</kbd></div></div></section>
      <section class="card" aria-live="polite"><div class="hd"><h2>Result</h2>${told && told.result && html`<span class="t2 sm">${summary(told.result)}</span>`}</div><${Result} told=${told} /></section></div>`;
}

function summary(result) {
  const first = result.events[0];
  if (!first) return 'refused';
  const all = Object.values(first.destinations);
  return `valid${result.events.length > 1 ? `, ${result.events.length} events` : ''}; ${all.filter(o => o.gets).length} of ${all.length} would get it`;
}

function Result({ told }) {
  if (!told) return html`<p class="bd t2">Paste an event, or take the last live one.</p>`;
  if (told.busy) return html`<p class="bd t2">…</p>`;
  if (told.error) return html`<div class="bd"><p class="err" role="alert"><${Icon} name="bad" /><span><b>${told.error.line ? `Line ${told.error.line}, column ${told.error.column}: ` : ''}</b>${told.error.message}</span></p></div>`;
  const { result } = told;
  return html`${(result.problems || []).map(p => html`<p class="bd err"><${Icon} name="bad" /><span>${p}</span></p>`)}
    ${(result.rejected || []).map(r => html`<p class="bd err"><${Icon} name="bad" /><span><b>Would be refused${r.messageId ? ` (${r.messageId})` : ''}:</b> ${r.error}</span></p>`)}
    ${(result.warnings || []).map(w => html`<p class="bd warn row sm"><${Icon} name="bad" /><span>${w}</span></p>`)}
    ${result.events.map((e, i) => html`${result.events.length > 1 && html`<h3 class="sub">${e.event.event || e.event.name || e.event.type}, ${i + 1} of ${result.events.length}</h3>`}<ul class="stand">${Object.entries(e.destinations).map(([name, o]) => html`<li key=${name}><details open=${o.gets}>
      <summary><span class=${o.gets ? 'up' : 'off'}><${Icon} name=${o.gets ? 'up' : 'off'} /></span><b class="cut">${name}</b><span>${o.gets ? 'Would get it.' : 'Would not.'} <span class="t2">${o.why || (o.stoppedBy ? `its step ${o.stoppedBy} leaves it out` : '')}</span></span></summary>
      <div class="in stack">${o.gets ? (o.sent || []).map(t => html`<${Code} text=${t} label=${'What ' + name + ' would get'} />`) : html`<p class="t2 sm">${o.stoppedBy ? `The step ${o.stoppedBy} of its route leaves it out.` : o.why}</p>`}</div></details></li>`)}</ul>`)}`;
}
