import assert from 'node:assert/strict'
import type { Identity } from '../../../platform/access/identity.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { limitsNow } from './limits-now.ts'
import { isTemporary, setLimit, takeBack, type WantedLimit } from './set-limit.ts'
import { buildTown, townAt } from './town.fixture.ts'

const hour = 3_600_000

describe('a limit that somebody sets', () => {
  const store = useDatabase()
  const settings = { defaultLimitKw: null, globalLimitKw: null, timeZone: 'America/Sao_Paulo' }
  const asked = (role: Identity['role']) => ({
    ...{ identity: { username: role, role } as Identity, at: townAt, wallAt: townAt },
  })
  const wanted: WantedLimit = {
    ...{ feederId: 'f-1', line: 'total', direction: 'import', value: 50, unit: 'kw', reason: 'hot' },
    ...{ validFrom: undefined, validUntil: townAt + hour, schedule: null },
  }
  const set = (more: Partial<WantedLimit> = {}, role: Identity['role'] = 'engineer') =>
    setLimit(store.database, { ...wanted, ...more }, asked(role), settings)

  before(() => buildTown(store))

  it('is temporary for up to a week, outside of schedules', () => {
    const schedule = { days: [1], from: '10:00', until: '11:00', timeZone: null }
    assert.deepEqual(
      [
        isTemporary({ validUntil: townAt + 168 * hour, schedule: null }, townAt),
        isTemporary({ validUntil: townAt + 168 * hour + 1, schedule: null }, townAt),
        isTemporary({ validUntil: null, schedule: null }, townAt),
        isTemporary({ validUntil: townAt + hour, schedule }, townAt),
      ],
      [true, false, false, false],
    )
  })

  it('is in force until it ends or is taken back', async () => {
    const { limitId } = await set({}, 'operator')
    const now = (at: number) => limitsNow(store.database, 'f-1', at, settings)
    assert.deepEqual((await now(townAt)).limits.at(-1), {
      ...{ line: 'total', direction: 'import', limitKw: 50, source: `limit:${limitId}`, expiresAt: townAt + hour },
    })
    assert.equal((await now(townAt + hour)).limits.length, 2)
    await takeBack(store.database, 'f-1', limitId, null, asked('operator'))
    assert.equal((await now(townAt)).limits.length, 2)
    await assert.rejects(takeBack(store.database, 'f-1', limitId, null, asked('operator')), { status: 409 })
  })

  it('begins later where that is asked for, and is temporary by when it ends', async () => {
    const { limitId } = await set({ validFrom: townAt + hour, validUntil: townAt + 2 * hour }, 'operator')
    const { limits, changesAt } = await limitsNow(store.database, 'f-1', townAt, settings)
    assert.deepEqual([limits.length, changesAt], [2, townAt + hour])
    await takeBack(store.database, 'f-1', limitId, 'not needed', asked('operator'))
  })

  it('is one of a hundred at most', async () => {
    await store.database.query(
      `insert into feeder_limit (feeder_id, line, direction, value, unit, validity, reason, set_by, set_at)
       select 'f-2', 'total', 'import', 100, 'kw', tstzrange(to_timestamp($1::float8 / 1000), null), 'x', 'ana', to_timestamp(0)
       from generate_series(1, 100)`,
      [townAt],
    )
    await assert.rejects(set({ feederId: 'f-2' }), /100 limits of feeder f-2 stand already/)
  })

  it('lasts only where the fallbacks fit into it, and is kept for a while all the same', async () => {
    await store.database.query(`update device set fallback_kw = 22 where device_id = 'ev-2'`)
    await assert.rejects(set({ feederId: 'f-1a', value: 20, validUntil: null }), { status: 409, code: 'beyond-limit' })
    const { warnings } = await set({ feederId: 'f-1a', value: 20 })
    assert.deepEqual(
      warnings.map(({ exceeded }) => [exceeded.feederId, exceeded.flowKw, exceeded.limitKw]),
      [['f-1a', 22, 20]],
    )
    assert.deepEqual((await set({ feederId: 'f-1a', value: 30, validUntil: null })).warnings, [])
  })

  it('is of a feeder that there is', () => assert.rejects(set({ feederId: 'f-9' }), { status: 404 }))
})
