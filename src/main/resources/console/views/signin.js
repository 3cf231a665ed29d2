import { html, useEffect, useRef, useState } from '../lib/preact.js';
import { countdown } from '../words.js';
import { Icon } from '../ui.js';

/** Signing in; the page that was asked for comes afterwards. */
export function SignIn({ onSignIn }) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  useEffect(() => { field.current.focus(); document.title = 'Sign in, Evefan'; }, []);
  const submit = async e => {
    e.preventDefault();
    const token = field.current.value.trim();
    if (!token) { setError('Look in data/admin.token on Evefan’s machine.'); field.current.focus(); return; }
    setBusy(true);
    try {
      await onSignIn(token);
    } catch (failed) {
      setError(failed.status === 401 ? 'This token is not known here. It is evefan.admin.token, or stands in data/admin.token.'
        : failed.status === 429 ? `Too many wrong tokens came from here. Try again in ${countdown(failed.retryAfter || 60)}.`
        : failed.status ? failed.message : 'Evefan cannot be reached. Is it running?');
      setBusy(false);
      field.current.select();
    }
  };
  const isOpen = location.protocol === 'http:';
  return html`<div class="sign"><form onSubmit=${submit} aria-labelledby="sign-in"><div class="brand"><${Icon} name="logo" />Evefan</div>
    <div><h1 id="sign-in">Sign in</h1><p class="t2">at ${location.host}</p></div>
    <label class="f">Admin or read-only token<input ref=${field} type="password" name="token" autocomplete="current-password" aria-invalid=${error ? 'true' : undefined} aria-describedby=${error ? 'token-error' : undefined} /></label>
    ${error && html`<p class="err" id="token-error" role="alert"><${Icon} name="bad" /><span>${error}</span></p>`}
    <button class="btn pri wide" disabled=${busy}>${busy ? 'Signing in…' : 'Sign in'}</button>
    <p class="t2 sm">The token is <code>evefan.admin.token</code>; where none is set, it stands in <code>data/admin.token</code> on Evefan’s machine. You stay signed in for 12 hours, in this browser only.</p>
    ${isOpen && html`<p class="sm warn row top"><${Icon} name="bad" /><span>This connection is not encrypted. On another machine than your own, use TLS first (<code>evefan.admin.tls.certificate</code>), or a tunnel.</span></p>`}</form></div>`;
}
