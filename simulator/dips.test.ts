import assert from 'node:assert/strict'
import type { GridEvent } from '../platform/wire/payloads.ts'
import { dipsSeen } from './dips.ts'
import { defaultSize, fieldOf } from './field.ts'
import type { EventOfKind } from './scenario.ts'

const { meters } = fieldOf(defaultSize)
const sag = (depth_percent: number, for_minutes: number): EventOfKind<'voltage_sag'> => ({
  ...{ kind: 'voltage_sag', at_minute: 0, feeder: 'feeder-02', depth_percent, for_minutes },
})
const seen = (depth: number, minutes: number) => dipsSeen([sag(depth, minutes)], meters, Date.UTC(2026, 0, 1))

describe('a dip in voltage', () => {
  for (const [depth, minutes, dip] of [
    [10, 2.9, true],
    [9.9, 2.9, false],
    [10, 3, false],
    [90, 0.5, true],
  ] as const) {
    it(`${depth} % for ${minutes} min is ${dip ? 'one' : 'none'}`, () =>
      assert.equal(seen(depth, minutes).length, dip ? 10 : 0))
  }

  it('is told by those meters, and of those phases, that it befalls', () => {
    const event: EventOfKind<'voltage_sag'> = {
      ...sag(30, 0.5),
      meters: ['meter-013', 'meter-014'],
      phases: ['B', 'C'],
    }
    const told = dipsSeen([event], meters, Date.UTC(2026, 0, 1)).map(({ deviceId, payload }) => [
      ...[deviceId, (payload as GridEvent).phases],
    ])
    assert.deepEqual(told, [['meter-013', 'BC']])
  })

  it('is told by each meter of its feeder', () => {
    const [first] = seen(30, 0.5)
    assert.deepEqual(first?.payload, {
      device_id: 'meter-011',
      event_id: `meter-011-vtcd-${Date.UTC(2026, 0, 1)}`,
      timestamp: '2026-01-01T00:00:00.000Z',
      type: 'vtcd',
      phases: 'ABC',
      magnitude_pu: 0.7,
      duration_s: 30,
      cause: 'voltage down by 30 % for 30 s',
    })
  })
})
