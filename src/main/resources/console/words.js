/** How figures, times and states are said. Every part of the page says them through here. */

export const number = n => n == null ? '…' : Math.round(n).toLocaleString('en-US');

/** Events a second (or a minute): small ones keep a decimal, as 0 would be wrong. */
export const rate = n => n == null ? '…' : n > 0 && n < 10 ? (n < 0.1 ? '< 0.1' : n.toFixed(1).replace('.0', '')) : number(n);

const trim = n => n.toFixed(1).replace('.0', '');

export const short = n => n == null ? 'none' : n >= 1e9 ? (n / 1e9).toFixed(1) + ' G'
  : n >= 1e6 ? (n / 1e6).toFixed(1) + ' M' : n >= 1e4 ? Math.round(n / 1e3) + ' k' : rate(n);

export const duration = s => s == null || isNaN(s) ? 'none'
  : s < 1 ? Math.round(s * 1000) + ' ms'
  : s < 10 ? trim(s) + ' s'
  : s < 60 ? Math.round(s) + ' s'
  : s < 3600 ? Math.floor(s / 60) + ' min'
  : s < 172800 ? Math.floor(s / 3600) + ' h' + (s % 3600 < 60 ? '' : ' ' + Math.floor(s % 3600 / 60) + ' min')
  : s < 366 * 86400 ? Math.floor(s / 86400) + ' days' : 'more than a year';

/** A time that runs, to the second. */
export const countdown = s => s < 60 ? Math.max(0, Math.round(s)) + ' s'
  : Math.floor(s / 60) + ' min ' + String(Math.floor(s % 60)).padStart(2, '0') + ' s';

/** An age as a person says it: below a second it is no figure that matters. */
export const age = s => s == null ? '…' : s < 10 ? trim(Math.max(0, s)) + ' s' : duration(s);

export const bytes = b => {
  if (b == null) return '…';
  for (const [unit, size] of [['TB', 1e12], ['GB', 1e9], ['MB', 1e6], ['KB', 1e3]]) {
    if (b >= size) return (b / size >= 100 ? Math.round(b / size) : trim(b / size)) + ' ' + unit;
  }
  return b + ' bytes';
};

/** A text of somebody else's as a sentence. */
export const sentence = text => !text ? '' : /[.!?…]$/.test(text.trim()) ? text.trim() : text.trim() + '.';

/** An answer in one line; the whole of it stands elsewhere. */
export const oneLine = text => {
  const line = String(text || '').trim().replace(/\s*\n\s*/g, ', ');
  return line.length > 180 ? line.slice(0, 180) + '…' : line;
};

/** What is said of a state beside what the other side has answered, which stands there already. */
export const beside = (message, answer) => message && !message.startsWith(String(answer || '').split('\n')[0] || '\n') ? sentence(message) : '';

export const capital = text => text ? text[0].toUpperCase() + text.slice(1) : '';

export const plural = (n, one, more = one + 's') => number(n) + ' ' + (n === 1 ? one : more);

/** Milliseconds of what the JSON holds: an ISO time, or milliseconds. Null where there is none. */
export const ms = t => t == null || t === '' ? null : typeof t === 'number' ? t : Date.parse(t) || null;

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'local';
const two = n => String(n).padStart(2, '0');
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export const zone = {
  utc: remembered('evefan.utc', 'true') === 'true',
  get name() { return this.utc ? 'UTC' : ZONE.split('/').pop().replace(/_/g, ' '); },
  toggle() { this.utc = !this.utc; remember('evefan.utc', String(this.utc)); },
};

function parts(t, utc) {
  const d = new Date(t);
  return utc
    ? [d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()]
    : [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()];
}

const whole = (t, utc) => {
  const [y, mo, d, h, mi, s] = parts(t, utc);
  return `${y}-${two(mo + 1)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}`;
};

export const clock = (t, seconds = true) => {
  const [, , , h, m, s] = parts(t, zone.utc);
  return two(h) + ':' + two(m) + (seconds ? ':' + two(s) : '');
};

export const millis = t => '.' + String(Math.floor(t % 1000)).padStart(3, '0');

/** A time of today as a clock tells it, an older one with its day. */
export const when = (t, now = Date.now(), seconds = true) => {
  const [y, mo, d] = parts(t, zone.utc), [ty, tm, td] = parts(now, zone.utc);
  if (y === ty && mo === tm && d === td) return clock(t, seconds);
  return `${d} ${MONTHS[mo]}${y === ty ? ' ' + clock(t, false) : ' ' + y}`;
};

/** For the title of a time: both zones. */
export const bothZones = t => `${whole(t, true)} UTC, ${whole(t, false)} ${ZONE}`;

export const isoUtc = t => whole(t, true);

/** States: the sign, the word, the class of its colour. */
export const STATES = {
  up: ['up', 'Delivering', 'up'],
  failing: ['bad', 'Failing', 'bad'],
  rejecting: ['bad', 'Rejecting', 'bad'],
  catching: ['busy', 'Catching up', 'busy'],
  setup: ['setup', 'Set-up error', 'setup'],
  paused: ['paused', 'Paused', 'paused'],
  off: ['off', 'Disabled', 'off'],
  removed: ['off', 'Removed', 'off'],
  idle: ['idle', 'No events yet', 'off'],
};

/** How urgent a state is: the first is what the page leads with. */
export const URGENCY = ['setup', 'failing', 'rejecting', 'catching', 'paused', 'off', 'removed', 'idle', 'up'];

export const isWrong = state => state === 'setup' || state === 'failing' || state === 'rejecting';

/** What the class of an answer means, and no more: a cause is never invented. */
export function advice(answer, state, setting) {
  const text = String(answer || '');
  const status = (/\bHTTP (\d{3})\b/.exec(text) || /\banswered (\d{3})\b/.exec(text) || /^(\d{3})\b/.exec(text) || [])[1];
  const check = setting ? ` (${setting})` : '';
  if (status === '401' || status === '403') return `It does not accept the credentials: check them${check}.`;
  if (status === '404') return `Nothing is there: check the URL${check}.`;
  if (status === '413') return 'It finds the batch too large: smaller batches help.';
  if (status === '429') return 'It limits how much it takes; it is slowed down by itself.';
  if (status && status[0] === '5') return 'A 5xx is the other side’s fault: mend it there, then retry.';
  if (/connection refused|connect timed out|unknown ?host|no route|name or service|timed? ?out|unreachable/i.test(text)) {
    return 'It cannot be reached: is it up, and can this machine reach it?';
  }
  if (state === 'setup') return `Its set-up is wrong: mend it${check}, then retry.`;
  return '';
}

export function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* without storage it is forgotten, that is all */ }
}

export function remembered(key, fallback) {
  try { return localStorage.getItem(key) ?? fallback; } catch { return fallback; }
}
