import fc from 'fast-check'
import type { NetworkHistory, Source, Switch, SwitchOperation, Validity } from './network.ts'
import { phasesOf } from './phases.ts'

const always: Validity = { from: -Infinity, until: Infinity }

export const source = (
  sourceId: string,
  sectionId: string,
  { phases = 'ABC', ...period }: { phases?: string } & Partial<Validity> = {},
): Source & Validity => ({
  ...{
    sourceId,
    sectionId,
    phases: phasesOf(phases),
    feederId: sourceId,
    substationId: null,
    recloses: false,
    ...always,
    ...period,
  },
})

/** A switch between two sections, written `a1-a2`; closed normally unless it is a tie. */
export function line(
  switchId: string,
  between: string,
  { phases = 'ABC', tie = false, ...period }: { phases?: string; tie?: boolean } & Partial<Validity> = {},
): Switch & Validity {
  const [sectionA = '', sectionB = ''] = between.split('-')
  const normallyClosed = !tie
  return {
    switchId,
    sectionA,
    sectionB,
    normallyClosed,
    ...{ loadBreak: true, recloses: false },
    phases: phasesOf(phases),
    ...always,
    ...period,
  }
}

/** How a switch stands from an instant on; closed in these phases, or open. */
export const operation = (
  switchId: string,
  at: number,
  closed: string,
  { source = 'event', reference = '' }: Partial<Pick<SwitchOperation, 'source' | 'reference'>> = {},
): SwitchOperation => ({ switchId, at, closed: phasesOf(closed), source, reference })

/** Two feeders of three sections each, joined at their ends by a tie. */
export const twoFeeders: NetworkHistory = {
  sources: [source('f1', 'a1'), source('f2', 'b1')],
  switches: [
    ...[line('sw-a', 'a1-a2'), line('sw-aa', 'a2-a3'), line('sw-b', 'b1-b2'), line('sw-bb', 'b2-b3')],
    line('tie', 'a3-b3', { tie: true }),
  ],
}

/** Networks and operations for properties live in this many milliseconds. */
export const end = 12
export const sectionIds = ['a', 'b', 'c', 'd', 'e', 'f']
const bound = fc.option(fc.integer({ min: 1, max: end - 1 }), { nil: undefined, freq: 3 })
const phases = fc.constantFrom('ABC', 'ABC', 'A', 'BC')
/** Any network, each thing in one period or two, the second rebuilt. */
export const anyHistory = fc
  .record({
    sources: fc.array(fc.record({ at: fc.constantFrom(...sectionIds), phases, changes: bound }), {
      minLength: 1,
      maxLength: 2,
    }),
    switches: fc.array(
      fc.record({
        ends: fc.shuffledSubarray(sectionIds, { minLength: 3, maxLength: 3 }),
        ...{ phases, tie: fc.boolean(), changes: bound },
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ sources, switches }): NetworkHistory => ({
    sources: sources.map(({ at, phases, changes }, index) =>
      source(`f${index}`, at, { phases, until: changes ?? Infinity }),
    ),
    switches: switches.flatMap(({ ends: [one, other, third], phases, tie, changes }, index) => [
      line(`s${index}`, `${one}-${other}`, { phases, tie, until: changes ?? Infinity }),
      ...(changes === undefined ? [] : [line(`s${index}`, `${one}-${third}`, { phases, tie, from: changes })]),
    ]),
  }))
export const anyOperations = fc
  .array(
    fc
      .record({
        switchId: fc.constantFrom('f0', 'f1', ...Array.from({ length: 8 }, (_, index) => `s${index}`)),
        at: fc.integer({ min: -1, max: end }),
        closed: fc.constantFrom('', 'ABC', 'A', 'AB'),
        source: fc.constantFrom('event' as const, 'reading' as const, 'person' as const),
        reference: fc.constantFrom('1', '2'),
      })
      .map(({ switchId, at, closed, source, reference }) => operation(switchId, at, closed, { source, reference })),
    { maxLength: 20 },
  )
  // The same told of one switch, instant, source and reference is one row.
  .map((operations) => [
    ...new Map(operations.map((each) => [[each.switchId, each.at, each.source, each.reference].join(), each])).values(),
  ])
