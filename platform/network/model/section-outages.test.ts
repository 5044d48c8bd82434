import assert from 'node:assert/strict'
import fc from 'fast-check'
import { energised } from './energisation.ts'
import { anyHistory, anyOperations, end, line, operation, sectionIds, source, twoFeeders } from './network.fixture.ts'
import { type NetworkHistory, networkAt, positionsAt, type SwitchOperation } from './network.ts'
import { noPhase, type Phases, phasesIn, textOf } from './phases.ts'
import { type SectionOutage, sectionOutages } from './section-outages.ts'

const shown = (outages: readonly SectionOutage[]) =>
  outages.map(({ sectionId, phases, from, until, takenBy, givenBackBy }) =>
    [sectionId, textOf(phases), from, until, takenBy?.switchId ?? null, givenBackBy?.switchId ?? null].join(' '),
  )
const outagesOf = (operations: SwitchOperation[], network = twoFeeders, from = 0, until = 100) =>
  shown(sectionOutages(network, operations, from, until))

describe('outages of sections', () => {
  it('are behind the switch that opened, until it closes', () =>
    assert.deepEqual(outagesOf([operation('sw-a', 10, ''), operation('sw-a', 30, 'ABC')]), [
      'a2 ABC 10 30 sw-a sw-a',
      'a3 ABC 10 30 sw-a sw-a',
    ]))

  it('end step by step, as supply comes through a tie from the other feeder', () =>
    assert.deepEqual(
      outagesOf([
        ...[operation('sw-a', 10, ''), operation('sw-aa', 20, ''), operation('tie', 25, 'ABC')],
        ...[operation('sw-a', 60, 'ABC')],
      ]),
      ['a2 ABC 10 60 sw-a sw-a', 'a3 ABC 10 25 sw-a tie'],
    ))

  it('hang on the other feeder after a load was transferred to it', () =>
    assert.deepEqual(
      outagesOf([
        ...[operation('tie', 10, 'ABC'), operation('sw-aa', 11, '')],
        ...[operation('f2', 50, ''), operation('f2', 60, 'ABC')],
        ...[operation('f1', 70, ''), operation('f1', 80, 'ABC')],
      ]),
      [
        ...['a3 ABC 50 60 f2 f2', 'b1 ABC 50 60 f2 f2', 'b2 ABC 50 60 f2 f2', 'b3 ABC 50 60 f2 f2'],
        ...['a1 ABC 70 80 f1 f1', 'a2 ABC 70 80 f1 f1'],
      ],
    ))

  it('are none where the tie closes before the section switch opens, or with it', () => {
    assert.deepEqual(outagesOf([operation('tie', 10, 'ABC'), operation('sw-aa', 11, '')]), [])
    assert.deepEqual(outagesOf([operation('sw-aa', 10, ''), operation('tie', 10, 'ABC')]), [])
  })

  it('are the same for whoever asks from the beginning to the end of time', () => {
    const operations = [operation('sw-a', 10, ''), operation('tie', 20, 'ABC'), operation('sw-a', 30, 'ABC')]
    assert.deepEqual(outagesOf(operations, twoFeeders, -Infinity, Infinity), outagesOf(operations))
    assert.equal(outagesOf(operations).length, 2)
  })

  it('are of one phase where one is lost, and each phase comes back by itself', () =>
    assert.deepEqual(
      outagesOf([
        ...[operation('sw-aa', 10, 'AC'), operation('sw-aa', 20, 'C')],
        ...[operation('sw-aa', 30, 'BC'), operation('sw-aa', 40, 'ABC')],
      ]),
      ['a3 B 10 30 sw-aa sw-aa', 'a3 A 20 40 sw-aa sw-aa'],
    ))

  it('are none in a loop that is opened at one place, and begin where it is opened at two', () => {
    const loop = { ...twoFeeders, sources: [source('f1', 'a1')] }
    const closed = [operation('tie', 1, 'ABC'), operation('link', 1, 'ABC')]
    const ring: NetworkHistory = { ...loop, switches: [...loop.switches, line('link', 'a1-b1', { tie: false })] }
    assert.deepEqual(outagesOf([...closed, operation('sw-a', 10, '')], ring), [])
    assert.deepEqual(outagesOf([...closed, operation('sw-a', 10, ''), operation('sw-bb', 20, '')], ring), [
      'a2 ABC 20  sw-bb ',
      'a3 ABC 20  sw-bb ',
      'b3 ABC 20  sw-bb ',
    ])
  })

  it('do not concern what is normally without supply', () => {
    const spare = { ...twoFeeders, switches: [...twoFeeders.switches, line('spare', 'a3-c1', { tie: true })] }
    assert.deepEqual(outagesOf([operation('spare', 10, 'ABC'), operation('spare', 20, '')], spare), [])
  })

  it('know only the phases that the network has for a section', () => {
    const spur = { ...twoFeeders, switches: [...twoFeeders.switches, line('fuse', 'a3-c1', { phases: 'B' })] }
    assert.deepEqual(outagesOf([operation('fuse', 10, ''), operation('sw-aa', 10, 'AB')], spur), [
      'a3 C 10  sw-aa ',
      'c1 B 10  fuse ',
    ])
  })

  it('follow the network as it is rebuilt', () => {
    const rebuilt: NetworkHistory = {
      sources: twoFeeders.sources,
      switches: [
        ...twoFeeders.switches.filter(({ switchId }) => switchId !== 'sw-aa'),
        line('sw-aa', 'a2-a3', { until: 50 }),
        line('sw-aa', 'b2-a3', { from: 50 }),
      ],
    }
    const operations = [operation('sw-a', 10, ''), operation('sw-b', 60, ''), operation('sw-b', 70, 'ABC')]
    assert.deepEqual(outagesOf(operations, rebuilt), [
      ...['a2 ABC 10  sw-a ', 'a3 ABC 10 50 sw-a '],
      ...['a3 ABC 60 70 sw-b sw-b', 'b2 ABC 60 70 sw-b sw-b', 'b3 ABC 60 70 sw-b sw-b'],
    ])
  })

  it('are none where an element is replaced by its like', () => {
    const replaced: NetworkHistory = {
      sources: twoFeeders.sources,
      switches: twoFeeders.switches.flatMap((each) => [
        { ...each, until: 50 },
        { ...each, loadBreak: false, from: 50 },
      ]),
    }
    assert.deepEqual(outagesOf([], replaced), [])
  })

  it('believe a person before an event, and an event before a reading of the same instant', () =>
    assert.deepEqual(
      outagesOf([
        operation('sw-aa', 10, '', { source: 'person' }),
        operation('sw-aa', 10, 'AB', { source: 'event' }),
        operation('sw-b', 10, 'ABC', { source: 'reading' }),
        operation('sw-bb', 10, 'AB', { source: 'event' }),
        operation('sw-bb', 10, 'ABC', { source: 'reading' }),
      ]),
      ['a3 ABC 10  sw-aa ', 'b3 C 10  sw-bb '],
    ))

  it('do not mind operations of what nobody registered', () =>
    assert.deepEqual(outagesOf([operation('sw-unknown', 10, '')]), []))
})

describe('outages of any network and operations (property)', () => {
  it('are what each instant by itself says', () =>
    fc.assert(
      fc.property(anyHistory, anyOperations, (network, operations) => {
        const outages = sectionOutages(network, operations, 0, end)
        for (let at = 0; at < end; at++) assert.deepEqual(outAt(outages, at), outByItself(network, operations, at))
      }),
    ))

  it('are the same in whichever order operations are given, and however often', () =>
    fc.assert(
      fc.property(
        anyOperations.chain((operations) =>
          fc.record({
            operations: fc.constant(operations),
            shuffled: fc.shuffledSubarray([...operations, ...operations], { minLength: operations.length * 2 }),
          }),
        ),
        anyHistory,
        ({ operations, shuffled }, network) =>
          assert.deepEqual(sectionOutages(network, shuffled, 0, end), sectionOutages(network, operations, 0, end)),
      ),
    ))

  it('go on from any instant as if they had been asked for at once', () =>
    fc.assert(
      fc.property(anyHistory, anyOperations, fc.integer({ min: 1, max: end - 1 }), (network, operations, middle) => {
        const first = sectionOutages(network, operations, 0, middle)
        const then = sectionOutages(
          ...([network, operations, middle, end] as const),
          first.filter(({ until }) => until === null),
        )
        const parts = [...first.filter(({ until }) => until !== null), ...then]
        assert.deepEqual(perPhase(parts), perPhase(sectionOutages(network, operations, 0, end)))
      }),
    ))
})

/** Without any memory of the instant before. */
function outByItself(history: NetworkHistory, operations: readonly SwitchOperation[], at: number) {
  const network = networkAt(history, at)
  const normal = energised(network, new Map())
  const present = energised(network, positionsAt(operations, at))
  return outOf(sectionIds.map((id) => [id, (normal.get(id) ?? noPhase) & ~(present.get(id) ?? noPhase)]))
}

function outAt(outages: readonly SectionOutage[], at: number) {
  const lasting = outages.filter(({ from, until }) => from <= at && (until === null || at < until))
  return outOf(
    sectionIds.map((id) => [
      id,
      lasting.reduce((all, { sectionId, phases }) => (sectionId === id ? all | phases : all), noPhase),
    ]),
  )
}
const outOf = (sections: readonly (readonly [string, Phases])[]) =>
  Object.fromEntries(sections.filter(([, phases]) => phases !== noPhase).map(([id, phases]) => [id, textOf(phases)]))

const perPhase = (outages: readonly SectionOutage[]) =>
  outages
    .flatMap(({ phases, ...outage }) => phasesIn(phases).map((phase) => JSON.stringify({ ...outage, phase })))
    .toSorted()
