import assert from 'node:assert/strict'
import { noon } from '../field.fixture.ts'
import { announced, bdSeq, datatypes, meterBirth, metric, Plant, word } from './plant.fixture.ts'

describe('a Sparkplug session: births', () => {
  it('an edge node is online by its birth, and the one that is called so (tck-id-topics-nbirth-seq-num)', () => {
    const said = new Plant().nbirth()
    assert.deepEqual(said.presences, ['plant.edge online'])
    assert.deepEqual([said.readings, said.refusals, said.rebirths], [[], [], []])
  })

  it('a device is online by its birth, whose values are its first reading (tck-id-topics-dbirth-metrics)', () => {
    const plant = new Plant()
    plant.nbirth()
    const said = plant.dbirth('m', meterBirth(127.1, 1.5))
    assert.deepEqual(said.presences, ['plant.edge.m online'])
    assert.deepEqual(said.readings, [
      { meter_id: 'plant.edge.m', timestamp: noon, va_v: 127.1, p_kw: 1.5, interval_s: 1, aggregation: 'instant' },
    ])
  })

  it('data comes by alias, with what did not change (tck-id-topics-ddata-payload, tck-id-payloads-alias-data-cmd-requirement)', () => {
    const plant = new Plant().born()
    const [body] = plant.ddata('m', [metric({ alias: 2n, value: 3, timestamp: noon + 1_000 })]).readings
    assert.deepEqual([body?.['timestamp'], body?.['va_v'], body?.['p_kw']], [noon + 1_000, 127, 3])
  })

  it('the metrics of an edge node itself can be readings (tck-id-topics-nbirth-metrics, tck-id-topics-ndata-payload)', () => {
    const plant = new Plant()
    const born = plant.nbirth([bdSeq(0), word('Linha Viva/kind', 'meter'), announced('va_v', 127, { alias: 1n })])
    assert.equal(born.readings[0]?.['meter_id'], 'plant.edge')
    assert.equal(plant.ndata([metric({ alias: 1n, value: 128, timestamp: noon + 1 })]).readings[0]?.['va_v'], 128)
  })

  it('the timestamp of the payload stands in for those that metrics lack (tck-id-topics-ddata-timestamp)', () => {
    const plant = new Plant().born()
    const [body] = plant.ddata('m', [metric({ alias: 2n, value: 3 })], { timestamp: noon + 5 }).readings
    assert.equal(body?.['timestamp'], noon + 5)
  })

  it('historical values are stored by their own time, and are not the latest (tck-id-topics-dbirth-timestamp)', () => {
    const plant = new Plant().born()
    const past = [metric({ alias: 1n, value: 110, timestamp: noon - 9_000, isHistorical: true })]
    const [then] = plant.ddata('m', past).readings
    assert.deepEqual([then?.['timestamp'], then?.['va_v'], then?.['p_kw']], [noon - 9_000, 110, undefined])
    const [now] = plant.ddata('m', [metric({ alias: 2n, value: 3, timestamp: noon + 1 })]).readings
    assert.deepEqual([now?.['va_v'], now?.['p_kw']], [127, 3])
  })

  it('a value of the far future stands alone, and what is measured after it does not', () => {
    const plant = new Plant().born()
    const future = noon + 365 * 86_400_000
    const [odd] = plant.ddata('m', [metric({ alias: 1n, value: 99, timestamp: future })]).readings
    assert.deepEqual([odd?.['timestamp'], odd?.['va_v'], odd?.['p_kw']], [future, 99, undefined])
    const [next] = plant.ddata('m', [metric({ alias: 2n, value: 3, timestamp: noon + 1_000 })]).readings
    assert.deepEqual([next?.['timestamp'], next?.['va_v'], next?.['p_kw']], [noon + 1_000, 127, 3])
  })

  it('a birth with a value of the far future is a reading of the present all the same', () => {
    const plant = new Plant()
    plant.nbirth()
    const future = noon + 365 * 86_400_000
    const odd = announced('Meter/frequency_hz', 60, { alias: 3n, timestamp: future })
    const { readings } = plant.dbirth('m', [...meterBirth(), odd])
    assert.deepEqual(
      readings.map(({ timestamp, va_v: va, frequency_hz: hz }) => [timestamp, va, hz]),
      [
        [future, undefined, 60],
        [noon, 127, undefined],
      ],
    )
  })

  it('nothing from before a birth is reported after it', () => {
    const plant = new Plant().born()
    plant.nbirth()
    plant.dbirth('m', [word('Linha Viva/kind', 'meter'), announced('p_kw', 9, { alias: 1n })])
    const [body] = plant.ddata('m', [metric({ alias: 1n, value: 8, timestamp: noon + 1 })]).readings
    assert.deepEqual([body?.['p_kw'], body?.['va_v']], [8, undefined])
  })

  it('a birth without alias or with one, each metric has a name (tck-id-payloads-name-requirement)', () => {
    const plant = new Plant()
    plant.nbirth()
    assert.deepEqual(plant.dbirth('m', [metric({ alias: 1n, value: 1, datatype: 10 })]).reasons, ['bad_payload'])
  })

  it('an alias is unique over an edge node and its devices (tck-id-payloads-alias-uniqueness)', () => {
    const plant = new Plant().born()
    const said = plant.dbirth('other')
    assert.deepEqual(said.reasons, ['bad_payload'])
    assert.match(said.refusals[0]!.detail, /^plant\/edge\/other: alias 1 of metric Meter\/va_v is another/)
    assert.deepEqual(plant.ddata('other', [metric({ alias: 1n, value: 1 })]).reasons, ['not_born'])
  })

  it('devices of two edge nodes may be called the same (tck-id-topic-structure-namespace-duplicate-device-id-across-edge-node)', () => {
    const plant = new Plant().born()
    plant.say('spBv1.0/plant/NBIRTH/edge-2', { timestamp: noon, seq: 0, metrics: [bdSeq(0)] })
    const said = plant.say('spBv1.0/plant/DBIRTH/edge-2/m', { timestamp: noon, seq: 1, metrics: meterBirth() })
    assert.deepEqual(said.presences, ['plant.edge-2.m online'])
  })

  it('names that the contract would write alike are not mixed up (tck-id-topic-structure-namespace-unique-device-id)', () => {
    const plant = new Plant().born()
    plant.nbirth()
    plant.dbirth('a b', [word('Linha Viva/kind', 'meter'), announced('va_v', 1)])
    const said = plant.dbirth('a?b', [word('Linha Viva/kind', 'meter'), announced('va_v', 1)])
    assert.deepEqual([said.reasons, said.readings], [['not_mapped'], []])
  })

  it('who nobody says what he is, is kept as he was born, and what he reports then is counted', () => {
    const plant = new Plant()
    plant.nbirth()
    const said = plant.dbirth('pump', [announced('speed', 3, { alias: 4n })])
    assert.deepEqual([said.reasons, said.presences], [['not_mapped'], []])
    assert.match(said.refusals[0]!.detail, /plant\/edge\/pump: neither a rule nor/)
    const data = plant.ddata('pump', [metric({ alias: 4n, value: 4 })])
    assert.deepEqual([data.outcomes, plant.session.ignored.unmapped], [[], 1])
  })

  it('Templates and DataSets are ignored, and counted', () => {
    const plant = new Plant()
    plant.nbirth([bdSeq(0), metric({ name: 'type', datatype: datatypes.Template, value: { unsupported: true } })])
    plant.dbirth('m', [
      ...meterBirth(),
      metric({ name: 't', datatype: datatypes.DataSet, value: { unsupported: true } }),
    ])
    assert.equal(plant.session.ignored.unsupportedMetrics, 2)
  })

  it('commands and the states of hosts are not for us', () => {
    const plant = new Plant()
    for (const topic of ['spBv1.0/plant/NCMD/edge', 'spBv1.0/plant/DCMD/edge/m', 'spBv1.0/STATE/another'])
      assert.deepEqual(plant.say(topic, { metrics: [] }).outcomes, [])
  })
})

describe('a Sparkplug session: deaths', () => {
  it('an edge node goes offline by the time of the host, and its devices with it (tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline, tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-offline)', () => {
    const plant = new Plant().born()
    plant.at = noon + 60_000
    const said = plant.ndeath()
    assert.deepEqual(said.presences, ['plant.edge offline', 'plant.edge.m offline'])
    assert.deepEqual(said.presenceInstants, [noon + 60_000, noon + 60_000])
    assert.equal(plant.session.bornCount, 0)
  })

  it('what it was is stale: nothing of it is reported any more (tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale, tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale)', () => {
    const plant = new Plant().born()
    plant.ndeath()
    const said = plant.ddata('m', [metric({ alias: 2n, value: 3 })])
    assert.deepEqual([said.readings, said.reasons], [[], ['not_born']])
    assert.match(said.refusals[0]!.detail, /^plant\/edge\/m: it is offline$/)
  })

  it('a death of the session before is not one of this (tck-id-topics-nbirth-bdseq-matching, tck-id-payloads-ndeath-bdseq)', () => {
    const plant = new Plant()
    plant.nbirth([bdSeq(7)])
    plant.dbirth('m')
    assert.deepEqual(plant.ndeath([bdSeq(6)]).outcomes, [])
    assert.equal(plant.session.ignored.outdatedDeaths, 1)
    assert.equal(plant.ddata('m', [metric({ alias: 2n, value: 3, timestamp: noon + 1 })]).readings.length, 1)
    assert.deepEqual(plant.ndeath([bdSeq(7)]).presences, ['plant.edge offline', 'plant.edge.m offline'])
  })

  it('a death has no number in the sequence, and needs none (tck-id-topics-ndeath-seq)', () => {
    const plant = new Plant().born()
    plant.lose(5)
    assert.equal(plant.ndeath().presences.length, 2)
  })

  it('a death without bdSeq may be of any session, and is kept (tck-id-topics-ndeath-payload)', () => {
    const plant = new Plant().born()
    assert.deepEqual(plant.ndeath([]).reasons, ['bad_payload'])
    assert.equal(plant.session.bornCount, 1)
  })

  it('an edge node that dies unknown is offline, and nobody is asked for anything', () => {
    const said = new Plant().ndeath()
    assert.deepEqual([said.presences, said.rebirths], [['plant.edge offline'], []])
  })

  it('a device goes offline by the time that its death says (tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline)', () => {
    const plant = new Plant().born()
    const said = plant.ddeath('m', { timestamp: noon + 30_000 })
    assert.deepEqual([said.presences, said.presenceInstants], [['plant.edge.m offline'], [noon + 30_000]])
  })

  it('what the device was is stale (tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale)', () => {
    const plant = new Plant().born()
    plant.ddeath('m')
    const said = plant.ddata('m', [metric({ alias: 2n, value: 3 })])
    assert.deepEqual([said.readings, said.reasons], [[], ['not_born']])
  })

  it('a death of a device has its place in the sequence (tck-id-topics-ddeath-seq-num, tck-id-payloads-ddeath-seq-number)', () => {
    const plant = new Plant().born()
    plant.ddeath('m')
    assert.deepEqual(plant.dbirth('m').presences, ['plant.edge.m online'])
  })

  it('a death by a clock that is far ahead is of now: what is said later must not be later than that', () => {
    const plant = new Plant().born()
    plant.at = noon + 60_000
    assert.deepEqual(plant.ddeath('m', { timestamp: noon + 365 * 86_400_000 }).presenceInstants, [noon + 60_000])
    plant.at = noon + 61_000
    assert.deepEqual(plant.dbirth('m').presenceInstants, [noon + 61_000])
  })

  it('a death counts whatever its number, where another session may have begun unseen', () => {
    const plant = new Plant()
    plant.nbirth([bdSeq(7)])
    plant.dbirth('m')
    plant.session.connectionLost(plant)
    assert.deepEqual(plant.ndeath([bdSeq(8)]).presences, ['plant.edge offline', 'plant.edge.m offline'])
  })

  it('the word of a device whose clock is behind still counts', () => {
    const plant = new Plant().born()
    const born = plant.at
    assert.deepEqual(plant.ddeath('m', { timestamp: noon - 60_000 }).presenceInstants, [born + 1])
    assert.deepEqual(plant.dbirth('m').presenceInstants, [born + 2])
  })

  it('a device that is not born again with its edge node is gone by the first data (tck-id-payloads-dbirth-order, tck-id-payloads-ndata-order, tck-id-payloads-ddata-order)', () => {
    const plant = new Plant().born()
    plant.nbirth([bdSeq(0), announced('rssi', 1, { alias: 9n })])
    assert.deepEqual(plant.dbirth('other', [word('Linha Viva/kind', 'meter')]).presences, ['plant.edge.other online'])
    assert.deepEqual(plant.ndata([metric({ alias: 9n, value: 2 })]).presences, ['plant.edge.m offline'])
    assert.deepEqual(plant.ndata([metric({ alias: 9n, value: 3 })]).presences, [])
  })
})

describe('a Sparkplug session: the order of messages', () => {
  const change = (value: number) => [metric({ alias: 2n, value, timestamp: noon + value })]

  it('what comes too early waits for what is missing (tck-id-operational-behavior-host-reordering-start)', () => {
    const plant = new Plant().born()
    plant.lose()
    assert.deepEqual(plant.ddata('m', change(5)).outcomes, [])
    assert.equal(plant.session.dueAt, plant.paceMs + 2_000)
  })

  it('comes what is missing in time, all goes on in order (tck-id-operational-behavior-host-reordering-success)', () => {
    const plant = new Plant().born()
    plant.seq = 3
    plant.ddata('m', change(5))
    plant.pass(1_999)
    plant.seq = 2
    const said = plant.ddata('m', change(4))
    assert.deepEqual(
      said.readings.map(({ p_kw }) => p_kw),
      [4, 5],
    )
    assert.equal(plant.session.dueAt, undefined)
    assert.deepEqual(plant.pass(60_000).outcomes, [])
  })

  it('comes it not, what came after it is kept and the edge node is asked for its births (tck-id-operational-behavior-host-reordering-rebirth)', () => {
    const plant = new Plant().born()
    plant.lose()
    plant.ddata('m', change(5))
    plant.ddata('m', change(6))
    const said = plant.pass(2_000)
    assert.deepEqual([said.reasons, said.rebirths], [['sequence_gap', 'sequence_gap'], ['plant/edge']])
    assert.match(said.refusals[0]!.detail, /^plant\/edge\/m: number 2 is missing before it$/)
    assert.deepEqual(said.refusals[0]!.topic, 'spBv1.0/plant/DDATA/edge/m')
  })

  it('the time to wait is set, and may be none (tck-id-operational-behavior-host-reordering-param)', () => {
    const patient = new Plant({ reorderMs: 60_000 }).born()
    patient.lose()
    patient.ddata('m', change(5))
    assert.deepEqual(patient.pass(59_999).outcomes, [])
    assert.deepEqual(patient.pass(1).rebirths, ['plant/edge'])
    const hasty = new Plant({ reorderMs: 0 }).born()
    hasty.lose()
    assert.deepEqual(hasty.ddata('m', change(5)).rebirths, ['plant/edge'])
  })

  it('waits anew where a second message is missing after the first has come', () => {
    const plant = new Plant().born()
    plant.seq = 3
    plant.ddata('m', change(3))
    plant.seq = 5
    plant.ddata('m', change(5))
    plant.pass(1_500)
    plant.seq = 2
    assert.equal(plant.ddata('m', change(2)).readings.length, 2)
    assert.deepEqual(plant.pass(1_999).outcomes, [])
    assert.deepEqual(plant.pass(1).reasons, ['sequence_gap'])
  })

  it('does not wait where too much waits already', () => {
    const plant = new Plant().born()
    plant.lose()
    const all = Array.from({ length: 64 }, (_, index) => plant.ddata('m', change(index)))
    assert.deepEqual([all.at(-1)!.reasons.length, all.at(-1)!.rebirths], [64, ['plant/edge']])
  })

  it('goes from 255 to 0 (tck-id-payloads-sequence-num-incrementing, tck-id-topics-ddata-seq-num, tck-id-topics-dbirth-seq, tck-id-topics-ndata-seq-num)', () => {
    const plant = new Plant().born()
    for (let value = 0; value < 600; value++) assert.equal(plant.ddata('m', change(value)).readings.length, 1)
  })

  it('begins with whatever number a birth has (tck-id-payloads-sequence-num-req-nbirth)', () => {
    const plant = new Plant()
    plant.nbirth([bdSeq(0)], { seq: 41 })
    plant.seq = 42
    assert.deepEqual(plant.dbirth('m').presences, ['plant.edge.m online'])
  })

  for (const seq of [undefined, 256, -1, 1.5])
    it(`a message with the number ${seq} is kept, not read (tck-id-payloads-sequence-num-always-included)`, () => {
      const plant = new Plant().born()
      const said = plant.say('spBv1.0/plant/DDATA/edge/m', {
        timestamp: noon,
        metrics: change(3),
        ...(seq !== undefined && { seq }),
      })
      assert.deepEqual([said.reasons, said.readings], [['bad_payload'], []])
    })

  it('what is delivered twice counts once', () => {
    const plant = new Plant().born()
    plant.ddata('m', change(1))
    plant.seq--
    assert.deepEqual(plant.ddata('m', change(1)).outcomes, [])
    assert.equal(plant.session.ignored.repeated, 1)
    assert.equal(plant.ddata('m', change(2)).readings.length, 1)
  })

  it('a birth that is delivered twice does not undo what came after it', () => {
    const plant = new Plant().born()
    const { seq } = plant
    assert.deepEqual(plant.nbirth([bdSeq(0)], { timestamp: noon }).outcomes, [])
    plant.seq = seq
    assert.equal(plant.ddata('m', change(1)).readings.length, 1)
  })

  it('what waits when an edge node is born again, or dies, is kept', () => {
    for (const end of [(plant: Plant) => plant.nbirth(), (plant: Plant) => plant.ndeath()]) {
      const plant = new Plant().born()
      plant.lose()
      plant.ddata('m', change(5))
      assert.deepEqual(end(plant).reasons, ['sequence_gap'])
      assert.equal(plant.session.dueAt, undefined)
    }
  })
})

describe('a Sparkplug session: who is asked for births', () => {
  const change = [metric({ alias: 2n, value: 3, timestamp: noon + 1 })]

  it('who speaks without having been born, as after our restart (tck-id-message-flow-device-birth-publish-nbirth-wait)', () => {
    for (const say of [
      (plant: Plant) => plant.ndata(change),
      (plant: Plant) => plant.ddata('m', change),
      (plant: Plant) => plant.dbirth('m'),
      (plant: Plant) => plant.ddeath('m'),
    ]) {
      const said = say(new Plant())
      assert.deepEqual(
        [said.reasons, said.rebirths, said.readings, said.presences],
        [['not_born'], ['plant/edge'], [], []],
      )
    }
  })

  it('whose device was not born', () => {
    const plant = new Plant().born()
    const said = plant.ddata('stranger', change)
    assert.deepEqual([said.reasons, said.rebirths], [['not_born'], ['plant/edge']])
    assert.equal(plant.ddata('m', change).readings.length, 1, 'the others go on')
  })

  it('who uses an alias or a name that no birth announced', () => {
    for (const unknown of [metric({ alias: 99n, value: 1 }), metric({ name: 'Meter/q_kvar', value: 1 })]) {
      const said = new Plant().born().ddata('m', [unknown])
      assert.deepEqual([said.reasons, said.rebirths], [['not_born'], ['plant/edge']])
      assert.equal(said.refusals[0]!.deviceId, 'plant.edge.m')
    }
  })

  it('whose device uses the alias of another', () => {
    const plant = new Plant().born()
    plant.dbirth('other', [word('Linha Viva/kind', 'meter'), announced('va_v', 1, { alias: 7n })])
    assert.deepEqual(plant.ddata('other', [metric({ alias: 1n, value: 1 })]).reasons, ['not_born'])
  })

  it('once in a time, and again where he goes on without', () => {
    const plant = new Plant()
    assert.deepEqual(plant.ddata('m', change).rebirths, ['plant/edge'])
    assert.deepEqual(plant.ddata('m', change).rebirths, [])
    assert.equal(plant.session.dueAt, plant.paceMs + 10_000)
    assert.deepEqual(plant.pass(10_000).rebirths, ['plant/edge'])
    assert.deepEqual(plant.pass(60_000).rebirths, [], 'who is silent is not asked for ever')
  })

  it('nobody who was born meanwhile (tck-id-operational-behavior-data-commands-rebirth-action-2, tck-id-operational-behavior-data-commands-rebirth-action-3)', () => {
    const plant = new Plant()
    plant.ddata('m', change)
    plant.ddata('m', change)
    plant.born()
    assert.deepEqual(plant.pass(60_000).rebirths, [])
    assert.equal(plant.ddata('m', change).readings.length, 1)
  })

  it('who was there before the connection was lost; what he says until then is not believed', () => {
    const plant = new Plant().born()
    plant.lose()
    plant.ddata('m', change)
    assert.deepEqual(
      plant.session.connectionLost(plant).map(({ kind }) => kind),
      ['refusal'],
    )
    assert.deepEqual(plant.session.connected(plant), [
      { kind: 'rebirth', address: { group: 'plant', edgeNode: 'edge' } },
    ])
    assert.deepEqual(plant.ddata('m', change).reasons, ['not_born'])
    plant.nbirth()
    assert.deepEqual(plant.dbirth('m').presences, ['plant.edge.m online'])
  })

  it('nobody at the first connection, and nobody who is offline', () => {
    assert.deepEqual(new Plant().session.connected({ at: noon, paceMs: 0 }), [])
    const plant = new Plant().born()
    plant.ndeath()
    assert.deepEqual(plant.session.connected(plant), [])
  })
})

describe('a Sparkplug session: what cannot be understood', () => {
  it('a topic that is none of Sparkplug', () => {
    const said = new Plant().say('spBv1.0/plant/XDATA/edge', { seq: 0, metrics: [] })
    assert.deepEqual(said.reasons, ['bad_topic'])
  })

  it('a payload that cannot be decoded, as it came', () => {
    const [refusal] = new Plant().say('spBv1.0/plant/NBIRTH/edge', {
      reason: 'bad_payload',
      detail: 'invalid wire type',
    }).refusals
    assert.equal(refusal?.detail, 'invalid wire type')
    assert.equal(new TextDecoder().decode(refusal?.raw), 'spBv1.0/plant/NBIRTH/edge ')
  })

  it('a birth with a metric of unknown type or without (tck-id-payloads-metric-datatype-req)', () => {
    const said = new Plant().nbirth([bdSeq(0), metric({ name: 'x', value: 1 })])
    assert.deepEqual([said.reasons, said.presences], [['bad_payload'], []])
  })

  it('more edge nodes than there is room for: who is born stays', () => {
    const plant = new Plant()
    const birth = (edge: number) =>
      plant.say(`spBv1.0/g/NBIRTH/e${edge}`, { timestamp: noon, seq: 0, metrics: [bdSeq(0)] })
    plant.say('spBv1.0/g/NDATA/unborn', { timestamp: noon, seq: 0, metrics: [] })
    for (let edge = 0; edge < 10_000; edge++) assert.deepEqual(birth(edge).refusals, [])
    assert.deepEqual(birth(10_000).reasons, ['registration_limit'])
    plant.say('spBv1.0/g/NDEATH/e5', { metrics: [bdSeq(0)] })
    assert.deepEqual(birth(10_001).reasons, [])
  })
})
