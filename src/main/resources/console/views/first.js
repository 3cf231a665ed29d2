import { html, useEffect, useState } from '../lib/preact.js';
import { Action, Code, copy, Icon, useLoaded } from '../ui.js';
import { useWay, Way } from '../way.js';
import { snippets } from '../snippets.js';

/** What a new user sees: how to send the first event, and the event as it arrives. */
export function First({ app }) {
  const { model } = app;
  const [sent, setSent] = useState(null);
  const source = model.sources.find(s => s.name === 'dev') || model.sources[0];
  const detail = useLoaded(signal => source ? app.api.source(source.name, signal) : Promise.resolve(null), [source && source.name]);
  useEffect(() => { app.live.watchEvents({}); return () => app.live.watchEvents(null); }, []);
  const rows = app.live.rows;
  const last = rows.filter(row => row.state === 'accepted' && row.messageId).pop();
  const refused = rows.find(row => row.state === 'refused');
  const seen = sent || last && last.messageId;
  const way = useWay(app, seen);
  const arrived = Boolean(seen && way && way.accepted);
  const on = model.destinations.filter(d => d.state !== 'off' && d.state !== 'removed');
  const command = snippets({ host: model.publicUrl, key: detail.value ? detail.value.writeKey || detail.value.maskedKey : '…' }).curl;
  const done = arrived ? 'done' : '';
  return html`<div class="head"><div class="say"><${Icon} name=${arrived ? 'up' : 'idle'} css=${arrived ? 'up' : 'off'} /><div>
      <h1>${arrived ? 'Your first event arrived' : 'Evefan is ready. No event has come yet.'}</h1>
      <p>${arrived ? 'Below is its way, destination by destination.' : 'Send one, and watch its way here. It takes a minute.'}</p></div></div></div>
    <section class="card welcome"><div class="bd"><ol class="steps">
      <li class=${done}><h2>Send an event</h2><p class="t2">Paste this into a terminal on this machine, or let the console send it.</p>
        <div class="stack"><${Code} text=${command} label="A command that sends an event" /><div class="row"><button type="button" class="btn" onClick=${() => copy(command)}>Copy</button>
          <${Action} css=${arrived ? '' : 'pri'} onClick=${async () => setSent((await app.api.test(source.name)).messageId)}>Send a test event</${Action}></div></div></li>
      <li class=${done}><h2>See it arrive</h2><div>${seen && way ? html`<${Way} way=${way} /><p><a class="link" href=${'#/events/' + encodeURIComponent(seen)}>See it whole</a></p>`
        : refused ? html`<p class="err" role="status"><${Icon} name="bad" /><span><b>An event came and was refused:</b> ${refused.reason}</span></p>`
        : html`<p class="t2" role="status">Waiting for the first event. Nothing to reload.</p>`}</div></li>
      <li><h2>Connect your app</h2><p class="t2">Snippets for browser, Node, Python and Java, with this host and key: <a class="link" href=${source ? '#/sources/' + encodeURIComponent(source.name) : '#/sources'}>sources</a>.</p></li>
      <li><h2>Add a destination</h2><p class="t2">${on.length ? `On already: ${on.map(d => d.name).join(', ')}. Others are one YAML file each:` : 'One YAML file each:'}</p>
        <${Code} text="cp routes/examples/webhook.camel.yaml routes/destinations/" /></li></ol>
      ${arrived && html`<p class="after"><button type="button" class="btn pri" onClick=${() => app.leaveFirst()}>Open the overview</button></p>`}</div></section>`;
}
