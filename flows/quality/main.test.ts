import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'mocha'
import { installation } from '../../platform/runtime/installation.ts'
import { say } from '../waiting.fixture.ts'

/** A consumer unit's 10-minute means of a whole year; not part of the project. */
const recording = join(installation, '../shared/data/voltage-10min-2008.csv')
const windowMs = 600_000

function isThere(): boolean {
  if (existsSync(recording)) return true
  say(`skipped: the recording is not there (${recording})`)
  return false
}

interface Answer {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Printed {
  readonly start: string
  readonly end: string
  readonly valid: number
  readonly invalid: number
  readonly nlp: number
  readonly nlc: number
  readonly drp: number
  readonly drc: number
  readonly compensation: number | null
}

/** Runs a program to its end. */
async function ran(program: string, args: readonly string[], input?: string): Promise<Answer> {
  const child = spawn(process.execPath, [program, ...args], { cwd: installation, stdio: ['pipe', 'pipe', 'pipe'] })
  // It may end without having read all of it.
  child.stdin.on('error', () => undefined)
  if (input === undefined) child.stdin.end()
  else createReadStream(input).pipe(child.stdin)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, out, err }
}

const program = join(import.meta.dirname, 'main.js')
const quality = (...args: string[]): Promise<Answer> => ran(program, args)

/**
 * The measurements of a recording of one phase in low voltage, slowly and from the text of the norm alone: all windows of the
 * file's time one by one, cut where a thousand and eight of them are valid.
 */
function slowly(
  csv: string,
  bounds: readonly [number, number, number, number],
  nominal: number,
  eusd: number,
): Printed[] {
  const [criticalLow, adequateLow, adequateHigh, criticalHigh] = bounds
  const rows = csv.trim().split('\n').slice(1)
  const volts = new Map(rows.map((row) => [Date.parse(row.split(',')[0]!), row.split(',')[1]!] as const))
  const [first, last] = [Math.min(...volts.keys()), Math.max(...volts.keys())]
  let windows: { at: number; volts: number | undefined }[] = []
  const measurements: Printed[] = []

  function cut(): void {
    const valid = windows.flatMap((window) => window.volts ?? [])
    const nlc = valid.filter((v) => v < criticalLow || v > criticalHigh).length
    const nlp = valid.filter((v) => v < adequateLow || v > adequateHigh).length - nlc
    const [drp, drc] = [(nlp * 100) / 1_008, (nlc * 100) / 1_008]
    const due = (nlp > 30 ? ((drp - 3) / 100) * 3 : 0) + (nlc > 5 ? ((drc - 0.5) / 100) * 7 : 0)
    measurements.push({
      start: new Date(windows[0]!.at).toISOString(),
      end: new Date(windows.at(-1)!.at + windowMs).toISOString(),
      ...{ valid: valid.length, invalid: windows.length - valid.length, nlp, nlc, drp, drc },
      compensation: Math.floor(due * eusd * 100 + 1e-6) / 100,
    })
    windows = []
  }

  for (let at = first; at <= last; at += windowMs) {
    const written = volts.get(at)
    const known = written !== undefined && written !== '' && Number(written) >= nominal / 10
    windows.push({ at, volts: known ? Number(written) : undefined })
    if (windows.filter((window) => window.volts !== undefined).length === 1_008) cut()
  }
  if (windows.length > 0) cut()
  return measurements
}

describe('npm run quality', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-quality-'))
  after(() => rmSync(folder, { recursive: true }))

  for (const [nominal, bounds] of [
    [230, [200, 212, 242, 244]],
    [240, [209, 221, 252, 254]],
  ] as const)
    it(`gives the recorded year at ${nominal} V as a slow calculation has it, measurement by measurement`, async function () {
      if (!isThere()) return this.skip()
      const args = ['voltage', '--csv', '../shared/data/voltage-10min-2008.csv', '--nominal', `${nominal}`]
      const { code, out, err } = await quality(...args, '--class', 'BT', '--eusd', '100', '--json')
      assert.deepEqual([code, err], [0, ''])
      const expected = slowly(readFileSync(recording, 'utf8'), bounds, nominal, 100)
      assert.deepEqual(JSON.parse(out), expected)
      assert.equal(expected.length, 53)
      assert.equal(
        expected.reduce((sum, { valid, invalid }) => sum + valid + invalid, 0),
        52_704,
      )
      assert.equal(
        expected.reduce((sum, { invalid }) => sum + invalid, 0),
        10,
      )
      // What is known of the year: every week breaks DRP at 230 V, and none does at 240 V.
      assert.ok(expected.slice(0, -1).every(({ drp }) => drp > 3 === (nominal === 230)))
    })

  it('reads the standard input, and prints nothing but JSON, also as npm starts it', async function () {
    if (!isThere()) return this.skip()
    const flags = ['voltage', '--csv', '-', '--nominal', '230', '--json']
    const [piped, named] = [await ran(program, flags, recording), await quality(...flags.with(2, recording))]
    assert.deepEqual(piped, named)
    const started = await ran(join(installation, 'start.mjs'), ['--run', 'quality', ...flags.with(2, recording)])
    assert.equal(started.out, named.out)
  })

  it('refuses a wrong command line with code 2, in one line', async () => {
    for (const [args, message] of [
      [[], /^quality: nothing to do: give voltage or .*\(see --help\)\n$/],
      [['frequency'], /^quality: unknown command "frequency": give voltage or .*\(see --help\)\n$/],
      [['voltage', '--nominal', '230'], /^quality: --csv is missing: .*\n$/],
      [['voltage', '--csv', 'a', '--nominal', '231'], /^quality: --nominal 231: no bands are known for 231 V: .*\n$/],
    ] as const) {
      const { code, out, err } = await quality(...args)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, message)
    }
  })

  it('refuses a bad file with code 1, by line, and prints nothing of it', async () => {
    const file = join(folder, 'bad.csv')
    writeFileSync(file, 'timestamp,va_v\n2026-11-21T00:00:00Z,220\n2026-11-21T00:00:00Z,220\n')
    const { code, out, err } = await quality('voltage', '--csv', file, '--nominal', '220', '--json')
    assert.deepEqual([code, out], [1, ''])
    assert.equal(err, `quality: --csv ${file}: line 3: timestamp "2026-11-21T00:00:00Z" repeats that of line 2\n`)
    assert.equal((await quality('voltage', '--csv', folder, '--nominal', '220')).code, 1)
  })

  it('computes a month of continuity from files, one of them piped, with the same codes', async () => {
    const golden = (name: string): string => join(installation, 'nodes/continuity/golden/from-files', name)
    const files = ['--units', golden('units.csv'), '--limits', golden('limits.csv'), '--rows', golden('rows.csv')]
    const args = ['continuity', '--csv', '-', ...files, '--month', '2026-03', '--json']
    const { code, out, err } = await ran(program, args, golden('interruptions.csv'))
    assert.deepEqual([code, err, out], [0, '', readFileSync(golden('month.json'), 'utf8')])
    const wrong = await quality('continuity', '--csv', golden('units.csv'), ...files, '--month', '2026-03')
    assert.deepEqual([wrong.code, wrong.out], [1, ''])
    assert.match(wrong.err, /^quality: --csv .*units\.csv: line 1: the header ".*" lacks the column start\n$/)
    assert.equal((await quality('continuity', '--month', '2026-03')).code, 2)
  })

  it('helps', async () => {
    assert.match((await quality('--help')).out, /quality -- voltage --help.*quality -- continuity --help/s)
    const { code, out } = await quality('voltage', '--help')
    assert.equal(code, 0)
    assert.match(out, /--nominal V/)
  })
})
