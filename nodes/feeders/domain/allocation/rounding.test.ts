import assert from 'node:assert/strict'
import { problemOf } from './problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './problem.fixture.ts'
import { roundDown } from './rounding.ts'

const rounded = (feeder: CaseFeeder, devices: Omit<CaseDevice, 'feeder'>[], powers: Record<string, number>): object =>
  Object.fromEntries(
    roundDown(
      problemOf(
        [feeder],
        devices.map((device) => ({ feeder: feeder.id, ...device })),
      ),
      new Map(Object.entries(powers)),
    ),
  )

describe('rounding to steps', () => {
  const ev = { kind: 'ev', until: 7, least: 1.38 } as const
  it('takes consumption down, but not below what charges at all', () =>
    assert.deepEqual(
      rounded(
        { id: 'F' },
        [
          { id: 'a', ...ev, wanted: 3.37 },
          { id: 'b', ...ev, wanted: 1.4 },
        ],
        { a: 3.37, b: 1.4 },
      ),
      {
        a: 3.3,
        b: 1.4,
      },
    ))
  it('hands back whole steps, first to who has that power already', () =>
    assert.deepEqual(
      rounded(
        { id: 'F', import: 5 },
        [
          { id: 'a', ...ev },
          { id: 'b', ...ev },
          { id: 'c', ...ev, present: 2 },
        ],
        { a: 5 / 3, b: 5 / 3, c: 5 / 3 },
      ),
      { a: 1.7, b: 1.6, c: 1.7 },
    ))
  it('leaves PV that is not curtailed at all it has, and takes curtailed PV down', () =>
    assert.deepEqual(
      rounded(
        { id: 'F' },
        [
          { id: 'a', kind: 'pv', from: -4.97 },
          { id: 'b', kind: 'pv', from: -4.97 },
        ],
        { a: -4.97, b: -3.33 },
      ),
      { a: -4.97, b: -3.3 },
    ))
  it('takes discharge, which helps a limit, up', () =>
    assert.deepEqual(
      rounded(
        { id: 'F' },
        [
          { id: 'a', kind: 'battery', from: -5, wanted: 0 },
          { id: 'b', kind: 'battery', from: -1.25, wanted: 0 },
        ],
        { a: -1.23, b: -1.24 },
      ),
      { a: -1.3, b: -1.25 },
    ))
  it('makes up for generation that it takes down where import relied on it', () =>
    assert.deepEqual(
      rounded(
        { id: 'F', import: 2 },
        [
          { id: 'a', ...ev },
          { id: 'pv', kind: 'pv', from: -5 },
        ],
        { a: 5.33, pv: -3.33 },
      ),
      {
        a: 5.3,
        pv: -3.3,
      },
    ))
  it('says a power between two steps where only that keeps the limits', () =>
    assert.deepEqual(
      rounded(
        { id: 'F', import: 1, export: 0, base: 1.25, baseLow: 0.25 },
        [{ id: 'a', kind: 'battery', from: -5, until: 5, wanted: 0 }],
        { a: -0.25 },
      ),
      { a: -0.25 },
    ))
})
