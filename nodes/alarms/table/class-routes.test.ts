import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { entryId, path, useTableApi } from './table-api.fixture.ts'

describe('classes of alarms over the API', function () {
  this.timeout(60_000)
  const { engineer, newest, put } = useTableApi()

  const classes = '/api/alarms/classes'
  const content = async (name: string) => {
    const { body } = await engineer().get(classes)
    const {
      name: _n,
      shipped: _s,
      override: _o,
      ...rest
    } = body.items.find((one: { name: string }) => one.name === name)
    return rest
  }
  const putClass = async (name: string, of: object) =>
    engineer().put(`${classes}/${name}`, { version: await newest(), reason: 'night shift', class: of })

  it('has limits of shelving and escalation, which can be changed', async () => {
    const equipment = await content('equipment')
    assert.equal(equipment.mostShelvedMs, 72 * 3_600_000)
    const { status, body } = await putClass('equipment', { ...equipment, mostShelvedMs: 3_600_000 })
    assert.deepEqual([status, body.class.mostShelvedMs, body.class.override.reason], [200, 3_600_000, 'night shift'])
    const { body: version } = await engineer().get(`${path}/versions/${body.version}`)
    assert.deepEqual(version.changes[0].fields, [{ field: 'mostShelvedMs', before: 259_200_000, after: 3_600_000 }])
    const back = await engineer().delete(`${classes}/equipment?version=${body.version}&reason=day`)
    assert.equal(back.status, 200)
    assert.deepEqual(await content('equipment'), equipment)
  })

  it('refuses a limit of nothing, and a role that nobody has', async () => {
    const equipment = await content('equipment')
    const none = await putClass('equipment', { ...equipment, mostShelvedMs: 0 })
    assert.equal(none.body.errors[0].field, 'body.class.mostShelvedMs')
    const escalation = [{ afterMs: 60_000, role: 'president', channel: null }]
    const nobody = await putClass('equipment', { ...equipment, escalation })
    assert.deepEqual([nobody.status, nobody.body.errors[0].value], [400, 'president'])
  })

  it('keeps a class of its own for as long as an entry names it', async () => {
    const { body } = await putClass('night', await content('equipment'))
    assert.equal(body.class.shipped, false)
    await put({ className: 'night' })
    const remove = async () => engineer().delete(`${classes}/night?version=${await newest()}&reason=day`)
    const refused = await remove()
    assert.deepEqual([refused.status, refused.body.errors[0].field], [400, `${entryId}.className`])
    await put({ className: 'equipment' })
    assert.equal((await remove()).status, 200)
  })
})
