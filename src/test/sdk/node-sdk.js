// The Node SDK: a mixed run of calls.
import { Analytics } from '@segment/analytics-node'

/** @param more settings of the SDK */
export async function runNode(url, writeKey, calls, pause, more = {}) {
  const ids = []
  const errors = []
  const analytics = new Analytics({ writeKey, host: url, flushAt: 15, flushInterval: 300, maxRetries: 30, ...more })
  analytics.on('error', (error) => errors.push(String(error.reason ?? error.code)))
  const sent = (context) => ids.push(context.event.messageId)
  for (const type of ['track', 'identify', 'page', 'screen', 'group', 'alias']) {
    analytics.on(type, sent)
  }
  for (let n = 0; n < calls; n++) {
    const userId = `node-${n}`
    const call = [
      () => analytics.track({ userId, event: `Node ${n}`, properties: { n, text: 'ä€𝄞' } }),
      () => analytics.identify({ userId, traits: { n, plan: 'gold' } }),
      () => analytics.page({ userId, name: `Page ${n}` }),
      () => analytics.screen({ userId, name: `Screen ${n}` }),
      () => analytics.group({ userId, groupId: `group-${n}`, traits: { n } }),
      () => analytics.alias({ userId, previousId: `old-${n}` }),
    ][n % 6]
    call()
    await pause()
  }
  await analytics.closeAndFlush({ timeout: 240_000 })
  return { ids, errors }
}
