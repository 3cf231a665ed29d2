// The browser SDK in a headless Chromium, on a page of another origin.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

const PAGE = (url, writeKey) => `<!doctype html><meta charset="utf-8"><title>Evefan SDK run</title>
<script src="/sdk.js"></script>
<script>
  window.ids = []
  const { AnalyticsBrowser } = window.AnalyticsNext ?? window
  window.analytics = AnalyticsBrowser.load(
    { writeKey: '${writeKey}', cdnURL: '${url}' },
    { integrations: { 'Segment.io': { apiHost: '${url.replace('http://', '')}/v1', protocol: 'http' } }, retryQueue: true })
  analytics.addSourceMiddleware(({ payload, next }) => {
    window.ids.push(payload.obj.messageId)
    next(payload)
  })
  window.call = (n) => [
    () => analytics.track('Browser ' + n, { n }),
    () => analytics.identify('browser-' + n, { n }),
    () => analytics.page('Page ' + n),
    () => analytics.screen('Screen ' + n),
    () => analytics.group('group-' + n, { n }),
    () => analytics.alias('browser-' + n, 'old-' + n),
  ][n % 6]()
</script>`

export async function runBrowser(url, writeKey, calls, pause, everyStored) {
  const sdk = readFileSync(new URL('node_modules/@segment/analytics-next/dist/umd/index.js', import.meta.url))
  const pages = createServer((request, response) => {
    const script = request.url === '/sdk.js'
    response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html' })
    response.end(script ? sdk : PAGE(url, writeKey))
  })
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  try {
    const page = await browser.newPage()
    const errors = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.goto(`http://localhost:${pages.address().port}/`)
    for (let n = 0; n < calls; n++) {
      await page.evaluate((number) => void window.call(number), n)
      await pause()
    }
    // It goes on sending what failed while the page is open.
    await everyStored(() => page.evaluate(() => window.ids), calls)
    return { ids: await page.evaluate(() => window.ids), errors }
  } finally {
    await browser.close()
    pages.close()
  }
}
