import { html, useEffect, useState } from './lib/preact.js';
import { clock, millis, ms } from './words.js';
import { standing } from './event.js';
import { Icon, session } from './ui.js';

const EVERY = 700;
const TRIES = 90;

/** Follows one event until it is everywhere, for a minute at most: {accepted, standing}, or null while nothing is known. */
export function useWay(app, messageId) {
  const [way, setWay] = useState(null);
  useEffect(() => {
    setWay(null);
    if (!messageId) return undefined;
    let over = false, tries = 0, timer = 0, content = null;
    const abort = new AbortController();
    const look = async () => {
      let isDone = false;
      try {
        const found = await app.api.whereabouts(messageId, abort.signal);
        if (found && !content && session.content) content = await app.api.content(messageId, abort.signal).catch(() => null);
        if (over) return;
        if (found) {
          const event = found.events[0], accepted = ms(event.acceptedAt);
          const model = app.live.model();
          const stands = Object.entries(event.destinations).map(([name, where]) => standing(name, where, content && content.destinations[name],
            model.destinations.find(d => d.name === name), accepted));
          setWay({ accepted, standing: stands });
          isDone = stands.every(s => s.css !== 'busy');
        }
      } catch { /* it is looked for again */ }
      if (!over && !isDone && ++tries < TRIES) timer = setTimeout(look, EVERY);
    };
    look();
    return () => { over = true; abort.abort(); clearTimeout(timer); };
  }, [messageId]);
  return way;
}

export const Way = ({ way }) => html`<ol class="way fan" role="status"><li class="up"><${Icon} name="up" />accepted and on disk ${clock(way.accepted)}<span class="dim">${millis(way.accepted)}</span></li>
  ${way.standing.map(s => html`<li class=${s.css}><${Icon} name=${s.sign} /><b>${s.name}</b> ${s.short}</li>`)}</ol>`;
