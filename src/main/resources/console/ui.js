import { Component, html, useEffect, useRef, useState } from './lib/preact.js';
import { bothZones, clock, STATES, when } from './words.js';

export const Icon = ({ name, css = '' }) =>
  html`<svg class=${'i ' + css} aria-hidden="true"><use href=${'#i-' + name} /></svg>`;

export const State = ({ state, children }) => {
  const [sign, word, css] = STATES[state] || STATES.idle;
  return html`<span class=${'st ' + css}><${Icon} name=${sign} />${word}${children}</span>`;
};

export const Time = ({ at, seconds = true, day = false }) => at == null ? html`<span class="dim">never</span>`
  : html`<time dateTime=${new Date(at).toISOString()} title=${bothZones(at)}>${day ? when(at, Date.now(), seconds) : clock(at, seconds)}</time>`;

export const Code = ({ text, label }) => html`<pre class="code" tabindex="0" aria-label=${label}>${text}</pre>`;

/** Says what happened at the foot of the page, for four seconds. */
export const toast = { text: '', tell: () => {}, timer: 0 };
export function say(text) {
  toast.text = text;
  toast.tell(text);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { toast.text = ''; toast.tell(''); }, 5000);
}

export async function copy(text, what = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS, and not on loopback, browsers have no clipboard but this one.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say(what);
}

export function download(name, text, type = 'application/json') {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** What the session may do; set at sign-in. */
export const session = { role: 'admin', content: true, csrf: '' };
const READ_ONLY = 'The read-only token cannot change anything';

/** A button that changes something. Who may only read sees it, dashed, with the reason. */
export function Action({ onClick, css = '', off = '', children, ...others }) {
  const [busy, setBusy] = useState(false);
  const reason = session.role !== 'admin' ? READ_ONLY : off;
  const act = async e => {
    e.preventDefault();
    e.stopPropagation();
    if (busy) return;
    if (reason) { say(reason); return; }
    setBusy(true);
    try { await onClick(e); } catch (error) { say(error.message); } finally { setBusy(false); }
  };
  return html`<button type="button" class=${'btn ' + css} aria-disabled=${reason || busy ? 'true' : undefined}
    title=${reason || undefined} onClick=${act} ...${others}>${children}${busy ? '…' : ''}</button>`;
}

/** A native dialog; open while it is in the page. */
export function Dialog({ title, note, onClose, children, foot }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before && before.isConnected && before.focus();
  }, []);
  return html`<dialog ref=${box} aria-labelledby="dialog-title" onClose=${onClose} onCancel=${onClose}>
    <div class="hd"><h2 id="dialog-title">${title}</h2>${note && html`<p class="t2 sm">${note}</p>`}</div>
    <div class="bd stack">${children}</div><div class="ft">${foot}</div></dialog>`;
}

/** A part that failed says so in its place, and the rest of the page goes on. */
export class Part extends Component {
  componentDidCatch(error) { console.error(error); this.setState({ error }); }
  render({ children, name }, { error }) {
    return error ? html`<${Failed} what=${name} error=${error} again=${() => this.setState({ error: null })} />` : children;
  }
}

export const Failed = ({ what, error, again }) => html`<div class="ban bad-b" role="alert"><span class="bad"><${Icon} name="bad" /></span>
  <div><b>${what} could not be shown.</b> ${error.message || String(error)}</div>
  <div><button type="button" class="btn" onClick=${again}>Try again</button></div></div>`;

/**
 * Loads what a part shows: `{value, error, loading, again}`. `keys` say when anew; `every` (ms) when again by itself. What is
 * there stays while it is loaded again; "loading" is said only after 300 ms.
 */
export function useLoaded(load, keys, every = 0) {
  const [state, setState] = useState({ value: null, error: null, loading: false, round: 0 });
  const [round, again] = useState(0);
  const known = useRef(null);
  const key = JSON.stringify(keys);
  useEffect(() => {
    let over = false;
    const abort = new AbortController();
    if (known.current !== key) setState(s => ({ ...s, value: null, error: null }));
    known.current = key;
    const slow = setTimeout(() => !over && setState(s => ({ ...s, loading: true })), 300);
    load(abort.signal).then(
      value => !over && setState(s => ({ ...s, value, error: null, loading: false })),
      error => !over && setState(s => ({ ...s, error, loading: false }))).finally(() => clearTimeout(slow));
    const timer = every ? setTimeout(() => !document.hidden && again(n => n + 1), every) : 0;
    return () => { over = true; abort.abort(); clearTimeout(slow); clearTimeout(timer); };
  }, [key, round]);
  return { ...state, again: () => again(n => n + 1) };
}

const Loading = ({ what }) => html`<p class="bd t2" role="status">${what} …</p>`;

/** A part that is loaded: the frame at once, what failed in its place. */
export const Loaded = ({ of, what, children }) => of.error
  ? html`<div class="bd"><${Failed} what=${what} error=${of.error} again=${of.again} /></div>`
  : of.value != null ? children(of.value) : of.loading ? html`<${Loading} what=${what} />` : html`<p class="bd t2"> </p>`;

export const Meter = ({ value, most, label, css = 'm-off' }) => html`<div class="bar" role="meter" aria-valuemin="0"
  aria-valuemax=${most} aria-valuenow=${value} aria-label=${label}><svg viewBox="0 0 100 1" preserveAspectRatio="none">
  <rect width=${most > 0 ? Math.min(100, 100 * value / most) : 0} height="1" class=${css} /></svg></div>`;

/** A row of a table that opens something: the whole of it can be clicked, its link is for everybody else. */
export const go = to => e => {
  if (e.target.closest('a,button,input,select,summary,textarea')) return;
  location.hash = to;
};

export const Segments = ({ label, options, value, onPick }) => html`<span class="seg" role="group" aria-label=${label}>
  ${options.map(o => html`<button type="button" aria-pressed=${o === value ? 'true' : 'false'} onClick=${() => onPick(o)}>${o}</button>`)}</span>`;
