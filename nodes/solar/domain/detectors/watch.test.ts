import assert from 'node:assert/strict'
import fc from 'fast-check'
import { clear, holds, severityOfLoss, unknown, weighed, type Verdict } from './verdict.ts'
import { idle, stepWatch, type Watch } from './watch.ts'

const finding = { feature: 'power_w', value: 0, expected: 300, unit: 'W' } as const
const low = holds('low', finding)

/** What happens to an anomaly over slots of 5 minutes, by their index. */
function changes(verdicts: readonly Verdict[], delays = { on: 3, off: 2 }): string[] {
  let watch: Watch = idle
  return verdicts.flatMap((verdict, index) => {
    const step = stepWatch(watch, verdict, index * 300_000, delays)
    watch = step.watch
    return step.change ? [`${step.change} ${index}`] : []
  })
}

describe('an anomaly', () => {
  it('begins after its delay, once, and ends after another', () =>
    assert.deepEqual(changes([low, low, low, low, clear, low, clear, clear, clear]), ['begun 2', 'ended 7']))

  it('is put off by a slot that was clear, which costs two', () =>
    assert.deepEqual(changes([low, low, clear, low, low, low]), ['begun 5']))

  it('rests while nobody can tell', () =>
    assert.deepEqual(changes([low, unknown, unknown, low, low, unknown, clear, unknown, clear]), [
      'begun 4',
      'ended 8',
    ]))

  it('begins at once where a slot counts for all', () => assert.deepEqual(changes([weighed(low, 3)]), ['begun 0']))

  it('is said again when it becomes graver, not when it eases', () =>
    assert.deepEqual(changes([low, low, low, holds('high', finding), low, holds('high', finding)]), [
      'begun 2',
      'updated 3',
    ]))

  it('knows since when it is so', () => {
    const begun = [low, low, low].reduce(
      (watch, verdict, index) => stepWatch(watch, verdict, (5 + index) * 300_000, { on: 3, off: 1 }).watch,
      idle,
    )
    assert.deepEqual(begun.said?.evidence, [{ ...finding, since: 5 * 300_000 }])
  })

  it('begins, is updated and ends in that order, whatever is said (property)', () => {
    const verdict = fc.constantFrom<Verdict>(low, holds('high', finding), clear, unknown)
    fc.assert(
      fc.property(
        fc.array(verdict, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (verdicts, on, off) => {
          const said = changes(verdicts, { on, off }).map((change) => change[0])
          assert.match(said.join(''), /^(bu{0,3}e)*(bu{0,3})?$/)
        },
      ),
    )
  })
})

describe('how grave a loss is', () => {
  for (const [share, severity] of [
    [0.05, 'low'],
    [0.29, 'low'],
    [0.3, 'medium'],
    [0.89, 'medium'],
    [0.9, 'high'],
    [1, 'high'],
  ] as const)
    it(`${share} of the power is ${severity}`, () => assert.equal(severityOfLoss(share), severity))
})
