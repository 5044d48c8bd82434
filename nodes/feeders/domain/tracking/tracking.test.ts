import assert from 'node:assert/strict'
import fc from 'fast-check'
import { minuteMs, type Told } from './told.ts'
import { Tracking, type TrackedDevice } from './tracking.ts'

const begin = Date.UTC(2026, 5, 1, 12)
const span = { from: begin, to: begin + 4 * minuteMs }
const parents = new Map<string, string | null>([
  ['root', null],
  ['west', 'root'],
  ['east', 'root'],
])
const told = (...powers: (number | null)[]): Told[] =>
  powers.map((powerKw, index) => ({
    ...{ at: begin + (index - 1) * minuteMs, powerKw },
    expiresAt: powerKw === null ? null : begin + 60 * minuteMs,
  }))
const device = (
  deviceId: string,
  tolds: readonly Told[],
  powers: readonly number[],
  feederId = 'west',
): TrackedDevice => ({
  ...{ deviceId, feederId, told: tolds },
  minutes: powers.map((powerKw, minute) => ({ at: begin + minute * minuteMs, powerKw })),
})

describe('tracking of a device', () => {
  it('is measured less setpoint, minute by minute', () => {
    const figures = new Tracking(span, parents).add(device('ev-1', told(4), [4, 5, 3, 8]))!
    assert.deepEqual(figures, {
      ...{ deviceId: 'ev-1', feederId: 'west', minutes: 4, setpointKw: 4, actualKw: 5 },
      ...{ meanErrorKw: 1, meanAbsoluteErrorKw: 1.5, rmsErrorKw: Math.sqrt((0 + 1 + 1 + 16) / 4), largestErrorKw: 4 },
      ...{ beyondKw: 1.25, utilisation: 1.25, switchesPerHour: 0 },
    })
  })

  it('has no minute without a reading, or with a setpoint for a part of it only', () => {
    const figures = new Tracking(span, parents).add(device('ev-1', told(4, null, 2), [4, 2]))!
    assert.deepEqual([figures.minutes, figures.setpointKw, figures.meanErrorKw], [1, 2, 0])
  })

  it('finds nothing beyond in what draws or feeds less than it may', () => {
    const beyond = (setpointKw: number, actualKw: number) =>
      new Tracking(span, parents).add(device('d', told(setpointKw), [actualKw]))!.beyondKw
    assert.deepEqual([beyond(5, 2), beyond(-5, -2), beyond(5, -1), beyond(-5, 1), beyond(0, 3)], [0, 0, 1, 1, 3])
  })

  it('counts switches by the hour, also while nothing is read', () => {
    const figures = new Tracking(span, parents).add(device('ev-1', told(4, 0, 4), []))!
    assert.deepEqual([figures.minutes, figures.meanErrorKw, figures.switchesPerHour], [0, null, 15])
  })

  it('is none for whom nobody steers', () => {
    assert.equal(new Tracking(span, parents).add(device('ev-1', [], [4, 4])), undefined)
  })
})

describe('tracking of feeders', () => {
  it('adds up what is on them and below, so that one makes up for the other', () => {
    const tracking = new Tracking(span, parents)
    tracking.add(device('ev-1', told(4), [6, 6, 6, 6]))
    tracking.add(device('ev-2', told(4), [2, 2, 2, 2], 'east'))
    tracking.add(device('ev-3', told(1), [1, 1, 1, 1], 'nowhere'))
    const [east, nowhere, root, west] = tracking.feeders()
    assert.deepEqual([root!.feederId, root!.devices, root!.meanErrorKw, root!.beyondKw], ['root', 2, 0, 2])
    assert.deepEqual([east!.meanErrorKw, west!.meanErrorKw, nowhere!.feederId], [-2, 2, 'nowhere'])
    assert.deepEqual([tracking.all().devices, tracking.all().setpointKw], [3, 9])
  })

  it('come to an end where feeders hang on each other in a circle', () => {
    const circle = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ])
    const tracking = new Tracking(span, circle)
    tracking.add(device('ev-1', told(4), [4], 'a'))
    assert.deepEqual(
      tracking.feeders().map(({ feederId, devices }) => [feederId, devices]),
      [
        ['a', 1],
        ['b', 1],
      ],
    )
  })

  it('never err by more than their devices do together, and no less than their mean error (property)', () => {
    const powers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 })
    const devices = fc.array(fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), powers), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(devices, (all) => {
        const tracking = new Tracking(span, parents)
        const each = all.map(([setpointKw, actual], index) =>
          tracking.add(device(`d-${index}`, told(setpointKw), actual))!,
        )
        const [root] = tracking.feeders()
        const sum = each.reduce((total, { meanAbsoluteErrorKw }) => total + meanAbsoluteErrorKw!, 0)
        assert.ok(root!.meanAbsoluteErrorKw! <= sum + 1e-9)
        assert.ok(root!.rmsErrorKw! >= Math.abs(root!.meanErrorKw!) - 1e-9)
        assert.ok(root!.rmsErrorKw! <= Math.abs(root!.largestErrorKw!) + 1e-9)
      }),
    )
  })
})
