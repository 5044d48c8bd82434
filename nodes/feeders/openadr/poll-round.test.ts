import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { programNamed } from '../demand-response/program-repository.ts'
import { hourMs, limit, usePolledVtn } from './polled-vtn.fixture.ts'
import { publishedDocument } from './published-schemas.fixture.ts'
import { PublishedSchemas } from './published-schemas.ts'

describe('polling a VTN', function () {
  this.timeout(60_000)
  const polled = usePolledVtn()

  it('enters events once, on the feeder that they name', async () => {
    polled.vtn.vens.push({ id: 'v1', targets: ['f-1'] })
    polled.vtn.putEvent('e1', limit(50, { targets: ['f-1'] }))
    polled.vtn.putEvent('e2', limit(200))
    for (let round = 0; round < 3; round++) await polled.poll()
    assert.deepEqual(await polled.calls(), [
      'IMPORT_CAPACITY_LIMIT on f-1: import 50 kW, 1 to 3',
      'IMPORT_CAPACITY_LIMIT on null: import 200 kW, 1 to 3',
    ])
    assert.equal((await programNamed(polled.database, 'openadr', 'p1'))!.name, 'program p1')
  })

  it('follows what the VTN changes, and cancels what it has no more', async () => {
    polled.vtn.putEvent('e1', limit(50))
    polled.vtn.putEvent('e2', limit(70))
    await polled.poll()
    polled.vtn.putEvent('e1', limit(40))
    polled.vtn.events.delete('e2')
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 40 kW, 1 to 3'])
    polled.vtn.putEvent('e2', limit(70))
    await polled.poll()
    assert.equal((await polled.calls()).length, 2)
  })

  it('cancels nothing because a list cannot be read, or leaves something out', async () => {
    polled.vtn.putEvent('e1', limit(50))
    await polled.poll()
    for (const mood of [{ status: 500 }, { body: '[]x' }, { body: '{}' }, { status: 401 }]) {
      polled.vtn.mood = mood
      await assert.rejects(polled.poll())
      assert.equal((await polled.calls()).length, 1, JSON.stringify(mood))
    }
    // A page that left it out: asked for by name it is there.
    polled.vtn.mood = {}
    const event = polled.vtn.events.get('e1')!
    polled.vtn.events.set('e1', { ...event, targets: ['hidden'] })
    await polled.poll()
    assert.equal((await polled.calls()).length, 1)
  })

  it('keeps nonsense from no other event, and says what it was', async () => {
    polled.vtn.putEvent('bad-1', { intervals: [{ id: 0, payloads: 'x' }] })
    polled.vtn.putEvent('bad-2', limit('many'))
    polled.vtn.putEvent('bad-3', { programID: 'p1', intervals: [{ id: 0, payloads: [] }] })
    polled.vtn.putEvent('bad-4', limit(50, { intervalPeriod: { start: 'tomorrow', duration: 'PT1H' } }))
    polled.vtn.putEvent('good', limit(50))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 1 to 3'])
    const said = await polled.refusals()
    assert.match(said.get('bad-1')!, /intervals\.0\.payloads is "x": it must be array/)
    assert.match(said.get('bad-2')!, /IMPORT_CAPACITY_LIMIT is "many": it takes kW, at least 0/)
    assert.match(said.get('bad-3')!, /intervals\.0 has no start/)
    assert.match(said.get('bad-4')!, /intervalPeriod\.start is "tomorrow": it takes an instant/)
  })

  it('takes only what the published schemas allow, where they are given', async () => {
    polled.published = new PublishedSchemas(publishedDocument)
    polled.vtn.putEvent('good', limit(50))
    polled.vtn.putEvent('bad', limit(40, { createdDateTime: 'yesterday' }))
    polled.vtn.putProgram('p2', { objectType: null })
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 1 to 3'])
    const said = await polled.refusals()
    assert.match(said.get('bad')!, /createdDateTime is "yesterday": .*\(schema event\)/)
    assert.match(said.get('p2')!, /objectType is null: .*\(schema program\)/)
    assert.deepEqual([...said.keys()].toSorted(), ['bad', 'p2'])
  })

  it('leaves what stood where a change is nonsense, until it is put right', async () => {
    polled.vtn.putEvent('e1', limit(50))
    await polled.poll()
    polled.vtn.putEvent('e1', { intervals: 'none' })
    await polled.poll()
    assert.equal((await polled.calls()).length, 1)
    assert.match((await polled.refusals()).get('e1')!, /intervals is "none"/)
    polled.vtn.putEvent('e1', limit(30))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 30 kW, 1 to 3'])
    assert.equal((await polled.refusals()).size, 0)
  })

  it('takes up what comes near, and goes on with what does not end', async () => {
    polled.vtn.putEvent('e1', limit(50, { intervalPeriod: { start: '0001-01-01T00:00:00Z', duration: 'P9999Y' } }))
    polled.vtn.putEvent('e2', limit(60, { intervalPeriod: { start: '2026-11-28T21:00:00Z', duration: 'PT1H' } }))
    await polled.poll()
    assert.deepEqual(await polled.calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 0 to 168'])
    polled.now += 6 * 24 * hourMs
    await polled.poll()
    assert.deepEqual(await polled.calls(), [
      'IMPORT_CAPACITY_LIMIT on null: import 50 kW, 0 to 168',
      'IMPORT_CAPACITY_LIMIT on null: import 50 kW, 168 to 336',
    ])
    polled.vtn.events.delete('e1')
    await polled.poll()
    assert.deepEqual(await polled.calls(), [])
  })
})
