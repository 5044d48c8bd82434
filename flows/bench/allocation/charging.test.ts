import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Problem } from '../../../nodes/feeders/domain/allocation/problem.ts'
import { caseOf, quarterMs, session, start } from './cases.samples.ts'
import { charge } from './charging.ts'
import type { Car, Method } from './method.ts'

const scripted = (
  powers: readonly Readonly<Record<string, number>>[],
): Method & { asked: [Problem, readonly Car[]][] } => {
  const asked: [Problem, readonly Car[]][] = []
  return {
    ...{ name: 'scripted', asked },
    share: async (problem, cars) => {
      asked.push([problem, cars])
      return { powerKw: new Map(Object.entries(powers[asked.length - 1] ?? {})), beforeRounding: null }
    },
  }
}
const cap = [{ feederId: 'root', limitKw: 4 }]

describe('charging', () => {
  it('shows a method who is there, what they still want and when they leave, and nothing of who is to come', async () => {
    const method = scripted([{ a: 4 }, { a: 2, b: 2 }, { b: 4 }])
    await charge(caseOf(cap, [session('a', [0, 2], 2, 4), session('b', [1, 3], 9, 8)]), method)
    assert.deepEqual(
      method.asked.map(([problem, cars]) => [
        (problem.at - start) / quarterMs,
        ...cars.map(({ deviceId, remainingKwh }) => `${deviceId} ${remainingKwh}`),
      ]),
      [
        [0, 'a 2'],
        [1, 'a 1', 'b 9'],
        [2, 'b 8.5'],
      ],
    )
    const [problem, cars] = method.asked[1]!
    assert.equal(cars[0]!.departure, start + 2 * quarterMs)
    assert.ok(problem.devices.every(({ weight }) => weight > 0))
    assert.deepEqual(
      problem.devices.map(({ deviceId, presentKw, wantedKw }) => [deviceId, presentKw, wantedKw]),
      [
        ['a', 4, 4],
        ['b', null, 8],
      ],
    )
  })

  it('counts what setpoints go beyond, by limited line and interval', async () => {
    const run = await charge(
      caseOf([{ ...cap[0]!, phaseLimitKw: { A: 3 } }], [session('a', [0, 3], 9, 8), session('b', [0, 3], 9, 8)]),
      scripted([
        { a: 2, b: 1 },
        { a: 3, b: 1 },
        { a: 4, b: 4 },
      ]),
    )
    assert.deepEqual([run.violations, run.violationsBeforeRounding], [3, null])
  })

  it('counts switches of cars that still want energy, and the hours they are plugged in', async () => {
    const run = await charge(
      caseOf(cap, [session('a', [0, 4], 1, 4), session('b', [0, 4], 9, 4)]),
      // b: on, off, on, on; a is full after the first.
      scripted([{ a: 4, b: 1 }, {}, { b: 1 }, { b: 2 }]),
    )
    assert.deepEqual([run.switches, run.carHours], [2, 1.25])
    assert.equal(run.deliveredKwh.get('a'), 1)
    assert.equal(run.deliveredKwh.get('b'), 1)
  })

  it('a car that is nearly full takes its least power, and only what it lacks', async () => {
    const method = scripted([{ a: 1.4 }])
    const run = await charge(caseOf(cap, [session('a', [0, 2], 0.1, 4)], 1.4), method)
    const [device] = method.asked[0]![0].devices
    assert.deepEqual([device!.leastOnKw, device!.untilKw], [1.4, 1.4])
    assert.deepEqual([run.deliveredKwh.get('a'), method.asked.length], [0.1, 1])
  })

  it('refuses setpoints that no car can follow', async () => {
    const one = caseOf(cap, [session('a', [0, 2], 5, 4)], 1.4)
    for (const kw of [1, 4.1, -1, NaN])
      await assert.rejects(charge(one, scripted([{ a: kw }])), /a is set to .* kW: it takes 0, or 1.4 to 4 kW/)
  })

  it('names why another method answered, and how often', async () => {
    const run = await charge(caseOf(cap, [session('a', [0, 2], 5, 4)]), {
      name: 'slow',
      share: async () => ({ powerKw: new Map(), beforeRounding: () => new Map(), fallback: 'too slow' }),
    })
    assert.deepEqual(run.fallbacks, { 'too slow': 2 })
  })
})
