import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { regulationOptions } from './options.ts'
import { regulationRoutes } from './routes.ts'

const path = '/api/quality/options'

interface Shown {
  readonly key: string
  readonly value: string | number
  readonly default: string | number
  readonly changes: readonly { value: unknown; reason: string; changedBy: string }[]
}

describe('routes of the options of the norm', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [regulationRoutes] })

  it('list what is uncertain, to all who may read, and not who changed it', async () => {
    const { status, body, text } = await test.as('viewer').get(path)
    assert.equal(status, 200)
    const { items } = body as { items: Shown[] }
    assert.deepEqual(
      items.map(({ key }) => key),
      Object.keys(regulationOptions),
    )
    assert.ok(items.every((item) => item.value === item.default))
    assert.doesNotMatch(text, /changedBy/)
  })

  it('change one, with a reason, and keep who, when and why', async () => {
    const given = { value: 0.95, reason: ' Ofício 123/2026 ' }
    const { status, body } = await test.as('admin').put(`${path}/voltage-minimum-coverage`, given)
    assert.deepEqual([status, (body as Shown).value, (body as Shown).default], [200, 0.95, 0.9])
    const [change] = (body as Shown).changes
    assert.deepEqual([change!.value, change!.reason, change!.changedBy], [0.95, 'Ofício 123/2026', 'admin'])
    const again = { value: null, reason: 'withdrawn' }
    await test.as('admin').put(`${path}/voltage-minimum-coverage`, again)
    const now = (await test.as('admin').get(`${path}/voltage-minimum-coverage`)).body as Shown
    assert.equal(now.value, 0.9)
    assert.deepEqual(
      now.changes.map(({ value }) => value),
      [null, 0.95],
    )
    const entries = await test.database.database.query<{ username: string; subject: string; detail: string }>(
      "select username, subject, detail from access_log where event = 'option_changed' order by id",
    )
    assert.deepEqual(
      entries.map(({ username, subject, detail }) => [username, subject, detail]),
      [
        ['admin', 'option voltage-minimum-coverage', '0.9 to 0.95: Ofício 123/2026'],
        ['admin', 'option voltage-minimum-coverage', '0.95 to 0.9: withdrawn'],
      ],
    )
  })

  it('change a choice', async () => {
    const { body } = await test.as('admin').put(`${path}/voltage-last-month`, { value: 'by-days', reason: 'Ofício' })
    assert.equal((body as Shown).value, 'by-days')
    const { items } = (await test.as('viewer').get(path)).body as { items: Shown[] }
    assert.equal(items.find(({ key }) => key === 'voltage-last-month')!.value, 'by-days')
  })

  it('refuse a value that the option does not take, and a change without a reason', async () => {
    for (const [key, body, field] of [
      ['voltage-minimum-coverage', { value: 1.1, reason: 'x' }, 'body.value'],
      ['voltage-notice-days', { value: 1.5, reason: 'x' }, 'body.value'],
      ['voltage-last-month', { value: 'all', reason: 'x' }, 'body.value'],
      ['voltage-last-month', { value: 'none', reason: '  ' }, 'body.reason'],
    ] as const) {
      const answer = await test.as('admin').put(`${path}/${key}`, body)
      const { errors } = answer.body as { errors: { field: string }[] }
      assert.deepEqual([answer.status, errors.map((error) => error.field)], [400, [field]], answer.text)
    }
    const told = await test.as('admin').put(`${path}/voltage-last-month`, { value: 'all', reason: 'x' })
    assert.equal((told.body as { detail: string }).detail, 'body.value is "all": it must be whole or by-days or none')
    assert.equal((await test.as('admin').put(`${path}/voltage-last-month`, { value: 'none' })).status, 400)
  })

  it('know no other options', async () => {
    for (const key of ['voltage', 'toString']) {
      assert.equal((await test.as('admin').get(`${path}/${key}`)).status, 404)
      assert.equal((await test.as('admin').put(`${path}/${key}`, { value: 1, reason: 'x' })).status, 404)
    }
  })

  it('are changed by admins alone', async () => {
    const change = { value: 20, reason: 'x' }
    for (const role of ['viewer', 'operator', 'engineer'] as const)
      assert.equal((await test.as(role).put(`${path}/voltage-notice-days`, change)).status, 403)
    assert.equal((await test.as().get(path)).status, 401)
  })
})
