/** The console: one page, that shows what the JSON of the management port says. */
import { Component, html, render } from './lib/preact.js';
import { api, whenSignedOut } from './api.js';
import { Live } from './live.js';
import { lead } from './headline.js';
import { bothZones, clock, countdown, isWrong, number, plural, rate, remember, remembered, STATES, URGENCY, zone } from './words.js';
import { Dialog, Icon, Part, say, session, toast } from './ui.js';
import { Overview } from './views/overview.js';
import { Events } from './views/events.js';
import { Find } from './views/find.js';
import { Destinations } from './views/destinations.js';
import { Letters } from './views/letters.js';
import { Sources } from './views/sources.js';
import { Try } from './views/try.js';
import { System } from './views/system.js';
import { SignIn } from './views/signin.js';

const VIEWS = { overview: Overview, events: Events, find: Find, destinations: Destinations, 'dead-letters': Letters, sources: Sources, try: Try, system: System };
const NAMES = { overview: 'Overview', events: 'Live events', find: 'Find', destinations: 'Destinations', 'dead-letters': 'Dead letters', sources: 'Sources', try: 'Try it', system: 'System' };
const GO = { o: 'overview', e: 'events', d: 'destinations', l: 'dead-letters', s: 'sources', t: 'try', y: 'system' };
const MOST_IN_BAR = 30;
const KEYS = [['/', 'find by messageId or userId'], ['g o, g e, g d, g l', 'overview, events, destinations, dead letters'], ['g s, g t, g y', 'sources, try it, system'], ['j k', 'next, previous row'],
  ['Enter', 'open the row'], ['Esc', 'close, go up'], ['p', 'pause and resume the live list'], ['u', 'UTC or local time'], ['Ctrl Enter', 'try an event'], ['?', 'this list']];

/** The page's address: what stands behind #/ by its parts. */
function route() {
  const parts = location.hash.replace(/^#\//, '').split('/').filter(Boolean).map(part => { try { return decodeURIComponent(part); } catch { return part; } });
  return VIEWS[parts[0]] ? parts : ['overview', ...parts.slice(1)];
}

class App extends Component {
  constructor() {
    super();
    this.state = { phase: 'starting' };
    this.api = api;
    this.paused = false;
    this.replays = [];
    this.parts = route();
    this.keys = remembered('evefan.keys', 'true') === 'true';
    this.actions = {
      retry: (name, quiet) => this.retry(name, quiet),
      pause: async name => { await api.pause(name); say(`${name} is paused`); this.live.refresh(); },
      resume: async name => { await api.resume(name); say(`${name} is sent events again, from its place on`); this.live.refresh(); },
    };
  }

  async componentDidMount() {
    whenSignedOut(() => this.leave());
    toast.tell = () => this.redraw();
    addEventListener('hashchange', () => this.arrive());
    addEventListener('keydown', e => this.key(e));
    setInterval(() => !document.hidden && this.state.phase === 'on' && this.redraw(), 1000);
    this.theme(remembered('evefan.theme', ''));
    await this.enter();
  }

  async enter() {
    try {
      const who = await api.session();
      session.role = who.holder === 'admin' ? 'admin' : 'reader';
      session.content = who.seesContent;
      this.live = new Live(() => this.heard(), () => this.leave());
      this.setState({ phase: 'on' });
      await this.live.start();
      this.refreshReplays();
    } catch (error) {
      if (error.status === 401) this.setState({ phase: 'out' });
      else { this.setState({ phase: 'away', error }); setTimeout(() => this.state.phase === 'away' && this.enter(), 2000); }
    }
  }

  leave() {
    if (this.live) this.live.end();
    this.setState({ phase: 'out' });
  }

  /** What came is drawn once a frame at most; the first word decides whether this is a new user. */
  heard() {
    if (this.first === undefined && this.live.state) this.first = !this.live.state.eventsEver;
    const running = this.live.progress.replays || [];
    if (running !== this.seenReplays) {
      this.seenReplays = running;
      this.replays = [...this.replays.filter(r => !running.some(n => n.id === r.id)), ...running].sort((a, b) => a.id - b.id);
    }
    this.redraw();
  }

  redraw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => { this.drawing = 0; this.model = this.live ? this.live.model() : null; this.forceUpdate(); });
  }

  arrive() {
    const before = this.parts;
    this.parts = route();
    this.menu = false;
    if (before[0] === 'overview' && this.parts[0] !== 'overview') this.leaveFirst(true);
    this.forceUpdate();
    if (before[0] !== this.parts[0] || before[1] !== this.parts[1] && this.parts[0] !== 'events' && this.parts[0] !== 'find') {
      scrollTo(0, 0);
      const main = document.getElementById('main');
      if (main) main.focus({ preventScroll: true });
    }
  }

  leaveFirst(quiet) {
    if (this.live && this.live.state && this.live.state.eventsEver) this.first = false;
    if (!quiet) this.redraw();
  }

  async refreshReplays() {
    clearTimeout(this.lookingAtReplays);
    try {
      this.replays = (await api.replays()).replays;
      this.redraw();
    } catch { /* the stream tells them too */ }
    // One that ends between two seconds is never told by the stream.
    if (this.replays.some(r => r.state === 'running' || r.state === 'queued')) {
      this.lookingAtReplays = setTimeout(() => this.state.phase === 'on' && this.refreshReplays(), 1500);
    }
  }

  async retry(name, quiet) {
    const told = await api.retry(name);
    const isBad = told.outcome === 'failed';
    const text = told.message || '';
    const title = { delivered: `${name} took ${plural(told.events || 0, 'event')}.`, failed: `Tried ${name}: it failed again.`, 'nothing waits': 'Nothing waits for it: there is nothing to try.', 'no answer yet': 'It has not answered yet.' }[told.outcome] || `Tried ${name}.`;
    if (!quiet) say(`${title} ${text.split('\n')[0]}`);
    return { bad: isBad, title, text };
  }

  setPaused(paused) { this.paused = paused; this.forceUpdate(); }

  theme(wanted) {
    if (wanted) document.documentElement.dataset.theme = wanted;
    else delete document.documentElement.dataset.theme;
  }

  turn() {
    const root = document.documentElement;
    const now = root.dataset.theme || (matchMedia('(prefers-color-scheme:dark)').matches ? 'dark' : 'light');
    const next = now === 'dark' ? 'light' : 'dark';
    remember('evefan.theme', next);
    this.theme(next);
  }

  key(e) {
    const at = e.target;
    if (this.state.phase !== 'on') return;
    if (e.ctrlKey && e.key === 'Enter' && this.onTry) { e.preventDefault(); this.onTry(); return; }
    if (at.matches && at.matches('input,textarea,select')) { if (e.key === 'Escape') at.blur(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
    if (e.key === 'Escape') { this.up(); return; }
    if (!this.keys && e.key !== '?') return;
    if (this.going) {
      this.going = false;
      if (GO[e.key]) location.hash = '#/' + GO[e.key];
      return;
    }
    switch (e.key) {
      case 'g': this.going = true; setTimeout(() => { this.going = false; }, 1200); break;
      case '/': e.preventDefault(); document.getElementById('find').focus(); break;
      case '?': this.help = true; this.forceUpdate(); break;
      case 'u': zone.toggle(); this.forceUpdate(); break;
      case 'p': if (this.parts[0] === 'events') this.setPaused(!this.paused); break;
      case 'j': case 'k': {
        const rows = [...document.querySelectorAll('#main tr.go a:first-of-type')].filter(a => a.closest('td').querySelector('a') === a && a.offsetParent);
        const links = rows.filter((a, i) => i === 0 || a.closest('tr') !== rows[i - 1].closest('tr'));
        const now = links.indexOf(at);
        if (links.length) links[Math.max(0, Math.min(links.length - 1, now + (e.key === 'j' ? 1 : -1)))].focus();
        break;
      }
      default:
    }
  }

  up() {
    if (this.menu) { this.menu = false; this.forceUpdate(); return; }
    if (this.parts.length > 1) location.hash = '#/' + (this.parts[0] === 'find' && this.parts.length === 2 ? 'events' : this.parts.slice(0, -1).map(encodeURIComponent).join('/'));
  }

  render(_, { phase, error }) {
    if (phase === 'starting') return html`<p class="start t2" role="status">…</p>`;
    if (phase === 'away') return html`<div class="sign"><div class="stack" role="alert"><h1>Evefan cannot be reached</h1><p class="t2">${error.message}. Trying again by itself.</p></div></div>`;
    if (phase === 'out') return html`<${SignIn} onSignIn=${async token => { await api.signIn(token); this.first = undefined; await this.enter(); }} />`;
    this.stale = this.live.stale;
    this.tick = this.live.tick;
    this.model = this.live.model();
    const View = VIEWS[this.parts[0]];
    const { model } = this;
    const say = lead(model, this.stale);
    title(this.parts, say);
    document.documentElement.classList.toggle('stale', this.stale);
    return html`<div class="app"><${Bar} app=${this} model=${model} say=${say} />
      <main id="main" tabindex="-1"><div class="top"><${Search} app=${this} /><div class="clock"><span class="beat"><i></i>${this.stale || this.live.error ? 'No connection' : 'Live'}</span>
          <button type="button" class="link" title=${`Show times in ${zone.utc ? 'local time' : 'UTC'}. ${bothZones(Date.now())}`} onClick=${() => { zone.toggle(); this.forceUpdate(); }}>${clock(model ? model.now : Date.now())} ${zone.name}</button></div></div>
        ${this.stale && html`<div class="stalebar" role="alert"><span class="warn"><${Icon} name="bad" /></span><span><b>No word from Evefan for ${countdown((Date.now() - this.live.lastWord) / 1000)}.</b> What you see is from ${clock(this.live.lastWord)}.${' '}${this.live.nextTry > Date.now() ? `Trying again in ${countdown((this.live.nextTry - Date.now()) / 1000)}.` : 'Trying again.'} Evefan may be well: the way to it may not.</span><button type="button" class="btn" onClick=${() => this.live.start()}>Try now</button></div>`}
        ${!model ? html`<p class="t2" role="status">${this.live.error ? `${this.live.error.message}. Trying again.` : '…'}</p>` : html`<${Part} key=${this.parts[0]} name="This page"><${View} app=${this} parts=${this.parts} /></${Part}>`}</main>
      <div class="toast" role="status">${toast.text}</div><${Changes} model=${model} />
      ${this.help && html`<${Dialog} title="Keys" onClose=${() => { this.help = false; this.forceUpdate(); }} foot=${html`<button type="button" class="btn" onClick=${() => { this.help = false; this.forceUpdate(); }}>Close</button>`}>
        <dl class="kv">${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
        <label class="row"><input type="checkbox" checked=${this.keys} onChange=${e => { this.keys = e.target.checked; remember('evefan.keys', String(this.keys)); this.forceUpdate(); }} /> Single keys act</label></${Dialog}>`}</div>`;
  }
}

/** The tab says what the page leads with, and its icon whether anything is wrong. */
function title(parts, say) {
  const page = parts[0] === 'overview' ? '' : (parts[1] || NAMES[parts[0]]) + ', ';
  document.title = `${page}${say.tab}, Evefan`;
  const icon = document.querySelector('link[rel=icon]'), wanted = say.css === 'bad' ? '/console/icon-bad.svg' : '/console/icon.svg';
  if (icon && icon.getAttribute('href') !== wanted) icon.setAttribute('href', wanted);
}

function Search({ app }) {
  const find = e => {
    e.preventDefault();
    const sought = e.target.elements.sought.value.trim();
    if (sought) location.hash = '#/find/' + encodeURIComponent(sought);
  };
  const kept = app.model && app.model.keptSeconds;
  return html`<form class="search" role="search" onSubmit=${find}><${Icon} name="find" /><label class="vh" for="find">Find events by messageId or userId</label>
    <input id="find" name="sought" autocomplete="off" placeholder=${`messageId or userId${kept > 3600 ? `, last ${Math.round(kept / 3600)} h` : ''}`} /><kbd>/</kbd></form>`;
}

/** State changes, and no figures, for whoever listens. */
function Changes({ model }) {
  const states = model ? model.destinations.filter(d => d.state !== 'up' && d.state !== 'idle').map(d => `${d.name}: ${STATES[d.state][1]}`).join('; ') : '';
  return html`<div class="vh" aria-live="polite">${states || (model ? 'All destinations deliver' : '')}</div>`;
}

const item = (to, label, icon, current, count) => html`<a class="n" href=${'#/' + to} aria-current=${current ? 'page' : undefined}><${Icon} name=${icon} />${label}${count}</a>`;

function Bar({ app, model, say }) {
  const [view, chosen] = app.parts;
  const failing = model ? model.destinations.filter(d => isWrong(d.state)).length : 0;
  const destinations = model ? model.destinations : [];
  const shown = destinations.length <= MOST_IN_BAR ? destinations : [...destinations].sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state)).slice(0, MOST_IN_BAR);
  const sources = model ? model.sources.slice(0, MOST_IN_BAR) : [];
  const fresh = model ? model.newLetters : 0;
  return html`<header class=${'nav' + (app.menu ? ' open' : '')}><div class="row head-row"><a class="brand" href="#/overview"><${Icon} name="logo" />Evefan</a>
      <button type="button" class="btn menu" aria-expanded=${app.menu ? 'true' : 'false'} onClick=${() => { app.menu = !app.menu; app.forceUpdate(); }}>${say.css !== 'up' && model && html`<span class=${say.css}><${Icon} name=${say.sign} /></span><span class="vh">${say.tab}, </span>`}Menu</button></div>
    <nav class="links" aria-label="Console">${item('overview', 'Overview', 'flow', view === 'overview', failing > 0 && html`<span class="cnt new">${failing} failing</span>`)}
      ${item('events', 'Live events', 'list', view === 'events' || view === 'find', model && model.everAccepted && html`<span class="cnt">${rate(model.acceptedRate)}/s</span>`)}
      ${item('destinations', 'Destinations', 'dest', view === 'destinations' && !chosen)}
      ${shown.map(d => html`<a key=${'d' + d.name} class="n sub" href=${'#/destinations/' + encodeURIComponent(d.name)} aria-current=${view === 'destinations' && chosen === d.name ? 'page' : undefined}>
        <span class=${STATES[d.state][2]}><${Icon} name=${STATES[d.state][0]} /></span><span class="cut">${d.name}</span>${d.state === 'up' ? html`<span class="vh">, Delivering</span>` : html`<span class=${'cnt ' + STATES[d.state][2]}>${STATES[d.state][1]}</span>`}</a>`)}
      ${shown.length < destinations.length && html`<a class="n sub" href="#/destinations">all ${destinations.length}</a>`}
      ${item('dead-letters', 'Dead letters', 'dead', view === 'dead-letters', fresh > 0 && html`<span class="cnt new">${number(fresh)} new</span>`)}
      ${item('sources', 'Sources', 'src', view === 'sources' && !chosen)}
      ${sources.map(s => html`<a key=${'s' + s.name} class="n sub" href=${'#/sources/' + encodeURIComponent(s.name)} aria-current=${view === 'sources' && chosen === s.name ? 'page' : undefined}>
        <span class=${s.newRefused ? 'bad' : s.accepted ? 'up' : 'off'}><${Icon} name=${s.newRefused ? 'dead' : s.accepted ? 'up' : 'idle'} /></span><span class="cut">${s.name}</span>${s.newRefused > 0 && html`<span class="cnt bad">refused</span>`}</a>`)}
      ${model && sources.length < model.sources.length && html`<a class="n sub" href="#/sources">all ${model.sources.length}</a>`}
      ${item('try', 'Try it', 'try', view === 'try')}${item('system', 'System', 'sys', view === 'system')}</nav>
    <div class="foot"><span class="dim who">${model ? `Evefan ${model.version}` : ''}${session.role === 'admin' ? '' : ', read-only'}</span>
      <button type="button" class="n" onClick=${() => { app.help = true; app.forceUpdate(); }}>Keys <kbd>?</kbd></button><button type="button" class="n" onClick=${() => app.turn()}>Light or dark</button>
      <button type="button" class="n" onClick=${async () => { try { await api.signOut(); } finally { app.leave(); } }}>Sign out</button></div></header>`;
}

render(html`<${App} />`, document.getElementById('app'));
