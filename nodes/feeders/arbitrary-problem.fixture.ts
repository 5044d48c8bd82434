import fc from 'fast-check'
import { problemOf } from './domain/allocation/problem.fixture.ts'
import type { CaseDevice, CaseFeeder } from './domain/allocation/problem.fixture.ts'
import type { Problem } from './domain/allocation/problem.ts'

const quarters = (from: number, until: number): fc.Arbitrary<number> =>
  fc.integer({ min: from * 4, max: until * 4 }).map((value) => value / 4)
const phaseSets = ['A', 'B', 'C', 'AB', 'BC', 'ABC', 'ABC']

const feeder = (at: number): fc.Arbitrary<CaseFeeder> =>
  fc
    .record({
      parent: fc.nat(at),
      limits: fc.array(
        fc.record({
          line: fc.constantFrom('total', 'total', 'A', 'B', 'C'),
          direction: fc.constantFrom('import', 'import', 'export'),
          kw: quarters(0, 20),
        }),
        { maxLength: 3 },
      ),
      base: fc.record({ A: quarters(-1, 3), B: quarters(-1, 3), C: quarters(-1, 3) }),
      margin: quarters(0, 1),
    })
    .map(({ parent, limits, base, margin }) => ({
      id: `f${at}`,
      ...(at > 0 && parent < at ? { parent: `f${parent}` } : {}),
      limits,
      base: { A: base.A + margin, B: base.B + margin, C: base.C + margin },
      baseLow: base,
    }))

const device = (at: number, feeders: number): fc.Arbitrary<CaseDevice> =>
  fc
    .record({
      feeder: fc.nat(feeders - 1),
      kind: fc.constantFrom('ev', 'ev', 'ev', 'battery', 'pv'),
      phases: fc.constantFrom(...phaseSets),
      power: quarters(1, 12),
      down: fc.constantFrom(0, 0.5, 1),
      wish: fc.constantFrom(0, 0.3, 1, 1),
      sells: fc.constantFrom(false, false, false, true),
      contract: fc.constantFrom(0, 0, 0, 0.4),
      weight: fc.constantFrom(0.5, 1, 1, 2, 3.5),
      present: fc.constantFrom(undefined, 0, 2),
      held: fc.constantFrom(undefined, undefined, undefined, undefined, 'on', 'off'),
      lost: fc.constantFrom(false, false, false, false, false, true),
    })
    .map(({ feeder, kind, phases, power, down, wish, sells, contract, weight, present, held, lost }) => {
      const from = kind === 'pv' ? -power : kind === 'battery' ? -power * down : 0
      const until = kind === 'pv' ? 0 : power
      const wanted = kind === 'pv' ? from : sells ? from / 2 : until * wish
      return {
        id: `d${at}`,
        feeder: `f${feeder}`,
        kind,
        phases,
        from,
        until,
        wanted,
        weight,
        least: kind === 'ev' ? 1.38 * phases.length : 0,
        contracted: kind === 'ev' ? contract * power : 0,
        ...(present === undefined ? {} : { present }),
        ...(held === undefined ? {} : { held }),
        ...(lost ? { lostAt: kind === 'pv' ? -power : power / 2 } : {}),
      }
    })

/** Small problems with all that can stand in them: nested feeders, limits by phase, both ways, contracts, lost and held devices. */
export const arbitraryProblem: fc.Arbitrary<Problem> = fc
  .record({
    feeders: fc.integer({ min: 1, max: 4 }),
    devices: fc.integer({ min: 1, max: 7 }),
    shed: fc.option(quarters(-2, 10)),
  })
  .chain(({ feeders, devices, shed }) =>
    fc.record({
      feeders: fc.tuple(...Array.from({ length: feeders }, (_, at) => feeder(at))),
      devices: fc.tuple(...Array.from({ length: devices }, (_, at) => device(at, feeders))),
      shed: fc.constant(shed === null ? [] : [{ id: 't', feeder: 'f0', until: shed }]),
    }),
  )
  .map(({ feeders, devices, shed }) => problemOf(feeders, devices, shed))
