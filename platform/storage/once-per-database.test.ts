import assert from 'node:assert/strict'
import type { Database } from './database.ts'
import { OncePerDatabase } from './once-per-database.ts'

describe('what is kept once a database', () => {
  const [one, other] = [{}, {}] as [Database, Database]
  let closed: string[]
  let shared: OncePerDatabase<{ readonly name: string; close(): Promise<void> }>
  const keep = (database: Database, name: string) =>
    shared.keep(database, () => ({ name, close: async () => void closed.push(name) }))

  beforeEach(() => {
    closed = []
    shared = new OncePerDatabase()
  })

  it('is the same for all who want it, and another of another database', () => {
    assert.equal(keep(one, 'first').kept, keep(one, 'second').kept)
    assert.equal(keep(other, 'third').kept.name, 'third')
    assert.deepEqual([shared.of(one)!.name, shared.size], ['first', 2])
  })

  it('ends with the last who releases it, once', async () => {
    const [first, second] = [keep(one, 'first'), keep(one, 'second')]
    await first.release()
    await first.release()
    assert.deepEqual([closed, shared.of(one)?.name], [[], 'first'])
    await second.release()
    assert.deepEqual([closed, shared.of(one)], [['first'], undefined])
  })

  it('is begun anew by who comes after its end', async () => {
    await keep(one, 'first').release()
    assert.equal(keep(one, 'second').kept.name, 'second')
  })

  it('is not kept where it could not begin', () => {
    assert.throws(() => shared.keep(one, () => assert.fail('no')), /no/)
    assert.equal(shared.of(one), undefined)
  })
})
