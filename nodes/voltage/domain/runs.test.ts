import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { VoltageBand } from './bands.ts'
import { Runs, runsOf, type Run, type RunWindow } from './runs.ts'
import type { PerPhase } from './sample.ts'
import { windowMs } from './windows.ts'

const begin = Date.UTC(2026, 10, 21)
const letters: Readonly<Record<string, VoltageBand>> = { a: 'adequate', p: 'precarious', c: 'critical' }

/** Windows as letters: a, p, c, `x` an invalid one, `.` one that is not told of. Phases are lines of the same length. */
function windows(...lines: readonly string[]): RunWindow[] {
  return lines[0]!.split('').flatMap((letter, index) => {
    if (letter === '.') return []
    const [a = null, b = null, c = null] = lines.map((line) => letters[line[index]!] ?? null)
    const bands: PerPhase<VoltageBand> = [a, b, c]
    const invalid = { reason: 'coverage', evidence: { coverage: 0 } } as const
    return [{ start: begin + index * windowMs, bands, ...(letter === 'x' && { invalid }) }]
  })
}

/** `from–to valid+invalid p… c…`, in windows since the beginning. */
const told = ({ start, end, valid, invalid, precarious, critical }: Run): string =>
  `${(start - begin) / windowMs}–${(end - begin) / windowMs} ${valid}+${invalid} p${precarious[0]} c${critical[0]}`

describe('runs of valid windows', () => {
  for (const [what, letters_, length, expected] of [
    ['end with their last valid window', 'apcapc', 3, ['0–3 3+0 p1 c1', '3–6 3+0 p1 c1']],
    ['replace an invalid window by one that follows', 'axpc', 3, ['0–4 3+1 p1 c1']],
    ['begin where the one before ended, be that window invalid', 'aaxxaa', 2, ['0–2 2+0 p0 c0', '2–6 2+2 p0 c0']],
    ['begin with the first window, be it invalid', 'xxaa', 2, ['0–4 2+2 p0 c0']],
    ['count windows that nobody told of as invalid', 'a..pa', 3, ['0–5 3+2 p1 c0']],
    ['count those between two runs to the second', 'aa..aa', 2, ['0–2 2+0 p0 c0', '2–6 2+2 p0 c0']],
    ['may be unfinished at the end', 'aaap', 3, ['0–3 3+0 p0 c0', '3–4 1+0 p1 c0']],
    ['may be unfinished without a valid window', 'aax', 2, ['0–2 2+0 p0 c0', '2–3 0+1 pnull cnull']],
    ['are none where there are no windows', '', 2, []],
  ] as const)
    it(what, () => assert.deepEqual([...runsOf(windows(letters_), length)].map(told), expected))

  it('count each phase for itself, and a phase that is not there not at all', () => {
    const [run] = runsOf(windows('apca', 'ppcc'), 4)
    assert.deepEqual(run!.precarious, [1, 2, null])
    assert.deepEqual(run!.critical, [1, 2, null])
  })

  it('bear a gap of centuries without counting it window by window', () => {
    const [first, last] = [begin, begin + 10_000_000_000 * windowMs].map((start) => ({ ...windows('p')[0]!, start }))
    const [run] = runsOf([first!, last!], 2)
    assert.deepEqual([run!.valid, run!.invalid], [2, 9_999_999_999])
  })

  it('take windows in their order, each once, aligned', () => {
    const [one, other] = windows('aa')
    for (const wrong of [[one, one], [other, one], [{ ...one!, start: begin + 1 }]])
      assert.throws(() => [...runsOf(wrong as RunWindow[], 3)], RangeError)
    const runs = new Runs(3)
    runs.add(one!)
    assert.throws(() => runs.add(one!), /starts at .*, before the end of the last/)
  })

  it('have every window exactly once, and all but the last are complete (property)', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'p', 'c', 'x', '.'), maxLength: 60 })
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 7 }), (text, length) => {
        const given = windows(text)
        const runs = [...runsOf(given, length)]
        if (given.length === 0) return assert.deepEqual(runs, [])
        assert.equal(runs[0]!.start, given[0]!.start)
        assert.equal(runs.at(-1)!.end, given.at(-1)!.start + windowMs)
        for (const [index, run] of runs.entries()) {
          if (index > 0) assert.equal(run.start, runs[index - 1]!.end)
          assert.equal(run.valid + run.invalid, (run.end - run.start) / windowMs)
          const within = given.filter(({ start }) => start >= run.start && start < run.end)
          assert.equal(run.valid, within.filter(({ invalid }) => !invalid).length)
          assert.ok(run.valid === length || index === runs.length - 1)
          const count = (band: VoltageBand): number =>
            within.filter(({ bands, invalid }) => !invalid && bands[0] === band).length
          assert.deepEqual([run.precarious[0] ?? 0, run.critical[0] ?? 0], [count('precarious'), count('critical')])
        }
      }),
    )
  })
})
