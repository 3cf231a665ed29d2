import { html, useEffect, useRef, useState } from './lib/preact.js';
import { clock, rate } from './words.js';

/** Every plot of the page shows the same minute; null is the present one. */
const listeners = new Set();
let minute = null;
const POINTS = 60;
const HEIGHT = 34;

function point(at) {
  if (at === minute) return;
  minute = at;
  listeners.forEach(tell => tell(at));
}

function useMinute() {
  const [at, set] = useState(minute);
  useEffect(() => { listeners.add(set); return () => listeners.delete(set); }, []);
  return at;
}

/** The last sixty minutes, the oldest first; a gap is null. */
const padded = values => {
  const last = (values || []).slice(-POINTS);
  return [...Array(POINTS - last.length).fill(null), ...last];
};

/** What a series says of a minute; one that is known only when its minute is over says now what it said last. */
const valueOf = (series, index, isNow) => isNow && series.whole && isGap(series.values[index]) ? series.values[index - 1] : series.values[index];

const isGap = v => v == null || Number.isNaN(v);

function line(values, most) {
  let path = '', down = false;
  values.forEach((v, i) => {
    if (isGap(v)) { down = false; return; }
    const y = (33 - 31 * v / most).toFixed(2);
    const alone = !down && isGap(values[i + 1]);
    path += (down ? 'L' : 'M') + i + ' ' + y + (alone ? 'h.01' : '');
    down = true;
  });
  return path;
}

function area(values, most) {
  let path = '', from = -1;
  const close = to => { if (from >= 0) path += `L${to} 33L${from} 33Z`; from = -1; };
  values.forEach((v, i) => {
    if (isGap(v)) { close(i - 1); return; }
    path += (from < 0 ? 'M' : 'L') + i + ' ' + (33 - 31 * v / most).toFixed(2);
    if (from < 0) from = i;
  });
  close(values.length - 1);
  return path;
}

/**
 * A small plot of the last hour by minute.
 * series: [{name, values, css, area, bars, ticks}]; the last value is the minute under way. `ticks` stand below: present
 * or not; `whole` ones are known only when their minute is over. `at` is the time of the last value.
 */
export function Plot({ series, format = rate, big = false, label, at = Date.now() }) {
  const shown = useMinute();
  const box = useRef(null);
  const all = series.map(s => ({ ...s, values: padded(s.values) }));
  const scaled = all.filter(s => !s.ticks).flatMap(s => s.values.filter(v => !isGap(v)));
  const most = Math.max(1e-9, ...scaled) * 1.06;
  const index = shown == null ? POINTS - 1 : shown;
  const say = v => isGap(v) ? 'none' : format(v);
  const sentence = `${label} in the last hour: ` + all.map(s => {
    const known = s.values.filter(v => !isGap(v));
    return `${s.name} now ${say(valueOf(s, POINTS - 1, true))}, most ${known.length ? format(Math.max(...known)) : 'none'}`;
  }).join('; ');
  const onMove = e => {
    const r = box.current.getBoundingClientRect();
    if (r.width) point(Math.max(0, Math.min(POINTS - 1, Math.round((e.clientX - r.left) / r.width * (POINTS - 1)))));
  };
  const onKey = e => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
    e.preventDefault();
    point(Math.max(0, Math.min(POINTS - 1, index + (e.key === 'ArrowLeft' ? -1 : 1))));
  };
  return html`<figure class=${'plot' + (big ? ' big' : '')} role="img" tabindex=${big ? 0 : -1} aria-label=${sentence}
      onPointerMove=${onMove} onPointerLeave=${() => point(null)} onKeyDown=${onKey} onBlur=${() => point(null)}>
    <div class="ro">${shown != null && html`<span>${clock(at - (POINTS - 1 - shown) * 60000, false)}</span>`}
      ${all.map(s => html`<span><b>${say(valueOf(s, index, shown == null))}</b> ${s.name}</span>`)}</div>
    <svg ref=${box} viewBox="0 0 59 34" preserveAspectRatio="none" aria-hidden="true"><path class="base" d="M0 33.5H59" />
      ${all.map(s => s.ticks || s.bars
        ? s.values.map((v, i) => v > 0 && html`<path class=${s.css} stroke-width=${s.ticks ? 3 : 2}
            d=${`M${i} 33V${s.ticks ? (big ? 31.4 : 29) : (33 - Math.max(4, 31 * v / most)).toFixed(1)}`} />`)
        : html`${s.area && html`<path class=${s.css} stroke="none" fill-opacity=".14" d=${area(s.values, most)} />`}
            <path class=${s.css + ' ls'} stroke-width="1.5" d=${line(s.values, most)} />`)}
      ${shown != null && html`<path class="cur" d=${`M${shown} 0V${HEIGHT}`} />`}</svg></figure>`;
}

export const Axis = ({ at = Date.now() }) => html`<div class="ax"><span>${clock(at - 3540000, false)}</span>
  <span>${clock(at - 1770000, false)}</span><span>${clock(at, false)}</span></div>`;
