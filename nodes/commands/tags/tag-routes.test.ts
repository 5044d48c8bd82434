import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import type { Role } from '../../../platform/access/roles.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { forbidding } from '../interlocks/forbidding.ts'
import { buildSwitchedField, say, sayAllIsNormal } from '../interlocks/switching.fixture.ts'
import { loggedOf } from '../requests/requests.fixture.ts'
import { tagRoutes } from './tag-routes.ts'

describe('tags over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [tagRoutes] })
  const database = () => api.database.database
  before(() => buildSwitchedField(database()))
  beforeEach(async () => {
    for (const { tagId } of (await api.as('admin').get('/api/tags?hanging=true')).body.items)
      await api.as('admin').post(`/api/tags/${tagId}/remove`, { reason: 'next test' })
    await database().query('delete from switch_reading')
    await sayAllIsNormal(database(), platformClock.now())
  })
  const place = (kind: string, equipmentKind: string, id: string, role: Role = 'operator') =>
    api.as(role).post('/api/tags', { kind, equipment: { kind: equipmentKind, id }, reason: 'works', document: 'PT-1' })
  const refusedToClose = async (id: string) =>
    (await forbidding(database(), { deviceId: id, type: 'close', args: {} }, platformClock.now())).filter(
      ({ interlock }) => interlock === 'tagged',
    ).length

  it('one that is placed hangs, has its owner, and forbids; removed, it forbids no more, and stays on record', async () => {
    const { status, body, text } = await place('work_permit', 'section', 'a3')
    assert.equal(status, 201, text)
    const { tagId, placedAt, warnings, ...rest } = body
    assert.deepEqual(rest, {
      ...{ kind: 'work_permit', equipment: { kind: 'section', id: 'a3' }, document: 'PT-1', reason: 'works' },
      ...{ owner: 'operator', removedBy: null, removedAt: null, removalReason: null },
    })
    assert.ok(Math.abs(Date.parse(placedAt) - Date.now()) < 60_000)
    assert.deepEqual(
      warnings.map(({ en }: { en: string }) => en),
      ['a3 is supplied by src-a, or may be', 'no earth switch of a3 is closed'],
    )
    assert.equal(await refusedToClose('fu-a'), 1)
    const removed = await api.as('operator').post(`/api/tags/${tagId}/remove`, {})
    assert.deepEqual([removed.status, removed.body.removedBy], [200, 'operator'], removed.text)
    assert.equal(await refusedToClose('fu-a'), 0)
    const again = await api.as('operator').post(`/api/tags/${tagId}/remove`, {})
    assert.deepEqual([again.status, again.body.code], [409, 'removed'])
    assert.deepEqual((await api.as('viewer').get(`/api/tags/${tagId}`)).body, removed.body)
    await assert.rejects(database().query('delete from equipment_tag'), /permission denied/)
    await assert.rejects(database().query(`update equipment_tag_removal set removed_by = 'x'`), /permission denied/)
  })

  it('several hang on one thing, and each is removed by itself', async () => {
    const first = (await place('do_not_operate', 'switch', 'sw-b')).body
    await place('do_not_operate', 'switch', 'sw-b', 'engineer')
    assert.equal(await refusedToClose('sw-b'), 2)
    await api.as('operator').post(`/api/tags/${first.tagId}/remove`, {})
    const { items } = (await api.as('viewer').get('/api/tags?hanging=true&equipmentId=sw-b')).body
    assert.deepEqual([items.length, items[0].owner], [1, 'engineer'])
    assert.equal(await refusedToClose('sw-b'), 1)
  })

  it('is removed by nobody but its owner, or a supervisor who says why; attempts are in the access log', async () => {
    const { tagId } = (await place('do_not_operate', 'switch', 'sw-b', 'engineer')).body
    for (const [role, body, status, detail] of [
      ['viewer', {}, 403, /does not have the right operate/],
      ['operator', { reason: 'I want to' }, 403, /engineer's: its owner removes it, or a supervisor/],
      ['admin', {}, 400, /must say why/],
    ] as const) {
      const reply = await api.as(role).post(`/api/tags/${tagId}/remove`, body)
      assert.equal(reply.status, status, reply.text)
      assert.match(reply.body.detail, detail)
      const [last] = await loggedOf(database(), 'command_refused')
      assert.ok(last!.startsWith(`${role} | remove tag ${tagId} | `), last)
    }
    assert.equal(await refusedToClose('sw-b'), 1)
    const byAdmin = await api.as('admin').post(`/api/tags/${tagId}/remove`, { reason: 'owner is off shift' })
    assert.deepEqual([byAdmin.status, byAdmin.body.removalReason], [200, 'owner is off shift'])
    assert.equal((await api.as('admin').post('/api/tags/999999/remove', {})).status, 404)
  })

  for (const [what, kind, equipmentKind, id, problem] of [
    ['a section that is none', 'work_permit', 'section', 'a9', /must be a section/],
    ['a switch that is none', 'work_permit', 'switch', 'sw-9', /must be a switch of the network/],
    ['a source as a switch', 'work_permit', 'switch', 'src-a', /is a source: say so/],
    ['a switch as a device', 'do_not_operate', 'device', 'sw-a', /is a switch: say so/],
    ['a transformer that is none', 'work_permit', 'transformer', 'tr-9', /must be a transformer/],
    ['a device that is none', 'do_not_operate', 'device', 'm-9', /must be a device/],
  ] as const)
    it(`does not hang on ${what}`, async () => {
      const reply = await place(kind, equipmentKind, id)
      assert.equal(reply.status, 400, reply.text)
      assert.match(reply.body.detail, problem)
    })

  it('hangs on a transformer, an earth switch, a source and a meter', async () => {
    for (const [kind, id] of [
      ...([
        ['transformer', 'tr-a2'],
        ['earth_switch', 'es-a2'],
        ['source', 'src-b'],
        ['device', 'm-1'],
      ] as const),
    ]) {
      const reply = await place('do_not_operate', kind, id)
      assert.equal(reply.status, 201, `${id}: ${reply.text}`)
    }
    assert.equal(await refusedToClose('sw-a'), 1, 'of the transformer’s section')
    assert.equal(await refusedToClose('src-b'), 1)
  })

  it('hot line takes the word of the device that its reclosing is blocked', async () => {
    const refused = await place('hot_line', 'section', 'a2')
    assert.deepEqual([refused.status, refused.body.code], [409, 'reclose-not-confirmed'])
    assert.match(refused.body.detail, /sw-a has not confirmed/)
    assert.equal(await refusedToClose('tie'), 0, 'what was refused does not hang')
    await say(database(), 'sw-a', { at: platformClock.now() + 10, recloseBlocked: true })
    assert.equal((await place('hot_line', 'section', 'a2')).status, 201)
    assert.equal(await refusedToClose('tie'), 1)
    const unblock = { deviceId: 'sw-a', type: 'unblock_reclose' as const, args: {} }
    assert.equal((await forbidding(database(), unblock, platformClock.now()))[0]?.interlock, 'tagged')
  })

  it('is refused while something is under way that it would forbid', async () => {
    const enter = (type: string, deviceId: string) =>
      database().query(
        `insert into command (command_id, device_id, type, args, body_hash, plan, capabilities, requested_by, state, requested_at,
           expires_at, state_since, in_flight, changed)
         values (gen_random_uuid(), $1, $2, '{}', '', '{}', '{}', 'x', 'unknown', to_timestamp(0), to_timestamp(0),
           to_timestamp(0), true, 1)`,
        [deviceId, type],
      )
    const over = () => database().query('update command set in_flight = false')
    for (const [type, id] of [
      ['close', 'tie'],
      ['connect', 'm-1'],
    ] as const) {
      await enter(type, id)
      const reply = await place('work_permit', 'section', 'a2')
      assert.deepEqual([reply.status, reply.body.code], [409, 'command-under-way'], reply.text)
      assert.ok(reply.body.detail.includes(`${type} ${id}, is under way`))
      assert.equal((await place('work_permit', 'section', 'b1')).status, type === 'close' ? 409 : 201)
      await over()
    }
    await enter('open', 'sw-a')
    assert.equal((await place('work_permit', 'section', 'a2')).status, 201)
    await over()
  })

  it('a viewer places none', async () => {
    assert.deepEqual((await place('work_permit', 'section', 'a2', 'viewer')).body.code, 'wrong-role')
  })
})
