import assert from 'node:assert/strict'
import fc from 'fast-check'
import { groupFilter, nameOf, nodeCommandTopic, readSparkplugTopic, stateTopic } from './topic.ts'

describe('a Sparkplug topic', () => {
  for (const [topic, read, statements] of [
    [
      'spBv1.0/G/NBIRTH/E',
      { type: 'NBIRTH', group: 'G', edgeNode: 'E' },
      'tck-id-topic-structure, tck-id-topics-nbirth-topic',
    ],
    ['spBv1.0/G/NDATA/E', { type: 'NDATA', group: 'G', edgeNode: 'E' }, 'tck-id-topics-ndata-topic'],
    ['spBv1.0/G/NDEATH/E', { type: 'NDEATH', group: 'G', edgeNode: 'E' }, 'tck-id-topics-ndeath-topic'],
    ['spBv1.0/G/DBIRTH/E/D', { type: 'DBIRTH', group: 'G', edgeNode: 'E', device: 'D' }, 'tck-id-topics-dbirth-topic'],
    ['spBv1.0/G/DDATA/E/D', { type: 'DDATA', group: 'G', edgeNode: 'E', device: 'D' }, 'tck-id-topics-ddata-topic'],
    ['spBv1.0/G/DDEATH/E/D', { type: 'DDEATH', group: 'G', edgeNode: 'E', device: 'D' }, 'tck-id-topics-ddeath-topic'],
    ['spBv1.0/G/NCMD/E', { type: 'command' }, 'tck-id-topics-ncmd-topic'],
    ['spBv1.0/G/DCMD/E/D', { type: 'command' }, 'of somebody’s command to a device'],
    ['spBv1.0/STATE/host', { type: 'state', hostId: 'host' }, 'tck-id-host-topic-phid-birth-topic'],
    [
      'spBv1.0/Área 1/NBIRTH/nó nº 7',
      { type: 'NBIRTH', group: 'Área 1', edgeNode: 'nó nº 7' },
      'of any characters: tck-id-intro-group-id-string, tck-id-intro-edge-node-id-string',
    ],
    [
      'spBv1.0/G/DDATA/E/çã 💡',
      { type: 'DDATA', group: 'G', edgeNode: 'E', device: 'çã 💡' },
      'of any characters: tck-id-intro-device-id-string',
    ],
  ] as const) {
    it(`${topic} is read (${statements})`, () => assert.deepEqual(readSparkplugTopic(topic), read))
  }

  for (const [topic, why] of [
    ['spAv1.0/G/NBIRTH/E', 'tck-id-topic-structure-namespace-a'],
    ['spBv1.0/G/XBIRTH/E', 'no type of message'],
    ['spBv1.0/G/nbirth/E', 'types are in capitals'],
    ['spBv1.0/G/NBIRTH', 'no edge node'],
    ['spBv1.0/G/DBIRTH/E', 'tck-id-topic-structure-namespace-device-id-associated-message-types'],
    ['spBv1.0/G/DCMD/E', 'a device’s command without its device'],
    ['spBv1.0/G/NDATA/E/D', 'tck-id-topic-structure-namespace-device-id-non-associated-message-types'],
    ['spBv1.0/STATE/host/more', 'a STATE with more than its host'],
    ['spBv1.0//NBIRTH/E', 'an empty group'],
    ['spBv1.0/G/NBIRTH/', 'an empty edge node'],
    ['spBv1.0/G/DDATA/E/', 'an empty device'],
    ['spBv1.0/G/DDATA/E/D/F', 'tck-id-topic-structure-namespace-valid-device-id: a device with /'],
    ['spBv1.0/G+/NBIRTH/E', 'tck-id-topic-structure-namespace-valid-group-id, tck-id-intro-group-id-chars'],
    ['spBv1.0/G/NBIRTH/E#', 'tck-id-topic-structure-namespace-valid-edge-node-id, tck-id-intro-edge-node-id-chars'],
    ['spBv1.0/G/DDATA/E/D+', 'tck-id-intro-device-id-chars'],
    ['spBv1.0', 'nothing but the namespace'],
    ['', 'nothing at all'],
  ] as const) {
    it(`"${topic}" is none (${why})`, () => assert.equal(readSparkplugTopic(topic), undefined))
  }

  it('is never read as something else than it was written for (property)', () => {
    const identifier = fc.string({ minLength: 1 }).filter((text) => !/[+#/\0]/.test(text) && text !== 'STATE')
    const type = fc.constantFrom('NBIRTH', 'NDEATH', 'NDATA')
    fc.assert(
      fc.property(
        identifier,
        type,
        identifier,
        fc.option(identifier, { nil: undefined }),
        (group, of, edgeNode, device) => {
          const written = device === undefined ? of : `D${of.slice(1)}`
          const topic = ['spBv1.0', group, written, edgeNode, ...(device === undefined ? [] : [device])].join('/')
          const read = { type: written, group, edgeNode, ...(device !== undefined && { device }) }
          assert.deepEqual(readSparkplugTopic(topic), read)
        },
      ),
    )
  })

  it('never throws, whatever it is (property)', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (topic) => void readSparkplugTopic(topic)))
  })

  it('is written for commands, for a host and for what is listened to', () => {
    assert.equal(nodeCommandTopic({ group: 'G', edgeNode: 'E' }), 'spBv1.0/G/NCMD/E')
    assert.equal(stateTopic('host'), 'spBv1.0/STATE/host')
    assert.equal(groupFilter('+'), 'spBv1.0/+/#')
  })

  it('names who it is about', () => {
    assert.equal(nameOf({ group: 'G', edgeNode: 'E' }), 'G/E')
    assert.equal(nameOf({ group: 'G', edgeNode: 'E', device: 'D' }), 'G/E/D')
  })
})
