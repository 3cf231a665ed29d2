import { html, useState } from './lib/preact.js';

const MEMBERS = 50;
const CHARACTERS = 1024;

/** An event as a tree. All of it is text nodes; what is long folds. `guilty` is the path of a member, `why` what is wrong. */
export function Tree({ value, guilty, why, path = '' }) {
  const [all, setAll] = useState(false);
  const list = Array.isArray(value);
  const members = Object.entries(value);
  const shown = all ? members : members.slice(0, MEMBERS);
  return html`${shown.map(([key, member]) =>
      html`<${Member} key=${key} name=${key} value=${member} path=${path ? path + '.' + key : key} guilty=${guilty}
        why=${why} list=${list} />`)}
    ${shown.length < members.length && html`<div class="lf"><button class="link" onClick=${() => setAll(true)}>
      ${members.length - shown.length} more members</button></div>`}`;
}

function Member({ name, value, path, guilty, why }) {
  const isGuilty = guilty === path;
  const key = html`<span class="k">${name}</span>: `;
  const reason = isGuilty && html`<span class="why">↑ ${why}</span>`;
  if (value !== null && typeof value === 'object' && Object.keys(value).length) {
    const size = Object.keys(value).length;
    const what = Array.isArray(value) ? `list of ${size}` : size === 1 ? '1 member' : `${size} members`;
    const open = path !== 'context' && size <= MEMBERS || Boolean(guilty && guilty.startsWith(path + '.'));
    return html`<details open=${open}><summary><span class=${isGuilty ? 'guilty' : ''}>${key}<span class="dim">${what}</span></span></summary>
      ${reason}<${Tree} value=${value} guilty=${guilty} why=${why} path=${path} /></details>`;
  }
  return html`<div class="lf"><span class=${isGuilty ? 'guilty' : ''}>${key}<span class="v"><${Leaf} value=${value} /></span></span>${reason}</div>`;
}

function Leaf({ value }) {
  const [all, setAll] = useState(false);
  if (value === null) return html`<span class="dim">null</span>`;
  if (typeof value === 'object') return html`<span class="dim">${Array.isArray(value) ? '[]' : '{}'}</span>`;
  if (typeof value !== 'string') return html`<span class="nn">${String(value)}</span>`;
  const cut = !all && value.length > CHARACTERS;
  return html`<span class="s">"${cut ? value.slice(0, CHARACTERS) + '…' : value}"</span>${cut && html` <button class="link"
    onClick=${() => setAll(true)}>all ${value.length.toLocaleString('en-US')} characters</button>`}`;
}

/** Members as a person writes their path (properties.price), or null: whether the event has it. */
export function has(event, path) {
  let at = event;
  for (const name of String(path).split('.')) {
    if (at === null || typeof at !== 'object' || !(name in at)) return false;
    at = at[name];
  }
  return true;
}

/** Every leaf by its path. */
export function flat(value, path = '', all = {}) {
  for (const key in value) {
    const at = path ? path + '.' + key : key;
    if (value[key] && typeof value[key] === 'object' && Object.keys(value[key]).length) flat(value[key], at, all);
    else all[at] = JSON.stringify(value[key]);
  }
  return all;
}
