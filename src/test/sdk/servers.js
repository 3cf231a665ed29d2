// The server SDKs of Python and Go through the faults of the proxy, with Evefan killed in the middle: servers.sh.
//   node src/test/sdk/servers.js [calls of each, default 300]
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Evefan, WRITE_KEY } from './evefan.js'
import { FaultProxy } from './faults.js'

const CALLS = Number(process.argv[2] ?? 300)
const PAUSE_MS = 60
const LIMIT_MS = 420_000
const python = (name) => ['target/sdk-python/bin/python', ['src/test/sdk/python-sdk.py', name]]
const CLIENTS = {
  'python-segment': python('segment'),
  'python-rudderstack': python('rudderstack'),
  'python-customerio': python('customerio'),
  'go-segment': ['target/sdk-go', []],
}

const evefan = await Evefan.create()
await evefan.start()
const proxy = new FaultProxy(evefan.port, 20261129)
await proxy.start()

const run = (program, args) =>
  new Promise((resolve) => {
    const client = spawn(program, [...args, `http://127.0.0.1:${proxy.port}`, WRITE_KEY, CALLS, PAUSE_MS].map(String))
    const failures = []
    let given = 0
    client.stdout.on('data', (chunk) => {
      for (const line of String(chunk).split('\n').filter((text) => text.startsWith('failed '))) {
        given += Number(line.split(' ')[1])
        failures.push(line)
      }
    })
    const limit = setTimeout(() => client.kill('SIGKILL'), LIMIT_MS)
    client.on('exit', () => {
      clearTimeout(limit)
      resolve({ given, failures })
    })
  })

async function killInTheMiddle() {
  await sleep((CALLS * PAUSE_MS) / 2)
  console.log('killing Evefan')
  await evefan.end('SIGKILL')
  await evefan.start()
  console.log('Evefan runs again')
}

const names = Object.keys(CLIENTS)
const [results] = await Promise.all([Promise.all(names.map((name) => run(...CLIENTS[name]))), killInTheMiddle()])
await sleep(3000)
let failed = false
names.forEach((name, i) => {
  const { given, failures } = results[i]
  const stored = evefan.query(`select event_text from tracks where event_text like '${name} %'`).split('\n').filter(Boolean)
  const missing = CALLS - new Set(stored).size
  const twice = stored.length - new Set(stored).size
  // What the SDK says that it has given up may be stored all the same.
  failed ||= twice > 0 || missing > given
  console.log(`${name}: ${CALLS} calls, ${missing} missing, ${twice} stored twice, ${given} given up by the SDK ` +
    [...new Set(failures)].slice(0, 3).join('; '))
})
console.log(`requests: ${JSON.stringify(proxy.counts)}`)
console.log(failed ? 'FAILED' : 'Every call is stored exactly once, but those that the SDK itself gave up.')
proxy.stop()
await evefan.end('SIGTERM')
process.exit(failed ? 1 : 0)
