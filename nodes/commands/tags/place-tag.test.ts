import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { forbiddingDispatch } from '../interlocks/forbidding.ts'
import { buildSwitchedField, sayAllIsNormal, tuesday } from '../interlocks/switching.fixture.ts'
import { placeTag } from './place-tag.ts'
import { removeTag } from './remove-tag.ts'
import { findTag, hangingTags, insertTag } from './tag-repository.ts'

const of = (username: string) => ({
  ...{ username, role: 'operator' as const, sessionId: '', expiresAt: Infinity, sessionEndsAt: Infinity },
})
const onA3 = {
  kind: 'work_permit' as const,
  equipment: { kind: 'section' as const, id: 'a3' },
  document: null,
  reason: 'x',
}

describe('placing and removing tags', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await buildSwitchedField(test.database)
    await sayAllIsNormal(test.database)
    await test.database.query(`insert into user_account (username, role, origin, created_at, changed_at)
      select name, 'operator', 'api', to_timestamp(0), to_timestamp(0) from unnest(array['ana', 'bea']) name`)
  })
  const place = (username: string) =>
    test.database.transaction((client) => placeTag(queriesOf(client), onA3, of(username), tuesday, tuesday))
  const remove = (tagId: number, username: string) =>
    test.database.transaction((client) => removeTag(queriesOf(client), tagId, null, of(username), tuesday))

  it('a tag that is placed while a close is being dispatched waits for it, and is refused', async () => {
    const dispatcher = new Client(test.login)
    await dispatcher.connect()
    try {
      await dispatcher.query('begin')
      const queries = queriesOf(dispatcher as never)
      await forbiddingDispatch(queries, [{ deviceId: 'sw-a', type: 'close', args: {} }], tuesday)
      await queries.query(
        `insert into command (command_id, device_id, type, args, body_hash, plan, capabilities, requested_by, state, requested_at,
           expires_at, state_since, in_flight, changed)
         values (gen_random_uuid(), 'sw-a', 'close', '{}', '', '{}', '{}', 'x', 'dispatched', to_timestamp(0), to_timestamp(0),
           to_timestamp(0), true, 1)`,
      )
      const placing = assert.rejects(place('ana'), /close sw-a, is under way/)
      await waitUntil('it to wait', async () => {
        const waiting = await test.database.query(`select from pg_locks where locktype = 'advisory' and not granted`)
        return waiting.length > 0
      })
      await dispatcher.query('commit')
      await placing
      assert.deepEqual(await hangingTags(test.database, tuesday), [])
    } finally {
      await dispatcher.end()
      await test.database.query('update command set in_flight = false')
    }
  })

  it('an owner who was renamed is its owner still, and whoever took the name is not', async () => {
    const { tagId } = await place('ana')
    await test.database.query(`update user_account set username = 'anabela' where username = 'ana'`)
    await test.database.query(`update user_account set username = 'ana' where username = 'bea'`)
    await assert.rejects(remove(tagId, 'ana'), /its owner removes it, or a supervisor/)
    assert.equal((await remove(tagId, 'anabela')).removal?.by, 'anabela')
    await test.database.query(`update user_account set username = 'bea' where username = 'ana'`)
    await test.database.query(`update user_account set username = 'ana' where username = 'anabela'`)
  })

  it('of two who remove it at once one does', async () => {
    const { tagId } = await place('ana')
    const both = await Promise.allSettled([remove(tagId, 'ana'), remove(tagId, 'ana')])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.equal((await findTag(test.database, tagId))?.removal?.at, tuesday)
  })

  it('one on a transformer is of the section that the transformer hangs on then', async () => {
    const equipment = { kind: 'transformer' as const, id: 'tr-a2' }
    await insertTag(test.database, { ...onA3, equipment, ownerId: 1, owner: 'ana', placedAt: tuesday })
    await test.database.query(
      `update network_transformer set validity = tstzrange(to_timestamp($1::float8 / 1000), null)`,
      [tuesday],
    )
    const sections = async (now: number) =>
      (await hangingTags(test.database, now)).map(({ transformerSectionId }) => transformerSectionId)
    assert.deepEqual([await sections(tuesday), await sections(tuesday - 1)], [['a2'], [null]])
  })
})
