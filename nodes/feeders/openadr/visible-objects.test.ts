import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { wallClock } from '../../../platform/clock/clock.ts'
import { readTargets, visibleObjects } from './visible-objects.ts'
import { VtnClient } from './vtn-client.ts'
import { useVtn } from './vtn.fixture.ts'

describe('what a VTN shows', () => {
  const vtn = useVtn()
  const never = new AbortController().signal
  const client = (): VtnClient =>
    new VtnClient({ url: vtn.url, clientId: vtn.clientId, clientSecret: vtn.clientSecret, clock: wallClock })
  beforeEach(() => vtn.reset())

  it('is by targets of its own ven', async () => {
    vtn.vens.push({ id: 'v1', targets: ['f-2', 'f-1'] }, { id: 'v2' })
    assert.deepEqual(await readTargets(client(), never), ['f-1', 'f-2'])
  })

  it('is without targets where it keeps no vens', async () => {
    vtn.mood = { status: 403 }
    assert.deepEqual(await readTargets(client(), never), [])
  })

  it('is each object once, with all of its targets that are granted', async () => {
    vtn.putEvent('open', {})
    vtn.putEvent('both', { targets: ['f-1', 'f-2', 'secret'] })
    vtn.putEvent('other', { targets: ['secret'] })
    const seen = await visibleObjects(client(), '/events', ['f-1', 'f-2'], never)
    assert.deepEqual([...seen.keys()], ['open', 'both'])
    assert.deepEqual((seen.get('both')!.value as { targets: string[] }).targets, ['f-1', 'f-2'])
  })

  it('is nothing at all where an object has no id', async () => {
    vtn.programs.set('nameless', { programName: 'x' } as never)
    await assert.rejects(visibleObjects(client(), '/programs', [], never), /an object without an id/)
  })
})
