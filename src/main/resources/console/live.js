/** What Evefan says, kept up to date by one stream while the page is visible. */
import { api } from './api.js';
import { ms, remember, remembered } from './words.js';

const SILENCE = 5000;
const TRY_AGAIN = [1000, 2000, 5000];
const KEPT_ROWS = 1000;

export class Live {
  constructor(tell, gone) {
    this.tell = tell;
    this.gone = gone;
    this.filter = null;
    this.rows = [];
    this.seen = { total: 0, matched: 0, shown: 0 };
    this.progress = { replays: [], deadLetters: {} };
    this.tick = 0;
    this.failures = 0;
    this.stale = false;
    this.onRows = () => {};
    this.known = JSON.parse(remembered('evefan.letters', '{}'));
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) { this.stop(); return; }
      this.lastWord = Date.now();
      this.start();
    });
    setInterval(() => this.watch(), 1000);
  }

  /** Loads the whole once, then listens. */
  async start() {
    if (this.starting || this.over || document.hidden) return;
    this.starting = true;
    clearTimeout(this.timer);
    try {
      await this.load();
      this.listen();
      this.failures = 0;
    } catch (error) {
      if (error.status !== 401) this.failed(error);
    } finally {
      this.starting = false;
    }
  }

  async load() {
    this.whole = await api.console();
    this.state = this.whole.state;
    this.heard();
    this.tell();
  }

  stop() {
    clearTimeout(this.timer);
    if (this.stream) this.stream.close();
    this.stream = null;
  }

  /** Signed out: nothing is asked any more. */
  end() { this.over = true; this.stop(); }

  listen() {
    this.stop();
    if (document.hidden || this.over) return;
    const query = this.filter ? new URLSearchParams({ events: 'true', ...this.filter }) : '';
    const stream = new EventSource('/v1/console/stream' + (query ? '?' + query : ''));
    this.stream = stream;
    const on = (name, act) => stream.addEventListener(name, e => { this.heard(); act(e.data ? JSON.parse(e.data) : {}); });
    on('state', state => this.merge(state));
    on('events', rows => this.take(rows));
    on('progress', progress => { this.progress = progress; this.tell(); });
    on('minute', minute => this.minute(minute));
    on('gone', () => { this.end(); this.gone(); });
    stream.onerror = () => {
      if (this.stream !== stream) return;
      stream.close();
      this.stream = null;
      this.failed();
    };
  }

  failed(error) {
    this.error = error;
    const wait = TRY_AGAIN[Math.min(this.failures++, TRY_AGAIN.length - 1)];
    this.nextTry = Date.now() + wait;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), wait);
    this.tell();
  }

  heard() {
    this.lastWord = Date.now();
    this.error = null;
    if (this.stale) { this.stale = false; this.tell(); }
  }

  watch() {
    if (document.hidden || this.over || !this.lastWord) return;
    const isStale = Date.now() - this.lastWord > SILENCE;
    if (isStale && !this.stale) {
      this.stale = true;
      if (this.stream) { this.stop(); this.failed(); }
    }
    if (isStale) this.tell();
  }

  /** Shows other events, or none (null). */
  watchEvents(filter) {
    if (JSON.stringify(filter) === JSON.stringify(this.filter)) return;
    this.filter = filter;
    this.rows = [];
    this.seen = { total: 0, matched: 0, shown: 0 };
    if (this.state && !this.starting) this.listen();
  }

  merge(change) {
    const into = (all, changes) => {
      const next = { ...all };
      for (const [name, members] of Object.entries(changes || {})) {
        if (members === null) delete next[name]; else next[name] = { ...next[name], ...members };
      }
      return next;
    };
    const message = this.state.message;
    this.state = { ...this.state, ...change, sources: into(this.state.sources, change.sources), destinations: into(this.state.destinations, change.destinations) };
    this.tick++;
    if (change.message && change.message !== message) this.refresh();
    this.tell();
  }

  /** What only the whole has (route problems, the hour of a new destination), seldom. */
  refresh() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => api.console().then(whole => { this.whole = whole; this.tell(); }, () => {}), 300);
  }

  take(message) {
    this.seen = message.first
      ? { total: 0, matched: 0, shown: 0 }
      : { total: message.seen, matched: message.matched, shown: message.rows.length };
    this.rows = message.first ? message.rows : [...message.rows, ...this.rows].slice(0, KEPT_ROWS);
    this.onRows(message);
    this.tell();
  }

  minute(minute) {
    const { hour } = this.whole;
    const add = (series, more) => {
      for (const name of new Set([...Object.keys(series), ...Object.keys(more)])) {
        const own = series[name] || {};
        for (const key of new Set([...Object.keys(own), ...Object.keys(more[name] || {})])) {
          const values = own[key] || Array(Math.max(0, hour.minutes)).fill(null);
          own[key] = [...values.slice(0, -1), ((more[name] || {})[key] || [null])[0], null].slice(-60);
        }
        series[name] = own;
      }
    };
    add(hour.sources, minute.sources || {});
    add(hour.destinations, minute.destinations || {});
    hour.minutes = Math.min(60, hour.minutes + 1);
    hour.lastMinuteSeconds = 0;
    this.tell();
  }

  /** From now on what is there is not new to this browser. */
  lettersSeen() {
    for (const [name, d] of Object.entries(this.state.destinations)) this.known['d:' + name] = d.deadLetters || 0;
    for (const [name, s] of Object.entries(this.state.sources)) this.known['s:' + name] = s.refused || 0;
    this.known.at = ms(this.state.at);
    remember('evefan.letters', JSON.stringify(this.known));
  }

  fresh(key, count) {
    if ((this.known[key] || 0) > count) this.known[key] = count;
    return count - (this.known[key] || 0);
  }

  /** What the page shows: the state and the hour in one, with what follows from them. */
  model() {
    if (!this.state) return null;
    const { state, whole } = this;
    const hour = whole.hour;
    const at = ms(state.at) || Date.now();
    const last = (values, now) => values ? [...values.slice(0, -1), now] : [];
    const perSecond = (values, now) => last(values, now).map((v, i, all) => v == null || i === all.length - 1 ? v : v / 60);
    const destinations = Object.entries(state.destinations || {}).map(([name, d]) => {
      const h = hour.destinations[name] || {};
      const isWorking = d.status === 'up' || d.status === 'rejecting' || d.catchingUp;
      const drain = (d.deliveredPerSecond || 0) - (d.acceptedPerSecond || 0);
      const finished = values => (values || []).slice(0, -1).filter(v => v != null).pop();
      return {
        ...d, name, state: stateOf(d), message: d.message || '', since: ms(d.since), nextTry: ms(d.nextAttemptAt),
        rate: d.deliveredPerSecond || 0, acceptedRate: d.acceptedPerSecond || 0, waiting: d.waiting || 0, oldest: d.waiting ? d.oldestSeconds || 0 : 0,
        doneIn: drain > 0 ? (d.waiting || 0) / drain : null, deadLetters: d.deadLetters || 0, newLetters: this.fresh('d:' + name, d.deadLetters || 0),
        answer: { text: d.lastFailure || '', attempts: d.failedAttempts || 0 }, lastCall: d.lastCall,
        call: { p50: finished(h.callP50), p99: finished(h.callP99) },
        hour: {
          delivered: perSecond(h.delivered, isWorking || d.deliveredPerSecond ? d.deliveredPerSecond || 0 : 0), accepted: perSecond(h.accepted, d.acceptedPerSecond || 0),
          failed: h.failed || [], waiting: last(h.waiting, d.waiting || 0), p50: h.latencyP50 || [], p99: h.latencyP99 || [],
        },
      };
    });
    const sources = Object.entries(state.sources || {}).map(([name, s]) => {
      const h = hour.sources[name] || {};
      return {
        ...s, name, rate: s.acceptedPerSecond || 0, refusedPerMinute: s.refusedPerMinute || 0, lastSeen: ms(s.lastSeen),
        newRefused: this.fresh('s:' + name, s.refused || 0),
        hour: { accepted: perSecond(h.accepted, s.acceptedPerSecond || 0), refused: last(h.refused, s.refusedPerMinute || 0) },
      };
    });
    // As configured; what is switched off comes last.
    destinations.sort((a, b) => Number(a.state === 'off') - Number(b.state === 'off'));
    const j = state.journal || {};
    const waiting = destinations.filter(d => d.waiting > 0).sort((a, b) => b.oldest - a.oldest)[0];
    return {
      now: this.stale ? at : Math.max(at, Date.now() - this.skew(at)), at, version: whole.version, publicUrl: whole.publicUrl, docs: whole.docs, destinations, sources,
      minutes: hour.minutes, everAccepted: Boolean(state.eventsEver), message: state.message,
      acceptedRate: state.acceptedPerSecond || 0, deliveredRate: state.deliveredPerSecond || 0, refusedPerMinute: state.refusedPerMinute || 0,
      oldest: waiting ? waiting.oldest : 0, oldestName: waiting ? waiting.name : '',
      newLetters: destinations.reduce((sum, d) => sum + d.newLetters, 0), refusedKept: state.refusedKept || 0,
      problems: whole.health && whole.health.routes ? whole.health.routes.problems || [] : [],
      keptSeconds: j.oldestAgeSeconds,
      journal: { up: !j.status || j.status === 'up', status: j.status, reason: j.message, bytes: j.usedBytes, mostBytes: j.maxBytes, freeBytes: j.freeBytes,
        roomSeconds: j.roomSeconds, undelivered: j.undelivered, oldestAgeSeconds: j.oldestAgeSeconds,
        short: j.status === 'up' && j.roomSeconds != null && j.roomSeconds < 6 * 3600 },
      broker: { up: !state.broker || state.broker === 'up', status: state.broker },
    };
  }

  /** How much the browser's clock is ahead of Evefan's, taken when a state has just come. */
  skew(at) {
    if (this.skewOf !== at) { this.skewOf = at; this.ahead = Date.now() - at; }
    return this.ahead;
  }
}

/** The state's name in words.js. */
function stateOf(d) {
  switch (d.status) {
    case 'retrying': return d.catchingUp ? 'catching' : 'failing';
    case 'set-up error': return 'setup';
    case 'rejecting': return 'rejecting';
    case 'paused': return 'paused';
    case 'disabled': return 'off';
    case 'removed': return 'removed';
    default: return d.catchingUp ? 'catching' : d.accepted ? 'up' : 'idle';
  }
}
