import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { installation } from '../../../platform/runtime/installation.ts'
import { continuityQuality } from './continuity-command.ts'

const golden = (name: string): string => join(installation, 'nodes/continuity/golden/from-files', name)
const read = (name: string): string => readFileSync(golden(name), 'utf8')

async function run(args: readonly string[], piped = ''): Promise<string> {
  const surroundings = { timeZone: 'America/Sao_Paulo', input: Readable.from([piped]) }
  return [...(await continuityQuality(args, surroundings))].join('')
}
const month = (csv: string, ...more: string[]) => [
  ...['--csv', csv, '--units', golden('units.csv'), '--limits', golden('limits.csv'), '--rows', golden('rows.csv')],
  ...['--month', '2026-03', ...more],
]
const interruptions = golden('interruptions.csv')

interface Printed {
  readonly totals: { readonly amountBrl: number }
  readonly conjuntos: { readonly conjuntoId: string; readonly dec: number; readonly fec: number }[]
  readonly units: {
    readonly unitId: string
    readonly dic: number
    readonly fic: number
    readonly compensation: { readonly amountBrl: number } | null
  }[]
}
const printed = async (...args: string[]): Promise<Printed> => JSON.parse(await run(args)) as Printed

describe('quality -- continuity', () => {
  it('gives a month as JSON, byte by byte as agreed', async () =>
    assert.equal(await run(month(interruptions, '--json')), read('month.json')))

  it('gives tables to people, in both languages', async () => {
    assert.equal(await run(month(interruptions)), read('month.txt'))
    assert.equal(await run(month(interruptions, '--lang', 'pt')), read('month-pt.txt'))
  })

  it('has in it what was calculated by hand', async () => {
    const { units, conjuntos, totals } = await printed(...month(interruptions, '--json'))
    assert.deepEqual(
      units.map(({ unitId, dic, fic, compensation }) => [unitId, dic, fic, compensation?.amountBrl ?? null]),
      [
        // Vectors C2 and C1, C4 and C5 together, a pending one, one without a monetary base, and 108 · 3 h · 50,000/730.
        ['UC-1', 10, 6, 27.94],
        ['UC-2', 4.5, 4, 246.57],
        ['UC-3', 0, 0, 57.53],
        ['UC-4', 2.5, 1, null],
        ['UC-5', 9, 2, null],
        ['UC-6', 3, 1, 22_191.78],
        // Of three hours one is of March, and its beginning is of February.
        ['UC-7', 1, 0, 0],
      ],
    )
    assert.equal(totals.amountBrl, 22_523.82)
    // (10 + 4.5) h over 3 units, and 15.5 h over the 1,000 of the file of limits.
    assert.deepEqual(
      conjuntos.map(({ dec }) => dec),
      [4.83, 0.02, 0],
    )
  })

  it('does not go by the order of rows, nor by how often they come (property)', async () => {
    const [header, ...rows] = read('interruptions.csv').trim().split('\n')
    const shuffled = fc
      .tuple(fc.shuffledSubarray(rows, { minLength: rows.length }), fc.subarray(rows))
      .map(([all, again]) => [...all, ...again])
    await fc.assert(
      fc.asyncProperty(shuffled, async (lines) =>
        assert.equal(await run(month('-', '--json'), [header, ...lines].join('\n')), read('month.json')),
      ),
      { numRuns: 20 },
    )
  })

  it('goes by the rule of the month: DISE not before 2026, the excess by EUSD until 2021', async () => {
    const csv = read('interruptions.csv')
    const of = async (year: string, limits: string) => {
      const args = month('-', '--json')
        .with(5, limits)
        .map((arg) => (arg === '2026-03' ? `${year}-03` : arg))
      const { units } = JSON.parse(await run(args, csv.replaceAll('2026-', `${year}-`))) as Printed
      return units.map(({ unitId, compensation }) => [unitId, compensation?.amountBrl ?? null]).slice(0, 3)
    }
    const folder = mkdtempSync(join(tmpdir(), 'linha-viva-continuity-'))
    const limits = join(folder, 'limits.csv')
    writeFileSync(limits, 'conjunto_id,year,dec,fec\nCentro,2025,5,5\nCentro,2021,5,5\n')
    assert.deepEqual(await of('2025', limits), [
      ['UC-1', 27.94],
      ['UC-2', 246.57],
      ['UC-3', 23.01],
    ])
    // (10 − 8) h · 60/730 · 15, and (20 − 8) h of DICRI; the limits of MT were others then.
    assert.deepEqual(await of('2021', limits), [
      ['UC-1', 2.46],
      ['UC-2', null],
      ['UC-3', 14.79],
    ])
    rmSync(folder, { recursive: true })
  })

  it('takes options', async () => {
    const chosen = 'continuity-compensated-value=excess,continuity-month-crossing=start-month'
    const { units } = await printed(...month(interruptions, '--json', '--options', chosen))
    const of = (id: string) => units.find(({ unitId }) => unitId === id)
    assert.deepEqual([of('UC-1')!.compensation!.amountBrl, of('UC-5')!.dic], [5.58, 15])
    assert.equal(of('UC-7'), undefined)
  })

  it('counts what has no end until the end of the month, or until it is told', async () => {
    const csv = 'unit_id,start,end\nUC-1,2026-03-31T20:00:00-03:00,\n'
    const dic = async (...more: string[]) =>
      (JSON.parse(await run(month('-', '--json', ...more), csv)) as Printed).units[0]!.dic
    assert.deepEqual([await dic(), await dic('--until', '2026-03-31T21:30:00-03:00')], [4, 1.5])
  })

  it('gives conjuntos without an interruption, and says so', async () => {
    const csv = 'unit_id,start,end\n'
    const { units, conjuntos } = JSON.parse(await run(month('-', '--json'), csv)) as Printed
    assert.deepEqual([units, conjuntos.map(({ dec, fec }) => dec + fec)], [[], [0, 0, 0]])
    assert.match(await run(month('-'), csv), /No unit has an interruption in this month\.\n$/)
  })

  it('helps', async () => assert.match(await run(['--help']), /npm run -s quality -- continuity --csv FILE/))

  it('names the file, the line, the field and the value of what is wrong', async () => {
    const bad = 'unit_id,start,end\nUC-1,2026-03-31T20:00:00-03:00,\nUC-1,soon,\n'
    await assert.rejects(run(month('-'), bad), {
      name: 'FileError',
      message: /^--csv -: line 3: start "soon" is neither ISO 8601/,
    })
    await assert.rejects(run(month('/nowhere/a.csv')), {
      name: 'FileError',
      message: /^--csv \/nowhere\/a\.csv: cannot be read: ENOENT/,
    })
    await assert.rejects(run([...month(interruptions), '--lang', 'xx']), { name: 'BadFlag' })
  })
})
