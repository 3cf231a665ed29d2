import { html, useState } from '../lib/preact.js';
import { ms, number, oneLine, plural, when } from '../words.js';
import { Axis, Plot } from '../plot.js';
import { Action, Code, copy, Icon, Loaded, Segments, Time, useLoaded } from '../ui.js';
import { snippets } from '../snippets.js';
import { useWay, Way } from '../way.js';
import { SourceTable } from './overview.js';

const NEW = 86400000;

export function Sources({ app, parts }) {
  const name = parts[1];
  const { model } = app;
  if (!name) return html`<div class="title"><h1>Sources</h1></div>${model.sources.length ? html`<${SourceTable} model=${model} />` : html`<p class="t2">No source. <code>evefan.source.&lt;name&gt;.write-key</code> in application.properties makes one.</p>`}`;
  const s = model.sources.find(one => one.name === name);
  if (!s) return html`<div class="crumb"><a class="link" href="#/sources">Sources</a></div><div class="title"><h1>${name}</h1></div><p class="t2">There is no source of this name.</p>`;
  return html`<${Source} key=${name} app=${app} s=${s} />`;
}

function Source({ app, s }) {
  const { model } = app;
  const [sent, setSent] = useState(null);
  const [language, setLanguage] = useState('curl');
  const [sought, setSought] = useState('');
  const loaded = useLoaded(signal => app.api.source(s.name, signal), [s.name], 5000);
  const letters = useLoaded(signal => s.refused ? app.api.groups(signal) : Promise.resolve(null), [s.name, s.refused > 0], 15000);
  const way = useWay(app, sent && sent.messageId);
  const refused = letters.value && letters.value.deadLetters.ingest ? letters.value.deadLetters.ingest.reasons.filter(g => g.source === s.name) : [];
  return html`<div class="crumb"><a class="link" href="#/sources">Sources</a></div>
    <div class="title"><h1>${s.name}</h1><span class="t2">${s.enabled === false ? 'switched off, ' : ''}${s.lastSeen ? html`last seen <${Time} at=${s.lastSeen} day />` : 'nothing came since the start'}</span><span class="sp"></span>
      <${Action} off=${s.enabled === false ? 'It is switched off' : ''} onClick=${async () => setSent(await app.api.test(s.name))}>Send a test event</${Action}></div>
    ${sent && html`<section class="card test"><div class="hd"><h2>Test event</h2><code class="dim">${sent.messageId}</code><span class="t2 sm">marked context.test, so that queries can leave it out</span></div><div class="bd">${way ? html`<${Way} way=${way} />`
      : html`<ol class="way" role="status"><li class="up"><${Icon} name="up" />accepted and on disk in ${number(sent.millis)} ms</li></ol>`}<p class="sm"><a class="link" href=${'#/events/' + encodeURIComponent(sent.messageId)}>See it whole</a></p></div></section>`}
    ${refused.map(g => html`<div key=${g.group} class="ban bad-b"><span class="bad"><${Icon} name="dead" /></span><div><b>${plural(g.count, 'event')} refused since ${when(ms(g.first), model.now)}: ${oneLine(g.example || g.reason)}</b></div>
      <p class="sm">${[g.event && `Most are ${g.event}`, g.sdk && `one came from ${g.sdk}`].filter(Boolean).join('; ')}. Last <${Time} at=${ms(g.last)} day />. <a class="link" href=${'#/dead-letters/ingest/' + encodeURIComponent(g.group)}>Look at one</a></p></div>`)}
    <section class="card plots"><div><h3>Accepted</h3><${Plot} big label=${s.name + ' accepted'} at=${model.now} series=${[{ name: '/s', values: s.hour.accepted, css: 'c-del', area: true }]} /><${Axis} at=${model.now} /></div>
      <div><h3>Refused</h3><${Plot} big label=${s.name + ' refused'} at=${model.now} series=${[{ name: '/min', values: s.hour.refused, css: 'c-fail', bars: true }]} /><${Axis} at=${model.now} /></div>
      <div><h3>SDKs seen</h3><${Loaded} of=${loaded} what="Its SDKs">${one => html`<${Facts} one=${one} />`}</${Loaded}></div></section>
    <section class="card"><div class="hd"><h2>Connect</h2><span class="sp"></span>${loaded.value && html`<${Segments} label="Language" options=${Object.keys(snippets({}))} value=${language} onPick=${setLanguage} />
        <button type="button" class="btn" onClick=${() => copy(snippets({ host: loaded.value.publicUrl, key: loaded.value.writeKey || '<write key>' })[language])}>Copy</button>`}</div>
      <${Loaded} of=${loaded} what="The snippets">${one => html`<div class="bd"><${Code} text=${snippets({ host: one.publicUrl, key: one.maskedKey })[language]} label=${'A snippet for ' + language} />
        <p class="dim sm after">${one.writeKey ? 'The key is masked here and copied whole.' : 'The key is masked: only the admin token copies it whole.'} Host: <code>evefan.http.public-url</code>.</p></div>`}</${Loaded}></section>
    <section class="card"><div class="hd"><h2>Event names</h2><${Loaded} of=${{ ...loaded, loading: false, error: null }} what="">${one => html`<span class="dim sm">what this source has sent since ${when(ms(one.catalogueSince), model.now)}, most first${s.rate > 100 ? '; at this rate the counts are estimates' : ''}</span>`}</${Loaded}><span class="sp"></span>
        <input aria-label="Find a name" placeholder="Find a name" value=${sought} onInput=${e => setSought(e.target.value)} /></div>
      <${Loaded} of=${loaded} what="Its event names">${one => html`<${Names} one=${one} sought=${sought} app=${app} />`}</${Loaded}></section>`;
}

function Facts({ one }) {
  const total = one.sdks.reduce((sum, s) => sum + s.count, 0);
  return html`${one.sdks.length ? html`<table class="plain"><tbody>${one.sdks.map(s => html`<tr><td>${s.name}</td><td>${s.version}</td><td class="num">${total ? (100 * s.count / total).toFixed(s.count === total ? 0 : 1) : 0} %</td></tr>`)}</tbody></table>` : html`<p class="t2 sm">None yet.</p>`}
    <dl class="kv after"><dt>Write key</dt><dd class="mono">${one.maskedKey} ${one.writeKey && html`<button type="button" class="link ui" onClick=${() => copy(one.writeKey, 'Write key copied')}>copy</button>`}</dd>
      <dt>Limit</dt><dd>${one.rateLimit ? `${number(one.rateLimit)} events/s` : 'none'}</dd>${one.drop && one.drop.length > 0 && html`<dt>Dropped</dt><dd>${list(one.drop)}</dd>`}${one.hash && one.hash.length > 0 && html`<dt>Hashed</dt><dd>${list(one.hash)}</dd>`}
      ${one.allowedOrigins && one.allowedOrigins.length > 0 && html`<dt>Origins</dt><dd>${list(one.allowedOrigins)}</dd>`}
      ${one.refused && one.refused.length > 0 && html`<dt>Refused since the start</dt><dd>${one.refused.map(r => html`<div>${number(r.count)} · ${r.reason}</div>`)}</dd>`}</dl>`;
}

const list = all => all.map((one, i) => html`${i ? ', ' : ''}<code>${one}</code>`);

function Names({ one, sought, app }) {
  const { model } = app;
  const shown = one.names.filter(n => !sought || n.name.toLowerCase().includes(sought.toLowerCase()));
  const watch = n => { app.eventFilter = { source: one.name, ...(n.name && n.name !== n.type ? { name: n.name } : { type: n.type }) }; };
  if (!one.names.length) return html`<p class="bd t2">No event has come from this source yet. Connect an app above, or send a test event.</p>`;
  return html`<div class="tw"><table class="resp"><thead><tr><th>Name</th><th>Type</th><th class="num">Events</th><th>First seen</th><th>Last seen</th></tr></thead><tbody>${shown.slice(0, 200).map(n => html`<tr key=${n.type + n.name}>
      <td class="full"><a class="nm" href="#/events" onClick=${() => watch(n)} title="Watch it in live events">${n.name || n.type}</a> ${model.now - ms(n.firstSeen) < NEW && model.now - ms(one.catalogueSince) > NEW && html`<span class="tag">new</span>`}
        ${n.similarTo && html`<div class="sm warn">differs from ${n.similarTo} only in case, space or underscore</div>`}</td><td data-h="Type" class="t2">${n.type}</td><td class="num" data-h="Events">${number(n.count)}</td>
      <td class="nw" data-h="First seen"><${Time} at=${ms(n.firstSeen)} day /></td><td class="nw" data-h="Last seen"><${Time} at=${ms(n.lastSeen)} day /></td></tr>`)}</tbody></table></div>
    ${!shown.length && html`<p class="bd t2">No name has this in it.</p>`}${shown.length > 200 && html`<p class="note">The first 200 of ${number(shown.length)}: find a name above.</p>`}
    ${one.moreNames > 0 && html`<p class="note">${number(one.moreNames)} more events have names for which the catalogue has no room.</p>`}`;
}
