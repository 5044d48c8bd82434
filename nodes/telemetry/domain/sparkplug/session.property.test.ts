import assert from 'node:assert/strict'
import fc from 'fast-check'
import { noon } from '../field.fixture.ts'
import { announced, bdSeq, metric, Plant, word, type Said } from './plant.fixture.ts'

type Device = 'a' | 'b'
/** What the edge node sends. */
type Message = { does: 'nbirth' | 'ndeath' } | { does: 'dbirth' | 'ddata' | 'ddeath'; device: Device }
/** What the network and time do. */
type Event = { does: 'lose' } | { does: 'repeat' } | { does: 'wait'; ms: number }
type Step = Message | Event

const device = fc.constantFrom<Device>('a', 'b')
const aboutNode = fc.record({ does: fc.constantFrom('nbirth' as const, 'ndeath' as const) })
const aboutDevice = fc.record({ does: fc.constantFrom('dbirth' as const, 'ddata' as const, 'ddeath' as const), device })
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>({ does: 'lose' }, { does: 'repeat' }),
  fc.record({ does: fc.constant('wait' as const), ms: fc.nat({ max: 4_000 }) }),
)
const story: fc.Arbitrary<Step[]> = fc.array(fc.oneof(aboutNode, { weight: 4, arbitrary: aboutDevice }, event), {
  maxLength: 60,
})

/**
 * An edge node with two devices and a network that loses and repeats messages. Device a measures
 * voltage under the alias 1, device b power under the alias 2.
 */
class Story {
  readonly plant = new Plant({ reorderMs: 1_000, rebirthMs: 5_000 })
  #clock = 0
  #last: (() => Said) | undefined

  play(one: Step): Said[] {
    const { plant } = this
    if (one.does === 'wait') return [plant.pass(one.ms)]
    if (one.does === 'lose') return (plant.lose(), [])
    if (one.does === 'repeat') return this.#last ? [this.#last()] : []
    const at = noon + ++this.#clock
    const { seq } = plant
    this.#last = (): Said => {
      const after = plant.seq
      plant.seq = seq
      const said = this.#say(one, at)
      plant.seq = after
      return said
    }
    return [this.#say(one, at)]
  }

  #say(one: Message, at: number): Said {
    const { plant } = this
    const more = { timestamp: at }
    switch (one.does) {
      case 'nbirth':
        return plant.nbirth([bdSeq(0)], more)
      case 'ndeath':
        return plant.ndeath()
      case 'dbirth': {
        const [alias, field] = one.device === 'a' ? [1n, 'va_v'] : [2n, 'p_kw']
        const kind = word('Linha Viva/kind', 'meter')
        return plant.dbirth(one.device, [kind, announced(field, 1, { alias, timestamp: at })], more)
      }
      case 'ddata':
        return plant.ddata(one.device, [metric({ alias: one.device === 'a' ? 1n : 2n, value: 1, timestamp: at })], more)
      case 'ddeath':
        return plant.ddeath(one.device, more)
    }
  }
}

describe('any story of births, data and deaths, with losses and repetitions (property)', () => {
  it('no reading is of a device that is not born, and none under the alias of another', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const one = new Story()
        const online = new Set<string>()
        for (const { outcomes } of steps.flatMap((each) => one.play(each)))
          for (const outcome of outcomes) {
            if (outcome.kind !== 'contract') continue
            const { body } = outcome.message
            if ('status' in body) {
              if (body['status'] === 'online') online.add(body['device_id'] as string)
              else online.delete(body['device_id'] as string)
            } else {
              assert.ok(online.has(body['meter_id'] as string), `${String(body['meter_id'])} is not online`)
              assert.ok((body['meter_id'] === 'plant.edge.a') === 'va_v' in body)
            }
          }
      }),
      { numRuns: 500 },
    )
  })

  it('every message becomes a presence, a reading or a refusal, or is counted, and only once', () => {
    // A death of a device says no more than that of its edge node: both are left out where messages are counted.
    const withoutDeviceDeaths = story.map((steps) => steps.filter(({ does }) => does !== 'ddeath'))
    fc.assert(
      fc.property(withoutDeviceDeaths, (steps) => {
        const one = new Story()
        const said = steps.flatMap((each) => (each.does === 'wait' ? [] : one.play(each)))
        const sent = said.length
        // What is still waited for comes to its end.
        said.push(one.plant.pass(1_000))
        const { repeated, outdatedDeaths } = one.plant.session.ignored
        let accounted = repeated + outdatedDeaths
        for (const { refusals, readings, presences } of said)
          accounted +=
            refusals.length + readings.length + presences.filter((word) => word.startsWith('plant.edge ')).length
        assert.equal(accounted, sent)
      }),
      { numRuns: 500 },
    )
  })

  it('a gap always ends in one request, and no second before the pause', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const one = new Story()
        let askedAt = -Infinity
        for (const each of steps)
          for (const said of one.play(each))
            for (const _ of said.rebirths) {
              assert.ok(one.plant.paceMs - askedAt >= 5_000, 'too soon')
              askedAt = one.plant.paceMs
            }
      }),
      { numRuns: 500 },
    )
  })

  it('after a loss, whatever came before: the edge node is asked, and all is well once it is born again', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const one = new Story()
        for (const each of steps) one.play(each)
        // A request that is due goes out, and its pause is over.
        for (const ms of [20_000, 20_000]) one.plant.pass(ms)
        one.play({ does: 'nbirth' })
        one.play({ does: 'dbirth', device: 'a' })
        one.play({ does: 'lose' })
        one.play({ does: 'ddata', device: 'a' })
        const gap = one.plant.pass(1_000)
        assert.deepEqual([gap.rebirths, gap.reasons], [['plant/edge'], ['sequence_gap']])
        for (const unheard of [1, 2, 3]) {
          const [said] = one.play({ does: 'ddata', device: 'a' })
          assert.deepEqual([said!.rebirths, said!.readings], [[], []], `message ${unheard}`)
        }
        one.play({ does: 'nbirth' })
        one.play({ does: 'dbirth', device: 'a' })
        assert.equal(one.play({ does: 'ddata', device: 'a' })[0]!.readings.length, 1)
        assert.deepEqual(one.plant.pass(60_000).rebirths, [])
      }),
    )
  })
})
