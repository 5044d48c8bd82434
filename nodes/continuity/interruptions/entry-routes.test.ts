import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { auditOf } from './audit-repository.ts'
import { unitsOfElement } from './element-units.ts'
import { findOutage } from './entry-repository.ts'
import { interruptionEntryRoutes } from './entry-routes.ts'
import { base } from './interruption-fields.ts'
import { findInterruption } from './list-repository.ts'
import { PersonEntries } from './person-entries.ts'
import { applyCorrection } from './correction.ts'
import { noticeHints } from './hint-repository.ts'
import { interruptionRoutes } from './interruption-routes.ts'
import { closed, lost, minuteMs, noon, opened, restored, SuppliedField } from './supplied-field.fixture.ts'

const at = (minute: number): string => new Date(noon + minute * minuteMs).toISOString()

describe('what persons enter of interruptions', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [interruptionRoutes, interruptionEntryRoutes] })
  let field: SuppliedField
  const operator = test.as('operator')
  const evidence = 'crew 7'

  before(async () => {
    field = new SuppliedField(test.services)
    await field.build()
    await test.services.database.query('delete from network_change')
  })
  afterEach(() => field.clear())
  const latest = async (query = '') => (await operator.get(`${base}/interruptions${query}`)).body.items

  it('what meters alone told of in parts is one event once a person says what opened', async () => {
    const { database } = test.services
    const dark = await database.query<{ unitId: string; section: string }>(
      `select unit_id as "unitId", section_id as section from unit_connection where section_id in ('a2', 'a3')`,
    )
    field.keeper()
    await field.store(
      dark.flatMap(({ unitId, section }) => [
        lost(`m-${unitId}`, 0),
        restored(`m-${unitId}`, section === 'a3' ? 10 : 20),
      ]),
    )
    await field.settled()
    const events = async () => (await field.interruptions()).map(({ event }) => event)
    assert.equal(new Set(await events()).size, 2)
    await operator.post(`${base}/operations`, { switchId: 'sw-a2', at: at(0), closed: '', evidence })
    assert.deepEqual((await field.texts()).toSorted(), ['switch sw-a2 0-10 ×4', 'switch sw-a2 0-20 ×4'])
    assert.equal(new Set(await events()).size, 1)
  })

  it('an outage of an element is one of the units that hang on it, until it has an end', async () => {
    const body = { elementKind: 'transformer', elementId: 'a2-1', from: at(0), cause: 'lightning', evidence }
    const { status, body: entered } = await operator.post(`${base}/outages`, body)
    assert.equal(status, 201)
    assert.deepEqual(await field.texts(), ['transformer a2-1 0-… ×2'])
    const end = `${base}/outages/${entered.entryId}/end`
    assert.equal((await operator.post(end, { until: at(30), evidence })).status, 204)
    assert.deepEqual(await field.texts(), ['transformer a2-1 0-30 ×2'])
    assert.equal((await operator.post(end, { until: at(31), evidence })).status, 409)
    const [one] = await latest()
    assert.deepEqual(
      [one.cause, one.causeWords],
      ['lightning', 'Interna;Não programada;Meio ambiente;Descarga atmosférica'],
    )
    const { body: inFull } = await operator.get(`${base}/interruptions/${one.interruptionId}`)
    assert.deepEqual(
      inFull.audit.map(({ act, by }: { act: string; by: string }) => [act, by]),
      [
        ['outage_entered', 'operator'],
        ['outage_ended', 'operator'],
      ],
    )
    assert.equal(inFull.evidence[0].what, 'outage of a2-1')
  })

  it('an outage behind a switch is one of those that nobody else supplies', async () => {
    const body = { elementKind: 'switch', elementId: 'sw-a3', from: at(0), until: at(5), evidence }
    await operator.post(`${base}/outages`, body)
    assert.deepEqual(await field.texts(), ['switch sw-a3 0-5 ×4'])
    await operator.post(`${base}/outages`, { unitIds: ['b1-1-1', 'b1-1-2'], from: at(20), evidence })
    assert.deepEqual(await field.texts(), ['switch sw-a3 0-5 ×4', 'unit b1-1-1 20-… ×2'])
  })

  it('an outage is of the units that the element has then: elsewhere, of others', async () => {
    const { database } = test.services
    const units = async (kind: 'source' | 'switch' | 'section' | 'transformer' | 'unit', id: string) =>
      (await unitsOfElement(database, { kind, id }, noon)).length
    assert.deepEqual(
      [await units('source', 'fa'), await units('switch', 'sw-a2'), await units('section', 'a1')],
      [12, 8, 4],
    )
    assert.deepEqual(
      [await units('transformer', 'a1-1'), await units('unit', 'a1-1-1'), await units('switch', 'tie')],
      [2, 1, 0],
    )
  })

  it('what is entered is there in the same moment, with who said so', async () => {
    const { database } = test.services
    const acting = { by: 'ana', now: Date.now() }
    const of = { kind: 'section', id: 'b3' } as const
    const entryId = await new PersonEntries(database).enterOutage(acting, {
      of,
      from: noon,
      until: null,
      cause: null,
      evidence,
    })
    assert.deepEqual((await findOutage(database, entryId))!.unitIds.length, 4)
    const [one] = await field.interruptions()
    assert.equal((await findInterruption(database, one!.id))!.basis, 'person')
    const [entry] = await auditOf(database, one!.id, [`outage ${entryId}`])
    assert.deepEqual([entry!.by, entry!.act, entry!.evidence], ['ana', 'outage_entered', evidence])
  })

  it('an open outage ends for the unit whose meter tells of supply, and not before', async () => {
    await operator.post(`${base}/outages`, { elementKind: 'transformer', elementId: 'a2-1', from: at(0), evidence })
    field.keeper()
    await field.store([restored('m-a2-1-1', 12)])
    await field.settled()
    assert.deepEqual((await field.texts()).toSorted(), ['transformer a2-1 0-12 ×1', 'transformer a2-1 0-… ×1'])
  })

  it('a fuse that a crew turned is an operation as any other', async () => {
    const turned = (closedPhases: string, minute: number) =>
      operator.post(`${base}/operations`, { switchId: 'sw-a3', at: at(minute), closed: closedPhases, evidence })
    assert.equal((await turned('open', 3)).body.errors[0].problem, 'must be such as ABC, "" (^A?B?C?$)')
    assert.equal((await turned('', 3)).status, 204)
    assert.deepEqual(await field.texts(), ['switch sw-a3 3-… ×4'])
    await turned('ABC', 9)
    assert.deepEqual(await field.texts(), ['switch sw-a3 3-9 ×4'])
    const { items } = (await operator.get(`${base}/operations?switchId=sw-a3`)).body
    assert.deepEqual(
      items.map(({ closed, source }: { closed: string; source: string }) => [closed, source]),
      [
        ['ABC', 'person'],
        ['', 'person'],
      ],
    )
    const [one] = await latest()
    const { body: inFull } = await operator.get(`${base}/interruptions/${one.interruptionId}`)
    assert.deepEqual(
      inFull.evidence.map(({ what }: { what: string }) => what),
      ['open (person)', 'closed ABC (person)'],
    )
  })

  it('what cannot be is refused, by field', async () => {
    for (const [path, body, detail] of [
      ['outages', { elementKind: 'transformer', elementId: 'no-such', from: at(0), evidence }, 'body.elementId'],
      ['outages', { elementKind: 'switch', from: at(0), evidence }, 'body.elementId'],
      ['outages', { unitIds: ['no-such'], from: at(0), evidence }, 'body.unitIds'],
      ['outages', { unitIds: ['a1-1-1'], from: at(10), until: at(5), evidence }, 'body.until'],
      ['outages', { unitIds: ['a1-1-1'], from: '2999-01-01T00:00:00Z', evidence }, 'body.from'],
      ['outages', { unitIds: ['a1-1-1'], from: '0001-01-01T00:00:00Z', evidence }, 'body.from'],
      ['operations', { switchId: 'sw-a3', at: '1900-01-01T00:00:00Z', closed: '', evidence }, 'body.at'],
      ['operations', { switchId: 'no-such', at: at(0), closed: '', evidence }, 'body.switchId'],
      [
        'planned',
        { elementKind: 'switch', elementId: 'tie', from: at(0), until: at(9), cause: 'improvement' },
        'body.from',
      ],
    ] as const) {
      const { status, body: problem } = await operator.post(`${base}/${path}`, body)
      assert.deepEqual([status, problem.errors[0].field], [400, detail])
    }
    assert.equal((await test.as('viewer').post(`${base}/outages`, {})).status, 403)
    assert.equal((await operator.post(`${base}/outages/99/end`, { until: at(1), evidence })).status, 404)
    assert.equal((await operator.get(`${base}/interruptions/99`)).status, 404)
  })

  it('what an interruption was may be said while it lasts, and its cause once more', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 0)])
    await field.settled()
    const [open] = await latest()
    const path = `${base}/interruptions/${open.interruptionId}/classification`
    const { body: said } = await operator.put(path, { programmed: true })
    assert.deepEqual([said.origin, said.cause, said.programmed], ['internal', null, true])
    // Nobody alone takes it out of DIC and FIC.
    assert.equal((await operator.put(path, { origin: 'external' })).status, 409)
    assert.equal((await operator.put(path, {})).status, 400)
    await field.store([closed('sw-a3', 30)])
    await field.settled()
    assert.deepEqual((await operator.put(path, { cause: 'wind' })).body.cause, 'wind')
    assert.equal((await operator.put(path, { cause: 'animals' })).status, 409)
    assert.equal((await operator.put(path, { programmed: false })).status, 409)
    // What was said outlives that it is computed again.
    await field.store([opened('sw-a2', -5), closed('sw-a2', -1), restored('m-a3-1-1', 10)])
    await field.settled()
    const causes = (await latest('?elementId=sw-a3')).map(({ cause, programmed, units }: Record<string, unknown>) => [
      cause,
      programmed,
      units,
    ])
    assert.deepEqual(
      causes.toSorted((a: unknown[], b: unknown[]) => Number(a[2]) - Number(b[2])),
      [
        ['wind', true, 1],
        ['wind', true, 3],
      ],
    )
  })

  it('a plan makes the interruption of its element programmed, that begins in its window', async () => {
    const now = Date.now()
    const soon = (minutes: number) => new Date(now + minutes * minuteMs).toISOString()
    const { status, body: plan } = await operator.post(`${base}/planned`, {
      ...{ elementKind: 'switch', elementId: 'sw-a3', from: soon(-10), until: soon(60) },
      ...{ warnedAt: soon(-6_000), cause: 'preventive-maintenance', notice: 'letter' },
    })
    assert.equal(status, 201)
    await operator.post(`${base}/operations`, { switchId: 'sw-a3', at: soon(1), closed: '', evidence })
    const [one] = await latest()
    assert.deepEqual([one.programmed, one.plannedId, one.cause], [true, plan.plannedId, 'preventive-maintenance'])
    assert.equal((await operator.post(`${base}/planned/${plan.plannedId}/cancel`, { reason: 'rain' })).status, 409)
    const { items } = (await operator.get(`${base}/planned`)).body
    assert.deepEqual(items[0].interruptionIds, [one.interruptionId])
  })

  it('a plan that is entered once an interruption has begun makes nothing of it programmed', async () => {
    const now = Date.now()
    const soon = (minutes: number) => new Date(now + minutes * minuteMs).toISOString()
    const turned = (closedPhases: string, minutes: number) =>
      operator.post(`${base}/operations`, { switchId: 'sw-a3', at: soon(minutes), closed: closedPhases, evidence })
    await turned('', -60)
    await turned('ABC', -10)
    const { status } = await operator.post(`${base}/planned`, {
      ...{ elementKind: 'switch', elementId: 'sw-a3', from: soon(-59), until: soon(60) },
      ...{ warnedAt: soon(-6_000), cause: 'preventive-maintenance' },
    })
    assert.equal(status, 201)
    await turned('', -8)
    assert.deepEqual(
      (await latest()).map(({ programmed, plannedId }: Record<string, unknown>) => [programmed, plannedId]),
      [
        [false, null],
        [false, null],
      ],
    )
  })

  it('nobody alone takes of an outage that is over', async () => {
    const turned = async (switchId: string, closedPhases: string, minute: number) =>
      (await operator.post(`${base}/operations`, { switchId, at: at(minute), closed: closedPhases, evidence })).status
    assert.deepEqual([await turned('sw-a2', '', 0), await turned('sw-a2', 'ABC', 60)], [204, 204])
    // As if its supply had been back at once, or had come through the tie meanwhile, or had never been gone.
    for (const [switchId, minute] of [
      ['sw-a2', 1],
      ['tie', 1],
      ['sw-a2', 0],
    ] as const)
      assert.equal(await turned(switchId, 'ABC', minute), 409, `${switchId} ${minute}`)
    assert.deepEqual(await field.texts(), ['switch sw-a2 0-60 ×8'])
    const { body: operations } = await operator.get(`${base}/operations`)
    assert.equal(operations.items.length, 2)
    // What adds to it is an entry as any other: of an earlier outage its end goes first.
    assert.deepEqual([await turned('sw-a2', 'ABC', -30), await turned('sw-a2', '', -60)], [204, 204])
    assert.deepEqual(await field.texts(), ['switch sw-a2 -60--30 ×8', 'switch sw-a2 0-60 ×8'])
  })

  it('the end of an outage that lasts is entered whenever it was', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 0), lost('m-a3-1-1', 0.1), restored('m-a3-1-1', 9.95)])
    await field.settled()
    const turned = { switchId: 'sw-a3', at: at(10), closed: 'ABC', evidence }
    assert.equal((await operator.post(`${base}/operations`, turned)).status, 204)
    assert.deepEqual(await field.texts(), ['switch sw-a3 0-10 ×4'])
  })

  it('a hint is decided once: confirmed, it is an outage of its unit', async () => {
    field.keeper()
    await field.store([restored('m-b1-1-1', 0), opened('sw-a3', 0), lost('m-a3-1-1', 0), closed('sw-a3', 5)])
    await field.settled()
    await noticeHints(test.services.database, noon + 60 * minuteMs, 15 * minuteMs)
    await noticeHints(test.services.database, noon + 61 * minuteMs, 15 * minuteMs)
    const { items } = (await operator.get(`${base}/hints?status=open`)).body
    const kinds = items.map(({ kind, unitId }: { kind: string; unitId: string }) => `${kind} ${unitId}`)
    assert.deepEqual(kinds.toSorted(), ['not_heard_since a3-1-1', 'restored_without_loss b1-1-1'])
    const hint = items.find(({ unitId }: { unitId: string }) => unitId === 'b1-1-1')
    const decide = (outage: object | null) =>
      operator.post(`${base}/hints/${hint.hintId}/decision`, { outage, note: 'asked' })
    assert.equal((await decide({ from: at(-30), until: at(0) })).status, 204)
    assert.equal((await decide(null)).status, 409)
    assert.ok((await field.texts()).includes('unit b1-1-1 -30-0 ×1'))
  })

  it('a correction of two persons holds against evidence, also what comes later', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 0), closed('sw-a3', 30)])
    await field.settled()
    const [one] = await latest()
    const decided = { approvalId: 7, evidence: 'log book', proposedBy: 'ana', decidedBy: 'bruno' }
    const time = (unitIds: string[], from: number, until: number, supplied: boolean) => ({
      ...{ unitIds, from: noon + from * minuteMs, until: noon + until * minuteMs, supplied },
    })
    const correct = (correction: object) =>
      test.services.database.transaction((client) =>
        applyCorrection(client, { interruptionId: one.interruptionId, times: [], ...correction }, decided),
      )
    await correct({ times: [time(['a3-1-1'], 20, 40, true), time(['a3-1-2'], -5, 0, false)], cause: 'animals' })
    await field.store([lost('m-a3-1-1', 0), restored('m-a3-1-1', 35)])
    await field.settled()
    assert.deepEqual((await field.outages()).slice(0, 2), ['a3-1-1: 0-20 switch sw-a3', 'a3-1-2: -5-30 switch sw-a3'])
    const { items } = (await operator.get(`${base}/interruptions/${one.interruptionId}/units`)).body
    assert.equal(items.length, 3)
    const { body: inFull } = await operator.get(`${base}/interruptions/${one.interruptionId}`)
    assert.equal(inFull.cause, 'animals')
    assert.deepEqual(
      inFull.audit.map(({ act, approvalId }: Record<string, unknown>) => [act, approvalId]),
      [
        ['corrected', 7],
        ['corrected', 7],
      ],
    )
    const all = ['a3-1-1', 'a3-1-2', 'a3-2-1', 'a3-2-2']
    await correct({ times: [time(all, -60, 120, true)] })
    assert.equal((await operator.get(`${base}/interruptions/${one.interruptionId}`)).body.void, true)
    await assert.rejects(correct({ interruptionId: 987_654 }), /no interruption 987654/)
  })

  it('what two persons said of an interruption no one says otherwise', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 0)])
    await field.settled()
    const [{ interruptionId }] = await latest()
    const decided = { approvalId: 8, evidence: 'log book', proposedBy: 'ana', decidedBy: 'bruno' }
    await test.services.database.transaction((client) =>
      applyCorrection(client, { interruptionId, times: [], origin: 'external' }, decided),
    )
    const path = `${base}/interruptions/${interruptionId}/classification`
    assert.equal((await operator.put(path, { origin: 'internal' })).status, 409)
    assert.equal((await operator.get(`${base}/interruptions/${interruptionId}`)).body.origin, 'external')
  })

  it('the audit is added to, and never changed', async () => {
    await operator.post(`${base}/outages`, { unitIds: ['a1-1-1'], from: at(0), evidence })
    await assert.rejects(test.services.database.query('delete from interruption_audit'), /permission denied/)
  })

  it('interruptions are listed in pages, by what one looks for, and as CSV', async () => {
    field.keeper()
    await field.store([opened('sw-a3', 0), closed('sw-a3', 5), opened('sw-b3', 10), opened('fa', 20)])
    await field.settled()
    const first = (await operator.get(`${base}/interruptions?limit=2`)).body
    assert.deepEqual(
      first.items.map(({ elementId }: Record<string, unknown>) => elementId),
      ['fa', 'sw-b3'],
    )
    const second = (await operator.get(`${base}/interruptions?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual([second.items.length, second.nextCursor], [1, null])
    for (const [query, found] of [
      ['open=true', 2],
      ['feederId=fb', 1],
      ['unitId=a3-1-1', 2],
      ['leastUnits=5', 1],
      ['unclassified=true&programmed=false', 3],
      ['cause=wind', 0],
      ['void=true', 0],
      [`to=${at(1)}`, 1],
      [`from=${at(6)}`, 2],
    ] as const)
      assert.equal((await latest(`?${query}`)).length, found, query)
    const csv = await operator.get(`${base}/interruptions`, { accept: 'text/csv' })
    assert.match(csv.text, /^interruptionId,eventId,elementKind/)
    assert.equal((await operator.get(`${base}/interruptions?from=${at(1)}&to=${at(0)}`)).status, 400)
    assert.ok((await operator.get(`${base}/causes`)).body.items.length > 20)
  })
})
