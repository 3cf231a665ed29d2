// Evefan as a process that can be killed and started again on the same data.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const WRITE_KEY = 'wk_dev'
export const classpath = () =>
  ['target/classes', 'target/test-classes', readFileSync('target/test-classpath.txt', 'utf8').trim()].join(':')

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

export class Evefan {
  static async create() {
    const evefan = new Evefan()
    evefan.port = await freePort()
    evefan.managementPort = await freePort()
    evefan.postgresPort = await freePort()
    evefan.data = mkdtempSync(join(tmpdir(), 'evefan-sdk-'))
    return evefan
  }

  /** @param more options of the JVM */
  async start(more = []) {
    this.process = spawn('java', [
      '-Xmx512m',
      `-Devefan.http.port=${this.port}`,
      `-Dcamel.management.port=${this.managementPort}`,
      `-Devefan.postgres.embedded.port=${this.postgresPort}`,
      `-Devefan.data.directory=${this.data}`,
      ...more,
      '-cp', classpath(), 'com.evefan.Main',
    ], { stdio: ['ignore', 'pipe', 'pipe'] })
    await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('Evefan did not start')), 300_000)
      const watch = (chunk) => {
        this.output = (this.output ?? '') + chunk
        if (String(chunk).includes('Evefan is running')) {
          clearTimeout(limit)
          resolve()
        }
      }
      this.process.stdout.on('data', watch)
      this.process.stderr.on('data', watch)
      this.process.once('exit', () => reject(new Error(`Evefan ended:\n${this.output}`)))
    })
  }

  async end(signal) {
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill(signal)
    await ended
  }

  query(sql) {
    const url = `postgresql://evefan:evefan@127.0.0.1:${this.postgresPort}/evefan`
    return execFileSync('psql', [url, '-Atc', sql], { maxBuffer: 1 << 26 }).toString().trim()
  }

  /** The message ids of all rows, one for each row. */
  stored() {
    return ['tracks', 'identifies', 'pages', 'screens', 'groups', 'aliases'].flatMap((table) => {
      const exists = this.query(`select to_regclass('public.${table}')`) !== ''
      return exists ? this.query(`select id from ${table}`).split('\n').filter(Boolean) : []
    })
  }
}
