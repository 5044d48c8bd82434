import assert from 'node:assert/strict'
import { queriesOf } from '../storage/queries.ts'
import { useDatabase } from '../storage/test-database.ts'
import { accepts, type RegulationOption } from './option.ts'
import { defaultChoices, isOptionKey, OptionError, regulationChoices, regulationOptions } from './options.ts'
import { changesOf, insertChange } from './repository.ts'

describe('the options of the norm', function () {
  this.timeout(60_000)
  const store = useDatabase()
  const at = Date.UTC(2026, 10, 21)
  const set = (key: string, value: string | number | null, reason = 'as the regulator answered') =>
    insertChange(store.database, { key, value, reason, changedBy: 'admin' }, at)

  it('have a key, a question in both languages, a source, and a default that they take', () => {
    for (const [key, option] of Object.entries<RegulationOption>(regulationOptions)) {
      assert.match(key, /^[a-z0-9]+(-[a-z0-9]+)+$/)
      assert.ok(option.question.en.endsWith('?') || option.question.en.endsWith('.'), key)
      assert.notEqual(option.question.en, option.question.pt)
      assert.ok(option.source.length > 10, key)
      assert.ok(accepts(option, option.default), key)
      if (option.kind === 'choice') assert.ok(Object.keys(option.choices).length > 1, key)
    }
  })

  it('are their defaults where nobody chose otherwise', async () => {
    assert.deepEqual(await regulationChoices(store.database), defaultChoices)
    assert.equal(defaultChoices['voltage-regularisation-days-drp'], 90)
  })

  it('are what was chosen last; nothing chosen is the default again', async () => {
    await set('voltage-minimum-coverage', 0.8)
    await set('voltage-minimum-coverage', 0.95)
    await set('voltage-expurgated-disturbances', 'events')
    const expected = {
      ...defaultChoices,
      'voltage-minimum-coverage': 0.95,
      'voltage-expurgated-disturbances': 'events',
    }
    assert.deepEqual(await regulationChoices(store.database), expected)
    await set('voltage-minimum-coverage', null, 'withdrawn')
    const { 'voltage-minimum-coverage': coverage } = await regulationChoices(store.database)
    assert.equal(coverage, defaultChoices['voltage-minimum-coverage'])
    const changes = await changesOf(store.database, 'voltage-minimum-coverage', 2)
    assert.deepEqual(changes, [
      { value: null, reason: 'withdrawn', changedBy: 'admin', changedAt: new Date(at) },
      { value: 0.95, reason: 'as the regulator answered', changedBy: 'admin', changedAt: new Date(at) },
    ])
  })

  it('are those of the transaction that asks', async () => {
    await store.database.transaction(async (client) => {
      await insertChange(
        queriesOf(client),
        { key: 'voltage-notice-days', value: 20, reason: 'a trial', changedBy: 'admin' },
        at,
      )
      assert.equal((await regulationChoices(queriesOf(client)))['voltage-notice-days'], 20)
      assert.equal((await regulationChoices(store.database))['voltage-notice-days'], 15)
    })
    assert.equal((await regulationChoices(store.database))['voltage-notice-days'], 20)
  })

  it('know their keys', () => {
    assert.ok(isOptionKey('voltage-notice-days'))
    for (const key of ['', 'toString', '__proto__', 'voltage']) assert.ok(!isOptionKey(key))
  })

  it('of another release are passed over; a value that is none (any more) is an error that names it', async () => {
    await set('voltage-of-the-future', 'x')
    await regulationChoices(store.database)
    await set('voltage-credit-months', 13)
    await assert.rejects(regulationChoices(store.database), {
      name: OptionError.name,
      message: 'the option voltage-credit-months is stored as 13: it takes a whole number from 0 to 12',
    })
    await set('voltage-credit-months', null)
  })

  it('are never changed in the past', async () => {
    for (const statement of ['update regulation_option set value = null', 'delete from regulation_option'])
      await assert.rejects(store.database.query(statement), /takes new rows only|permission denied/)
  })
})
