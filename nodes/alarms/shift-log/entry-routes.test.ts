import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { entryRoutes } from './entry-routes.ts'

describe('the shift log over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [entryRoutes] })
  const path = '/api/shift-log'
  const write = (body: object) => api.as('operator').post(path, body)

  it('is written and read by who operates, the newest entry first', async () => {
    const first = await write({ text: 'Section 4 opened.', responsibility: 'North' })
    assert.equal(first.status, 201)
    assert.deepEqual(
      [first.body.text, first.body.responsibility, first.body.username, first.body.role, first.body.corrects],
      ['Section 4 opened.', 'North', 'operator', 'operator', null],
    )
    const second = await api.as('engineer').post(path, { text: 'Crew 7 is on site.' })
    const { body } = await api.as('admin').get(path)
    assert.deepEqual(body.items, [second.body, first.body])
  })

  it('is no business of a viewer', async () => {
    assert.equal((await api.as('viewer').get(path)).status, 403)
    assert.equal((await api.as('viewer').post(path, { text: 'x' })).status, 403)
  })

  it('is put right by another entry that names the one that was wrong, and never changed', async () => {
    const wrong = await write({ text: 'Closed at 14:10.' })
    const right = await write({ text: 'Closed at 15:10.', corrects: wrong.body.entryId })
    const { body } = await api.as('operator').get(`${path}?limit=2`)
    assert.deepEqual(
      body.items.map(({ corrects, correctedBy }: { corrects: number; correctedBy: number[] }) => [
        corrects,
        correctedBy,
      ]),
      [[wrong.body.entryId, []], [null, [right.body.entryId]]], // prettier-ignore
    )
    for (const sql of [`update shift_entry set text = 'x'`, 'delete from shift_entry'])
      await assert.rejects(api.database.database.query(sql))
    const none = await write({ text: 'x', corrects: 999_999 })
    assert.equal(none.status, 400)
    assert.match(none.body.detail, /body\.corrects is 999999: it must be an entry/)
  })

  it('takes texts of one to 2,000 characters and responsibilities of up to 80', async () => {
    assert.equal((await write({ text: 'é'.repeat(2_000), responsibility: 'ç'.repeat(80) })).status, 201)
    for (const body of [
      { text: '' },
      { text: '   ' },
      { text: 'x'.repeat(2_001) },
      { text: 'x', responsibility: 'x'.repeat(81) },
    ])
      assert.equal((await write(body)).status, 400, JSON.stringify(body).slice(0, 40))
  })

  it('is read page by page, of a user, of a responsibility, of a time', async () => {
    const all = (await api.as('operator').get(path)).body.items
    const read: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await api.as('operator').get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`)
      assert.ok(body.items.length <= 2)
      read.push(...body.items)
      cursor = body.nextCursor
    }
    assert.deepEqual(read, all)
    const count = async (query: string): Promise<number> =>
      (await api.as('operator').get(`${path}?${query}`)).body.items.length
    assert.equal(await count('username=ENGINEER'), 1)
    assert.equal(await count('responsibility=North'), 1)
    assert.equal(await count(`from=${all[0].at}`), 1)
    assert.equal(await count(`to=${all[0].at}`), all.length - 1)
  })

  it('stands in the audit chain with who wrote it', async () => {
    const rows = await api.database.database.query<{ source: string }>(
      `select distinct source from audit_entry where table_name = 'shift_entry'`,
    )
    assert.deepEqual(rows, [{ source: 'shift-log' }])
  })
})
