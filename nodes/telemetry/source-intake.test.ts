import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { health } from '../../platform/http/health.ts'
import type { Registry } from '../../platform/network/registry.ts'
import { acknowledgements } from '../../platform/node/acknowledgements.ts'
import type { LinhaVivaNode, Outgoing } from '../../platform/node/define-node.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { exampleMessage, registered } from './domain/field.fixture.ts'
import { openSourceIntake, type SourceIntake } from './source-intake.ts'
import type { TelemetryBatch } from './messages.ts'

/** Knows every device. */
const registry = {
  ready: () => Promise.resolve(),
  needsContact: () => false,
  find: (deviceId: string) => registered(deviceId),
} as unknown as Registry

describe('the intake of a source node', () => {
  const sent: (Outgoing | null)[][] = []
  const shown: number[] = []
  const node = {
    send: (msg: (Outgoing | null)[]) => void sent.push(msg),
    status: { show: () => undefined },
    reportError: (error: Error) => assert.fail(error),
  } as unknown as LinhaVivaNode
  let source: SourceIntake | undefined
  const open = (deadlineSeconds: unknown = 30) =>
    (source = openSourceIntake(node, registry, deadlineSeconds, (received) => shown.push(received)))

  afterEach(() => {
    source?.close()
    source = undefined
    sent.length = shown.length = 0
  })

  const receive = (refusal?: Parameters<SourceIntake['intake']['receive']>[1]) => {
    const { topic } = exampleMessage('panel', 'without-timestamp')
    const payload = Buffer.from(exampleMessage('panel', 'without-timestamp').payload as string)
    return source!.intake.receive({ topic, payload, acknowledge: () => undefined }, refusal)
  }
  const outputs = () => sent.map(([valid, rejected]) => [valid?.topic, rejected?.topic])

  it('sends what is valid on the first output, and what was refused already, as it came, on the second', async () => {
    open()
    await receive()
    await receive({ reason: 'not_born', detail: 'no birth of it was seen', deviceId: 'panel-7' })
    await waitUntil('both', () => sent.length === 2)
    assert.deepEqual(outputs(), [
      ['panel', undefined],
      [undefined, 'quarantine'],
    ])
    const { payload } = sent[1]![1] as TelemetryBatch & { topic: 'quarantine' }
    const [{ reason, detail, deviceId, topic, payload: kept }] = payload as [(typeof payload)[0]]
    const { topic: came, payload: written } = exampleMessage('panel', 'without-timestamp')
    assert.deepEqual([reason, detail, deviceId, topic], ['not_born', 'no birth of it was seen', 'panel-7', came])
    assert.equal(Buffer.from(kept).toString(), written)
    assert.deepEqual(shown.at(-1), 2)
  })

  it('is counted while it is open, and leaves nothing behind', async () => {
    open()
    await receive()
    await waitUntil('the batch', () => sent.length === 1)
    assert.deepEqual([health(0).ingest.received, health(0).ingest.inFlight, acknowledgements.size], [1, 1, 1])
    source!.close()
    assert.deepEqual([health(0).ingest.received, health(0).ingest.inFlight, acknowledgements.size], [0, 0, 0])
  })

  it('has a deadline that is a number', () => {
    assert.throws(() => open('soon'), /deadlineSeconds is "soon": it takes a number from 1 to 86400/)
  })
})
