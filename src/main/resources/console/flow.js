import { html, useEffect, useLayoutEffect, useRef, useState } from './lib/preact.js';
import { age, bytes, clock, countdown, duration, isWrong, number, rate, STATES } from './words.js';
import { Icon, State } from './ui.js';

const MOST = 8;
const DECADES = [[1, '1 s ago'], [10, '10 s'], [60, '1 min'], [600, '10 min'], [3600, '1 h']];
const DEEPEST = 7200;

/** Width for volume; a line on which nothing flows is 2. */
const width = perSecond => perSecond > 0 ? Math.max(2, Math.min(16, Math.sqrt(perSecond) * 0.42)) : 2;

const css = state => ({ up: '', idle: 'off', failing: 'bad', rejecting: 'bad', setup: 'bad', catching: 'busy' })[state] ?? state;

/** As configured; of many those that fail and the biggest, and how many more there are. */
export function chosen(destinations) {
  if (destinations.length <= MOST) return [destinations, []];
  const urgent = d => (isWrong(d.state) ? 1e12 : d.state === 'up' || d.state === 'idle' ? 0 : 1e11) + (d.rate || 0);
  const first = new Set([...destinations].sort((a, b) => urgent(b) - urgent(a)).slice(0, MOST - 1));
  return [destinations.filter(d => first.has(d)), destinations.filter(d => !first.has(d))];
}

export function Flow({ model, tick }) {
  const box = useRef(null);
  const [places, setPlaces] = useState(null);
  // What is switched off and owed nothing is no part of the flow.
  const [destinations, more] = chosen(model.destinations.filter(d => d.state !== 'off' || d.waiting > 0));
  const [sources, moreSources] = chosen(model.sources.map(s => ({ ...s, state: 'up' })));
  const measure = () => {
    const at = box.current && measured(box.current);
    if (at) setPlaces(before => JSON.stringify(before) === JSON.stringify(at) ? before : at);
  };
  useLayoutEffect(measure);
  useEffect(() => {
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const moreWrong = more.filter(d => isWrong(d.state)).length;
  return html`<section class="card flow" aria-labelledby="flow-title" ref=${box}><h2 id="flow-title" class="vh">Flow of events now</h2>
    <svg class="lines" aria-hidden="true">${places && (places.narrow ? narrow : wide)(places, sources, destinations, tick)}</svg>
    <${Facts} model=${model} />
    <ul class="src" aria-label="Sources">${sources.map(s => html`<li key=${s.name}><a class="fn" data-source=${s.name}
        href=${'#/sources/' + encodeURIComponent(s.name)} title=${sourceTitle(s)}>
      <span class="l1"><span class="cut">${s.name}</span>${s.refusedPerMinute > 0 && html`<span class="st bad"><${Icon} name="dead" />refused ${rate(s.refusedPerMinute)}/min</span>`}</span>
      <span class="l2"><span class="narrow b">${rate(s.rate)}/s · </span>${s.description || (s.lastSeen ? 'last event ' + clock(s.lastSeen) : 'no events yet')}</span></a></li>`)}
      ${moreSources.length > 0 && html`<li><a class="fn more" href="#/sources">and ${moreSources.length} more sources</a></li>`}</ul>
    <div class="jr"><a class="jhd" href="#/system"><b>Journal</b><span class="narrow b"> · ${rate(model.acceptedRate)}/s</span>
      <div class="t2 sm">${journalRoom(model.journal)}</div></a>
      <a class="jbar" href="#/system" aria-label="Journal: how far each destination has read"><span class="tk now" data-age="0">now</span>
        ${DECADES.map(([s, word]) => html`<span class="tk" data-age=${s}>${word}</span>`)}</a></div>
    <ul class="dst" aria-label="Destinations">${destinations.map(d => html`<li key=${d.name}><a class=${'fn' + (isWrong(d.state) ? ' isbad' : '')}
        data-destination=${d.name} href=${'#/destinations/' + encodeURIComponent(d.name)} title=${destinationTitle(d)}>
      <span class="l1"><span class="cut">${d.name}</span><${State} state=${d.state} /></span>
      <span class="l2"><span class="narrow b">${rate(d.rate)}/s · </span>${number(d.waiting)} waiting${tail(d)}</span></a></li>`)}
      ${more.length > 0 && html`<li><a class="fn more" href="#/destinations">and ${more.length} more${moreWrong ? `, ${moreWrong} failing`
        : more.every(d => d.state === 'up' || d.state === 'idle') ? ', all delivering' : ''}</a></li>`}</ul>
    <p class="cap">Thicker is more events a second. <span class="hidem">A destination’s line leaves the journal at its place: the lower, the further behind. </span>Broken red: nothing gets through.</p></section>`;
}

const sourceTitle = s => `${s.name}: ${rate(s.rate)} events/s accepted, ${rate(s.refusedPerMinute)} refused a minute`;
const destinationTitle = d => `${d.name}: ${(STATES[d.state] || STATES.idle)[1]}, ${rate(d.rate)} events/s delivered, `
  + `${rate(d.accepted)} accepted, ${number(d.waiting)} waiting, oldest ${age(d.oldest)}`;

const journalRoom = j => !j ? '…' : j.mostBytes ? `${bytes(j.bytes)} of ${bytes(j.mostBytes)} used` : `${bytes(j.bytes)} used`;

function tail(d) {
  if (isWrong(d.state) && d.nextTry) return `, again in ${countdown((d.nextTry - Date.now()) / 1000)}`;
  if (d.state === 'catching') return d.doneIn == null ? ', not done before it slows' : `, done in ${duration(d.doneIn)}`;
  return d.waiting ? `, oldest ${age(d.oldest)}` : '';
}

function Facts({ model }) {
  const behind = model.oldestName;
  return html`<dl class="facts"><div><dt>accepted</dt><dd>${rate(model.acceptedRate)}/s</dd></div>
    <div><dt>delivered</dt><dd>${rate(model.deliveredRate)}/s</dd></div>
    <div><dt>${behind ? 'oldest waiting' : 'waiting'}${behind && model.oldest > 60 ? ', ' + behind : ''}</dt><dd>${behind ? age(model.oldest) : 'nothing'}</dd></div>
    ${model.journal && model.journal.roomSeconds != null && html`<div><dt>room for an outage</dt><dd>${duration(model.journal.roomSeconds)}</dd></div>`}
    <div><dt>refused</dt><dd>${model.refusedPerMinute > 0 ? rate(model.refusedPerMinute) + '/min' : 'none'}</dd></div></dl>`;
}

/** Where the parts stand within the picture. */
function measured(flow) {
  const base = flow.getBoundingClientRect();
  if (!base.width) return null;
  const place = e => {
    const r = e.getBoundingClientRect();
    const round = n => Math.round(n * 10) / 10;
    return { l: round(r.left - base.left), r: round(r.right - base.left), t: round(r.top - base.top), b: round(r.bottom - base.top),
      m: round((r.top + r.bottom) / 2 - base.top) };
  };
  const all = (attribute) => Object.fromEntries([...flow.querySelectorAll(`[${attribute}]`)].map(e => [e.getAttribute(attribute), place(e)]));
  const isNarrow = getComputedStyle(flow).display === 'block';
  const bar = flow.querySelector('.jbar'), height = bar.getBoundingClientRect().height;
  if (!isNarrow) {
    bar.querySelectorAll('.tk').forEach(t => { t.style.top = (Number(t.dataset.age) ? depth(Number(t.dataset.age), height) : 3) + 'px'; });
  }
  return { narrow: isNarrow, journal: place(isNarrow ? flow.querySelector('.jhd') : bar), sources: all('data-source'), destinations: all('data-destination') };
}

/** How far below the journal's top an age stands: a log scale. */
const depth = (seconds, height) => 20 + (height - 34) * Math.min(1, Math.log10(1 + seconds) / Math.log10(1 + DEEPEST));

function Line({ d, w, kind, tick }) {
  const still = kind === 'bad' || kind === 'paused' || kind === 'off' || w < 3;
  return html`<path class=${'ln ' + kind} stroke-width=${w} d=${d} />
    ${!still && html`<path class="pulse" d=${d} stroke-dashoffset=${-(tick * 10 % 40)} />`}`;
}

function wide({ journal: j, sources: from, destinations: to }, sources, destinations, tick) {
  const height = j.b - j.t;
  let y = j.t + 16;
  const left = sources.filter(s => from[s.name]).map(s => {
    const r = from[s.name], w = width(s.rate), mx = (r.r + j.l) / 2;
    y += w / 2;
    const at = y;
    y += w / 2 + 2;
    return html`<${Line} d=${`M${r.r} ${r.m}C${mx} ${r.m} ${mx} ${at} ${j.l} ${at}`} w=${w} kind=${s.rate > 0 ? '' : 'off'} tick=${tick} />
      <text class="lbl" x=${r.r + 10} y=${at < r.m - 8 ? r.m + w / 2 + 14 : r.m - w / 2 - 6}>${rate(s.rate)}/s</text>`;
  });
  let before = 0;
  const right = destinations.filter(d => to[d.name] && d.state !== 'idle').map(d => {
    const r = to[d.name], w = width(d.rate), kind = css(d.state), mx = (r.l + j.r) / 2;
    let at = j.t + depth(d.oldest || 0, height);
    if (d.state === 'up') { at = Math.max(at, before + w / 2 + 1); before = at + w / 2; }
    return html`<${Line} d=${`M${j.r} ${at}C${mx} ${at} ${mx} ${r.m} ${r.l} ${r.m}`} w=${w} kind=${kind} tick=${tick} />
      <rect x=${j.r - 7} y=${at - Math.max(w, 4) / 2} width="9" height=${Math.max(w, 4)} rx="1" fill="currentColor" class=${(STATES[d.state] || STATES.idle)[2]} />
      <text class=${'lbl ' + kind} x=${r.l - 10} y=${at < r.m - 8 ? r.m + w / 2 + 14 : r.m - w / 2 - 6} text-anchor="end">${rate(d.rate || 0)}/s</text>
      ${d.oldest > 60 && html`<text class="lbl s" x=${j.r - 12} y=${at + 4} text-anchor="end">${clock(Date.now() - d.oldest * 1000, false)}</text>`}`;
  });
  return html`${left}${right}`;
}

function narrow({ journal: j, sources: from, destinations: to }, sources, destinations, tick) {
  const left = sources.filter(s => from[s.name]).map(s => {
    const r = from[s.name], x = 32, y = j.t + 10;
    return html`<${Line} d=${`M${r.l} ${r.m}H${x + 12}Q${x} ${r.m} ${x} ${r.m + 12}V${y - 12}Q${x} ${y} ${x + 12} ${y}H${j.l}`} w=${Math.min(12, width(s.rate))}
      kind=${s.rate > 0 ? '' : 'off'} tick=${tick} />`;
  });
  const lanes = { bad: [8, j.m - 2], busy: [19, j.m + 8], '': [36, j.b - 9] };
  const right = destinations.filter(d => to[d.name] && d.state !== 'idle').map(d => {
    const kind = css(d.state), [x, y] = lanes[kind] || lanes.bad, r = to[d.name];
    return html`<${Line} d=${`M${j.l} ${y}H${x + 10}Q${x} ${y} ${x} ${y + 10}V${r.m - 10}Q${x} ${r.m} ${x + 10} ${r.m}H${r.l}`}
      w=${Math.min(12, width(d.rate))} kind=${kind} tick=${tick} />`;
  });
  return html`${left}${right}`;
}
