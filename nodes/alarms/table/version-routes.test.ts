import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { entryId, path, useTableApi } from './table-api.fixture.ts'

const entryPath = `${path}/entries/${entryId}`

describe('versions of the master alarm table', function () {
  this.timeout(60_000)
  const { api, engineer, newest, put } = useTableApi()

  before(async () => {
    for (const priority of ['high', 'medium', 'critical']) assert.equal((await put({ priority })).status, 200)
  })

  it('can be seen as it was, and its versions in their order', async () => {
    assert.equal((await engineer().get(`${entryPath}?version=0`)).body.priority, 'low')
    assert.equal((await engineer().get(`${entryPath}?version=1`)).body.priority, 'high')
    assert.equal((await engineer().get(`${path}?version=1000`)).status, 404)
    const { body } = await engineer().get(`${path}/versions?limit=2`)
    const top = await newest()
    assert.deepEqual(
      body.items.map(({ version }: { version: number }) => version),
      [top, top - 1],
    )
    const next = await engineer().get(`${path}/versions?limit=2&cursor=${body.nextCursor}`)
    assert.equal(next.body.items[0].version, top - 2)
    assert.equal((await engineer().get(`${path}/versions/${top + 1}`)).status, 404)
  })

  it('keeps its versions: nobody changes or deletes one', async () => {
    for (const table of ['alarm_table_version', 'alarm_table_entry', 'alarm_table_class']) {
      await assert.rejects(api.services.database.query(`delete from ${table}`), new RegExp(table))
      await assert.rejects(api.services.database.query(`update ${table} set version = 9`), new RegExp(table))
    }
  })
})
