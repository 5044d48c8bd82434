import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Role } from '../../platform/access/roles.ts'
import { kindsByName } from '../../platform/approval/kinds.ts'
import { approvalRoutes } from '../../platform/approval/routes.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { addQuarantineCounts, insertQuarantine } from './repository.ts'
import { telemetryApprovals } from './replay-approval.ts'
import { telemetryRoutes } from './routes.ts'
import { batteryBody, meterBody } from './telemetry-flow.fixture.ts'

const now = Date.now()
const minute = 60_000

describe('routes of quarantine', function () {
  this.timeout(60_000)
  const test = useApi({
    routes: [telemetryRoutes, approvalRoutes((services) => kindsByName(telemetryApprovals(services)))],
  })
  const get = async (path: string, role: Role = 'viewer') => {
    const { status, body } = await test.as(role).get(path)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const keep = (...kept: (Partial<Rejected> & { reason: Reason })[]) =>
    test.database.database.transaction((client) =>
      insertQuarantine(
        client,
        kept.map((one) => ({ topic: 'weather/today', payload: 'sunny', detail: 'topic', receivedAt: now, ...one })),
      ),
    )
  const kept = (deviceId: string, kw: number, at: number): Partial<Rejected> & { reason: Reason } => ({
    ...{ reason: 'awaiting_approval', deviceId, topic: `der/telemetry/${deviceId}`, receivedAt: at },
    payload: JSON.stringify(batteryBody(deviceId, at, kw)),
  })
  const newest = async (query = '') => (await get(`/api/quarantine?limit=1${query}`)).items[0]
  const replay = async (id: number, role: Role = 'engineer') => {
    const { status, body } = await test.as(role).post(`/api/quarantine/${id}/replay`)
    return { status, ...body }
  }
  const stored = (deviceId: string) =>
    test.database.database.query(
      'select p_actual_kw as kw from der_reading join device using (device_key) where device_id = $1 order by at',
      [deviceId],
    )

  const propose = (quarantineIds: number[], role: Role = 'engineer') =>
    test.as(role).post('/api/approvals', { kind: 'telemetry/replay', body: { quarantineIds }, evidence: 'OS 77/2026' })
  async function approveReplayOf(quarantineIds: number[]) {
    const { approvalId, bodyHash } = (await propose(quarantineIds)).body
    const { status, text } = await test.as('admin').post(`/api/approvals/${approvalId}/approve`, { bodyHash })
    assert.equal(status, 200, text)
  }

  before(async () => {
    const { database } = test.database
    await database.query("insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-1', 127)")
    await database.query(
      `insert into device (device_id, kind, der_type, status) values ('bat', 'der', 'battery', 'active'),
         ('meter', 'meter', null, 'active'), ('out', 'der', 'battery', 'rejected')`,
    )
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'meter'`,
    )
    await test.services.registry.ready()
  })

  it('list entries with their payloads, as text where they are text', async () => {
    await keep(
      { reason: 'bad_topic', receivedAt: now - 2 * minute },
      { reason: 'bad_json', payload: new Uint8Array([0xff, 1]), deviceId: 'bat', receivedAt: now - minute },
    )
    const { items } = await get('/api/quarantine')
    assert.deepEqual(
      items.map(({ reason, deviceId, payload, encoding }: Record<string, unknown>) => [
        ...[reason, deviceId, payload, encoding],
      ]),
      [
        ['bad_json', 'bat', '/wE=', 'base64'],
        ['bad_topic', null, 'sunny', 'text'],
      ],
    )
    assert.deepEqual(await get(`/api/quarantine/${items[0].quarantineId}`), items[0])
  })

  it('find entries by reason, device and time, page by page', async () => {
    const reasonsOf = async (query: string) =>
      (await get(`/api/quarantine?${query}`)).items.map(({ reason }: { reason: string }) => reason)
    assert.deepEqual(await reasonsOf('reason=bad_topic'), ['bad_topic'])
    assert.deepEqual(await reasonsOf('deviceId=bat'), ['bad_json'])
    const at = new Date(now - minute).toISOString()
    assert.deepEqual(await reasonsOf(`from=${at}`), ['bad_json'])
    assert.deepEqual(await reasonsOf(`to=${at}`), ['bad_json', 'bad_topic'])
    const first = await get('/api/quarantine?limit=1')
    await keep({ reason: 'bad_shape' })
    const second = await get(`/api/quarantine?limit=1&cursor=${first.nextCursor}`)
    assert.deepEqual(
      [first.items[0].reason, second.items[0].reason, second.nextCursor],
      [...['bad_json', 'bad_topic', null]],
    )
  })

  it('count by reason, of payloads that are gone too', async () => {
    const tally = { deviceId: 'bat', count: 7, kept: 2, firstAt: now - minute, lastAt: now }
    await test.database.database.transaction((client) =>
      addQuarantineCounts(client, [
        { ...tally, reason: 'too_old' },
        { ...tally, reason: 'bad_json', count: 9 },
      ]),
    )
    assert.deepEqual(await get('/api/quarantine/counts?deviceId=bat'), [
      { reason: 'bad_json', count: 9, kept: 2, lastAt: new Date(now).toISOString() },
      { reason: 'too_old', count: 7, kept: 2, lastAt: new Date(now).toISOString() },
    ])
    assert.deepEqual(await get('/api/quarantine/counts?reason=implausible'), [])
  })

  it('store what passes now, once', async () => {
    await keep(kept('bat', 3, now))
    const { quarantineId } = await newest()
    const first = await replay(quarantineId)
    assert.deepEqual(
      [first.outcome, first.stored, first.duplicates, first.quarantined, first.refusals],
      ['stored', 1, 0, 0, []],
    )
    assert.equal((await newest()).replayedAt, first.replayedAt)
    const again = await replay(quarantineId)
    assert.deepEqual([again.status, again.outcome, again.stored], [200, 'replayed_before', 0])
    assert.equal(again.replayedAt, first.replayedAt)
    assert.deepEqual(await stored('bat'), [{ kw: 3 }])
  })

  it('tell a duplicate from what is new', async () => {
    await keep(kept('bat', 3, now))
    assert.equal((await replay((await newest()).quarantineId)).outcome, 'duplicate')
  })

  it('replay once, however many ask at the same time', async () => {
    await keep(kept('out', 1, now))
    const { quarantineId } = await newest()
    const entries = async () => (await get('/api/quarantine?deviceId=out')).items.length
    const before = await entries()
    const outcomes = await Promise.all([1, 2, 3].map(() => replay(quarantineId)))
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'replayed_before')[0],
      'quarantined',
    )
    assert.equal(await entries(), before + 1)
  })

  it('say why something is kept out again', async () => {
    await keep(kept('out', 1, now))
    const again = await replay((await newest()).quarantineId)
    assert.deepEqual(
      [again.outcome, again.quarantined, again.refusals],
      [...['quarantined', 1, [{ reason: 'device_rejected', detail: 'device out' }]]],
    )
    assert.equal((await newest()).reason, 'device_rejected')
  })

  it('take back what the store refused, in the form in which it travelled', async () => {
    await keep({ reason: 'conflicting_duplicate', topic: 'der', deviceId: 'bat', payload: '{"deviceId":"bat"}' })
    const { outcome, refusals } = await replay((await newest()).quarantineId)
    assert.deepEqual([outcome, refusals[0].reason], ['quarantined', 'storage_refused'])
  })

  it('replay everything that a filter names, oldest first', async () => {
    await keep(...[1, 2, 3].map((kw) => kept('bat', kw, now + kw)))
    const ask = async (body: object) =>
      (await test.as('admin').post('/api/quarantine/replay', { reason: 'awaiting_approval', deviceId: 'bat', ...body }))
        .body
    assert.deepEqual(await ask({ limit: 2 }), {
      replayed: 2,
      stored: 2,
      duplicates: 0,
      quarantined: 0,
      more: true,
      waitingForApproval: 0,
    })
    assert.deepEqual(await ask({}), {
      replayed: 1,
      stored: 1,
      duplicates: 0,
      quarantined: 0,
      more: false,
      waitingForApproval: 0,
    })
    assert.deepEqual(await ask({}), {
      replayed: 0,
      stored: 0,
      duplicates: 0,
      quarantined: 0,
      more: false,
      waitingForApproval: 0,
    })
    assert.deepEqual(await stored('bat'), [{ kw: 3 }, { kw: 1 }, { kw: 2 }, { kw: 3 }])
  })

  it('are for engineers and admins, and what they did is written down', async () => {
    await keep(kept('bat', 9, now + 9))
    const { quarantineId } = await newest()
    for (const role of ['viewer', 'operator'] as const) assert.equal((await replay(quarantineId, role)).status, 403)
    assert.equal((await test.as().post(`/api/quarantine/${quarantineId}/replay`)).status, 401)
    assert.equal((await replay(quarantineId)).status, 200)
    const [entry] = await test.database.database.query(
      "select username, detail from access_log where event = 'quarantine_replayed' and subject = $1",
      [`quarantine ${quarantineId}`],
    )
    assert.deepEqual(entry, { username: 'engineer', detail: '1 stored, 0 duplicates, 0 quarantined' })
  })

  it("leave what a unit's meter sent to those who may see consumption", async () => {
    await keep({ reason: 'implausible', deviceId: 'meter', payload: '{"p_kw":2}', detail: 'p_kw 2' })
    for (const role of ['viewer', 'engineer'] as const) {
      const { withheld, payload, detail, reason } = (await get('/api/quarantine?limit=1', role)).items[0]
      assert.deepEqual([withheld, payload, detail, reason], [true, null, null, 'implausible'])
    }
    const { withheld, payload } = (await get('/api/quarantine?limit=1', 'operator')).items[0]
    assert.deepEqual([withheld, payload], [false, '{"p_kw":2}'])
    const [read] = await test.database.database.query(
      "select username, detail from access_log where event = 'consumption_read'",
    )
    assert.deepEqual(read, { username: 'operator', detail: 'unit-1' })
  })

  it("leave what may be a unit's meter's, by topic another device's, to the same", async () => {
    await keep({ reason: 'topic_mismatch', deviceId: 'bat', payload: '{"meter_id":"meter","p_kw":2}', detail: 'meter' })
    const shown = async (role: Role) => (await get('/api/quarantine?limit=1', role)).items[0]
    for (const role of ['viewer', 'engineer'] as const) {
      const { withheld, payload, detail } = await shown(role)
      assert.deepEqual([withheld, payload, detail], [true, null, null])
    }
    assert.equal((await shown('admin')).payload, '{"meter_id":"meter","p_kw":2}')
  })

  it('tell an engineer that it was refused again, and not with which consumption', async () => {
    const refusalsFor = async (role: Role) => {
      const payload = JSON.stringify({ meter_id: 'meter', timestamp: new Date(now).toISOString(), p_kw: 'much' })
      await keep({ reason: 'bad_shape', topic: 'grid/meters/meter/readings', deviceId: 'meter', payload })
      const { quarantineId } = await newest()
      await approveReplayOf([quarantineId])
      return (await replay(quarantineId, role)).refusals
    }
    const [told] = await refusalsFor('admin')
    assert.match(told.detail, /va_v/)
    assert.deepEqual(await refusalsFor('engineer'), [{ reason: told.reason, detail: null }])
  })

  it('replay what indicators rest on when two persons have agreed, and tell them before what is in it', async () => {
    const at = Date.parse('2026-10-31T23:30:00-03:00')
    const keepOf = async (topic: string, payload: object) => {
      await keep({
        reason: 'awaiting_approval',
        topic,
        deviceId: 'meter',
        payload: JSON.stringify(payload),
        receivedAt: at + 7_200_000,
      })
      return (await newest()).quarantineId as number
    }
    const lost = { device_id: 'meter', event_id: 'e-1', timestamp: at, type: 'power_lost' }
    const ids = [
      await keepOf('grid/events/meter', [
        lost,
        { ...lost, event_id: 'e-2', type: 'power_restored', timestamp: at + 3_600_000 },
      ]),
      await keepOf('grid/meters/meter/readings', meterBody('meter', at, 127)),
    ]
    assert.equal((await get(`/api/quarantine/${ids[0]}`)).regulated, true)
    const refused = await replay(ids[0]!)
    assert.deepEqual(
      [refused.status, refused.detail],
      [
        409,
        `quarantine entry ${ids[0]} is of a meter or a switch: its replay takes an approval first, of kind telemetry/replay`,
      ],
    )
    const bulk = (
      await test.as('admin').post('/api/quarantine/replay', { deviceId: 'meter', reason: 'awaiting_approval' })
    ).body
    assert.deepEqual([bulk.stored, bulk.waitingForApproval], [0, 2])

    const { status, body } = await propose(ids)
    assert.equal(status, 201)
    const { notComputable, asOf: _asOf, ...effect } = body.effect
    assert.match(notComputable, /not computable before it is stored/)
    assert.deepEqual(effect, {
      ...{ deltaBrl: null, entries: 2, readings: 1, events: { power_lost: 1, power_restored: 1 } },
      ...{ units: 1, months: ['2026-10', '2026-11'] },
    })
    const approval = `/api/approvals/${body.approvalId}/approve`
    assert.equal((await test.as('engineer').post(approval, { bodyHash: body.bodyHash })).status, 403)
    assert.equal((await test.as('admin').post(approval, { bodyHash: body.bodyHash })).status, 200)
    assert.equal((await get(`/api/quarantine/${ids[1]}`)).replayApprovalId, body.approvalId)
    assert.equal((await replay(ids[0]!)).stored, 2)
    const rest = (
      await test.as('admin').post('/api/quarantine/replay', { deviceId: 'meter', reason: 'awaiting_approval' })
    ).body
    assert.deepEqual([rest.stored, rest.waitingForApproval], [1, 0])
  })

  it('take no proposal for what needs none, is not there, or was replayed', async () => {
    await keep(kept('bat', 11, now + 11))
    const { quarantineId } = await newest()
    for (const [id, problem] of [
      [quarantineId, /needs no approval/],
      [999_999, /is no entry of quarantine/],
    ] as const) {
      const { status, body } = await propose([id])
      assert.equal(status, 400)
      assert.match(body.errors[0].problem, problem)
    }
    assert.equal((await propose([quarantineId], 'operator')).status, 403)
    const { items } = await get('/api/quarantine?deviceId=meter')
    const replayed = items.find(
      ({ regulated, replayedAt }: { regulated: boolean; replayedAt: string }) => regulated && replayedAt,
    )
    assert.equal((await propose([replayed.quarantineId])).status, 409)
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, detail] of [
      ['/api/quarantine/999999', 404, 'no quarantine entry 999999'],
      ['/api/quarantine/0', 400, 'path.quarantineId'],
      ['/api/quarantine/abc', 400, 'path.quarantineId'],
      ['/api/quarantine?reason=because', 400, 'query.reason'],
      ['/api/quarantine?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'must not be after to'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(path)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(detail), body.detail)
    }
    assert.equal((await replay(999_999)).status, 404)
    assert.equal((await test.as('admin').post('/api/quarantine/replay', { limit: 0 })).status, 400)
    assert.equal((await test.as('admin').post('/api/quarantine/replay', { reason: 'because' })).status, 400)
  })
})
