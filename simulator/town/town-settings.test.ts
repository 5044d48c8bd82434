import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFlags, type TownFlags } from '../flags.ts'
import { townSettings } from './town-settings.ts'

const now = Date.parse('2026-11-23T10:00:00.250Z')
const settingsOf = (...args: string[]) => townSettings(readFlags(['--town', ...args], {}) as TownFlags, now)

describe('the settings of a town', () => {
  it('are 200 charge points, a step each ten seconds, now', () => {
    const { plan, intervalMs, start, simulatedSpeed, seed, durationMs } = settingsOf()
    assert.deepEqual(
      [plan.chargePoints.length, intervalMs, start - now, simulatedSpeed, seed, durationMs],
      [200, 10_000, 750, undefined, 1, Infinity],
    )
  })

  it('take a size, a time and a speed', () => {
    const { plan, start, simulatedSpeed, intervalMs } = settingsOf(
      ...['--evs', '30', '--start', '17:00', '--speed', '60', '--interval', '5'],
    )
    assert.deepEqual([plan.chargePoints.length, simulatedSpeed, intervalMs], [30, 60, 5_000])
    assert.equal(new Date(start).toISOString(), '2026-11-23T20:00:00.000Z')
  })

  it('take recorded sessions, with the charge points that they need', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linha-viva-sessions-'))
    const path = join(folder, 'sessions.json')
    const session = {
      arrival: now,
      departure: now + 3_600_000,
      energyKwh: 3,
      maxKw: 7,
      feederId: 'town-02',
      phase: 'B',
    }
    try {
      writeFileSync(path, JSON.stringify(['a', 'b'].map((id) => ({ id, ...session }))))
      const { plan, arrivals } = settingsOf('--sessions', path)
      assert.deepEqual(
        plan.chargePoints.map(({ feederId, phases }) => [feederId, phases]),
        [
          ['town-02', 'B'],
          ['town-02', 'B'],
        ],
      )
      assert.equal(arrivals.at(plan.chargePoints[1]!, now + 1)?.id, 'b')
      writeFileSync(path, JSON.stringify([{ id: 'a', ...session, feederId: 'feeder-01' }]))
      assert.throws(
        () => settingsOf('--sessions', path),
        /\[0\]\.feederId is "feeder-01": must be one of town-00, town-01, town-02/,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
