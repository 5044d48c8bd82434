import assert from 'node:assert/strict'
import { consumerOf, samplesOf, streamOf } from './metrics.ts'

const text = `# HELP linhaviva_stream_clients Clients
# TYPE linhaviva_stream_clients gauge
linhaviva_stream_clients 3
linhaviva_stream_subscriptions 12
linhaviva_stream_waiting_bytes 2048
linhaviva_stream_sent_total 1.5e+3
linhaviva_stream_dropped_total 1
linhaviva_consumer_oldest_behind_seconds{consumer="rollups"} 0
linhaviva_consumer_oldest_behind_seconds{consumer="influx \\"a\\""} 7.5
linhaviva_consumer_failures_total{consumer="rollups"} 2
linhaviva_consumer_last_success_timestamp_seconds{consumer="rollups"} 1795262400.5
linhaviva_odd NaN
`

describe('metrics as the page reads them', () => {
  const samples = samplesOf(text)

  it('are values with their labels', () => {
    assert.deepEqual(samples.get('linhaviva_consumer_oldest_behind_seconds'), [
      { labels: { consumer: 'rollups' }, value: 0 },
      { labels: { consumer: 'influx "a"' }, value: 7.5 },
    ])
    assert.equal(samples.get('linhaviva_odd'), undefined)
  })

  it('tell of the live stream, where somebody serves it', () => {
    assert.deepEqual(streamOf(samples), { clients: 3, subscriptions: 12, waitingBytes: 2048, sent: 1500, dropped: 1 })
    assert.equal(streamOf(samplesOf('')), undefined)
  })

  it('tell of a consumer what is known', () => {
    assert.deepEqual(consumerOf(samples, 'rollups'), {
      oldestBehindS: 0,
      failures: 2,
      lastSuccessAt: 1_795_262_400_500,
    })
    assert.deepEqual(consumerOf(samples, 'influx "a"'), {
      oldestBehindS: 7.5,
      failures: undefined,
      lastSuccessAt: undefined,
    })
  })
})
