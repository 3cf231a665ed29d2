import { html } from './lib/preact.js';
import { advice, age, beside, bytes, clock, countdown, duration, isWrong, number, oneLine, plural, rate, sentence } from './words.js';
import { Action, Icon, Time, useLoaded } from './ui.js';

/** More than these are no list of what to do. */
const MOST = 8;

const link = name => '#/destinations/' + encodeURIComponent(name);

/** What needs a person, the most urgent first: {level, sign, css, what, detail, actions}. */
function findings(model, actions, groups) {
  const found = [];
  const of = state => model.destinations.filter(d => d.state === state);
  const add = (level, sign, css, what, detail, buttons) => found.push({ level, sign, css, what, detail, buttons });
  const j = model.journal || {};
  // Why most of them are dead letters; nothing where that is not known yet.
  const reason = (where, source) => {
    const all = groups && groups.deadLetters[where] ? groups.deadLetters[where].reasons.filter(g => !source || g.source === source) : [];
    const most = all.sort((a, b) => b.count - a.count)[0];
    return most ? oneLine(most.example || most.reason) + (most.field ? ` (${most.field})` : '') + (most.sdk ? `, ${most.sdk}` : '') : '';
  };
  if (j.up === false) {
    add('bad', 'setup', 'bad', html`<b>No events are taken</b>: ${j.reason || 'the journal is closed'}`,
      'Senders are told to try again later (503). What is already on disk is still delivered.', html`<a class="btn" href="#/system">Open System</a>`);
  }
  for (const problem of model.problems || []) {
    add('bad', 'setup', 'bad', html`<b>A route file does not run as it is now</b>`, problem, html`<a class="btn" href="#/system">Open System</a>`);
  }
  for (const d of [...of('setup'), ...of('failing')]) {
    const setup = d.state === 'setup';
    const say = setup && beside(d.message, d.answer.text) || advice(d.answer.text, d.state);
    add('bad', setup ? 'setup' : 'bad', 'bad',
      html`<b>${d.name}: ${oneLine(d.answer.text) || d.message || (setup ? 'set-up error' : 'the last attempt failed')}</b>${d.since && html` since <${Time} at=${d.since} day />, for ${duration((model.now - d.since) / 1000)}`}`,
      html`${say}${d.nextTry ? ` By itself it is tried again in ${countdown((d.nextTry - model.now) / 1000)}.` : ''}`,
      html`<${Action} css="pri" onClick=${() => actions.retry(d.name)}>Retry now</${Action}><a class="btn" href=${link(d.name)}>Open ${d.name}</a>`);
  }
  for (const d of of('rejecting')) {
    add('bad', 'bad', 'bad', html`<b>${d.name} refuses most of what it is sent</b>`, d.message || 'Nothing waits: the refused ones are dead letters.',
      html`<a class="btn" href=${'#/dead-letters/' + encodeURIComponent(d.name)}>Look at them</a>`);
  }
  if (model.newLetters > 0) {
    const worst = [...model.destinations].sort((a, b) => b.newLetters - a.newLetters)[0];
    add('warn', 'dead', 'warn', html`<b>${plural(model.newLetters, 'new dead letter')}</b>`,
      html`${number(worst.newLetters)} at ${worst.name}${reason(worst.name) ? `, most: ${reason(worst.name)}` : ''}. They are kept until you decide.`,
      html`<a class="btn" href="#/dead-letters">Look at them</a>`);
  }
  for (const s of model.sources.filter(s => s.newRefused > 0)) {
    add('warn', 'dead', 'warn', html`<b>${s.name}: ${plural(s.newRefused, 'event')} refused</b>${s.lastRefused && html`, last <${Time} at=${s.lastRefused} day />`}`,
      reason('ingest', s.name) || 'The sender was told why.', html`<a class="btn" href=${'#/sources/' + encodeURIComponent(s.name)}>Open ${s.name}</a>`);
  }
  if (j.short) {
    add('warn', 'bad', 'warn', html`<b>Disk is short</b>: ${bytes(j.freeBytes)} are free`,
      j.roomSeconds == null ? '' : `A destination may be away for ${duration(j.roomSeconds)} before senders notice.`, html`<a class="btn" href="#/system">Open System</a>`);
  }
  if (model.broker && model.broker.up === false) {
    add('warn', 'bad', 'warn', html`<b>The broker is ${model.broker.status}</b>`, model.broker.message || 'Batches with refused events wait until it is back; others go on.',
      html`<a class="btn" href="#/system">Open System</a>`);
  }
  for (const d of of('catching')) {
    add('busy', 'busy', 'busy', html`<b>${d.name} is catching up</b>${d.doneIn == null ? ', not done before it slows' : `, done in about ${duration(d.doneIn)}`}`,
      `${number(d.waiting)} waiting. Nothing to do.`, html`<a class="btn" href=${link(d.name)}>Open ${d.name}</a>`);
  }
  for (const d of of('paused')) {
    add('off', 'paused', 'off', html`<b>${d.name} is paused</b>${d.since && html` since <${Time} at=${d.since} day />`}`,
      `${number(d.waiting)} wait on disk, in order.`, html`<${Action} onClick=${() => actions.resume(d.name)}>Resume</${Action}><a class="btn" href=${link(d.name)}>Open ${d.name}</a>`);
  }
  return found;
}

const firstLine = text => String(text || '').split('\n')[0].slice(0, 240);

/** The first line of the page, and of the tab. */
export function lead(model, stale) {
  if (!model) return { css: 'off', sign: 'idle', title: '…', tab: 'Evefan', text: '' };
  const active = model.destinations.filter(d => d.state !== 'off' && d.state !== 'removed');
  const wrong = active.filter(d => isWrong(d.state));
  const past = stale ? `At ${clock(model.at)}, ` : '';
  const be = n => stale ? (n === 1 ? 'was' : 'were') : n === 1 ? 'is' : 'are';
  const names = list => list.slice(0, 3).map(d => d.name).join(', ') + (list.length > 3 ? ` and ${list.length - 3} more` : '');
  const waiting = wrong.reduce((sum, d) => sum + (d.waiting || 0), 0);
  if (model.journal && model.journal.up === false) {
    return { css: 'bad', sign: 'setup', title: past + (past ? 'no events were taken' : 'No events are taken'), tab: 'no events taken', text: firstLine(model.journal.reason) };
  }
  if (wrong.length) {
    const failing = wrong.filter(d => d.state !== 'rejecting').length;
    return { css: 'bad', sign: wrong.some(d => d.state === 'setup') ? 'setup' : 'bad',
      title: `${past}${wrong.length} of ${plural(active.length, 'destination')} ${be(wrong.length)} ${failing ? 'failing' : 'refusing most'}: ${names(wrong)}`
        + (model.newLetters ? `; ${plural(model.newLetters, 'new dead letter')}` : ''),
      tab: `${wrong.length} failing`,
      text: `No event is lost. ${waiting === 1 ? '1 event waits' : number(waiting) + ' events wait'} on disk, in order${active.length > wrong.length ? '; the other destinations are not affected' : ''}.` };
  }
  if ((model.problems || []).length) {
    return { css: 'bad', sign: 'setup', title: `${past}${plural(model.problems.length, 'route file')} ${be(model.problems.length)} not running as written`, tab: 'route file', text: '' };
  }
  if (model.newLetters > 0) {
    return { css: 'warn', sign: 'dead', title: `${past}${plural(model.newLetters, 'new dead letter')}`, tab: `${number(model.newLetters)} dead letters`,
      text: 'Every destination takes what it is sent. These events it refused for good; they are kept until you decide.' };
  }
  const calm = `${rate(model.acceptedRate)} events/s, ${model.oldest ? `oldest waiting ${age(model.oldest)}` : 'nothing waiting'}`;
  const refusing = model.sources.filter(s => s.newRefused > 0);
  if (refusing.length) {
    const n = refusing.reduce((sum, s) => sum + s.newRefused, 0);
    return { css: 'warn', sign: 'dead', title: `${past}${plural(n, 'event')} refused from ${names(refusing)}`, tab: `${number(n)} refused`, text: `Everything else is well: ${calm}.` };
  }
  const behind = active.filter(d => d.state === 'catching');
  if (behind.length) return { css: 'busy', sign: 'busy', title: `${past}${names(behind)} ${be(behind.length)} catching up`, tab: 'catching up', text: `${calm}. Nothing to do.` };
  const paused = active.filter(d => d.state === 'paused');
  if (paused.length) return { css: 'off', sign: 'paused', title: `${past}${names(paused)} ${be(paused.length)} paused`, tab: 'paused', text: `Everything else is well: ${calm}.` };
  return { css: 'up', sign: 'up', title: past ? `${past}all was well: ${calm}` : `All is well: ${calm}`, tab: 'All well',
    text: `${active.length} of ${plural(active.length, 'destination')} ${active.length === 1 ? 'takes what it is' : 'take what they are'} sent. Nothing to do.` };
}

export function Headline({ app }) {
  const { model, stale, actions } = app;
  const isAsked = model.newLetters > 0 || model.sources.some(s => s.newRefused > 0);
  const groups = useLoaded(signal => isAsked ? app.api.groups(signal) : Promise.resolve(null), [isAsked], 30000);
  const say = lead(model, stale);
  const all = findings(model, actions, groups.value);
  const todo = all.slice(0, MOST);
  return html`<div class="head"><div class="say"><${Icon} name=${say.sign} css=${say.css} /><div><h1>${say.title}</h1>${say.text && html`<p>${say.text}</p>`}</div></div>
    ${todo.length > 0 && html`<ol class="todo" aria-label="What needs you, most urgent first">${todo.map((f, i) => html`<li class=${i === 0 && f.level === 'bad' ? 'first' : ''}>
      <span class=${f.css}><${Icon} name=${f.sign} /></span><div>${f.what}<div class="x">${f.detail}</div></div><div class="row">${f.buttons}</div></li>`)}
      ${all.length > MOST && html`<li><span></span><div>and ${all.length - MOST} more: the bar at the side has all of them</div></li>`}</ol>`}</div>`;
}
