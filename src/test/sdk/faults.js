// A proxy that lets most requests through and spoils the rest: 429, 503, a connection broken before the request arrived,
// and one broken, or answered 503, after it did, so that the sender does not know.
import { createServer, request } from 'node:http'

const KINDS = ['429', '503', 'broken before', 'broken after', '503 after']

export class FaultProxy {
  counts = Object.fromEntries(['passed', 'refused upstream', ...KINDS].map((kind) => [kind, 0]))
  rate = 0.25

  constructor(upstreamPort, seed) {
    this.upstreamPort = upstreamPort
    this.state = seed
  }

  /** Numbers that are the same in every run. */
  random() {
    this.state = (this.state * 1103515245 + 12345) % 2147483648
    return this.state / 2147483648
  }

  async start() {
    this.server = createServer((incoming, outgoing) => this.handle(incoming, outgoing))
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.port = this.server.address().port
  }

  handle(incoming, outgoing) {
    const chunks = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const spoil = incoming.method === 'POST' && !incoming.url.endsWith('/m') && this.random() < this.rate
      const kind = spoil ? KINDS[Math.floor(this.random() * KINDS.length)] : 'passed'
      this.counts[kind]++
      if (kind === '429' || kind === '503') {
        this.refuse(Number(kind), incoming, outgoing)
      } else if (kind === 'broken before') {
        incoming.socket.destroy()
      } else {
        this.forward(incoming, outgoing, Buffer.concat(chunks), kind)
      }
    })
  }

  refuse(status, incoming, outgoing) {
    const cors = incoming.headers.origin
      ? { 'Access-Control-Allow-Origin': incoming.headers.origin, 'Access-Control-Expose-Headers': 'Retry-After' }
      : {}
    outgoing.writeHead(status, { 'Retry-After': '1', 'Content-Type': 'application/json', ...cors })
    outgoing.end('{"success":false,"error":"made by the test"}')
  }

  forward(incoming, outgoing, body, kind) {
    const headers = { ...incoming.headers, connection: 'close' }
    const options = { port: this.upstreamPort, path: incoming.url, method: incoming.method, headers }
    const upstream = request(options, (answer) => {
      if (kind === 'broken after') {
        answer.resume().on('end', () => incoming.socket.destroy())
        return
      }
      if (kind === '503 after') {
        answer.resume().on('end', () => this.refuse(503, incoming, outgoing))
        return
      }
      const answerHeaders = { ...answer.headers }
      delete answerHeaders.connection
      outgoing.writeHead(answer.statusCode, answerHeaders)
      answer.pipe(outgoing)
    })
    upstream.on('error', () => {
      this.counts['refused upstream']++
      incoming.socket.destroy()
    })
    upstream.end(body)
  }

  stop() {
    this.server.closeAllConnections?.()
    this.server.close()
  }
}
