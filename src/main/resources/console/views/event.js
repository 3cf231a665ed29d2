import { html, useState } from '../lib/preact.js';
import { age, isoUtc, ms } from '../words.js';
import { Code, copy, Icon, Loaded, Segments, session, Time, useLoaded } from '../ui.js';
import { Tree } from '../tree.js';
import { locate, standing, titleOf } from '../event.js';

const HIDDEN = html`Hidden: the read-only token sees no event content, unless a setting allows it.`;

/** One event: where it stands first, then what it is. */
export function EventPanel({ app, id, row, back = '#/events' }) {
  const [round, setRound] = useState(0);
  const loaded = useLoaded(async signal => {
    const found = await locate(app.api, id, signal);
    const waits = found.kind === 'accepted' && Object.values(found.destinations).some(w => w.state === 'waiting' || w.state === 'in hand');
    // What was accepted a moment ago is looked at again until it is where it goes.
    if (waits || found.kind === 'none' && round < 5) setTimeout(() => setRound(n => n + 1), round < 20 ? 1000 : 5000);
    return found;
  }, [id]);
  useRounds(round, loaded);
  const isThere = Boolean(loaded.value && loaded.value.kind === 'accepted');
  // What each destination gets is worked out by running its route: it may come later than where the event stands.
  const content = useLoaded(signal => isThere && session.content ? app.api.content(id, signal) : Promise.resolve(null), [id, isThere]);
  return html`<aside class="card panel" aria-label="Event">${loaded.value == null
    ? html`<${Head} title=${row ? titleOf(row) : id} back=${back} /><${Loaded} of=${loaded} what="The event" />`
    : html`<${Shown} app=${app} found=${loaded.value} loaded=${content} row=${row} back=${back} />`}</aside>`;
}

function useRounds(round, loaded) {
  const [seen, setSeen] = useState(0);
  if (round !== seen) { setSeen(round); loaded.again(); }
}

const Head = ({ title, type, source, children, back }) => html`<div class="hd"><div class="grow"><b class="name">${title}</b> ${type && html`<span class="tag">${type}</span>`}
  ${source && html`<div class="sm t2">from ${source}</div>`}</div>${children}<a class="btn ic" href=${back} aria-label="Close (Esc)"><${Icon} name="x" /></a></div>`;

function Shown({ app, found, loaded, row, back }) {
  const { model } = app;
  if (found.kind === 'none') {
    return html`<${Head} title=${row ? titleOf(row) : 'Not found'} back=${back} /><div class="bd stack"><p><b>Not in the journal.</b> No event with the messageId <code>${found.messageId}</code> is kept.</p>
      <p class="t2">${model.keptSeconds ? html`Events are kept since ${isoUtc(model.now - model.keptSeconds * 1000)} UTC.` : 'The journal is empty.'} It may be older, or has never come.</p></div>`;
  }
  if (found.kind === 'refused') return html`<${Refused} letter=${found.letter} id=${found.messageId} back=${back} />`;
  const content = loaded.value;
  const event = content ? content.event : null;
  const accepted = ms(found.acceptedAt);
  const sent = event && ms(event.timestamp);
  const user = event && event.userId;
  const title = event ? event.event || event.name || event.type : row ? titleOf(row) : found.type;
  return html`<${Head} title=${title} type=${found.type} source=${found.source} back=${back}>
      ${content && content.curl && html`<button type="button" class="btn" onClick=${() => copy(content.curl, 'Copied. Set WRITE_KEY in the shell first.')}>Copy as curl</button>`}</${Head}>
    <dl class="kv bd"><dt>accepted</dt><dd><${Time} at=${accepted} day />${sent && Math.abs(accepted - sent) > 1 && html` <span class="dim">${age(Math.abs(accepted - sent) / 1000)} ${accepted > sent ? 'after' : 'before'} its timestamp</span>`}</dd>
      <dt>messageId</dt><dd class="mono">${found.messageId}</dd>
      <dt>userId</dt><dd class="mono">${!session.content ? html`<span class="dim">hidden</span>` : user ? html`${user} <a class="link ui sm" href=${'#/find/' + encodeURIComponent(user)}>all of this user</a>`
        : event && event.anonymousId ? html`<span class="dim">anon ${event.anonymousId}</span>` : html`<span class="dim">${event ? 'none' : '…'}</span>`}</dd></dl>
    <h3 class="sub">Where it stands</h3><ul class="stand">${Object.entries(found.destinations).map(([name, where]) => html`<${Stand} key=${name} where=${where}
      of=${standing(name, where, content && content.destinations[name], model.destinations.find(d => d.name === name), accepted)} />`)}</ul>
    ${event || !session.content ? html`<${Payload} event=${event} />` : html`<div class="hd payload"><h3>The event, as accepted</h3></div><${Loaded} of=${{ ...loaded, value: null }} what="The event" />`}`;
}

function Stand({ of, where }) {
  const sent = of.outcome && of.outcome.sent;
  return html`<li><details open=${of.css === 'bad'}><summary><span class=${of.css}><${Icon} name=${of.sign} /></span><b class="cut">${of.name}</b>
      <span class=${of.css === 'bad' ? 'bad' : 't2'}><b>${of.word}.</b> ${of.detail}</span></summary>
    <div class="in stack">${(where.reason || where.lastError || '').includes('\n') && html`<${Code} text=${where.reason || where.lastError} label="What it answered" />`}
      ${of.word === 'Dead letter' && html`<p><a class="link" href=${'#/dead-letters/' + encodeURIComponent(of.name)}>Open its dead letters</a></p>`}
      ${of.css === 'off' && of.word !== 'Waiting' ? html`<p class="t2 sm">It never waits for ${of.name} and goes on without it.</p>`
        : !session.content ? html`<p class="t2 sm">The row or request is event content: hidden from the read-only token.</p>`
        : sent && sent.length ? sent.map(text => html`<${Code} text=${text} label=${'What ' + of.name + ' gets'} />`)
        : html`<p class="t2 sm">${!of.outcome ? 'What it gets is being worked out …' : `What it gets cannot be told${of.outcome.why ? ': ' + of.outcome.why : '.'}`}</p>`}</div></details></li>`;
}

export function Payload({ event, title = 'The event, as accepted', guilty, why }) {
  const [as, setAs] = useState('Tree');
  const isJson = event !== null && typeof event === 'object';
  return html`<div class="hd payload"><h3>${title}</h3><span class="sp"></span>${isJson && html`<${Segments} label="How the event is shown" options=${['Tree', 'JSON']} value=${as} onPick=${setAs} />`}</div>
    ${event == null || event === 'hidden' ? html`<p class="t2 bd">${HIDDEN}</p>`
      : !isJson ? html`<div class="bd"><${Code} text=${String(event)} label="What came" /></div>`
      : as === 'JSON' ? html`<div class="bd"><${Code} text=${JSON.stringify(event, null, 2)} label="The event as JSON" /></div>`
      : html`<div class="tree"><${Tree} value=${event} guilty=${guilty} why=${why} /></div>`}`;
}

function Refused({ letter, id, back }) {
  const event = letter.event;
  const title = event && typeof event === 'object' ? event.event || event.name || event.type || 'event' : 'event';
  return html`<${Head} title=${title} type=${event && event.type} source=${letter.source} back=${back} />
    <div class="bd"><div class="ban bad-b"><span class="bad"><${Icon} name="bad" /></span><b>Refused: ${letter.reason.split('\n')[0]}</b>
      <p class="sm">It went to no destination and is kept under <a class="link" href=${'#/dead-letters/ingest/' + encodeURIComponent(letter.group || '')}>dead letters, ingest</a>. The sender was told why.</p></div></div>
    <dl class="kv bd"><dt>came</dt><dd><${Time} at=${ms(letter.lastFailure)} day /></dd><dt>messageId</dt><dd class="mono">${id}</dd>${letter.sdk && html`<dt>SDK</dt><dd>${letter.sdk}</dd>`}</dl>
    <${Payload} event=${event} title="What came" guilty=${letter.field} why=${letter.reason.split('\n')[0]} />`;
}
