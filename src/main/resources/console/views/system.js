import { html } from '../lib/preact.js';
import { bytes, duration, isoUtc, ms, number, rate, when } from '../words.js';
import { Icon, Loaded, Meter, State, useLoaded } from '../ui.js';

const LINKS = { metrics: 'Metrics', hawtio: 'Hawtio', docs: 'Docs', api: 'API' };
/** Links of the JSON are shown only where they lead to Evefan or to a page of the web. */
const isLink = url => /^(https?:\/\/|\/)/.test(url);

export function System({ app }) {
  const { model } = app;
  const loaded = useLoaded(signal => app.api.system(signal).then(told => ({ ...told, skew: Math.abs(Date.now() - ms(told.at)) / 1000 })), [], 5000);
  const s = loaded.value;
  return html`<div class="title"><h1>System</h1>${s && html`<span class="t2">up ${duration((ms(s.at) - ms(s.since)) / 1000)}, since ${when(ms(s.since), model.now)}</span>`}<span class="sp"></span>
      ${s && html`<div class="row">${Object.entries(s.links || {}).filter(([, url]) => isLink(url)).map(([name, url]) => html`<a class="btn" href=${url} target="_blank" rel="noreferrer">${LINKS[name] || name}</a>`)}</div>`}</div>
    ${model.problems.map(problem => html`<div class="ban bad-b"><span class="bad"><${Icon} name="setup" /></span><div><b>A route file does not run as it is now.</b> ${problem}</div></div>`)}
    <${Loaded} of=${loaded} what="The system">${one => html`<${Shown} s=${one} model=${model} />`}</${Loaded}>`;
}

function Shown({ s, model }) {
  const j = s.journal || {}, more = s.journalDetails || {};
  return html`<div class="split half"><section class="card"><div class="hd"><h2>Journal</h2>${j.status === 'up' ? html`<span class="st up"><${Icon} name="up" />Takes events</span>` : html`<span class="st bad"><${Icon} name="setup" />${j.status}: ${j.message}</span>`}</div>
      <div class="bd stack"><p><b>${bytes(j.usedBytes)}</b>${j.maxBytes ? ` of ${bytes(j.maxBytes)}` : ''}: ${number(more.events)} events${more.keptSince ? ` since ${isoUtc(ms(more.keptSince))} UTC` : ''}. <span class="t2">${j.roomSeconds == null ? '' : `All destinations may be away for ${duration(j.roomSeconds)} before senders notice.`}</span></p>
        ${j.maxBytes && html`<${Meter} value=${j.usedBytes} most=${j.maxBytes} label="Journal" />`}
        <dl class="kv">${more.kind && html`<dt>Kind</dt><dd>${more.kind}</dd>`}<dt>Appended</dt><dd>${rate(model.acceptedRate)}/s now, ${number(more.appended)} since the start</dd>${more.syncs != null && html`<dt>Syncs</dt><dd>${number(more.syncs)}</dd>`}
          <dt>Not delivered everywhere</dt><dd>${number(j.undelivered)}${j.holdsUp ? `, held up by ${j.holdsUp}` : ''}</dd><dt>Kept after delivery</dt><dd>${more.retentionMs ? duration(more.retentionMs / 1000) : 'not'}</dd></dl>
        ${(more.damage || []).map(d => html`<p class="err"><${Icon} name="bad" /><span>${d}</span></p>`)}</div></section>
    <section class="card"><div class="hd"><h2>Memory and disk</h2></div><div class="bd stack"><p><b>${bytes(s.memory.heapUsedBytes)}</b> of ${bytes(s.memory.heapMaxBytes)} heap</p><${Meter} value=${s.memory.heapUsedBytes} most=${s.memory.heapMaxBytes} label="Heap" />
      <p><b>${bytes(s.disk.freeBytes)}</b> of ${bytes(s.disk.totalBytes)} free on the disk</p><${Meter} value=${s.disk.totalBytes - s.disk.freeBytes} most=${s.disk.totalBytes} label="Disk" />
      <dl class="kv"><dt>Data</dt><dd><code>${s.disk.dataDirectory}</code></dd><dt>CPU</dt><dd>${s.cpuPercent == null ? 'unknown' : `${s.cpuPercent.toFixed(1)} % of one core since the start`}${s.processors ? `, of ${s.processors}` : ''}</dd>${s.memory.otherUsedBytes != null && html`<dt>Outside the heap</dt><dd>${bytes(s.memory.otherUsedBytes)}</dd>`}</dl></div></section></div>
  <section class="card"><div class="hd"><h2>Places in the journal</h2><span class="dim sm">how far each destination has read</span></div><div class="tw"><table class="resp"><thead><tr><th>Destination</th><th>State</th><th>Oldest waiting</th><th class="num">Waiting</th><th class="num">Waiting, bytes</th><th class="num">In hand</th><th class="num">Place</th></tr></thead><tbody>${s.places.map(p => {
    const d = model.destinations.find(one => one.name === p.destination);
    return html`<tr key=${p.destination}><td><b>${p.destination}</b></td><td>${d ? html`<${State} state=${d.state} />` : p.state}</td><td data-h="Oldest waiting" class="nw">${p.oldest ? when(ms(p.oldest), model.now) : 'nothing waits'}</td><td class="num" data-h="Waiting">${number(p.pending)}</td>
      <td class="num" data-h="Bytes">${bytes(p.pendingBytes)}</td><td class="num" data-h="In hand">${number(p.inHand || 0)}</td><td class="num mono dim" data-h="Place">${number(p.position)}</td></tr>`;
  })}</tbody></table></div></section>
  <div class="split half"><section class="card"><div class="hd"><h2>Settings that differ from the defaults</h2></div>${s.settings.length ? html`<dl class="kv bd mono">${s.settings.map(one => html`<dt>${one.key}</dt><dd title=${one.default != null ? `default: ${one.default}` : undefined}>${one.secret ? `•••••••• ${one.value}` : one.value || html`<span class="dim">empty</span>`}</dd>`)}</dl>` : html`<p class="bd t2">None.</p>`}</section>
    <section class="card"><div class="hd"><h2>Broker and versions</h2></div><dl class="kv bd"><dt>Broker</dt><dd><span class=${'st ' + (s.broker.status === 'up' ? 'up' : 'bad')}><${Icon} name=${s.broker.status === 'up' ? 'up' : 'bad'} />${s.broker.status === 'up' ? 'Reachable' : s.broker.status}</span>${s.broker.embedded ? ', embedded' : `, ${s.broker.url || ''}`}${s.broker.message ? `: ${s.broker.message}` : ''}</dd>
      ${Object.entries(s.versions).map(([name, version]) => html`<dt>${name}</dt><dd>${version}</dd>`)}<dt>Clock</dt><dd>${s.skew < 2 ? 'in step with the browser' : html`<span class="warn">${duration(s.skew)} off the browser’s</span>`}</dd></dl></section></div>`;
}
