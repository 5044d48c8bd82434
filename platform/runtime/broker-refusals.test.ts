import assert from 'node:assert/strict'
import { entryOfRefusal, GatheredRefusals, type CountedRefusal, type Refusal } from './broker-refusals.ts'

const refusal = (client: string): Refusal => ({
  ...{ what: 'publication', user: 'flows', client, address: '127.0.0.1', topic: 'grid/commands/sw-1' },
  why: 'no right to publish there',
})

const gathered = (refusals: readonly Refusal[]): Promise<readonly CountedRefusal[]> =>
  new Promise((resolve) => {
    const gathering = new GatheredRefusals(resolve, 1)
    for (const each of refusals) gathering.add(each)
    // Its own timer keeps nothing running.
    setTimeout(() => undefined, 50)
  })

describe('what the embedded broker refused', () => {
  it('is gathered, the same counted', async () =>
    assert.deepEqual(await gathered([refusal('a'), refusal('b'), refusal('a')]), [
      { ...refusal('a'), times: 2 },
      { ...refusal('b'), times: 1 },
    ]))

  it('is listed up to a number, and the rest counted', async () => {
    const many = await gathered(Array.from({ length: 60 }, (_, index) => refusal(`client-${index}`)))
    assert.equal(many.length, 51)
    assert.deepEqual(many.at(-1), {
      ...{ what: 'connection', user: undefined, client: '', address: undefined, topic: undefined },
      ...{ why: 'more was refused than is listed', times: 10 },
    })
  })

  it('is a row of the access log: who, where, what and how often', () =>
    assert.deepEqual(entryOfRefusal({ ...refusal('a'), times: 3 }), {
      event: 'mqtt_refused',
      username: 'flows',
      address: '127.0.0.1',
      subject: 'grid/commands/sw-1',
      detail: 'publication: no right to publish there, 3 times',
    }))
})
