import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { runBrowser } from './browser-sdk.js'
import { classpath, Evefan, WRITE_KEY } from './evefan.js'
import { FaultProxy } from './faults.js'
import { runNode } from './node-sdk.js'

const CALLS = Number(process.argv[2])
const PAUSE_MS = 60
// The Java SDK sends one batch after the other and waits 15 seconds, then 30, 60 ... after a failure.
const LIMIT_MS = 1_200_000

const evefan = await Evefan.create()
await evefan.start()
const proxy = new FaultProxy(evefan.port, 20261123)
await proxy.start()
const url = `http://127.0.0.1:${proxy.port}`

let made = 0
const pause = () => {
  made++
  return sleep(PAUSE_MS)
}

async function everyStored(currentIds, expected) {
  const limit = Date.now() + LIMIT_MS
  while (Date.now() < limit) {
    const ids = await currentIds()
    try {
      const stored = new Set(evefan.stored())
      if (ids.length >= expected && ids.every((id) => stored.has(id))) return
    } catch {
      // PostgreSQL is being started again
    }
    await sleep(1000)
  }
}

function runJava() {
  return new Promise((resolve) => {
    const ids = []
    const errors = []
    const java = spawn('java', ['-cp', classpath(), 'com.evefan.sdk.JavaSdkRun', url, WRITE_KEY, String(CALLS), String(PAUSE_MS)])
    let rest = ''
    java.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        if (line.startsWith('id ')) ids.push(line.slice(3))
        if (line.startsWith('failed ')) errors.push(line.slice(7))
      }
    })
    java.stderr.on('data', (chunk) => process.stderr.write(chunk))
    java.on('exit', () => resolve({ ids, errors }))
  })
}

async function killInTheMiddle() {
  while (made < CALLS) await sleep(50)
  console.log(`killing Evefan after ${made} of ${2 * CALLS} calls of Node and the browser`)
  await evefan.end('SIGKILL')
  await evefan.start()
  console.log('Evefan runs again')
}

const [node, browser, java] = await Promise.all([
  runNode(url, WRITE_KEY, CALLS, pause),
  runBrowser(url, WRITE_KEY, CALLS, pause, everyStored),
  runJava(),
  killInTheMiddle(),
])
const all = [...node.ids, ...browser.ids, ...java.ids]
await everyStored(async () => all, all.length)
const stored = evefan.stored()
const rows = new Map()
stored.forEach((id) => rows.set(id, (rows.get(id) ?? 0) + 1))

let failed = false
for (const [name, { ids, errors }] of Object.entries({ node, browser, java })) {
  const missing = ids.filter((id) => !rows.has(id))
  const twice = ids.filter((id) => rows.get(id) > 1)
  failed ||= ids.length !== CALLS || new Set(ids).size !== CALLS || missing.length > 0 || twice.length > 0
  console.log(`${name}: ${ids.length} calls, ${missing.length} missing, ${twice.length} stored twice, ` +
    `${errors.length} given up by the SDK ${errors.slice(0, 3).join('; ')}`)
}
failed ||= stored.length !== 3 * CALLS
console.log(`rows: ${stored.length} of ${3 * CALLS}; requests: ${JSON.stringify(proxy.counts)}`)
console.log(failed ? 'FAILED' : 'Every call is stored exactly once.')
proxy.stop()
await evefan.end('SIGTERM')
process.exit(failed ? 1 : 0)
