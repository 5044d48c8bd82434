import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Skies, type Clouds } from './skies.ts'

const NOON = Date.UTC(2026, 0, 15, 15)
const STEP_S = 60

/** Cover and irradiance at two sites, minute by minute. */
function run(seed: number, minutes: number, clouds: Clouds | undefined, atMinute = 0) {
  const skies = new Skies(['house-01', 'school-01', 'house-01'], seed, 'changing', NOON, 0)
  return Array.from({ length: minutes }, (_, minute) => {
    if (minute === atMinute) skies.clouds = clouds
    skies.move(NOON + minute * STEP_S * 1000, STEP_S, 0)
    const [one, other] = [skies.over('house-01'), skies.over('school-01')]
    return { minute, one, other, mean: skies.meanCoverPct, set: skies.clouds }
  })
}

describe('the skies over the field', () => {
  it('under a cover that was set are the same everywhere, and afterwards as they would have been (property)', () => {
    const minute = fc.integer({ min: 0, max: 29 })
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 100 }),
        minute,
        minute,
        (seed, coverPct, from, forMinutes) => {
          const until = NOON + (from + forMinutes) * 60_000
          const alone = run(seed, 60, undefined)
          for (const step of run(seed, 60, { coverPct, until }, from)) {
            const covered = step.minute >= from && step.minute < from + forMinutes
            assert.equal(step.set !== undefined, covered)
            if (!covered) assert.deepEqual([step.one, step.other], [alone[step.minute]!.one, alone[step.minute]!.other])
            else assert.deepEqual([step.one, step.other, step.mean].map(coverOf), [coverPct, coverPct, coverPct])
          }
        },
      ),
    )
  })

  it('let through the less sun the more of them is covered (property)', () => {
    const cover = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(cover, cover, (one, other) => {
        const radiation = (coverPct: number) => run(1, 1, { coverPct, until: Infinity })[0]!.one.radiationWm2
        const [less, more] = one < other ? [one, other] : [other, one]
        assert.ok(radiation(less) >= radiation(more))
      }),
    )
  })

  it('a quarter of the sun is left under an overcast sky', () => {
    const radiation = (coverPct: number) => run(1, 1, { coverPct, until: Infinity })[0]!.one.radiationWm2
    assert.ok(Math.abs(radiation(100) / radiation(0) - 0.25) < 1e-9)
  })

  it('are over known sites only', () => {
    assert.throws(() => new Skies(['house-01'], 1, 'clear', NOON, 0).over('house-02'), /no sky over house-02/)
  })
})

const coverOf = (sky: number | { cloudCoverPct: number }): number =>
  Math.round((typeof sky === 'number' ? sky : sky.cloudCoverPct) * 1e9) / 1e9
