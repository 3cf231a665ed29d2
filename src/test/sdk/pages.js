// Pages of another origin, with nothing changed but the host: Segment's snippet, Jitsu's and RudderStack's browser SDKs, in
// a headless Chromium through the faults of the proxy; then, without faults, pages that are left right after the call, and
// a browser that is offline for a while. Needs Chromium, psql, and `bin/fetch-sdk` (pages.sh does it).
//   node src/test/sdk/pages.js [calls of each, default 60] [only this client]
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { Evefan, WRITE_KEY } from './evefan.js'
import { FaultProxy } from './faults.js'

const require = createRequire(import.meta.url)
const snippet = require('@segment/snippet')
const file = (path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url))
const CALLS = Number(process.argv[2] ?? 60)
const PAUSE_MS = 40
const LIMIT_MS = 180_000

// What each page is told: the host. The snippet is Segment's own; it speaks https, and http where the page is tried out.
const CLIENTS = {
  snippet: (host) => `<script>${snippet.min({ apiKey: WRITE_KEY, host, page: false }).replaceAll('https://', 'http://')}
    window.call = (n) => analytics.track('snippet ' + n, { n })</script>`,
  rudderstack: (host) => `<script src="/rudderstack.js"></script><script>
    const rudder = new rudderanalytics.RudderAnalytics()
    rudder.load('${WRITE_KEY}', 'http://${host}', { configUrl: 'http://${host}' })
    window.call = (n) => rudder.track('rudderstack ' + n, { n })</script>`,
  jitsu: (host) => `<script type="module">
    import { jitsuAnalytics } from '/jitsu.js'
    const jitsu = jitsuAnalytics({ host: 'http://${host}', writeKey: '${WRITE_KEY}:secret' })
    window.call = (n) => jitsu.track('jitsu ' + n, { n })</script>`,
}
// Pages that are left: whether all are expected to arrive that were called right before it, and that were called offline.
// Segment's requests are broken off then; Jitsu's too, and it never sends again.
const LEAVING = {
  snippet: { left: false, offline: true },
  'rudderstack-beacon': { left: true, offline: true },
  jitsu: { left: false, offline: false },
}
CLIENTS['rudderstack-beacon'] = (host) => CLIENTS.rudderstack(host).replace("{ configUrl", '{ useBeacon: true, configUrl')
const SCRIPTS = {
  '/rudderstack.js': file('@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js'),
  '/jitsu.js': file('@jitsu/js/dist/jitsu.es.js'),
}

const evefan = await Evefan.create()
await evefan.start([`-Devefan.http.sdk-directory=${process.env.SDK_DIRECTORY ?? 'sdk'}`])
const proxy = new FaultProxy(evefan.port, 20261128)
proxy.rate = Number(process.env.FAULTS ?? 0.25)
await proxy.start()
const pages = createServer((request, response) => {
  const script = SCRIPTS[request.url]
  response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html; charset=utf-8' })
  response.end(script ?? CLIENTS[request.url.slice(1)]?.(`127.0.0.1:${proxy.port}`) ?? '')
})
await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
})

const events = (client) =>
  evefan.query(`select event_text from tracks where event_text like '${client} %'`).split('\n').filter(Boolean)

/** So many of the calls that `act` makes are stored, and how often, when it and the next page have had their time. */
async function leaving(client, what, act) {
  const context = await browser.newContext()
  const url = `http://localhost:${pages.address().port}/${client}`
  const open = async () => {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => typeof window.call === 'function')
    await sleep(2000)
    return page
  }
  const stored = () => evefan.query(
    `select event_text from tracks where event_text like '${client.split('-')[0]} ${what}%'`).split('\n').filter(Boolean)
  await act(context, await open())
  await open() // what waits in its storage is sent by the next page
  const limit = Date.now() + 40_000
  while (Date.now() < limit && new Set(stored()).size < 3) await sleep(1000)
  await sleep(1000)
  await context.close()
  const all = stored()
  return { missing: 3 - new Set(all).size, twice: all.length - new Set(all).size }
}
const call = (page, name, padding = 0) => page.evaluate(
  ([what, bytes]) => { for (const n of [1, 2, 3]) window.call(`${what} ${n}${'x'.repeat(bytes)}`) }, [name, padding])

let failed = false
try {
  const only = process.argv[3]
  for (const client of ['snippet', 'rudderstack', 'jitsu'].filter((one) => !only || one === only)) {
    const page = await browser.newPage()
    const errors = []
    const elsewhere = new Set()
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('request', (request) => {
      const { host } = new URL(request.url())
      if (!/^(127\.0\.0\.1|localhost):/.test(host)) elsewhere.add(host)
    })
    await page.goto(`http://localhost:${pages.address().port}/${client}`)
    await page.waitForFunction(() => typeof window.call === 'function')
    for (let n = 0; n < CALLS; n++) {
      await page.evaluate((number) => void window.call(number), n)
      await sleep(PAUSE_MS)
    }
    const limit = Date.now() + LIMIT_MS
    let stored = []
    while (Date.now() < limit && new Set(stored).size < CALLS) {
      await sleep(1000)
      stored = events(client)
      // Jitsu's never sends again.
      if (client === 'jitsu' && Date.now() > limit - LIMIT_MS + 15_000) break
    }
    const cookies = (await page.context().cookies(`http://127.0.0.1:${proxy.port}`)).length
    await page.close()
    await sleep(1500)
    stored = events(client)
    const missing = CALLS - new Set(stored).size
    const twice = stored.length - new Set(stored).size
    failed ||= twice > 0 || cookies > 0 || elsewhere.size > 0 || (client !== 'jitsu' && missing > 0)
    console.log(`${client}: ${CALLS} calls, ${missing} missing, ${twice} stored twice, cookies of Evefan: ${cookies}, ` +
      `other hosts: ${[...elsewhere].join(' ') || 'none'} ${errors.slice(0, 2).join('; ')}`)
  }
  proxy.rate = 0
  for (const client of Object.keys(LEAVING)) {
    if (only && only !== client) continue
    const left = await leaving(client, 'left', async (context, page) => {
      await call(page, 'left')
      await page.goto('about:blank')
      await page.close()
    })
    // Together more than the 64 KB that a page may send while it is left.
    const large = await leaving(client, 'large', async (context, page) => {
      await call(page, 'large', 30_000)
      await page.goto('about:blank')
      await page.close()
    })
    const offline = await leaving(client, 'offline', async (context, page) => {
      await context.setOffline(true)
      await call(page, 'offline')
      await sleep(3000)
      await context.setOffline(false)
      await sleep(8000)
      await page.close()
    })
    const expected = LEAVING[client]
    failed ||= left.twice + large.twice + offline.twice > 0 || (expected.left && left.missing > 0) ||
      (expected.offline && offline.missing > 0)
    console.log(`${client}: of 3 calls right before the page was left ${left.missing} missing, of 3 of 30 KB ` +
      `${large.missing}, of 3 offline ${offline.missing}; stored twice: ${left.twice + large.twice + offline.twice}`)
  }
} catch (error) {
  failed = true
  console.error(error)
}
console.log(`requests: ${JSON.stringify(proxy.counts)}`)
console.log(failed ? 'FAILED' : 'Every call is stored exactly once, but those that the SDK itself gave up.')
await browser.close()
pages.close()
proxy.stop()
await evefan.end('SIGTERM')
process.exit(failed ? 1 : 0)
