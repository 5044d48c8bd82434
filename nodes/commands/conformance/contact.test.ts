import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { contact } from './contact.ts'
import { FixtureDevice, type Differs } from './device.fixture.ts'
import { telemetry } from './reporting.ts'

const truly: Differs['contact'] = (stands) => (stands === 'disconnect' ? 'open' : 'closed')

/** What is found of a connected meter that is told to disconnect first, if it is told anything. */
async function foundOf(differs: Differs, isTold: boolean) {
  const types = ['disconnect', 'connect'] as const
  const device = new FixtureDevice({ abilities: { types }, stands: 'connect', ...differs })
  try {
    const talk = device.talk(false, types)
    if (isTold) await talk.tell(await talk.fresh())
    await telemetry(talk)
    return (await contact(talk)).map(({ verdict, text }) => `${verdict}: ${text}`)
  } finally {
    device.stop()
  }
}

describe('the contact of a meter', () => {
  it('is what it says, where it was told nothing that moves it', async () =>
    assert.deepEqual(await foundOf({ contact: truly }, false), ['ok: says that it is closed']))

  it('stands as it was told', async () =>
    assert.deepEqual(await foundOf({ contact: truly }, true), ['ok: told to disconnect, it says that it is open']))

  it('is wrong where it stands otherwise', async () =>
    assert.deepEqual(await foundOf({ contact: () => 'closed' }, true), [
      'wrong: told to disconnect, it says that it is closed',
    ]))

  it('need not be said: then it is named that it is not', async () => {
    const found = 'cannot: does not say where it stands: a unit that draws nothing is not seen to be connected'
    assert.deepEqual(await foundOf({ contact: () => undefined }, true), [found])
  })

  it('is not judged by what was said before it was told', async () => {
    let readings = 0
    const once: Differs['reading'] = (body) => (readings++ === 0 ? body : { ...body, contact: undefined })
    assert.deepEqual(await foundOf({ contact: truly, reading: once }, true), [
      'untried: says nothing of it within 0.2 s after it was told to disconnect',
    ])
  })

  it('is nothing of a device that is no meter', async () => assert.deepEqual(await foundOf({}, true), []))
})
