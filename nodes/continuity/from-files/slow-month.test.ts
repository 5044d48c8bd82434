import assert from 'node:assert/strict'
import fc from 'fast-check'
import { conjuntoMonthsOf, unitMonthsOf } from './file-month.ts'
import { monthFiles } from './month-files.fixture.ts'

const minuteMs = 60_000
const [begin, end] = [Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)]
const minutesOfMonth = (end - begin) / minuteMs
/** Minutes of a day before the month, and after it. */
const margin = 1_440
const names = ['A', 'B', 'C']

type Row = readonly [unit: string, from: number, minutes: number]

/** Minute by minute, from the text of the norm alone. */
function slowly(unit: string, rows: readonly Row[]) {
  const out = new Uint8Array(minutesOfMonth + 2 * margin)
  for (const [of, from, minutes] of rows) if (of === unit) out.fill(1, from + margin, from + margin + minutes)
  const month = { minutes: 0, fic: 0, longest: 0 }
  for (let at = 0; at < out.length; at++) {
    if (out[at] === 0) continue
    const start = at
    while (at < out.length && out[at] === 1) at++
    if (at - start < 3) continue
    const inside = Math.max(0, Math.min(at - margin, minutesOfMonth) - Math.max(start - margin, 0))
    month.minutes += inside
    month.longest = Math.max(month.longest, inside)
    if (start - margin >= 0 && start - margin < minutesOfMonth) month.fic++
  }
  return month
}

/** Of 60/730 · 34 R$ an hour, limits of 8 h, 5 and 6 h: in cents, from whole minutes. */
function slowCents({ minutes, fic, longest }: ReturnType<typeof slowly>): number {
  const violated = [
    ...(minutes > 480 ? [minutes * 5] : []),
    ...(fic > 5 ? [fic * 480] : []),
    ...(longest > 360 ? [longest * 5] : []),
  ]
  // A fifth of a minute of 34 · 60/730 R$ an hour is 34/(5 · 730) R$; never more than 1,080.
  const fifths = Math.max(0, ...violated)
  return Math.min(108_000, Math.floor((fifths * 34 * 100) / (5 * 730) + 1e-6))
}

describe('a month of files, against one that is counted minute by minute', () => {
  it('is the same: indicators, compensation, DEC and FEC to the hundredth (property)', async () => {
    const length = fc.oneof(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 1_440 }),
    )
    const row = fc.tuple(fc.constantFrom(...names), fc.integer({ min: -margin, max: minutesOfMonth - 1 }), length)
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 25 }), async (rows: readonly Row[]) => {
        const lines = rows.map(
          ([unit, from, minutes]) => `${unit},${begin + from * minuteMs},${begin + (from + minutes) * minuteMs},`,
        )
        const files = await monthFiles(
          names.map((name) => `${name},C1,BT,urban,60,8,5,6`),
          lines,
        )
        const computed = new Map([...unitMonthsOf(files)].map((month) => [month.unitId, month]))
        const expected = names.map((name) => slowly(name, rows))
        for (const [index, name] of names.entries()) {
          const { dicMs = 0, fic = 0, dmicMs = 0, compensation } = computed.get(name) ?? {}
          const slow = expected[index]!
          assert.deepEqual([dicMs / minuteMs, fic, dmicMs / minuteMs], [slow.minutes, slow.fic, slow.longest])
          assert.equal(Math.round((compensation?.amountBrl ?? 0) * 100), slowCents(slow))
        }
        const [conjunto] = conjuntoMonthsOf(files, computed.values())
        const sum = (of: (month: ReturnType<typeof slowly>) => number) =>
          expected.reduce((all, each) => all + of(each), 0)
        assert.deepEqual(conjunto!.collective, {
          // Hundredths of an hour over three units are 1.8 minutes.
          decHundredths: Math.floor((sum(({ minutes }) => minutes) * 10 + 9) / 18),
          fecHundredths: Math.floor((sum(({ fic }) => fic) * 200 + 3) / 6),
        })
      }),
      { numRuns: 60 },
    )
  })
})
