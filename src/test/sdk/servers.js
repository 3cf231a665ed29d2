// The server SDKs of Python and Go, and Node's with OAuth, through the faults of the proxy, with Evefan killed in the
// middle: servers.sh.
//   node src/test/sdk/servers.js [calls of each, default 300]
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Evefan, WRITE_KEY } from './evefan.js'
import { FaultProxy } from './faults.js'
import { runNode } from './node-sdk.js'

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

// A source whose write key alone is not enough.
const OAUTH = { key: 'wk_server', source: 'server' }
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

const evefan = await Evefan.create()
const pem = join(evefan.data, 'oauth.pem')
writeFileSync(pem, publicKey)
const settings = Object.entries({ 'write-key': OAUTH.key, 'oauth-key': pem, 'oauth-required': true })
  .map(([name, value]) => `-Devefan.source.${OAUTH.source}.${name}=${value}`)
await evefan.start(settings)
const proxy = new FaultProxy(evefan.port, 20261129)
await proxy.start()

const url = `http://127.0.0.1:${proxy.port}`
const run = (program, args) =>
  new Promise((resolve) => {
    const client = spawn(program, [...args, url, WRITE_KEY, CALLS, PAUSE_MS].map(String))
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
  await evefan.start(settings)
  console.log('Evefan runs again')
}

const names = Object.keys(CLIENTS)
const oauthSettings = { clientId: OAUTH.source, clientKey: privateKey, keyId: 'any', authServer: url }
const [results, node] = await Promise.all([
  Promise.all(names.map((name) => run(...CLIENTS[name]))),
  runNode(url, OAUTH.key, CALLS, () => sleep(PAUSE_MS), { oauthSettings }),
  killInTheMiddle(),
])
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
const stored = evefan.stored().filter((id) => id.startsWith(`${OAUTH.source}:`))
const lost = node.ids.filter((id) => !stored.includes(`${OAUTH.source}:${id}`)).length
failed ||= node.ids.length !== CALLS || lost > 0 || stored.length !== CALLS
console.log(`node-oauth: ${CALLS} calls, ${lost} missing, ${stored.length - CALLS + lost} stored twice, ` +
  `${node.errors.length} given up by the SDK ${node.errors.slice(0, 3).join('; ')}`)
console.log(`requests: ${JSON.stringify(proxy.counts)}`)
console.log(failed ? 'FAILED' : 'Every call is stored exactly once, but those that the SDK itself gave up.')
proxy.stop()
await evefan.end('SIGTERM')
process.exit(failed ? 1 : 0)
