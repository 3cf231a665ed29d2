import { html, useState } from '../lib/preact.js';
import { advice, age, beside, bytes, countdown, duration, isWrong, ms, number, oneLine, plural, rate, STATES, when } from '../words.js';
import { Axis } from '../plot.js';
import { Action, Code, Dialog, Icon, Loaded, State, Time, useLoaded } from '../ui.js';
import { DestinationTable, latencyPlot, ratePlot, waitingPlot } from './overview.js';
import { Replays, ReplayDialog } from './replay.js';

export function Destinations({ app, parts }) {
  const name = parts[1];
  const { model } = app;
  if (!name) return html`<div class="title"><h1>Destinations</h1></div><${DestinationTable} model=${model} />`;
  const d = model.destinations.find(one => one.name === name);
  if (!d) return html`<div class="crumb"><a class="link" href="#/destinations">Destinations</a></div><div class="title"><h1>${name}</h1></div>
    <p class="t2">There is no destination of this name. It may have been forgotten, or its file has another name.</p>`;
  return html`<${Destination} key=${name} app=${app} d=${d} />`;
}

function Destination({ app, d }) {
  const { model } = app;
  const [asking, ask] = useState('');
  const [outcome, setOutcome] = useState(null);
  const loaded = useLoaded(signal => app.api.destination(d.name, signal), [d.name, d.state], 10000);
  const retry = async () => setOutcome(await app.actions.retry(d.name, true));
  const call = d.call.p50 ?? (d.lastCall ? d.lastCall.millis / 1000 : null);
  return html`<div class="crumb"><a class="link" href="#/destinations">Destinations</a></div>
    <div class="title"><h1>${d.name}</h1><${State} state=${d.state} />${d.since && html`<span class="t2">since <${Time} at=${d.since} day />, ${duration(Math.max(0, (model.now - d.since) / 1000))}</span>`}<span class="sp"></span>
      <div class="row"><${Action} css=${isWrong(d.state) ? 'pri' : ''} off=${d.state === 'off' || d.state === 'removed' ? 'Its route does not run' : d.state === 'paused' ? 'It is paused: resume it' : ''} onClick=${retry}>Retry now</${Action}>
        ${d.state === 'paused' ? html`<${Action} css="pri" onClick=${() => app.actions.resume(d.name)}>Resume</${Action}>`
          : d.state === 'removed' ? html`<${Action} css="dng" onClick=${() => ask('forget')}>Forget…</${Action}>`
          : html`<${Action} onClick=${() => ask('pause')}>Pause…</${Action}>`}
        <${Action} off=${d.state === 'off' || d.state === 'removed' ? 'Its route does not run' : ''} onClick=${() => ask('replay')}>Replay…</${Action}></div></div>
    <${Banner} d=${d} model=${model} detail=${loaded.value} />
    ${outcome && html`<div class=${'ban ' + (outcome.bad ? 'bad-b' : 'ok-b')} role="status"><span class=${outcome.bad ? 'bad' : 'up'}><${Icon} name=${outcome.bad ? 'bad' : 'up'} /></span><div><b>${outcome.title}</b> ${outcome.text} <button type="button" class="link" onClick=${() => setOutcome(null)}>close</button></div></div>`}
    <${Replays} app=${app} destination=${d.name} />
    <dl class="nums"><div><dt>Waiting</dt><dd>${number(d.waiting)}<small>on disk, in order</small></dd></div>
      <div><dt>Oldest waiting</dt><dd>${d.waiting ? age(d.oldest) : 'none'}<small>${d.placeAt ? `accepted ${when(ms(d.placeAt), model.now)}` : 'has everything'}</small></dd></div>
      <div><dt>Delivered</dt><dd>${rate(d.rate)}/s<small>accepted ${rate(d.acceptedRate)}/s</small></dd></div>
      <div><dt>Time per call</dt><dd>${call == null ? 'none yet' : duration(call)}<small>${d.call.p99 != null ? 'p99 ' + duration(d.call.p99) : d.lastCall ? 'the last one' : ''}</small></dd></div>
      <div><dt>Last batch</dt><dd>${d.lastCall ? number(d.lastCall.events) : 'none yet'}<small>${d.lastCall ? `events, ${when(ms(d.lastCall.at), model.now)}` : ''}</small></dd></div>
      <div><dt>Dead letters</dt><dd>${number(d.deadLetters)}<small>${d.deadLetters ? html`<a class="link" href=${'#/dead-letters/' + encodeURIComponent(d.name)}>${d.newLetters ? `${number(d.newLetters)} new` : 'look at them'}</a>` : 'none'}</small></dd></div></dl>
    <section class="card plots"><div><h3>Rate</h3>${ratePlot(d, model.now, true)}<${Axis} at=${model.now} /></div><div><h3>Waiting</h3>${waitingPlot(d, model.now, true)}<${Axis} at=${model.now} /></div>
      <div><h3>Delivery time, from accepted</h3>${latencyPlot(d, model.now, true)}<${Axis} at=${model.now} /></div></section>
    <div class="split half"><section class="card"><div class="hd"><h2>Errors</h2><span class="dim sm">since they were first seen</span></div><${Loaded} of=${loaded} what="Its errors">${one => html`<${Errors} errors=${one.health.errors || []} now=${model.now} />`}</${Loaded}></section>
      <section class="card"><div class="hd"><h2>Settings</h2><span class="dim sm">read-only; change them in application.properties</span></div><${Loaded} of=${loaded} what="Its settings">${one => html`<${Settings} one=${one} />`}</${Loaded}></section></div>
    <section class="card"><${Loaded} of=${loaded} what="Its route">${one => html`<${Route} route=${one.route} />`}</${Loaded}></section>
    ${asking === 'pause' && html`<${Dialog} title=${`Pause ${d.name}?`} onClose=${() => ask('')} foot=${html`<button type="button" class="btn" onClick=${() => ask('')}>Cancel</button>
        <${Action} css="pri" onClick=${async () => { await app.actions.pause(d.name); ask(''); }}>Pause ${d.name}</${Action}>`}>
      <p>Nothing is sent to ${d.name} until you resume. Events wait on disk, in order; the other destinations go on.</p>
      ${model.journal.roomSeconds != null && html`<p class="t2">At this rate the disk has room for ${duration(model.journal.roomSeconds)}.</p>`}</${Dialog}>`}
    ${asking === 'forget' && html`<${Dialog} title=${`Forget ${d.name}?`} onClose=${() => ask('')} foot=${html`<button type="button" class="btn" onClick=${() => ask('')}>Cancel</button>
        <${Action} css="dng" onClick=${async () => { await app.api.forget(d.name); ask(''); location.hash = '#/destinations'; }}>Forget ${d.name}</${Action}>`}>
      <p>Its file is gone. ${plural(d.waiting, 'event')} that it is owed would be given up for good. Put the file back, and it goes on from there instead.</p></${Dialog}>`}
    ${asking === 'replay' && html`<${ReplayDialog} app=${app} d=${d} onClose=${() => ask('')} />`}`;
}

/** What it is in words, the other side's answer quoted whole, and what happens next. */
function Banner({ d, model, detail }) {
  const say = advice(d.answer.text, d.state);
  if (isWrong(d.state) && d.state !== 'rejecting') {
    return html`<div class="ban bad-b"><span class="bad"><${Icon} name=${STATES[d.state][0]} /></span>
      <div><b>${d.state === 'setup' ? 'Its set-up is wrong' : 'The last attempt failed'}</b>${d.answer.attempts ? `, attempt ${number(d.answer.attempts)}` : ''}. ${d.nextTry ? html`Tried again in <b>${countdown((d.nextTry - model.now) / 1000)}</b>.` : ''}</div>
      ${d.answer.text && html`<${Code} text=${d.answer.text} label=${'What ' + d.name + ' answered'} />`}
      <p class="t2 sm">${d.state === 'setup' && beside(d.message, d.answer.text) || say} ${detail && detail.retry.maxAgeMs && d.oldest ? `What is older than ${duration(detail.retry.maxAgeMs / 1000)} and fails then becomes a dead letter.` : ''}</p></div>`;
  }
  if (d.state === 'rejecting') return html`<div class="ban bad-b"><span class="bad"><${Icon} name="bad" /></span><div><b>It answers, and refuses most of what it is sent.</b> ${d.message}</div>
    <p class="sm"><a class="link" href=${'#/dead-letters/' + encodeURIComponent(d.name)}>Look at what it refused</a></p></div>`;
  if (d.state === 'catching') return html`<div class="ban busy-b"><span class="busy"><${Icon} name="busy" /></span><div><b>${d.doneIn == null ? 'Not done before it slows down' : `Done in about ${duration(d.doneIn)}`}.</b> It takes ${rate(d.rate)}/s, ${rate(d.acceptedRate)}/s come in. Nothing to do.</div></div>`;
  if (d.state === 'paused') return html`<div class="ban"><span class="paused"><${Icon} name="paused" /></span><div><b>Paused${d.since ? html` at <${Time} at=${d.since} day />` : ''}.</b> Nothing is sent until you resume; events wait on disk, in order.
    ${model.journal.roomSeconds != null ? ` At this rate the disk has room for ${duration(model.journal.roomSeconds)}.` : ''}</div></div>`;
  if (d.state === 'off' || d.state === 'removed') return html`<div class="ban"><span class="off"><${Icon} name="off" /></span><div><b>${STATES[d.state][1]}.</b> ${d.message || (d.state === 'off' ? 'Its route is stopped, or its settings switch it off.' : 'Its file is gone.')}</div></div>`;
  if (d.state === 'idle') return html`<p class="t2">It is ready; no event has come for it yet. <a class="link" href="#/sources">How to send one</a></p>`;
  const call = d.lastCall;
  return html`<p class="t2"><b>Last answer:</b> ${call ? `${call.ok ? 'took' : 'did not take'} ${plural(call.events, 'event')} in ${duration(call.millis / 1000)}, at ${when(ms(call.at), model.now)}` : 'none since the start'}</p>`;
}

function Errors({ errors, now }) {
  if (!errors.length) return html`<p class="bd t2">None.</p>`;
  return html`<div class="tw"><table class="resp"><thead><tr><th>Answer</th><th class="num">Times</th><th>First</th><th>Last</th></tr></thead><tbody>${errors.map(e => html`<tr>
    <td class="full wrap">${oneLine(e.lastMessage || e.reason)}</td><td class="num" data-h="Times">${number(e.count)}</td><td class="nw" data-h="First">${when(ms(e.firstSeen), now)}</td><td class="nw" data-h="Last">${when(ms(e.lastSeen), now)}</td></tr>`)}</tbody></table></div>`;
}

const Settings = ({ one }) => html`<dl class="kv bd"><dt>batch</dt><dd>${number(one.batch.maxEvents)} events, ${bytes(one.batch.maxBytes)} or ${duration(one.batch.maxAgeMs / 1000)}, whichever comes first</dd>
  <dt>retry</dt><dd>gives up after ${duration(one.retry.maxAgeMs / 1000)}</dd>${one.settings.map(s => html`<dt>${s.key}</dt><dd class="mono">${s.secret ? `•••••••• ${s.value}` : s.value || html`<span class="dim">empty</span>`}</dd>`)}</dl>`;

/** Its file as it stands, with what has gone through each step left of it. */
function Route({ route }) {
  if (!route || !route.lines || !route.lines.length) return html`<div class="hd"><h2>Route</h2></div><p class="bd t2">Its file is gone.</p>`;
  const at = {};
  for (const step of route.steps) if (step.line) at[step.line] = step;
  return html`<div class="hd"><h2>Route</h2><code class="dim">${route.file}</code><span class="sp"></span><span class="dim sm">left: batches through each step since its route was started</span></div>
    <div class="yaml" tabindex="0" aria-label="Its file">${route.lines.map((line, i) => {
      const step = at[i + 1];
      return html`<span class=${step && step.failed ? 'z' : ''}>${step ? `${number(step.batches)}${step.failed ? ` · ${number(step.failed)} failed` : ''}` : ' '}</span><code>${line || ' '}</code>`;
    })}</div>`;
}
