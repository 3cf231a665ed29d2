/** Requests to Evefan: the JSON of management-openapi.json, and nothing else. */

class ApiError extends Error {
  constructor(status, body) {
    super(body && body.error ? body.error : status ? `Evefan answered ${status}` : 'Evefan cannot be reached');
    this.status = status;
    this.line = body && body.line;
    this.column = body && body.column;
    this.retryAfter = 0;
  }
}

let signedOut = () => {};
export const whenSignedOut = tell => { signedOut = tell; };

async function request(method, path, { body, signal, query } = {}) {
  const parameters = new URLSearchParams(Object.entries(query || {}).filter(([, v]) => v !== undefined && v !== null && v !== ''));
  const url = path + (parameters.size ? '?' + parameters : '');
  let response;
  try {
    response = await fetch(url, {
      method, signal, credentials: 'same-origin',
      headers: { 'Evefan-Console': '1', Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0);
  }
  const text = await response.text();
  let json = null;
  try { json = text ? JSON.parse(text) : null; } catch { json = null; }
  if (response.status === 401 && path !== '/v1/session') signedOut();
  if (!response.ok && !(path === '/v1/health' && json)) {
    const error = new ApiError(response.status, json);
    error.retryAfter = Number(response.headers.get('Retry-After')) || 0;
    throw error;
  }
  return json;
}

const name = encodeURIComponent;
const destination = d => '/v1/destinations/' + name(d);
const letters = d => '/v1/dead-letters/' + name(d);
const absent = error => { if (error.status === 404) return null; throw error; };

export const api = {
  session: () => request('GET', '/v1/session'),
  signIn: token => request('POST', '/v1/session', { body: { token } }),
  signOut: () => request('DELETE', '/v1/session'),
  console: signal => request('GET', '/v1/console', { signal }),
  system: signal => request('GET', '/v1/system', { signal }),
  source: (s, signal) => request('GET', '/v1/sources/' + name(s), { signal }),
  test: s => request('POST', `/v1/sources/${name(s)}/test-event`),
  destination: (d, signal) => request('GET', destination(d), { signal }),
  retry: d => request('POST', destination(d) + '/retry', { query: { wait: 10 } }),
  pause: d => request('POST', destination(d) + '/pause'),
  resume: d => request('POST', destination(d) + '/resume'),
  forget: d => request('POST', destination(d) + '/forget'),
  replays: signal => request('GET', '/v1/replays', { signal }),
  replay: (what, signal) => request('POST', '/v1/replays', { body: what, signal }),
  stopReplay: id => request('DELETE', '/v1/replays/' + id),
  whereabouts: (id, signal) => request('GET', '/v1/events/' + name(id), { signal }).catch(absent),
  content: (id, signal) => request('GET', `/v1/events/${name(id)}/content`, { signal }).catch(absent),
  eventsOf: (user, before, signal) => request('GET', '/v1/console/events', { query: { user, before }, signal }),
  explain: (text, query, signal) => request('POST', '/v1/explain', { body: text, query, signal }),
  groups: signal => request('GET', '/v1/dead-letters', { signal }),
  letters: (d, query, signal) => request('GET', letters(d), { query, signal }),
  replayLetters: (d, query) => request('POST', letters(d) + '/replay', { query }),
  deleteLetters: (d, query) => request('DELETE', letters(d), { query }),
  sendLetter: (d, id, text) => request('POST', letters(d) + '/send', { query: { id }, body: text }),
  exportOf: (d, query) => letters(d) + '/export?' + new URLSearchParams(query || {}),
};
