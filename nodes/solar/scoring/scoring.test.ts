import assert from 'node:assert/strict'
import { getPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { forestFromBytes, forestToBytes } from '../domain/forest/forest-bytes.ts'
import { growForest } from '../domain/forest/grow.ts'
import { scoreRows } from '../domain/forest/score.ts'
import { trainForest } from '../domain/forest/training.ts'
import { mostRows, openScoring, ScoringFailed, type Scoring } from './scoring.ts'
import { cloudRows } from './scoring.samples.ts'

const failing = new URL('./failing-thread.fixture.js', import.meta.url)
/** Long enough for a busy machine, and only waited for where something hangs. */
const patient = { train: 30_000, score: 30_000 }
const hasty = { train: 150, score: 150 }
const options = { seed: 1, trees: 20, quantile: 0.99 }
const stored = (model: string, seed = 1) => ({
  ...{ model, trees: forestToBytes(growForest(cloudRows(200), { seed, trees: 5 })) },
})

describe('scoring in a thread of its own', function () {
  this.timeout(60_000)
  let scoring: Scoring
  afterEach(() => scoring.close())

  it('grows the forest that the same rows and seed give anywhere, and takes the buffers', async () => {
    scoring = openScoring()
    const rows = cloudRows(300)
    const { trees, threshold } = await scoring.train(rows, options)
    assert.equal(rows.values.length, 0, 'the buffer has changed hands')
    const here = trainForest(cloudRows(300), options)
    assert.deepEqual(forestFromBytes(trees), here.forest)
    assert.equal(threshold, here.threshold)
  })

  it('scores by the forest that is named, of more than the thread knows at a time, again and again', async () => {
    scoring = openScoring()
    const forests = Array.from({ length: 70 }, (_, n) => stored(`site ${n}`, n))
    for (const forest of [...forests, ...forests.slice(0, 3), forests[69]!]) {
      const scores = await scoring.score(forest, cloudRows(5))
      assert.deepEqual([...scores], [...scoreRows(forestFromBytes(forest.trees), cloudRows(5))])
    }
  })

  it('leaves the priority of everybody else what it was', async () => {
    const before = getPriority(0)
    scoring = openScoring()
    await scoring.score(stored('one'), cloudRows(5))
    assert.equal(getPriority(0), before)
  })

  it('answers what is asked at once one after the other', async () => {
    scoring = openScoring()
    const forest = stored('one')
    const answers = await Promise.all([1, 2, 3, 4].map((count) => scoring.score(forest, cloudRows(count))))
    assert.deepEqual(
      answers.map(({ length }) => length),
      [1, 2, 3, 4],
    )
  })

  it('refuses what is wrong with what is asked, and goes on', async () => {
    scoring = openScoring()
    await assert.rejects(scoring.train(cloudRows(1), options), {
      name: 'RangeError',
      message: 'a forest grows of two rows or more: there are 1',
    })
    const damaged = { model: 'one', trees: stored('one').trees.subarray(0, 50) }
    await assert.rejects(scoring.score(damaged, cloudRows(5)), { name: 'RangeError', message: /cut off/ })
    // What could not be read is handed over again.
    assert.equal((await scoring.score(stored('one'), cloudRows(5))).length, 5)
    const many = { width: 1, values: new Float64Array(mostRows + 1), present: new Uint8Array(mostRows + 1) }
    await assert.rejects(scoring.train(many, options), { message: /200001 rows are too many for one request/ })
  })

  it('refuses more than can wait', async () => {
    scoring = openScoring()
    const forest = stored('one')
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => scoring.score(forest, cloudRows(5))))
    const refused = results.filter((result) => result.status === 'rejected')
    assert.ok(refused.length >= 20 && refused.length < 40, `${refused.length} of 40 were refused`)
    for (const { reason } of refused) {
      assert.ok(reason instanceof ScoringFailed)
      assert.match(reason.message, /one too many/)
    }
  })

  it('gives up what is aborted, and answers the next', async () => {
    scoring = openScoring()
    const control = new AbortController()
    const given = scoring.score(stored('one'), cloudRows(5), control.signal)
    const next = scoring.score(stored('one'), cloudRows(6))
    control.abort(new Error('the node closes'))
    await assert.rejects(given, /the node closes/)
    assert.equal((await next).length, 6)
    await assert.rejects(scoring.score(stored('one'), cloudRows(5), control.signal), /the node closes/)
  })

  for (const [what, rows, timeoutMs, message] of [
    ['takes too long', 1, hasty, 'no answer of the scoring thread within 150 ms'],
    ['throws', 2, patient, 'out of its mind'],
    ['ends', 3, patient, 'the scoring thread ended with code 7'],
  ] as const)
    it(`says so when the thread ${what}; the next finds a new one, which is handed its forest`, async () => {
      scoring = openScoring({ file: failing, timeoutMs: patient })
      assert.equal((await scoring.score(stored('one'), cloudRows(5))).length, 5)
      await scoring.close()
      scoring = openScoring({ file: failing, timeoutMs })
      const asked = scoring.score(stored('one'), cloudRows(rows))
      const next = scoring.score(stored('one'), cloudRows(5))
      const answered = next.catch((error: unknown) => error)
      await assert.rejects(asked, { name: 'ScoringFailed', message })
      // In a hurry a thread may not have begun: only that it is not the old one counts.
      if (timeoutMs === patient) assert.equal(((await answered) as Float64Array).length, 5)
      else await answered
    })

  it('finds a new thread where the old one died while nobody asked it anything', async () => {
    scoring = openScoring({ file: failing, timeoutMs: patient })
    assert.equal((await scoring.score(stored('one'), cloudRows(4))).length, 4)
    await sleep(500)
    assert.equal((await scoring.score(stored('one'), cloudRows(5))).length, 5)
  })

  it('once closed refuses what waits, what is being done and what comes', async () => {
    scoring = openScoring({ file: failing, timeoutMs: patient })
    const stuck = [1, 5].map((count) => scoring.score(stored('one'), cloudRows(count)))
    const refused = stuck.map((given) => assert.rejects(given, /scoring has been closed/))
    await scoring.close()
    await Promise.all(refused)
    await assert.rejects(scoring.train(cloudRows(5), options), /scoring has been closed/)
    await scoring.close()
  })
})
