import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import fc from 'fast-check'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { answersFor } from '../domain/responsibility.ts'
import {
  assignUsers,
  listAreas,
  putArea,
  scopeOfArea,
  scopeOfUser,
  unknownFeeders,
} from './responsibility-repository.ts'

describe('areas of responsibility', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const at = Date.UTC(2026, 10, 21, 12)
  const put = (name: string, feederIds: string[] | null, conditionAreas: string[] | null = null) =>
    putArea(test.database, { name, feederIds, conditionAreas }, 'engineer', at)

  beforeEach(async () => {
    await test.database.query(
      'with a as (delete from responsibility_assignment), f as (delete from feeder) delete from user_account',
    )
    await test.database.query('delete from responsibility_area')
    await test.database.query(
      `insert into feeder (feeder_id, parent_feeder_id) values ('trunk', null), ('branch', 'trunk'), ('twig', 'branch'), ('other', null)`,
    )
    await test.database.query(
      `insert into user_account (username, role, origin, created_at, changed_at)
       select name, 'operator', 'api', to_timestamp(0), to_timestamp(0) from unnest(array['ana', 'Bia']) name`,
    )
  })

  it('a user without any answers for everything', async () => {
    await put('north', ['trunk'])
    assert.equal(await scopeOfUser(test.database, 'ana'), null)
  })

  it('a user answers for what is on the feeders of all areas, and below them', async () => {
    await put('north', ['branch'])
    await put('quality', null, ['voltage'])
    await assignUsers(test.database, 'north', ['ana'])
    await assignUsers(test.database, 'quality', ['ANA', 'bia'])
    assert.deepEqual([...(await scopeOfUser(test.database, 'Ana'))!].toSorted(), [
      ...['*/voltage', 'branch/*', 'operator', 'twig/*'],
    ])
    assert.deepEqual([...(await scopeOfUser(test.database, 'Bia'))!], ['operator', '*/voltage'])
    assert.deepEqual(
      (await listAreas(test.database)).map(({ name, usernames }) => [name, usernames]),
      [['north', ['ana']], ['quality', ['ana', 'Bia']]], // prettier-ignore
    )
  })

  it('an area is known by its name', async () => {
    await put('north', ['trunk'], ['voltage'])
    assert.deepEqual([...(await scopeOfArea(test.database, 'north'))!].toSorted(), [
      'branch/voltage',
      'trunk/voltage',
      'twig/voltage',
    ])
    assert.equal(await scopeOfArea(test.database, 'south'), undefined)
  })

  it('a feeder that comes below one later is in its area from then on', async () => {
    await put('north', ['trunk'])
    await test.database.query(`update feeder set parent_feeder_id = 'twig' where feeder_id = 'other'`)
    assert.ok((await scopeOfArea(test.database, 'north'))!.has('other/*'))
  })

  it('feeders below each other in a circle come to an end', async () => {
    await test.database.query(`update feeder set parent_feeder_id = 'twig' where feeder_id = 'trunk'`)
    await put('north', ['branch'])
    assert.equal((await scopeOfArea(test.database, 'north'))!.size, 3)
  })

  it('names users and feeders that are none, and then changes nothing', async () => {
    await put('north', null)
    await assignUsers(test.database, 'north', ['ana'])
    assert.deepEqual(await assignUsers(test.database, 'north', ['bia', 'nobody']), ['nobody'])
    assert.deepEqual((await listAreas(test.database, 'north'))[0]!.usernames, ['ana'])
    assert.deepEqual(await unknownFeeders(test.database, ['trunk', 'nowhere']), ['nowhere'])
  })

  it('SQL and domain agree on what is inside (property)', async () => {
    const key = fc.tuple(fc.constantFrom('trunk', 'twig', '*'), fc.constantFrom('voltage', 'solar', '*'))
    const anyRole = fc.subarray(['operator', 'engineer', 'admin'])
    const anyScope = fc.option(
      fc
        .tuple(fc.array(key, { maxLength: 3 }), anyRole)
        .map(([keys, roles]) => new Set([...keys.map((each) => each.join('/')), ...roles])),
      { nil: null },
    )
    const anyFeeder = fc.constantFrom('trunk', 'twig', 'other', null)
    const anyArea = fc.constantFrom('voltage', 'solar', 'continuity')
    await fc.assert(
      fc.asyncProperty(anyScope, anyFeeder, anyArea, anyRole, async (scope, feederId, area, escalatedTo) => {
        const [row] = await test.database.query<{ inside: boolean; standing: boolean }>(
          'select answers_for($1::text[], $2, $3) as inside, answers_for($1::text[], $2, $3, $4::text[]) as standing',
          [scope && [...scope], feederId, area, escalatedTo],
        )
        assert.equal(row!.inside, answersFor(scope, { feederId, area }))
        assert.equal(row!.standing, answersFor(scope, { feederId, area, escalatedTo }))
      }),
      { numRuns: 200 },
    )
  })
})
