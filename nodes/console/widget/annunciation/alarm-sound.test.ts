import assert from 'node:assert/strict'
import { AlarmSound, soundPatterns, type Sounds } from './alarm-sound.ts'

/** Writes down what sounds, and when. */
class Listening {
  state = 'suspended'
  currentTime = 100
  readonly destination = {}
  readonly beeps: { hertz: number; from: number; until: number }[] = []

  async resume(): Promise<void> {
    this.state = 'running'
  }
  createOscillator(): ReturnType<Sounds['createOscillator']> {
    const beep = { hertz: 0, from: 0, until: 0 }
    this.beeps.push(beep)
    const frequency = {
      set value(hertz: number) {
        beep.hertz = hertz
      },
    }
    return {
      ...{ type: '', frequency, connect: () => undefined },
      start: (at) => (beep.from = at),
      stop: (at) => (beep.until = at),
    }
  }
  createGain(): ReturnType<Sounds['createGain']> {
    return {
      gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined },
      connect: () => undefined,
    }
  }
}

describe('the sound of alarms', () => {
  it('is blocked until somebody touches the page', async () => {
    const heard = new Listening()
    const sound = new AlarmSound(() => heard)
    assert.deepEqual([sound.isBlocked, sound.sound('critical'), heard.beeps.length], [true, false, 0])
    assert.equal(await sound.unblock(), true)
    assert.deepEqual([sound.isBlocked, sound.sound('critical'), heard.beeps.length], [false, true, 10])
  })

  it('beeps in the pattern of the priority, from now on', async () => {
    const heard = new Listening()
    const sound = new AlarmSound(() => heard)
    await sound.unblock()
    sound.sound('high')
    assert.deepEqual(
      heard.beeps.map(({ from, hertz }) => [Math.round((from - 100) * 100), hertz]),
      [[0, 660], [34, 660], [68, 660]], // prettier-ignore
    )
    for (const { from, until } of heard.beeps) assert.ok(until > from)
  })

  it('does not sound over itself', async () => {
    const heard = new Listening()
    const sound = new AlarmSound(() => heard)
    await sound.unblock()
    sound.sound('high')
    heard.currentTime += 0.5
    assert.equal(sound.sound('critical'), true)
    assert.equal(heard.beeps.length, 3)
    heard.currentTime += 2
    sound.sound('critical')
    assert.equal(heard.beeps.length, 13)
  })

  it('has patterns that rhythm alone tells apart', () => {
    const rhythms = Object.values(soundPatterns).map((beeps) => JSON.stringify(beeps.map(({ afterS }) => afterS)))
    assert.equal(new Set(rhythms).size, rhythms.length)
  })
})
