import { html } from '../lib/preact.js';
import { duration, number, short } from '../words.js';
import { Plot } from '../plot.js';
import { go, Part, State, Time } from '../ui.js';
import { Flow } from '../flow.js';
import { Headline } from '../headline.js';
import { First } from './first.js';

export function Overview({ app }) {
  const { model } = app;
  if (!model.everAccepted || app.first) return html`<${First} app=${app} />`;
  return html`<div class="wide2"><div><${Part} name="The headline"><${Headline} app=${app} /></${Part}>
      <${Part} name="The picture of the flow"><${Flow} model=${model} tick=${app.tick} /></${Part}></div>
    <div><${DestinationTable} model=${model} /><${SourceTable} model=${model} /></div></div>`;
}

const destinationHref = name => '#/destinations/' + encodeURIComponent(name);
const sourceHref = name => '#/sources/' + encodeURIComponent(name);

export const ratePlot = (d, at, big) => html`<${Plot} big=${big} at=${at} label=${d.name + ' rate'} series=${[
  { name: '/s delivered', values: d.hour.delivered, css: 'c-del', area: true },
  { name: '/s accepted', values: d.hour.accepted, css: 'c-acc' },
  ...(d.hour.failed || []).some(n => n > 0) ? [{ name: 'calls failed/min', values: d.hour.failed, css: 'c-fail', ticks: true, whole: true }] : []]} />`;
export const waitingPlot = (d, at, big) => html`<${Plot} big=${big} at=${at} label=${d.name + ' waiting'} format=${short}
  series=${[{ name: 'waiting', values: d.hour.waiting, css: 'c-wait', area: true }]} />`;
export const latencyPlot = (d, at, big) => html`<${Plot} big=${big} at=${at} label=${d.name + ' delivery time'} format=${duration}
  series=${[{ name: 'p50', values: d.hour.p50, css: 'c-p50', whole: true }, { name: 'p99', values: d.hour.p99, css: 'c-p99', whole: true }]} />`;

const Key = ({ kind, children }) => html`<span class=${'key k-' + kind}><i></i>${children}</span>`;

export function DestinationTable({ model }) {
  return html`<section class="card"><div class="hd"><h2>Destinations, last hour</h2><span class="sp"></span>
      <${Key} kind="del">delivered</${Key}><${Key} kind="acc">accepted</${Key}><${Key} kind="fail">failed</${Key}><${Key} kind="wait">waiting</${Key}>
      <${Key} kind="p50">p50</${Key}><${Key} kind="p99">p99</${Key}></div>
    <div class="tw"><table class="resp"><thead><tr><th>Destination</th><th>Rate</th><th>Waiting</th><th>Delivery time</th><th class="num">Dead letters</th></tr></thead>
      <tbody>${model.destinations.map(d => html`<tr key=${d.name} class="go" onClick=${go(destinationHref(d.name))}>
        <td class="full"><a class="nm" href=${destinationHref(d.name)}>${d.name}</a><br /><${State} state=${d.state} />
          <div class="dim sm">${d.since ? html`since <${Time} at=${d.since} seconds=${false} day />` : ''}</div></td>
        <td data-h="Rate">${ratePlot(d, model.now)}</td><td data-h="Waiting">${waitingPlot(d, model.now)}</td><td data-h="Delivery time">${latencyPlot(d, model.now)}</td>
        <td class="num" data-h="Dead letters">${d.deadLetters ? html`<a class="link" href=${'#/dead-letters/' + encodeURIComponent(d.name)}>${number(d.deadLetters)}</a>` : '0'}
          ${d.newLetters > 0 && html`<div class="bad sm">${number(d.newLetters)} new</div>`}</td></tr>`)}</tbody></table></div>
    ${!model.destinations.length && html`<p class="bd t2">No destination. <code>cp routes/examples/webhook.camel.yaml routes/destinations/</code> adds one.</p>`}</section>`;
}

export function SourceTable({ model }) {
  return html`<section class="card"><div class="hd"><h2>Sources, last hour</h2></div><div class="tw"><table class="resp"><thead><tr><th>Source</th><th>Accepted</th><th>Refused</th><th>Last seen</th></tr></thead>
    <tbody>${model.sources.map(s => html`<tr key=${s.name} class="go" onClick=${go(sourceHref(s.name))}><td class="full"><a class="nm" href=${sourceHref(s.name)}>${s.name}</a>
        <div class="dim sm">${s.description}</div></td>
      <td data-h="Accepted"><${Plot} at=${model.now} label=${s.name + ' accepted'} series=${[{ name: '/s', values: s.hour.accepted, css: 'c-del', area: true }]} /></td>
      <td data-h="Refused"><${Plot} at=${model.now} label=${s.name + ' refused'} series=${[{ name: '/min', values: s.hour.refused, css: 'c-fail', bars: true }]} /></td>
      <td data-h="Last seen" class="nw">${s.lastSeen ? html`<${Time} at=${s.lastSeen} day />` : 'never'}</td></tr>`)}</tbody></table></div></section>`;
}
