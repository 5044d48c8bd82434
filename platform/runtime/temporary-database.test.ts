import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PostgresPlace } from './postgres-place.ts'
import { forgetTemporary, newTemporaryPlace } from './temporary-database.ts'

describe('temporary database', function () {
  this.timeout(30_000)
  const places: PostgresPlace[] = []
  afterEach(() => places.splice(0).forEach(forgetTemporary))
  const folderOf = ({ dataDirectory }: PostgresPlace): string => dirname(dataDirectory)
  async function make(): Promise<PostgresPlace> {
    const { place } = await newTemporaryPlace()
    places.push(place)
    return place
  }

  it('has a place and passwords of its own, and nothing of it stays', async () => {
    const [one, other] = [await newTemporaryPlace(), await newTemporaryPlace()]
    places.push(one.place, other.place)
    assert.notEqual(one.place.dataDirectory, other.place.dataDirectory)
    assert.notEqual(one.secrets.databaseOwner, other.secrets.databaseOwner)
    for (const { place } of [one, other]) {
      forgetTemporary(place)
      assert.equal(existsSync(folderOf(place)), false)
      forgetTemporary(place)
    }
  })

  it('removes what a killed starter has left, and leaves alone what is in use or not known', async () => {
    const [left, unknown, used] = [await make(), await make(), await make()]
    const { pid: dead } = spawnSync(process.execPath, ['-e', ''])
    writeFileSync(join(folderOf(left), 'starter'), String(dead))
    // Its starter has not come to the point of saying who it is.
    writeFileSync(join(folderOf(unknown), 'starter'), '')
    await make()
    assert.deepEqual(
      [left, unknown, used].map((place) => existsSync(folderOf(place))),
      [false, true, true],
    )
  })
})
