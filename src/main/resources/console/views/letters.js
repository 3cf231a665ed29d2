import { html, useEffect, useRef, useState } from '../lib/preact.js';
import { ms, number, oneLine, plural, when } from '../words.js';
import { Plot } from '../plot.js';
import { Action, Code, Dialog, go, Icon, Loaded, say, session, Time, useLoaded } from '../ui.js';
import { flat, has } from '../tree.js';
import { Payload } from './event.js';

const path = (...parts) => '#/dead-letters/' + parts.map(encodeURIComponent).join('/');
const isIngest = destination => destination === 'ingest';
const titleOf = letter => letter.event && typeof letter.event === 'object' ? letter.event.event || letter.event.name || letter.event.type || 'event' : letter.foreign ? letter.error : 'event';
const sum = (all, of) => all.reduce((total, one) => total + of(one), 0);

export function Letters({ app, parts }) {
  const [, destination, group, letter, edit] = parts;
  const loaded = useLoaded(signal => app.api.groups(signal), [], 5000);
  const progress = app.live.progress.deadLetters || {};
  useEffect(() => { const later = setTimeout(() => app.live.lettersSeen(), 1500); return () => clearTimeout(later); }, []);
  if (destination && group) return html`<${Group} key=${destination + group} app=${app} destination=${destination} group=${group} letter=${letter} edit=${edit === 'edit'} groups=${loaded} progress=${progress[destination]} />`;
  return html`<${Groups} app=${app} loaded=${loaded} only=${destination} progress=${progress} />`;
}

function Groups({ app, loaded, only, progress }) {
  const [asking, ask] = useState(null);
  const fresh = useRef(null);
  if (!fresh.current) fresh.current = { ...app.live.known };
  const all = loaded.value ? loaded.value.deadLetters : {};
  const names = Object.keys(all).filter(n => !only || n === only);
  const atDestinations = names.filter(n => !isIngest(n)).flatMap(n => all[n].reasons.map(g => ({ ...g, destination: n })));
  const atIngest = names.filter(isIngest).flatMap(n => all[n].reasons.map(g => ({ ...g, destination: n })));
  const refused = sum(atIngest, g => g.count), dead = sum(atDestinations, g => g.count);
  const row = (g, ingest) => {
    const to = path(g.destination, g.group || '');
    const isNew = ms(g.last) > (fresh.current.at || 0);
    return html`<tr key=${g.destination + g.group} class="go" onClick=${go(to)}><td>${ingest ? g.source || 'unknown' : g.destination}</td>${!ingest && html`<td class="mono nw" data-h="Error">${g.error}</td>`}
      <td class="full wrap"><a class="nm" href=${to}>${oneLine(g.example || g.reason)}</a><div class="dim sm">${g.field && html`at <code>${g.field}</code>, `}${g.event}${ingest && g.sdk ? `, ${g.sdk}` : ''}</div></td>
      <td class="num b" data-h="Events">${number(g.count)} ${isNew && html`<span class="tag new">new</span>`}</td><td class="nw" data-h="First"><${Time} at=${ms(g.first)} day /></td><td class="nw" data-h="Last"><${Time} at=${ms(g.last)} day /></td>
      <td data-h="Last hour" class="hidem"><${Plot} label=${g.reason} series=${[{ name: '/min', values: g.hour || [], css: 'c-fail', bars: true }]} at=${app.model.now} /></td></tr>`;
  };
  const running = Object.entries(progress).filter(([n]) => !only || n === only);
  return html`${only && html`<div class="crumb"><a class="link" href="#/dead-letters">Dead letters</a></div>`}<div class="title"><h1>${only ? isIngest(only) ? 'Refused at ingestion' : `Dead letters of ${only}` : 'Dead letters'}</h1>
      ${loaded.value && html`<span class="t2">${number(dead)} at destinations, ${number(refused)} refused at ingestion</span>`}<span class="sp"></span>
      ${dead > 0 && html`<div class="row"><${Action} onClick=${() => ask('replay')}>Replay all…</${Action}></div>`}</div>
    ${running.map(([name, r]) => html`<${LetterProgress} key=${name} name=${name} r=${r} />`)}
    <${Loaded} of=${loaded} what="Dead letters">${value => html`${value.cutShort && html`<div class="ban warn-b"><span class="warn"><${Icon} name="bad" /></span><div>${value.cutShort}</div></div>`}
      ${!dead && !refused ? html`<section class="card"><div class="bd empty"><p class="up"><${Icon} name="up" /></p><h2>No dead letters</h2><p class="t2">An event that a destination refuses for good, or does not take within its time, is kept here with the reason. So is what was refused at ingestion.</p></div></section>` : ''}
      ${dead > 0 && html`<section class="card"><div class="hd"><h2>A destination refused them</h2><span class="dim sm">replay once the cause is mended, or edit and send again</span></div><div class="tw"><table class="resp"><thead><tr><th>Destination</th><th>Error</th><th>Reason</th><th class="num">Events</th><th>First</th><th>Last</th><th>Last hour</th></tr></thead>
        <tbody>${atDestinations.map(g => row(g, false))}</tbody></table></div></section>`}
      ${refused > 0 && html`<section class="card"><div class="hd"><h2>Refused at ingestion</h2><span class="dim sm">the sender was told; they went to no destination</span></div><div class="tw"><table class="resp"><thead><tr><th>Source</th><th>Reason</th><th class="num">Events</th><th>First</th><th>Last</th><th>Last hour</th></tr></thead>
        <tbody>${atIngest.map(g => row(g, true))}</tbody></table></div></section>`}`}</${Loaded}>
    ${asking === 'replay' && html`<${Dialog} title=${`Replay ${plural(dead, 'dead letter')}?`} onClose=${() => ask(null)} foot=${html`<button type="button" class="btn" onClick=${() => ask(null)}>Cancel</button>
      <${Action} css="pri" onClick=${async () => { const told = []; for (const n of names.filter(x => !isIngest(x) && all[x].count)) { try { told.push(replaySaid(n, await app.api.replayLetters(n))); } catch (e) { told.push(`${n}: ${e.message}`); } } ask(null); say(told.join(' ')); loaded.again(); }}>Replay ${number(dead)}</${Action}>`}>
      <p>Each goes to the destination that refused it, with its original id and time. What is refused again comes back here.</p></${Dialog}>`}`;
}

const replaySaid = (name, r) => r.finished === false ? `${name}: ${r.message || 'the replay goes on'}.` : `${name}: ${number(r.delivered)} delivered${r.rejected ? `, ${number(r.rejected)} refused again` : ''}${r.message ? ` (${r.message})` : ''}.`;

const LetterProgress = ({ name, r }) => html`<div class=${'ban ' + (r.finished ? '' : 'busy-b')} role="status"><span class=${r.finished ? 'up' : 'busy'}><${Icon} name=${r.finished ? 'up' : 'busy'} /></span>
  <div><b>${name}: ${r.finished ? 'the replay has ended' : 'dead letters are being replayed'}.</b> ${number(r.delivered || 0)} delivered, ${number(r.rejected || 0)} refused again.${r.message ? ' ' + r.message : ''}</div></div>`;

function Group({ app, destination, group, letter: wanted, edit, groups, progress }) {
  const [asking, ask] = useState(false);
  const [all, setAll] = useState(false);
  const ingest = isIngest(destination);
  const loaded = useLoaded(signal => app.api.letters(destination, { group, limit: 100 }, signal), [destination, group]);
  const known = groups.value && groups.value.deadLetters[destination];
  const g = known && known.reasons.find(r => r.group === group);
  const letters = loaded.value ? loaded.value.deadLetters : [];
  const letter = letters.find(l => l.id === wanted) || letters[0];
  const count = g ? g.count : loaded.value ? letters.length : null;
  const reason = g ? oneLine(g.example || g.reason) : letter ? oneLine(letter.reason) : '';
  const at = (...more) => path(destination, group, ...more);
  const after = () => { loaded.again(); groups.again(); };
  const replay = async query => { say(replaySaid(destination, await app.api.replayLetters(destination, query))); after(); };
  const shown = all ? letters : letters.slice(0, 12);
  const field = g && g.field || letter && letter.field;
  const isGone = loaded.value && !letters.length;
  return html`<div class="crumb"><a class="link" href="#/dead-letters">Dead letters</a></div>
    <div class="title"><h1>${ingest ? g && g.source || 'ingest' : destination}: ${reason || (isGone ? 'none left' : '…')}</h1>${g && html`<span class="tag">${ingest ? 'refused at ingestion' : 'error ' + g.error}</span>`}<span class="sp"></span>
      ${!isGone && html`<div class="row">${!ingest && html`<${Action} onClick=${() => replay({ group })}>Replay ${count === 1 ? 'it' : `all ${number(count)}`}</${Action}>`}
        ${session.role === 'admin' ? html`<a class="btn" href=${app.api.exportOf(destination, { group })} download=${`${destination}-dead-letters.jsonl`}>Export</a>` : html`<${Action}>Export</${Action}>`}
        <${Action} css="dng" onClick=${() => ask(true)}>Delete…</${Action}></div>`}</div>
    ${g && html`<p class="t2 subt">${plural(g.count, 'event')}, first <${Time} at=${ms(g.first)} day />, last <${Time} at=${ms(g.last)} day />. ${ingest ? 'They cannot be replayed as they are: edit one and send it again, or mend the sender.' : 'Mend the cause and replay, or edit one and send it again.'}${!field ? ` ${ingest ? 'Evefan' : destination} does not say which field.` : ''}</p>`}
    ${progress && html`<${LetterProgress} name=${destination} r=${progress} />`}
    ${isGone ? html`<section class="card"><div class="bd empty"><p class="up"><${Icon} name="up" /></p><h2>None left in this group</h2><p class="t2"><a class="link" href="#/dead-letters">All dead letters</a></p></div></section>`
    : html`<${Loaded} of=${loaded} what="The dead letters">${() => html`<div class="split lead"><section class="card"><div class="hd"><h2>Letters</h2><span class="dim sm">oldest first</span></div>
      <div class="tw"><table><tbody>${shown.map(l => html`<tr key=${l.id} class="go" aria-selected=${l === letter ? 'true' : 'false'} onClick=${go(at(l.id))}><td class="mono nw">${when(ms(l.lastFailure))}</td>
        <td><a href=${at(l.id)}><b>${titleOf(l)}</b></a><div class="mono dim user">${session.content ? l.event && (l.event.userId || l.event.anonymousId) || 'no user' : 'hidden'}</div></td>
        <td class="num mono user">${field && session.content && l.event && typeof l.event === 'object' ? valueAt(l.event, field) : ''}</td></tr>`)}</tbody></table></div>
      ${letters.length > shown.length && html`<p class="note"><button type="button" class="link" onClick=${() => setAll(true)}>${letters.length - shown.length} more</button></p>`}
      ${count > letters.length && all && html`<p class="note">The oldest ${letters.length} of ${number(count)}; export has all.</p>`}</section>
      ${letter && html`<${Letter} key=${letter.id} app=${app} letter=${letter} destination=${destination} edit=${edit} field=${field} at=${at} replay=${replay} after=${after} letters=${letters} />`}</div>`}</${Loaded}>`}
    ${asking && html`<${Dialog} title=${`Delete ${plural(count, 'dead letter')}?`} onClose=${() => ask(false)} foot=${html`<a class="btn" href=${app.api.exportOf(destination, { group })} download=${`${destination}-dead-letters.jsonl`}>Export first</a>
      <button type="button" class="btn" onClick=${() => ask(false)}>Keep them</button><${Action} css="dng" onClick=${async () => { const { deleted } = await app.api.deleteLetters(destination, { group }); ask(false); say(`${plural(deleted, 'dead letter')} deleted`); location.hash = '#/dead-letters'; groups.again(); }}>Delete ${number(count)}</${Action}>`}>
      <p>They are gone for good and cannot be replayed. Export them first if you may need them.</p></${Dialog}>`}`;
}

function valueAt(event, field) {
  let value = event;
  for (const name of field.split('.')) value = value === null || typeof value !== 'object' ? undefined : value[name];
  const text = value === undefined ? '' : JSON.stringify(value);
  return text && text.length > 24 ? text.slice(0, 23) + '…' : text;
}

function Letter({ app, letter, destination, edit, field, at, replay, after, letters }) {
  const ingest = isIngest(destination);
  const event = letter.event;
  const isObject = event && typeof event === 'object';
  const [first, ...words] = letter.reason.split('\n');
  const answer = words.join('\n').trim();
  const guilty = field && isObject && has(event, field) ? field : undefined;
  return html`<section class="card"><div class="hd"><h2>${titleOf(letter)}</h2><code class="dim">${isObject && event.messageId || letter.id}</code><span class="sp"></span>
      ${!edit && !letter.foreign && html`${!ingest && html`<${Action} onClick=${() => replay({ id: letter.id })}>Replay this one</${Action}>`}
        ${session.role === 'admin' ? html`<a class="btn pri" href=${at(letter.id, 'edit')}>Edit and send again</a>` : html`<${Action} css="pri">Edit and send again</${Action}>`}`}</div>
    <div class="bd stack"><h3>${ingest ? 'Why it was refused' : `What ${destination} answered${letter.attempts ? `, ${plural(letter.attempts, 'attempt')}` : ''}`}</h3>
      <${Code} text=${answer ? letter.reason : first} label="The answer" />
      ${(letter.sdk || letter.address) && html`<p class="t2 sm">${[letter.sdk, letter.address && `from ${letter.address}`].filter(Boolean).join(', ')}</p>`}
      ${field && isObject && !guilty && html`<p class="t2 sm">It names <code>${field}</code>, which the event does not have.</p>`}</div>
    ${edit && session.role === 'admin' ? html`<${Editor} app=${app} letter=${letter} destination=${destination} field=${field} reason=${oneLine(letter.reason)} at=${at} after=${after} letters=${letters} />`
      : html`<${Payload} event=${event} title=${ingest ? 'What came' : 'The event, as accepted'} guilty=${guilty} why=${oneLine(letter.reason)} />`}</section>`;
}

/** Corrects one event and sends it again; nothing is filled in. */
function Editor({ app, letter, destination, field, reason, at, after, letters }) {
  const ingest = isIngest(destination);
  const original = typeof letter.event === 'string' ? letter.event : JSON.stringify(letter.event, null, 2);
  const [text, setText] = useState(original);
  const [checked, setChecked] = useState(null);
  const [sent, setSent] = useState(null);
  const area = useRef(null);
  useEffect(() => {
    // The guilty value is selected, so that typing replaces it.
    area.current.focus({ preventScroll: true });
    const key = field && '"' + field.split('.').pop() + '": ';
    const start = key ? original.indexOf(key) : -1;
    if (start >= 0) {
      const from = start + key.length, length = original.slice(from).search(/,?\n/);
      area.current.setSelectionRange(from, from + Math.max(0, length));
    }
  }, []);
  let changes = [], mistake = '';
  try {
    const now = flat(JSON.parse(text));
    const was = typeof letter.event === 'string' ? {} : flat(letter.event);
    changes = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter(k => was[k] !== now[k]).map(k => [k, was[k], now[k]]);
  } catch (e) { mistake = e.message; }
  const off = sent && sent.ok ? 'It is sent' : mistake ? 'It is no JSON yet' : !changes.length ? 'Nothing changed yet' : '';
  const check = async () => {
    setChecked(null);
    try {
      const told = await app.api.explain(text, { destination: ingest ? undefined : destination, source: letter.source || (letter.event && letter.event.evefan && letter.event.evefan.source) });
      setChecked({ told });
    } catch (error) { setChecked({ error }); }
  };
  const send = async () => {
    setSent({ busy: true });
    try {
      await app.api.sendLetter(destination, letter.id, text);
      setSent({ ok: true });
      app.live.refresh();
    } catch (error) { setSent({ error }); }
  };
  const rest = letters.filter(l => l.id !== letter.id);
  return html`<div class="bd stack"><p class="bad sm b">${field ? field + ': ' : ''}${reason}</p><h3><label for="editor">The event, to be sent to ${ingest ? 'all its destinations' : destination + ' only'}</label></h3>
    <textarea id="editor" ref=${area} rows="18" spellcheck="false" value=${text} onInput=${e => { setText(e.target.value); setChecked(null); setSent(null); }}></textarea>
    <p class="sm diff" role="status">${mistake ? html`<span class="bad">No JSON yet: ${mistake}</span>` : !changes.length ? 'Nothing changed yet.' : html`Changed: ${changes.map(([k, was, now], i) => html`${i ? ', ' : ''}<code>${k}</code> ${was === undefined ? '(new)' : html`<s>${was}</s>`} → <b>${now === undefined ? 'left out' : now}</b>`)}`}</p>
    <p class="t2 sm">${ingest ? 'It is accepted anew, in the name of its source.' : 'messageId and receivedAt stay, so it is stored once. The dead letter goes when this one is delivered.'}</p>
    <div role="status">${checked && html`<${Checked} of=${checked} destination=${destination} />`}
      ${sent && sent.busy && html`<ol class="way"><li class="busy"><${Icon} name="busy" />on its way to ${ingest ? 'all its destinations' : destination}</li></ol>`}
      ${sent && sent.error && html`<div class="ban bad-b"><span class="bad"><${Icon} name="bad" /></span><div><b>Not taken.</b> The dead letter stays.</div><${Code} text=${sent.error.message} label="The answer" /></div>`}
      ${sent && sent.ok && html`<ol class="way"><li class="up"><${Icon} name="up" />${ingest ? 'accepted' : `delivered to ${destination}`}</li><li class="up"><${Icon} name="up" />dead letter removed</li></ol>
        <p>${rest.length ? html`<a class="link" href=${at(rest[0].id)} onClick=${after}>Next one, ${number(rest.length)} left</a>` : html`<a class="link" href="#/dead-letters" onClick=${after}>That was the last one of this group</a>`}</p>`}</div>
    <div class="row"><${Action} off=${mistake ? 'It is no JSON yet' : ''} onClick=${check}>Check</${Action}><${Action} css="pri" off=${off} onClick=${send}>${ingest ? 'Send again' : `Send to ${destination}`}</${Action}><a class="btn" href=${at(letter.id)} onClick=${sent && sent.ok ? after : undefined}>${sent && sent.ok ? 'Close' : 'Cancel'}</a></div></div>`;
}

function Checked({ of, destination }) {
  if (of.error) return html`<p class="err"><${Icon} name="bad" /><span>${of.error.line ? `Line ${of.error.line}, column ${of.error.column}: ` : ''}${of.error.message}</span></p>`;
  const { told } = of;
  if (told.problems && told.problems.length) return html`<p class="err"><${Icon} name="bad" /><span>${told.problems.join(' ')}</span></p>`;
  if (told.rejected && told.rejected.length) return html`<p class="err"><${Icon} name="bad" /><span>It would be refused: ${told.rejected.map(r => r.error).join('; ')}</span></p>`;
  const outcomes = told.events && told.events[0] ? told.events[0].destinations : {};
  return html`${Object.entries(outcomes).map(([name, o]) => html`<p class=${'row sm ' + (o.gets ? 'up' : 'off')}><${Icon} name=${o.gets ? 'up' : 'off'} /><span>${o.gets ? `Valid. ${name} would get:` : `${name} would not get it: ${o.why || o.stoppedBy || ''}`}</span></p>
    ${(o.sent || []).map(text => html`<${Code} text=${text} label=${'What ' + name + ' would get'} />`)}`)}`;
}
