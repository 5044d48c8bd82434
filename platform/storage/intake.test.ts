import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { DatabaseError } from 'pg'
import { DatabaseUnavailable } from './database.ts'
import { Intake, IntakeRefused, judgeTransaction } from './intake.ts'

interface Item {
  readonly subject: string
}

/** A store that answers when it is told to, in the place of a database. */
function heldStore() {
  const stored: string[][] = []
  const answers: { commit(): void; fail(error: Error): void }[] = []
  const store = (conditions: readonly Item[]): Promise<readonly { readonly id: number }[]> => {
    stored.push(conditions.map(({ subject }) => subject))
    return new Promise((resolve, reject) =>
      answers.push({
        commit: () => resolve(conditions.map((_, id) => ({ id }))),
        fail: reject,
      }),
    )
  }
  const answer = async (act: (one: { commit(): void; fail(error: Error): void }) => void): Promise<void> => {
    while (answers.length === 0) await new Promise(setImmediate)
    act(answers.shift()!)
  }
  return {
    stored,
    store,
    commit: () => answer((one) => one.commit()),
    fail: (error: Error) => answer((one) => one.fail(error)),
  }
}

const words = { items: 'conditions', kept: 'alarms' }

const intakeOver = (
  store: ReturnType<typeof heldStore>['store'],
  judge: (error: unknown) => 'again' | 'refused' | 'failed' = () => 'failed',
): Intake<Item, { readonly id: number }> =>
  new Intake({ words, mostWaiting: 5, mostAtOnce: 3, store, ready: () => Promise.resolve(), judge })

const conditions = (...subjects: string[]): Item[] => subjects.map((subject) => ({ subject }))

describe('an intake', () => {
  it('gathers what comes meanwhile into the next transaction, in its order, and answers each for itself', async () => {
    const { store, stored, commit } = heldStore()
    const intake = intakeOver(store)
    const taken = [['a'], ['b'], ['c', 'd']].map((subjects) => intake.take(conditions(...subjects)))
    await commit()
    await commit()
    assert.deepEqual(await Promise.all(taken), [[{ id: 0 }], [{ id: 0 }], [{ id: 1 }, { id: 2 }]])
    assert.deepEqual(stored, [['a'], ['b', 'c', 'd']])
    assert.equal(intake.waiting, 0)
  })

  it('takes no more than may wait, and says so; then it does again', async () => {
    const { store, commit } = heldStore()
    const intake = intakeOver(store)
    const taken = intake.take(conditions('a', 'b', 'c'))
    await assert.rejects(intake.take(conditions('d', 'e', 'f')), (error: Error) => {
      assert.ok(error instanceof IntakeRefused)
      return /^3 conditions wait to be stored, with 3 more there would be over 5/.test(error.message)
    })
    await commit()
    await taken
    const next = intake.take(conditions('d', 'e', 'f'))
    await commit()
    assert.equal((await next).length, 3)
  })

  it('tries again what failed for another reason than itself', async () => {
    const { store, stored, commit, fail } = heldStore()
    const intake = intakeOver(store, () => 'again')
    const taken = intake.take(conditions('a'))
    await fail(new Error('deadlock'))
    await commit()
    await taken
    assert.deepEqual(stored, [['a'], ['a']])
  })

  it('takes apart what the database refuses: what stood beside it is stored', async () => {
    const { store, stored, commit, fail } = heldStore()
    const intake = intakeOver(store, () => 'refused')
    const first = intake.take(conditions('a'))
    const taken = Promise.allSettled(['bad', 'good'].map((subject) => intake.take(conditions(subject))))
    await commit()
    await first
    await fail(new Error('refused'))
    await fail(new Error('refused by itself'))
    await commit()
    const [bad, good] = await taken
    assert.equal((bad as PromiseRejectedResult).reason.message, 'refused by itself')
    assert.equal(good!.status, 'fulfilled')
    assert.deepEqual(stored, [['a'], ['bad', 'good'], ['bad'], ['good']])
  })

  it('stores what waits before it closes, and takes no more', async () => {
    const { store, commit } = heldStore()
    const intake = intakeOver(store)
    const taken = intake.take(conditions('a'))
    const closed = intake.close()
    await assert.rejects(intake.take(conditions('b')), /alarms are kept no more/)
    await commit()
    await Promise.all([taken, closed])
  })

  it('refuses what waits where nothing can be stored before it is closed', async function () {
    this.timeout(60_000)
    const { promise: never } = Promise.withResolvers<void>()
    const { store } = heldStore()
    const ready = (signal: AbortSignal): Promise<void> =>
      Promise.race([
        never,
        new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ])
    const intake = new Intake({ words, mostWaiting: 5, mostAtOnce: 3, store, ready, judge: () => 'again' })
    const taken = Promise.allSettled([intake.take(conditions('a')), intake.take(conditions('b'))])
    await intake.close()
    for (const one of await taken)
      assert.match(
        (one as PromiseRejectedResult).reason.message,
        /alarms are kept no more: the conditions were not stored/,
      )
  })

  it('judges a transaction by why it failed', () => {
    const said = (code: string): DatabaseError => Object.assign(new DatabaseError('no', 2, 'error'), { code })
    assert.equal(judgeTransaction(new DatabaseUnavailable('away')), 'again')
    assert.equal(judgeTransaction(said('40P01')), 'again')
    assert.equal(judgeTransaction(said('23505')), 'refused')
    assert.equal(judgeTransaction(said('42601')), 'failed')
  })
})
