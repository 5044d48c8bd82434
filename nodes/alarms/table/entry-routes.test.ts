import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { defaultDefinitions } from '../domain/default-table.ts'
import { entryId, path, useTableApi } from './table-api.fixture.ts'

const entryPath = `${path}/entries/${entryId}`
const isCsv = { 'content-type': 'text/csv' }

describe('the master alarm table over the API', function () {
  this.timeout(60_000)
  const { api, engineer, newest, definitionOf, put, lastAccess } = useTableApi()

  it('is as shipped at first, for everybody who may read', async () => {
    const { body } = await api.as('viewer').get(path)
    assert.deepEqual([body.version, body.items.length], [0, defaultDefinitions.length])
    const { scope, shipped, override, className, priority, operatorAction } = body.items.find(
      (entry: { entryId: string }) => entry.entryId === entryId,
    )
    assert.deepEqual(scope, { area: 'telemetry', kind: 'device-silent', feederId: null, subject: null })
    assert.deepEqual([shipped, override, className, priority], [true, null, 'equipment', 'low'])
    assert.match(operatorAction.pt, /Veja quantos estão mudos/)
    assert.equal((await api.as().get(path)).status, 401)
  })

  it('is changed by a version that tells who, when and why', async () => {
    const { status, body } = await put({ priority: 'high' })
    assert.equal(status, 200)
    assert.deepEqual([body.version, body.entry.priority, body.entry.override.changedBy], [1, 'high', 'engineer'])
    const { event, username, subject, detail } = await lastAccess()
    assert.deepEqual([event, username, subject], ['alarm_table_changed', 'engineer', `alarm ${entryId}`])
    assert.equal(detail, 'version 1: review')
    const { body: version } = await engineer().get(`${path}/versions/1`)
    assert.deepEqual([version.changedBy, version.reason], ['engineer', 'review'])
    assert.deepEqual(version.changes, [
      { of: 'entry', key: entryId, change: 'changed', fields: [{ field: 'priority', before: 'low', after: 'high' }] },
    ])
  })

  it('makes no version of what is so already', async () => {
    const { body } = await put({ priority: 'high' })
    assert.equal(body.version, 1)
  })

  it('refuses a change that is based on an older version', async () => {
    const { status, body } = await put({ priority: 'medium' }, { version: 0 })
    assert.equal(status, 409)
    assert.match(body.detail, /based on version 0 .* at version 1/)
    assert.equal((await lastAccess()).event, 'alarm_table_refused')
    assert.equal((await put({ priority: 'medium' }, { version: 7 })).status, 409)
  })

  it('lets one of two changes at once through, and tells the other', async () => {
    const version = await newest()
    const replies = await Promise.all(
      ['medium', 'critical', 'low', 'high'].map((priority, at) => put({ priority, setPoint: at }, { version })),
    )
    assert.deepEqual(
      replies.map(({ status }) => status).toSorted((one, other) => one - other),
      [200, 409, 409, 409],
    )
    assert.equal(await newest(), version + 1)
  })

  for (const role of ['viewer', 'operator'] as const)
    it(`refuses ${role}s, and takes it down`, async () => {
      const definition = await definitionOf()
      const asked = api.as(role)
      const { status, body } = await asked.put(entryPath, { version: await newest(), reason: 'mine', definition })
      assert.deepEqual([status, body.detail], [403, `the role ${role} does not have the right configure-alarms`])
      const { event, username, detail } = await lastAccess()
      assert.deepEqual([event, username], ['alarm_table_refused', role])
      assert.match(detail!, /does not have the right configure-alarms \(given reason: mine\)/)
      const query = `?version=${await newest()}&reason=mine`
      assert.equal((await asked.delete(`${entryPath}${query}`)).status, 403)
      assert.equal((await asked.post(`${path}/import${query}`, 'area\r\n', isCsv)).status, 403)
      assert.equal((await asked.delete(`/api/alarms/classes/safety${query}`)).status, 403)
    })

  it('refuses what cannot be, naming field and value', async () => {
    const { status, body } = await put({ onDelayMs: 3_600_000, timeToRespondMs: 60_000, explainedBy: ['x/y'] })
    assert.equal(status, 400)
    assert.deepEqual(
      body.errors.map(({ field, value }: { field: string; value: unknown }) => [field, value]),
      [
        ['body.definition.onDelayMs', 3_600_000],
        ['body.definition.explainedBy', 'x/y'],
      ],
    )
    assert.equal((await lastAccess()).event, 'alarm_table_refused')
    assert.equal((await put({}, { id: 'telemetry~storm~*~*' })).body.errors[0].field, 'path.entryId')
    assert.match((await put({}, { id: 'telemetry' + '-silent' })).body.detail, /must be area~kind~feeder~subject/)
  })

  it('takes entries for one feeder, and takes them back', async () => {
    const id = 'telemetry~device-silent~f-1~*'
    const { body } = await put({ priority: 'critical' }, { id })
    assert.deepEqual([body.entry.shipped, body.entry.scope.feederId], [false, 'f-1'])
    const query = `?version=${body.version}&reason=over`
    assert.equal((await engineer().delete(`${path}/entries/${id}${query}`)).body.version, body.version + 1)
    assert.equal((await engineer().get(`${path}/entries/${id}`)).status, 404)
    const before = await engineer().get(`${path}/entries/${id}?version=${body.version}`)
    assert.equal(before.body.priority, 'critical')
    const again = await engineer().delete(`${path}/entries/${id}?version=${body.version + 1}&reason=over`)
    assert.equal(again.status, 404)
    const other = (await put({ priority: 'high' }, { id })).body.version
    assert.equal((await engineer().delete(`${path}/entries/${id}?version=${other - 1}&reason=over`)).status, 409)
  })
})
