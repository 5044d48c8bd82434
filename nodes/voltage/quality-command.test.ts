import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { voltageQuality } from './quality-command.ts'

const begin = Date.UTC(2026, 10, 21)

/** A week at 220 V but for the first windows. */
const week = (volts: readonly number[]): string => {
  const row = (_: unknown, index: number): string => `${begin + index * 600_000},${volts[index] ?? 220}\n`
  return `timestamp,voltage_v\n${Array.from({ length: 1_008 }, row).join('')}`
}

const run = (csv: string, ...flags: string[]) =>
  voltageQuality(['--csv', '-', '--nominal', '220', ...flags], {
    timeZone: 'America/Sao_Paulo',
    input: Readable.from([csv]),
  })

const violating = week([...Array<number>(31).fill(233), ...Array<number>(6).fill(190)])

describe('quality -- voltage', () => {
  it('gives measurements as JSON, with these keys and no others', async () => {
    assert.deepEqual(JSON.parse(await run(violating, '--json', '--eusd', '100')), [
      {
        ...{ start: '2026-11-21T00:00:00.000Z', end: '2026-11-28T00:00:00.000Z', valid: 1_008, invalid: 0 },
        ...{ nlp: 31, nlc: 6, drp: 3_100 / 1_008, drc: 600 / 1_008, compensation: 0.89 },
      },
    ])
    const [one] = JSON.parse(await run(violating, '--json')) as Record<string, unknown>[]
    assert.equal(one!['compensation'], null)
    const keys = ['start', 'end', 'valid', 'invalid', 'nlp', 'nlc', 'drp', 'drc', 'compensation']
    assert.deepEqual(Object.keys(one!), keys)
  })

  it('explains a compensation where that is asked for', async () => {
    const [one] = JSON.parse(await run(violating, '--json', '--explain', '--eusd', '100')) as {
      compensation: { amountBrl: number; inputs: object; rule: { source: string } }
    }[]
    const { amountBrl, inputs, rule } = one!.compensation
    assert.deepEqual(
      [amountBrl, Object.keys(inputs)],
      [0.89, ['DRP', 'DRC', 'DRPlimit', 'DRClimit', 'k1', 'k2', 'EUSD', 'class']],
    )
    assert.match(rule.source, /PRODIST/)
  })

  it('goes by the class that is given', async () => {
    const [one] = JSON.parse(await run(violating, '--json', '--eusd', '100', '--class', 'AT')) as {
      compensation: number
    }[]
    assert.equal(one!.compensation, 0.51)
  })

  it('gives a table to people, and its help', async () => {
    assert.match(await run(violating, '--lang', 'pt'), /^início/)
    assert.match(await run(violating, '--help'), /npm run -s quality -- voltage --csv FILE/)
  })

  it('gives no measurement of a file without rows', async () => {
    assert.equal(await run('timestamp,voltage_v\n', '--json'), '[]\n')
  })

  it('names the file with what is wrong in it', async () => {
    await assert.rejects(run('timestamp,voltage_v\nx,1\n'), {
      name: 'FileError',
      message: /^--csv -: line 2: timestamp "x"/,
    })
    const away = voltageQuality(['--csv', '/nowhere/a.csv', '--nominal', '220'], {
      timeZone: 'UTC',
      input: Readable.from([]),
    })
    await assert.rejects(away, { name: 'FileError', message: /^--csv \/nowhere\/a\.csv: cannot be read: ENOENT/ })
  })
})
