import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Phase, PerPhase } from './domain/sample.ts'
import { measurementsOf, type MeasuredBy, type RecordedMeasurement } from './recorded-measurements.ts'
import type { RecordedRow } from './recorded-voltage.ts'

const begin = Date.UTC(2026, 10, 21)
const windowMs = 600_000
const by: MeasuredBy = {
  ...{ referenceV: 220, voltageClass: 'BT', eusdBrl: 100, intervalMs: windowMs, leastCoverage: 0.9 },
  dayOf: (instant) => new Date(instant).toISOString().slice(0, 10),
}

type Volts = number | null
const perPhase = (volts: readonly Volts[]): PerPhase<number> => [volts[0] ?? null, volts[1] ?? null, volts[2] ?? null]

/** Rows one after the other; undefined: a row that is not there. */
function rowsOf(volts: readonly (Volts | readonly Volts[] | undefined)[], intervalMs = windowMs): RecordedRow[] {
  return volts.flatMap((one, index) =>
    one === undefined
      ? []
      : [
          {
            line: index + 2,
            start: begin + index * intervalMs,
            volts: perPhase(Array.isArray(one) ? one : [one as Volts]),
          },
        ],
  )
}

async function measured(rows: readonly RecordedRow[], changed: Partial<MeasuredBy> = {}, phases: Phase[] = ['A']) {
  const all: RecordedMeasurement[] = []
  const recording = {
    phases,
    rows: (async function* () {
      yield* rows
    })(),
  }
  for await (const one of measurementsOf(recording, { ...by, ...changed })) all.push(one)
  return all
}

const week = (volts: readonly number[]): number[] => [...volts, ...Array<number>(1_008 - volts.length).fill(220)]
const times = (count: number, volts: number): number[] => Array<number>(count).fill(volts)

describe('measurements of a recording', () => {
  it('are the vectors of the norm', async () => {
    const [one] = await measured(rowsOf(week([...times(31, 233), ...times(6, 190)])))
    assert.deepEqual([one!.valid, one!.indicators.nlp, one!.indicators.nlc, one!.complete], [1_008, 31, 6, true])
    assert.equal(one!.compensation!.exactBrl.toFixed(6), '0.892857')
    const [most] = await measured(rowsOf(times(1_008, 250)))
    assert.equal(most!.compensation!.amountBrl, 696.5)
  })

  it('have no compensation without the charge of the month', async () => {
    const [one] = await measured(rowsOf(times(1_008, 250)), { eusdBrl: undefined })
    assert.equal(one!.compensation, null)
  })

  it('count what an unfinished one has used of the budget of a whole one', async () => {
    const [one] = await measured(rowsOf(times(60, 233)))
    assert.deepEqual([one!.valid, one!.complete, one!.indicators.drpPct], [60, false, (100 * 60) / 1_008])
  })

  it('leave out windows without voltage, without a phase, without rows, and below 0.1 of the nominal voltage', async () => {
    const rows = rowsOf([[220, 220], [220, null], undefined, [220, 21.9], [220, 22], [0, 0], [250, 250]])
    const [one] = await measured(rows, {}, ['A', 'B'])
    assert.deepEqual([one!.valid, one!.invalid], [3, 4])
    assert.deepEqual(
      [one!.critical, one!.precarious],
      [
        [1, 2, null],
        [0, 0, null],
      ],
    )
  })

  it('count a depression of hours, which is no disturbance: 0.85 pu for two hours is twelve critical windows', async () => {
    const [coarse] = await measured(rowsOf(week(times(12, 187))))
    assert.equal(coarse!.indicators.nlc, 12)
    const seconds = [...times(600, 220), ...times(7_200, 187), ...times(600, 220)]
    const [fine] = await measured(rowsOf(seconds, 1_000), { intervalMs: 1_000 })
    assert.deepEqual([fine!.valid, fine!.invalid, fine!.indicators.nlc], [14, 0, 12])
  })

  it('bring finer rows to their quadratic mean over ten minutes', async () => {
    // √((9 · 220² + 1 · 350²) / 10) = 236.1 V, critical; the plain mean of 233 V would be precarious.
    const [one] = await measured(rowsOf([...times(9, 220), 350], 60_000), { intervalMs: 60_000 })
    assert.deepEqual([one!.indicators.nlp, one!.indicators.nlc], [0, 1])
  })

  it('end with the last row, be it without a value', async () => {
    const [one] = await measured(rowsOf([null, 220, null]))
    assert.deepEqual([one!.start, one!.end, one!.valid, one!.invalid], [begin, begin + 3 * windowMs, 1, 2])
  })

  it('leave out windows that a short disturbance touches, and tell it from a longer one across their edge', async () => {
    const second = { intervalMs: 1_000, eusdBrl: undefined }
    const sagOf = (seconds: number, from: number) => [
      ...[...times(from, 220), ...times(seconds, 187), ...times(3_600 - from - seconds, 220)],
    ]
    for (const [seconds, from, valid, invalid] of [
      [179, 700, 5, 1],
      [179, 1_100, 4, 2],
      [180, 1_100, 6, 0],
      [240, 1_100, 6, 0],
    ] as const) {
      const [one] = await measured(rowsOf(sagOf(seconds, from), 1_000), second)
      assert.deepEqual([one!.valid, one!.invalid], [valid, invalid], `${seconds} s from second ${from}`)
    }
  })

  it('need a window covered by the share that is asked for', async () => {
    const minutes = [undefined, ...times(9, 220), undefined, undefined, ...times(8, 220)]
    for (const [leastCoverage, valid, invalid] of [
      [1, 0, 2],
      [0.9, 1, 1],
      [0.8, 2, 0],
    ] as const) {
      const [one] = await measured(rowsOf(minutes, 60_000), { intervalMs: 60_000, leastCoverage })
      assert.deepEqual([one!.valid, one!.invalid], [valid, invalid])
    }
  })

  it('judge a voltage at a bound to be within it, also of finer rows and of bounds that are no whole volts', async () => {
    for (const [referenceV, volts] of [
      [220, 231],
      [13_530, 12_582.9],
      [13_530, 14_206.5],
    ] as const)
      for (const intervalMs of [1_000, 7_500, 60_000, windowMs]) {
        const rows = rowsOf(times(windowMs / intervalMs, volts), intervalMs)
        const [one] = await measured(rows, { intervalMs, referenceV })
        assert.deepEqual([one!.indicators.nlp, one!.indicators.nlc], [0, 0], `${volts} V every ${intervalMs} ms`)
      }
  })

  it('are none of a day that no rule is known for, and name the line', () =>
    assert.rejects(measured(rowsOf([220]), { dayOf: () => '1990-01-01' }), {
      name: 'FileError',
      message: /^line 2: no rule for voltage bands is known on 1990-01-01/,
    }))

  it('do not depend on how finely a steady voltage is told (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 180, max: 260, noNaN: true }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(10_000, 60_000, 300_000),
        async (volts, intervalMs) => {
          const finer = volts.flatMap((one) => times(windowMs / intervalMs, one))
          const [coarse] = await measured(rowsOf(volts))
          const [fine] = await measured(rowsOf(finer, intervalMs), { intervalMs })
          assert.deepEqual(fine, coarse)
        },
      ),
      { numRuns: 50 },
    )
  })
})
