import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonLog, levelOf, terminalLog } from './part-log.ts'

describe('terminalLog', () => {
  it('writes time, part and line, the level only where it matters', () => {
    let written = ''
    const log = terminalLog('info', (text) => (written += text))
    log.write('broker', 'info', 'two\n  lines')
    log.write('node-red', 'error', 'broken')
    log.write('node-red', 'debug', 'not wanted')
    assert.match(written, /^\d\d:\d\d:\d\d broker {4}two \| lines\n\d\d:\d\d:\d\d node-red {2}error: broken\n$/)
  })
})

describe('jsonLog', () => {
  let folder: string
  let logs: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'part-log-'))
    logs = join(folder, 'deep', 'logs')
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const written = (file = 'linha-viva.log'): Record<string, string>[] =>
    readFileSync(join(logs, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)

  it('writes an object in a line, whatever the message holds', () => {
    const before = new Date().toISOString()
    const log = jsonLog(logs, 'warn')
    log.write('database', 'error', 'says "no"\nto {all}')
    log.write('database', 'info', 'not wanted')
    const [{ time, ...entry } = {}, ...more] = written()
    assert.deepEqual([entry, more], [{ level: 'error', part: 'database', message: 'says "no" | to {all}' }, []])
    assert.ok(time! >= before && time! <= new Date().toISOString())
  })

  it('cuts a line that is too long', () => {
    jsonLog(logs, 'info').write('node-red', 'info', 'x'.repeat(1_000_000))
    assert.ok(statSync(join(logs, 'linha-viva.log')).size < 4_200)
  })

  it('puts full files aside, and keeps the last of them only', () => {
    const log = jsonLog(logs, 'info', 1_000, 2)
    for (let number = 1; number <= 200; number++) log.write('node-red', 'info', `line ${number}`)
    const files = readdirSync(logs).toSorted()
    assert.deepEqual(files, ['linha-viva.log', 'linha-viva.log.1', 'linha-viva.log.2'])
    for (const file of files) assert.ok(statSync(join(logs, file)).size <= 1_000)
    const messages = files.toReversed().flatMap((file) => written(file).map(({ message }) => message))
    const kept = Array.from({ length: messages.length }, (_, index) => `line ${200 - messages.length + 1 + index}`)
    assert.deepEqual(messages, kept)
  })

  it('goes on with the file of the last start, and counts what is in it', () => {
    jsonLog(logs, 'info', 300).write('start', 'info', 'first')
    const again = jsonLog(logs, 'info', 300)
    again.write('start', 'info', 'second')
    assert.deepEqual(
      written().map(({ message }) => message),
      ['first', 'second'],
    )
    again.write('start', 'info', 'x'.repeat(200))
    assert.equal(written().length, 1)
  })

  it('does not stop the system where it cannot write, and says so once', () => {
    const log = jsonLog(logs, 'info')
    rmSync(logs, { recursive: true })
    const { write } = process.stderr
    const said: string[] = []
    process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0
    try {
      for (let time = 0; time < 3; time++) log.write('start', 'info', 'into the void')
    } finally {
      process.stderr.write = write
    }
    assert.equal(said.length, 1)
    assert.match(said[0]!, /^the log cannot be written: ENOENT/)
  })
})

describe('levelOf', () => {
  it('takes the level that a part gives its line', () => {
    assert.deepEqual(levelOf('[error] [mqtt:a] no', 'info'), { level: 'error', line: '[mqtt:a] no' })
    assert.deepEqual(levelOf('[loud] text', 'warn'), { level: 'warn', line: '[loud] text' })
  })

  it('leaves to clients what PostgreSQL says of their statements', () => {
    for (const word of ['ERROR', 'FATAL', 'DETAIL', 'LOG'])
      assert.deepEqual(levelOf(`${word}:  text`, 'info'), { level: 'debug', line: `${word}:  text` })
    assert.equal(levelOf('PANIC:  could not write', 'info').level, 'error')
  })
})
