import assert from 'node:assert/strict'
import fc from 'fast-check'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, it } from 'mocha'
import { IntakeBench, namesIn, until, type Topic } from './intake.fixture.ts'

describe('Intake, whatever the order of things (property)', () => {
  const topics = ['der', 'meter', 'event', 'quarantine'] as const satisfies Topic[]
  const message = fc.uniqueArray(fc.constantFrom(...topics), { minLength: 1 })
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ receive: message }) },
    { weight: 4, arbitrary: fc.record({ settle: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant({ overdue: true }) },
    { weight: 2, arbitrary: fc.constant({ wait: true }) },
  )

  it('each message is acknowledged exactly once, after its last batch is settled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (steps, batchSize) => {
        const field = new IntakeBench({ batchMs: 0, batchSize })
        const sent = new Map<string, number>()
        const open = () => field.batches().filter(({ batchId }) => field.acknowledgements.isOpen(batchId!))
        const emittedOf = (name: string) => field.batches().filter((batch) => namesIn(batch).includes(name))
        const isDone = (name: string, parts: number) =>
          emittedOf(name).length === parts &&
          !emittedOf(name).some(({ batchId }) => field.acknowledgements.isOpen(batchId!))
        const check = () => {
          const done = [...sent].filter(([name, parts]) => isDone(name, parts)).map(([name]) => name)
          assert.deepEqual([...field.acknowledged].sort(), done.sort())
          assert.equal(field.intake.inFlight, sent.size - done.length)
        }
        for (const one of steps) {
          if ('receive' in one) {
            const name = `m${sent.size}`
            sent.set(name, one.receive.length)
            await field.receive(name, Object.fromEntries(one.receive.map((topic) => [topic, 1])))
          } else if ('settle' in one) {
            const batches = open()
            if (batches.length > 0) field.settle(batches[one.settle % batches.length])
          } else if ('overdue' in one) field.pass(30_000)
          else await delay(1)
          check()
        }
        const total = [...sent.values()].reduce((sum, parts) => sum + parts, 0)
        await until('all emitted', () => field.batches().flatMap(namesIn).length === total)
        for (const batch of open()) {
          field.settle(batch)
          check()
        }
        assert.equal(field.acknowledged.length, sent.size)
        field.intake.close()
      }),
      { numRuns: 60 },
    )
  })
})
