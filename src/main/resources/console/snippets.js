/** How each kind of sender is connected to `host` with `key`. */
export function snippets({ host, key }) {
  const bare = String(host || '').replace(/^https?:\/\//, '');
  const protocol = String(host || '').startsWith('https:') ? 'https' : 'http';
  return {
    Browser: `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${host}' },
  { integrations: { 'Segment.io': { apiHost: '${bare}/v1', protocol: '${protocol}' } } })
analytics.track('Hello Evefan')`,
    Node: `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${host}' })
analytics.track({ userId: 'ada', event: 'Hello Evefan' })`,
    Python: `import segment.analytics as analytics

analytics.write_key = '${key}'
analytics.host = '${host}'
analytics.track('ada', 'Hello Evefan')
analytics.flush()`,
    Java: `Analytics analytics = Analytics.builder("${key}").endpoint("${host}").build();
analytics.enqueue(TrackMessage.builder("Hello Evefan").userId("ada"));
analytics.flush();`,
    curl: `curl -u ${key}: ${host}/v1/track -H 'Content-Type: application/json' \\
  -d '{"userId":"ada","event":"Hello Evefan"}'`,
  };
}
