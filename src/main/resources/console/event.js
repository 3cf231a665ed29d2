/** Where one event stands: what Evefan says of it, in the page's words. */
import { age, capital, duration, ms, number, oneLine } from './words.js';

const SIGN = { up: 'up', busy: 'busy', bad: 'bad', off: 'off' };

/**
 * One destination of one event: {name, sign, css, word, detail, sent}.
 * outcome: what it gets, where this may be seen; live: the destination as it is now.
 */
export function standing(name, where, outcome, live, accepted) {
  const say = (sign, word, detail) => ({ name, sign: SIGN[sign], css: sign, word, detail: capital(detail), short: (word + (detail && sign !== 'up' ? ', ' + detail : '')).slice(0, 160), outcome });
  const failing = live && (live.state === 'failing' || live.state === 'setup');
  const others = where.behind > 0 ? `behind ${number(where.behind)} ${where.behind === 1 ? 'other' : 'others'}` : 'in the next batch';
  switch (where.state) {
    case 'delivered': {
      if (outcome && outcome.gets === false) {
        return say('off', 'Filtered out', outcome.why || (outcome.stoppedBy ? `by the step ${outcome.stoppedBy}` : 'by its route'));
      }
      const by = ms(where.deliveredBy);
      const after = by && accepted && by >= accepted ? (by - accepted) / 1000 : null;
      const said = say('up', 'Delivered', after == null ? where.note || '' : `within ${age(after)}`);
      return { ...said, short: after == null ? 'delivered' : `delivered within ${age(after)}` };
    }
    case 'in hand': return where.failedAttempts > 0
      ? say('bad', 'Waiting', `${number(where.failedAttempts)} ${where.failedAttempts === 1 ? 'attempt' : 'attempts'} so far: ${oneLine(where.lastError)}`)
      : say('busy', 'Waiting', 'being delivered');
    case 'waiting': return failing
      ? say('bad', 'Waiting', `${others}: ${oneLine(live.answer.text) || 'it fails'}`)
      : live && live.state === 'paused' ? say('off', 'Waiting', `${others}: it is paused`)
      : say('busy', 'Waiting', others + (live && live.state === 'catching' && live.doneIn != null ? `; due in about ${duration(live.doneIn)}` : ''));
    case 'rejected':
    case 'dead': return say('bad', 'Dead letter', oneLine(where.reason || where.message || where.error));
    case 'left out': return say('off', 'Not for it', 'the event’s integrations leave it out');
    case 'not owed': return say('off', 'Not for it', where.note || 'it was accepted before this destination was new, or after it was removed');
    default: return say('off', where.state, where.note || '');
  }
}

/** Of a row of the list: how many destinations have it, from their places. */
export function rowStanding(row, model) {
  const at = ms(row.at);
  const mine = model.destinations.filter(d => d.state !== 'off' && d.state !== 'removed' && !(row.notFor || []).includes(d.name));
  const waiting = mine.filter(d => d.placeAt && at >= ms(d.placeAt));
  // Its place has passed the event, and most of what it passes are dead letters.
  const refusing = mine.filter(d => d.state === 'rejecting' && !waiting.includes(d));
  return { all: mine.length, delivered: mine.length - waiting.length - refusing.length, waiting, refusing };
}

/** The name a person knows it by. */
export const titleOf = row => row.name || row.type;

/** Where one event is; where it is not in the journal, what ingestion refused. */
export async function locate(api, messageId, signal) {
  const found = await api.whereabouts(messageId, signal);
  if (found && found.events.length) return { kind: 'accepted', ...found.events[0], messageId };
  const refused = await api.letters('ingest', { messageId, limit: 1 }, signal).catch(e => { if (e.status === 404) return null; throw e; });
  const letter = refused && refused.deadLetters[0];
  return letter ? { kind: 'refused', letter, messageId } : { kind: 'none', messageId };
}
